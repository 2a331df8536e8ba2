//! Compares the tables of the catalog with the vocabulary, and with facts from other sources. `second_opinion` compares
//! them with other crates and the kernel's headers.

mod second_opinion;

use rauditctl::catalog::{
    Arch, FieldKind, KernelVersion, KnownAction, KnownList, Operator, Perm, Word,
    auditctl_spelling, compare_number, compare_pair, errno_name, errno_number, field, field_info,
    field_name, field_number, filetype_number, fstype_name, fstype_number, kernel_msgtype_name,
    kernel_syscall_name, kernel_syscall_number, meaning, meanings, msgtype_name, msgtype_number,
    nearest_field, nearest_syscall, perm_syscalls, replacement, successors, syscall_name,
    syscall_number, syscall_since, syscalls, uring_op_name, uring_op_number,
};
use rauditctl::syntax::{LONG, SHORT};

#[test]
fn generated_files_are_fresh() {
    let stale = xtask::vocab::stale(&xtask::root()).unwrap();
    assert!(stale.is_empty(), "run `cargo xtask vocab`; stale: {stale:?}");
}

// ---- facts from other sources

/// Linux's arch/*/syscalls tables and asm-generic/unistd.h.
#[test]
fn finds_syscalls_by_name() {
    for (arch, name, number) in [
        (Arch::X86_64, "openat", 257),
        (Arch::X86_64, "mprotect", 10),
        (Arch::X86_64, "execve", 59),
        (Arch::X86_64, "mseal", 462),
        (Arch::I386, "unlink", 10),
        (Arch::I386, "openat", 295),
        (Arch::I386, "socketcall", 102),
        (Arch::Aarch64, "unlinkat", 35),
        (Arch::Aarch64, "openat", 56),
        (Arch::Aarch64, "execve", 221),
        (Arch::Arm, "openat", 322),
        (Arch::Ppc64le, "openat", 286),
        (Arch::Ppc64, "execve", 11),
        (Arch::S390x, "openat", 288),
        (Arch::S390, "socketcall", 102),
        (Arch::Riscv64, "openat", 56),
        (Arch::Riscv32, "clock_gettime64", 403),
        (Arch::Loongarch64, "openat", 56),
        (Arch::Mips, "openat", 4288),
        (Arch::Mips64, "openat", 5247),
    ] {
        assert_eq!(syscall_number(arch, name.as_bytes()), Some(number), "{arch:?} {name}");
    }
    assert_eq!(syscall_number(Arch::X86_64, b"OpenAt"), Some(257));
    assert_eq!(syscall_number(Arch::X86_64, b"opennat"), None);
    assert_eq!(syscall_number(Arch::Aarch64, b"open"), None);
}

/// The names of auditctl 4.2.1's `ausyscall ARCH --dump`.
#[test]
fn auditctl_spells_some_syscalls_differently() {
    for (arch, kernel, auditctl, number) in [
        (Arch::X86_64, "pread64", "pread", 17),
        (Arch::X86_64, "pwrite64", "pwrite", 18),
        (Arch::I386, "kexec_load", "sys_kexec_load", 283),
        (Arch::Aarch64, "getdents64", "getdents", 61),
        (Arch::Aarch64, "fstat", "newfstat", 80),
        (Arch::Arm, "_llseek", "llseek", 140),
        (Arch::Ppc64le, "perf_event_open", "perf_counter_open", 319),
        (Arch::S390x, "pread64", "pread", 180),
    ] {
        assert_eq!(syscall_number(arch, kernel.as_bytes()), None, "{arch:?} {kernel}");
        assert_eq!(
            kernel_syscall_number(arch, kernel.as_bytes()),
            Some(number),
            "{arch:?} {kernel}"
        );
        assert_eq!(auditctl_spelling(arch, kernel.as_bytes()), Some(auditctl), "{arch:?} {kernel}");
        assert_eq!(syscall_number(arch, auditctl.as_bytes()), Some(number), "{arch:?} {auditctl}");
        assert_eq!(syscall_name(arch, number), Some(auditctl), "{arch:?} {number}");
        assert_eq!(kernel_syscall_name(arch, number), Some(kernel), "{arch:?} {number}");
    }
    // The number has two names; the first name in the table is printed.
    assert_eq!(syscall_number(Arch::I386, b"madvise1"), Some(219));
    assert_eq!(syscall_name(Arch::I386, 219), Some("madvise"));
    // A name that only the kernel has, and a name that only auditctl has.
    assert_eq!(syscall_number(Arch::X86_64, b"uretprobe"), None);
    assert_eq!(syscall_name(Arch::X86_64, 335), None);
    assert_eq!(kernel_syscall_name(Arch::X86_64, 335), Some("uretprobe"));
    assert_eq!(syscall_number(Arch::X86_64, b"uselib"), Some(134));
    assert_eq!(kernel_syscall_number(Arch::X86_64, b"uselib"), None);
}

/// Every name gives its number, and every number its first name.
#[test]
fn names_and_numbers_agree() {
    for arch in Arch::ALL {
        for syscall in syscalls(arch) {
            let number = syscall.number;
            if let Some(name) = syscall.auditctl_name {
                assert!(arch.known_to_auditctl(), "{arch:?} {name}");
                assert_eq!(syscall_number(arch, name.as_bytes()), Some(number), "{arch:?} {name}");
                assert_eq!(syscall_name(arch, number), Some(name), "{arch:?} {number}");
            }
            if let Some(name) = syscall.kernel_name {
                assert_eq!(
                    kernel_syscall_number(arch, name.as_bytes()),
                    Some(number),
                    "{arch:?} {name}"
                );
                assert_eq!(kernel_syscall_name(arch, number), Some(name), "{arch:?} {number}");
            }
        }
    }
}

/// Kernel versions from the manual pages of section 2; NR_syscalls of 6.1 from its build.
#[test]
fn knows_the_syscalls_of_kernel_versions() {
    let version = KernelVersion::new;
    assert_eq!(syscall_since(Arch::X86_64, 452), Some(version(6, 6)));
    assert_eq!(syscall_since(Arch::Aarch64, 437), Some(version(5, 6)));
    assert_eq!(syscall_since(Arch::X86_64, 257), None);
    assert_eq!(Arch::X86_64.nr_syscalls_at(version(6, 1)), Some(451));
    assert_eq!(Arch::I386.nr_syscalls_at(version(6, 1)), Some(451));
    assert_eq!(Arch::Aarch64.nr_syscalls_at(version(6, 12)), Some(463));
    assert_eq!(Arch::Arm.nr_syscalls_at(version(6, 1)), Some(452));
    assert_eq!(Arch::X86_64.nr_syscalls_at(version(4, 19)), None);
    assert_eq!(Arch::X86_64.nr_syscalls(), 472);
    assert_eq!(KernelVersion::parse(b"6.1.0-18-amd64"), Some(version(6, 1)));
    assert_eq!(KernelVersion::parse(b"6.12"), Some(version(6, 12)));
    for text in ["", "6", "6.", ".1", "+6.1", "six.one", "99999.1"] {
        assert_eq!(KernelVersion::parse(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn parses_one_kernel_version_and_nothing_else() {
    let releases = [
        "6.1",
        "6.1.0",
        "6.1.0-18-amd64",
        "6.1-rc3",
        "6.1.0+",
        "6.1.0-553.el8_10.x86_64",
        "6.1.167.4-microsoft-standard-WSL2",
    ];
    for text in releases {
        assert_eq!(KernelVersion::parse(text.as_bytes()), Some(KernelVersion::new(6, 1)), "{text}");
    }
    for text in [
        "6.1-6.12",
        "6.1.0-6.12.0",
        "6.12,6.1",
        "6.1foo",
        "6.1..6.12",
        "6.1.",
        "6.1 ",
        "6.1:6.12",
        "6.1.x",
    ] {
        assert_eq!(KernelVersion::parse(text.as_bytes()), None, "{text}");
    }
    // A running kernel may have any name.
    assert_eq!(KernelVersion::of_release(b"6.1.0custom"), Some(KernelVersion::new(6, 1)));
}

/// The arches of b32 and b64 in auditctl 4.2.1, for each machine name.
#[test]
fn finds_arches_by_name() {
    for arch in Arch::ALL {
        assert_eq!(Arch::from_elf(arch.elf()), Some(arch));
        assert_eq!(Arch::from_name(arch.name().as_bytes()), Some(arch));
        assert_eq!(Arch::from_name(arch.common_name().as_bytes()), Some(arch));
        assert_eq!(arch.is_64bit(), arch.elf() & 0x8000_0000 != 0);
        assert_eq!(arch.b64().is_some(), arch.is_64bit());
    }
    for (name, arch) in [
        ("i486", Arch::I386),
        ("I686", Arch::I386),
        ("armeb", Arch::Arm),
        ("armv7l", Arch::Arm),
        ("armv8l", Arch::Aarch64),
        ("X86_64", Arch::X86_64),
    ] {
        assert_eq!(Arch::from_name(name.as_bytes()), Some(arch), "{name}");
    }
    for name in ["", "b64", "amd64", "uring", "alpha"] {
        assert_eq!(Arch::from_name(name.as_bytes()), None, "{name}");
    }
    assert_eq!(Arch::Arm.name(), "armeb");
    assert_eq!(Arch::X86_64.b32(), Some(Arch::I386));
    assert_eq!(Arch::Aarch64.b32(), Some(Arch::Arm));
    assert_eq!(Arch::Ppc64.b32(), Some(Arch::Ppc));
    assert_eq!(Arch::Ppc64le.b32(), None);
    assert_eq!(Arch::S390x.b32(), Some(Arch::S390));
    assert_eq!(Arch::Riscv64.b32(), Some(Arch::Riscv32));
    assert_eq!(Arch::I386.b32(), Some(Arch::I386));
    assert_eq!(Arch::I386.b64(), None);
}

#[test]
fn suggests_similar_names() {
    assert_eq!(nearest_syscall(Arch::X86_64, b"opennat"), Some("openat"));
    assert_eq!(nearest_syscall(Arch::X86_64, b"exceve"), Some("execve"));
    assert_eq!(nearest_syscall(Arch::X86_64, b"OPENNAT"), Some("openat"));
    assert_eq!(nearest_syscall(Arch::X86_64, b"frobnicate"), None);
    assert_eq!(nearest_syscall(Arch::X86_64, b"pread64"), Some("pread"));
    assert_eq!(nearest_syscall(Arch::X86_64, b"\xff\xfe"), None);
    assert_eq!(nearest_field(b"audi"), Some("auid"));
    assert_eq!(replacement(Arch::Aarch64, b"unlink"), Some("unlinkat"));
    assert_eq!(replacement(Arch::Aarch64, b"open"), Some("openat"));
    assert_eq!(replacement(Arch::Riscv64, b"rename"), Some("renameat2"));
    assert_eq!(replacement(Arch::Aarch64, b"stat"), Some("newfstatat"));
    assert_eq!(replacement(Arch::X86_64, b"unlink"), None);
    assert_eq!(replacement(Arch::X86_64, b"nosuch"), None);
}

/// A replacement, a successor, and the syscalls that have one are syscalls of some arch.
#[test]
fn replacements_and_successors_are_syscalls() {
    let known =
        |name: &str| Arch::ALL.iter().any(|arch| syscall_number(*arch, name.as_bytes()).is_some());
    for (file, column) in [("replacements", "instead"), ("successors", "successors")] {
        let path = xtask::root().join(format!("grammar/vocab/{file}.tsv"));
        let table = xtask::tsv::Table::read(&path).unwrap();
        for row in table.rows() {
            assert!(known(row.get("name").unwrap()), "{}", row.get("name").unwrap());
            for other in row.words(column).unwrap() {
                assert!(known(other), "{other}");
            }
        }
    }
}

/// Manual pages of section 2.
#[test]
fn returns_successors_of_syscalls() {
    assert_eq!(successors(b"openat"), ["openat2"]);
    assert_eq!(successors(b"Rename"), ["renameat", "renameat2"]);
    assert!(successors(b"openat2").is_empty());
    assert!(successors(b"getpid").is_empty());
}

#[test]
fn finds_fields_lists_actions_and_operators() {
    assert_eq!(field_number(b"LoginUID"), Some(field::AUID));
    assert_eq!(field_name(field::AUID), Some("auid"));
    assert_eq!(field_number(b"loginuid_set"), None);
    assert_eq!(field_info(field::LOGINUID_SET).unwrap().lists, []);
    assert_eq!(field_info(field::EXIT).unwrap().kind, FieldKind::Errno);
    assert_eq!(field_info(field::PERM).unwrap().lists, [KnownList::Exit, KnownList::Exclude]);
    assert!(field_info(field::A0).unwrap().kernel_operators.contains(Operator::BitTest));
    assert!(!field_info(field::UID).unwrap().kernel_operators.contains(Operator::BitMask));
    assert_eq!(KnownList::from_name(b"EXIT"), Some(KnownList::Exit));
    assert_eq!(KnownList::from_number(7), Some(KnownList::IoUring));
    assert_eq!(KnownAction::from_name(b"always"), Some(KnownAction::Always));
    assert_eq!(KnownAction::from_name(b"Always"), None);
    assert_eq!(Operator::from_bits(0x4800_0000), Some(Operator::BitTest));
    assert_eq!(Operator::from_bits(0x7800_0000), None);
}

#[test]
fn finds_values_by_name() {
    assert_eq!(errno_number(b"eacces"), Some(13));
    assert_eq!(errno_number(b"EWOULDBLOCK"), Some(11));
    assert_eq!(errno_name(11), Some("EAGAIN"));
    assert_eq!(errno_number(b"EDEADLOCK"), Some(35));
    assert_eq!(errno_name(35), Some("EDEADLK"));
    assert_eq!(errno_number(b"ENOTSUP"), None);
    assert_eq!(errno_number(b"ERESTARTSYS"), None);
    assert_eq!(msgtype_number(b"cwd"), Some(1307));
    assert_eq!(msgtype_number(b"LANDLOCK_ACCESS"), Some(1423));
    assert_eq!(msgtype_number(b"MAC_TASK_CONTEXTS"), None);
    assert_eq!(msgtype_name(1425), None);
    assert_eq!(kernel_msgtype_name(1425), Some("MAC_TASK_CONTEXTS"));
    assert_eq!(filetype_number(b"FILE"), Some(0o100_000));
    assert_eq!(filetype_number(b"regular"), None);
    assert_eq!(fstype_number(b"tracefs"), Some(0x7472_6163));
    assert_eq!(fstype_name(0x6367_7270), Some("cgroup2"));
    assert_eq!(uring_op_number(b"openat2"), Some(28));
    assert_eq!(uring_op_name(0), None);
    assert_eq!(compare_number(field::OBJ_UID, field::UID), Some(1));
    assert_eq!(compare_number(field::UID, field::GID), None);
    assert_eq!(compare_pair(16), Some(("auid", "euid")));
    assert_eq!(compare_pair(26), None);
    assert_eq!(perm_syscalls(1), ["execve", "execveat"]);
    assert!(perm_syscalls(3).is_empty());
    let letters: Vec<u8> = Perm::ALL.iter().map(|perm| perm.letter()).collect();
    assert_eq!(letters, b"rwxa");
}

#[test]
fn every_word_of_a_rule_has_a_meaning() {
    let has = |kind, word: &str| assert!(meaning(kind, word).is_some(), "{kind:?} {word}");
    for (letter, _, takes_value) in SHORT {
        let name = format!("-{}", char::from(letter));
        has(Word::Option, &name);
        assert_eq!(meaning(Word::Option, &name).unwrap().value.is_some(), takes_value, "{name}");
    }
    for (name, _, takes_value) in LONG {
        let name = format!("--{}", String::from_utf8_lossy(name));
        has(Word::Option, &name);
        assert_eq!(meaning(Word::Option, &name).unwrap().value.is_some(), takes_value, "{name}");
    }
    for list in KnownList::ALL.iter().filter(|list| list.known_to_auditctl()) {
        has(Word::List, list.name());
    }
    for action in KnownAction::ALL {
        has(Word::Action, action.name());
    }
    for operator in Operator::ALL {
        has(Word::Operator, operator.symbol());
    }
    for perm in Perm::ALL {
        has(Word::Perm, &char::from(perm.letter()).to_string());
    }
    let fields = xtask::tsv::Table::read(&xtask::root().join("grammar/vocab/fields.tsv")).unwrap();
    for row in fields.rows().filter(|row| row.get("lists").unwrap() != "-") {
        has(Word::Field, row.get("name").unwrap());
    }
    for field in meanings(Word::Field) {
        assert!(field_number(field.word.as_bytes()).is_some(), "{} is no field", field.word);
    }
}
