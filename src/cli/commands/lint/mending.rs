//! Fixes, made or only shown.

use std::io::{self, Write};
use std::path::Path;

use super::files::File;
use super::usage;
use crate::cli::commands::diff::diff;
use crate::cli::commands::input::Stop;
use crate::cli::commands::{exit, replace};
use crate::cli::report;
use crate::cli::rules_file::STDIN;
use crate::lint::Settings;
use crate::lint::fix::{Allowed, mend};

/// Makes the fixes. Files that change are written; what was read from standard input goes to standard output.
pub(super) fn mend_files(
    files: Vec<File>,
    settings: &Settings<'_>,
    allowed: Allowed,
) -> Result<Vec<File>, Stop> {
    let mut mended = files.clone();
    let made = mend(&mut mended, settings, allowed);
    for ((old, _), (new, _)) in files.iter().zip(&mended) {
        if new.name() == STDIN {
            io::stdout().write_all(new.text()).map_err(usage)?;
        } else if old.text() != new.text() {
            replace::replace(Path::new(new.name()), new.text())
                .map_err(|error| usage(format_args!("cannot write `{}`: {error}", new.name())))?;
        }
    }
    if made > 0 {
        report::note(format_args!("{made} fixed"));
    }
    Ok(mended)
}

/// Shows what the fixes would change.
pub(super) fn show(
    files: Vec<File>,
    settings: &Settings<'_>,
    allowed: Allowed,
) -> Result<u8, Stop> {
    let mut mended = files.clone();
    mend(&mut mended, settings, allowed);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut changes = false;
    for ((old, _), (new, _)) in files.iter().zip(&mended) {
        changes |= old.text() != new.text();
        match diff(old.name().as_bytes(), old.text(), new.text(), &mut out) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(usage(error)),
            _ => {}
        }
    }
    match out.flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(usage(error)),
        _ => Ok(if changes { exit::FAULTS } else { exit::DONE }),
    }
}
