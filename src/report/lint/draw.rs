//! One finding as a person reads it: the line, a caret, the problem and the remedy.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer};
use anstyle::{AnsiColor, Style};

use super::Findings;
use super::fixes::option;
use super::lines::{Palette, changed, drawn, is_by_lines};
use super::patch::patched;
use crate::diag::{Level, escaped};
use crate::lint::Finding;
use crate::report::diagnostic::{nonempty, shown};
use crate::report::excerpt::Excerpt;

/// The look of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Maximum width. Longer lines of rules are cut around the place shown.
    pub columns: usize,
    /// Whether to write escape sequences for color.
    pub has_color: bool,
}

impl Default for Look {
    fn default() -> Self {
        Look { columns: 120, has_color: false }
    }
}

/// Minimum width. A narrower output is treated as this wide.
const MIN_COLUMNS: usize = 30;
/// Number of columns before the text of a note.
const INDENT: usize = 15;

/// Maximum number of other places of a finding that are drawn. The others are counted.
const MOST_RELATED: usize = 8;

/// Draws findings.
pub(super) struct Pen {
    renderer: Renderer,
    palette: Palette,
    look: Look,
}

impl Pen {
    /// Returns what draws findings with this look.
    pub(super) fn new(look: Look) -> Self {
        let look = Look { columns: look.columns.max(MIN_COLUMNS), ..look };
        let (renderer, palette) = match look.has_color {
            true => (Renderer::styled(), Palette::colored()),
            false => (Renderer::plain(), Palette::default()),
        };
        Pen { renderer: renderer.term_width(look.columns), palette, look }
    }

    /// Returns the style of a severity, as the renderer prints it.
    pub(super) fn level(&self, level: Level) -> Style {
        let color = match level {
            Level::Error => AnsiColor::BrightRed,
            Level::Warning => AnsiColor::Yellow,
            Level::Info => AnsiColor::BrightBlue,
        };
        if self.look.has_color { color.on_default().bold() } else { Style::new() }
    }

    /// Returns words with commas, on lines that fit in a note.
    pub(super) fn filled(&self, words: &[String]) -> String {
        let (mut text, mut column) = (String::new(), 0);
        for word in words {
            let width = word.chars().count();
            if column > 0 && column + width + 2 > self.look.columns.saturating_sub(INDENT) {
                text.push_str(",\n");
                column = 0;
            } else if column > 0 {
                text.push_str(", ");
                column += 2;
            }
            text.push_str(word);
            column += width;
        }
        text
    }
}

/// Writes one finding: the line, a caret, the problem and the remedy. `others` is about findings that are alike.
pub(super) fn one(
    findings: &Findings<'_>,
    finding: &Finding,
    others: &[String],
    pen: &Pen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Pen { renderer, palette, .. } = pen;
    let name = |file: usize| findings.source(file).map_or("".into(), |s| escaped(s.name()));
    let Some(source) = findings.source(finding.place.file) else { return Ok(()) };
    let place = Excerpt::of(source, finding.place.span);
    let related = finding.related.iter().take(MOST_RELATED).filter_map(|one| {
        let source = findings.source(one.place.file)?;
        Some((Excerpt::of(source, one.place.span), escaped(&one.label)))
    });
    let related: Vec<_> = related.collect();
    let (message, label) = (escaped(&finding.message), escaped(&finding.label));
    let title = shown(finding.level).primary_title(&*message).id(finding.lint.code);
    let primary = AnnotationKind::Primary.span(place.span()).label(nonempty(&label));
    let mut group = title.elements(place.elements(primary));
    for (place, label) in &related {
        let context = AnnotationKind::Context.span(place.span()).label(nonempty(label));
        group = group.elements(place.elements(context));
    }
    if finding.related.len() > MOST_RELATED {
        let more = finding.related.len() - MOST_RELATED;
        let places = if more == 1 { "place" } else { "places" };
        let left_out =
            format!("{more} more {places} that this is about; --format json has all of them");
        group = group.element(Shown::NOTE.message(left_out));
    }
    if !others.is_empty() {
        group = group.element(Shown::NOTE.message(others.join("\n")));
    }
    if let Some(machines) = machines(finding) {
        group = group.element(Shown::NOTE.message(machines));
    }
    if let Some(event) = &finding.witness {
        group = group.element(Shown::NOTE.message(format!("for example {}", escaped(event))));
    }
    if let Some(help) = &finding.help {
        group = group.element(Shown::HELP.message(escaped(help)));
    }
    let mut report: Vec<Group<'_>> = vec![group];
    let Some(fix) = &finding.fix else { return writeln!(out, "{}\n", renderer.render(&report)) };
    let title = format!("{} ({})", fix.title, option(fix.change));
    let title = Shown::HELP.secondary_title(title);
    // Lines of the finding's own file come first, and without the name of the file.
    let is_elsewhere = |file: usize| file != finding.place.file;
    let name = |file| is_elsewhere(file).then(|| name(file).into_owned());
    if is_by_lines(findings.sources, fix) {
        report.push(Group::with_title(title));
        writeln!(out, "{}", renderer.render(&report))?;
        let mut changed = changed(findings.sources, fix).unwrap_or_default();
        changed.sort_by_key(|one| is_elsewhere(one.file));
        return writeln!(out, "{}", drawn(&changed, name, *palette));
    }
    let mut patches = patched(findings.sources, fix).unwrap_or_default();
    patches.sort_by_key(|patch| is_elsewhere(patch.file));
    report.push(match patches.is_empty() {
        true => Group::with_title(title),
        false => title.elements(patches.iter().map(|patch| patch.snippet(name(patch.file)))),
    });
    writeln!(out, "{}\n", renderer.render(&report))
}

/// Returns the machines that a finding applies to, if not all.
fn machines(finding: &Finding) -> Option<String> {
    let names: Vec<&str> = finding.only_on.iter().map(|arch| arch.common_name()).collect();
    (!names.is_empty()).then(|| format!("for {} only", names.join(", ")))
}
