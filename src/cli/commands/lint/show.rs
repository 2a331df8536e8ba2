//! Prints the findings.

use std::io::{self, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};

use crate::cli::args::{Lint, LintFormat};
use crate::cli::commands::output;
use crate::cli::exit::Stop;
use crate::cli::rules_files::RulesFiles;
use crate::diag::Level;
use crate::lint::Report;
use crate::report::lint::{
    Choice, Findings, Look, Repeated, concise, github, gitlab, json, junit, sarif, statistics, text,
};

/// Writes the findings.
pub(super) fn show(
    arguments: &Lint,
    fail_on: Level,
    files: &RulesFiles,
    found: &Report,
) -> Result<(), Stop> {
    let sources = files.sources();
    let findings =
        Findings { sources: &sources, findings: &found.findings, silenced: found.silenced };
    let output = output::target(arguments.output.as_deref());
    let text = |out: &mut dyn Write| match arguments.format {
        _ if arguments.statistics => statistics(&findings, least_shown(arguments, fail_on), out),
        LintFormat::Text => text(&findings, choice(arguments, fail_on), look(output), out),
        LintFormat::Concise => concise(&findings, least(arguments, Level::Info), out),
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

/// Stops if options for the formats that people read are used with one for programs, which has every finding.
pub(super) fn check(arguments: &Lint) -> Result<(), Stop> {
    let (option, has_it) = match (arguments.show, arguments.all) {
        (Some(_), _) if arguments.fixing.fix || arguments.fixing.diff => return Ok(()),
        (Some(_), _) => ("--show", [LintFormat::Text, LintFormat::Concise].as_slice()),
        (None, true) => ("--all", [LintFormat::Text].as_slice()),
        (None, false) => return Ok(()),
    };
    if has_it.contains(&arguments.format) {
        return Ok(());
    }
    Err(Stop::unanswered(format_args!(
        "{option} cannot be used with this format, which has every finding"
    )))
}

/// Returns the findings that the text shows.
fn choice(arguments: &Lint, fail_on: Level) -> Choice {
    let repeated = if arguments.all { Repeated::Each } else { Repeated::Together };
    Choice { least: least_shown(arguments, fail_on), repeated }
}

/// Returns the severity from which the text shows findings, and from which fixes are made in every format: nobody
/// expects edits for what is not shown. The exit status must have a reason that is shown, and a person who names checks
/// wants their findings.
pub(super) fn least_shown(arguments: &Lint, fail_on: Level) -> Level {
    let names_checks = !arguments.scope.select.is_empty();
    least(arguments, if names_checks { Level::Info } else { fail_on.min(Level::Warning) })
}

fn least(arguments: &Lint, usual: Level) -> Level {
    arguments.show.map_or(usual, Level::from)
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
