//! The events that two sets of rules can tell apart, as the values of yes-or-no variables.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::calls::{CallClass, Masks};
use super::demands::{Demands, preferred, results};
use super::locations::Locations;
use super::message;
use super::numbers::{NumberTest, Regions};
use super::test::{Fact, Fate, NameTest, Role, Test, Trait, When};
use crate::catalog::{KernelVersion, field};
use crate::model::{Entry, Profile, is_error};
use crate::relate::diagram::{Diagram, Diagrams, Variable};
use crate::rule::{Mask, Op};

/// A value of a trait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A number, and another of which every condition holds in the same way.
    Number(u32, Option<u32>),
    Result(i64),
    /// The family of an address, if there is one.
    Family(Option<u32>),
    /// A text; `None` is every text that no rule has.
    Text(Option<Vec<u8>>),
    /// A label without such a part.
    Absent,
    Fate(Fate),
    Location(usize),
}

/// A trait as some variables, which hold the number of its value.
#[derive(Clone, Debug)]
pub(super) struct Domain {
    first: Variable,
    bits: u32,
    pub(super) values: Vec<Value>,
}

impl Domain {
    /// Returns the number of the value that a code stands for. Several codes can be those of one value.
    fn decoded(&self, code: usize) -> usize {
        if code < self.values.len() { code } else { code - (1 << (self.bits - 1)) }
    }

    /// Returns the bit of a variable for the value with a number.
    pub(super) fn bit(&self, variable: Variable, value: usize) -> Option<bool> {
        let at = variable.checked_sub(self.first).filter(|at| *at < self.bits)?;
        Some(value >> (self.bits - 1 - at) & 1 == 1)
    }

    /// Returns whether the value does not matter.
    pub(super) fn is_open(&self, assignment: &Assignment) -> bool {
        (self.first..self.first + self.bits).all(|variable| assignment.get(variable).is_none())
    }

    /// Returns the values that an assignment allows.
    pub(super) fn allowed(&self, assignment: &Assignment) -> impl Iterator<Item = &Value> {
        let given: Vec<Option<bool>> =
            (self.first..self.first + self.bits).map(|variable| assignment.get(variable)).collect();
        let is_allowed = move |code: usize| {
            let bits = given.iter().rev().enumerate();
            bits.into_iter().all(|(at, bit)| bit.is_none_or(|bit| bit == (code >> at & 1 == 1)))
        };
        let codes = (0..1 << self.bits).filter(move |code| is_allowed(*code));
        codes.filter_map(|code| self.values.get(self.decoded(code)))
    }

    pub(super) fn value(&self, assignment: &Assignment) -> Option<&Value> {
        let code = (self.first..self.first + self.bits).fold(0, |code, variable| {
            2 * code + usize::from(assignment.get(variable).unwrap_or(false))
        });
        self.values.get(self.decoded(code))
    }
}

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Class,
    Trait(Trait),
    Fact(Fact),
}

/// The values of some variables.
#[derive(Clone, Debug, Default)]
pub(super) struct Assignment(Vec<(Variable, bool)>);

impl Assignment {
    pub(super) fn push(&mut self, variable: Variable, value: bool) {
        self.0.push((variable, value));
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    /// Returns the value of a variable; `None` if it does not matter.
    pub(super) fn get(&self, variable: Variable) -> Option<bool> {
        self.0.iter().find(|(known, _)| *known == variable).map(|(_, value)| *value)
    }
}

/// The space of events.
pub(super) struct Space<'r> {
    pub(super) diagrams: Diagrams,
    pub(super) version: KernelVersion,
    pub(super) classes: Vec<CallClass>,
    class: Domain,
    pub(super) traits: BTreeMap<Trait, Domain>,
    pub(super) facts: BTreeMap<Fact, Variable>,
    pub(super) meanings: Vec<Meaning>,
    pub(super) locations: Locations,
    /// The traits of which not every value is known.
    pub(super) incomplete: BTreeSet<Trait>,
    pub(super) tests: HashMap<(Test<'r>, Role), Diagram>,
    pub(super) masks: HashMap<(Mask, Role), Diagram>,
}

/// The auid and the ids of a usual user, which examples have where possible.
pub(super) const USUAL_ID: u32 = 1000;

impl<'r> Space<'r> {
    /// Returns the space that these rules, watched paths and types of file systems need; `most` limits the number of nodes of the diagrams.
    pub(super) fn new(
        entries: &[&'r Entry],
        watched: impl Iterator<Item = &'r [u8]>,
        fstypes: Vec<NumberTest>,
        profile: Profile,
        version: KernelVersion,
        most: usize,
    ) -> Self {
        let mut demands = Demands::default();
        for path in watched {
            demands.add(Test::At(path), Role::ByInode);
        }
        if !fstypes.is_empty() {
            demands.numbers.insert(Trait::Fstype, fstypes);
        }
        let mut masks = Masks::default();
        for entry in entries {
            let (role, rule) = (Role::of(entry), entry.rule());
            if role.is_of_records() {
                demands.numbers.entry(Trait::Number(field::MSGTYPE, When::Now)).or_default();
            }
            for field in &rule.fields {
                demands.add(Test::of(field, role, version), role);
            }
            let of = match role {
                Role::IoUring => &mut masks.of_operations,
                Role::Exit | Role::ByInode => &mut masks.of_syscalls,
                _ => continue,
            };
            masks.has_operations |= role != Role::Exit;
            of.insert(rule.mask.clone());
        }
        demands.link_ids();
        let classes = masks.classes(profile, version);
        let locations =
            Locations::new(demands.paths.iter().copied(), demands.trees.iter().copied());
        let none = Domain { first: 0, bits: 0, values: Vec::new() };
        let mut space = Space {
            diagrams: Diagrams::new(most),
            version,
            class: none,
            traits: BTreeMap::new(),
            facts: BTreeMap::new(),
            meanings: Vec::new(),
            locations,
            incomplete: BTreeSet::new(),
            tests: HashMap::default(),
            masks: HashMap::default(),
            classes,
        };
        let numbers = (0..space.classes.len()).map(Value::Location).collect();
        space.class = space.allocated(&Meaning::Class, numbers);
        space.allocate(demands);
        space
    }

    fn allocated(&mut self, meaning: &Meaning, values: Vec<Value>) -> Domain {
        let bits = usize::BITS - values.len().saturating_sub(1).leading_zeros();
        let first = Variable::try_from(self.meanings.len()).unwrap_or(Variable::MAX);
        self.meanings.extend((0..bits).map(|_| meaning.clone()));
        Domain { first, bits, values }
    }

    fn allocate(&mut self, demands: Demands<'r>) {
        let Demands { numbers, results: exits, families, texts, facts, .. } = demands;
        let mut values: BTreeMap<Trait, Vec<Value>> = BTreeMap::new();
        if demands.has_results || demands.has_fates {
            values.insert(Trait::Result, results(&exits));
        }
        if demands.has_access {
            let modes = (0..3).map(|mode| Value::Number(mode, None)).collect();
            values.insert(Trait::OpenMode, modes);
        }
        if !families.is_empty() {
            let regions = Regions::of(&families, &[]).numbers;
            let some = regions.into_iter().map(|(number, _)| Value::Family(Some(number)));
            values
                .insert(Trait::Family, std::iter::once(Value::Family(None)).chain(some).collect());
        }
        for (of, mut tests) in numbers {
            let mut preferred = vec![preferred(of)];
            if matches!(of, Trait::Number(field::MSGTYPE, _)) {
                tests.extend(message::tests());
            }
            if demands.has_access && matches!(of, Trait::Number(field::A1 | field::A2, _)) {
                // The flags of open and openat are an argument.
                let bit = Op::Known(crate::catalog::Operator::BitMask);
                tests.extend([(bit, 1), (bit, 2)]);
                preferred.extend([0, 1, 2]);
            }
            let regions = Regions::of(&tests, &preferred);
            if !regions.is_complete {
                self.incomplete.insert(of);
            }
            let numbers = regions.numbers.into_iter();
            values.insert(of, numbers.map(|(one, spare)| Value::Number(one, spare)).collect());
        }
        for (of, texts) in texts {
            let mut of_text: Vec<Value> = vec![Value::Text(None)];
            of_text.extend(texts.into_iter().map(|text| Value::Text(Some(text))));
            if of != Trait::Exe {
                of_text.push(Value::Absent);
            }
            values.insert(of, of_text);
        }
        for fact in facts {
            let variable =
                self.allocated(&Meaning::Fact(fact.clone()), vec![Value::Absent; 2]).first;
            self.facts.insert(fact, variable);
        }
        if demands.has_fates {
            // Examples have the first that can be.
            let fates = [Fate::Removed, Fate::Kept, Fate::Made];
            values.insert(Trait::Fate, fates.map(Value::Fate).to_vec());
        }
        let locations = (0..self.locations.len()).map(Value::Location).collect();
        values.insert(Trait::Location, locations);
        for (of, values) in values {
            let domain = self.allocated(&Meaning::Trait(of), values);
            self.traits.insert(of, domain);
        }
    }

    pub(super) fn meaning(&self, variable: Variable) -> Option<&Meaning> {
        self.meanings.get(variable as usize)
    }

    /// Returns a function as it is for the calls of a class.
    pub(super) fn of_class(&self, diagram: Diagram, class: usize) -> Diagram {
        let Domain { first, bits, .. } = self.class;
        (first..first + bits).fold(diagram, |diagram, variable| {
            let bit = self.class.bit(variable, class).unwrap_or(false);
            self.diagrams.given(diagram, variable, bit)
        })
    }

    /// Returns the value of a trait.
    pub(super) fn value(&self, of: Trait, assignment: &Assignment) -> Option<&Value> {
        self.traits.get(&of)?.value(assignment)
    }

    /// Returns the first variable of the place of the judged name, and the number of its variables. They are the last.
    pub(super) fn variables_of_place(&self) -> (Variable, u32) {
        self.traits
            .get(&Trait::Location)
            .map_or((Variable::MAX, 0), |domain| (domain.first, domain.bits))
    }

    /// Returns whether the value of a trait does not matter.
    pub(super) fn is_open(&self, of: Trait, assignment: &Assignment) -> bool {
        self.traits.get(&of).is_none_or(|domain| domain.is_open(assignment))
    }

    /// Returns the variable of a fact, as a condition.
    pub(super) fn fact(&mut self, fact: &Fact) -> Diagram {
        match self.facts.get(fact) {
            Some(variable) => self.diagrams.test(*variable, Diagram::NOTHING, Diagram::ALWAYS),
            None => Diagram::NOTHING,
        }
    }

    /// Returns the condition that the call does this to the judged name.
    pub(super) fn fate(&mut self, fate: Fate) -> Diagram {
        if !self.traits.contains_key(&Trait::Fate) {
            return if fate == Fate::Kept { Diagram::ALWAYS } else { Diagram::NOTHING };
        }
        self.values(Trait::Fate, |value| *value == Value::Fate(fate))
    }

    /// Returns the condition that the call is in a class like this.
    pub(super) fn calls(&mut self, holds: impl Fn(&CallClass) -> bool) -> Diagram {
        let Space { diagrams, class, classes, .. } = self;
        diagrams.codes(class.first, class.bits, &mut |code| {
            classes.get(class.decoded(code)).is_some_and(&holds)
        })
    }

    /// Returns the condition that the call succeeds, where results matter.
    pub(super) fn succeeds(&mut self) -> Diagram {
        if !self.traits.contains_key(&Trait::Result) {
            return self.calls(|class| class.returns);
        }
        let succeeds =
            self.values(Trait::Result, |value| matches!(value, Value::Result(r) if !is_error(*r)));
        let returns = self.calls(|class| class.returns);
        self.diagrams.both(returns, succeeds)
    }

    pub(super) fn values(&mut self, of: Trait, mut holds: impl FnMut(&Value) -> bool) -> Diagram {
        let Some(domain) = self.traits.get(&of) else { return Diagram::NOTHING };
        self.diagrams.codes(domain.first, domain.bits, &mut |code| {
            domain.values.get(domain.decoded(code)).is_some_and(&mut holds)
        })
    }

    /// Returns the condition that the judged name is at one of some places.
    pub(super) fn at_places(&mut self, first: usize, last: usize) -> Diagram {
        let Some(domain) = self.traits.get(&Trait::Location) else { return Diagram::NOTHING };
        let Domain { first: variable, bits, .. } = *domain;
        // The places that have a second code.
        let half = 1 << bits.saturating_sub(1);
        let second = domain.values.len().max(first.saturating_add(half));
        let last_code = last.saturating_add(half).min((1 << bits) - 1);
        let codes = self.diagrams.range(variable, bits, (first, last));
        if bits == 0 || second > last_code {
            return codes;
        }
        let others = self.diagrams.range(variable, bits, (second, last_code));
        self.diagrams.first(codes, others)
    }

    pub(super) fn numbers(&mut self, of: Trait, holds: impl Fn(u32) -> bool) -> Diagram {
        self.values(of, |value| matches!(value, Value::Number(number, _) if holds(*number)))
    }

    pub(super) fn negated_if(&mut self, is_negated: bool, condition: Diagram) -> Diagram {
        if is_negated { self.diagrams.not(condition) } else { condition }
    }

    /// Returns the conditions on names that some rule has, and whether each holds in an assignment.
    pub(super) fn name_tests(
        &self,
        assignment: &Assignment,
        of: fn(&Fact) -> Option<&NameTest>,
    ) -> Vec<(NameTest, bool)> {
        let tests = self
            .facts
            .iter()
            .filter_map(|(fact, variable)| Some((of(fact)?.clone(), assignment.get(*variable)?)));
        tests.collect()
    }
}
