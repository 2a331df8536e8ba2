//! Where the report goes, and which options it allows.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::cli::args::{Explain, ReportFormat, View};
use crate::cli::commands::output;
use crate::cli::exit::Stop;
use crate::cli::read::check_stdin;

/// Checks the options. Refuses an HTML page with options for text and JSON, a cost without a workload, a report that
/// would overwrite a file it reads, and two files that are standard input.
pub(super) fn check(arguments: &Explain) -> Result<(), Stop> {
    let others =
        [("--syscall", arguments.syscall.is_some()), ("--view", !arguments.view.is_empty())];
    let other = others.iter().find(|(_, is_given)| *is_given);
    if let (ReportFormat::Html, Some((option, _))) = (arguments.format, other) {
        return Err(Stop::unanswered(format_args!(
            "--format html shows everything at once; {option} is for text and JSON"
        )));
    }
    if arguments.view.contains(&View::Cost) && arguments.workload.is_none() {
        return Err(Stop::unanswered("--view cost needs the counts of --workload"));
    }
    let rules = [&arguments.files, &arguments.diff].into_iter().flatten();
    let read = rules.chain(&arguments.workload).chain(&arguments.machine_files);
    let read = read.map(PathBuf::as_path);
    output::check_unread(target(arguments), read.clone())?;
    let events = arguments.event.iter().map(Path::new);
    check_stdin(read.chain(events)).map_err(Stop::unanswered)
}

/// Returns the file of `--output`.
pub(super) fn target(arguments: &Explain) -> Option<&Path> {
    output::target(arguments.output.as_deref())
}

/// Writes the report.
pub(super) fn write(
    arguments: &Explain,
    text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Stop> {
    output::write(target(arguments), text)
}
