//! Random rule sets about the calls of the program in the guest. The kernel accepts all of them.

use rauditctl::catalog::{Arch, Operator, field};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::rule::{Action, Field, FilterList, Mask, Op, Placement, Rule};

use crate::random::{Random, number, text};

/// Files that no call changes, and directories.
pub(super) const FILES: [&str; 7] = [
    "/tmp/t/file",
    "/tmp/t/secret",
    "/tmp/t/link",
    "/tmp/t/d/x",
    "/tmp/t/d/alice",
    "/tmp/t/none",
    "/tmp/t/d",
];
pub(super) const DIRECTORIES: [&str; 5] = ["/tmp/t", "/tmp/t/d", "/tmp/t/e", "/tmp", "/bin"];

/// Files that calls make, move or remove.
pub(super) const VOLATILE: [&str; 3] = ["/tmp/t/new", "/tmp/t/gone", "/tmp/t/e/moved"];

/// Files whose inodes rules name. The rules have their number in this list in place of the inode.
pub(super) const WITH_INODE: [&str; INODES as usize] =
    ["/tmp/t/file", "/tmp/t/d/x", "/tmp/t/secret", "/tmp/t/d"];

/// The length of that list.
pub(super) const INODES: u32 = 4;

/// Syscalls that the program makes, on x86_64 or i386.
const SYSCALLS: [u32; 30] = [
    2, 4, 6, 20, 21, 37, 39, 41, 42, 49, 59, 62, 76, 80, 83, 87, 89, 91, 92, 94, 105, 106, 133,
    165, 213, 231, 257, 263, 268, 437,
];

const IDS: [u32; 6] = [0, 8, 27, 33, 1000, u32::MAX];

/// The magic numbers of tmpfs and proc.
const FILE_SYSTEMS: [u32; 2] = [0x0102_1994, 0x9fa0];

/// Returns a set that records every call.
pub(super) fn everything() -> Vec<Rule> {
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    rule.mask = Mask::ALL;
    rule.fields.push(text(field::KEY, Op::EQUAL, b"everything"));
    vec![rule]
}

/// What random sets are about.
pub(super) struct Subject {
    /// Makes a rule.
    pub(super) rule: fn(&mut Random) -> Rule,
    /// Makes a condition on the task.
    pub(super) of_task: fn(&mut Random) -> Field,
}

/// The calls of `in_guest events`.
pub(super) const CALLS: Subject = Subject { rule, of_task };

/// Returns the two sets of a seed. The second one is the first with some changes.
pub(super) fn pair(profile: Profile, seed: u64, subject: &Subject) -> [Vec<Rule>; 2] {
    let mut random = Random::new(seed);
    let count = 2 + random.index(6);
    let mut first: Vec<Rule> = Vec::new();
    while first.len() < count {
        first.push((subject.rule)(&mut random));
        first = accepted(profile, first);
    }
    let mut second = first.clone();
    for _ in 0..=random.below(2) {
        change(&mut random, &mut second, subject);
    }
    [first, accepted(profile, second)]
}

/// Returns the rules without those that the kernel refuses.
fn accepted(profile: Profile, rules: Vec<Rule>) -> Vec<Rule> {
    let mut kernel = KernelModel::new(profile);
    let mut watched = Vec::new();
    let accepted = rules.into_iter().filter(|rule| {
        // The order of two rules on such a path depends on how often its file was replaced.
        let path = volatile(rule);
        let is_crowded = path.is_some_and(|path| watched.contains(&path));
        watched.extend(path);
        !is_crowded && kernel.add(rule).is_ok()
    });
    accepted.collect()
}

/// Removes, moves, replaces, adds, narrows or widens a rule.
fn change(random: &mut Random, rules: &mut Vec<Rule>, subject: &Subject) {
    let at = random.index(rules.len());
    match random.below(6) {
        0 if rules.len() > 1 => drop(rules.remove(at)),
        1 => {
            let moved = rules.remove(at);
            let to = random.index(rules.len() + 1);
            rules.insert(to, moved);
        }
        2 => rules[at] = (subject.rule)(random),
        3 => rules.insert(at, (subject.rule)(random)),
        4 if rules[at].list == FilterList::Exit => {
            rules[at].fields.insert(0, (subject.of_task)(random));
        }
        _ if rules[at].fields.len() > 1 => drop(rules[at].fields.pop()),
        _ => {}
    }
}

/// Returns the watched path if calls replace its file.
pub(super) fn volatile(rule: &Rule) -> Option<&'static str> {
    let watched = rule.fields.iter().find_map(|field| match field {
        Field::Text { text, .. } if field.number() == field::PATH => Some(text),
        _ => None,
    });
    VOLATILE.into_iter().find(|path| watched.is_some_and(|text| **text == *path.as_bytes()))
}

fn rule(random: &mut Random) -> Rule {
    let list = match random.below(12) {
        0 => FilterList::Exclude,
        1 => FilterList::Task,
        2 if random.once_in(2) => FilterList::Filesystem,
        _ => FilterList::Exit,
    };
    let action = if random.once_in(4) { Action::Never } else { Action::Always };
    let mut rule = Rule::new(list, action);
    if random.once_in(6) {
        rule.placement = Placement::Prepend;
    }
    match list {
        FilterList::Exclude => exclude(random, &mut rule),
        FilterList::Task => {
            rule.action = if random.once_in(3) { Action::Always } else { Action::Never };
            rule.fields.push(of_task(random));
            rule.fields.push(of_task(random));
        }
        FilterList::Filesystem => {
            rule.action = Action::Never;
            rule.fields.push(number(field::FSTYPE, equality(random), random.pick(&FILE_SYSTEMS)));
        }
        _ => exit(random, &mut rule),
    }
    rule
}

/// Drops records of some types, for some tasks.
fn exclude(random: &mut Random, rule: &mut Rule) {
    rule.mask = Mask::ALL;
    let kind = random.pick(&[1300, 1302, 1307, 1306]);
    rule.fields.push(number(field::MSGTYPE, Op::EQUAL, kind));
    if random.once_in(2) {
        let id = random.pick(&[field::UID, field::GID, field::AUID]);
        rule.fields.push(number(id, equality(random), random.pick(&IDS)));
    }
}

/// Returns a path or a directory that a rule names, or nothing.
pub(super) fn place(random: &mut Random) -> Option<Field> {
    match random.below(5) {
        0 | 1 => {
            let path = match random.once_in(3) {
                true => random.pick(&VOLATILE),
                false => random.pick(&FILES),
            };
            Some(text(field::PATH, Op::EQUAL, path.as_bytes()))
        }
        2 => Some(text(field::DIR, Op::EQUAL, random.pick(&DIRECTORIES).as_bytes())),
        _ => None,
    }
}

fn exit(random: &mut Random, rule: &mut Rule) {
    rule.mask = mask(random);
    if random.once_in(3) {
        let arch = random.pick(&[Arch::X86_64, Arch::X86_64, Arch::I386]);
        rule.fields.push(number(field::ARCH, equality(random), arch.elf()));
    }
    rule.fields.extend(place(random));
    for _ in 0..random.below(3) {
        let field = match random.below(3) {
            0 => of_task(random),
            1 => of_call(random),
            _ => of_name(random),
        };
        // A call that makes the file loses the program.
        if volatile(rule).is_none() || field.number() != field::EXE {
            rule.fields.push(field);
        }
    }
    if !random.once_in(4) {
        let key = random.pick(&["a", "b", "c\x01d"]);
        rule.fields.push(text(field::KEY, Op::EQUAL, key.as_bytes()));
    }
}

fn mask(random: &mut Random) -> Mask {
    if random.once_in(2) {
        return Mask::ALL;
    }
    let mut mask = Mask::EMPTY;
    for call in SYSCALLS {
        if random.once_in(2) {
            assert!(mask.insert(call));
        }
    }
    mask
}

pub(super) fn equality(random: &mut Random) -> Op {
    Op::Known(random.pick(&[Operator::Equal, Operator::Equal, Operator::NotEqual]))
}

pub(super) fn order(random: &mut Random) -> Op {
    Op::Known(random.pick(&[
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessEqual,
        Operator::Greater,
        Operator::GreaterEqual,
    ]))
}

pub(super) fn of_task(random: &mut Random) -> Field {
    match random.below(8) {
        0 => number(field::AUID, order(random), random.pick(&[0, 1000, u32::MAX])),
        1 => number(field::LOGINUID_SET, equality(random), random.below(2)),
        2 => number(field::SESSIONID, order(random), random.pick(&[1, 2, u32::MAX])),
        3 => number(field::PERS, equality(random), random.pick(&[0, 0x4_0000])),
        4 => number(field::PPID, order(random), random.pick(&[1, 0x7fff_ffff])),
        5 => {
            let program = random.pick(&["/sbin/in_guest", "/bin/busybox"]);
            text(field::EXE, equality(random), program.as_bytes())
        }
        _ => number(field::UID + random.below(8), order(random), random.pick(&IDS)),
    }
}

fn of_call(random: &mut Random) -> Field {
    match random.below(5) {
        0 => number(field::SUCCESS, equality(random), random.below(2)),
        1 => number(
            field::EXIT,
            order(random),
            random.pick(&[0, 1, 3, errno(1), errno(2), errno(13)]),
        ),
        2 => number(field::SADDR_FAM, equality(random), random.pick(&[1, 2])),
        3 => number(field::FIELD_COMPARE, equality(random), 1 + random.below(25)),
        _ => number(
            field::A0 + random.below(4),
            Op::Known(random.pick(&Operator::ALL)),
            random.pick(&[0, 1, 2, 0o101, 1000]),
        ),
    }
}

/// Returns the result of a call that fails.
fn errno(number: i32) -> u32 {
    (-number).cast_unsigned()
}

fn of_name(random: &mut Random) -> Field {
    const TYPES: [u32; 5] = [0o100_000, 0o040_000, 0o120_000, 0o010_000, 0o020_000];
    match random.below(7) {
        0 | 1 => number(field::PERM, Op::EQUAL, 1 + random.below(15)),
        2 => number(field::FILETYPE, equality(random), random.pick(&TYPES)),
        3 => number(field::OBJ_UID, order(random), random.pick(&[0, 1000])),
        4 => number(field::OBJ_GID, order(random), random.pick(&[0, 1000])),
        5 => number(field::INODE, equality(random), random.below(INODES)),
        _ => number(field::DEVMINOR, order(random), random.pick(&[2, 3, 5, 30])),
    }
}
