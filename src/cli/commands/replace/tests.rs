//! Tests of the replacement.

use std::os::unix::fs::{PermissionsExt, symlink};

use xattr::FileExt;

use super::*;

/// Returns a folder with a file that has this text.
fn folder_with(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.rules");
    fs::write(&file, text).unwrap();
    (folder, file)
}

/// Returns the number of files in a folder.
fn count(folder: &tempfile::TempDir) -> usize {
    fs::read_dir(folder.path()).unwrap().count()
}

#[test]
fn replaces_the_text_and_keeps_the_rest() {
    let (folder, file) = folder_with("old");
    let link = folder.path().join("link.rules");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
    symlink("a.rules", &link).unwrap();
    replace(&link, b"old", b"new").unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"new");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o604);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    // No other file is left in the directory.
    assert_eq!(count(&folder), 2);
}

#[test]
fn replaces_only_files() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(replace(folder.path(), b"", b"new"), Err(ReplaceError::NotRegular)));
    assert!(replace(&folder.path().join("missing"), b"", b"new").is_err());
    assert_eq!(count(&folder), 0);
}

#[test]
fn keeps_extended_attributes() {
    let (_folder, file) = folder_with("old");
    let opened = File::open(&file).unwrap();
    match opened.set_xattr("user.origin", b"vendor") {
        // tmpfs of older kernels has no such attributes.
        Err(error) if attributes::is_unsupported(&error) => return,
        set => set.unwrap(),
    }
    replace(&file, b"old", b"new").unwrap();
    let value = File::open(&file).unwrap().get_xattr("user.origin").unwrap();
    assert_eq!(value.as_deref(), Some(&b"vendor"[..]));
}

/// The layout of an ACL: a version, then tag, permissions and ID of each entry (linux/posix_acl_xattr.h).
fn acl(entries: [(u16, u16, u32); 5]) -> Vec<u8> {
    let entries = entries.into_iter().flat_map(|(tag, permissions, id)| {
        [tag.to_le_bytes(), permissions.to_le_bytes()].concat().into_iter().chain(id.to_le_bytes())
    });
    2_u32.to_le_bytes().into_iter().chain(entries).collect()
}

#[test]
fn keeps_the_acl_and_takes_none_from_the_directory() {
    const NONE: u32 = u32::MAX;
    let (folder, file) = folder_with("old");
    let directory = File::open(folder.path()).unwrap();
    let of_user = |user, mask| {
        acl([(1, 6, NONE), (2, user, 4321), (4, 4, NONE), (0x10, mask, NONE), (0x20, 0, NONE)])
    };
    match directory.set_xattr("system.posix_acl_default", &of_user(7, 7)) {
        Err(error) if attributes::is_unsupported(&error) => return,
        set => set.unwrap(),
    }
    let acl_of =
        |file: &Path| File::open(file).unwrap().get_xattr("system.posix_acl_access").unwrap();
    replace(&file, b"old", b"new").unwrap();
    assert_eq!(acl_of(&file), None);

    let own = of_user(4, 4);
    File::open(&file).unwrap().set_xattr("system.posix_acl_access", &own).unwrap();
    replace(&file, b"new", b"newer").unwrap();
    assert_eq!(acl_of(&file), Some(own));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn does_not_separate_hard_links() {
    let (folder, file) = folder_with("old");
    fs::hard_link(&file, folder.path().join("other.rules")).unwrap();
    assert!(matches!(replace(&file, b"old", b"new"), Err(ReplaceError::Linked(2))));
    assert_eq!(fs::read(&file).unwrap(), b"old");
    assert_eq!(count(&folder), 2);
}

#[test]
fn does_not_overwrite_an_edit_made_meanwhile() {
    let (folder, file) = folder_with("old, and an edit");
    assert!(matches!(replace(&file, b"old", b"new"), Err(ReplaceError::Changed)));
    assert_eq!(fs::read(&file).unwrap(), b"old, and an edit");
    assert_eq!(count(&folder), 1);
}
