//! Replaces the text of a file: completely, or not at all if an error occurs.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the replacement |
//! | `attributes` | owner, permissions, ACL and labels |

mod attributes;

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::cli::signals::HeldSignals;
use crate::errno::of_error;

/// The reason why a file is not replaced. It is unchanged then.
#[derive(Debug, Error)]
pub(super) enum ReplaceError {
    #[error("{}", of_error(.0))]
    Io(#[from] io::Error),
    #[error("it is not a regular file")]
    NotRegular,
    #[error("it has {0} names (hard links), and the others would keep the old text")]
    Linked(u64),
    #[error("another program has changed it")]
    Changed,
    #[error("its attribute {name} cannot be kept: {}", of_error(error))]
    Attribute { name: String, error: io::Error },
}

/// Replaces the text `old` of the file at `path`, or of the file to which a link there points, by `new`.
///
/// The text is written to a new file in the same directory, whose name augenrules ignores. Then the new file is
/// renamed. Owner, group, permissions, ACL and other extended attributes stay. A signal that ends the program is held
/// back until the file is replaced, or the new file is removed.
///
/// # Errors
///
/// See [`ReplaceError`].
pub(super) fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), ReplaceError> {
    let path = fs::canonicalize(path)?;
    let directory = path.parent().unwrap_or(Path::new("/"));
    let replaced = File::open(&path)?;
    let metadata = replaced.metadata()?;
    if !metadata.is_file() {
        return Err(ReplaceError::NotRegular);
    }
    if metadata.nlink() > 1 {
        return Err(ReplaceError::Linked(metadata.nlink()));
    }
    let _held = HeldSignals::hold();
    let mut file = NewFile::create_in(directory)?;
    file.file.write_all(new)?;
    attributes::copy(&replaced, &file.file)?;
    file.file.sync_all()?;
    // The last moment: nothing replaces a file only if its text is still this.
    if fs::read(&path)? != old {
        return Err(ReplaceError::Changed);
    }
    fs::rename(&file.path, &path)?;
    // No file is left to remove.
    file.path.clear();
    Ok(File::open(directory)?.sync_all()?)
}

/// A file that only this user can read, removed when it is dropped.
struct NewFile {
    file: File,
    path: PathBuf,
}

impl NewFile {
    /// Creates a file with a name of its own in a directory.
    fn create_in(directory: &Path) -> io::Result<Self> {
        let mut number: u32 = 0;
        loop {
            let path = directory.join(format!(".rauditctl-{}-{number}", std::process::id()));
            match File::options().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(file) => return Ok(NewFile { file, path }),
                // An earlier process with this number left a file.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests;
