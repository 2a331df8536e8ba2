//! Findings for a person: the line, a caret, what is wrong and how to mend it.

use std::io::{self, Write};

use annotate_snippets::{
    AnnotationKind, Group, Level as Shown, Renderer, Snippet, normalize_untrusted_str,
};

use super::Findings;
use super::lines::{changed, drawn, is_by_lines};
use super::patch::patched;
use crate::lint::Finding;
use crate::report::diagnostic::{Excerpt, nonempty, shown};
use crate::rewrite::Change;
use crate::source::Source;

/// How it is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How wide it may be; longer lines of rules are cut around what is shown of them.
    pub columns: usize,
    /// With colours, as escape sequences.
    pub has_color: bool,
}

impl Default for Look {
    fn default() -> Self {
        Look { columns: 120, has_color: false }
    }
}

/// The narrowest that a line is cut for.
const MIN_COLUMNS: usize = 30;

/// Writes every finding, and a line that counts them.
///
/// # Errors
/// Those of `out`.
pub fn text(findings: &Findings<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if look.has_color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(look.columns.max(MIN_COLUMNS));
    for finding in findings.findings {
        write_one(findings, finding, &renderer, look.has_color, out)?;
    }
    writeln!(out, "{}", findings.summary().line())
}

fn write_one(
    findings: &Findings<'_>,
    finding: &Finding,
    renderer: &Renderer,
    has_color: bool,
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
    // A file is named only where it is not that of the finding, which therefore comes first.
    let is_elsewhere = |file: usize| file != finding.place.file;
    let name = |file| is_elsewhere(file).then(|| name(file));
    if is_by_lines(findings.sources, fix) {
        report.push(Group::with_title(title));
        writeln!(out, "{}", renderer.render(&report))?;
        let mut changed = changed(findings.sources, fix).unwrap_or_default();
        changed.sort_by_key(|one| is_elsewhere(one.file));
        return writeln!(out, "{}", drawn(&changed, name, has_color));
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

/// The option that makes a fix.
pub(super) fn option(change: Change) -> &'static str {
    if change.is_safe() { "--fix" } else { "--fix --unsafe-fixes" }
}

/// On which machines it is so, if not on all.
fn machines(finding: &Finding) -> Option<String> {
    let names: Vec<&str> = finding.only_on.iter().map(|arch| arch.common_name()).collect();
    (!names.is_empty()).then(|| format!("for {} only", names.join(", ")))
}
