//! What was found, shown as it was asked for.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

use super::files::Files;
use crate::cli::args::{Lint, LintFormat};
use crate::cli::commands::output;
use crate::cli::exit::Stop;
use crate::lint::Report;
use crate::report::lint::{Findings, Look, github, gitlab, json, junit, sarif, statistics, text};

/// Writes the findings.
pub(super) fn show(arguments: &Lint, files: &Files, found: &Report) -> Result<(), Stop> {
    let sources = files.sources();
    let findings =
        Findings { sources: &sources, findings: &found.findings, silenced: found.silenced };
    let output = output::target(arguments.output.as_deref());
    let text = |out: &mut dyn Write| match arguments.format {
        _ if arguments.statistics => statistics(&findings, out),
        LintFormat::Text => text(&findings, look(output.is_some()), out),
        LintFormat::Json => json(&findings, out),
        LintFormat::Sarif => sarif(&findings, out),
        LintFormat::Github => github(&findings, out),
        LintFormat::Junit => junit(&findings, out),
        LintFormat::Gitlab => gitlab(&findings, out),
    };
    if output.is_none() && arguments.fixing.fix && files.have_stdin() {
        // Standard output has the mended text; where standard error cannot be written to, there is
        // nowhere to say it.
        let _ = text(&mut io::stderr().lock());
        return Ok(());
    }
    output::write(output, text)
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
