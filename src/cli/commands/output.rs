//! The destination of the output: standard output, or a file.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::cli::exit::Stop;
use crate::cli::report::name_of;
use crate::errno::{Errno, of_error};

/// Returns the output file; `None` for standard output, which `-` means too.
pub(super) fn target(output: Option<&Path>) -> Option<&Path> {
    output.filter(|path| *path != Path::new("-"))
}

/// Stops if the output would overwrite an input file, or become one.
pub(super) fn check_unread<'p>(
    target: Option<&Path>,
    read: impl IntoIterator<Item = &'p Path>,
) -> Result<(), Stop> {
    let Some(output) = target else { return Ok(()) };
    for path in read {
        if is_same(output, path) {
            let path = name_of(path);
            let why = format_args!("`{path}` is an input file; the output cannot replace it");
            return Err(Stop::unanswered(why));
        }
        if is_rules_file_in(output, path) {
            let path = name_of(path);
            let why = format_args!("all rules files of `{path}` are input; write to another place");
            return Err(Stop::unanswered(why));
        }
    }
    Ok(())
}

fn is_rules_file_in(file: &Path, directory: &Path) -> bool {
    let parent = match file.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    directory.is_dir()
        && file.extension().is_some_and(|end| end == "rules")
        && is_same(parent, directory)
}

fn is_same(a: &Path, b: &Path) -> bool {
    let identity = |path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(a).is_some_and(|found| Some(found) == identity(b))
}

/// Writes to standard output, but not through `Stdout`, which searches all of the output for its last newline.
fn write_to_stdout(text: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.flush()?;
    let mut out = io::BufWriter::new(File::from(stdout.as_fd().try_clone_to_owned()?));
    text(&mut out)?;
    out.flush()
}

/// Writes a text that a report makes.
pub(super) fn write_text(
    out: &mut dyn Write,
    make: impl FnOnce(&mut String) -> fmt::Result,
) -> io::Result<()> {
    let mut text = String::new();
    make(&mut text).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

/// Returns whether nobody can read the output.
fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe || Errno::of(error) == Errno::EBADF
}

/// Writes the output. A closed standard output is not an error.
pub(super) fn write(
    target: Option<&Path>,
    text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Stop> {
    let Some(path) = target else {
        return match write_to_stdout(text) {
            Err(error) if !is_closed(&error) => Err(Stop::unanswered(error)),
            _ => Ok(()),
        };
    };
    let written = File::create(path).and_then(|file| {
        let mut out = io::BufWriter::new(file);
        text(&mut out)?;
        out.flush()
    });
    written.map_err(|error| {
        let why = of_error(&error);
        Stop::unanswered(format_args!("cannot write `{}`: {why}", name_of(path)))
    })
}
