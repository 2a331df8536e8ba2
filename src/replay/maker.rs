//! The rule that made an event.

use std::collections::BTreeSet;

use super::alone::Alone;
use super::by::joined;
use super::memo::{Answer, Memo};
use super::paths::TestedPaths;
use super::shape::Tested;
use crate::catalog::{Arch, KernelVersion, field, record};
use crate::eval::{
    Address, Attribute, Decision, Evaluator, Event, Files, Kind, Name, Tasks, Verdict,
};
use crate::ingest::{Described, Group, described, is_about_call, is_by_rules};
use crate::model::{Entry, KernelModel};
use crate::rule::{Field, Rule};

/// What made an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Maker {
    /// This rule, by its [serial](crate::model::Entry::serial).
    Rule(usize),
    /// A rule without a key. The record has the keys of a rule that matched before.
    Keyless {
        /// The rule, by its serial.
        rule: usize,
        /// The keys of the record.
        keys: Vec<Vec<u8>>,
    },
    /// One of these rules. The log does not hold the attributes that decide.
    OneOf(Vec<usize>, Vec<&'static str>),
    /// No rule: another subsystem or a program wrote a record of this type.
    NoRule(Option<u32>),
    /// A rule with these keys that is not among the rules.
    OtherRule {
        /// The keys. Without keys: several such rules, of a log with more than 16,384 makers.
        keys: Vec<Vec<u8>>,
        /// The rule that decides the event first, by its serial, if rules with these keys would record it otherwise.
        first: Option<usize>,
    },
    /// The event has no record of its call, so that nothing decides it.
    Incomplete,
}

impl Maker {
    /// Returns the rules that made the events, or may have, by their serials.
    pub fn rules(&self) -> &[usize] {
        match self {
            Maker::Rule(serial) | Maker::Keyless { rule: serial, .. } => {
                std::slice::from_ref(serial)
            }
            Maker::OneOf(serials, _) => serials,
            Maker::NoRule(_) | Maker::OtherRule { .. } | Maker::Incomplete => &[],
        }
    }

    /// Returns the rule that made the events, by its serial; `None` if there may be several, or none.
    pub fn rule(&self) -> Option<usize> {
        match self {
            Maker::Rule(serial) | Maker::Keyless { rule: serial, .. } => Some(*serial),
            _ => None,
        }
    }

    /// Returns whether its events have keys that are not known any more, in a log with very many.
    pub fn lacks_keys(&self) -> bool {
        matches!(self, Maker::OtherRule { keys, .. } if keys.is_empty())
    }
}

impl Answer for Maker {
    fn common(&self) -> Self {
        match self {
            Maker::OtherRule { .. } => Maker::OtherRule { keys: Vec::new(), first: None },
            Maker::NoRule(_) => Maker::NoRule(None),
            // There are as many as rules.
            Maker::Keyless { rule, .. } => Maker::Rule(*rule),
            Maker::Rule(_) | Maker::OneOf(..) | Maker::Incomplete => self.clone(),
        }
    }
}

/// What the rules of a maker have.
#[derive(Debug, Default)]
struct Traits {
    /// Their keys, as one value.
    keys: Option<Box<[u8]>>,
    paths: TestedPaths,
}

/// Finds the maker of events.
pub struct Makers {
    rules: Rules,
    /// The keys of all rules.
    keys: BTreeSet<Vec<u8>>,
    memo: Memo<Maker>,
    /// What the rules of each maker have.
    traits: Vec<Traits>,
    no_paths: TestedPaths,
}

/// The rules that decide again.
pub(super) struct Rules {
    kernel: KernelModel,
    evaluator: Evaluator,
    alone: Alone,
}

impl Makers {
    /// Takes the rules that a kernel of this version holds.
    pub fn new(kernel: &KernelModel, version: KernelVersion) -> Self {
        let rules = || kernel.rules();
        Makers {
            rules: Rules::new(kernel, version),
            keys: rules()
                .flat_map(|rule| rule.keys().map(<[u8]>::to_vec).collect::<Vec<_>>())
                .collect(),
            memo: Memo::new(Tested::by(rules())),
            traits: Vec::new(),
            no_paths: TestedPaths::default(),
        }
    }

    /// Finds the makers by the shapes of other answers, which follow from what these rules test and more. So an event has
    /// one shape for both.
    pub(super) fn share(&mut self, tested: &Tested) {
        self.memo = Memo::new(tested.clone());
        self.traits.clear();
    }

    /// Returns the shape of the last event.
    pub(super) fn shape(&self) -> &[u8] {
        self.memo.shape()
    }

    /// Returns all makers that were found, by number.
    pub fn all(&self) -> &[Maker] {
        self.memo.all()
    }

    /// Returns whether a rule has this key.
    pub fn has_key(&self, key: &[u8]) -> bool {
        self.keys.contains(key)
    }

    /// Returns the arch of the machine that the rules are for.
    pub(super) fn arch(&self) -> Arch {
        self.rules.kernel.profile().arch()
    }

    /// Returns the keys of the events of a maker, as one value.
    pub(super) fn keys(&self, number: usize) -> Option<&[u8]> {
        self.traits.get(number)?.keys.as_deref()
    }

    /// Returns the paths that the rules of a maker test.
    pub(super) fn tested_paths(&self, number: usize) -> &TestedPaths {
        self.traits.get(number).map_or(&self.no_paths, |traits| &traits.paths)
    }

    /// Returns the number of the maker of an event.
    pub fn of(&mut self, group: &Group) -> usize {
        let Makers { rules, memo, traits, .. } = self;
        let number = memo.of(group, || rules.decided(group));
        let new = memo.all().iter().skip(traits.len());
        traits.extend(new.map(|maker| rules.traits_of(maker)));
        number
    }
}

impl Rules {
    pub(super) fn new(kernel: &KernelModel, version: KernelVersion) -> Self {
        Rules {
            kernel: kernel.clone(),
            evaluator: Evaluator::new(kernel, version, Files::default())
                .with_tasks(Tasks::Recorded),
            alone: Alone::new(kernel),
        }
    }

    /// Returns the maker of an event.
    pub(super) fn decided(&self, group: &Group) -> Maker {
        self.decided_as(&described(group))
    }

    /// Returns the maker of an event.
    pub(super) fn decided_as(&self, described: &Described) -> Maker {
        match described.event.kind {
            Kind::Syscall | Kind::IoUring(_) if described.is_call => {}
            _ if described.is_incomplete => return Maker::Incomplete,
            _ => return Maker::NoRule(described.kind),
        }
        let mut rules = self.recording(&described.event, &described.keys);
        if rules.is_empty() && names_may_mislead(described) {
            let event = without_paths(described.event.clone());
            rules = self.recording(&event, &described.keys);
        }
        match (rules.as_slice(), described.keys.is_empty()) {
            ([only], false) if self.is_keyless(*only) => {
                Maker::Keyless { rule: *only, keys: described.keys.clone() }
            }
            ([only], _) => Maker::Rule(*only),
            ([], true) => Maker::NoRule(self.known_by(described)),
            ([], false) => {
                Maker::OtherRule { keys: described.keys.clone(), first: self.first(described) }
            }
            _ => {
                let missing = self.missing(&rules, &described.event);
                Maker::OneOf(rules, missing)
            }
        }
    }

    /// Returns the type that a call of no rule is known by: that of the call if only rules make such records.
    fn known_by(&self, described: &Described) -> Option<u32> {
        let kind = described.kind?;
        let is_by_rules = !is_about_call(kind) && is_by_rules(kind, self.evaluator.version());
        Some(if is_by_rules { record::SYSCALL } else { kind })
    }

    fn is_keyless(&self, serial: usize) -> bool {
        let mut entries = self.kernel.entries();
        let rule = entries.find(|entry| entry.serial() == serial).map(Entry::rule);
        rule.is_some_and(|rule| rule.keys().next().is_none())
    }

    /// Returns the rule that decides a call, if the rules with its keys would record it otherwise.
    fn first(&self, described: &Described) -> Option<usize> {
        let Described { event, keys, .. } = described;
        let first = self.evaluator.decide(event).rule?;
        let alone = self.alone.with(keys, &self.evaluator)?;
        let records = |event: &Event| !recording(&alone.decide(event), keys).is_empty();
        let is_late = records(event)
            || names_may_mislead(described) && records(&without_paths(event.clone()));
        is_late.then_some(first)
    }

    fn traits_of(&self, maker: &Maker) -> Traits {
        if let Maker::OtherRule { keys, .. } = maker {
            let keys = joined(keys.iter().map(Vec::as_slice));
            return Traits { keys, ..Traits::default() };
        }
        let serials = maker.rules();
        if serials.is_empty() {
            return Traits::default();
        }
        let entries = self.kernel.entries().filter(|entry| serials.contains(&entry.serial()));
        let rules: Vec<&Rule> = entries.map(Entry::rule).collect();
        let keys = match maker {
            Maker::Keyless { keys, .. } => joined(keys.iter().map(Vec::as_slice)),
            // All rules that may have made an event show its keys, a rule without a key those of another one.
            _ => rules.iter().find_map(|rule| joined(rule.keys())),
        };
        Traits { keys, paths: TestedPaths::by(rules.into_iter()) }
    }

    /// Returns the rules that may have recorded an event with these keys.
    fn recording(&self, event: &Event, keys: &[Vec<u8>]) -> Vec<usize> {
        recording(&self.evaluator.decide(event), keys)
    }

    /// Returns whether rules made a call only if a name of it is that of a link.
    pub(super) fn is_by_link(&self, described: &Described) -> bool {
        let Described { event, keys, is_call, .. } = described;
        *is_call
            && names_may_mislead(described)
            && self.recording(event, keys).is_empty()
            && !self.recording(&without_paths(event.clone()), keys).is_empty()
    }

    /// Returns the attributes that rules test and that the log does not hold.
    fn missing(&self, rules: &[usize], event: &Event) -> Vec<&'static str> {
        let entries = self.kernel.entries().filter(|entry| rules.contains(&entry.serial()));
        let conditions = entries.flat_map(|entry| entry.rule().fields.iter());
        let missing: BTreeSet<Attribute> =
            conditions.filter_map(|condition| missing(condition, event)).collect();
        match missing.is_empty() {
            // A value that is not a number, such as that of a log which another program has changed.
            true => self.evaluator.decide(event).depends_on().iter().map(Attribute::name).collect(),
            false => missing.into_iter().map(Attribute::name).collect(),
        }
    }
}

/// Returns whether a name of an event may be that of a link: no rule fits otherwise, and nothing else has made the event.
fn names_may_mislead(described: &Described) -> bool {
    let is_of_rule = !described.keys.is_empty() || described.kind.is_some_and(is_about_call);
    let names = described.event.names.as_deref().unwrap_or_default();
    is_of_rule && names.iter().any(|name| name.path.is_some())
}

/// Returns an event whose names may be links. The kernel compares files, and the record has the name that the call used.
pub(super) fn without_paths(mut event: Event) -> Event {
    event.names.iter_mut().flatten().for_each(|name| name.path = None);
    event
}

/// Returns the attribute that decides a condition, if the log does not hold it.
fn missing(condition: &Field, event: &Event) -> Option<Attribute> {
    let Event { task, call, names, .. } = event;
    let any_name =
        |lacks: fn(&Name) -> bool| names.as_ref().is_none_or(|all| all.iter().any(lacks));
    let (is_missing, attribute) = match condition.number() {
        // These compare supplementary groups, too.
        field::GID | field::EGID => (task.groups.is_none(), Attribute::Groups),
        field::PERS => (task.pers.is_none(), Attribute::Pers),
        field::EXE => (task.exe.is_none(), Attribute::Exe),
        field::AUID | field::LOGINUID_SET => (task.auid.is_none(), Attribute::Auid),
        field::SUBJ_USER..=field::SUBJ_CLR => (task.subj.is_none(), Attribute::Subj),
        field::OBJ_USER..=field::OBJ_LEV_HIGH => {
            (any_name(|name| name.obj.is_none()), Attribute::Obj)
        }
        field::FSTYPE => (any_name(|name| name.fstype.is_none()), Attribute::Fstype),
        // The flags of the other calls are an argument.
        field::PERM => {
            let is_in_memory = call.syscall_name() == Some("openat2");
            (is_in_memory && call.open_flags.is_none(), Attribute::OpenFlags)
        }
        field::SADDR_FAM => (call.address == Address::Unknown, Attribute::SaddrFam),
        field::PATH | field::DIR if names.is_some() => (true, Attribute::Files),
        field::PATH | field::DIR | field::INODE | field::DEVMAJOR | field::DEVMINOR => {
            (names.is_none(), Attribute::Names)
        }
        _ => return None,
    };
    is_missing.then_some(attribute)
}

/// Returns the rules that may have recorded an event with these keys.
fn recording(decision: &Decision, keys: &[Vec<u8>]) -> Vec<usize> {
    let only = [(decision.verdict, decision.keys.as_slice(), decision.rule)];
    let ways = decision.ways.iter().map(|way| (way.verdict, way.keys.as_slice(), way.rule));
    let all = ways.chain(only.into_iter().filter(|_| decision.ways.is_empty()));
    let fitting = all.filter(|(verdict, shown, _)| *verdict == Verdict::Recorded && *shown == keys);
    let rules: BTreeSet<usize> = fitting.filter_map(|(.., rule)| rule).collect();
    rules.into_iter().collect()
}
