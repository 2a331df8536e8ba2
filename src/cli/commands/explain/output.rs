//! Where the answer goes: standard output, or a file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::{Stop, exit, failed_to_write};
use crate::cli::args::{Explain, ReportFormat};
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
    let Some(output) = target(arguments) else { return Ok(()) };
    let read = [&arguments.files, &arguments.diff].into_iter().flatten().chain(&arguments.workload);
    for path in read {
        if is_same(output, path) {
            let path = path.display();
            report::error(format_args!("`{path}` is read; the answer is not written over it"));
            return Err(exit::USAGE);
        }
    }
    Ok(())
}

/// The file that was asked for; `-` is standard output.
pub(super) fn target(arguments: &Explain) -> Option<&Path> {
    arguments.output.as_deref().filter(|path| *path != Path::new("-"))
}

fn is_same(a: &Path, b: &Path) -> bool {
    let identity = |path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(a).is_some_and(|found| Some(found) == identity(b))
}

/// Writes the answer. A reader of standard output that has gone is not our fault.
pub(super) fn write(
    arguments: &Explain,
    text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Stop> {
    let Some(path) = target(arguments) else {
        let mut out = io::BufWriter::new(io::stdout().lock());
        return match text(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(failed_to_write(&error)),
            _ => Ok(()),
        };
    };
    let written = File::create(path).and_then(|file| {
        let mut out = io::BufWriter::new(file);
        text(&mut out)?;
        out.flush()
    });
    written.map_err(|error| {
        report::error(format_args!("cannot write `{}`: {error}", path.display()));
        exit::USAGE
    })
}
