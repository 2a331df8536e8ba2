//! Real events for values of variables.

use std::collections::BTreeSet;

use super::calls::{CallClass, CallId};
use super::names::{FileMaker, of_any, of_this};
use super::space::{Assignment, Space, Value};
use super::test::{Fact, Fate, Trait, When, compared_ids};
use super::units::Kind;
use crate::catalog::{self, field};
use crate::eval::{Address, Event, Kind as EventKind, NameInode, Outcome, Syscall, Task};
use crate::model::{Access, EntryChange};

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

/// A name of a call.
pub(super) struct Slot {
    pub(super) path: Vec<u8>,
    pub(super) kind: Kind,
    /// Whether it is the directory in which the call changes an entry.
    pub(super) is_parent: bool,
    /// The values of what conditions say about this name; `None` for a name that rules by inode do not match.
    pub(super) own: Option<Assignment>,
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
        match judged {
            Judged::Call => match self.attributes(class, values) {
                Real::Event(event) => self.with_one_name(*event, class, values),
                real => real,
            },
            Judged::Record | Judged::Message => self.record(judged, values),
        }
    }

    fn record(&self, judged: Judged, values: &Assignment) -> Real {
        let record = self.space.value(Trait::Number(field::MSGTYPE, When::Now), values);
        let Some(Value::Number(record, _)) = record else { return Real::Unknown };
        let is_possible = match judged {
            Judged::Message => super::message::is_of_programs(*record),
            _ => super::message::is_of_records(*record),
        };
        let Some(mut event) = self.task(values).filter(|_| is_possible) else {
            return Real::Impossible;
        };
        event.kind = match judged {
            Judged::Message => EventKind::User(Some(*record)),
            _ => EventKind::Record(Some(*record)),
        };
        Real::Event(Box::new(event))
    }

    /// Returns an event with the attributes of its task; `None` if they contradict each other.
    fn task(&self, values: &Assignment) -> Option<Event> {
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
            return None;
        }
        event.task.subj = self.label(When::Now, values);
        event.at_entry.subj = self.label(When::AtEntry, values);
        Some(event)
    }

    /// Returns a call without names.
    fn attributes(&self, class: &CallClass, values: &Assignment) -> Real {
        match self.task(values) {
            Some(event) => self.call(event, class),
            None => Real::Impossible,
        }
    }

    /// Returns the place of a name.
    pub(super) fn location(&self, values: &Assignment) -> usize {
        match self.space.value(Trait::Location, values) {
            Some(Value::Location(at)) => *at,
            _ => 0,
        }
    }

    /// Returns a call with these values and names.
    pub(super) fn several(
        &self,
        class: &CallClass,
        values: &Assignment,
        slots: Vec<Slot>,
        fails: bool,
    ) -> Real {
        let mut event = match self.attributes(class, values) {
            Real::Event(event) => event,
            real => return real,
        };
        if fails {
            self.fail(&mut event, values);
        }
        self.named(*event, class, values, &slots)
    }

    /// Returns the event with names for these slots.
    fn named(
        &self,
        mut event: Event,
        class: &CallClass,
        values: &Assignment,
        slots: &[Slot],
    ) -> Real {
        let changes = slots.iter().any(|slot| slot.kind != Kind::Kept);
        if changes && event.call.outcome.success() != Some(true) {
            return Real::Impossible;
        }
        let compared = self.ids_of_owners(values);
        let names = std::iter::once(None).chain(compared.iter().map(Some)).find_map(|other| {
            let mut task = event.task.clone();
            if let Some((number, id)) = other {
                set_id(&mut task, *number, *id);
            }
            let files = FileMaker { space: self.space, task: &task };
            Some((files.names(class, values, slots)?, task))
        });
        let Some((mut names, task)) = names else {
            // Other ids may do.
            return if compared.is_empty() { Real::Impossible } else { Real::Unknown };
        };
        event.task = task;
        let is_missing = is_not_found(event.call.outcome);
        for name in &mut names {
            name.fstype = name.fstype.or(self.fstype);
            if is_missing && name.inode == NameInode::OfPath {
                let place =
                    name.path.as_deref().map_or(0, |path| self.space.locations.containing(path));
                // A file that rules name was found, and another was not.
                name.inode = match place {
                    0 => NameInode::None,
                    _ => NameInode::Number(OTHER_INODE),
                };
            }
        }
        if !FileMaker::tell_apart(self.space, &mut names) {
            return Real::Impossible;
        }
        event.names = Some(names);
        Real::Event(Box::new(event))
    }

    /// Returns whether a name of a call can have these own values for some task.
    pub(super) fn can_have(
        &self,
        class: &CallClass,
        values: &Assignment,
        kind: Kind,
        own: &Assignment,
    ) -> bool {
        let task = Task::default();
        FileMaker { space: self.space, task: &task }.can_have(class, values, kind, own)
    }

    /// Returns the ids that rules compare with owners of files, and other numbers that they can have.
    fn ids_of_owners(&self, values: &Assignment) -> Vec<(u32, u32)> {
        let tests =
            self.space.facts.keys().filter_map(|fact| of_any(fact).or_else(|| of_this(fact)));
        let tests = tests.filter(|test| test.field == field::FIELD_COMPARE);
        let ids: BTreeSet<u32> =
            tests.filter_map(|test| compared_ids(test.value)).map(|(id, _)| id).collect();
        let other = |id| match self.space.value(Trait::Number(id, When::Now), values) {
            Some(Value::Number(_, Some(other))) => Some((id, *other)),
            _ => None,
        };
        ids.into_iter().filter_map(other).collect()
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

    fn call(&self, mut event: Event, class: &CallClass) -> Real {
        match class.call {
            CallId::Operation(operation) => event.kind = EventKind::IoUring(Some(operation)),
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
        Real::Event(Box::new(event))
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

    /// Adds the names of a call with at most one name that matters.
    fn with_one_name(&self, mut event: Event, class: &CallClass, values: &Assignment) -> Real {
        let location = self.location(values);
        let mut tests = self.space.name_tests(values, of_any);
        tests.extend(self.space.name_tests(values, of_this));
        let asks_for_name = location != 0 || tests.iter().any(|(_, holds)| *holds);
        let mut nameless = event.clone();
        nameless.names = Some(Vec::new());
        let nameless = match asks_for_name {
            true => Real::Impossible,
            false => Real::Event(Box::new(nameless)),
        };
        if class.collected.is_none() {
            return nameless;
        }
        let Some(path) = self.space.locations.file_at(location) else { return Real::Impossible };
        let Some(other) = self.space.locations.file_at(0) else { return Real::Impossible };
        let fate = match self.space.value(Trait::Fate, values) {
            Some(Value::Fate(fate)) if !self.space.is_open(Trait::Fate, values) => Some(*fate),
            _ => None,
        };
        let must_change = !matches!(class.change, EntryChange::Nothing | EntryChange::MayMake);
        if fate == Some(Fate::Kept) && must_change && location != 0 {
            self.fail(&mut event, values);
        }
        let succeeds = event.call.outcome.success() == Some(true);
        let judged =
            |kind| Slot { path: path.clone(), kind, is_parent: false, own: Some(values.clone()) };
        let directory = || Slot { is_parent: true, ..judged(Kind::Kept) };
        let new = |path, kind| Slot { path, kind, is_parent: false, own: None };
        let child = || [path.as_slice(), b"/file"].concat();
        let slots = match (class.change, fate) {
            (EntryChange::Nothing, _) => vec![judged(Kind::Kept)],
            (EntryChange::MayMake, Some(Fate::Made)) => vec![judged(Kind::Made)],
            (EntryChange::MayMake, _) => vec![judged(Kind::Kept)],
            _ if !succeeds => vec![judged(Kind::Kept)],
            (EntryChange::Makes, Some(Fate::Kept)) => {
                vec![directory(), new(child(), Kind::Made)]
            }
            (EntryChange::Makes, _) => vec![judged(Kind::Made)],
            (EntryChange::Removes, Some(Fate::Kept)) => {
                vec![directory(), new(child(), Kind::Removed)]
            }
            (EntryChange::Removes, _) => vec![judged(Kind::Removed)],
            (EntryChange::Moves, Some(Fate::Kept)) => {
                vec![directory(), new(child(), Kind::Removed), new(other, Kind::Made)]
            }
            (EntryChange::Moves, Some(Fate::Removed)) => {
                vec![judged(Kind::Removed), new(other, Kind::Made)]
            }
            (EntryChange::Moves, _) => vec![new(other, Kind::Removed), judged(Kind::Made)],
        };
        let has = |kind| slots.iter().any(|slot| slot.kind == kind);
        if fate == Some(Fate::Removed) && !has(Kind::Removed)
            || fate == Some(Fate::Made) && !has(Kind::Made)
        {
            return Real::Impossible;
        }
        match self.named(event, class, values, &slots) {
            // A call that fails early collects no names.
            Real::Impossible if fate.is_none_or(|fate| fate == Fate::Kept) => nameless,
            real => real,
        }
    }
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
