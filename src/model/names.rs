//! The names of files that syscalls collect, for those that look up paths or record the file of a descriptor
//! (`getname`, `audit_file`, `audit_inode_child`, fs/namei.c, Linux 6.1 to 7.2).

/// The files whose names a syscall collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Collected {
    /// One file.
    File,
    /// An entry of a directory, perhaps with the directory.
    Entry,
    /// Several files, or files of which nothing more is known.
    Several,
}

/// What a syscall that succeeds does to the entries of directories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum EntryChange {
    Nothing,
    /// It makes one unless the file exists.
    MayMake,
    Makes,
    Removes,
    Moves,
}

/// What a syscall does with the link at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LinkAtEnd {
    Follow,
    Keep,
}

/// What is known about the names of a syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NamesOf {
    /// The maximum number of paths that the syscall looks up. A descriptor whose file is recorded counts, an address
    /// does not.
    pub(crate) paths: usize,
    pub(crate) collected: Collected,
    pub(crate) change: EntryChange,
    pub(crate) link: LinkAtEnd,
}

type Row = (&'static str, NamesOf);

const fn row(
    syscall: &'static str,
    paths: usize,
    collected: Collected,
    change: EntryChange,
    link: LinkAtEnd,
) -> Row {
    (syscall, NamesOf { paths, collected, change, link })
}

/// Returns what is known about the names of a syscall, by its name in the kernel.
pub(crate) fn names_of(syscall: &str) -> Option<&'static NamesOf> {
    let at = TABLE.binary_search_by_key(&syscall, |(name, _)| *name).ok()?;
    TABLE.get(at).map(|(_, names)| names)
}

use Collected::{Entry, File, Several};
use EntryChange::{Makes, MayMake, Moves, Nothing, Removes};
use LinkAtEnd::{Follow, Keep};

/// Sorted.
#[rustfmt::skip]
const TABLE: [Row; 92] = [
    row("access", 1, File, Nothing, Follow),
    row("acct", 1, Several, Nothing, Follow),
    row("bind", 0, Entry, Makes, Follow),
    row("chdir", 1, File, Nothing, Follow),
    row("chmod", 1, File, Nothing, Follow),
    row("chown", 1, File, Nothing, Follow),
    row("chown32", 1, File, Nothing, Follow),
    row("chroot", 1, File, Nothing, Follow),
    row("connect", 0, File, Nothing, Follow),
    row("creat", 1, Entry, MayMake, Follow),
    row("execve", 1, Several, Nothing, Follow),
    row("execveat", 1, Several, Nothing, Follow),
    row("faccessat", 1, File, Nothing, Follow),
    row("faccessat2", 1, File, Nothing, Follow),
    row("fanotify_mark", 1, Several, Nothing, Follow),
    row("fchmod", 1, File, Nothing, Follow),
    row("fchmodat", 1, File, Nothing, Follow),
    row("fchmodat2", 1, File, Nothing, Follow),
    row("fchown", 1, File, Nothing, Follow),
    row("fchown32", 1, File, Nothing, Follow),
    row("fchownat", 1, File, Nothing, Follow),
    row("fgetxattr", 1, File, Nothing, Follow),
    row("flistxattr", 1, File, Nothing, Follow),
    row("fremovexattr", 1, File, Nothing, Follow),
    row("fsetxattr", 1, File, Nothing, Follow),
    row("fspick", 1, Several, Nothing, Follow),
    row("fstatat64", 1, File, Nothing, Follow),
    row("futimesat", 1, File, Nothing, Follow),
    row("getxattr", 1, File, Nothing, Follow),
    row("getxattrat", 1, File, Nothing, Follow),
    row("inotify_add_watch", 1, File, Nothing, Follow),
    row("lchown", 1, File, Nothing, Keep),
    row("lchown32", 1, File, Nothing, Keep),
    row("lgetxattr", 1, File, Nothing, Keep),
    row("link", 2, Several, Makes, Keep),
    row("linkat", 2, Several, Makes, Follow),
    row("listxattr", 1, File, Nothing, Follow),
    row("listxattrat", 1, File, Nothing, Follow),
    row("llistxattr", 1, File, Nothing, Keep),
    row("lremovexattr", 1, File, Nothing, Keep),
    row("lsetxattr", 1, File, Nothing, Keep),
    row("lstat", 1, File, Nothing, Keep),
    row("lstat64", 1, File, Nothing, Keep),
    row("mkdir", 1, Entry, Makes, Keep),
    row("mkdirat", 1, Entry, Makes, Keep),
    row("mknod", 1, Entry, Makes, Keep),
    row("mknodat", 1, Entry, Makes, Keep),
    row("mount", 2, Several, Nothing, Follow),
    row("mount_setattr", 1, Several, Nothing, Follow),
    row("move_mount", 2, Several, Nothing, Follow),
    row("mq_open", 1, Several, Nothing, Follow),
    row("mq_unlink", 1, Several, Nothing, Follow),
    row("name_to_handle_at", 1, File, Nothing, Follow),
    row("newfstatat", 1, File, Nothing, Follow),
    row("oldlstat", 1, Several, Nothing, Follow),
    row("oldstat", 1, Several, Nothing, Follow),
    row("open", 1, Entry, MayMake, Follow),
    row("open_tree", 1, Several, Nothing, Follow),
    row("openat", 1, Entry, MayMake, Follow),
    row("openat2", 1, Entry, MayMake, Follow),
    row("pivot_root", 2, Several, Nothing, Follow),
    row("quotactl", 1, Several, Nothing, Follow),
    row("readlink", 1, File, Nothing, Keep),
    row("readlinkat", 1, File, Nothing, Keep),
    row("removexattr", 1, File, Nothing, Follow),
    row("removexattrat", 1, File, Nothing, Follow),
    row("rename", 2, Several, Moves, Keep),
    row("renameat", 2, Several, Moves, Keep),
    row("renameat2", 2, Several, Moves, Keep),
    row("rmdir", 1, Entry, Removes, Keep),
    row("setxattr", 1, File, Nothing, Follow),
    row("setxattrat", 1, File, Nothing, Follow),
    row("stat", 1, File, Nothing, Follow),
    row("stat64", 1, File, Nothing, Follow),
    row("statfs", 1, File, Nothing, Follow),
    row("statfs64", 1, File, Nothing, Follow),
    row("statx", 1, File, Nothing, Follow),
    row("swapoff", 1, Several, Nothing, Follow),
    row("swapon", 1, Several, Nothing, Follow),
    row("symlink", 2, Entry, Makes, Keep),
    row("symlinkat", 2, Entry, Makes, Keep),
    row("truncate", 1, File, Nothing, Follow),
    row("truncate64", 1, File, Nothing, Follow),
    row("umount", 1, Several, Nothing, Follow),
    row("umount2", 1, Several, Nothing, Follow),
    row("unlink", 1, Entry, Removes, Keep),
    row("unlinkat", 1, Entry, Removes, Keep),
    row("uselib", 1, Several, Nothing, Follow),
    row("utime", 1, File, Nothing, Follow),
    row("utimensat", 1, File, Nothing, Follow),
    row("utimensat_time64", 1, File, Nothing, Follow),
    row("utimes", 1, File, Nothing, Follow),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Arch, kernel_syscall_number, syscall_number};
    use crate::model::names_no_file;

    #[test]
    fn table_is_sorted_and_names_syscalls_with_names() {
        assert!(TABLE.is_sorted_by_key(|(name, _)| *name));
        for (name, _) in TABLE {
            let number = |arch: &Arch| {
                let name = name.as_bytes();
                kernel_syscall_number(*arch, name).or(syscall_number(*arch, name))
            };
            assert!(Arch::ALL.iter().any(|arch| number(arch).is_some()), "{name}");
            assert!(!names_no_file(name), "{name}");
        }
    }

    #[test]
    fn entries_that_come_or_go_are_not_followed() {
        for (name, names) in TABLE {
            if matches!(names.change, Removes | Moves) {
                assert_eq!(names.link, Keep, "{name}");
            }
        }
    }
}
