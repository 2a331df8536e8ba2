//! `rauditctl fmt`: formats rules files.

use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::diff::{diff, quoted};
use super::replace::replace;
use crate::cli::args::Fmt;
use crate::cli::exit::Exit;
use crate::cli::read::{Policy, STDIN, Trust, check_stdin, is_stdin};
use crate::cli::report;
use crate::cli::rules_files::files_in;
use crate::errno::of_error;
use crate::format::format;

/// Runs the command. A file that cannot be read or written is reported, and the others are formatted.
pub(in crate::cli) fn run(arguments: &Fmt) -> Exit {
    if let Err(error) = check_stdin(arguments.paths.iter().map(PathBuf::as_path)) {
        report::error(error);
        return Exit::Unanswered;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut tally = Tally::default();
    for path in &arguments.paths {
        for path in files(path, &mut tally) {
            match format_file(&path, arguments, &mut out) {
                Ok(text) => tally.count(text),
                Err(error) => tally.fail(&error),
            }
        }
    }
    match out.flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => tally.fail(&of_error(&error)),
        _ => {}
    }
    tally.close(arguments)
}

/// Returns the files that a path means. An error with a directory is printed.
fn files(path: &Path, tally: &mut Tally) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    files_in(path, Trust::LookOnly).unwrap_or_else(|error| {
        tally.fail(&error.to_string());
        Vec::new()
    })
}

/// Formats one file, or shows what would change; returns whether its text was formatted.
fn format_file(path: &Path, arguments: &Fmt, out: &mut impl Write) -> Result<FileText, String> {
    let policy = Policy::look_only(arguments.reading.max_size);
    let text = policy.read_rules(path).map_err(|error| error.to_string())?;
    let (is_stdin, text) = (is_stdin(path), text.as_slice());
    let name = if is_stdin { Path::new(STDIN) } else { path };
    let fail = |what: &str, error: &io::Error| {
        format!("cannot {what} `{}`: {}", report::name_of(name), of_error(error))
    };
    let formatted = format(text);
    let is_new = formatted != text;
    if arguments.check || arguments.diff {
        let shown = match is_new {
            true if arguments.diff => diff(name.as_os_str().as_bytes(), text, &formatted, out),
            true => out.write_all(&[&*quoted(name.as_os_str().as_bytes()), b"\n"].concat()),
            false => Ok(()),
        };
        shown.or_else(forgive_closed).map_err(|error| fail("show", &error))?;
    } else if is_stdin {
        out.write_all(&formatted).or_else(forgive_closed).map_err(|error| fail("show", &error))?;
    } else if is_new {
        replace(path, text, &formatted)
            .map_err(|error| format!("cannot write `{}`: {error}", report::name_of(name)))?;
        report::note(format_args!("formatted `{}`", report::name_of(name)));
    }
    Ok(if is_new { FileText::Changes } else { FileText::Formatted })
}

/// Ignores the error of a closed standard output.
fn forgive_closed(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// Whether the text of a file is formatted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FileText {
    /// It is.
    Formatted,
    /// It is not: formatting changes it.
    Changes,
}

/// The number of files, and the result.
#[derive(Default)]
struct Tally {
    files: usize,
    new: usize,
    failed: bool,
}

impl Tally {
    fn count(&mut self, text: FileText) {
        self.files += 1;
        self.new += usize::from(text == FileText::Changes);
    }

    fn fail(&mut self, error: &str) {
        report::error(error);
        self.failed = true;
    }

    /// Prints how many files would change, and returns the exit status.
    fn close(&self, arguments: &Fmt) -> Exit {
        let looks_only = arguments.check || arguments.diff;
        if looks_only && self.new > 0 {
            let of = if self.files > 1 { format!("{} of ", self.new) } else { String::new() };
            let files = report::count(self.files, "file");
            report::note(format_args!("{of}{files} would change"));
        }
        match (self.failed, looks_only && self.new > 0) {
            (true, _) => Exit::Unanswered,
            (false, true) if !arguments.exit_zero => Exit::Findings,
            (false, _) => Exit::Done,
        }
    }
}
