//! A mistake in the description of an event.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer};

use crate::eval::Problem;
use crate::report::excerpt::Excerpt;
use crate::source::Source;
use crate::span::Span;

/// Returns the mistake as text with colors: its place in `source`, and the remedy.
pub fn render_problem(source: &Source, problem: &Problem) -> String {
    let excerpt = Excerpt::of(source, Span { start: problem.at.start, end: problem.at.end });
    let title = Level::ERROR.primary_title(problem.message.as_str());
    let elements = excerpt.elements(AnnotationKind::Primary.span(excerpt.span()));
    let mut group = title.elements(elements);
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let report: &[Group<'_>] = &[group];
    Renderer::styled().render(report).to_string() + "\n"
}
