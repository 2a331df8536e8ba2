//! Replaces the text of a file: completely, or not at all if an error occurs.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

use tempfile::NamedTempFile;

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
    let mut new = NamedTempFile::new_in(path.parent().unwrap_or(Path::new("/")))?;
    new.write_all(text)?;
    let made = new.as_file().metadata()?;
    if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
        fchown(new.as_file(), Some(old.uid()), Some(old.gid()))?;
    }
    new.as_file().set_permissions(old.permissions())?;
    new.as_file().sync_all()?;
    new.persist(&path)?;
    Ok(())
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
