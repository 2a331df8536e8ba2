//! The types of the files that syscalls use, make and remove if they succeed (`vfs_rmdir`, `vfs_unlink`, `vfs_link`,
//! `vfs_truncate` and others, fs/namei.c, fs/open.c and fs/exec.c; `unix_find_bsd` and `unix_bind_bsd`,
//! net/unix/af_unix.c; Linux 6.1 to 7.2).

/// The types that a file can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum FileTypes {
    Any,
    Only(u32),
    /// Any but a directory.
    NoDirectory,
}

/// The types of the files of a syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TypesOf {
    /// Of files that it finds.
    pub(crate) found: FileTypes,
    pub(crate) removed: FileTypes,
    pub(crate) made: FileTypes,
}

/// The bits of a mode that are the type (linux/stat.h).
pub(crate) const S_IFMT: u32 = 0o170_000;
const S_IFSOCK: u32 = 0o140_000;
const S_IFLNK: u32 = 0o120_000;
const S_IFREG: u32 = 0o100_000;
const S_IFDIR: u32 = 0o040_000;

impl FileTypes {
    pub(crate) const DIRECTORY: Self = FileTypes::Only(S_IFDIR);
    pub(crate) const REGULAR: Self = FileTypes::Only(S_IFREG);

    /// Returns whether a file with this mode can be one.
    pub(crate) fn has(self, mode: u32) -> bool {
        match self {
            FileTypes::Any => true,
            FileTypes::Only(kind) => mode & S_IFMT == kind,
            FileTypes::NoDirectory => mode & S_IFMT != S_IFDIR,
        }
    }
}

impl TypesOf {
    /// Any types.
    pub(crate) const ANY: Self =
        TypesOf { found: FileTypes::Any, removed: FileTypes::Any, made: FileTypes::Any };

    /// Returns the types of the syscall with this name in the kernel. unlinkat removes directories too.
    pub(crate) fn of(syscall: &str) -> Self {
        use FileTypes::{NoDirectory, Only};
        let directory = FileTypes::DIRECTORY;
        match syscall {
            "chdir" | "chroot" => TypesOf { found: directory, ..Self::ANY },
            "truncate" | "truncate64" | "execve" | "execveat" => {
                TypesOf { found: FileTypes::REGULAR, ..Self::ANY }
            }
            "connect" => TypesOf { found: Only(S_IFSOCK), ..Self::ANY },
            "link" | "linkat" => TypesOf { found: NoDirectory, made: NoDirectory, ..Self::ANY },
            "open" | "openat" | "openat2" | "creat" => {
                TypesOf { made: FileTypes::REGULAR, ..Self::ANY }
            }
            "mkdir" | "mkdirat" => TypesOf { made: directory, ..Self::ANY },
            "mknod" | "mknodat" => TypesOf { made: NoDirectory, ..Self::ANY },
            "symlink" | "symlinkat" => TypesOf { made: Only(S_IFLNK), ..Self::ANY },
            "bind" => TypesOf { made: Only(S_IFSOCK), ..Self::ANY },
            "unlink" => TypesOf { removed: NoDirectory, ..Self::ANY },
            "rmdir" => TypesOf { removed: directory, ..Self::ANY },
            _ => Self::ANY,
        }
    }
}
