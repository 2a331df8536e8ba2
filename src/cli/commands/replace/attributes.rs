//! Owner, permissions and extended attributes of a file, which a new file takes over.
//!
//! ACLs (`system.posix_acl_access`) and the labels of SELinux and Smack (`security.*`) are extended attributes.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::fs::{MetadataExt, fchown};

use nix::errno::Errno;
use xattr::FileExt;

use super::ReplaceError;

/// Attributes that the kernel computes from the text (security/integrity). It refuses to open a file with the
/// signature of another text.
const OF_THE_TEXT: [&str; 2] = ["security.ima", "security.evm"];

/// Gives a new file the attributes of another.
///
/// # Errors
///
/// An attribute that the new file cannot get, for example the owner if this user is not root.
pub(super) fn copy(from: &File, to: &File) -> Result<(), ReplaceError> {
    let (old, new) = (from.metadata()?, to.metadata()?);
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        fchown(to, Some(old.uid()), Some(old.gid()))?;
    }
    // The directory may have given the new file attributes of its own: a default ACL, a label.
    let names: BTreeSet<OsString> = listed(from)?.union(&listed(to)?).cloned().collect();
    for name in names.iter().filter(|name| OF_THE_TEXT.iter().all(|other| *name != other)) {
        copy_one(from, to, name).map_err(|error| {
            let name = name.to_string_lossy().into_owned();
            ReplaceError::Attribute { name, error }
        })?;
    }
    // After the ACL, whose mask is the permissions of the group.
    to.set_permissions(old.permissions())?;
    Ok(())
}

/// Returns the names of the attributes; none where the file system has none.
fn listed(file: &File) -> io::Result<BTreeSet<OsString>> {
    match file.list_xattr() {
        Err(error) if is_unsupported(&error) => Ok(BTreeSet::new()),
        names => Ok(names?.collect()),
    }
}

/// Returns whether the file system has no such attributes.
pub(super) fn is_unsupported(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::EOPNOTSUPP as i32)
}

/// Copies an attribute, or removes it if the old file has none of this name. An attribute that is equal already is left
/// alone: only root may set some.
fn copy_one(from: &File, to: &File, name: &OsStr) -> io::Result<()> {
    let wanted = from.get_xattr(name)?;
    if to.get_xattr(name)? == wanted {
        return Ok(());
    }
    match wanted {
        Some(value) => to.set_xattr(name, &value),
        None => to.remove_xattr(name),
    }
}
