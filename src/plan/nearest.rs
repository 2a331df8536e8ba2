//! The rules nearest to the loaded ones that record what the wanted rules record.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::order::{Order, kernel};
use super::swaps::KnownSwaps;
use crate::catalog::{Arch, KernelVersion, field};
use crate::relate::sets::{Keys, Relation, compare};
use crate::rule::{Action, Field, FilterList, Op, Rule};

/// Maximum number of loaded rules with other masks that a rule is compared with.
const MOST_COMPARED: usize = 4;

/// The differences that count although both rules or sets record the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exactness {
    /// Rules that are written differently: their conditions are in another order, or their masks differ in syscalls that
    /// the rule cannot match.
    pub writing: bool,
    /// The order of rules.
    pub order: bool,
}

/// The rules that a kernel shall hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nearest {
    /// The rules, in the order in which the kernel lists them.
    pub rules: Vec<Rule>,
    /// The wanted rule that each stands for, as an index.
    pub wanted: Vec<usize>,
    /// The number of loaded rules that are written differently than the wanted ones, and stay.
    pub rewritten: usize,
    /// The number of rules that stay in another order, since it cannot matter.
    pub reordered: usize,
}

impl Nearest {
    /// Returns the rules nearest to the loaded ones. Another order is taken only if both sets are proved to record the
    /// same on a kernel of this version.
    pub fn of(
        loaded: &[Rule],
        wanted: &[Rule],
        exactness: Exactness,
        arch: Arch,
        version: KernelVersion,
    ) -> Self {
        Self::for_one_of_many(loaded, wanted, exactness, arch, version, &KnownSwaps::default())
    }

    /// Does the same for one of many kernels. `known` collects what is found out about the order of the wanted rules, so all
    /// calls with it must be about the same wanted rules, arch and version.
    pub fn for_one_of_many(
        loaded: &[Rule],
        wanted: &[Rule],
        exactness: Exactness,
        arch: Arch,
        version: KernelVersion,
        known: &KnownSwaps,
    ) -> Self {
        let mut nearest = Nearest {
            rules: wanted.to_vec(),
            wanted: (0..wanted.len()).collect(),
            rewritten: 0,
            reordered: 0,
        };
        if loaded == wanted {
            return nearest;
        }
        if !exactness.writing {
            nearest.keep_writing(loaded, arch, version);
        }
        if !exactness.order {
            nearest.keep_order(loaded, arch, version, known);
        }
        nearest
    }

    /// Replaces rules by loaded ones with the same meaning.
    fn keep_writing(&mut self, loaded: &[Rule], arch: Arch, version: KernelVersion) {
        let known: HashSet<&Rule> = loaded.iter().collect();
        if known.is_empty() || self.rules.iter().all(|rule| known.contains(rule)) {
            return;
        }
        let wanted: HashSet<Rule> = self.rules.iter().cloned().collect();
        let mut others: HashMap<Meaning, Vec<&Rule>> = HashMap::default();
        for rule in loaded.iter().rev().filter(|rule| !wanted.contains(rule)) {
            others.entry(Meaning::of(rule)).or_default().push(rule);
        }
        for rule in self.rules.iter_mut().filter(|rule| !known.contains(&**rule)) {
            let Some(alike) = others.get_mut(&Meaning::of(rule)) else { continue };
            let is_equal = |other: &&Rule| other.mask == rule.mask;
            let equal = alike.iter().rposition(is_equal);
            // An older auditctl does not limit the mask to the syscalls of `perm`, and the rule means the same.
            let is_same = |other: &Rule| match_the_same(rule, other, arch, version);
            let few = alike.iter().enumerate().rev().take(MOST_COMPARED);
            let same = || few.into_iter().find(|(_, other)| is_same(other)).map(|(at, _)| at);
            if let Some(place) = equal.or_else(same) {
                *rule = alike.remove(place).clone();
                self.rewritten += 1;
            }
        }
    }

    /// Keeps the loaded rules in their order, if that records the same.
    fn keep_order(
        &mut self,
        loaded: &[Rule],
        arch: Arch,
        version: KernelVersion,
        known: &KnownSwaps,
    ) {
        let Some(order) = self.other_order(loaded, arch, version, known) else { return };
        let order = Order { rules: &self.rules, places: &order };
        let kept = order.in_order().cloned().collect();
        self.reordered = order.places.len() - longest_in_order(order.places);
        self.wanted = order.places.iter().filter_map(|at| self.wanted.get(*at)).copied().collect();
        self.rules = kept;
    }

    /// Returns an order with the loaded rules in their own, in which a kernel records the same; `None` if there is none, or if
    /// the rules have it already.
    fn other_order(
        &self,
        loaded: &[Rule],
        arch: Arch,
        version: KernelVersion,
        known: &KnownSwaps,
    ) -> Option<Vec<usize>> {
        let mut last = Vec::new();
        for new in NewRules::ALL {
            let order = self.loaded_order(loaded, new).filter(|order| !order.is_sorted())?;
            // Without new rules, all orders are the same.
            if order == last {
                continue;
            }
            if !(Order { rules: &self.rules, places: &order }).may_matter(known, arch, version) {
                return Some(order);
            }
            last = order;
        }
        None
    }

    /// Returns the places of the rules with the loaded ones in their order, and new ones before or after them; `None` if
    /// equal rules are loaded.
    fn loaded_order(&self, loaded: &[Rule], new: NewRules) -> Option<Vec<usize>> {
        let mut place: HashMap<&Rule, usize> = HashMap::with_capacity(loaded.len());
        for (at, rule) in loaded.iter().enumerate() {
            // Equal rules must stay where they are.
            if place.insert(rule, at).is_some() {
                return None;
            }
        }
        let mut order: Vec<usize> = Vec::new();
        let mut lists: Vec<FilterList> = self.rules.iter().map(|rule| rule.list).collect();
        lists.dedup();
        for list in lists {
            let on_list = self.rules.iter().enumerate().filter(|(_, rule)| rule.list == list);
            let (mut kept, mut front, mut back) = (Vec::new(), Vec::new(), Vec::new());
            for (at, rule) in on_list {
                match place.get(rule) {
                    Some(loaded) => kept.push((*loaded, at)),
                    None if new.are_at_front(kept.is_empty()) => front.push(at),
                    None => back.push(at),
                }
            }
            kept.sort_unstable();
            order.extend(front);
            order.extend(kept.into_iter().map(|(_, at)| at));
            order.extend(back);
        }
        Some(order)
    }
}

/// The end of the list at which new rules are put.
#[derive(Clone, Copy)]
enum NewRules {
    /// That to which they are nearer: the front for those before all loaded rules.
    Nearer,
    Front,
    Back,
}

impl NewRules {
    const ALL: [Self; 3] = [Self::Nearer, Self::Front, Self::Back];

    fn are_at_front(self, is_before_loaded: bool) -> bool {
        match self {
            NewRules::Nearer => is_before_loaded,
            NewRules::Front => true,
            NewRules::Back => false,
        }
    }
}

/// Returns whether two rules with the same conditions match the same events, although their masks differ. On a kernel
/// that holds nothing else, rules that silence leave no trace, so both are taken as rules that record.
fn match_the_same(one: &Rule, other: &Rule, arch: Arch, version: KernelVersion) -> bool {
    let [one, other] = [one, other].map(|rule| {
        let recording = Rule { action: Action::Always, ..rule.clone() };
        kernel([&recording], arch)
    });
    compare(&one, &other, version, Keys::Count).relation() == Relation::Same
}

/// Returns the length of the longest part, with holes, that is in order: all others have another place.
fn longest_in_order(places: &[usize]) -> usize {
    // The smallest last place of a part of each length.
    let mut last: Vec<usize> = Vec::new();
    for place in places {
        let length = last.partition_point(|other| other < place);
        match last.get_mut(length) {
            Some(other) => *other = *place,
            None => last.push(*place),
        }
    }
    last.len()
}

/// The meaning of a rule apart from its mask: two rules with the same conditions and the same mask match the same events.
#[derive(PartialEq, Eq, Hash)]
struct Meaning {
    list: FilterList,
    action: Action,
    /// On the lists of calls in any order. A condition that is there twice is that of a bridge, which must go.
    conditions: Vec<(u32, Option<u32>, Vec<u8>, u32)>,
}

impl Meaning {
    fn of(rule: &Rule) -> Self {
        let mut conditions: Vec<_> = rule.fields.iter().map(condition).collect();
        // On other lists, a field that the kernel does not test there ends the test of a rule.
        if matches!(rule.list, FilterList::Exit | FilterList::IoUring) {
            conditions.sort_unstable();
        }
        Meaning { list: rule.list, action: rule.action, conditions }
    }
}

/// Returns a condition as numbers that sort. An auid that is unset is a login uid that is not set.
fn condition(condition: &Field) -> (u32, Option<u32>, Vec<u8>, u32) {
    match condition {
        Field::Number { id, op, value: u32::MAX }
            if id.number() == field::AUID && matches!(op, Op::Known(_)) =>
        {
            (field::LOGINUID_SET, Some(0), Vec::new(), op.bits())
        }
        Field::Number { id, op, value } => (id.number(), Some(*value), Vec::new(), op.bits()),
        Field::Text { id, op, text } => (id.number(), None, text.to_vec(), op.bits()),
    }
}
