//! What drafts would drop of a log: each event is decided again with each draft.

use std::collections::{BTreeMap, BTreeSet};

use super::super::maker::{Maker, Rules, without_paths};
use super::super::memo::{Answer, Memo};
use super::super::outcome::{Fate, Judge, Outcome};
use super::super::shape::Tested;
use super::super::window::{Side, Window};
use super::draft::Draft;
use crate::catalog::{KernelVersion, field};
use crate::eval::{Evaluator, Files, Tasks, Verdict};
use crate::ingest::{Assembly, Described, Fault, Group, Records, described};
use crate::model::KernelModel;
use crate::rule::{Action, Field, Rule};

/// What a draft does to an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Effect {
    Nothing,
    /// It drops the event.
    Drops,
    /// It leaves out records of these types.
    LeavesOut(Vec<u32>),
    /// The log does not hold what decides.
    Undecided,
}

/// The events of one shape: what made them, and what each draft does to them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Effects {
    maker: Maker,
    of: Vec<Effect>,
}

impl Answer for Effects {
    fn common(&self) -> Self {
        Effects { maker: self.maker.common(), of: self.of.clone() }
    }
}

/// What a draft drops of a log.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Events that it drops.
    pub events: u64,
    /// Bytes in the log that would not be there.
    pub bytes: u64,
    /// The events by what made them.
    pub by: BTreeMap<Maker, u64>,
    /// Events of which the log does not hold what decides.
    pub undecided: u64,
}

/// What drafts drop of a log.
#[derive(Clone, Debug)]
pub struct AllMeasured {
    /// Bytes of all events in the log.
    pub bytes: u64,
    /// What each draft drops.
    pub all: Vec<Measured>,
}

/// Measures drafts in a log, line by line.
pub struct Measure {
    bytes: u64,
    window: Window,
    rules: Rules,
    before: Judge,
    with: Vec<With>,
    memo: Memo<Effects>,
    measured: Vec<Measured>,
    records: Records,
    assembly: Assembly,
}

/// The rules with a draft.
struct With {
    judge: Judge,
    /// For a call.
    call: Option<OfCall>,
    /// For other records: their type.
    record: Option<u32>,
}

/// A draft about calls.
struct OfCall {
    /// The rule before which it comes.
    maker: Maker,
    /// A rule with what it asks besides.
    besides: Evaluator,
    /// A rule with all that it asks.
    whole: Evaluator,
}

impl OfCall {
    fn new(draft: &Draft, maker: &Maker, version: KernelVersion) -> Self {
        let evaluator = |rule: &Rule| {
            let mut alone = KernelModel::new(draft.arming.kernel().profile());
            // A rule with fewer conditions than a rule that was loaded, or as many.
            let _ = alone.add(rule);
            Evaluator::new(&alone, version, Files::default())
        };
        let whole = Rule { action: Action::Always, ..draft.rule.clone() };
        let mut besides = whole.clone();
        let is_besides = |of: &Field| matches!(of.number(), field::ARCH | field::EXE | field::AUID);
        besides.fields.retain(is_besides);
        let (besides, whole) = (evaluator(&besides), evaluator(&whole));
        OfCall { maker: maker.clone(), besides, whole }
    }
}

impl With {
    fn new(draft: &Draft, maker: &Maker, version: KernelVersion) -> Self {
        let kernel = draft.arming.kernel();
        let call = maker.rule().map(|_| OfCall::new(draft, maker, version));
        let record = match maker {
            Maker::NoRule(record) => *record,
            _ => None,
        };
        With { judge: Judge::new(kernel, version, Tasks::Recorded), call, record }
    }

    /// Returns what the draft does to an event that the rules without it keep.
    fn effect(&self, group: &Group, described: &Described, maker: &Maker, old: &Outcome) -> Effect {
        if let Some(OfCall { maker: of, besides, whole }) = &self.call {
            if besides.decide(&described.event).verdict != Verdict::Recorded {
                return Effect::Nothing;
            }
            // The conditions of its rule hold, even those on what the log does not hold: the event is in the log.
            if of == maker {
                return Effect::Drops;
            }
            if whole.decide(&described.event).verdict == Verdict::Unmatched {
                return Effect::Nothing;
            }
        }
        let has_record = || group.records().any(|(kind, _)| kind == self.record);
        match self.call.is_some() || has_record() {
            true => effect(old, &self.judge.outcome(group, described)),
            false => Effect::Nothing,
        }
    }
}

impl Measure {
    /// Takes the rules that made the log, drafts with the makers of the events that they are for, and the time of the
    /// events that count.
    pub fn new(
        rules: &KernelModel,
        drafts: &[(&Draft, &Maker)],
        version: KernelVersion,
        window: Window,
    ) -> Self {
        let with = drafts.iter().flat_map(|(draft, _)| draft.arming.kernel().rules());
        let tested = Tested::by(rules.rules().chain(with)).with_messages();
        let with = drafts.iter().map(|(draft, maker)| With::new(draft, maker, version));
        Measure {
            bytes: 0,
            window,
            rules: Rules::new(rules, version),
            before: Judge::new(rules, version, Tasks::Recorded),
            with: with.collect(),
            memo: Memo::new(tested),
            measured: vec![Measured::default(); drafts.len()],
            records: Records::default(),
            assembly: Assembly::default(),
        }
    }

    /// Measures a line. What is no record does not count.
    pub fn add(&mut self, line: Result<&[u8], Fault>) {
        let bytes = line.map_or(0, |line| line.len() as u64 + 1);
        let Ok(record) = line.and_then(|line| self.records.parse(line)) else { return };
        let mut assembly = std::mem::take(&mut self.assembly);
        assembly.add(&record, bytes, |group| self.count(group));
        self.assembly = assembly;
    }

    /// Returns what each draft drops: the log has ended.
    pub fn finish(mut self) -> AllMeasured {
        let mut assembly = std::mem::take(&mut self.assembly);
        assembly.finish(|group| self.count(group));
        AllMeasured { bytes: self.bytes, all: self.measured }
    }

    fn count(&mut self, group: &Group) {
        let Measure { bytes, window, rules, before, with, memo, measured, .. } = self;
        if window.side(group.stamp.millis) != Side::Within {
            return;
        }
        *bytes += group.bytes;
        let number = memo.of(group, || Effects::of(group, rules, before, with));
        let Some(effects) = memo.all().get(number) else { return };
        for (effect, measured) in effects.of.iter().zip(measured) {
            match effect {
                Effect::Nothing => {}
                Effect::Drops => {
                    measured.events += 1;
                    measured.bytes += group.bytes;
                    *measured.by.entry(effects.maker.clone()).or_default() += 1;
                }
                Effect::LeavesOut(kinds) => {
                    let is_out = |kind: Option<u32>| kind.is_some_and(|kind| kinds.contains(&kind));
                    let out = group.sizes().filter(|(kind, _)| is_out(*kind));
                    measured.bytes += out.map(|(_, bytes)| bytes).sum::<u64>();
                }
                Effect::Undecided => measured.undecided += 1,
            }
        }
    }
}

impl Effects {
    fn of(group: &Group, rules: &Rules, before: &Judge, with: &[With]) -> Self {
        let mut described = described(group);
        let maker = rules.decided_as(&described);
        if rules.is_by_link(&described) {
            described.event = without_paths(described.event);
        }
        let old = before.outcome(group, &described);
        let is_of_rules = !maker.rules().is_empty();
        // What other rules made, these rules do not lose.
        let is_kept = is_of_rules
            || matches!(maker, Maker::NoRule(_))
                && matches!(old.fate, Fate::Kept | Fate::Renamed { .. });
        let of = with.iter().map(|with| match is_kept {
            true => with.effect(group, &described, &maker, &old),
            false => Effect::Nothing,
        });
        Effects { of: of.collect(), maker }
    }
}

fn effect(old: &Outcome, new: &Outcome) -> Effect {
    match (&old.fate, &new.fate) {
        (_, Fate::Dropped) => Effect::Drops,
        (_, Fate::Undecided { .. }) => Effect::Undecided,
        _ => {
            let before: BTreeSet<&u32> = old.without.iter().collect();
            let more = new.without.iter().filter(|kind| !before.contains(kind));
            match more.copied().collect::<Vec<u32>>() {
                none if none.is_empty() => Effect::Nothing,
                more => Effect::LeavesOut(more),
            }
        }
    }
}
