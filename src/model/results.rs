//! The results of syscalls, and which of them are errors.
//!
//! The kernel keeps a result as a word of the machine. The call fails if the whole word is an error
//! (`IS_ERR_VALUE`, linux/err.h), but `exit` is compared with the low 32 bits (`audit_comparator`). So 4294967283 is
//! the result of a call that succeeds, and `exit=-13` holds for it. Few syscalls return such a number: modify_ldt
//! returns its errors as `unsigned int`.

/// The low half of the lowest error. All greater numbers are the low halves of errors.
#[cfg(feature = "relate")]
pub(crate) const FIRST_ERROR: u32 = 0xffff_f001;

/// Returns whether a result is an error (`MAX_ERRNO`, linux/err.h).
pub(crate) fn is_error(result: i64) -> bool {
    (-4095..=-1).contains(&result)
}

/// Returns whether a syscall never returns.
pub(crate) fn never_returns(syscall: &str) -> bool {
    matches!(syscall, "exit" | "exit_group")
}

/// What a syscall can return.
#[cfg(feature = "relate")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Results {
    pub(crate) greatest: Greatest,
    pub(crate) errors: Errors,
}

/// The greatest result of a call that succeeds.
#[cfg(feature = "relate")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Greatest {
    Zero,
    /// An `int`, or the length of what is read or written, which is less than 2 GiB.
    Int,
    /// Any word, or nothing is known.
    Word,
}

/// Whether a syscall can fail.
#[cfg(feature = "relate")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Errors {
    Possible,
    Never,
}

#[cfg(feature = "relate")]
impl Results {
    /// All results.
    pub(crate) const ANY: Self = Results { greatest: Greatest::Word, errors: Errors::Possible };

    /// Returns what the syscall with this name in the kernel can return.
    pub(crate) fn of(syscall: &str) -> Self {
        let greatest = match syscall {
            _ if ZERO.contains(&syscall) => Greatest::Zero,
            _ if WORDS.contains(&syscall) => Greatest::Word,
            _ if super::names_of(syscall).is_some() || super::names_no_file(syscall) => {
                Greatest::Int
            }
            _ => Greatest::Word,
        };
        let errors = match NEVER_FAIL.contains(&syscall) {
            true => Errors::Never,
            false => Errors::Possible,
        };
        Results { greatest, errors }
    }

    /// Returns whether the syscall can return this.
    pub(crate) fn has(self, result: i64) -> bool {
        match self.greatest {
            _ if is_error(result) => self.errors == Errors::Possible,
            Greatest::Zero => result == 0,
            Greatest::Int => i32::try_from(result).is_ok_and(|result| result >= 0),
            Greatest::Word => true,
        }
    }

    /// Returns whether the low half of a result shows whether it is an error.
    pub(crate) fn low_half_shows_errors(self) -> bool {
        self.greatest != Greatest::Word
    }
}

/// Syscalls that return 0 if they succeed (their functions in fs/, kernel/ and mm/, Linux 6.1 to 7.2).
#[cfg(feature = "relate")]
#[rustfmt::skip]
const ZERO: &[&str] = &[
    "access", "chdir", "chmod", "chown", "chown32", "chroot", "close", "delete_module", "faccessat",
    "faccessat2", "fallocate", "fchdir", "fchmod", "fchmodat", "fchmodat2", "fchown", "fchown32", "fchownat",
    "fremovexattr", "fsetxattr", "fstatat64", "ftruncate", "ftruncate64", "futimesat", "init_module",
    "finit_module", "kill", "lchown", "lchown32", "link", "linkat", "listen", "lremovexattr", "lsetxattr", "lstat",
    "lstat64", "mkdir", "mkdirat", "mknod", "mknodat", "mount", "newfstatat", "pivot_root", "removexattr",
    "removexattrat", "rename", "renameat", "renameat2", "rmdir", "setdomainname", "setgid", "setgid32", "setgroups",
    "setgroups32", "sethostname", "setregid", "setregid32", "setresgid", "setresgid32", "setresuid", "setresuid32",
    "setreuid", "setreuid32", "settimeofday", "setuid", "setuid32", "setxattr", "setxattrat", "stat", "stat64",
    "statfs", "statfs64", "statx", "swapoff", "swapon", "symlink", "symlinkat", "tgkill", "tkill", "truncate",
    "truncate64", "umount2", "unlink", "unlinkat", "utime", "utimensat", "utimes",
];

/// Syscalls that name no file and can return more than an `int`, or a number without a sign: an id of a user, an old
/// personality, the address of a handler.
#[cfg(feature = "relate")]
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "alarm", "arch_prctl", "brk", "copy_file_range", "fcntl", "fcntl64", "futex", "getegid", "geteuid", "getgid",
    "getuid", "lseek", "mmap", "mmap2", "modify_ldt", "mremap", "msgrcv", "personality", "process_vm_readv",
    "process_vm_writev", "ptrace", "rt_sigreturn", "seccomp", "sendfile", "sendfile64", "setfsgid", "setfsgid32",
    "setfsuid", "setfsuid32", "shmat", "signal", "splice", "syslog", "tee", "time", "times", "vmsplice",
];

/// Syscalls without a way to fail (kernel/sys.c, kernel/exec_domain.c).
#[cfg(feature = "relate")]
#[rustfmt::skip]
const NEVER_FAIL: &[&str] = &[
    "getegid", "getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getpgrp", "getpid", "getppid", "gettid",
    "getuid", "getuid32", "personality", "setfsgid", "setfsgid32", "setfsuid", "setfsuid32", "sync", "umask",
];

#[cfg(all(test, feature = "relate"))]
mod tests {
    use super::*;
    use crate::catalog::{Arch, kernel_syscall_number};

    #[test]
    fn tables_name_syscalls() {
        for name in [ZERO, WORDS, NEVER_FAIL].into_iter().flatten() {
            let has = |arch: &Arch| kernel_syscall_number(*arch, name.as_bytes()).is_some();
            assert!(Arch::ALL.iter().any(has), "{name}");
        }
    }

    #[test]
    fn results_are_those_of_the_type() {
        let of = Results::of;
        assert!(of("chmod").has(0) && of("chmod").has(-13) && !of("chmod").has(3));
        assert!(of("open").has(3) && !of("open").has(0xffff_fff3));
        assert!(of("modify_ldt").has(0xffff_fff3) && of("unknown").has(0xffff_fff3));
        assert!(!of("getpid").has(-2) && of("getpid").has(2));
    }
}
