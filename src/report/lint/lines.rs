//! Shows a fix as whole lines: those that it removes, and those that it adds.

use annotate_snippets::normalize_untrusted_str;
use anstyle::{AnsiColor, Style};

use crate::report::excerpt::shown_text;
use crate::rewrite::{Edit, Fix};
use crate::source::Source;
use crate::span::Span;

/// Maximum number of bytes in a line. For a fix with a longer line, only the title is shown.
const LONGEST: usize = 1000;
/// Maximum number of lines. For a fix that removes and adds more lines, only the title is shown.
const MOST: usize = 40;

/// Consecutive lines, and those that replace them.
#[derive(Debug)]
pub(super) struct ChangedLines {
    /// The file.
    pub(super) file: usize,
    /// The number of the first line that changes.
    first: usize,
    /// The line above added lines.
    above: Option<String>,
    old: Vec<String>,
    new: Vec<String>,
}

/// Returns whether a fix removes or adds lines, and so is shown as whole lines.
pub(super) fn is_by_lines(sources: &[&Source], fix: &Fix) -> bool {
    let is_by_lines = |edit: &Edit| {
        let old = sources.get(edit.place.file).and_then(|s| s.text().get(edit.place.span.range()));
        edit.text.contains(&b'\n') || old.is_some_and(|old| old.contains(&b'\n'))
    };
    fix.edits.iter().any(is_by_lines)
}

/// Returns the lines that a fix changes; `None` if they are too many or too long to show.
pub(super) fn changed(sources: &[&Source], fix: &Fix) -> Option<Vec<ChangedLines>> {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort();
    let is_near = |a: &&Edit, b: &&Edit| {
        let Some(source) = sources.get(a.place.file) else { return false };
        a.place.file == b.place.file
            && source.location(b.place.span.start).line <= last_line(source, a) + 1
    };
    let changed: Option<Vec<ChangedLines>> = edits
        .chunk_by(is_near)
        .map(|edits| of_chunk(sources.get(edits.first()?.place.file)?, edits))
        .collect();
    // An added newline at the end of a file changes no line that can be seen.
    let is_visible = |one: &ChangedLines| !(one.old.is_empty() && one.new.is_empty());
    let changed = changed
        .map(|changed| changed.into_iter().filter(is_visible).collect::<Vec<ChangedLines>>());
    changed.filter(|changed| {
        let mut lines = changed.iter().flat_map(|one| one.old.iter().chain(&one.new));
        let count = changed.iter().map(|one| one.old.len() + one.new.len()).sum::<usize>();
        count <= MOST && lines.all(|line| line.len() <= LONGEST)
    })
}

/// Returns the last line that an edit touches. A removed newline does not include the next line.
fn last_line(source: &Source, edit: &Edit) -> usize {
    let Span { start, end } = edit.place.span;
    let ends_line = source.text().get(start..end).is_some_and(|old| old.ends_with(b"\n"));
    source.location(end - usize::from(ends_line)).line
}

fn of_chunk(source: &Source, edits: &[&Edit]) -> Option<ChangedLines> {
    let (first, last) = (edits.first()?, edits.last()?);
    let line = source.location(first.place.span.start).line;
    let start = source.line(line).start;
    let end = source.line(last_line(source, last)).end.max(last.place.span.end);
    let mut at = start;
    let mut text = Vec::new();
    for edit in edits {
        text.extend_from_slice(source.text().get(at..edit.place.span.start)?);
        text.extend_from_slice(&edit.text);
        at = edit.place.span.end;
    }
    text.extend_from_slice(source.text().get(at..end)?);
    let (mut old, mut new) = (lines(source.text().get(start..end)?), lines(&text));
    while old.last().is_some() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let above =
        same.checked_sub(1).filter(|_| old.len() == same).and_then(|at| old.get(at).cloned());
    Some(ChangedLines {
        file: first.place.file,
        first: line + same,
        above,
        old: old.split_off(same),
        new: new.split_off(same),
    })
}

fn lines(text: &[u8]) -> Vec<String> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    if text.is_empty() {
        return Vec::new();
    }
    let lines = text.split(|byte| *byte == b'\n').map(shown_text);
    lines.map(|line| normalize_untrusted_str(&line)).collect()
}

/// The styles of drawn lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Palette {
    frame: Style,
    removed: Style,
    added: Style,
}

impl Palette {
    /// Returns the styles of a color terminal. The default has no color.
    pub(super) fn colored() -> Self {
        Palette {
            frame: AnsiColor::BrightBlue.on_default().bold(),
            removed: AnsiColor::BrightRed.on_default(),
            added: AnsiColor::BrightGreen.on_default(),
        }
    }
}

/// Draws the lines, below the name of their file if `name` returns one.
pub(super) fn drawn(
    changed: &[ChangedLines],
    name: impl Fn(usize) -> Option<String>,
    palette: Palette,
) -> String {
    let Palette { frame, removed, added } = palette;
    let last = |one: &ChangedLines| one.first + one.old.len().max(one.new.len());
    let width = changed.iter().map(last).max().unwrap_or(1).to_string().len();
    let bar = format!("{frame}{:width$} |{frame:#}\n", "");
    let numbered = |number: usize, mark: char, style: Style, text: &String| {
        format!("{frame}{number:>width$}{frame:#} {style}{mark}{style:#} {text}\n")
    };
    let mut drawn = String::new();
    for one in changed {
        match name(one.file) {
            Some(name) => {
                let line = one.first;
                drawn += &format!("{frame}{:width$}-->{frame:#} {name}:{line}\n{bar}", "");
            }
            None if drawn.is_empty() => drawn += &bar,
            None => {}
        }
        let above =
            one.above.iter().map(|text| numbered(one.first.saturating_sub(1), '|', frame, text));
        let numbers = one.first..;
        let old = numbers.clone().zip(&one.old).map(|(at, text)| numbered(at, '-', removed, text));
        let new = numbers.zip(&one.new).map(|(at, text)| numbered(at, '+', added, text));
        drawn.extend(above.chain(old).chain(new));
        drawn += &bar;
    }
    drawn
}
