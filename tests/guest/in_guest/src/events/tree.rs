//! The files that the calls use.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;

use nix::mount::umount;
use nix::sys::stat::{major, minor};
use nix::sys::statfs::statfs;

/// The files that no call changes, and what leads to them.
const LASTING: [&str; 17] = [
    "/",
    "/sbin",
    "/sbin/in_guest",
    "/bin",
    "/bin/busybox",
    "/bin/sh",
    "/dev",
    "/dev/null",
    "/tmp",
    "/tmp/t",
    "/tmp/t/file",
    "/tmp/t/secret",
    "/tmp/t/link",
    "/tmp/t/d",
    "/tmp/t/d/x",
    "/tmp/t/d/alice",
    "/tmp/t/e",
];

/// The files whose inodes rules name, by the number that the rules have in their place.
pub(super) const WITH_INODE: [&str; 4] = ["/tmp/t/file", "/tmp/t/d/x", "/tmp/t/secret", "/tmp/t/d"];

/// Makes the files.
pub(super) fn make() {
    ["/tmp/t", "/tmp/t/d", "/tmp/t/e"].into_iter().for_each(make_directory);
    for (path, mode, owner) in [
        ("/tmp/t/file", 0o644, 0),
        ("/tmp/t/secret", 0o600, 0),
        ("/tmp/t/d/x", 0o755, 0),
        ("/tmp/t/d/alice", 0o640, 1000),
    ] {
        make_file(path, mode, owner);
    }
    symlink("d/x", "/tmp/t/link").expect("a link");
}

/// Makes a directory in which all may make files.
pub(super) fn make_directory(path: &str) {
    fs::create_dir_all(path).expect("a directory");
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).expect("a mode");
}

/// Makes a script of a user.
pub(super) fn make_file(path: &str, mode: u32, owner: u32) {
    fs::write(path, "#!/bin/sh\n").expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    chown(path, Some(owner), Some(owner)).expect("an owner");
}

/// Describes the file systems, and the files that no call changes.
pub(super) fn describe() -> String {
    let systems = ["/", "/tmp", "/dev"].map(|path| {
        let dev = fs::metadata(path).expect("a directory").dev();
        let kind = statfs(path).expect("a file system").filesystem_type();
        format!("fs {} {} {}\n", major(dev), minor(dev), kind.0)
    });
    systems.into_iter().chain(LASTING.iter().map(|path| state("file", path))).collect()
}

/// Returns a line about a file, without a link at its end being followed.
pub(super) fn state(word: &str, path: &str) -> String {
    let Ok(file) = fs::symlink_metadata(path) else { return format!("{word} {path}\n") };
    let link = fs::read_link(path).unwrap_or_default();
    let [dev, rdev] = [file.dev(), file.rdev()].map(|dev| format!("{} {}", major(dev), minor(dev)));
    let (inode, mode) = (file.ino(), file.mode());
    let (uid, gid, link) = (file.uid(), file.gid(), link.display());
    format!("{word} {path} {inode} {dev} {mode:o} {uid} {gid} {rdev} {link}\n")
}

pub(super) fn inode(path: &str) -> u64 {
    fs::metadata(path).expect("a file").ino()
}

/// Removes what a call made or left.
pub(super) fn remove(path: &str) {
    let _ = umount(path);
    if Path::new(path).symlink_metadata().is_ok_and(|file| file.is_dir()) {
        fs::remove_dir(path).expect("an empty directory");
    } else {
        let _ = fs::remove_file(path);
    }
}

/// Makes another name of a file that lasts, so that the inode is the same each time.
pub(super) fn second_name(path: &str) {
    fs::hard_link("/tmp/t/file", path).expect("a second name");
}
