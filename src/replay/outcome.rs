//! What rules would do with an event of a log that other rules may have made.

use std::collections::BTreeSet;

use super::deduced::{Deduction, of_list};
use super::maker::{Rules, without_paths};
use super::memo::{Answer, Memo};
use super::shape::Tested;
use crate::catalog::{KernelVersion, record};
use crate::eval::{Attribute, Attributes, Decision, Evaluator, Event, Files, Kind, Tasks, Verdict};
use crate::ingest::{Described, Group, described, is_by_rules};
use crate::model::{KernelModel, Profile};
use crate::rule::FilterList;

/// What rules would do with an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outcome {
    /// Whether they would keep it.
    pub fate: Fate,
    /// The rule that decides, by its [serial](crate::model::Entry::serial), if there is only one.
    pub rule: Option<usize>,
    /// The types of the records that would be left out of an event that is kept.
    pub without: Vec<u32>,
}

/// Whether rules would keep an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It would be in the log, under the same keys.
    Kept,
    /// It would be in the log, under other keys.
    Renamed {
        /// The keys in the log; empty if the outcomes of a log are more than 16,384.
        from: Vec<Vec<u8>>,
        /// The keys that it would have.
        to: Vec<Vec<u8>>,
    },
    /// It would not be in the log.
    Dropped,
    /// The log does not hold what decides.
    Undecided {
        /// These attributes.
        depends_on: Vec<&'static str>,
        /// The keys that it can have if it would be in the log; `None` if that can be any.
        keys: Option<BTreeSet<Vec<u8>>>,
    },
}

impl Answer for Outcome {
    fn common(&self) -> Self {
        let fate = match &self.fate {
            Fate::Renamed { to, .. } => Fate::Renamed { from: Vec::new(), to: to.clone() },
            Fate::Undecided { depends_on, .. } => {
                Fate::Undecided { depends_on: depends_on.clone(), keys: None }
            }
            Fate::Kept | Fate::Dropped => self.fate.clone(),
        };
        Outcome { fate, ..self.clone() }
    }
}

/// Finds what rules would do with events.
pub struct Outcomes {
    deciding: Deciding,
    memo: Memo<Outcome>,
}

/// The rules that decide.
struct Deciding {
    judge: Judge,
    /// The rules that made the log, if they are known.
    old: Option<Rules>,
    /// What the log shows of them.
    deduction: Option<Deduction>,
}

impl Outcomes {
    /// Takes the rules that a kernel of this version would hold.
    pub fn new(kernel: &KernelModel, version: KernelVersion) -> Self {
        let judge = Judge::new(kernel, version, Tasks::Unknown);
        Outcomes {
            deciding: Deciding { judge, old: None, deduction: None },
            memo: Memo::new(Tested::by(kernel.rules()).with_messages()),
        }
    }

    /// Takes the rules that made the log. If they made an event by a link, the names of the event decide nothing.
    pub fn of_log_by(kernel: &KernelModel, old: &KernelModel, version: KernelVersion) -> Self {
        let tested = Tested::by(kernel.rules().chain(old.rules())).with_messages();
        // The log shows what the same rules of the list task have decided.
        let is_same = of_list(kernel, FilterList::Task).eq(of_list(old, FilterList::Task));
        let tasks = if is_same { Tasks::Recorded } else { Tasks::Unknown };
        let deciding = Deciding {
            judge: Judge::new(kernel, version, tasks),
            old: Some(Rules::new(old, version)),
            deduction: Deduction::new(kernel, old),
        };
        Outcomes { deciding, memo: Memo::new(tested) }
    }

    /// Returns all outcomes that were found, by number.
    pub fn all(&self) -> &[Outcome] {
        self.memo.all()
    }

    /// Returns the number of the outcome of an event.
    pub fn of(&mut self, group: &Group) -> usize {
        let Outcomes { deciding, memo } = self;
        memo.of(group, || deciding.outcome(group))
    }

    /// Returns the number of the outcome of an event of this shape, by what these outcomes follow from.
    pub(super) fn of_shape(&mut self, shape: &[u8], group: &Group) -> usize {
        let Outcomes { deciding, memo } = self;
        memo.of_shape(shape, || deciding.outcome(group))
    }

    /// Returns what the outcomes follow from: what these rules test, and those that made the log.
    pub(super) fn tested(&self) -> &Tested {
        self.memo.tested()
    }
}

impl Deciding {
    /// Returns what the rules do with an event of a log that other rules may have made.
    fn outcome(&mut self, group: &Group) -> Outcome {
        let described = described(group);
        let Some(old) = &self.old else { return self.judge.outcome(group, &described) };
        let seen = match old.is_by_link(&described) {
            true => {
                Described { event: without_paths(described.event.clone()), ..described.clone() }
            }
            false => described.clone(),
        };
        let outcome = self.judge.outcome(group, &seen);
        if !matches!(outcome.fate, Fate::Undecided { .. }) || !described.is_call {
            return outcome;
        }
        let maker = old.decided_as(&described);
        let Deciding { judge, deduction, .. } = self;
        let deduced = deduction.as_mut().and_then(|log| log.outcome(judge, &maker, group, &seen));
        deduced.unwrap_or(outcome)
    }
}

/// The record of a call whose records are missing.
const NO_CALL: &str = "the record of the call";

/// Rules that decide events of a log without the memory of shapes.
pub(super) struct Judge {
    evaluator: Evaluator,
    /// Whether rules drop records.
    has_exclusions: bool,
}

/// The records of an event that rules leave out.
#[derive(Default)]
struct Left {
    kinds: Vec<u32>,
    /// The rule that drops the first.
    rule: Option<usize>,
    depends_on: Attributes,
}

impl Judge {
    pub(super) fn new(kernel: &KernelModel, version: KernelVersion, tasks: Tasks) -> Self {
        let drops = |list| matches!(list, FilterList::Exclude | FilterList::User);
        Judge {
            evaluator: Evaluator::new(kernel, version, Files::default()).with_tasks(tasks),
            has_exclusions: kernel.rules().any(|rule| drops(rule.list)),
        }
    }

    /// Returns the kernel that the rules are in.
    pub(super) fn profile(&self) -> Profile {
        self.evaluator.profile()
    }

    /// Returns the rules of another kernel, which decide as these do.
    pub(super) fn for_rules(&self, kernel: &KernelModel) -> Self {
        let evaluator = self.evaluator.for_rules(kernel);
        Judge { evaluator, has_exclusions: self.has_exclusions }
    }

    /// Returns what the rules do with an event.
    pub(super) fn outcome(&self, group: &Group, described: &Described) -> Outcome {
        let version = self.evaluator.version();
        let kinds: BTreeSet<Option<u32>> = group.records().map(|(kind, _)| kind).collect();
        let (of_call, others): (Vec<_>, Vec<_>) =
            kinds.into_iter().partition(|kind| kind.is_some_and(|kind| is_by_rules(kind, version)));
        let (others_left, kept) = self.left(&described.event, &others);
        if !others_left.depends_on.is_empty() {
            let keys = if described.is_call {
                possible_keys(&self.evaluator.decide(&described.event))
            } else {
                BTreeSet::new()
            };
            return undecided(others_left.depends_on, keys);
        }
        if described.is_call {
            return self.of_call(described, &of_call, others_left, kept);
        }
        let (left, of_call_kept) = self.left(&described.event, &of_call);
        match (others.is_empty(), left.depends_on.is_empty()) {
            (true, _) => {
                let fate = Fate::Undecided { depends_on: vec![NO_CALL], keys: None };
                Outcome { fate, rule: None, without: Vec::new() }
            }
            (false, false) => undecided(left.depends_on, BTreeSet::new()),
            (false, true) if kept + of_call_kept == 0 => dropped(others_left.rule),
            (false, true) => Outcome {
                fate: Fate::Kept,
                rule: None,
                without: [others_left.kinds, left.kinds].concat(),
            },
        }
    }

    /// Returns what the rules do with a call. `others` are the records of other subsystems that they leave out, and `kept`
    /// is the number of those that they keep.
    fn of_call(
        &self,
        described: &Described,
        of_call: &[Option<u32>],
        others: Left,
        kept: usize,
    ) -> Outcome {
        let Described { event, keys, .. } = described;
        let decision = self.evaluator.decide(event);
        let recorded = match decision.verdict {
            Verdict::Undecided => {
                return undecided(decision.depends_on(), possible_keys(&decision));
            }
            Verdict::Recorded => true,
            // The record of another subsystem makes that of the call appear, too (`auditsc_get_stamp`, kernel/auditsc.c).
            Verdict::Unmatched => kept > 0,
            _ => false,
        };
        let (left, of_call_kept) =
            if recorded { self.left(event, of_call) } else { (all_of(of_call, decision.rule), 0) };
        if !left.depends_on.is_empty() {
            return undecided(left.depends_on, possible_keys(&decision));
        }
        // Without its main record, a call has none.
        let main =
            if matches!(event.kind, Kind::Syscall) { record::SYSCALL } else { record::URINGOP };
        let (left, of_call_kept) = match left.kinds.contains(&main) {
            true => (all_of(of_call, left.rule), 0),
            false => (left, of_call_kept),
        };
        if kept + of_call_kept == 0 {
            return dropped(left.rule.or(others.rule));
        }
        let fate = match of_call_kept > 0 && decision.keys != *keys {
            true => Fate::Renamed { from: keys.clone(), to: decision.keys.clone() },
            false => Fate::Kept,
        };
        Outcome { fate, rule: decision.rule, without: [others.kinds, left.kinds].concat() }
    }

    /// Returns the records of an event that the rules drop one by one, and the number of those that they keep.
    fn left(&self, event: &Event, kinds: &[Option<u32>]) -> (Left, usize) {
        let mut left = Left::default();
        if !self.has_exclusions {
            return (left, kinds.len());
        }
        let mut kept = 0;
        for kind in kinds {
            if kind.is_some_and(is_of_auditd) {
                kept += 1;
                continue;
            }
            let message = match event.kind {
                Kind::User(_) => Kind::User(*kind),
                _ => Kind::Record(*kind),
            };
            let one = Event { kind: message, task: event.task.clone(), ..Event::default() };
            let decision = self.evaluator.decide(&one);
            match (decision.verdict, kind) {
                (Verdict::Undecided, _) => {
                    left.depends_on = left.depends_on.with(decided_by(&decision));
                }
                (Verdict::Excluded | Verdict::Silenced, Some(kind)) => {
                    left.kinds.push(*kind);
                    left.rule = left.rule.or(decision.rule);
                }
                _ => kept += 1,
            }
        }
        (left, kept)
    }
}

/// Returns whether auditd writes records of this type itself (`AUDIT_FIRST_DAEMON`, linux/audit.h). No list of the kernel
/// sees them.
const fn is_of_auditd(kind: u32) -> bool {
    matches!(kind, 1200..=1299)
}

/// Returns the attributes that decide. There is at least one.
fn decided_by(decision: &Decision) -> Attributes {
    match decision.depends_on() {
        none if none.is_empty() => Attributes::of(Attribute::Type),
        some => some,
    }
}

fn all_of(kinds: &[Option<u32>], rule: Option<usize>) -> Left {
    Left { kinds: kinds.iter().flatten().copied().collect(), rule, ..Left::default() }
}

fn dropped(rule: Option<usize>) -> Outcome {
    Outcome { fate: Fate::Dropped, rule, without: Vec::new() }
}

/// Returns the keys that an event can have, by the ways in which it is recorded.
fn possible_keys(decision: &Decision) -> BTreeSet<Vec<u8>> {
    let ways = decision.ways.iter().filter(|way| way.verdict == Verdict::Recorded);
    ways.flat_map(|way| &way.keys).chain(&decision.keys).cloned().collect()
}

fn undecided(attributes: Attributes, keys: BTreeSet<Vec<u8>>) -> Outcome {
    let fate = Fate::Undecided { depends_on: attributes.short_names(), keys: Some(keys) };
    Outcome { fate, rule: None, without: Vec::new() }
}
