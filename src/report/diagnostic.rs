//! Diagnostics with their line, a caret and a hint.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use crate::diag::{Diagnostic, Level, explain};
use crate::source::Source;

/// The diagnostic as text, in colour; [`anstream`] takes the colour out where it is not wanted.
pub fn render(source: &Source, diagnostic: &Diagnostic) -> String {
    let explanation = explain::explain(&diagnostic.fault);
    let place = Place::of(source, diagnostic);
    let annotation =
        AnnotationKind::Primary.span(place.span.clone()).label(nonempty(&explanation.label));
    let snippet = Snippet::source(&*place.text)
        .line_start(place.line)
        .path(source.name())
        .annotation(annotation);
    let title = shown(diagnostic.level())
        .primary_title(explanation.title.as_str())
        .id(diagnostic.code().as_str());
    let help = explanation.help.as_deref().map(|help| Shown::HELP.message(help));
    let report: &[Group<'_>] = &[title.element(snippet).elements(help)];
    Renderer::styled().render(report).to_string() + "\n"
}

/// The diagnostic in one line, as logs and editors want it: `file:line:column: error[E020]: title`.
pub fn one_line(source: &Source, diagnostic: &Diagnostic) -> String {
    let location = source.location(diagnostic.span.start);
    let title = explain::explain(&diagnostic.fault).title;
    let level = match diagnostic.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    };
    let (line, column, code) = (location.line, location.column, diagnostic.code().as_str());
    format!("{}:{line}:{column}: {level}[{code}]: {title}", source.name())
}

fn shown(level: Level) -> Shown<'static> {
    match level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Info => Shown::INFO,
    }
}

fn nonempty(label: &str) -> Option<&str> {
    (!label.is_empty()).then_some(label)
}

/// The line a diagnostic is about, as text, and the place in it.
struct Place<'s> {
    line: usize,
    text: Cow<'s, str>,
    span: Range<usize>,
}

impl<'s> Place<'s> {
    /// A rule may hold bytes that are no text; they are shown as such, and the place moves along.
    fn of(source: &'s Source, diagnostic: &Diagnostic) -> Self {
        let line = source.location(diagnostic.span.start).line;
        let whole = source.line(line);
        let bytes = source.text().get(whole.range()).unwrap_or_default();
        let shown_len = |offset: usize| {
            let before = bytes.get(..offset.saturating_sub(whole.start).min(bytes.len()));
            String::from_utf8_lossy(before.unwrap_or_default()).len()
        };
        let span = shown_len(diagnostic.span.start)..shown_len(diagnostic.span.end);
        Place { line, text: String::from_utf8_lossy(bytes), span }
    }
}
