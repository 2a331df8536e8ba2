//! Real events for values of variables.

use std::collections::BTreeSet;

use super::calls::{CallClass, CallId};
use super::names::{FileMaker, of_any, of_this};
use super::real::{LOWEST_ADDRESS, pointers};
use super::shapes::{End, Names, Slot};
use super::space::{Assignment, Space, Value};
use super::tasks::{set_id, set_number};
use super::test::{Fate, Trait, When, compared_ids};
use super::units::Kind;
use crate::catalog::{self, field};
use crate::eval::{
    Address, Event, Kind as EventKind, Name, NameInode, Nametype, Outcome, Syscall, Task,
};
use crate::model::{Access, EntryChange};

/// The event of some values.
pub(super) enum Real {
    Event(Box<Event>),
    /// An event in which another name may decide: calls with several names are searched besides.
    Crowded(Box<Event>),
    /// No event has these values.
    Impossible,
    /// There may be such events, but none was found.
    Unknown,
}

/// How names are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The call collects no further names, and a file that it moves is the same under both names.
    Usual,
    /// Names without these limits.
    Loose,
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
    /// Returns events with these values, the most usual first. Attributes that they leave open have usual values.
    pub(super) fn events(
        &self,
        judged: Judged,
        class: &CallClass,
        values: &Assignment,
    ) -> Vec<Real> {
        match judged {
            Judged::Call => match self.attributes(class, values) {
                Real::Event(event) => self.with_one_name(*event, class, values),
                real => vec![real],
            },
            Judged::Record | Judged::Message => vec![self.record(judged, values)],
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

    /// Returns a call without names.
    fn attributes(&self, class: &CallClass, values: &Assignment) -> Real {
        match self.task(values) {
            Some(event) => self.call(event, class, values),
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

    /// Returns calls with these values and names.
    pub(super) fn several(
        &self,
        class: &CallClass,
        values: &Assignment,
        slots: Vec<Slot>,
        fails: bool,
    ) -> Vec<Real> {
        let mut event = match self.attributes(class, values) {
            Real::Event(event) => event,
            real => return vec![real],
        };
        if fails {
            self.fail(&mut event, values);
        }
        let names = self.names_of(class, &event);
        let Some(slots) = names.with_other_name(slots) else { return vec![Real::Impossible] };
        let list = match names.end {
            End::Succeeds => names.completed(slots.clone()),
            _ => slots.clone(),
        };
        let mut events = self.named_in_one_way(&event, class, values, &[list]);
        if let Some(failed) = self.failed(&event, values, &events) {
            events.extend(self.named_in_one_way(&failed, class, values, &[slots]));
        }
        events
    }

    /// Returns the same call with a failure, if it cannot succeed and its result does not matter: a call that fails can
    /// name files of other types.
    fn failed(&self, event: &Event, values: &Assignment, events: &[Real]) -> Option<Event> {
        let is_impossible = events.iter().all(|event| matches!(event, Real::Impossible));
        let mut failed = event.clone();
        self.fail(&mut failed, values);
        let is_other = event.call.outcome.success() == Some(true)
            && failed.call.outcome.success() != Some(true);
        (is_impossible && is_other).then_some(failed)
    }

    fn names_of<'n>(&'n self, class: &'n CallClass, event: &Event) -> Names<'n> {
        let end = match event.call.outcome {
            outcome if outcome.success() == Some(true) => End::Succeeds,
            outcome if is_not_found(outcome) => End::NotFound,
            _ => End::Fails,
        };
        Names { class, version: self.space.version, locations: &self.space.locations, end }
    }

    /// Returns events with the names of each list. At last, a list can have more names, and files that a call moves
    /// are not the same before and after.
    fn named_in_one_way(
        &self,
        event: &Event,
        class: &CallClass,
        values: &Assignment,
        lists: &[Vec<Slot>],
    ) -> Vec<Real> {
        let all =
            lists.iter().map(|slots| self.named(event.clone(), class, values, slots, Way::Usual));
        let last =
            lists.last().map(|slots| self.named(event.clone(), class, values, slots, Way::Loose));
        all.chain(last).collect()
    }

    /// Returns the event with names for these slots.
    fn named(
        &self,
        mut event: Event,
        class: &CallClass,
        values: &Assignment,
        slots: &[Slot],
        way: Way,
    ) -> Real {
        let succeeds = event.call.outcome.success() == Some(true);
        let changes = slots.iter().any(|slot| slot.kind != Kind::Kept);
        if changes && !succeeds || !self.address(&mut event, class, values) {
            return Real::Impossible;
        }
        let compared = self.ids_of_owners(values);
        let names = std::iter::once(None).chain(compared.iter().map(Some)).find_map(|other| {
            let mut task = event.task.clone();
            if let Some((number, id)) = other {
                set_id(&mut task, *number, *id);
            }
            let files = FileMaker { space: self.space, task: &task, succeeds, way };
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
                    0 if name.nametype != Some(Nametype::Parent) => NameInode::None,
                    _ => NameInode::Number(OTHER_INODE),
                };
            }
        }
        if !FileMaker::tell_apart(self.space, &mut names) {
            return Real::Impossible;
        }
        if way == Way::Usual {
            same_before_and_after(class.change, &mut names);
        }
        event.names = Some(names);
        match self.names_of(class, &event).is_crowded(slots) {
            true => Real::Crowded(Box::new(event)),
            false => Real::Event(Box::new(event)),
        }
    }

    /// Gives a call whose only path is an address that of a socket with a path; returns whether it can have it.
    fn address(&self, event: &mut Event, class: &CallClass, values: &Assignment) -> bool {
        const AF_UNIX: u32 = 1;
        if !(class.has_address && class.paths == Some(0)) {
            return true;
        }
        if self.space.traits.contains_key(&Trait::Family)
            && self.space.is_open(Trait::Family, values)
        {
            event.call.address = Address::Family(AF_UNIX);
        }
        matches!(event.call.address, Address::Unknown | Address::Family(AF_UNIX))
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
        let (succeeds, way) = (kind != Kind::Kept, Way::Loose);
        FileMaker { space: self.space, task: &task, succeeds, way }
            .can_have(class, values, kind, own)
    }

    /// Returns the ids that rules compare with owners of files, and other numbers that they can have.
    fn ids_of_owners(&self, values: &Assignment) -> Vec<(u32, u32)> {
        let tests =
            self.space.facts.keys().filter_map(|fact| of_any(fact).or_else(|| of_this(fact)));
        let tests = tests.filter(|test| test.field == field::FIELD_COMPARE);
        let ids: BTreeSet<u32> =
            tests.filter_map(|test| compared_ids(test.value)).map(|(id, _)| id).collect();
        let others = |id: u32| -> Vec<u32> {
            let Some(domain) = self.space.traits.get(&Trait::Number(id, When::Now)) else {
                return Vec::new();
            };
            match (domain.is_open(values), domain.value(values)) {
                (true, _) => domain.values.iter().flat_map(numbers).collect(),
                (false, Some(Value::Number(_, other))) => other.iter().copied().collect(),
                (false, _) => Vec::new(),
            }
        };
        ids.into_iter()
            .flat_map(|id| others(id).into_iter().map(move |other| (id, other)))
            .collect()
    }

    /// Makes a call fail whose result does not matter.
    fn fail(&self, event: &mut Event, values: &Assignment) {
        const EACCES: i64 = 13;
        let result = self.space.traits.get(&Trait::Result);
        if result.is_none_or(|result| result.is_open(values)) {
            event.call.outcome = Outcome::Returned { value: Some(-EACCES), success: None };
        }
    }

    /// Makes words that do not matter addresses, where the call has them.
    fn point(&self, event: &mut Event, class: &CallClass, values: &Assignment) {
        let Some((arch, name)) = class.arch().zip(class.call.name()) else { return };
        let words = [field::A0, field::A1, field::A2, field::A3];
        let words = event.call.args.iter_mut().zip(words).enumerate();
        for (at, (word, number)) in words {
            let is_open = self.space.is_open(Trait::Number(number, When::Now), values);
            if word.is_some() && is_open && pointers(arch, name).contains(&at) {
                *word = Some(LOWEST_ADDRESS);
            }
        }
    }

    fn call(&self, mut event: Event, class: &CallClass, values: &Assignment) -> Real {
        match class.call {
            CallId::Operation(operation) => event.kind = EventKind::IoUring(Some(operation)),
            CallId::Syscall { arch, number } => {
                event.call.arch = Some(arch);
                self.point(&mut event, class, values);
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
        if class.access == Some(Access::Opens) && !self.opens(&mut event, class, values) {
            return Real::Impossible;
        }
        Real::Event(Box::new(event))
    }

    /// Sets the flags with which a file is opened. They are an argument of open and openat; returns whether both can
    /// agree.
    fn opens(&self, event: &mut Event, class: &CallClass, values: &Assignment) -> bool {
        let chosen = event.call.open_flags;
        event.call.open_flags = self.space.traits.get(&Trait::OpenMode).map_or(Some(0), |_| chosen);
        let Some(of) = class.flags else { return true };
        let Some(args) = self.space.traits.get(&Trait::Number(of, When::Now)) else { return true };
        let modes = self.space.traits.get(&Trait::OpenMode);
        let modes = modes.map(|modes| modes.allowed(values).flat_map(numbers).collect::<Vec<_>>());
        // Only the access mode of the flags counts; the kernel takes 3 as 2 (`ACC_MODE`, include/linux/fs.h).
        let agrees =
            |arg: &u32| modes.as_ref().is_none_or(|modes| modes.contains(&(arg & 3).min(2)));
        let Some(flags) = args.allowed(values).flat_map(numbers).find(agrees) else { return false };
        set_number(event, of, When::Now, flags);
        event.call.open_flags = Some(flags);
        true
    }

    /// Adds the names of a call with at most one name that matters.
    fn with_one_name(&self, mut event: Event, class: &CallClass, values: &Assignment) -> Vec<Real> {
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
            return vec![nameless];
        }
        let fate = match self.space.value(Trait::Fate, values) {
            Some(Value::Fate(fate)) if !self.space.is_open(Trait::Fate, values) => Some(*fate),
            _ => None,
        };
        let must_change = !matches!(class.change, EntryChange::Nothing | EntryChange::MayMake);
        if fate == Some(Fate::Kept) && must_change && location != 0 {
            self.fail(&mut event, values);
        }
        let lists = self.names_of(class, &event).of_one(location, fate, values);
        let mut events = self.named_in_one_way(&event, class, values, &lists);
        if let Some(failed) = self.failed(&event, values, &events) {
            let lists = self.names_of(class, &failed).of_one(location, fate, values);
            events.extend(self.named_in_one_way(&failed, class, values, &lists));
        }
        let is_impossible = events.iter().all(|event| matches!(event, Real::Impossible));
        // A call that fails early collects no names.
        if is_impossible && fate.is_none_or(|fate| fate == Fate::Kept) {
            events.push(nameless);
        }
        events
    }
}

/// Returns the numbers that stand for a region.
fn numbers(value: &Value) -> impl Iterator<Item = u32> {
    let (one, other) = match value {
        Value::Number(one, other) => (Some(*one), *other),
        _ => (None, None),
    };
    one.into_iter().chain(other)
}

/// Makes a file that a call moves or links the same under both names.
fn same_before_and_after(change: EntryChange, names: &mut [Name]) {
    let before = match change {
        EntryChange::Moves => Some(Nametype::Delete),
        EntryChange::Makes => None,
        _ => return,
    };
    let Some(file) = names.iter().find(|name| name.nametype == before).cloned() else { return };
    for name in names.iter_mut().filter(|name| name.nametype == Some(Nametype::Create)) {
        let (path, nametype) = (name.path.take(), name.nametype);
        *name = Name { path, nametype, ..file.clone() };
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
