//! The lock that keeps two programs from changing the rules at the same time.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use nix::fcntl::{Flock, FlockArg, OFlag};
use thiserror::Error;

use crate::errno::of_error;

/// The file of the lock. Only root can make its directory.
const PATH: &str = "/run/rauditctl/lock";

/// The right to change the rules; ends with the value, or with the process.
pub(super) struct ChangeLock {
    _file: Flock<File>,
}

/// The reason why there is no lock.
#[derive(Debug, Error)]
pub(super) enum NoLock {
    /// Another program has it.
    #[error(
        "another program is changing the audit rules{} and holds `{PATH}`; nothing was changed: wait until it ends, \
         then try again",
        process(*.0)
    )]
    Busy(Option<u32>),
    /// The file cannot be made or locked.
    #[error("cannot lock `{PATH}`: {}", of_error(.0))]
    Unavailable(#[from] io::Error),
}

impl ChangeLock {
    /// Takes the lock without waiting.
    pub(super) fn take() -> Result<Self, NoLock> {
        Self::take_at(Path::new(PATH))
    }

    fn take_at(path: &Path) -> Result<Self, NoLock> {
        if let Some(directory) = path.parent() {
            match DirBuilder::new().mode(0o755).create(directory) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits())
            .open(path)?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(file) => Ok(Self::sign(file)),
            Err((file, nix::Error::EWOULDBLOCK)) => Err(NoLock::Busy(holder(file))),
            Err((_, errno)) => Err(NoLock::Unavailable(errno.into())),
        }
    }

    /// Writes the id of this process into the file, for the message of others.
    fn sign(mut file: Flock<File>) -> Self {
        let id = format!("{}\n", std::process::id());
        let _ = file.set_len(0).and_then(|()| file.write_all(id.as_bytes()));
        ChangeLock { _file: file }
    }
}

/// Returns the process that holds the lock, as it has written.
fn holder(file: File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn process(id: Option<u32>) -> String {
    id.map(|id| format!(" (process {id})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_taken_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rauditctl/lock");
        let first = ChangeLock::take_at(&path).unwrap();
        match ChangeLock::take_at(&path) {
            Err(NoLock::Busy(holder)) => assert_eq!(holder, Some(std::process::id())),
            other => panic!("{:?}", other.err()),
        }
        drop(first);
        assert!(ChangeLock::take_at(&path).is_ok());
    }

    #[test]
    fn is_unavailable_without_a_place_for_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let taken = ChangeLock::take_at(&file.join("rauditctl/lock"));
        assert!(matches!(taken, Err(NoLock::Unavailable(_))));
        // A link could lead to a file of somebody else.
        let link = folder.path().join("lock");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(matches!(ChangeLock::take_at(&link), Err(NoLock::Unavailable(_))));
    }
}
