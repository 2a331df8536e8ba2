//! The rules that a kernel held before, in files: the last five, and those that `--confirm` goes back to.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::cli::exit::Stop;
use crate::cli::report::name_of;
use crate::errno::of_error;
use crate::report::plan::{Kept, Setting};

/// The number of states that are kept.
const MOST: usize = 5;

/// A folder of this program. systemd sets the variable for a service with such a folder.
fn folder(variable: &str, usual: &str) -> PathBuf {
    let given = std::env::var_os(variable).filter(|value| !value.is_empty());
    PathBuf::from(given.unwrap_or_else(|| usual.into()))
}

/// The states that were kept.
pub(super) struct History {
    folder: PathBuf,
}

impl History {
    pub(super) fn open() -> Self {
        History { folder: folder("STATE_DIRECTORY", "/var/lib/rauditctl") }
    }

    /// Keeps a state; the oldest goes.
    pub(super) fn keep(&self, kept: &Kept) -> Result<(), Stop> {
        let place = |number: usize| self.place(number);
        for number in (1..MOST).rev() {
            let _ = fs::rename(place(number), place(number + 1));
        }
        write(&place(1), kept).map_err(|error| {
            Stop::unanswered(format_args!(
                "cannot keep the rules that are loaded in `{}`: {}; nothing was changed",
                name_of(&place(1)),
                of_error(&error)
            ))
        })
    }

    /// Returns the last state.
    pub(super) fn last(&self) -> Result<Kept, Stop> {
        read(&self.place(1), Kept::read)
    }

    /// Forgets the last state.
    pub(super) fn forget_last(&self) {
        let _ = fs::remove_file(self.place(1));
        for number in 1..MOST {
            let _ = fs::rename(self.place(number + 1), self.place(number));
        }
    }

    fn place(&self, number: usize) -> PathBuf {
        self.folder.join(format!("before-{number}.json"))
    }
}

/// A change that waits for its confirmation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    /// The process that goes back.
    pub(super) process: u32,
    /// When it does, in seconds since 1970.
    pub(super) deadline: u64,
    /// The rules and settings before.
    pub(super) before: Kept,
    /// The digest of the rules that are to be kept.
    pub(super) rules: String,
    /// The keys of these rules, if other rules are left alone.
    pub(super) own_keys: Vec<String>,
    /// The settings that cannot be undone, and are set when the change is kept.
    pub(super) last: Vec<Setting>,
}

impl Pending {
    fn place() -> PathBuf {
        folder("RUNTIME_DIRECTORY", "/run/rauditctl").join("pending.json")
    }

    pub(super) fn write(&self) -> Result<(), Stop> {
        write(&Self::place(), self).map_err(|error| {
            Stop::unanswered(format_args!(
                "cannot write `{}`: {}; nothing was changed",
                name_of(&Self::place()),
                of_error(&error)
            ))
        })
    }

    /// Returns the change that waits; `None` if there is none.
    pub(super) fn read() -> Result<Option<Self>, Stop> {
        match Self::place().try_exists() {
            Ok(true) => read(&Self::place(), |text| serde_json::from_slice(text)).map(Some),
            _ => Ok(None),
        }
    }

    /// Returns whether this change still waits.
    pub(super) fn waits(&self) -> bool {
        let text = fs::read(Self::place()).unwrap_or_default();
        let found: Option<Pending> = serde_json::from_slice(&text).ok();
        found.is_some_and(|found| (found.process, found.deadline) == (self.process, self.deadline))
    }

    /// Returns the time until the process goes back.
    pub(super) fn seconds_left(&self) -> usize {
        usize::try_from(self.deadline.saturating_sub(now())).unwrap_or(usize::MAX)
    }

    /// Ends the waiting.
    pub(super) fn end() {
        let _ = fs::remove_file(Self::place());
    }
}

/// Returns the seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// Writes a file as a whole: a reader finds the one before or this one.
fn write(path: &std::path::Path, value: &impl Serialize) -> io::Result<()> {
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
    fs::rename(part, path)
}

fn read<T, E: std::fmt::Display>(
    path: &std::path::Path,
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<T, Stop> {
    let text = fs::read(path).map_err(|error| {
        let why = of_error(&error);
        Stop::unanswered(format_args!("cannot read `{}`: {why}", name_of(path)))
    })?;
    parse(&text)
        .map_err(|error| Stop::unanswered(format_args!("cannot use `{}`: {error}", name_of(path))))
}
