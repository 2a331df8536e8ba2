//! Small universes: random sets of rules, and every event that they can tell apart.

use rauditctl::catalog::{Arch, Operator, field};
use rauditctl::eval::{Device, Event, Name, NameInode, Nametype, Outcome, Syscall};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Op, Placement, Rule, TextId};

/// A generator of random numbers (xorshift).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn choose<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// The names that a call collects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    None,
    One,
    /// One file, perhaps with its directory.
    Opened,
    /// One file that is removed.
    Removed,
    /// One file that is moved to the name of another.
    Moved,
    Several,
}

/// The calls: the masks of the rules have only their numbers.
const CALLS: [(Arch, u32, Names); 15] = [
    (Arch::X86_64, 90, Names::One),     // chmod
    (Arch::X86_64, 257, Names::Opened), // openat
    (Arch::X86_64, 87, Names::Removed), // unlink
    (Arch::X86_64, 82, Names::Moved),   // rename
    (Arch::X86_64, 39, Names::None),    // getpid
    (Arch::X86_64, 59, Names::Several), // execve
    (Arch::X86_64, 15, Names::None),    // rt_sigreturn
    (Arch::X86_64, 10, Names::None),    // mprotect
    (Arch::I386, 15, Names::One),       // chmod
    (Arch::I386, 10, Names::Removed),   // unlink
    (Arch::I386, 90, Names::None),      // mmap
    (Arch::I386, 257, Names::Several),  // remap_file_pages, of which nothing is known
    (Arch::I386, 87, Names::Several),   // swapon
    (Arch::I386, 39, Names::Opened),    // mkdir
    (Arch::I386, 59, Names::Several),   // oldolduname, of which nothing is known
];
const NUMBERS: [u32; 8] = [90, 257, 87, 82, 39, 59, 15, 10];

const FILES: [&str; 5] = ["/a/p", "/b", "/a/q", "/c", "/a/d/r"];

/// A kind of condition, and the values that events have for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
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
}

const SUBJECTS: [Subject; 12] = [
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
];

/// Two sets of rules, and what they can ask for.
pub(super) struct Case {
    pub(super) old: Vec<Rule>,
    pub(super) new: Vec<Rule>,
    subjects: Vec<Subject>,
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
    pub(super) fn random(random: &mut Random) -> Self {
        let mut subjects = vec![Subject::Perm];
        for _ in 0..1 + random.below(2) {
            let subject = *random.choose(&SUBJECTS);
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        let count = 1 + random.below(5);
        let mut case = Case { old: Vec::new(), new: Vec::new(), subjects };
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
        let action = if random.one_in(4) { Action::Never } else { Action::Always };
        let mut rule = Rule::new(FilterList::Exit, action);
        let all = random.one_in(2);
        for number in NUMBERS {
            if all || random.one_in(2) {
                assert!(rule.mask.insert(number));
            }
        }
        match random.below(4) {
            0 => rule.fields.push(number(field::ARCH, EQUAL, Arch::X86_64.elf())),
            1 => rule.fields.push(number(field::ARCH, EQUAL, Arch::I386.elf())),
            _ => {}
        }
        match random.below(5) {
            0 | 1 => {
                rule.fields.push(text(TextId::PATH, EQUAL, random.choose::<&str>(&FILES[..2])))
            }
            2 => rule.fields.push(text(TextId::DIR, EQUAL, random.choose::<&str>(&["/a", "/a/d"]))),
            _ => {}
        }
        for _ in 0..random.below(3) {
            rule.fields.push(self.condition(random));
        }
        if random.one_in(20) && self.subjects.contains(&Subject::Inode) && !has_file(&rule) {
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

    fn condition(&self, random: &mut Random) -> Field {
        let equal = if random.one_in(3) { NOT_EQUAL } else { EQUAL };
        match *random.choose(&self.subjects) {
            Subject::Auid => match random.below(4) {
                0 => number(field::AUID, AT_LEAST, 1000),
                1 => number(field::AUID, equal, u32::MAX),
                2 => number(field::LOGINUID_SET, equal, 0),
                _ => number(field::AUID, equal, 0),
            },
            Subject::Uid => number(field::UID, equal, 0),
            Subject::Success => number(field::SUCCESS, equal, u32::from(random.one_in(2))),
            Subject::Exit => match random.below(3) {
                0 => number(field::SUCCESS, EQUAL, u32::from(random.one_in(2))),
                1 => number(field::EXIT, equal, 0),
                _ => number(field::EXIT, equal, 13u32.wrapping_neg()),
            },
            Subject::Perm => number(field::PERM, equal, *random.choose(&[2, 4, 6, 8, 10, 1])),
            Subject::Owner => number(field::OBJ_UID, equal, 0),
            Subject::Groups => number(field::GID, equal, if random.one_in(2) { 0 } else { 7 }),
            Subject::Same => {
                number(field::FIELD_COMPARE, equal, if random.one_in(2) { 11 } else { 1 })
            }
            Subject::Argument => {
                let op = if random.one_in(2) { Operator::BitMask } else { Operator::BitTest };
                number(field::A1, Op::Known(op), *random.choose(&[1, 4, 5]))
            }
            Subject::Exe => exe(equal, random.choose::<&str>(&["/bin/x", "/bin/y"])),
            Subject::Inode => number(field::INODE, NOT_EQUAL, 7),
            Subject::Filetype => {
                number(field::FILETYPE, equal, *random.choose(&[0o040_000, 0o100_000]))
            }
        }
    }

    /// Returns a kernel with rules; those that it refuses are left out.
    pub(super) fn kernel(rules: &[Rule]) -> KernelModel {
        let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
        for rule in rules {
            let _ = kernel.add(rule);
        }
        kernel
    }

    fn has(&self, subject: Subject) -> bool {
        self.subjects.contains(&subject)
    }

    /// Calls `judge` with every event.
    pub(super) fn each_event(&self, judge: &mut dyn FnMut(&Event)) {
        for (arch, number, names) in CALLS {
            let mut event = Event::default();
            event.call.arch = Some(arch);
            event.call.syscall = Some(Syscall::Number(number));
            event.task.groups = Some(Vec::new());
            self.with_results(event, &mut |event| {
                self.with_task(event.clone(), &mut |event| {
                    let opens = matches!((arch, number), (Arch::X86_64, 257));
                    let modes = if opens { 0..3 } else { 0..1 };
                    for mode in modes {
                        let mut event = event.clone();
                        event.call.open_flags = Some(mode);
                        self.with_arguments(event, &mut |event| {
                            self.with_names(event, names, judge)
                        });
                    }
                });
            });
        }
    }

    fn with_results(&self, mut event: Event, next: &mut dyn FnMut(&Event)) {
        let is_one = self.has(Subject::Success) || self.has(Subject::Exit);
        let results: &[i64] = if self.has(Subject::Exit) {
            // The low half of the last is that of an error.
            &[0, -13, -1, 0xffff_fff3]
        } else if is_one {
            &[0, -13]
        } else {
            // A call that removes a file does so only if it succeeds.
            &[0, -13]
        };
        for value in results {
            event.call.outcome = Outcome::Returned { value: Some(*value), success: None };
            next(&event);
        }
    }

    fn with_task(&self, mut event: Event, next: &mut dyn FnMut(&Event)) {
        let auids: &[u32] =
            if self.has(Subject::Auid) { &[1000, 0, 500, u32::MAX] } else { &[1000] };
        let asks_uid = self.has(Subject::Uid) || self.has(Subject::Same);
        let uids: &[u32] = if asks_uid { &[1000, 0] } else { &[1000] };
        let euids: &[u32] = if self.has(Subject::Same) { &[1000, 0] } else { &[1000] };
        let gids: &[u32] = if self.has(Subject::Groups) { &[1000, 0, 7] } else { &[1000] };
        let groups: &[&[u32]] =
            if self.has(Subject::Groups) { &[&[], &[0], &[7], &[0, 7]] } else { &[&[]] };
        let exes: &[&str] =
            if self.has(Subject::Exe) { &["/bin/x", "/bin/y", "/z"] } else { &["/z"] };
        for auid in auids {
            event.task.auid = Some(*auid);
            for uid in uids {
                event.task.ids.set(field::UID, *uid);
                for euid in euids {
                    event.task.ids.set(field::EUID, *euid);
                    for gid in gids {
                        event.task.ids.set(field::GID, *gid);
                        for groups in groups {
                            event.task.groups = Some(groups.to_vec());
                            for exe in exes {
                                event.task.exe = Some(exe.as_bytes().to_vec());
                                next(&event);
                            }
                        }
                    }
                }
            }
        }
    }

    fn with_arguments(&self, event: Event, next: &mut dyn FnMut(&Event)) {
        if !self.has(Subject::Argument) {
            return next(&event);
        }
        for value in 0..8 {
            let mut event = event.clone();
            event.call.args[1] = Some(value);
            next(&event);
        }
    }

    fn with_names(&self, event: &Event, names: Names, next: &mut dyn FnMut(&Event)) {
        let mut lists: Vec<Vec<Name>> = Vec::new();
        match names {
            Names::None => lists.push(Vec::new()),
            Names::One => lists.extend(FILES.iter().map(|file| vec![name(file, None)])),
            Names::Opened => {
                for file in FILES {
                    lists.push(vec![name(file, None)]);
                    lists.push(vec![
                        name(parent(file), Some(Nametype::Parent)),
                        name(file, Some(Nametype::Create)),
                    ]);
                }
            }
            Names::Removed => {
                // A watched path can be a directory.
                for file in FILES.into_iter().chain(["/a/p/f", "/b/f"]) {
                    lists.push(vec![
                        name(parent(file), Some(Nametype::Parent)),
                        name(file, Some(Nametype::Delete)),
                    ]);
                }
            }
            Names::Moved => {
                for (from, to) in pairs() {
                    lists.push(vec![
                        name(parent(to), Some(Nametype::Parent)),
                        name(parent(from), Some(Nametype::Parent)),
                        name(from, Some(Nametype::Delete)),
                        name(to, Some(Nametype::Create)),
                    ]);
                }
            }
            Names::Several => {
                lists.extend(FILES.iter().map(|file| vec![name(file, None)]));
                for (one, other) in pairs() {
                    lists.push(vec![name(one, None), name(other, None)]);
                    for third in FILES.iter().filter(|file| **file != one && **file != other) {
                        lists.push(vec![name(one, None), name(other, None), name(third, None)]);
                    }
                }
            }
        }
        for names in lists {
            self.with_attributes(event, names, next);
        }
    }

    /// Gives every name each owner and type, and one file after the other the inode that rules ask for.
    fn with_attributes(&self, event: &Event, names: Vec<Name>, next: &mut dyn FnMut(&Event)) {
        let asks_owner = self.has(Subject::Owner) || self.has(Subject::Same);
        let owners: &[u32] = if asks_owner { &[0, 1000] } else { &[0] };
        let modes: &[u32] = if self.has(Subject::Filetype) {
            &[0o040_755, 0o100_644, 0o010_600]
        } else {
            &[0o100_644]
        };
        let choices = owners.len() * modes.len();
        let holders = if self.has(Subject::Inode) { names.len() + 1 } else { 1 };
        for holder in 0..holders {
            for code in 0..choices.pow(names.len() as u32) {
                let (mut event, mut names, mut code) = (event.clone(), names.clone(), code);
                let holding = names.get(holder).and_then(|name| name.path.clone());
                for name in &mut names {
                    let choice = code % choices;
                    code /= choices;
                    if asks_owner {
                        name.ouid = Some(owners[choice % owners.len()]);
                    }
                    if self.has(Subject::Filetype) {
                        name.mode = Some(modes[choice / owners.len()]);
                    }
                    if self.has(Subject::Inode) {
                        let holds = name.path == holding;
                        let own = name.path.iter().flatten().map(|byte| u64::from(*byte)).sum();
                        name.inode = NameInode::Number(if holds { 7 } else { own });
                        name.dev = Some(Device { major: 8, minor: 1 });
                    }
                }
                event.names = Some(names);
                next(&event);
            }
        }
    }
}

fn has_file(rule: &Rule) -> bool {
    rule.fields.iter().any(|field| matches!(field.number(), field::PATH | field::DIR))
}

fn name(path: &str, nametype: Option<Nametype>) -> Name {
    Name { path: Some(path.as_bytes().to_vec()), nametype, ..Name::default() }
}

fn parent(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) | None => "/",
        Some(at) => &path[..at],
    }
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().flat_map(|one| {
        FILES.iter().filter(move |other| *other != one).map(move |other| (*one, *other))
    })
}

/// Writes rules for messages of tests.
pub(super) fn written(rules: &[Rule]) -> String {
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
