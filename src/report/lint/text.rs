//! Findings for a person: the line, a caret, what is wrong and how to mend it.

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Patch, Renderer, Snippet};

use super::Findings;
use crate::lint::{Change, Edit, Finding, Fix};
use crate::report::diagnostic::{Place, nonempty, shown};
use crate::source::Source;
use crate::span::Span;

/// A finding as text, in colour; [`anstream`] takes the colour out where it is not wanted.
pub fn text(findings: &Findings<'_>, finding: &Finding) -> String {
    let Some(source) = findings.source(finding.place.file) else { return String::new() };
    let place = Place::of(source, finding.place.span);
    let related = finding.related.iter().filter_map(|one| {
        let source = findings.source(one.place.file)?;
        Some((source, Place::of(source, one.place.span), one.label.as_str()))
    });
    let related: Vec<_> = related.collect();
    let title = shown(finding.level).primary_title(&*finding.message).id(finding.lint.code);
    let primary = AnnotationKind::Primary.span(place.span.clone()).label(nonempty(&finding.label));
    let mut group = title.element(snippet(source, &place).annotation(primary));
    for (source, place, label) in &related {
        let context = AnnotationKind::Context.span(place.span.clone()).label(nonempty(label));
        group = group.element(snippet(source, place).annotation(context));
    }
    if let Some(machines) = machines(finding) {
        group = group.element(Shown::NOTE.message(machines));
    }
    if let Some(help) = &finding.help {
        group = group.element(Shown::HELP.message(help.as_str()));
    }
    let mut report: Vec<Group<'_>> = vec![group];
    let patched =
        finding.fix.as_ref().and_then(|fix| Some((fix, Patched::of(source, finding, fix)?)));
    if let Some((fix, patched)) = &patched {
        let title = format!("{} ({})", fix.title, option(fix.change));
        let snippet = Snippet::source(&*patched.place.text).line_start(patched.place.line).patches(
            patched.edits.iter().map(|(span, text)| Patch::new(span.clone(), text.as_str())),
        );
        report.push(Shown::HELP.secondary_title(title).element(snippet));
    } else if let Some(fix) = &finding.fix {
        let title = format!("{} ({})", fix.title, option(fix.change));
        report.push(Group::with_title(Shown::HELP.secondary_title(title)));
    }
    Renderer::styled().render(&report).to_string() + "\n"
}

fn snippet<'a>(
    source: &'a Source,
    place: &'a Place<'_>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    Snippet::source(&*place.text).line_start(place.line).path(source.name())
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

/// The edits of a fix as they are shown: in the one line that they change.
struct Patched<'s> {
    place: Place<'s>,
    edits: Vec<(std::ops::Range<usize>, String)>,
}

impl<'s> Patched<'s> {
    /// `None` for a fix that changes several lines, or takes one out.
    fn of(source: &'s Source, finding: &Finding, fix: &Fix) -> Option<Self> {
        let line = source.line(source.location(finding.place.span.start).line);
        let is_here = |edit: &Edit| {
            let Span { start, end } = edit.place.span;
            edit.place.file == finding.place.file && line.start <= start && end <= line.end
        };
        if !fix.edits.iter().all(is_here) {
            return None;
        }
        let shown = |edit: &Edit| {
            let text = String::from_utf8_lossy(&edit.text).into_owned();
            (Place::of(source, edit.place.span).span, text)
        };
        let edits = fix.edits.iter().map(shown).collect();
        Some(Patched { place: Place::of(source, finding.place.span), edits })
    }
}
