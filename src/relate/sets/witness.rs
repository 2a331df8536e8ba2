//! Real events for values of variables.

use super::calls::{CallClass, CallId, Removal, Shape};
use super::names::{FileMaker, Wanted, of_any, of_early, of_this};
use super::space::{Assignment, Space, Value};
use super::test::{Fact, Trait, When, compared_ids};
use crate::catalog::{self, field};
use crate::eval::{Address, Event, Kind, Name, NameInode, Nametype, Outcome, Syscall, Task};
use crate::model::Access;

/// The event of some values.
pub(super) enum Real {
    Event(Box<Event>),
    /// No event has these values.
    Impossible,
    /// There may be such events, but none was found.
    Unknown,
}

/// What is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Judged {
    Call,
    Record,
    Message,
}

/// Makes events.
pub(super) struct Maker<'m, 'r> {
    pub(super) space: &'m Space<'r>,
    /// A type of file system that no rule drops, if any rule asks for one.
    pub(super) fstype: Option<u32>,
}

impl Maker<'_, '_> {
    /// Returns an event with these values. Attributes that they leave open have usual values.
    pub(super) fn event(&self, judged: Judged, class: &CallClass, values: &Assignment) -> Real {
        let mut event = Event::default();
        for of in self.space.traits.keys() {
            let Some(value) = self.space.value(*of, values) else { continue };
            set(&mut event, *of, value);
        }
        if event.task.exe.is_none() {
            event.task.exe = self.other_program();
        }
        self.groups(&mut event, values);
        if !self.same_ids(&mut event, values) {
            return Real::Impossible;
        }
        event.task.subj = self.label(When::Now, values);
        event.at_entry.subj = self.label(When::AtEntry, values);
        if judged != Judged::Call {
            let record = self.space.value(Trait::Number(field::MSGTYPE, When::Now), values);
            let Some(Value::Number(record, _)) = record else { return Real::Unknown };
            let is_possible = match judged {
                Judged::Message => super::message::is_of_programs(*record),
                _ => super::message::is_of_records(*record),
            };
            event.kind = match judged {
                Judged::Message => Kind::User(Some(*record)),
                _ => Kind::Record(Some(*record)),
            };
            return if is_possible { Real::Event(Box::new(event)) } else { Real::Impossible };
        }
        self.call(event, class, values)
    }

    /// Returns the place of a name.
    pub(super) fn location(&self, values: &Assignment) -> usize {
        match self.space.value(Trait::Location, values) {
            Some(Value::Location(at)) => *at,
            _ => 0,
        }
    }

    /// Returns a call with these values that names files at several places, in this order. The first is removed, or
    /// all are used.
    pub(super) fn several(
        &self,
        class: &CallClass,
        values: &Assignment,
        locations: &[usize],
        is_removing: bool,
    ) -> Real {
        let mut event = match self.event(Judged::Call, class, values) {
            Real::Event(event) => event,
            real => return real,
        };
        if class.removal == Removal::Moves && !is_removing {
            self.fail(&mut event, values);
        }
        let succeeds = event.call.outcome.success() == Some(true);
        if is_removing && !succeeds || !is_removing && succeeds && class.removal == Removal::Moves {
            return Real::Impossible;
        }
        let Some(model) = event.names.as_ref().and_then(|names| names.first()).cloned() else {
            return Real::Impossible;
        };
        let mut names = Vec::new();
        for (at, location) in locations.iter().enumerate() {
            let Some(path) = self.space.locations.file_at(*location) else {
                return Real::Impossible;
            };
            let nametype = match class.removal {
                Removal::Moves if at == 0 => Some(Nametype::Delete),
                Removal::Moves => Some(Nametype::Create),
                _ => None,
            };
            names.push(Name { path: Some(path), nametype, ..model.clone() });
        }
        self.named(*event, names)
    }

    /// Returns the event with these names. Different files have different paths and inodes.
    fn named(&self, mut event: Event, mut names: Vec<Name>) -> Real {
        for name in &mut names {
            name.fstype = self.fstype;
        }
        if !FileMaker::tell_apart(self.space, &mut names) {
            return Real::Impossible;
        }
        event.names = Some(names);
        Real::Event(Box::new(event))
    }

    /// Returns a program that no rule names.
    fn other_program(&self) -> Option<Vec<u8>> {
        let known = self.space.traits.get(&Trait::Exe).map_or(&[][..], |exe| &exe.values);
        let programs = (0..).map(|count| match count {
            0 => b"/usr/bin/program".to_vec(),
            _ => format!("/usr/bin/program{count}").into_bytes(),
        });
        programs
            .take(known.len() + 1)
            .find(|program| !known.iter().any(|value| *value == Value::Text(Some(program.clone()))))
    }

    /// Makes a call fail whose result does not matter.
    fn fail(&self, event: &mut Event, values: &Assignment) {
        const EACCES: i64 = 13;
        let result = self.space.traits.get(&Trait::Result);
        if result.is_none_or(|result| result.is_open(values)) {
            event.call.outcome = Outcome::Returned { value: Some(-EACCES), success: None };
        }
    }

    fn call(&self, mut event: Event, class: &CallClass, values: &Assignment) -> Real {
        match class.call {
            CallId::Operation(operation) => event.kind = Kind::IoUring(Some(operation)),
            CallId::Syscall { arch, number } => {
                event.call.arch = Some(arch);
                let name = catalog::kernel_syscall_name(arch, number);
                event.call.syscall = Some(match name {
                    Some(name) => Syscall::Name(name.to_owned()),
                    None => Syscall::Number(number),
                });
            }
        }
        if !class.returns {
            event.call.outcome = Outcome::Never;
        } else if !self.space.traits.contains_key(&Trait::Result) {
            event.call.outcome = Outcome::Returned { value: Some(0), success: None };
        }
        if class.access == Some(Access::Opens) && !self.opens(&mut event, class) {
            return Real::Impossible;
        }
        self.names(event, class, values)
    }

    /// Sets the flags with which a file is opened. They are an argument of open and openat; returns whether both
    /// agree.
    fn opens(&self, event: &mut Event, class: &CallClass) -> bool {
        let mode = match self.space.traits.get(&Trait::OpenMode) {
            Some(_) => event.call.open_flags,
            None => Some(0),
        };
        event.call.open_flags = mode;
        let CallId::Syscall { arch, number } = class.call else { return true };
        let (at, of) = match catalog::kernel_syscall_name(arch, number) {
            Some("open") => (1, field::A1),
            Some("openat") => (2, field::A2),
            _ => return true,
        };
        let Some(arg) = event.call.args.get_mut(at) else { return true };
        if !self.space.traits.contains_key(&Trait::Number(of, When::Now)) {
            return true;
        }
        // Only the access mode of the flags counts.
        let same = arg.map(|flags| flags & 3) == mode.map(u64::from);
        event.call.open_flags = arg.and_then(|flags| u32::try_from(flags).ok()).or(mode);
        same || !self.space.traits.contains_key(&Trait::OpenMode)
    }

    fn groups(&self, event: &mut Event, values: &Assignment) {
        let of = |when| {
            let groups = self.space.facts.iter().filter_map(move |(fact, variable)| match fact {
                Fact::InGroup(group, at) if *at == when => {
                    (values.get(*variable) == Some(true)).then_some(*group)
                }
                _ => None,
            });
            groups.collect::<Vec<u32>>()
        };
        event.task.groups = Some(of(When::Now));
        let at_entry = of(When::AtEntry);
        if event.task.groups.as_ref() != Some(&at_entry) {
            event.at_entry.groups = Some(at_entry);
        }
    }

    /// Makes ids equal or different; returns `false` if that is not possible.
    fn same_ids(&self, event: &mut Event, values: &Assignment) -> bool {
        let pairs: Vec<(u32, When, bool)> = self
            .space
            .facts
            .iter()
            .filter_map(|(fact, variable)| match fact {
                Fact::SameIds(pair, when) => Some((*pair, *when, values.get(*variable)?)),
                _ => None,
            })
            .collect();
        // Equal ids first: what is different must stay so.
        for (pair, when, is_same) in
            pairs.iter().filter(|(.., same)| *same).chain(pairs.iter().filter(|(.., same)| !same))
        {
            let Some((one, other)) = compared_ids(*pair) else { continue };
            let numbers = [one, other].map(|of| self.space.value(Trait::Number(of, *when), values));
            let [Some(Value::Number(left, _)), Some(Value::Number(right, spare))] = numbers else {
                continue;
            };
            if left != right {
                continue;
            }
            let task = match when {
                When::Now => &mut event.task,
                When::AtEntry => &mut event.at_entry,
            };
            let (Some(left), Some(right)) = (id(task, one), id(task, other)) else { continue };
            match is_same {
                true => set_id(task, other, left),
                false if left != right => {}
                false => match spare {
                    Some(spare) => set_id(task, other, *spare),
                    None => return false,
                },
            }
        }
        true
    }

    fn label(&self, when: When, values: &Assignment) -> Option<Vec<u8>> {
        let parts = [
            (field::SUBJ_USER, "user_u"),
            (field::SUBJ_ROLE, "user_r"),
            (field::SUBJ_TYPE, "user_t"),
            (field::SUBJ_SEN, "s0"),
            (field::SUBJ_CLR, "s0"),
        ];
        let values = parts.map(|(part, usual)| {
            (self.space.value(Trait::Label(part, when), values), usual.as_bytes())
        });
        if values.iter().all(|(value, _)| value.is_none()) {
            return None;
        }
        let text = |(value, usual): &(Option<&Value>, &'static [u8])| match value {
            Some(Value::Text(Some(text))) => Some(text.clone()),
            Some(Value::Absent) => None,
            _ => Some(usual.to_vec()),
        };
        let texts = values.each_ref().map(text);
        match &texts {
            [Some(user), Some(role), Some(kind), Some(low), Some(high)] => {
                let range = [low.as_slice(), high].join(&b'-');
                Some([user.as_slice(), role, kind, &range].join(&b':'))
            }
            [Some(user), Some(role), Some(kind), None, None] => {
                Some([user.as_slice(), role, kind].join(&b':'))
            }
            // A label of AppArmor.
            [None, Some(role), None, None, None] => Some(role.clone()),
            [_, Some(role), ..] => Some(role.clone()),
            _ => None,
        }
    }

    /// Adds the names.
    fn names(&self, mut event: Event, class: &CallClass, values: &Assignment) -> Real {
        let mut this = self.space.name_tests(values, of_this);
        let any = self.space.name_tests(values, of_any);
        let location = self.location(values);
        let this_tests = this.clone();
        let asks_for_name = any.iter().chain(&this).any(|(_, holds)| *holds) || location != 0;
        if class.shape == Shape::Nameless {
            event.names = Some(Vec::new());
            return if asks_for_name { Real::Impossible } else { Real::Event(Box::new(event)) };
        }
        let task = event.task.clone();
        let files = FileMaker { space: self.space, task: &task };
        let without = any.iter().filter(|(_, holds)| !holds).cloned();
        this.extend(without.clone());
        let with = any.iter().filter(|(_, holds)| *holds).cloned();
        let all_of: Vec<_> = this.iter().cloned().chain(with.clone()).collect();
        let mut names = Vec::new();
        match files.name(&all_of) {
            Some(name) => names.push(name),
            None if class.shape == Shape::Single => return Real::Impossible,
            None => {
                let Some(name) = files.name(&this) else { return Real::Impossible };
                names.push(name);
                for (test, _) in with {
                    let mut tests: Vec<_> = without.clone().collect();
                    tests.push((test, true));
                    let Some(mut name) = files.name(&tests) else { return Real::Impossible };
                    name.path = self.space.locations.file_at(0);
                    names.push(name);
                }
            }
        }
        let Some(path) = self.space.locations.file_at(location) else { return Real::Impossible };
        let removed = self.space.facts.get(&Fact::Removed);
        let removed = removed.and_then(|removed| values.get(*removed));
        if class.removal == Removal::Always && removed == Some(false) && location != 0 {
            self.fail(&mut event, values);
        }
        let succeeds = event.call.outcome.success() == Some(true);
        let is_removed = removed.unwrap_or(class.removal != Removal::Never && succeeds);
        if is_removed && (class.removal == Removal::Never || !succeeds) {
            return Real::Impossible;
        }
        let Some(judged) = names.first_mut() else { return Real::Unknown };
        judged.path = Some(path.clone());
        let is_missing = is_not_found(event.call.outcome);
        if is_missing && judged.inode == NameInode::OfPath && location != 0 {
            // Another name was not found.
            judged.inode = NameInode::Number(OTHER_INODE);
        } else if is_missing && judged.inode == NameInode::OfPath {
            judged.inode = NameInode::None;
        }
        match class.removal {
            Removal::Never => {}
            Removal::Always if is_removed || !succeeds => {
                judged.nametype = Some(Nametype::Delete);
            }
            // The directory is judged.
            Removal::Always => {
                judged.nametype = Some(Nametype::Parent);
                let path = Some([path.as_slice(), b"/file"].concat());
                let nametype = Some(Nametype::Delete);
                let entry = Name { path, nametype, inode: NameInode::OfPath, ..judged.clone() };
                names.push(entry);
            }
            Removal::Moves if succeeds => {
                let (own, other) = match is_removed {
                    true => (Nametype::Delete, Nametype::Create),
                    false => (Nametype::Create, Nametype::Delete),
                };
                judged.nametype = Some(own);
                let mut second = match is_removed {
                    true => {
                        let early = self.space.name_tests(values, of_early);
                        let Some(names) = early_and_late(&files, &this_tests, &any, &early) else {
                            return Real::Impossible;
                        };
                        let [own, other] = names;
                        *judged =
                            Name { path: judged.path.clone(), nametype: judged.nametype, ..own };
                        other
                    }
                    false => judged.clone(),
                };
                second.path = self.space.locations.file_at(0);
                second.inode = NameInode::OfPath;
                second.nametype = Some(other);
                names.insert(if is_removed { 1 } else { 0 }, second);
            }
            Removal::Moves => {}
        }
        self.named(event, names)
    }
}

/// Returns the name that a call removes and the name that it makes: conditions on early names are about the first.
fn early_and_late(
    files: &FileMaker<'_, '_>,
    this: &[Wanted],
    any: &[Wanted],
    early: &[Wanted],
) -> Option<[Name; 2]> {
    let is_early = |test: &Wanted| early.iter().find(|(known, _)| *known == test.0);
    let mut own = this.to_vec();
    let mut other = Vec::new();
    for test in any {
        match (test.1, is_early(test)) {
            (false, _) => {
                own.push(test.clone());
                other.push(test.clone());
            }
            (true, Some((_, false))) => {
                own.push((test.0.clone(), false));
                other.push(test.clone());
            }
            (true, _) => own.push(test.clone()),
        }
    }
    Some([files.name(&own)?, files.name(&other)?])
}

/// The inode of a file that was found while another was not.
const OTHER_INODE: u64 = 100_000;

fn is_not_found(outcome: Outcome) -> bool {
    const NOT_FOUND: [&str; 4] = ["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"];
    let Outcome::Returned { value: Some(value), .. } = outcome else { return false };
    NOT_FOUND
        .iter()
        .any(|name| catalog::errno_number(name.as_bytes()).map(i64::from) == value.checked_neg())
}

fn id(task: &Task, number: u32) -> Option<u32> {
    if number == field::AUID { task.auid } else { task.ids.get(number) }
}

fn set_id(task: &mut Task, number: u32, id: u32) {
    if number == field::AUID {
        task.auid = Some(id);
    } else {
        task.ids.set(number, id);
    }
}

/// Sets an attribute.
fn set(event: &mut Event, of: Trait, value: &Value) {
    match (of, value) {
        (Trait::Result, Value::Result(result)) => {
            event.call.outcome = Outcome::Returned { value: Some(*result), success: None };
        }
        (Trait::OpenMode, Value::Number(mode, _)) => event.call.open_flags = Some(*mode),
        (Trait::Family, Value::Family(family)) => {
            event.call.address = family.map_or(Address::None, Address::Family);
        }
        (Trait::Thread, Value::Number(thread, _)) => event.task.tid = Some(*thread),
        (Trait::Exe, Value::Text(exe)) => event.task.exe.clone_from(exe),
        (Trait::Number(number, when), Value::Number(value, _)) => {
            set_number(event, number, when, *value);
        }
        _ => {}
    }
}

fn set_number(event: &mut Event, number: u32, when: When, value: u32) {
    let argument = number.checked_sub(field::A0).and_then(|at| usize::try_from(at).ok());
    if let Some(slot) = argument.and_then(|at| event.call.args.get_mut(at)) {
        *slot = Some(u64::from(value));
        return;
    }
    let task = match when {
        When::Now => &mut event.task,
        When::AtEntry => &mut event.at_entry,
    };
    match number {
        field::PID => task.pid = Some(value),
        field::PPID => task.ppid = Some(value),
        field::SESSIONID => task.sessionid = Some(value),
        field::PERS => task.pers = Some(value),
        field::UID..=field::FSGID | field::AUID => set_id(task, number, value),
        _ => {}
    }
}
