//! Formatting: edits for the lines that change.

use gen_lsp_types::{Range, TextEdit};

use super::buffer::{Buffer, Encoding};
use crate::format::Formatter;
use crate::span::Span;

/// Returns the edits that format the whole text, or only the lines that a range touches.
pub(super) fn formatting(
    buffer: &Buffer,
    range: Option<Range>,
    encoding: Encoding,
) -> Vec<TextEdit> {
    let text = buffer.text();
    let wanted = range.map(|range| buffer.span(range, encoding));
    let is_wanted = |line: Span| {
        wanted.is_none_or(|wanted| wanted.start <= line.end && line.start <= wanted.end)
    };
    let edit = |span: Span, new: &[u8]| TextEdit {
        range: buffer.range(span, encoding),
        new_text: String::from_utf8_lossy(new).into_owned(),
    };
    let formatter = Formatter::new();
    let mut edits = Vec::new();
    // The end of the last line that is not blank.
    let mut end = 0;
    for (span, line) in formatter.lines(text) {
        if !line.is_empty() {
            end = span.end;
        }
        if is_wanted(span) && text.get(span.range()) != Some(&*line) {
            edits.push((span, line.into_owned()));
        }
    }
    if wanted.is_none() {
        edits.retain(|(span, _)| span.start < end);
        let form: &[u8] = if end == 0 { b"" } else { b"\n" };
        if buffer.slice(Span::new(end, text.len())) != form {
            edits.push((Span::new(end, text.len()), form.to_vec()));
        }
    }
    edits.iter().map(|(span, new)| edit(*span, new)).collect()
}
