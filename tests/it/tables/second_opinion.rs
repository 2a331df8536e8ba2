//! Compares the tables of the catalog with the crates `syscalls`, `linux-raw-sys` and `netlink-packet-audit`, and with
//! linux/audit.h.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rauditctl::catalog::{
    Arch, KnownAction, KnownList, Operator, PREPEND, Perm, compare_pair, field, field_number,
    kernel_msgtype_name, kernel_syscall_number, syscalls,
};

// ---- other crates

/// Syscalls of the crate `syscalls` that return ENOSYS. The tables of system-calls do not have them, because no current
/// kernel implements them.
const EMPTY: [&str; 23] = [
    "_sysctl",
    "afs_syscall",
    "bdflush",
    "create_module",
    "ftime",
    "get_kernel_syms",
    "getpmsg",
    "gtty",
    "idle",
    "lock",
    "mpx",
    "nfsservctl",
    "prof",
    "profil",
    "putpmsg",
    "query_module",
    "r#break",
    "security",
    "stty",
    "tuxcall",
    "ulimit",
    "uselib",
    "vserver",
];

macro_rules! agrees_with_syscalls {
    ($($test:ident: $arch:expr, $module:ident, $base:expr;)*) => {$(
        #[test]
        fn $test() {
            let theirs: BTreeMap<u32, &str> = ($base..$base + 600)
                .filter_map(|number| {
                    let theirs = ::syscalls::$module::Sysno::new(number)?;
                    Some((u32::try_from(number).unwrap(), theirs.name()))
                })
                .collect();
            second_opinion($arch, &theirs);
        }
    )*};
}

/// Returns whether the crate `syscalls` is wrong here, or has another name for the syscall.
fn is_exception(arch: Arch, number: u32, name: &str) -> bool {
    match arch {
        // It takes asm-generic/unistd.h without its conditions: 403 to 423 are for 32 bit only, and newer arches
        // have no renameat, getrlimit and setrlimit. In the header 79 has two names, one for 64 bit.
        Arch::Aarch64 => (403..=423).contains(&number) || name == "fstatat",
        Arch::Loongarch64 => {
            (403..=423).contains(&number)
                || ["fstatat", "renameat", "getrlimit", "setrlimit"].contains(&name)
        }
        Arch::Riscv32 => ["getrlimit", "setrlimit"].contains(&name),
        // ARM's header defines it to be sync_file_range2.
        Arch::Arm => name == "arm_sync_file_range",
        _ => false,
    }
}

fn is_empty(name: &str) -> bool {
    let numbered = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    let reserved = name.strip_prefix("reserved").or_else(|| name.strip_prefix("unused"));
    EMPTY.contains(&name) || reserved.is_some_and(numbered)
}

fn second_opinion(arch: Arch, theirs: &BTreeMap<u32, &str>) {
    assert!(theirs.len() > 300, "{arch:?}: {}", theirs.len());
    let differences: Vec<_> = theirs
        .iter()
        .map(|(number, name)| (number, name, syscalls(arch).find(|s| s.number == *number)))
        .filter(|(_, name, ours)| {
            ours.and_then(|s| s.kernel_name) != Some(**name) && !is_empty(name)
        })
        .filter(|(number, name, _)| !is_exception(arch, **number, name))
        .collect();
    assert!(differences.is_empty(), "{arch:?}: {differences:?}");
    // A number that only our table has must be newer than all numbers of theirs.
    let newest = theirs.keys().max().copied().unwrap_or(0);
    let missing: Vec<_> = syscalls(arch)
        .filter(|s| {
            s.kernel_name.is_some() && s.number <= newest && !theirs.contains_key(&s.number)
        })
        // It has every other number up to 469 there.
        .filter(|s| (arch, s.number) != (Arch::Mips64, 5450))
        .collect();
    assert!(missing.is_empty(), "{arch:?}: {missing:?}");
}

agrees_with_syscalls! {
    syscalls_x86_64: Arch::X86_64, x86_64, 0;
    syscalls_i386: Arch::I386, x86, 0;
    syscalls_aarch64: Arch::Aarch64, aarch64, 0;
    syscalls_arm: Arch::Arm, arm, 0;
    syscalls_ppc64: Arch::Ppc64, powerpc64, 0;
    syscalls_ppc: Arch::Ppc, powerpc, 0;
    syscalls_s390x: Arch::S390x, s390x, 0;
    syscalls_riscv64: Arch::Riscv64, riscv64, 0;
    syscalls_riscv32: Arch::Riscv32, riscv32, 0;
    syscalls_loongarch64: Arch::Loongarch64, loongarch64, 0;
    syscalls_mips: Arch::Mips, mips, 4000;
    syscalls_mips64: Arch::Mips64, mips64, 5000;
}

macro_rules! raw_sys {
    ($($constant:ident),* $(,)?) => {
        [$((stringify!($constant).trim_start_matches("__NR_"), linux_raw_sys::general::$constant)),*]
    };
}

/// linux-raw-sys has the constants of the arch that the test is built for.
#[cfg(target_arch = "x86_64")]
#[test]
fn agrees_with_linux_raw_sys() {
    for (name, number) in raw_sys![
        __NR_read,
        __NR_open,
        __NR_mprotect,
        __NR_pread64,
        __NR_execve,
        __NR_kill,
        __NR_rename,
        __NR_unlink,
        __NR_init_module,
        __NR_openat,
        __NR_unlinkat,
        __NR_renameat2,
        __NR_finit_module,
        __NR_execveat,
        __NR_statx,
        __NR_clone3,
        __NR_openat2,
        __NR_faccessat2,
        __NR_memfd_secret,
        __NR_futex_waitv,
        __NR_cachestat,
        __NR_fchmodat2,
        __NR_statmount,
        __NR_mseal,
        __NR_uretprobe,
    ] {
        assert_eq!(kernel_syscall_number(Arch::X86_64, name.as_bytes()), Some(number), "{name}");
    }
}

/// Compares our constants with those of netlink-packet-audit, except `__AUDIT_ARCH_64BIT`, which is wrong there:
/// 0x08000000 instead of 0x80000000. The crate lacks saddr_fam, the io_uring list, and the arches of RISC-V.
#[test]
fn agrees_with_netlink_packet_audit() {
    use netlink_packet_audit as theirs;
    for (name, ours, number) in [
        ("pid", field::PID, theirs::AUDIT_PID),
        ("uid", field::UID, theirs::AUDIT_UID),
        ("euid", field::EUID, theirs::AUDIT_EUID),
        ("suid", field::SUID, theirs::AUDIT_SUID),
        ("fsuid", field::FSUID, theirs::AUDIT_FSUID),
        ("gid", field::GID, theirs::AUDIT_GID),
        ("egid", field::EGID, theirs::AUDIT_EGID),
        ("sgid", field::SGID, theirs::AUDIT_SGID),
        ("fsgid", field::FSGID, theirs::AUDIT_FSGID),
        ("loginuid", field::AUID, theirs::AUDIT_LOGINUID),
        ("pers", field::PERS, theirs::AUDIT_PERS),
        ("arch", field::ARCH, theirs::AUDIT_ARCH),
        ("msgtype", field::MSGTYPE, theirs::AUDIT_MSGTYPE),
        ("subj_user", field::SUBJ_USER, theirs::AUDIT_SUBJ_USER),
        ("subj_role", field::SUBJ_ROLE, theirs::AUDIT_SUBJ_ROLE),
        ("subj_type", field::SUBJ_TYPE, theirs::AUDIT_SUBJ_TYPE),
        ("subj_sen", field::SUBJ_SEN, theirs::AUDIT_SUBJ_SEN),
        ("subj_clr", field::SUBJ_CLR, theirs::AUDIT_SUBJ_CLR),
        ("ppid", field::PPID, theirs::AUDIT_PPID),
        ("obj_user", field::OBJ_USER, theirs::AUDIT_OBJ_USER),
        ("obj_role", field::OBJ_ROLE, theirs::AUDIT_OBJ_ROLE),
        ("obj_type", field::OBJ_TYPE, theirs::AUDIT_OBJ_TYPE),
        ("obj_lev_low", field::OBJ_LEV_LOW, theirs::AUDIT_OBJ_LEV_LOW),
        ("obj_lev_high", field::OBJ_LEV_HIGH, theirs::AUDIT_OBJ_LEV_HIGH),
        ("sessionid", field::SESSIONID, theirs::AUDIT_SESSIONID),
        ("fstype", field::FSTYPE, theirs::AUDIT_FSTYPE),
        ("devmajor", field::DEVMAJOR, theirs::AUDIT_DEVMAJOR),
        ("devminor", field::DEVMINOR, theirs::AUDIT_DEVMINOR),
        ("inode", field::INODE, theirs::AUDIT_INODE),
        ("exit", field::EXIT, theirs::AUDIT_EXIT),
        ("success", field::SUCCESS, theirs::AUDIT_SUCCESS),
        ("path", field::PATH, theirs::AUDIT_WATCH),
        ("perm", field::PERM, theirs::AUDIT_PERM),
        ("dir", field::DIR, theirs::AUDIT_DIR),
        ("filetype", field::FILETYPE, theirs::AUDIT_FILETYPE),
        ("obj_uid", field::OBJ_UID, theirs::AUDIT_OBJ_UID),
        ("obj_gid", field::OBJ_GID, theirs::AUDIT_OBJ_GID),
        ("field_compare", field::FIELD_COMPARE, theirs::AUDIT_FIELD_COMPARE),
        ("exe", field::EXE, theirs::AUDIT_EXE),
        ("a0", field::A0, theirs::AUDIT_ARG0),
        ("a1", field::A1, theirs::AUDIT_ARG1),
        ("a2", field::A2, theirs::AUDIT_ARG2),
        ("a3", field::A3, theirs::AUDIT_ARG3),
        ("key", field::KEY, theirs::AUDIT_FILTERKEY),
    ] {
        assert_eq!(ours, number, "{name}");
        assert_eq!(field_number(name.as_bytes()), Some(number), "{name}");
    }
    for (operator, bits) in [
        (Operator::BitMask, theirs::AUDIT_BIT_MASK),
        (Operator::Less, theirs::AUDIT_LESS_THAN),
        (Operator::Greater, theirs::AUDIT_GREATER_THAN),
        (Operator::NotEqual, theirs::AUDIT_NOT_EQUAL),
        (Operator::Equal, theirs::AUDIT_EQUAL),
        (Operator::BitTest, theirs::AUDIT_BIT_TEST),
        (Operator::LessEqual, theirs::AUDIT_LESS_THAN_OR_EQUAL),
        (Operator::GreaterEqual, theirs::AUDIT_GREATER_THAN_OR_EQUAL),
    ] {
        assert_eq!(operator.bits(), bits, "{operator:?}");
    }
    assert_eq!(Operator::MASK, theirs::AUDIT_OPERATORS);
    for (arch, elf) in [
        (Arch::X86_64, theirs::AUDIT_ARCH_X86_64),
        (Arch::I386, theirs::AUDIT_ARCH_I386),
        (Arch::Aarch64, theirs::AUDIT_ARCH_AARCH64),
        (Arch::Arm, theirs::AUDIT_ARCH_ARM),
        (Arch::Ppc64le, theirs::AUDIT_ARCH_PPC64LE),
        (Arch::Ppc64, theirs::AUDIT_ARCH_PPC64),
        (Arch::Ppc, theirs::AUDIT_ARCH_PPC),
        (Arch::S390x, theirs::AUDIT_ARCH_S390X),
        (Arch::S390, theirs::AUDIT_ARCH_S390),
        (Arch::Mips, theirs::AUDIT_ARCH_MIPS),
        (Arch::Mipsel, theirs::AUDIT_ARCH_MIPSEL),
        (Arch::Mips64, theirs::AUDIT_ARCH_MIPS64),
        (Arch::Mips64el, theirs::AUDIT_ARCH_MIPSEL64),
    ] {
        assert_eq!(arch.elf(), elf, "{arch:?}");
    }
    for (list, number) in [
        (KnownList::User, theirs::AUDIT_FILTER_USER),
        (KnownList::Task, theirs::AUDIT_FILTER_TASK),
        (KnownList::Exit, theirs::AUDIT_FILTER_EXIT),
        (KnownList::Exclude, theirs::AUDIT_FILTER_TYPE),
        (KnownList::Filesystem, theirs::AUDIT_FILTER_FS),
    ] {
        assert_eq!(list.number(), number, "{list:?}");
    }
    assert_eq!(PREPEND, theirs::AUDIT_FILTER_PREPEND);
}

// ---- headers

const HEADER: &str = "/usr/include/linux/audit.h";

/// Every field, message type, comparison, list, action and operator in linux/audit.h of this machine is in our tables.
#[test]
fn agrees_with_linux_audit_h() {
    let Ok(text) = fs::read_to_string(Path::new(HEADER)) else {
        xtask::needs::skip(format_args!("there is no {HEADER}"));
        return;
    };
    let defines: BTreeMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("#define"))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .collect();
    let number = |name: &str| -> Option<u32> {
        let value = defines.get(name)?;
        value
            .strip_prefix("0x")
            .map_or_else(|| value.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())
    };
    let mut seen = 0;
    for name in defines.keys() {
        let (Some(short), Some(value)) = (name.strip_prefix("AUDIT_"), number(name)) else {
            continue;
        };
        if let Some(pair) = short.strip_prefix("COMPARE_") {
            let (left, right) = pair.split_once("_TO_").unwrap();
            let (left, right) = (left.to_lowercase(), right.to_lowercase());
            assert_eq!(compare_pair(value), Some((left.as_str(), right.as_str())));
        } else if short.starts_with("FIRST_")
            || short.starts_with("LAST_")
            || short.starts_with("MESSAGE_")
        {
            continue;
        } else if (1000..3000).contains(&value) {
            assert_eq!(kernel_msgtype_name(value), Some(short), "{name}");
        } else if let Some(ours) = field_number(short.to_lowercase().as_bytes()) {
            // `exit` and `watch` also name constants with another prefix.
            assert_eq!(ours, value, "{name}");
        } else {
            continue;
        }
        seen += 1;
    }
    assert!(seen > 150, "{seen} definitions looked at");
    for (name, ours) in [
        ("AUDIT_NEVER", KnownAction::Never.number()),
        ("AUDIT_POSSIBLE", KnownAction::Possible.number()),
        ("AUDIT_ALWAYS", KnownAction::Always.number()),
        ("AUDIT_FILTER_USER", KnownList::User.number()),
        ("AUDIT_FILTER_TASK", KnownList::Task.number()),
        ("AUDIT_FILTER_ENTRY", KnownList::Entry.number()),
        ("AUDIT_FILTER_WATCH", KnownList::Watch.number()),
        ("AUDIT_FILTER_EXIT", KnownList::Exit.number()),
        ("AUDIT_FILTER_EXCLUDE", KnownList::Exclude.number()),
        ("AUDIT_FILTER_FS", KnownList::Filesystem.number()),
        ("AUDIT_FILTER_URING_EXIT", KnownList::IoUring.number()),
        ("AUDIT_FILTER_PREPEND", PREPEND),
        ("AUDIT_WATCH", field::PATH),
        ("AUDIT_LOGINUID", field::AUID),
        ("AUDIT_LOGINUID_SET", field::LOGINUID_SET),
        ("AUDIT_FILTERKEY", field::KEY),
        ("AUDIT_ARG0", field::A0),
        ("AUDIT_PERM_EXEC", Perm::Exec.bit()),
        ("AUDIT_PERM_WRITE", Perm::Write.bit()),
        ("AUDIT_PERM_READ", Perm::Read.bit()),
        ("AUDIT_PERM_ATTR", Perm::Attr.bit()),
        ("AUDIT_BIT_MASK", Operator::BitMask.bits()),
        ("AUDIT_LESS_THAN", Operator::Less.bits()),
        ("AUDIT_GREATER_THAN", Operator::Greater.bits()),
        ("AUDIT_NOT_EQUAL", Operator::NotEqual.bits()),
        ("AUDIT_EQUAL", Operator::Equal.bits()),
        ("__AUDIT_ARCH_64BIT", 0x8000_0000),
    ] {
        // An older header lacks the definition.
        assert!(number(name).is_none_or(|theirs| theirs == ours), "{name}: {:?}", number(name));
    }
}
