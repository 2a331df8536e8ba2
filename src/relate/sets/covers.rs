//! Whether a set of rules records every call that other rules record.

use std::collections::BTreeSet;

use foldhash::HashSet;

use super::calls::CallClass;
use super::changed::Changed;
use super::evidence::recorded;
use super::outcomes::NO_RECORD;
use super::space::Assignment;
use super::witness::{Judged, Maker, Real};
use super::{Both, Change, Evidence, Filesystems, Judges, Keys, Undecided, Wanted};
use crate::catalog::KernelVersion;
use crate::eval::Event;
use crate::model::KernelModel;
use crate::relate::diagram::{Diagram, Diagrams, Top};

/// Maximum number of events that are tried for one rule.
const MOST_TRIED: usize = 300;
/// Maximum number of steps for one rule.
const MOST_STEPS: usize = 100_000;

/// How far a set of rules records what other rules require.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Coverage {
    /// Calls that the required rules record and the set does not, one for each pair of rules that decide them. If keys
    /// count, also those that the set records with other keys.
    pub missed: Vec<Evidence>,
    /// Pairs of rules for which it is not known whether the set misses a call: the required rule first.
    pub undecided: Vec<Undecided>,
    /// Whether the search stopped before its end: the set may miss more.
    pub is_cut_short: bool,
    /// The rules of the set that record required calls, by their [serial](crate::model::Entry::serial).
    pub by: Vec<usize>,
    /// A call that the required rules record; `None` if none is known.
    pub example: Option<Event>,
}

impl Coverage {
    /// Returns whether the set is proved to record every required call.
    pub fn is_complete(&self) -> bool {
        self.missed.is_empty() && self.is_proved()
    }

    fn is_proved(&self) -> bool {
        self.undecided.is_empty() && !self.is_cut_short
    }
}

/// Compares the calls that the required rules record by themselves with those that a set records, on a kernel of this
/// version. Both are for the same arch. Rules of the lists user and exclude require nothing.
///
/// ```
/// use rauditctl::catalog::{Arch, KernelVersion};
/// use rauditctl::model::{KernelModel, Profile};
/// use rauditctl::relate::sets::{Keys, covers};
/// use rauditctl::rule::{Action, FilterList, Rule};
///
/// let always = |syscalls: &[u32]| {
///     let mut rule = Rule::new(FilterList::Exit, Action::Always);
///     syscalls.iter().for_each(|number| assert!(rule.mask.insert(*number)));
///     let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
///     kernel.add(&rule).map(|()| kernel)
/// };
/// let (required, more) = (always(&[90])?, always(&[90, 91])?);
///
/// assert!(covers(&required, &more, KernelVersion::NEWEST, Keys::Ignore).is_complete());
/// assert!(!covers(&more, &required, KernelVersion::NEWEST, Keys::Ignore).is_complete());
/// # Ok::<(), rauditctl::model::Refusal>(())
/// ```
pub fn covers(
    required: &KernelModel,
    set: &KernelModel,
    version: KernelVersion,
    keys: Keys,
) -> Coverage {
    let sets = [required, set];
    let judges = Judges::new(sets, version, keys);
    let (mut both, fstype) = Both::requiring(sets, version, keys);
    let coverage = both.missed(&judges, fstype);

    let mut examples = Examples { both: &both, fstype, steps: 0, tried: 0 };
    let records = |event: &Event| {
        let decision = judges.old.decide(event);
        recorded(event, &decision)
    };
    let [before, after] = &both.sides;
    let example = examples.find(before.calls.outcome, &|outcome| outcome != NO_RECORD, &records);
    let winners = results(&both.space.diagrams, after.calls.winner);
    let by = winners.into_iter().filter_map(|winner| {
        let serial = after.entry(winner)?.serial();
        let by_it = |event: &Event| {
            let decision = judges.new.decide(event);
            records(event) && recorded(event, &decision) && decision.rule == Some(serial)
        };
        examples.find(after.calls.winner, &|number| number == winner, &by_it)?;
        Some(serial)
    });
    let mut by: Vec<usize> = by.collect();
    by.sort_unstable();

    Coverage { by, example, ..coverage }
}

/// Returns what [`covers`] does, without the calls that the set records: this takes less time.
pub(in crate::relate) fn misses(
    required: &KernelModel,
    set: &KernelModel,
    version: KernelVersion,
    keys: Keys,
) -> Coverage {
    let sets = [required, set];
    let (mut both, fstype) = Both::requiring(sets, version, keys);
    both.missed(&Judges::new(sets, version, keys), fstype)
}

impl<'r> Both<'r> {
    /// Returns the functions of required rules and of a set, for the calls that the required rules record, and the file
    /// system of files whose names both collect.
    fn requiring(
        sets: [&'r KernelModel; 2],
        version: KernelVersion,
        keys: Keys,
    ) -> (Self, Option<u32>) {
        let [required, set] = sets;
        let filesystems = Filesystems::new(required, set);
        let mut both = Both::new(sets, Changed::required(sets, &filesystems), version, keys);
        both.require();
        (both, filesystems.kept_by_both())
    }

    /// Searches the required calls that the set does not record.
    fn missed(&mut self, judges: &Judges, fstype: Option<u32>) -> Coverage {
        let found = self.search(judges, fstype, Wanted::CallsOfOld);
        let (missed, others): (Vec<_>, Vec<_>) =
            found.differences.into_iter().partition(|evidence| evidence.change != Change::Gained);
        Coverage {
            missed,
            undecided: found.undecided,
            is_cut_short: found.is_cut_short || !others.is_empty(),
            by: Vec::new(),
            example: None,
        }
    }

    /// Restricts the functions of the new set to the calls that the old set records.
    fn require(&mut self) {
        let Both { space, sides: [before, after], .. } = self;
        let required = before.calls.outcome;
        let mut restricted = |diagram| {
            space.diagrams.zip(required, diagram, &mut |required, result| match required {
                NO_RECORD => 0,
                _ => result,
            })
        };
        after.calls.outcome = restricted(after.calls.outcome);
        after.calls.winner = restricted(after.calls.winner);
    }
}

/// Returns the results that a function can have, except 0.
fn results(diagrams: &Diagrams, function: Diagram) -> BTreeSet<u32> {
    let (mut found, mut seen, mut open) = (BTreeSet::new(), HashSet::default(), vec![function]);
    while let Some(diagram) = open.pop() {
        match diagrams.top(diagram) {
            Top::Result(0) => {}
            Top::Result(number) => {
                found.insert(number);
            }
            Top::Test(variable) if seen.insert(diagram) => {
                open.extend([false, true].map(|value| diagrams.given(diagram, variable, value)));
            }
            Top::Test(_) => {}
        }
    }
    found
}

/// Searches real calls.
struct Examples<'e, 'r> {
    both: &'e Both<'r>,
    fstype: Option<u32>,
    steps: usize,
    tried: usize,
}

/// A function for one class of calls, the results that are wanted, and what the call must meet.
struct Goal<'g> {
    class: &'g CallClass,
    is_wanted: &'g dyn Fn(u32) -> bool,
    confirms: &'g dyn Fn(&Event) -> bool,
}

impl Examples<'_, '_> {
    /// Returns a call for which a function has a wanted result, and which `confirms` accepts.
    fn find(
        &mut self,
        function: Diagram,
        is_wanted: &dyn Fn(u32) -> bool,
        confirms: &dyn Fn(&Event) -> bool,
    ) -> Option<Event> {
        (self.steps, self.tried) = (0, 0);
        let space = &self.both.space;
        space.classes.iter().enumerate().find_map(|(at, class)| {
            let goal = Goal { class, is_wanted, confirms };
            self.walk(space.of_class(function, at), &goal, &mut Assignment::default())
        })
    }

    fn walk(
        &mut self,
        function: Diagram,
        goal: &Goal<'_>,
        values: &mut Assignment,
    ) -> Option<Event> {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.tried > MOST_TRIED {
            return None;
        }
        let space = &self.both.space;
        let variable = match space.diagrams.top(function) {
            Top::Result(number) if (goal.is_wanted)(number) => return self.made(goal, values),
            Top::Result(_) => return None,
            Top::Test(variable) => variable,
        };
        [false, true].into_iter().find_map(|value| {
            values.push(variable, value);
            let found = self.walk(space.diagrams.given(function, variable, value), goal, values);
            values.pop();
            found
        })
    }

    fn made(&mut self, goal: &Goal<'_>, values: &Assignment) -> Option<Event> {
        self.tried += 1;
        let maker = Maker { space: &self.both.space, fstype: self.fstype };
        let events = maker.events(Judged::Call, goal.class, values).into_iter();
        let events = events.filter_map(|real| match real {
            Real::Event(event) | Real::Crowded(event) => Some(*event),
            Real::Impossible | Real::Unknown => None,
        });
        events.into_iter().find(|event| (goal.confirms)(event))
    }
}
