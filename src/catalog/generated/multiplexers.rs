//! Syscalls that some arches also make through one syscall for many functions.
//!
//! Generated from `grammar/vocab/multiplexers.tsv` by `cargo xtask vocab`; edit the source instead.

/// Sorted by name.
pub(crate) static MULTIPLEXERS: &[(&str, &[&str])] = &[
    ("accept", &["socketcall"]),
    ("accept4", &["socketcall"]),
    ("bind", &["socketcall"]),
    ("connect", &["socketcall"]),
    ("getpeername", &["socketcall"]),
    ("getsockname", &["socketcall"]),
    ("getsockopt", &["socketcall"]),
    ("listen", &["socketcall"]),
    ("msgctl", &["ipc"]),
    ("msgget", &["ipc"]),
    ("msgrcv", &["ipc"]),
    ("msgsnd", &["ipc"]),
    ("recv", &["socketcall"]),
    ("recvfrom", &["socketcall"]),
    ("recvmmsg", &["socketcall"]),
    ("recvmsg", &["socketcall"]),
    ("semctl", &["ipc"]),
    ("semget", &["ipc"]),
    ("semop", &["ipc"]),
    ("semtimedop", &["ipc"]),
    ("send", &["socketcall"]),
    ("sendmmsg", &["socketcall"]),
    ("sendmsg", &["socketcall"]),
    ("sendto", &["socketcall"]),
    ("setsockopt", &["socketcall"]),
    ("shmat", &["ipc"]),
    ("shmctl", &["ipc"]),
    ("shmdt", &["ipc"]),
    ("shmget", &["ipc"]),
    ("shutdown", &["socketcall"]),
    ("socket", &["socketcall"]),
    ("socketpair", &["socketcall"]),
];
