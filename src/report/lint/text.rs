//! Findings for a person: the line, a caret, the problem and the remedy.

use std::io::{self, Write};

use annotate_snippets::{
    AnnotationKind, Group, Level as Shown, Renderer, Snippet, normalize_untrusted_str,
};

use super::Findings;
use super::lines::{Palette, changed, drawn, is_by_lines};
use super::patch::patched;
use crate::lint::Finding;
use crate::report::diagnostic::{Excerpt, nonempty, shown};
use crate::rewrite::Change;
use crate::source::Source;

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

/// Writes every finding, then one line with their number.
///
/// # Errors
/// Those of `out`.
pub fn text(findings: &Findings<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let (renderer, palette) = match look.has_color {
        true => (Renderer::styled(), Palette::colored()),
        false => (Renderer::plain(), Palette::default()),
    };
    let renderer = renderer.term_width(look.columns.max(MIN_COLUMNS));
    for finding in findings.findings {
        write_one(findings, finding, &renderer, palette, out)?;
    }
    writeln!(out, "{}", findings.summary().line())
}

fn write_one(
    findings: &Findings<'_>,
    finding: &Finding,
    renderer: &Renderer,
    palette: Palette,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = |file: usize| findings.source(file).map_or("", Source::name);
    let Some(source) = findings.source(finding.place.file) else { return Ok(()) };
    let place = Excerpt::of(source, finding.place.span);
    let related = finding.related.iter().filter_map(|one| {
        let source = findings.source(one.place.file)?;
        Some((name(one.place.file), Excerpt::of(source, one.place.span), one.label.as_str()))
    });
    let related: Vec<_> = related.collect();
    let title = shown(finding.level).primary_title(&*finding.message).id(finding.lint.code);
    let primary = AnnotationKind::Primary.span(place.span.clone()).label(nonempty(&finding.label));
    let here = snippet(name(finding.place.file), &place).annotation(primary);
    let mut group = title.element(here);
    for (name, place, label) in &related {
        let context = AnnotationKind::Context.span(place.span.clone()).label(nonempty(label));
        group = group.element(snippet(name, place).annotation(context));
    }
    if let Some(machines) = machines(finding) {
        group = group.element(Shown::NOTE.message(machines));
    }
    if let Some(help) = &finding.help {
        group = group.element(Shown::HELP.message(normalize_untrusted_str(help)));
    }
    let mut report: Vec<Group<'_>> = vec![group];
    let Some(fix) = &finding.fix else { return writeln!(out, "{}\n", renderer.render(&report)) };
    let title = format!("{} ({})", fix.title, option(fix.change));
    let title = Shown::HELP.secondary_title(title);
    // Lines of the finding's own file come first, and without the name of the file.
    let is_elsewhere = |file: usize| file != finding.place.file;
    let name = |file| is_elsewhere(file).then(|| name(file));
    if is_by_lines(findings.sources, fix) {
        report.push(Group::with_title(title));
        writeln!(out, "{}", renderer.render(&report))?;
        let mut changed = changed(findings.sources, fix).unwrap_or_default();
        changed.sort_by_key(|one| is_elsewhere(one.file));
        return writeln!(out, "{}", drawn(&changed, name, palette));
    }
    let mut patches = patched(findings.sources, fix).unwrap_or_default();
    patches.sort_by_key(|patch| is_elsewhere(patch.file));
    report.push(match patches.is_empty() {
        true => Group::with_title(title),
        false => title.elements(patches.iter().map(|patch| patch.snippet(name(patch.file)))),
    });
    writeln!(out, "{}\n", renderer.render(&report))
}

fn snippet<'a>(
    name: &'a str,
    place: &'a Excerpt<'_>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    Snippet::source(&*place.text).line_start(place.line).path(name)
}

/// Returns the options that make a fix.
pub(super) fn option(change: Change) -> &'static str {
    if change.is_safe() { "--fix" } else { "--fix --unsafe-fixes" }
}

/// Returns the machines that a finding applies to, if not all.
fn machines(finding: &Finding) -> Option<String> {
    let names: Vec<&str> = finding.only_on.iter().map(|arch| arch.common_name()).collect();
    (!names.is_empty()).then(|| format!("for {} only", names.join(", ")))
}
