//! What was found, shown as it was asked for.

use std::io;

use anstream::{AutoStream, ColorChoice};

use super::files::File;
use crate::cli::args::{Lint, LintFormat};
use crate::cli::commands::input::Stop;
use crate::cli::commands::output;
use crate::lint::Report;
use crate::report::lint::{Findings, Look, github, gitlab, json, junit, sarif, statistics, text};
use crate::source::Source;

/// Writes the findings.
pub(super) fn show(arguments: &Lint, files: &[File], found: &Report) -> Result<(), Stop> {
    let sources: Vec<&Source> = files.iter().map(|(source, _)| source).collect();
    let findings =
        Findings { sources: &sources, findings: &found.findings, silenced: found.silenced };
    let output = output::target(arguments.output.as_deref());
    output::write(output, |out| match arguments.format {
        _ if arguments.statistics => statistics(&findings, out),
        LintFormat::Text => text(&findings, look(output.is_some()), out),
        LintFormat::Json => json(&findings, out),
        LintFormat::Sarif => sarif(&findings, out),
        LintFormat::Github => github(&findings, out),
        LintFormat::Junit => junit(&findings, out),
        LintFormat::Gitlab => gitlab(&findings, out),
    })
}

/// A file is read anywhere, a terminal where it is.
fn look(is_file: bool) -> Look {
    let usual = Look::default();
    if is_file {
        return usual;
    }
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Look {
        columns: columns.or_else(of_terminal).unwrap_or(usual.columns),
        has_color: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
    }
}
