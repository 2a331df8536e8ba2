//! Prints the findings.

use std::io::{self, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};

use crate::cli::args::{Lint, LintFormat};
use crate::cli::commands::output;
use crate::cli::exit::Stop;
use crate::cli::rules_files::RulesFiles;
use crate::lint::Report;
use crate::report::lint::{Findings, Look, github, gitlab, json, junit, sarif, statistics, text};

/// Writes the findings.
pub(super) fn show(arguments: &Lint, files: &RulesFiles, found: &Report) -> Result<(), Stop> {
    let sources = files.sources();
    let findings =
        Findings { sources: &sources, findings: &found.findings, silenced: found.silenced };
    let output = output::target(arguments.output.as_deref());
    let text = |out: &mut dyn Write| match arguments.format {
        _ if arguments.statistics => statistics(&findings, out),
        LintFormat::Text => text(&findings, look(output), out),
        LintFormat::Json => json(&findings, out),
        LintFormat::Sarif => sarif(&findings, out),
        LintFormat::Github => github(&findings, out),
        LintFormat::Junit => junit(&findings, out),
        LintFormat::Gitlab => gitlab(&findings, out),
    };
    if output.is_none() && arguments.fixing.fix && files.have_stdin() {
        // Standard output has the fixed text. There is no place to report an error of standard error.
        let _ = text(&mut io::stderr().lock());
        return Ok(());
    }
    output::write(output, text)
}

/// Returns the layout: fixed for a file, that of the terminal otherwise.
fn look(output: Option<&Path>) -> Look {
    let usual = Look::default();
    if output.is_some() {
        return usual;
    }
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Look {
        columns: columns.or_else(of_terminal).unwrap_or(usual.columns),
        has_color: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
    }
}
