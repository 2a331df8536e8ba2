//! Permissions.
//!
//! Generated from `grammar/vocab/perms.tsv` by `cargo xtask vocab`; edit the source instead.

use crate::catalog::perm::Perm;

/// The letter.
pub(crate) const fn letter(perm: Perm) -> u8 {
    match perm {
        Perm::Exec => b'x',
        Perm::Write => b'w',
        Perm::Read => b'r',
        Perm::Attr => b'a',
    }
}

/// The bit.
pub(crate) const fn bit(perm: Perm) -> u32 {
    match perm {
        Perm::Exec => 1,
        Perm::Write => 2,
        Perm::Read => 4,
        Perm::Attr => 8,
    }
}

/// The syscalls.
pub(crate) const fn syscalls(perm: Perm) -> &'static [&'static str] {
    match perm {
        Perm::Exec => &["execve", "execveat"],
        Perm::Write => &[
            "rename",
            "mkdir",
            "rmdir",
            "creat",
            "link",
            "unlink",
            "symlink",
            "mknod",
            "mkdirat",
            "mknodat",
            "unlinkat",
            "renameat",
            "linkat",
            "symlinkat",
            "renameat2",
            "acct",
            "swapon",
            "quotactl",
            "quotactl_fd",
            "truncate",
            "ftruncate",
            "bind",
            "fallocate",
            "open",
            "openat",
            "openat2",
        ],
        Perm::Read => &[
            "readlink",
            "quotactl",
            "quotactl_fd",
            "listxattr",
            "listxattrat",
            "llistxattr",
            "flistxattr",
            "getxattr",
            "getxattrat",
            "lgetxattr",
            "fgetxattr",
            "readlinkat",
            "open",
            "openat",
            "openat2",
            "file_getattr",
            "stat",
            "lstat",
            "fstat",
            "newfstatat",
            "statx",
        ],
        Perm::Attr => &[
            "chmod",
            "fchmod",
            "chown",
            "lchown",
            "fchown",
            "setxattr",
            "setxattrat",
            "lsetxattr",
            "fsetxattr",
            "removexattr",
            "removexattrat",
            "lremovexattr",
            "fremovexattr",
            "fchownat",
            "fchmodat",
            "fchmodat2",
            "file_setattr",
            "link",
            "linkat",
        ],
    }
}
