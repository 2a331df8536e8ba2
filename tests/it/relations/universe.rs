//! Random sets of rules over a small universe.

use rauditctl::catalog::{Arch, Operator, field};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Op, Placement, Rule, TextId};

/// A generator of random numbers (xorshift).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn choose<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A kind of condition.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Auid,
    Uid,
    Success,
    Exit,
    Perm,
    Owner,
    Groups,
    Same,
    Argument,
    Exe,
    Inode,
    Filetype,
    /// Rules of the lists task, exclude, user and filesystem.
    Lists,
    /// Rules of the list io_uring.
    Operations,
}

const SUBJECTS: [Subject; 14] = [
    Subject::Auid,
    Subject::Uid,
    Subject::Success,
    Subject::Exit,
    Subject::Perm,
    Subject::Owner,
    Subject::Groups,
    Subject::Same,
    Subject::Argument,
    Subject::Exe,
    Subject::Inode,
    Subject::Filetype,
    Subject::Lists,
    Subject::Operations,
];

/// The watched paths: a file of a directory, the directory, and a file beside it.
const WATCHED: [&str; 5] = ["/a/p", "/b", "/a", "/a/p", "/b"];

/// Types of records: of a syscall, of a path, of programs.
pub(super) const RECORDS: [u32; 4] = [1300, 1302, 1100, 1336];

/// Types of file systems; no rule names the first.
pub(super) const FILE_SYSTEMS: [u32; 3] = [0xef53, 0x9fa0, 0x0102_1994];

/// Operations of io_uring: openat and close.
pub(super) const OPERATIONS: [u32; 2] = [18, 19];

/// The numbers that masks of rules have.
const NUMBERS: [u32; 11] = [90, 257, 87, 82, 39, 59, 15, 10, 86, 0, 231];

/// The same for rules that ask for the flags with which files are opened: open, openat, open of i386, and chmod.
const NUMBERS_OF_OPENING: [u32; 4] = [2, 257, 5, 90];

/// Two sets of rules, and what they can ask for.
pub(crate) struct Case {
    pub(crate) old: Vec<Rule>,
    pub(crate) new: Vec<Rule>,
    subjects: Vec<Subject>,
    numbers: &'static [u32],
}

const EQUAL: Op = Op::Known(Operator::Equal);
const NOT_EQUAL: Op = Op::Known(Operator::NotEqual);
const AT_LEAST: Op = Op::Known(Operator::GreaterEqual);

fn number(field: u32, op: Op, value: u32) -> Field {
    match FieldId::of(field) {
        FieldId::Number(id) => Field::Number { id, op, value },
        FieldId::Text(_) => unreachable!("a field with a number"),
    }
}

fn text(id: TextId, op: Op, text: &str) -> Field {
    Field::Text { id, op, text: text.as_bytes().into() }
}

fn exe(op: Op, path: &str) -> Field {
    match FieldId::of(field::EXE) {
        FieldId::Text(id) => text(id, op, path),
        FieldId::Number(_) => unreachable!("a field with a text"),
    }
}

impl Case {
    pub(crate) fn random(random: &mut Random) -> Self {
        let mut subjects = vec![Subject::Perm];
        for _ in 0..1 + random.below(2) {
            let subject = *random.choose(&SUBJECTS);
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        Self::with(random, subjects, &NUMBERS)
    }

    /// Returns sets whose rules ask for arguments, some of which are the flags with which files are opened.
    pub(super) fn of_opening(random: &mut Random) -> Self {
        Self::with(random, vec![Subject::Perm, Subject::Argument], &NUMBERS_OF_OPENING)
    }

    fn with(random: &mut Random, subjects: Vec<Subject>, numbers: &'static [u32]) -> Self {
        let count = 1 + random.below(5);
        let mut case = Case { old: Vec::new(), new: Vec::new(), subjects, numbers };
        case.old = (0..count).map(|_| case.rule(random)).collect();
        case.new = case.old.clone();
        for _ in 0..1 + random.below(3) {
            case.mutate(random);
        }
        case
    }

    fn mutate(&mut self, random: &mut Random) {
        let rule = self.rule(random);
        let length = self.new.len();
        let at = random.below(length.max(1));
        match random.below(7) {
            0 => self.new.insert(at, rule),
            1 if length > 1 => {
                self.new.remove(at);
            }
            2 if length > 1 => self.new.swap(at, (at + 1) % length),
            3 if length > 0 => {
                // Divided by arch or access.
                let mut other = self.new[at].clone();
                self.new[at].fields.insert(0, number(field::ARCH, EQUAL, Arch::X86_64.elf()));
                other.fields.insert(0, number(field::ARCH, EQUAL, Arch::I386.elf()));
                self.new.insert(at + random.below(2), other);
            }
            4 if length > 0 && !self.new[at].fields.is_empty() => {
                let field = random.below(self.new[at].fields.len());
                self.new[at].fields.remove(field);
            }
            5 if length > 0 => {
                let auid = self.condition(random);
                self.new[at].fields.insert(0, auid);
            }
            _ if length > 0 => self.new[at] = rule,
            _ => self.new.push(rule),
        }
    }

    fn rule(&self, random: &mut Random) -> Rule {
        if self.has(Subject::Lists) && random.one_in(2) {
            return self.of_other_list(random);
        }
        let action = if random.one_in(4) { Action::Never } else { Action::Always };
        let is_operation = self.has(Subject::Operations) && random.one_in(3);
        let list = if is_operation { FilterList::IoUring } else { FilterList::Exit };
        let mut rule = Rule::new(list, action);
        let all = random.one_in(2);
        for number in self.numbers {
            if all || random.one_in(2) {
                assert!(rule.mask.insert(*number));
            }
        }
        if is_operation {
            assert!(rule.mask.insert(*random.choose(&OPERATIONS)));
        }
        match random.below(4) {
            0 => rule.fields.push(number(field::ARCH, EQUAL, Arch::X86_64.elf())),
            1 => rule.fields.push(number(field::ARCH, EQUAL, Arch::I386.elf())),
            _ => {}
        }
        let has_inode = self.has(Subject::Inode) && random.one_in(5);
        match random.below(5) {
            _ if has_inode => {}
            0 | 1 => rule.fields.push(text(TextId::PATH, EQUAL, random.choose::<&str>(&WATCHED))),
            2 => rule.fields.push(text(TextId::DIR, EQUAL, random.choose::<&str>(&["/a", "/a/d"]))),
            _ => {}
        }
        for _ in 0..random.below(3) {
            rule.fields.push(self.condition(random));
        }
        if has_inode && !rule.fields.iter().any(|field| field.number() == field::INODE) {
            rule.fields.push(number(field::INODE, EQUAL, 7));
        }
        match random.below(4) {
            0 => {}
            1 => rule.fields.push(text(TextId::KEY, EQUAL, "two")),
            _ => rule.fields.push(text(TextId::KEY, EQUAL, "one")),
        }
        if random.one_in(8) {
            rule.placement = Placement::Prepend;
        }
        rule
    }

    fn of_other_list(&self, random: &mut Random) -> Rule {
        let list = random.choose(&[
            FilterList::Task,
            FilterList::Exclude,
            FilterList::Exclude,
            FilterList::User,
            FilterList::Filesystem,
        ]);
        let action = if random.one_in(3) { Action::Always } else { Action::Never };
        let mut rule = Rule::new(*list, action);
        if *list == FilterList::Filesystem {
            rule.fields.push(number(field::FSTYPE, EQUAL, *random.choose(&FILE_SYSTEMS[1..])));
            return rule;
        }
        for _ in 0..1 + random.below(2) {
            let equal = if random.one_in(3) { NOT_EQUAL } else { EQUAL };
            rule.fields.push(match random.below(4) {
                0 if *list != FilterList::Task => {
                    number(field::MSGTYPE, equal, *random.choose(&RECORDS))
                }
                // The lists exclude and user end at a field that they do not know.
                1 if *list != FilterList::Task && random.one_in(4) => {
                    text(TextId::KEY, EQUAL, "one")
                }
                2 => number(field::AUID, equal, 0),
                _ => number(field::UID, equal, 0),
            });
        }
        rule
    }

    fn condition(&self, random: &mut Random) -> Field {
        let equal = if random.one_in(3) { NOT_EQUAL } else { EQUAL };
        match *random.choose(&self.subjects) {
            Subject::Auid => match random.below(4) {
                0 => number(field::AUID, AT_LEAST, 1000),
                1 => number(field::AUID, equal, u32::MAX),
                2 => number(field::LOGINUID_SET, equal, 0),
                _ => number(field::AUID, equal, 0),
            },
            Subject::Uid | Subject::Lists | Subject::Operations => number(field::UID, equal, 0),
            Subject::Success => number(field::SUCCESS, equal, u32::from(random.one_in(2))),
            Subject::Exit => match random.below(3) {
                0 => number(field::SUCCESS, EQUAL, u32::from(random.one_in(2))),
                1 => number(field::EXIT, equal, 0),
                _ => number(field::EXIT, equal, 13u32.wrapping_neg()),
            },
            Subject::Perm => number(field::PERM, equal, *random.choose(&[2, 4, 6, 8, 10, 1])),
            Subject::Owner => number(field::OBJ_UID, equal, 0),
            Subject::Groups => number(field::GID, equal, if random.one_in(2) { 0 } else { 7 }),
            Subject::Same => number(field::FIELD_COMPARE, equal, *random.choose(&[11, 1, 3])),
            Subject::Argument => {
                let op = if random.one_in(2) { Operator::BitMask } else { Operator::BitTest };
                let is_second = self.is_of_opening() && random.one_in(2);
                let word = if is_second { field::A2 } else { field::A1 };
                number(word, Op::Known(op), *random.choose(&[1, 4, 5]))
            }
            Subject::Exe => exe(equal, random.choose::<&str>(&["/bin/x", "/bin/y"])),
            Subject::Inode => number(field::INODE, NOT_EQUAL, 7),
            Subject::Filetype => {
                number(field::FILETYPE, equal, *random.choose(&[0o040_000, 0o100_000]))
            }
        }
    }

    /// Returns a kernel with rules; those that it refuses are left out.
    pub(crate) fn kernel(rules: &[Rule]) -> KernelModel {
        let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
        for rule in rules {
            let _ = kernel.add(rule);
        }
        kernel
    }

    pub(super) fn has(&self, subject: Subject) -> bool {
        self.subjects.contains(&subject)
    }

    /// Returns whether the rules ask for the flags with which files are opened.
    pub(super) fn is_of_opening(&self) -> bool {
        self.numbers == NUMBERS_OF_OPENING
    }
}

/// Writes rules for messages of tests.
pub(crate) fn written(rules: &[Rule]) -> String {
    let field = |field: &Field| match field {
        Field::Number { op, value, .. } => {
            format!("{}{}{value}", field.name().unwrap_or("?"), op.symbol().unwrap_or("?"))
        }
        Field::Text { op, text, .. } => format!(
            "{}{}{}",
            field.name().unwrap_or("?"),
            op.symbol().unwrap_or("?"),
            String::from_utf8_lossy(text)
        ),
    };
    let rule = |rule: &Rule| {
        let fields: Vec<String> = rule.fields.iter().map(field).collect();
        let mask: Vec<u32> = rule.mask.iter().collect();
        format!("{:?} {:?} {mask:?} {}", rule.placement, rule.action, fields.join(" "))
    };
    rules.iter().map(rule).collect::<Vec<_>>().join("\n  ")
}
