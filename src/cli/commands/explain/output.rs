//! Where an explanation goes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Stop, exit};
use crate::cli::args::{Explain, ReportFormat};
use crate::cli::commands::output;
use crate::cli::report;

/// Stops where the command line asks for what cannot be: a page about something else than one set of
/// rules, or an answer written over what it is about.
pub(super) fn check(arguments: &Explain) -> Result<(), Stop> {
    let others = [
        ("--syscall", arguments.syscall.is_some()),
        ("--diff", !arguments.diff.is_empty()),
        ("--view", !arguments.view.is_empty()),
        ("--workload", arguments.workload.is_some()),
    ];
    let other = others.iter().find(|(_, is_given)| *is_given);
    if let (ReportFormat::Html, Some((option, _))) = (arguments.format, other) {
        report::error(format_args!(
            "--format html shows one set of rules whole; {option} is for text and JSON"
        ));
        return Err(exit::USAGE);
    }
    let read = [&arguments.files, &arguments.diff].into_iter().flatten().chain(&arguments.workload);
    output::check_unread(target(arguments), read.map(PathBuf::as_path))
}

/// The file that was asked for.
pub(super) fn target(arguments: &Explain) -> Option<&Path> {
    output::target(arguments.output.as_deref())
}

/// Writes the answer.
pub(super) fn write(
    arguments: &Explain,
    text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Stop> {
    output::write(target(arguments), text)
}
