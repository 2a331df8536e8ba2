//! Rules as in their files.

use std::collections::HashMap;

use super::Markup;
use crate::analysis::Origin;
use crate::source::Source;

/// The maximum number of characters shown of a line.
const MOST_CHARACTERS: usize = 600;

/// The lines of files with rules.
pub(in crate::report) struct RuleLines<'a> {
    /// The files, by name.
    sources: HashMap<&'a str, &'a Source>,
}

impl<'a> RuleLines<'a> {
    pub(in crate::report) fn of(sources: &'a [Source]) -> Self {
        RuleLines { sources: sources.iter().map(|source| (source.name(), source)).collect() }
    }

    /// Returns the line of an origin, if its file is known.
    pub(in crate::report) fn line(&self, origin: &Origin) -> Option<String> {
        let source = self.sources.get(&*origin.file)?;
        let line = source.text().get(source.line(origin.line).range())?;
        Some(String::from_utf8_lossy(line).trim().to_owned())
    }
}

/// Writes the line of a rule. The end of a very long line is only counted.
pub(in crate::report) fn write_line(out: &mut Markup, line: &str) {
    out.raw("<code class=\"line\">");
    write_cut(out, line, MOST_CHARACTERS);
    out.raw("</code>");
}

/// Writes the first characters of a text, and the number of the others.
pub(in crate::report) fn write_cut(out: &mut Markup, text: &str, most: usize) {
    match text.char_indices().nth(most) {
        None => out.text(text),
        Some((at, _)) => {
            let (start, rest) = text.split_at(at);
            out.text(start).raw("\u{2026} (+").text(rest.chars().count()).raw(" characters)")
        }
    };
}
