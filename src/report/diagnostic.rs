//! Diagnostics with their line, a caret and help.

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer};

use super::excerpt::Excerpt;
use crate::diag::{Diagnostic, Level, escaped};
use crate::source::Source;

/// Returns the diagnostic as text with colors. [`anstream`] removes the colors if needed.
pub fn render(source: &Source, diagnostic: &Diagnostic) -> String {
    let explanation = diagnostic.fault.explain();
    let excerpt = Excerpt::of(source, diagnostic.span);
    let annotation =
        AnnotationKind::Primary.span(excerpt.span()).label(nonempty(&explanation.label));
    let title = shown(diagnostic.level())
        .primary_title(explanation.title.as_str())
        .id(diagnostic.code().as_str());
    let help = Shown::HELP.message(explanation.help.as_str());
    let report: &[Group<'_>] = &[title.elements(excerpt.elements(annotation)).element(help)];
    Renderer::styled().render(report).to_string() + "\n"
}

/// Returns the diagnostic on one line for logs and editors: `file:line:column: error[E020]: title`.
pub fn one_line(source: &Source, diagnostic: &Diagnostic) -> String {
    let location = source.location(diagnostic.span.start);
    let title = diagnostic.fault.explain().title;
    let level = match diagnostic.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    };
    let (line, column, code) = (location.line, location.column, diagnostic.code().as_str());
    format!("{}:{line}:{column}: {level}[{code}]: {title}", escaped(source.name()))
}

pub(super) fn shown(level: Level) -> Shown<'static> {
    match level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Info => Shown::INFO,
    }
}

pub(super) fn nonempty(label: &str) -> Option<&str> {
    (!label.is_empty()).then_some(label)
}
