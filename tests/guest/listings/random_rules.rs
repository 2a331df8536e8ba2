//! Random rules that a kernel accepts. Most of them cannot be written for auditctl.

use rauditctl::catalog::{self, Arch, FieldKind, FieldRow, Operator, field};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Mask, Op, Placement, Rule};

use crate::random::{Random, number, text};

/// The keys, alone and joined.
const KEYS: [&str; 7] =
    ["identity", "time", "time-change", "two\x01keys", "identity\x01x", "\x01", "a b\u{e9}"];

/// No auditctl has a name for a syscall from this number on.
const NAMED_SYSCALLS: u32 = 480;

/// Files and directories. Those that do not exist have a parent that exists.
const FILES: [&str; 5] = ["/etc/passwd", "/etc/group", "/etc/nothing", "/tmp/a b", "/bin/busybox"];
const DIRECTORIES: [&str; 4] = ["/etc", "/tmp/", "/tmp/d", "/"];

/// The two arches of the kernel, an arch that it does not run, and a number that is no arch.
const ARCHES: [u32; 5] =
    [Arch::X86_64.elf(), Arch::X86_64.elf(), Arch::I386.elf(), Arch::Aarch64.elf(), 0x1234_5678];

/// Returns `count` different rules in the order in which they are added, and in the order in which the kernel
/// lists them.
pub(super) fn rules(profile: Profile, seed: u64, count: usize) -> (Vec<Rule>, Vec<Rule>) {
    let mut random = Random::new(seed);
    // No kernel checks values.
    let mut kernel = KernelModel::new(profile.without_value_checks());
    let mut rules = Vec::new();
    while rules.len() < count {
        let rule = rule(&mut random);
        let Ok(held) = kernel.kernel_rule(&rule) else { continue };
        if kernel.rules().all(|other| *other != held) && kernel.add(&rule).is_ok() {
            rules.push(rule);
        }
    }
    (rules, kernel.rules().cloned().collect())
}

fn rule(random: &mut Random) -> Rule {
    let mut rule = match random.below(8) {
        0 => watch(random),
        1 | 2 => arguments(random),
        _ => any(random),
    };
    if random.once_in(5) {
        rule.placement = Placement::Prepend;
    }
    if random.once_in(3) {
        let key = random.pick(&KEYS);
        let at = random.index(rule.fields.len() + 1);
        rule.fields.insert(at, text(field::KEY, equality(random), key.as_bytes()));
    }
    rule
}

/// `-w`, or nearly so.
fn watch(random: &mut Random) -> Rule {
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    rule.mask = Mask::ALL;
    rule.fields.push(match random.once_in(2) {
        true => text(field::PATH, Op::EQUAL, random.pick(&FILES).as_bytes()),
        false => text(field::DIR, Op::EQUAL, random.pick(&DIRECTORIES).as_bytes()),
    });
    rule.fields.push(number(field::PERM, Op::EQUAL, random.below(16)));
    if random.once_in(4) {
        rule.fields.swap(0, 1);
    }
    if random.once_in(4) {
        rule.action = Action::Never;
    }
    rule
}

/// One syscall with an arch, and its arguments.
fn arguments(random: &mut Random) -> Rule {
    let arch = random.pick(&[Arch::X86_64, Arch::X86_64, Arch::I386]);
    let calls: Vec<u32> = (0..NAMED_SYSCALLS)
        .filter(|call| catalog::syscall_name(arch, *call).is_some_and(has_known_argument))
        .collect();
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    assert!(rule.mask.insert(random.pick(&calls)));
    rule.fields.push(number(field::ARCH, Op::EQUAL, arch.elf()));
    for argument in 0..4 {
        if !random.once_in(3) {
            let op = Op::Known(random.pick(&Operator::ALL));
            rule.fields.push(number(field::A0 + argument, op, argument_value(random)));
        }
    }
    rule
}

fn has_known_argument(syscall: &str) -> bool {
    (0..4).any(|argument| catalog::argument::argument_kind(syscall, argument, |_| 0).is_some())
}

/// Most names are for small numbers or for a few bits.
fn argument_value(random: &mut Random) -> u32 {
    match random.below(6) {
        0 => random.below(1000),
        1 => 1 << random.below(32),
        2 => (1 << random.below(32)) | (1 << random.below(16)) | random.below(8),
        3 => random.pick(&[0, 1, 1000, u32::MAX, u32::MAX - 99, 0o644, 0o4755, 0o100_644]),
        _ => random.below(80),
    }
}

fn any(random: &mut Random) -> Rule {
    let list = match random.below(10) {
        0 => FilterList::Task,
        1 => FilterList::User,
        2 => FilterList::Exclude,
        3 => FilterList::Filesystem,
        4 => FilterList::IoUring,
        _ => FilterList::Exit,
    };
    let mut rule = Rule::new(list, random.pick(&[Action::Always, Action::Never]));
    rule.mask = mask(random);
    if random.once_in(2) {
        rule.fields.push(number(field::ARCH, equality(random), random.pick(&ARCHES)));
    }
    let rows: Vec<&FieldRow> = (0..256).filter_map(catalog::field_info).collect();
    for _ in 0..random.below(6) {
        let row = random.pick(&rows);
        rule.fields.push(any_field(random, row));
    }
    rule
}

/// All, none, some, classes among them, and numbers that no syscall has.
fn mask(random: &mut Random) -> Mask {
    let mut mask = match random.below(6) {
        0 => Mask::ALL,
        1 => Mask::EMPTY,
        2 => random.mask(40, NAMED_SYSCALLS),
        _ => random.mask(3, NAMED_SYSCALLS),
    };
    if random.once_in(6) {
        assert!(mask.insert(Mask::FIRST_CLASS_BIT + random.below(16)));
    }
    if random.once_in(4) {
        assert!(mask.insert(random.below(Mask::FIRST_CLASS_BIT)));
    }
    mask
}

fn equality(random: &mut Random) -> Op {
    Op::Known(random.pick(&[Operator::Equal, Operator::NotEqual]))
}

fn any_field(random: &mut Random, row: &FieldRow) -> Field {
    let operators: Vec<_> = Operator::ALL
        .into_iter()
        .filter(|operator| row.kernel_operators.contains(*operator))
        .collect();
    let op = match operators.is_empty() {
        true => Op::EQUAL,
        false => Op::Known(random.pick(&operators)),
    };
    match FieldId::of(row.number) {
        FieldId::Text(_) => text(row.number, op, any_text(random, row.number).as_bytes()),
        FieldId::Number(_) => number(row.number, op, any_value(random, row.kind)),
    }
}

fn any_text(random: &mut Random, id: u32) -> &'static str {
    match id {
        field::PATH | field::EXE => random.pick(&FILES),
        field::DIR => random.pick(&DIRECTORIES),
        field::KEY => random.pick(&KEYS),
        // AppArmor looks for a profile of this name.
        field::SUBJ_ROLE => "unconfined",
        _ => random.pick(&["staff_u", "system_r", "s0-s0:c0.c1023", "a b"]),
    }
}

fn any_value(random: &mut Random, kind: FieldKind) -> u32 {
    match kind {
        FieldKind::Arch => random.pick(&ARCHES),
        FieldKind::MessageType => 1000 + random.below(1900),
        FieldKind::FsType => fstype(random),
        FieldKind::Perm => random.below(16),
        FieldKind::Compare => random.below(30),
        FieldKind::FileType => random.below(20) << 12,
        FieldKind::Errno => random.below(200).wrapping_neg(),
        FieldKind::Family => random.below(50),
        FieldKind::Success => random.below(3),
        _ => match random.below(5) {
            0 => random.bits(),
            1 => u32::MAX,
            2 => random.pick(&[0, 1, 33, 1000, 65534]),
            _ => random.below(1000),
        },
    }
}

fn fstype(random: &mut Random) -> u32 {
    let names = ["debugfs", "tracefs", "cgroup", "cgroup2"];
    match random.once_in(3) {
        true => random.bits(),
        false => catalog::fstype_number(random.pick(&names).as_bytes()).unwrap(),
    }
}
