//! The rules that a kernel held before the last five changes, in files.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use thiserror::Error;

use crate::cli::exit::Stop;
use crate::cli::report::name_of;
use crate::diag::escaped;
use crate::errno::of_error;
use crate::report::plan::Kept;

/// The number of states that are kept. While the kernel changes, there is one more: a change that is undone leaves all
/// of them.
const MOST: usize = 5;

/// A folder of this program. systemd sets the variable for a service with such a folder.
pub(super) fn folder(variable: &str, usual: &str) -> PathBuf {
    let given = std::env::var_os(variable).filter(|value| !value.is_empty());
    PathBuf::from(given.unwrap_or_else(|| usual.into()))
}

/// The reason why a file of this program cannot be used.
#[derive(Debug, Error)]
pub(super) enum FileError {
    #[error("cannot read `{file}`: {why}")]
    Unreadable { file: String, why: String },
    #[error("cannot use `{file}`: {why}")]
    Damaged { file: String, why: String },
}

impl FileError {
    /// Returns why, without the name of the file.
    pub(super) fn reason(&self) -> &str {
        match self {
            FileError::Unreadable { why, .. } | FileError::Damaged { why, .. } => why,
        }
    }
}

/// The states that were kept.
pub(super) struct History {
    folder: PathBuf,
}

impl History {
    pub(super) fn open() -> Self {
        History { folder: folder("STATE_DIRECTORY", "/var/lib/rauditctl") }
    }

    /// Keeps a state, unless it is the last one already; the oldest goes.
    pub(super) fn keep(&self, kept: &Kept) -> Result<(), Stop> {
        if self.first().is_some_and(|last| last.holds_the_same(kept)) {
            return Ok(());
        }
        let place = |number: usize| self.place(number);
        let written = write_part(&place(1), kept).and_then(|part| {
            for number in (1..=MOST).rev() {
                let _ = fs::rename(place(number), place(number + 1));
            }
            fs::rename(part, place(1))
        });
        written.map_err(|error| {
            Stop::unanswered(format_args!(
                "cannot keep the rules that are loaded in `{}`: {}; nothing was changed",
                name_of(&place(1)),
                of_error(&error)
            ))
        })
    }

    /// Returns the last state.
    pub(super) fn last(&self) -> Result<Kept, Stop> {
        match self.places().next() {
            Some(place) => read(&place, Kept::read).map_err(|error| {
                Stop::unanswered(format_args!(
                    "{error}; {}",
                    match error {
                        FileError::Unreadable { .. } => "make it readable, or delete it",
                        FileError::Damaged { .. } => "it was damaged, so delete it",
                    }
                ))
            }),
            None => Err(Stop::unanswered(format_args!(
                "there are no rules to go back to in `{}`: `apply` keeps those before a change",
                name_of(&self.folder)
            ))),
        }
    }

    /// Returns the states, the last first, and those that cannot be read, each with its file.
    pub(super) fn all(&self) -> impl Iterator<Item = (PathBuf, Result<Kept, FileError>)> {
        self.places().take(MOST).map(|place| {
            let found = read(&place, Kept::read);
            (place, found)
        })
    }

    /// Returns the files that there are, the last state first.
    fn places(&self) -> impl Iterator<Item = PathBuf> {
        (1..=MOST + 1).map(|number| self.place(number)).filter(|place| place.exists())
    }

    fn first(&self) -> Option<Kept> {
        Kept::read(&fs::read(self.places().next()?).ok()?).ok()
    }

    /// Forgets a state, if it is the last one.
    pub(super) fn forget(&self, kept: &Kept) {
        if self.first().as_ref() != Some(kept) {
            return;
        }
        let places: Vec<PathBuf> = self.places().collect();
        if let Some((last, others)) = places.split_first() {
            let _ = fs::remove_file(last);
            for (number, place) in (1..).zip(others) {
                let _ = fs::rename(place, self.place(number));
            }
        }
    }

    /// Forgets the oldest state, which a change has made superfluous.
    pub(super) fn settle(&self) {
        let _ = fs::remove_file(self.place(MOST + 1));
    }

    fn place(&self, number: usize) -> PathBuf {
        self.folder.join(format!("before-{number}.json"))
    }
}

/// Returns the seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// Writes a file as a whole: a reader finds the one before or this one.
pub(super) fn write(path: &Path, value: &impl Serialize) -> io::Result<()> {
    fs::rename(write_part(path, value)?, path)
}

/// Writes what becomes a file when it is renamed. Returns its path.
fn write_part(path: &Path, value: &impl Serialize) -> io::Result<PathBuf> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let part = path.with_extension("part");
    let options = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).clone();
    // One call of the kernel: with many rules loaded, each call costs a walk over all of them.
    let text = serde_json::to_vec(value)?;
    let mut file: File = options.open(&part)?;
    file.write_all(&text)?;
    file.sync_all()?;
    Ok(part)
}

/// Reads a file of this program.
pub(super) fn read<T, E: std::fmt::Display>(
    path: &Path,
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<T, FileError> {
    let file = name_of(path);
    let text = fs::read(path)
        .map_err(|error| FileError::Unreadable { file: file.clone(), why: of_error(&error) })?;
    parse(&text).map_err(|error| {
        let why = escaped(&error.to_string()).into_owned();
        FileError::Damaged { file, why }
    })
}
