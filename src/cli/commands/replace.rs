//! Replaces the text of a file: completely, or not at all if an error occurs.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

/// Replaces the file at `path`, or the file to which a link there points, by `text`.
///
/// The text is written to a new file in the same directory, whose name augenrules ignores. Then the new file is
/// renamed. Owner, group and permissions stay.
///
/// # Errors
///
/// Any I/O error, and if the new file cannot get the owner of the old one; the file is unchanged then.
pub(super) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let old = fs::metadata(&path)?;
    if !old.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut new = NewFile::create_in(path.parent().unwrap_or(Path::new("/")))?;
    new.file.write_all(text)?;
    let made = new.file.metadata()?;
    if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
        fchown(&new.file, Some(old.uid()), Some(old.gid()))?;
    }
    new.file.set_permissions(old.permissions())?;
    new.file.sync_all()?;
    fs::rename(&new.path, &path)?;
    // No file is left to remove.
    new.path.clear();
    Ok(())
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
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn replaces_the_text_and_keeps_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.rules");
        let link = folder.path().join("link.rules");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
        symlink("a.rules", &link).unwrap();
        replace(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o604);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        // No other file is left in the directory.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn replaces_only_files() {
        let folder = tempfile::tempdir().unwrap();
        assert!(replace(folder.path(), b"new").is_err());
        assert!(replace(&folder.path().join("missing"), b"new").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
