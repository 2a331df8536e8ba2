//! A change that waits for its confirmation, and how the last one ended: files that are gone after a boot.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::store::{FileError, folder, now, read, write};
use crate::cli::exit::Stop;
use crate::cli::process::start_of;
use crate::cli::report::name_of;
use crate::errno::of_error;
use crate::kernel::AuditKernel;
use crate::report::plan::{ConfirmEnd, Ending, Kept, Setting, digest, utc};

/// What the process of a change that waits learns from its file.
#[derive(Debug)]
pub(super) enum Waits {
    /// The change still waits.
    Yes,
    /// The waiting has ended: the file is gone, or another change waits.
    No,
    /// The file cannot be used. It does not end the waiting: only who removes it does.
    Unknown(FileError),
}

/// A change that waits for its confirmation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    /// The process that goes back.
    pub(super) process: u32,
    /// When that process started, in clock ticks after the boot: another process can get its number.
    pub(super) started: u64,
    /// When it goes back, in seconds since 1970.
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
        run_folder().join("pending.json")
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
    pub(super) fn read() -> Result<Option<Self>, FileError> {
        match read(&Self::place(), |text| serde_json::from_slice(text)) {
            Err(FileError::Unreadable { .. }) if !is_there(&Self::place()) => Ok(None),
            found => found.map(Some),
        }
    }

    /// Returns whether this change still waits.
    pub(super) fn waits(&self) -> Waits {
        match Self::read() {
            Ok(Some(found)) if (found.process, found.started) == (self.process, self.started) => {
                Waits::Yes
            }
            Ok(_) => Waits::No,
            Err(error) => Waits::Unknown(error),
        }
    }

    /// Returns whether the process that goes back still runs.
    pub(super) fn has_process(&self) -> bool {
        start_of(self.process) == Some(self.started)
    }

    /// Returns the time until the process goes back.
    pub(super) fn seconds_left(&self) -> u64 {
        self.deadline.saturating_sub(now())
    }

    /// Returns when the change was made, as people read it.
    pub(super) fn change(&self) -> String {
        utc(self.before.time)
    }

    /// Expects the rules that the kernel holds now, if a change waits: the kernel has refused some of its rules.
    pub(super) fn expect(kernel: &mut dyn AuditKernel) {
        if let (Ok(Some(pending)), Ok(rules)) = (Self::read(), kernel.rules()) {
            let rules = digest(&rules, None).to_string();
            let _ = Pending { rules, ..pending }.write();
        }
    }

    /// Ends the waiting of a change that was not made.
    pub(super) fn forget() {
        let _ = fs::remove_file(Self::place());
    }

    /// Ends the waiting, and writes how the change has ended.
    pub(super) fn end(&self, end: ConfirmEnd, reason: Option<String>) {
        Self::end_of(self.change(), end, reason);
    }

    /// Ends the waiting of a change of which only the time is known.
    pub(super) fn end_of(change: String, end: ConfirmEnd, reason: Option<String>) {
        let ending = Ending { change, end, time: utc(now()), reason };
        // It is only for people; the rules do not depend on it.
        let _ = write(&ending_place(), &ending);
        Self::forget();
    }
}

/// Returns what to do if the file of a change that waits cannot be used.
pub(super) fn unusable(error: &FileError) -> String {
    format!(
        "{error}, so the change that waits cannot be kept: the rules before it come back in time if its process still \
         runs (`rauditctl apply --revert`), or now with `rauditctl apply --undo`; if neither can be, delete the file; then \
         apply the change again"
    )
}

/// Returns whether there is a file, perhaps a file that cannot be looked at.
fn is_there(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}

/// Returns how the last change has ended that waited; `None` if none did since the boot.
pub(super) fn last_ending() -> Option<Ending> {
    serde_json::from_slice(&fs::read(ending_place()).ok()?).ok()
}

fn ending_place() -> PathBuf {
    run_folder().join("last.json")
}

fn run_folder() -> PathBuf {
    folder("RUNTIME_DIRECTORY", "/run/rauditctl")
}
