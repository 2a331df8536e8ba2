//! The events that the changed rules of two sets touch: all others are decided alike.

use super::calls::CallClass;
use super::changed::Changed;
use super::filesystems::is_dropped;
use super::lists::Builder;
use super::message;
use super::roles::{names_file, path_of};
use super::space::{Meaning, Space, Value};
use super::test::{Fact, Fate, Role, Trait};
use crate::model::{Entry, Results};
use crate::relate::diagram::{Diagram, Variable};

/// Events that changed rules touch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touched {
    /// Calls with one name that matters.
    pub(super) one: Diagram,
    /// Calls with several names of any kind.
    pub(super) any: Diagram,
    /// Whether the lists exclude and user differ.
    pub(super) records: bool,
}

impl<'r> Builder<'_, 'r> {
    /// Returns the events that changed rules touch.
    pub(super) fn touched(&mut self, changed: &Changed<'r>, related: [&[&'r Entry]; 2]) -> Touched {
        let [kept, removed, made] =
            [Fate::Kept, Fate::Removed, Fate::Made].map(|fate| self.space.fate(fate));
        let mut by_name = Diagram::NOTHING;
        let all = changed.calls.entries.iter().map(|entry| (*entry, Diagram::ALWAYS));
        // Rules with files do not match names that only one set drops.
        let dropped = self.dropped_by_one(changed);
        let with_files = related.into_iter().flatten().filter(|entry| names_file(entry));
        let with_files = with_files.map(|entry| (*entry, dropped));
        for (entry, within) in all.chain(with_files.filter(|_| dropped != Diagram::NOTHING)) {
            let rule = entry.rule();
            let ways = match (Role::of(entry), path_of(entry)) {
                (Role::ByInode, Some(_)) => {
                    vec![(Role::ByInode, kept), (Role::Made, made), (Role::Removed, removed)]
                }
                (Role::ByInode, None) => {
                    vec![(Role::ByInode, Diagram::ALWAYS), (Role::Removed, removed)]
                }
                (role, _) => vec![(role, Diagram::ALWAYS)],
            };
            for (role, region) in ways {
                let region = self.space.diagrams.both(within, region);
                let matches = self.space.matches_within(rule, role, region);
                by_name = self.space.diagrams.first(by_name, matches);
            }
        }
        if changed.watches_differ() {
            // A rule without a path can match a removed name at either moment.
            let without =
                |entry: &&&Entry| Role::of(entry) == Role::ByInode && path_of(entry).is_none();
            for entry in related.into_iter().flatten().filter(without) {
                let matches = self.space.matches_within(entry.rule(), Role::Removed, removed);
                by_name = self.space.diagrams.first(by_name, matches);
            }
        }
        let mut any = self.exists(by_name);
        if changed.watches_differ() {
            let removing = self.space.calls(CallClass::can_remove);
            any = self.space.diagrams.first(any, removing);
        }
        let one = self.of_tasks(changed, by_name);
        let possible = self.space.possible_calls();
        let [one, any] = [one, any].map(|calls| self.space.diagrams.both(possible, calls));
        let fates = self.space.possible_fates();
        let records = !changed.exclude.is_empty() || !changed.user.is_empty();
        Touched { one: self.space.diagrams.both(fates, one), any, records }
    }

    /// Adds the calls that changed rules of the lists task and exclude touch.
    fn of_tasks(&mut self, changed: &Changed<'r>, mut touched: Diagram) -> Diagram {
        for entry in &changed.task.entries {
            let matches = self.space.matches_within(entry.rule(), Role::Task, Diagram::ALWAYS);
            touched = self.space.diagrams.first(touched, matches);
        }
        for entry in &changed.exclude.entries {
            for record in [message::SYSCALL, message::OPERATION] {
                let matches = self.record(entry.rule(), Role::Exclude, Some(record), 1);
                touched = self.space.diagrams.first(touched, matches);
            }
        }
        self.space.diagrams.zip(touched, Diagram::NOTHING, &mut |matched, _| u32::from(matched > 0))
    }

    /// Returns the condition that only one set drops the judged name.
    fn dropped_by_one(&mut self, changed: &Changed<'r>) -> Diagram {
        let [old, new] = &changed.dropped;
        let types = |number| [old, new].map(|tests| is_dropped(tests, number));
        self.space.numbers(Trait::Fstype, |number| {
            let [old, new] = types(number);
            old != new
        })
    }

    fn exists(&mut self, by_name: Diagram) -> Diagram {
        let Space { diagrams, meanings, .. } = &mut *self.space;
        diagrams.exists(by_name, &|variable| {
            meanings.get(variable as usize).is_some_and(Meaning::is_of_one_name)
        })
    }
}

impl Meaning {
    /// Returns whether the variable is about one name, and can be another for each name of a call.
    pub(super) fn is_of_one_name(&self) -> bool {
        matches!(
            self,
            Meaning::Trait(Trait::Location | Trait::Fate | Trait::Fstype)
                | Meaning::Fact(Fact::ThisName(_))
        )
    }
}

impl Space<'_> {
    /// Returns whether a variable is about one name.
    pub(super) fn is_of_one_name(&self, variable: Variable) -> bool {
        self.meaning(variable).is_some_and(Meaning::is_of_one_name)
    }

    /// Returns the condition that the call can have its result and its address.
    fn possible_calls(&mut self) -> Diagram {
        let mut possible = Diagram::ALWAYS;
        if self.traits.contains_key(&Trait::Result) {
            let mut all: Vec<Results> = self.classes.iter().map(|class| class.results).collect();
            all.sort_unstable();
            all.dedup();
            let mut known = Diagram::NOTHING;
            for results in all {
                let calls = self.calls(|class| class.results == results);
                let can_be = |value: &Value| match value {
                    Value::Result(result) => results.has(*result),
                    _ => false,
                };
                let values = self.values(Trait::Result, can_be);
                let both = self.diagrams.both(calls, values);
                known = self.diagrams.first(known, both);
            }
            let never = self.calls(|class| !class.returns);
            possible = self.diagrams.first(never, known);
        }
        if self.traits.contains_key(&Trait::Family) {
            let with = self.calls(|class| class.has_address);
            let without = self.values(Trait::Family, |value| *value == Value::Family(None));
            let either = self.diagrams.first(with, without);
            possible = self.diagrams.both(either, possible);
        }
        possible
    }

    /// Returns the condition that the call can do to the judged name what it does: only a call that succeeds makes or
    /// removes entries.
    fn possible_fates(&mut self) -> Diagram {
        let [kept, removed, made] =
            [Fate::Kept, Fate::Removed, Fate::Made].map(|fate| self.fate(fate));
        let succeeds = self.succeeds();
        let (removing, making) =
            (self.calls(CallClass::can_remove), self.calls(CallClass::can_make));
        let removed = self.diagrams.both(removing, removed);
        let made = self.diagrams.both(making, made);
        let changed = self.diagrams.first(removed, made);
        let changed = self.diagrams.both(succeeds, changed);
        self.diagrams.first(kept, changed)
    }
}
