//! All expected values are the output of auditctl 4.2.1 for `-l -i`, with the rules in a simulated kernel
//! and only the accounts that are named here.

use super::{Call, Names, NoNames};
use crate::catalog::{Arch, syscall_number};
use crate::compile::{End, Options, compile};
use crate::host::FixedHost;
use crate::report::listing::{Listing, Style};
use crate::rule::{Request, Rule};
use crate::syntax::{parse_words, words};

/// A syscall and arguments in the order of the rule: number, value, text.
type Case = (&'static str, &'static [(u32, u32, &'static str)]);

fn agree(arch: Arch, cases: &[Case], system: &dyn Names) {
    for (syscall, arguments) in cases {
        let number = syscall_number(arch, syscall.as_bytes()).unwrap();
        let mut call = Call::new(Some(arch), number);
        for (argument, value, expected) in *arguments {
            let shown = call.show(*argument, *value, system);
            let shown = String::from_utf8(shown).unwrap();
            assert_eq!(shown, *expected, "{syscall} a{argument}={value:#x}");
        }
    }
}

const X86_64: &[Case] = &[
    (
        "ptrace",
        &[
            (0, 0x0, "PTRACE_TRACEME"),
            (0, 0x4206, "PTRACE_SEIZE"),
            (0, 0xfffffffb, "unknown-ptrace(0xfffffffb)"),
            (1, 0xffffffff, "0xffffffff"),
        ],
    ),
    (
        "prctl",
        &[
            (0, 0x4, "PR_SET_DUMPABLE"),
            (0, 0x53564d41, "unknown-prctl-option(0x53564d41)"),
            (0, 0x17, "PR_CAPBSET_READ"),
            (1, 0x15, "sys_admin"),
            (1, 0x63, "unknown-capability(0x63)"),
            (0, 0x1, "PR_SET_PDEATHSIG"),
            (1, 0x9, "SIGKILL"),
            (0, 0x4, "PR_SET_DUMPABLE"),
            (1, 0x9, "0x9"),
        ],
    ),
    ("bpf", &[(0, 0x5, "BPF_PROG_LOAD"), (0, 0x99, "unknown-bpf-cmd(99)")]),
    ("clock_settime", &[(0, 0x0, "CLOCK_REALTIME"), (0, 0x7, "unknown-clk_id(0x7)")]),
    ("rt_sigaction", &[(0, 0x1e, "IGPWR"), (0, 0x20, "unknown-signal(0x20)")]),
    ("kill", &[(1, 0x9, "SIGKILL"), (1, 0x40, "unknown-signal(0x40)")]),
    (
        "personality",
        &[
            (0, 0x8, "PER_LINUX32"),
            (0, 0x40008, "PER_LINUX32|~ADDR_NO_RANDOMIZE"),
            (0, 0x40003, "unknown-personality(0x40003)"),
            (0, 0x8000000, "PER_LINUX"),
        ],
    ),
    ("setrlimit", &[(0, 0x7, "RLIMIT_NOFILE"), (0, 0x10, "unknown-rlimit(0x10)")]),
    (
        "sched_setscheduler",
        &[
            (1, 0x1, "SCHED_FIFO"),
            (1, 0x40000002, "SCHED_RR|SCHED_RESET_ON_FORK"),
            (1, 0x4, "unknown-scheduler-policy(0x4)"),
        ],
    ),
    ("exit_group", &[(0, 0x0, "EXIT_SUCCESS"), (0, 0x1, "EXIT_FAILURE"), (0, 0x2, "UNKNOWN")]),
    ("epoll_ctl", &[(1, 0x1, "EPOLL_CTL_ADD"), (1, 0xffffffff, "unknown-epoll_ctl-operation(-1)")]),
    (
        "fcntl",
        &[
            (1, 0x4, "F_SETFL"),
            (2, 0x800, "0x800"),
            (1, 0x2, "F_SETFD"),
            (2, 0x1, "FD_CLOEXEC"),
            (2, 0x2, "0x2"),
            (1, 0x8, "F_SETOWN"),
            (2, 0x0, "root"),
            (2, 0x3e8, "unknown(1000)"),
            (1, 0xfffffffe, "unknown-fcntl-command(-2)"),
        ],
    ),
    ("fsconfig", &[(1, 0x6, "FSCONFIG_CMD_CREATE"), (1, 0x14, "unknown-fsconfig-operation(20)")]),
    ("fsopen", &[(1, 0x1, "FSOPEN_CLOEXEC"), (1, 0x3, "0x3")]),
    ("fsmount", &[(1, 0x1, "FSMOUNT_CLOEXEC"), (2, 0x9, "MS_RDONLY|MS_NOEXEC")]),
    ("ioctl", &[(1, 0x5401, "TCGETS"), (1, 0x12345678, "0x12345678")]),
    ("lseek", &[(2, 0x1, "SEEK_CUR"), (2, 0x102, "SEEK_END"), (2, 0x9, "unknown-whence(9)")]),
    (
        "openat",
        &[
            (0, 0xffffff9c, "AT_FDCWD"),
            (0, 0x3, "0x3"),
            (2, 0x0, "O_RDONLY"),
            (2, 0x241, "O_WRONLY|O_CREAT|O_TRUNC"),
            (2, 0x80000000, "O_RDONLY"),
        ],
    ),
    (
        "open",
        &[
            (2, 0x1a4, "0x1a4"),
            (1, 0x41, "O_WRONLY|O_CREAT"),
            (2, 0x1a4, "0644"),
            (1, 0x3, "O_WRONLY|O_RDWR"),
            (2, 0x1a4, "0x1a4"),
        ],
    ),
    ("access", &[(1, 0x0, "F_OK"), (1, 0x6, "W_OK|R_OK"), (1, 0x8, "0x8"), (1, 0x10, "F_OK")]),
    ("faccessat2", &[(3, 0x1100, "AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH"), (3, 0x1, "0x1")]),
    (
        "mmap",
        &[
            (2, 0x5, "PROT_READ|PROT_EXEC"),
            (2, 0x8, "PROT_NONE"),
            (2, 0x9, "PROT_READ|PROT_SEM"),
            (3, 0x22, "MAP_PRIVATE|MAP_ANONYMOUS"),
            (3, 0x20, "MAP_FILE|MAP_ANONYMOUS"),
            (3, 0x80, "MAP_FILE"),
        ],
    ),
    ("mprotect", &[(2, 0x8, "PROT_NONE"), (2, 0xf, "PROT_READ|PROT_WRITE|PROT_EXEC")]),
    ("mount", &[(3, 0x1001, "MS_RDONLY|MS_BIND"), (3, 0x100, "0x100")]),
    ("umount2", &[(1, 0x2, "MNT_DETACH"), (1, 0x80000000, "UMOUNT_UNUSED")]),
    ("sendto", &[(3, 0x4040, "MSG_DONTWAIT|MSG_NOSIGNAL"), (3, 0x80000, "0x80000")]),
    ("setxattrat", &[(2, 0x1100, "AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH"), (2, 0x1, "0x1")]),
    (
        "clone",
        &[
            (
                0,
                0x7e020000,
                "CLONE_NEWNS|CLONE_STOPPED|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET",
            ),
            (0, 0x11, "SIGCHLD"),
            (0, 0x1200011, "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD"),
            (0, 0x3f, "0x3f"),
            (0, 0x0, "0x0"),
        ],
    ),
    ("shmget", &[(2, 0x380, "IPC_CREAT|0600"), (2, 0x800, "SHM_HUGETLB|0000"), (2, 0x0, "0000")]),
    (
        "chmod",
        &[
            (1, 0x49, "0111"),
            (1, 0x9ed, "suid,0755"),
            (1, 0xe00, "suid,sgid,sticky,0000"),
            (1, 0x0, "0000"),
        ],
    ),
    ("mknod", &[(1, 0x21b6, "character,666"), (1, 0x1a4, "000,644"), (1, 0x1c81ed, "file,755")]),
    (
        "socket",
        &[
            (0, 0x2, "inet"),
            (0, 0x0, "unknown-family(0x0)"),
            (0, 0x1b, "unknown-family(0x1b)"),
            (1, 0x1, "SOCK_STREAM"),
            (1, 0x80001, "SOCK_STREAM"),
            (1, 0x9, "unknown-type(9)"),
        ],
    ),
    (
        "setsockopt",
        &[
            (2, 0x1, "IP_TOS"),
            (1, 0x1, "SOL_SOCKET"),
            (2, 0x10, "SO_PASSCRED"),
            (2, 0x1000, "unknown-sockopt-name(0x1000)"),
            (1, 0x107, "SOL_PACKET"),
            (2, 0x12, "PACKET_FANOUT"),
            (2, 0x4, "unknown-pktopt-name(0x4)"),
            (1, 0x11e, "SOL_SMC"),
            (2, 0x1, "0x1"),
        ],
    ),
    (
        "setuid",
        &[
            (0, 0x0, "root"),
            (0, 0xffffffff, "unset"),
            (0, 0x3e8, "unknown(1000)"),
            (0, 0x80000000, "unknown(-2147483648)"),
        ],
    ),
    ("setgid", &[(0, 0x0, "root"), (0, 0xffffffff, "unset"), (0, 0x4, "unknown(4)")]),
    ("init_module", &[(0, 0x12345678, "0x12345678")]),
];

#[test]
fn prints_arguments_of_x86_64() {
    agree(Arch::X86_64, X86_64, &NoNames);
}

#[test]
fn prints_socket_options_of_power() {
    let options: &[(u32, u32, &str)] = &[
        (1, 1, "SOL_SOCKET"),
        (2, 15, "SO_REUSEPORT"),
        (2, 16, "SO_RCVLOWAT"),
        (2, 21, "SO_PEERCRED"),
        (2, 22, "SO_SECURITY_AUTHENTICATION"),
        (2, 116, "SO_RCVLOWAT"),
    ];
    agree(Arch::Ppc64, &[("setsockopt", options)], &NoNames);
}

#[derive(Debug)]
struct SomeNames;

impl Names for SomeNames {
    fn user(&self, number: u32) -> Option<Vec<u8>> {
        let digits = "0123456789".repeat(7);
        match number {
            1 => Some(b"daemon".to_vec()),
            2 => Some(digits.into_bytes()),
            3 => Some(b"tab\there\x01\x1b[0m\\\"q".to_vec()),
            4 => Some("\u{e9}t\u{e9}".into()),
            _ => None,
        }
    }

    fn group(&self, number: u32) -> Option<Vec<u8>> {
        (number == 4).then(|| b"adm".to_vec())
    }

    fn protocol(&self, number: u32) -> Option<Vec<u8>> {
        match number {
            0 => Some(b"ip".to_vec()),
            1 => Some(b"icmp".to_vec()),
            17 => Some(b"udp".to_vec()),
            _ => None,
        }
    }
}

#[test]
fn prints_names_of_the_system() {
    let users: &[(u32, u32, &str)] = &[
        (0, 0, "root"),
        (0, 1, "daemon"),
        (1, 2, "012345678901234567890123456789012345678901234567890123456789012"),
        (1, 3, "tab\\011here\\001\\033[0m\\\"q"),
        (2, 4, "\u{e9}t\u{e9}"),
        (2, 5, "unknown(5)"),
        (2, u32::MAX, "unset"),
    ];
    let protocols: &[(u32, u32, &str)] = &[
        (1, 0, "ip"),
        (1, 1, "SOL_SOCKET"),
        (1, 17, "udp"),
        (1, 0x107, "SOL_PACKET"),
        (1, 300, "unknown-sockopt-level(0x12c)"),
    ];
    let cases: &[Case] = &[
        ("setresuid", users),
        ("setresgid", &[(0, 4, "adm"), (1, 5, "unknown(5)"), (2, 0, "root")]),
        ("chown", &[(1, 1, "daemon"), (2, 4, "adm")]),
        ("setsockopt", protocols),
        ("socket", &[(2, 17, "udp"), (2, 0x1234, "unknown-proto(1234)")]),
    ];
    agree(Arch::X86_64, cases, &SomeNames);
}

fn rule(text: &str) -> Rule {
    let command = parse_words(words(text.as_bytes(), 0));
    let program = compile(&command, &FixedHost::new(Arch::X86_64), Options::default());
    let End::Rule(Request::Add(rule), _) = program.end else { panic!("no rule: {text}") };
    rule
}

/// Returns the listings of `-l` and `-l -i`.
fn listed(text: &str) -> (String, String) {
    let rule = rule(text);
    let machine = Some(Arch::X86_64);
    let style = |interpret| Style { interpret, machine, keep_arch: true, names: &NoNames };
    let list = |interpret| Listing::of(style(interpret), [&rule]);
    let text = |listing: Vec<u8>| String::from_utf8(listing).unwrap().trim_end().to_owned();
    (text(list(false)), text(list(true)))
}

#[test]
fn lists_the_arguments_of_a_single_syscall() {
    let rules = [
        ("-a always,exit -F arch=b64 -S ptrace -F a0=0x10", "a0=0x10", "a0=PTRACE_ATTACH"),
        ("-a always,exit -F arch=b32 -S socketcall -F a0=2", "a0=0x2", "a0=bind"),
        ("-a always,exit -F arch=b64 -S open,creat -F a1&0xab", "a1&0xAB", "a1&0xAB"),
        ("-a always,exit -F arch=b64 -S all -F a1=-1", "a1=0xFFFFFFFF", "a1=0xFFFFFFFF"),
        // No syscall is known without an arch, or on lists without syscalls.
        ("-a always,exit -S ptrace -F a0=0xab", "a0=0xAB", "a0=0xab"),
        ("-a always,user -F a3=-1", "a3=0xFFFFFFFF", "a3=0xffffffff"),
        ("-a always,io_uring -S openat -F a0=-100", "a0=0xFFFFFF9C", "a0=0xffffff9c"),
    ];
    for (text, plain, interpreted) in rules {
        let (list, list_i) = listed(text);
        assert!(list.ends_with(&format!(" -F {plain}")), "{list}");
        assert!(list_i.ends_with(&format!(" -F {interpreted}")), "{list_i}");
    }
}
