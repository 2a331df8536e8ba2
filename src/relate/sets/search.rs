//! Searches events that two sets of rules decide differently.

use std::collections::BTreeMap;

use foldhash::HashSet;

use super::calls::CallClass;
use super::evidence::{Change, Evidence, Judges};
use super::lists::Decided;
use super::outcomes::NO_RECORD;
use super::real::is_real;
use super::space::{Assignment, Meaning};
use super::test::{Fact, Trait};
use super::witness::{Judged, Maker, Real};
use crate::eval::{Attribute, Attributes};
use crate::relate::diagram::{Diagram, Variable};

/// Two rules that decide the same events with different outcomes: the old and the new one; 0 for no rule.
pub(super) type Cause = (u32, u32, Change);

/// Maximum number of events that are tried for one cause.
const MOST_TRIED: usize = 300;
/// Maximum number of events that are tried after an event that no kernel makes.
const MOST_FURTHER: usize = 40;
/// Maximum number of causes.
const MOST_CAUSES: usize = 2_000;
/// Maximum number of steps.
const MOST_STEPS: usize = 4_000_000;

/// What is known about a cause.
#[derive(Default)]
pub(super) struct Known {
    tried: usize,
    /// Why an event that may differ does not count.
    doubts: Attributes,
    is_doubtful: bool,
    pub(super) evidence: Option<Evidence>,
    /// Whether a kernel can make the event.
    is_real: bool,
    /// The number of events that were tried since one was found.
    further: usize,
}

impl Known {
    /// Returns whether there may be such an event, though none is known.
    pub(super) fn is_open(&self) -> bool {
        self.evidence.is_none() && (self.is_doubtful || self.tried >= MOST_TRIED)
    }

    pub(super) fn doubts(&self) -> Attributes {
        self.doubts
    }

    fn is_settled(&self) -> bool {
        self.is_real || self.tried >= MOST_TRIED || self.further >= MOST_FURTHER
    }

    fn add(&mut self, evidence: Evidence) {
        let is_real = is_real(&evidence.event);
        if self.evidence.is_none() || is_real {
            self.evidence = Some(evidence);
        }
        self.is_real = is_real;
    }
}

/// The search, and what it found.
pub(super) struct Search<'s, 'r> {
    pub(super) maker: &'s Maker<'s, 'r>,
    pub(super) judges: &'s Judges,
    pub(super) causes: BTreeMap<Cause, Known>,
    steps: usize,
    done: HashSet<([Diagram; 4], Limits)>,
}

/// What a call can have.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Limits {
    judged: Judged,
    has_names: bool,
}

/// The position of the search: both winners and both outcomes, for the variables that are chosen.
type Nodes = [Diagram; 4];

impl<'s, 'r> Search<'s, 'r> {
    pub(super) fn new(maker: &'s Maker<'s, 'r>, judges: &'s Judges) -> Self {
        Search { maker, judges, causes: BTreeMap::new(), steps: 0, done: HashSet::default() }
    }

    /// Returns whether the search stopped before its end.
    pub(super) fn is_cut_short(&self) -> bool {
        self.steps >= MOST_STEPS || self.causes.len() >= MOST_CAUSES
    }

    /// Returns the changes that events show.
    pub(super) fn found(&self) -> impl Iterator<Item = Change> {
        let found = self.causes.iter().filter(|(_, known)| known.evidence.is_some());
        found.map(|((.., change), _)| *change)
    }

    /// Searches the calls of every class.
    pub(super) fn calls(&mut self, old: Decided, new: Decided) {
        if old.outcome == new.outcome {
            return;
        }
        let space = self.maker.space;
        for (at, class) in space.classes.iter().enumerate() {
            let nodes = [old.winner, new.winner, old.outcome, new.outcome];
            let nodes = nodes.map(|diagram| space.of_class(diagram, at));
            self.walk(nodes, Judged::Call, class, &mut Assignment::default());
        }
    }

    /// Searches records or messages.
    pub(super) fn records(&mut self, judged: Judged, old: Decided, new: Decided) {
        let Some(class) = self.maker.space.classes.first() else { return };
        let nodes = [old.winner, new.winner, old.outcome, new.outcome];
        self.walk(nodes, judged, class, &mut Assignment::default());
    }

    /// Walks the functions, and returns whether everything below is settled: no further event has to be tried.
    fn walk(
        &mut self,
        nodes: Nodes,
        judged: Judged,
        class: &CallClass,
        values: &mut Assignment,
    ) -> bool {
        let [_, _, old, new] = nodes;
        let limits = Limits { judged, has_names: class.collected.is_some() };
        if old == new || self.done.contains(&(nodes, limits)) {
            return true;
        }
        if self.is_cut_short() {
            return false;
        }
        self.steps += 1;
        let space = self.maker.space;
        let Some(variable) = space.diagrams.first_tested(&nodes) else {
            return self.try_event(nodes, judged, class, values);
        };
        let mut is_settled = true;
        for value in [false, true] {
            if value && !self.allows(variable, limits) {
                continue;
            }
            values.push(variable, value);
            let nodes = nodes.map(|diagram| space.diagrams.given(diagram, variable, value));
            is_settled &= self.walk(nodes, judged, class, values);
            values.pop();
        }
        if is_settled {
            self.done.insert((nodes, limits));
        }
        is_settled
    }

    fn allows(&self, variable: Variable, limits: Limits) -> bool {
        match self.maker.space.meaning(variable) {
            Some(
                Meaning::Fact(Fact::AnyName(_) | Fact::EarlyName(_) | Fact::ThisName(_))
                | Meaning::Trait(Trait::Location),
            ) => limits.has_names,
            _ => true,
        }
    }

    fn try_event(
        &mut self,
        nodes: Nodes,
        judged: Judged,
        class: &CallClass,
        values: &Assignment,
    ) -> bool {
        let [winner, other, old, new] =
            nodes.map(|diagram| self.maker.space.diagrams.known(diagram).unwrap_or(0));
        let change = match (old, new) {
            (_, NO_RECORD) => Change::Lost,
            (NO_RECORD, _) => Change::Gained,
            _ => Change::Rekeyed,
        };
        let cause = (winner, other, change);
        // The order of operations in io_uring_enter is never known.
        let is_hopeless = class.runs_operations && self.is_doubtful(cause);
        if self.is_settled(cause) || is_hopeless {
            return true;
        }
        let events = self.maker.events(judged, class, values);
        self.judge(cause, events)
    }

    /// Returns whether no further event has to be tried for a cause.
    pub(super) fn is_settled(&self, cause: Cause) -> bool {
        self.causes.get(&cause).is_some_and(Known::is_settled)
    }

    pub(super) fn has_evidence(&self, cause: Cause) -> bool {
        self.causes.get(&cause).is_some_and(|known| known.evidence.is_some())
    }

    fn is_doubtful(&self, cause: Cause) -> bool {
        self.causes.get(&cause).is_some_and(|known| known.is_doubtful)
    }

    /// Judges the events of some values for a cause; returns whether no further event has to be tried.
    pub(super) fn judge(&mut self, cause: Cause, events: Vec<Real>) -> bool {
        let known = self.causes.entry(cause).or_default();
        known.tried += 1;
        known.further += usize::from(known.evidence.is_some());
        let (mut doubts, mut is_found) = (None, false);
        for real in events {
            let is_crowded = matches!(real, Real::Crowded(_));
            match real {
                Real::Impossible => {}
                Real::Unknown => doubts = Some(Attributes::of(Attribute::Names)),
                Real::Event(event) | Real::Crowded(event) => match self.judges.differ(&event) {
                    Ok(evidence) if evidence.change == cause.2 => {
                        is_found = true;
                        known.add(evidence);
                    }
                    // Another name decides.
                    Ok(_) | Err(Attributes::NONE) if is_crowded => {}
                    Ok(_) => doubts = Some(doubts.unwrap_or_default()),
                    Err(attributes) => doubts = Some(doubts.unwrap_or_default().with(attributes)),
                },
            }
            if known.is_real {
                return true;
            }
        }
        if let Some(attributes) = doubts.filter(|_| !is_found) {
            known.is_doubtful = true;
            known.doubts = known.doubts.with(attributes);
        }
        known.is_settled()
    }
}
