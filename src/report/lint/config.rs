//! Errors in a configuration, each with its line.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::lint::config::ConfigError;
use crate::report::diagnostic::Excerpt;
use crate::source::Source;

/// Returns the error as text in color. [`anstream`] removes the color if the output does not take it.
pub fn config_error(source: &Source, error: &ConfigError) -> String {
    let place = Excerpt::of(source, error.span);
    let snippet = Snippet::source(&*place.text)
        .line_start(place.line)
        .path(source.name())
        .annotation(AnnotationKind::Primary.span(place.span.clone()));
    let help = error.help.as_deref().map(|help| Level::HELP.message(help));
    let title = Level::ERROR.primary_title(error.message.as_str());
    Renderer::styled().render(&[title.element(snippet).elements(help)]).to_string() + "\n"
}
