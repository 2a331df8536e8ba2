//! Random sequences of requests. There are few different rules, so that some are equal, and every kind of illegal
//! rule.

use rauditctl::catalog::{Operator, field};
use rauditctl::rule::{
    Action, Field, FieldId, FilterList, KERNEL_MAX_FIELDS, Mask, Op, Placement, Request, Rule,
};
use rauditctl::wire;

use crate::random::{Random, number, text};

/// A path whose directory does not exist.
pub(crate) const NOWHERE: &[u8] = b"/no/such/file";

/// The maximum number of requests in a sequence.
const LONGEST: u32 = 40;

/// Operator bits that are not an operator.
const NO_OPERATORS: [u32; 5] = [0, 0x7800_0000, 0x4000_0001, 0x8000_0000, 0x3800_0000];

/// Paths of files, some of them invalid.
const FILES: [&[u8]; 9] = [
    b"/etc/passwd",
    b"/etc/group",
    b"/etc/nothing",
    b"/etc/",
    b"etc",
    b"",
    b"/",
    b"/etc/pass\0wd",
    NOWHERE,
];

/// Paths of directories, some of them invalid.
const DIRECTORIES: [&[u8]; 7] = [b"/etc", b"/etc/", b"/", b"etc", b"", b"/et\0c", NOWHERE];

/// Returns the sequence that these random numbers determine.
pub(crate) fn sequence(random: &mut Random) -> Vec<Request> {
    let length = 1 + random.below(LONGEST);
    let mut rules: Vec<Rule> = Vec::new();
    let mut requests = Vec::new();
    for _ in 0..length {
        let rule = match rules.is_empty() || random.once_in(2) {
            true => rule(random),
            false => again(random, &rules),
        };
        rules.push(rule.clone());
        requests.push(match random.once_in(3) {
            true => Request::Delete(rule),
            false => Request::Add(rule),
        });
    }
    requests
}

/// Returns an earlier rule, perhaps with another placement or action.
fn again(random: &mut Random, rules: &[Rule]) -> Rule {
    let mut rule = random.pick(rules);
    if random.once_in(3) {
        rule.placement = random.pick(&[Placement::Append, Placement::Prepend]);
    }
    if random.once_in(8) {
        rule.action = random.pick(&[Action::Always, Action::Never]);
    }
    rule
}

/// Returns a rule that is probably legal or probably illegal.
fn rule(random: &mut Random) -> Rule {
    let is_wild = random.once_in(3);
    let mut rule = match is_wild {
        true => Rule::new(any_list(random), any_action(random)),
        false => Rule::new(list(random), random.pick(&[Action::Always, Action::Never])),
    };
    if random.once_in(4) {
        rule.placement = Placement::Prepend;
    }
    rule.mask = mask(random);
    let is_full = random.once_in(40);
    let count = if is_full { KERNEL_MAX_FIELDS as u32 - random.below(2) } else { random.below(4) };
    let fields = (0..count).map(|_| match (is_wild, is_full) {
        (true, _) => any_field(random),
        (false, true) => number(field::PID, Op::EQUAL, random.below(3)),
        (false, false) => legal_field(random, rule.list),
    });
    rule.fields = fields.collect();
    // A longer rule is never sent to the kernel.
    while wire::encode(&rule).len() > wire::MAX_PAYLOAD {
        rule.fields.pop();
    }
    rule
}

fn list(random: &mut Random) -> FilterList {
    const LISTS: [FilterList; 5] = [
        FilterList::User,
        FilterList::Task,
        FilterList::Exclude,
        FilterList::Filesystem,
        FilterList::IoUring,
    ];
    if random.once_in(4) { random.pick(&LISTS) } else { FilterList::Exit }
}

fn any_list(random: &mut Random) -> FilterList {
    match random.below(30) {
        0 => FilterList::Raw(0xffff_ffef),
        1..18 => FilterList::Exit,
        _ => FilterList::from_number(random.below(10)),
    }
}

fn any_action(random: &mut Random) -> Action {
    match random.once_in(10) {
        true => Action::from_number(random.below(5)),
        false => random.pick(&[Action::Always, Action::Never]),
    }
}

/// Returns a field that is usually legal on its own.
fn legal_field(random: &mut Random, list: FilterList) -> Field {
    let op = Op::Known(random.pick(&[Operator::Equal, Operator::Equal, Operator::NotEqual]));
    let key = random.pick(&[b"one".as_slice(), b"two", b"one\x01two", b"k\0ey"]);
    if list == FilterList::Filesystem {
        return match random.once_in(2) {
            true => number(field::FSTYPE, op, random.below(3)),
            false => text(field::KEY, op, key),
        };
    }
    match random.below(10) {
        0 if list == FilterList::Exit => text(field::PATH, Op::EQUAL, random.pick(&FILES[..3])),
        1 if list == FilterList::Exit => {
            text(field::DIR, Op::EQUAL, random.pick(&DIRECTORIES[..2]))
        }
        2 => text(field::EXE, op, random.pick(&FILES[..3])),
        3 => text(field::KEY, op, key),
        4 => number(field::AUID, op, random.pick(&[u32::MAX, u32::MAX - 1, 0])),
        5 => number(field::LOGINUID_SET, op, random.pick(&[0, 1])),
        6 => number(field::ARCH, op, random.pick(&[0xc000_003e, 0x4000_0003, 1])),
        7 => number(random.pick(&[field::PERM, field::FILETYPE]), Op::EQUAL, random.below(17)),
        8 => number(random.pick(&[field::UID, field::OBJ_GID]), op, random.pick(&[0, 1, u32::MAX])),
        _ => number(field::A0 + random.below(4), Op::Known(random.pick(&Operator::ALL)), 7),
    }
}

/// Returns a mask: all, a class, numbers around the end of the table, or random numbers.
fn mask(random: &mut Random) -> Mask {
    let mut mask = match random.below(6) {
        0 => Mask::ALL,
        1 => random.mask(3, Mask::BITS),
        2 | 3 => random.mask(2, 4),
        _ => {
            let mut mask = Mask::EMPTY;
            assert!(mask.insert(448 + random.below(6)));
            mask
        }
    };
    if random.once_in(4) {
        assert!(mask.insert(Mask::FIRST_CLASS_BIT + random.below(16)));
    }
    mask
}

fn op(random: &mut Random) -> Op {
    match random.below(30) {
        0 => Op::Raw(random.pick(&NO_OPERATORS)),
        1..16 => Op::EQUAL,
        _ => Op::Known(random.pick(&Operator::ALL)),
    }
}

fn any_field(random: &mut Random) -> Field {
    let op = op(random);
    match random.below(10) {
        0 => text(field::PATH, op, random.pick(&FILES)),
        1 => text(field::DIR, op, random.pick(&DIRECTORIES)),
        2 => text(field::EXE, op, random.pick(&FILES)),
        3 => text(field::KEY, op, &vec![b'k'; random.pick(&[0, 1, 2, 256, 257])]),
        4 => number(field::AUID, op, random.pick(&[u32::MAX, u32::MAX - 1, 0])),
        5 => number(field::LOGINUID_SET, op, random.pick(&[0, 1])),
        6 => label(random, op),
        7 => long_text(random, op),
        _ => any_number(random, op),
    }
}

/// Returns a field with a security label. AppArmor, the security module of this kernel, looks only at `subj_role`,
/// and requires an existing profile there.
fn label(random: &mut Random, op: Op) -> Field {
    const LABELS: [u32; 9] = [
        field::SUBJ_USER,
        field::SUBJ_TYPE,
        field::SUBJ_SEN,
        field::SUBJ_CLR,
        field::OBJ_USER,
        field::OBJ_ROLE,
        field::OBJ_TYPE,
        field::OBJ_LEV_LOW,
        field::OBJ_LEV_HIGH,
    ];
    let value: [&[u8]; 3] = [b"a", b"", b"b\0c"];
    text(random.pick(&LABELS), op, random.pick(&value))
}

/// Returns a field with a text at the limit of its length, or beyond. No path that can be looked up is that long.
fn long_text(random: &mut Random, op: Op) -> Field {
    let (id, length) = random.pick(&[
        (field::SUBJ_USER, 4096),
        (field::SUBJ_USER, 4097),
        (field::PATH, 4097),
        (field::DIR, 4097),
        (field::EXE, 4097),
    ]);
    let mut long = NOWHERE.to_vec();
    long.resize(length, b'x');
    text(id, op, &long)
}

/// Returns a field with any number, known or unknown.
fn any_number(random: &mut Random, op: Op) -> Field {
    const VALUES: [u32; 14] =
        [0, 1, 2, 8, 15, 16, 25, 26, 45, 46, 0o100_000, 0o170_000, u32::MAX, 0xc000_003e];
    loop {
        let id = match random.below(4) {
            0 => random.pick(&[field::UID, field::GID, field::INODE, field::ARCH, field::FSTYPE]),
            1 => random.pick(&[field::PERM, field::FILETYPE, field::SADDR_FAM, field::MSGTYPE]),
            _ => random.below(230),
        };
        if let FieldId::Number(_) = FieldId::of(id) {
            return number(id, op, random.pick(&VALUES));
        }
    }
}
