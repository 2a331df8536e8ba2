//! Errors in a configuration, each with its line.

use annotate_snippets::{AnnotationKind, Level, Renderer};

use crate::lint::config::ConfigError;
use crate::report::excerpt::Excerpt;
use crate::source::Source;

/// Returns the error as text in color. [`anstream`] removes the color if the output does not take it.
pub fn config_error(source: &Source, error: &ConfigError) -> String {
    let place = Excerpt::of(source, error.span);
    let annotation = AnnotationKind::Primary.span(place.span());
    let help = error.help.as_deref().map(|help| Level::HELP.message(help));
    let title = Level::ERROR.primary_title(error.message.as_str());
    Renderer::styled()
        .render(&[title.elements(place.elements(annotation)).elements(help)])
        .to_string()
        + "\n"
}
