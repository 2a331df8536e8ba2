//! Kinds of the arguments of syscalls.
//!
//! Generated from `grammar/vocab/arguments` by `cargo xtask vocab`; edit the source instead.

use super::argument_names;
use crate::catalog::argument::{Argument, Form, Kind, When};

/// Sorted by syscall and argument. If several match, the first whose condition is true applies.
pub(crate) static ARGUMENTS: &[Argument] = &[
    Argument { syscall: "access", argument: 1, kind: &ACCESS_MODES, when: When::Always },
    Argument { syscall: "bpf", argument: 0, kind: &BPF_COMMAND, when: When::Always },
    Argument { syscall: "chmod", argument: 1, kind: &PERMISSIONS, when: When::Always },
    Argument { syscall: "chown", argument: 1, kind: &USER, when: When::Always },
    Argument { syscall: "chown", argument: 2, kind: &GROUP, when: When::Always },
    Argument { syscall: "chown32", argument: 1, kind: &USER, when: When::Always },
    Argument { syscall: "chown32", argument: 2, kind: &GROUP, when: When::Always },
    Argument { syscall: "clock_settime", argument: 0, kind: &CLOCK, when: When::Always },
    Argument { syscall: "clone", argument: 0, kind: &CLONE_FLAGS, when: When::Always },
    Argument { syscall: "creat", argument: 1, kind: &PERMISSIONS, when: When::Always },
    Argument { syscall: "epoll_ctl", argument: 1, kind: &EPOLL_OPERATION, when: When::Always },
    Argument { syscall: "exit", argument: 0, kind: &EXIT_CODE, when: When::Always },
    Argument { syscall: "exit_group", argument: 0, kind: &EXIT_CODE, when: When::Always },
    Argument { syscall: "faccessat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "faccessat", argument: 2, kind: &ACCESS_MODES, when: When::Always },
    Argument { syscall: "faccessat", argument: 3, kind: &ACCESS_FLAGS, when: When::Always },
    Argument { syscall: "faccessat2", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "faccessat2", argument: 2, kind: &ACCESS_MODES, when: When::Always },
    Argument { syscall: "faccessat2", argument: 3, kind: &ACCESS_FLAGS, when: When::Always },
    Argument { syscall: "fchmod", argument: 1, kind: &PERMISSIONS, when: When::Always },
    Argument { syscall: "fchmodat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "fchmodat", argument: 2, kind: &PERMISSIONS, when: When::Always },
    Argument { syscall: "fchownat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "fcntl", argument: 1, kind: &FCNTL_COMMAND, when: When::Always },
    Argument { syscall: "fcntl", argument: 2, kind: &USER, when: When::OneOf(1, &[8]) },
    Argument { syscall: "fcntl", argument: 2, kind: &FD_FLAGS, when: When::OneOf(1, &[2]) },
    Argument { syscall: "fcntl64", argument: 1, kind: &FCNTL_COMMAND, when: When::Always },
    Argument { syscall: "fcntl64", argument: 2, kind: &USER, when: When::OneOf(1, &[8]) },
    Argument { syscall: "fcntl64", argument: 2, kind: &FD_FLAGS, when: When::OneOf(1, &[2]) },
    Argument { syscall: "file_getattr", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "file_setattr", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "fsconfig", argument: 1, kind: &FSCONFIG_COMMAND, when: When::Always },
    Argument { syscall: "fsmount", argument: 1, kind: &FSMOUNT_FLAGS, when: When::Always },
    Argument { syscall: "fsmount", argument: 2, kind: &MOUNT_FLAGS, when: When::Always },
    Argument { syscall: "fsopen", argument: 1, kind: &FSOPEN_FLAGS, when: When::Always },
    Argument { syscall: "futimesat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "getrlimit", argument: 0, kind: &RESOURCE_LIMIT, when: When::Always },
    Argument { syscall: "getsockopt", argument: 1, kind: &SOCKET_LEVEL, when: When::Always },
    Argument { syscall: "getsockopt", argument: 2, kind: &IP_OPTION, when: When::OneOf(1, &[0]) },
    Argument { syscall: "getsockopt", argument: 2, kind: &SOCKET_OPTION, when: When::OneOf(1, &[1]) },
    Argument { syscall: "getsockopt", argument: 2, kind: &TCP_OPTION, when: When::OneOf(1, &[6]) },
    Argument { syscall: "getsockopt", argument: 2, kind: &UDP_OPTION, when: When::OneOf(1, &[17]) },
    Argument { syscall: "getsockopt", argument: 2, kind: &IPV6_OPTION, when: When::OneOf(1, &[41]) },
    Argument { syscall: "getsockopt", argument: 2, kind: &PACKET_OPTION, when: When::OneOf(1, &[263]) },
    Argument { syscall: "getxattrat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "getxattrat", argument: 2, kind: &XATTR_FLAGS, when: When::Always },
    Argument { syscall: "ioctl", argument: 1, kind: &IOCTL_REQUEST, when: When::Always },
    Argument { syscall: "kill", argument: 1, kind: &SIGNAL, when: When::Always },
    Argument { syscall: "linkat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "linkat", argument: 2, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "listxattrat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "listxattrat", argument: 2, kind: &XATTR_FLAGS, when: When::Always },
    Argument { syscall: "lseek", argument: 2, kind: &SEEK_ORIGIN, when: When::Always },
    Argument { syscall: "mkdir", argument: 1, kind: &PERMISSIONS, when: When::Always },
    Argument { syscall: "mkdirat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "mkdirat", argument: 2, kind: &PERMISSIONS, when: When::Always },
    Argument { syscall: "mknod", argument: 1, kind: &MODE, when: When::Always },
    Argument { syscall: "mknodat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "mknodat", argument: 2, kind: &PERMISSIONS, when: When::Always },
    Argument { syscall: "mmap", argument: 2, kind: &MMAP_PROTECTION, when: When::Always },
    Argument { syscall: "mmap", argument: 3, kind: &MMAP_FLAGS, when: When::Always },
    Argument { syscall: "mount", argument: 3, kind: &MOUNT_FLAGS, when: When::Always },
    Argument { syscall: "move_mount", argument: 2, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "mprotect", argument: 2, kind: &MPROTECT_PROTECTION, when: When::Always },
    Argument { syscall: "mq_open", argument: 1, kind: &OPEN_FLAGS, when: When::Always },
    Argument { syscall: "mq_open", argument: 2, kind: &PERMISSIONS, when: When::AnyBit(1, 0x40) },
    Argument { syscall: "name_to_handle_at", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "newfstatat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "open", argument: 1, kind: &OPEN_FLAGS, when: When::Always },
    Argument { syscall: "open", argument: 2, kind: &PERMISSIONS, when: When::AnyBit(1, 0x40) },
    Argument { syscall: "open_by_handle_at", argument: 2, kind: &OPEN_FLAGS, when: When::Always },
    Argument { syscall: "open_tree_attr", argument: 3, kind: &XATTR_FLAGS, when: When::Always },
    Argument { syscall: "openat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "openat", argument: 2, kind: &OPEN_FLAGS, when: When::Always },
    Argument { syscall: "openat2", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "personality", argument: 0, kind: &PERSONALITY, when: When::Always },
    Argument { syscall: "prctl", argument: 0, kind: &PRCTL_OPTION, when: When::Always },
    Argument { syscall: "prctl", argument: 1, kind: &CAPABILITY, when: When::OneOf(0, &[23, 24]) },
    Argument { syscall: "prctl", argument: 1, kind: &SIGNAL, when: When::OneOf(0, &[1]) },
    Argument { syscall: "ptrace", argument: 0, kind: &PTRACE_REQUEST, when: When::Always },
    Argument { syscall: "readlinkat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "readlinkat", argument: 2, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "recv", argument: 3, kind: &MESSAGE_FLAGS, when: When::Always },
    Argument { syscall: "recvfrom", argument: 3, kind: &MESSAGE_FLAGS, when: When::Always },
    Argument { syscall: "recvmmsg", argument: 3, kind: &MESSAGE_FLAGS, when: When::Always },
    Argument { syscall: "recvmsg", argument: 2, kind: &MESSAGE_FLAGS, when: When::Always },
    Argument { syscall: "removexattrat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "removexattrat", argument: 2, kind: &XATTR_FLAGS, when: When::Always },
    Argument { syscall: "renameat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "renameat", argument: 2, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "renameat2", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "renameat2", argument: 2, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "rt_sigaction", argument: 0, kind: &SIGNAL, when: When::Always },
    Argument { syscall: "sched_setscheduler", argument: 1, kind: &SCHEDULER, when: When::Always },
    Argument { syscall: "send", argument: 3, kind: &MESSAGE_FLAGS, when: When::Always },
    Argument { syscall: "sendmmsg", argument: 3, kind: &MESSAGE_FLAGS, when: When::Always },
    Argument { syscall: "sendmsg", argument: 2, kind: &MESSAGE_FLAGS, when: When::Always },
    Argument { syscall: "sendto", argument: 3, kind: &MESSAGE_FLAGS, when: When::Always },
    Argument { syscall: "setfsgid", argument: 0, kind: &GROUP, when: When::Always },
    Argument { syscall: "setfsuid", argument: 0, kind: &USER, when: When::Always },
    Argument { syscall: "setgid", argument: 0, kind: &GROUP, when: When::Always },
    Argument { syscall: "setns", argument: 1, kind: &CLONE_FLAGS, when: When::Always },
    Argument { syscall: "setregid", argument: 0, kind: &GROUP, when: When::Always },
    Argument { syscall: "setregid", argument: 1, kind: &GROUP, when: When::Always },
    Argument { syscall: "setresgid", argument: 0, kind: &GROUP, when: When::Always },
    Argument { syscall: "setresgid", argument: 1, kind: &GROUP, when: When::Always },
    Argument { syscall: "setresgid", argument: 2, kind: &GROUP, when: When::Always },
    Argument { syscall: "setresuid", argument: 0, kind: &USER, when: When::Always },
    Argument { syscall: "setresuid", argument: 1, kind: &USER, when: When::Always },
    Argument { syscall: "setresuid", argument: 2, kind: &USER, when: When::Always },
    Argument { syscall: "setreuid", argument: 0, kind: &USER, when: When::Always },
    Argument { syscall: "setreuid", argument: 1, kind: &USER, when: When::Always },
    Argument { syscall: "setrlimit", argument: 0, kind: &RESOURCE_LIMIT, when: When::Always },
    Argument { syscall: "setsockopt", argument: 1, kind: &SOCKET_LEVEL, when: When::Always },
    Argument { syscall: "setsockopt", argument: 2, kind: &IP_OPTION, when: When::OneOf(1, &[0]) },
    Argument { syscall: "setsockopt", argument: 2, kind: &SOCKET_OPTION, when: When::OneOf(1, &[1]) },
    Argument { syscall: "setsockopt", argument: 2, kind: &TCP_OPTION, when: When::OneOf(1, &[6]) },
    Argument { syscall: "setsockopt", argument: 2, kind: &UDP_OPTION, when: When::OneOf(1, &[17]) },
    Argument { syscall: "setsockopt", argument: 2, kind: &IPV6_OPTION, when: When::OneOf(1, &[41]) },
    Argument { syscall: "setsockopt", argument: 2, kind: &PACKET_OPTION, when: When::OneOf(1, &[263]) },
    Argument { syscall: "setuid", argument: 0, kind: &USER, when: When::Always },
    Argument { syscall: "setxattrat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "setxattrat", argument: 2, kind: &XATTR_FLAGS, when: When::Always },
    Argument { syscall: "shmget", argument: 2, kind: &SHM_FLAGS, when: When::Always },
    Argument { syscall: "socket", argument: 0, kind: &FAMILY, when: When::Always },
    Argument { syscall: "socket", argument: 1, kind: &SOCKET_TYPE, when: When::Always },
    Argument { syscall: "socket", argument: 2, kind: &PROTOCOL, when: When::Always },
    Argument { syscall: "socketcall", argument: 0, kind: &SOCKETCALL, when: When::Always },
    Argument { syscall: "tgkill", argument: 2, kind: &SIGNAL, when: When::Always },
    Argument { syscall: "tkill", argument: 1, kind: &SIGNAL, when: When::Always },
    Argument { syscall: "umount2", argument: 1, kind: &UMOUNT_FLAGS, when: When::Always },
    Argument { syscall: "unlinkat", argument: 0, kind: &DIRECTORY, when: When::Always },
    Argument { syscall: "unshare", argument: 0, kind: &CLONE_FLAGS, when: When::Always },
    Argument { syscall: "utimensat", argument: 0, kind: &DIRECTORY, when: When::Always },
];

/// `access-flags`.
pub(crate) static ACCESS_FLAGS: Kind = Kind {
    form: Form::Flags,
    names: argument_names::ACCESS_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `access-modes`.
pub(crate) static ACCESS_MODES: Kind = Kind {
    form: Form::Modes,
    names: argument_names::ACCESS_MODES,
    mask: 0x7,
    none: Some((0xf, "F_OK")),
    more: None,
    unknown: "0x{x}",
};

/// `bpf-command`.
pub(crate) static BPF_COMMAND: Kind = Kind {
    form: Form::Name,
    names: argument_names::BPF_COMMANDS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-bpf-cmd({x})",
};

/// `capability`.
pub(crate) static CAPABILITY: Kind = Kind {
    form: Form::Name,
    names: argument_names::CAPABILITIES,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-capability(0x{x})",
};

/// `clock`.
pub(crate) static CLOCK: Kind = Kind {
    form: Form::Name,
    names: argument_names::CLOCKS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-clk_id(0x{x})",
};

/// `clone-flags`.
pub(crate) static CLONE_FLAGS: Kind = Kind {
    form: Form::Clone,
    names: argument_names::CLONE_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `directory`.
pub(crate) static DIRECTORY: Kind = Kind {
    form: Form::Name,
    names: argument_names::DIRECTORIES,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `epoll-operation`.
pub(crate) static EPOLL_OPERATION: Kind = Kind {
    form: Form::Name,
    names: argument_names::EPOLL_OPERATIONS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-epoll_ctl-operation({d})",
};

/// `exit-code`.
pub(crate) static EXIT_CODE: Kind = Kind {
    form: Form::Name,
    names: argument_names::EXIT_CODES,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "UNKNOWN",
};

/// `family`.
pub(crate) static FAMILY: Kind = Kind {
    form: Form::Name,
    names: argument_names::FAMILIES,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-family(0x{x})",
};

/// `fcntl-command`.
pub(crate) static FCNTL_COMMAND: Kind = Kind {
    form: Form::Name,
    names: argument_names::FCNTL_COMMANDS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-fcntl-command({d})",
};

/// `fd-flags`.
pub(crate) static FD_FLAGS: Kind = Kind {
    form: Form::Name,
    names: argument_names::FD_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `fsconfig-command`.
pub(crate) static FSCONFIG_COMMAND: Kind = Kind {
    form: Form::Name,
    names: argument_names::FSCONFIG_COMMANDS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-fsconfig-operation({d})",
};

/// `fsmount-flags`.
pub(crate) static FSMOUNT_FLAGS: Kind = Kind {
    form: Form::Name,
    names: argument_names::FSMOUNT_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `fsopen-flags`.
pub(crate) static FSOPEN_FLAGS: Kind = Kind {
    form: Form::Name,
    names: argument_names::FSOPEN_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `group`.
pub(crate) static GROUP: Kind = Kind {
    form: Form::Group,
    names: &[],
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown({d})",
};

/// `ioctl-request`.
pub(crate) static IOCTL_REQUEST: Kind = Kind {
    form: Form::Name,
    names: argument_names::IOCTL_REQUESTS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `ip-option`.
pub(crate) static IP_OPTION: Kind = Kind {
    form: Form::Name,
    names: argument_names::IP_OPTIONS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-ipopt-name(0x{x})",
};

/// `ipv6-option`.
pub(crate) static IPV6_OPTION: Kind = Kind {
    form: Form::Name,
    names: argument_names::IPV6_OPTIONS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-ip6opt-name(0x{x})",
};

/// `message-flags`.
pub(crate) static MESSAGE_FLAGS: Kind = Kind {
    form: Form::Flags,
    names: argument_names::MESSAGE_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `mmap-flags`.
pub(crate) static MMAP_FLAGS: Kind = Kind {
    form: Form::Flags,
    names: argument_names::MMAP_FLAGS,
    mask: 0xffffffff,
    none: Some((0xf, "MAP_FILE")),
    more: None,
    unknown: "0x{x}",
};

/// `mmap-protection`.
pub(crate) static MMAP_PROTECTION: Kind = Kind {
    form: Form::Modes,
    names: argument_names::PROTECTIONS,
    mask: 0xf,
    none: Some((0x7, "PROT_NONE")),
    more: None,
    unknown: "0x{x}",
};

/// `mode`.
pub(crate) static MODE: Kind = Kind {
    form: Form::Mode,
    names: &[],
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "",
};

/// `mount-flags`.
pub(crate) static MOUNT_FLAGS: Kind = Kind {
    form: Form::Flags,
    names: argument_names::MOUNT_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `mprotect-protection`.
pub(crate) static MPROTECT_PROTECTION: Kind = Kind {
    form: Form::Modes,
    names: argument_names::PROTECTIONS,
    mask: 0x7,
    none: Some((0x7, "PROT_NONE")),
    more: None,
    unknown: "0x{x}",
};

/// `open-flags`.
pub(crate) static OPEN_FLAGS: Kind = Kind {
    form: Form::Flags,
    names: argument_names::OPEN_FLAGS,
    mask: 0xffffffff,
    none: Some((0x3, "O_RDONLY")),
    more: None,
    unknown: "0x{x}",
};

/// `packet-option`.
pub(crate) static PACKET_OPTION: Kind = Kind {
    form: Form::Name,
    names: argument_names::PACKET_OPTIONS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-pktopt-name(0x{x})",
};

/// `permissions`.
pub(crate) static PERMISSIONS: Kind = Kind {
    form: Form::Permissions,
    names: &[],
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "",
};

/// `personality`.
pub(crate) static PERSONALITY: Kind = Kind {
    form: Form::Name,
    names: argument_names::PERSONALITIES,
    mask: 0xff,
    none: None,
    more: Some((0x40000, "~ADDR_NO_RANDOMIZE")),
    unknown: "unknown-personality(0x{x})",
};

/// `prctl-option`.
pub(crate) static PRCTL_OPTION: Kind = Kind {
    form: Form::Name,
    names: argument_names::PRCTL_OPTIONS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-prctl-option(0x{x})",
};

/// `protocol`.
pub(crate) static PROTOCOL: Kind = Kind {
    form: Form::Protocol,
    names: &[],
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-proto({x})",
};

/// `ptrace-request`.
pub(crate) static PTRACE_REQUEST: Kind = Kind {
    form: Form::Name,
    names: argument_names::PTRACE_REQUESTS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-ptrace(0x{x})",
};

/// `resource-limit`.
pub(crate) static RESOURCE_LIMIT: Kind = Kind {
    form: Form::Name,
    names: argument_names::RESOURCE_LIMITS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-rlimit(0x{x})",
};

/// `scheduler`.
pub(crate) static SCHEDULER: Kind = Kind {
    form: Form::Name,
    names: argument_names::SCHEDULERS,
    mask: 0xf,
    none: None,
    more: Some((0x40000000, "SCHED_RESET_ON_FORK")),
    unknown: "unknown-scheduler-policy(0x{x})",
};

/// `seek-origin`.
pub(crate) static SEEK_ORIGIN: Kind = Kind {
    form: Form::Name,
    names: argument_names::SEEK_ORIGINS,
    mask: 0xff,
    none: None,
    more: None,
    unknown: "unknown-whence({x})",
};

/// `shm-flags`.
pub(crate) static SHM_FLAGS: Kind = Kind {
    form: Form::SharedMemory,
    names: argument_names::SHM_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "",
};

/// `signal`.
pub(crate) static SIGNAL: Kind = Kind {
    form: Form::Name,
    names: argument_names::SIGNALS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-signal(0x{x})",
};

/// `socket-level`.
pub(crate) static SOCKET_LEVEL: Kind = Kind {
    form: Form::SocketLevel,
    names: argument_names::SOCKET_LEVELS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-sockopt-level(0x{x})",
};

/// `socket-option`.
pub(crate) static SOCKET_OPTION: Kind = Kind {
    form: Form::SocketOption,
    names: argument_names::SOCKET_OPTIONS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-sockopt-name(0x{x})",
};

/// `socket-type`.
pub(crate) static SOCKET_TYPE: Kind = Kind {
    form: Form::Name,
    names: argument_names::SOCKET_TYPES,
    mask: 0xff,
    none: None,
    more: None,
    unknown: "unknown-type({x})",
};

/// `socketcall`.
pub(crate) static SOCKETCALL: Kind = Kind {
    form: Form::Name,
    names: argument_names::SOCKETCALLS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-socketcall({x})",
};

/// `tcp-option`.
pub(crate) static TCP_OPTION: Kind = Kind {
    form: Form::Name,
    names: argument_names::TCP_OPTIONS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-tcpopt-name(0x{x})",
};

/// `udp-option`.
pub(crate) static UDP_OPTION: Kind = Kind {
    form: Form::Name,
    names: argument_names::UDP_OPTIONS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown-udpopt-name(0x{x})",
};

/// `umount-flags`.
pub(crate) static UMOUNT_FLAGS: Kind = Kind {
    form: Form::Flags,
    names: argument_names::UMOUNT_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};

/// `user`.
pub(crate) static USER: Kind = Kind {
    form: Form::User,
    names: &[],
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "unknown({d})",
};

/// `xattr-flags`.
pub(crate) static XATTR_FLAGS: Kind = Kind {
    form: Form::Flags,
    names: argument_names::XATTR_FLAGS,
    mask: 0xffffffff,
    none: None,
    more: None,
    unknown: "0x{x}",
};
