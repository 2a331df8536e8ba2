//! Calls that name several files that matter: the order of the rules of different names can decide.
//!
//! The list gives the match with the highest priority of all names. Then the first name decides whose rule by inode
//! has a higher priority (`audit_filter_inodes`). If the call removes a watched name, the names are judged before the
//! list too. So the order of at most three names decides, or that of two entries of watched directories.
//!
//! A call can show a difference only if the sets match one of its names with other rules: that name is odd. Each odd
//! name is tried with every other name, but only for the changes that no simpler event shows of the same rules, and
//! only if the rules that match both can show them.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use super::Wanted as Sought;
use super::calls::CallClass;
use super::changed_rules::ChangedRules;
use super::ends::{Changes, Ends};
use super::evidence::Change;
use super::meeting::Meeting;
use super::outcomes::NO_RECORD;
use super::places::{Places, condition, in_directories};
use super::search::Search;
use super::side::Side;
use super::space::Assignment;
use super::touched::Touched;
use super::units::{Kind, Matches, Nodes, Pair, Unit, When, decided, is_visible, nodes};
use super::ways::{ALL_KINDS, Candidate, Group, Named, Parents, Result, Shows, Way, ways};
use crate::relate::diagram::{Diagram, Diagrams};

/// Maximum number of steps of one comparison. What a requirement needs is searched many times.
const fn most_steps(wanted: Sought) -> usize {
    match wanted {
        Sought::Everything => 20_000_000,
        Sought::CallsOfOld => 200_000,
    }
}

/// Maximum number of nodes of the diagrams for one class.
const MOST_CONTEXTS: usize = 4_000_000;
/// Maximum number of names in a call that is tried: two entries with their directories, or three.
const MOST_NAMES: usize = 4;

/// The search for calls with several names.
pub(super) struct Several<'s, 'o, 'r> {
    pub(super) search: &'o mut Search<'s, 'r>,
    pub(super) sides: [&'o Side<'r>; 2],
    pub(super) wanted: Sought,
    /// Whether keys are part of an outcome.
    pub(super) counts_keys: bool,
    pub(super) changed: ChangedRules<'o, 'r>,
    pub(super) regions: Regions,
    pub(super) pairs: Vec<Pair>,
    pub(super) steps: usize,
    pub(super) is_full: bool,
}

/// The calls that are searched.
#[derive(Clone, Copy)]
pub(super) struct Regions {
    /// Those that a changed rule touches and that the lists task and exclude leave open.
    pub(super) open: Diagram,
    pub(super) success: Diagram,
}

/// What is known about the calls of a class.
pub(super) struct Known {
    pub(super) class: CallClass,
    pub(super) nodes: HashMap<Kind, Nodes>,
    /// By kind: single names, and entries of watched directories.
    candidates: HashMap<Kind, [Vec<Candidate>; 2]>,
    open: Diagram,
    success: Diagram,
    failure: Diagram,
}

/// What is searched for an odd name.
#[derive(Clone, Copy)]
struct Goal {
    /// The rules that decide if the name is alone.
    alone: [u32; 2],
    /// The changed rules that match it.
    rules: [u32; 2],
    /// The changes of which no event is known.
    changes: Changes,
}

impl Several<'_, '_, '_> {
    /// Searches the calls that name several files. Returns whether the search stopped before its end.
    pub(super) fn search(&mut self) -> bool {
        if self.counts_names_one_by_one() && !self.sides[1].is_silencing() {
            return false;
        }
        let space = self.search.maker.space;
        let mut done = HashSet::default();
        for (at, class) in space.classes.iter().enumerate() {
            let ways = ways(class);
            let nodes = ALL_KINDS.map(|kind| nodes(space, self.sides, kind, at, class));
            let open = space.of_class(self.regions.open, at);
            let key = (nodes, open, class.collected, class.change, class.returns);
            if ways.is_empty() || open == Diagram::NOTHING || !done.insert(key) {
                continue;
            }
            self.class(&ways, at, class);
            if self.is_over() || self.is_full {
                return true;
            }
        }
        false
    }

    /// Returns whether names matter together only if the new set silences one of them: else a call that the old set
    /// records for one name is recorded if the new set records it for that name.
    fn counts_names_one_by_one(&self) -> bool {
        self.wanted == Sought::CallsOfOld && !self.counts_keys
    }

    fn is_over(&self) -> bool {
        self.steps >= most_steps(self.wanted)
    }

    fn class(&mut self, ways: &[Way], at: usize, class: &CallClass) {
        let mut diagrams = Diagrams::new(MOST_CONTEXTS);
        let space = self.search.maker.space;
        let mut of_class = |diagram| condition(space, &mut diagrams, space.of_class(diagram, at));
        let [open, success] = [self.regions.open, self.regions.success].map(&mut of_class);
        let failure = diagrams.not(success);
        let (nodes_of, candidates) = (HashMap::default(), HashMap::default());
        let mut known =
            Known { class: *class, nodes: nodes_of, candidates, open, success, failure };
        let mut kept = Places::default();
        for kind in ALL_KINDS {
            if kind != Kind::Kept && !ways.iter().any(|way| way.kinds.contains(&kind)) {
                continue;
            }
            let nodes = nodes(space, self.sides, kind, at, class);
            let mut places = Places::of(space, &mut diagrams, nodes, open);
            if kind == Kind::Kept {
                std::mem::swap(&mut kept, &mut places);
            }
            let own = if kind == Kind::Kept { &kept } else { &places };
            let alone = own.alone(&mut diagrams);
            let has_parents = ways.iter().any(|way| way.parents != Parents::None);
            let pairs = if has_parents { self.pairs.as_slice() } else { &[] };
            let entries = in_directories(&mut diagrams, pairs, [&kept, own]);
            let candidates = [alone, entries].map(|units| {
                units.into_iter().map(|(unit, when)| self.candidate(unit, when)).collect()
            });
            known.nodes.insert(kind, nodes);
            known.candidates.insert(kind, candidates);
        }
        for way in ways {
            self.way(*way, &known, &mut diagrams);
        }
        self.is_full |= diagrams.is_full();
    }

    fn candidate(&self, unit: Unit, when: When) -> Candidate {
        let is_odd = self.is_odd(unit);
        let changes = match (is_odd, self.wanted) {
            (false, _) => Changes::default(),
            (true, Sought::Everything) => self.changed.possible(self.sides, unit),
            (true, Sought::CallsOfOld) => self.changed.all,
        };
        let shows = Shows { ends: Ends::of(self.sides, unit), changes };
        Candidate { unit, when, is_odd, shows }
    }

    fn way(&mut self, way: Way, known: &Known, diagrams: &mut Diagrams) {
        let of = |kind: &Kind| -> Vec<&Candidate> {
            let Some([alone, entries]) = known.candidates.get(kind) else { return Vec::new() };
            let has_parents = way.parents != Parents::None;
            let alone = alone.iter().filter(|_| way.kinds.len() > 1);
            alone.chain(entries.iter().filter(|_| has_parents)).collect()
        };
        match way.kinds {
            [kind] => {
                for odd in of(kind).into_iter().filter(|candidate| candidate.is_odd) {
                    let goal = self.goal(odd.unit);
                    self.names(way, &[odd], goal, known, diagrams);
                }
            }
            [first, second] => {
                let (firsts, seconds) = (of(first), of(second));
                let others = Group::all(&seconds);
                for odd in firsts.iter().filter(|candidate| candidate.is_odd) {
                    self.pairs(way, odd, &others, |odd, other| [odd, other], known, diagrams);
                }
                let others = Group::all(&firsts);
                for odd in seconds.iter().filter(|candidate| candidate.is_odd) {
                    self.pairs(way, odd, &others, |odd, other| [other, odd], known, diagrams);
                }
                if way.result == Result::Any {
                    self.raised(way, &firsts, known, diagrams);
                }
            }
            _ => {}
        }
    }

    /// Tries an odd name with others.
    fn pairs(
        &mut self,
        way: Way,
        odd: &Candidate,
        others: &[Group<'_>],
        order: for<'c> fn(&'c Candidate, &'c Candidate) -> [&'c Candidate; 2],
        known: &Known,
        diagrams: &mut Diagrams,
    ) {
        let mut goal = self.goal(odd.unit);
        let has_parents = way.parents != Parents::None;
        for group in others {
            let can_meet =
                group.shows.iter().any(|other| can_show(&[odd.shows, *other], goal.changes))
                    && diagrams.both(odd.when.context, group.context) != Diagram::NOTHING;
            if !can_meet {
                continue;
            }
            for other in group.names.iter().copied() {
                if goal.changes.is_empty() || self.is_over() {
                    return;
                }
                let names = [odd, other];
                if has_parents != names.iter().any(|name| name.unit.parent.is_some())
                    || !can_show(&names.map(|name| name.shows), goal.changes)
                {
                    continue;
                }
                if self.names(way, &order(odd, other), goal, known, diagrams) {
                    goal = self.goal(odd.unit);
                }
            }
        }
    }

    /// Tries two names with a third that only raises the list's match: only one set then passes the rule by inode of
    /// the first name.
    fn raised(&mut self, way: Way, names: &[&Candidate], known: &Known, diagrams: &mut Diagrams) {
        let mut raising: BTreeMap<Matches, Vec<&Candidate>> = BTreeMap::new();
        for name in names {
            raising.entry(name.unit.own.listed()).or_default().push(name);
        }
        let [old, new] = self.sides;
        for (listed, thirds) in raising {
            let third = Unit { parent: None, own: listed };
            let raising = self.candidate(third, When { context: known.open, pair: None });
            for first in names.iter().copied() {
                let raised = [first.unit.own, listed];
                let is_seen = [(old, 0), (new, 1)]
                    .map(|(side, set)| is_visible(side, set, first.unit.own, &raised));
                if is_seen[0] == is_seen[1] {
                    continue;
                }
                // The second name decides where the first does not.
                let (other, set) = if is_seen[0] { (new, 1) } else { (old, 0) };
                let odd = if first.is_odd { first.unit } else { third };
                let mut goal = self.goal(odd);
                for second in names.iter().copied() {
                    if goal.changes.is_empty() || self.is_over() {
                        break;
                    }
                    let three = [first, second, &raising];
                    let listed = [first.unit.own, second.unit.own, listed];
                    self.steps += 1;
                    let is_shown = can_show(&three.map(|name| name.shows), goal.changes)
                        && is_visible(other, set, second.unit.own, &listed)
                        && self.change(way, &three).is_some_and(|change| goal.changes.has(change));
                    if !is_shown {
                        continue;
                    }
                    for third in thirds.iter().copied() {
                        if self.names(way, &[first, second, third], goal, known, diagrams) {
                            goal = self.goal(odd);
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Returns what is searched for an odd name.
    fn goal(&self, odd: Unit) -> Goal {
        let [old, new] = self.sides;
        // The name, or its directory if only that is odd.
        let is_own = self.is_odd(Unit { parent: None, ..odd });
        let name = [odd.parent.filter(|_| !is_own).unwrap_or(odd.own)];
        let alone = [decided(old, 0, &name).winner, decided(new, 1, &name).winner];
        let rules = self.changed.rules(odd).unwrap_or(alone);
        let is_open = |change: &Change| {
            !self.changed.is_shown(rules, *change)
                && !self.search.is_settled((alone[0], alone[1], *change))
        };
        Goal { alone, rules, changes: self.changed.all.iter().filter(is_open).collect() }
    }

    /// Returns whether other rules match in both sets, or rules in another order.
    fn is_odd(&self, unit: Unit) -> bool {
        let is_odd = |one: Matches| match self.wanted {
            Sought::Everything => {
                !one.is_equal() || one.rules().any(|rule| self.changed.is_moved(rule))
            }
            // The old set records nothing without such a name.
            Sought::CallsOfOld => one.has_old(),
        };
        unit.matches().any(is_odd)
    }

    /// Tries names with these matches; returns whether an event with one of the changes was found.
    fn names(
        &mut self,
        way: Way,
        names: &[&Candidate],
        goal: Goal,
        known: &Known,
        diagrams: &mut Diagrams,
    ) -> bool {
        self.steps += 1;
        let Some(change) = self.change(way, names) else { return false };
        let cause = (goal.alone[0], goal.alone[1], change);
        if !goal.changes.has(change) || self.search.is_settled(cause) {
            return false;
        }
        let mut context = known.open;
        for name in names {
            context = diagrams.both(context, name.when.context);
        }
        context = match way.result {
            Result::Any => context,
            Result::Success => diagrams.both(context, known.success),
            Result::Failure => diagrams.both(context, known.failure),
        };
        if context == Diagram::NOTHING {
            return false;
        }
        let names: Vec<Named> = way.names(names).collect();
        let search = &mut *self.search;
        let pairs = &self.pairs;
        let values = Assignment::default();
        Meeting { search, diagrams, known, pairs, way, names: &names, cause, values, tried: 0 }
            .walk(context);
        let is_found = self.search.has_evidence(cause);
        if is_found {
            self.changed.show(goal.rules, change);
        }
        is_found
    }

    /// Returns what changes for a call with these names.
    fn change(&self, way: Way, names: &[&Candidate]) -> Option<Change> {
        let mut matches = [Matches::default(); MOST_NAMES];
        let mut count = 0;
        for (slot, name) in matches.iter_mut().zip(way.names(names)) {
            *slot = name.matches;
            count += 1;
        }
        let matches = matches.get(..count)?;
        let [old, new] = self.sides;
        let (old, new) =
            (old.outcome(decided(old, 0, matches)), new.outcome(decided(new, 1, matches)));
        match (old, new) {
            (old, new) if old == new => None,
            (_, NO_RECORD) => Some(Change::Lost),
            (NO_RECORD, _) if self.wanted == Sought::CallsOfOld => None,
            (NO_RECORD, _) => Some(Change::Gained),
            _ => Some(Change::Rekeyed),
        }
    }
}

/// Returns whether a call whose names show these changes can show one of some changes.
fn can_show(names: &[Shows], changes: Changes) -> bool {
    let Shows { ends, changes: possible } =
        names.iter().fold(Shows::default(), |all, one| all | *one);
    !ends.changes().both(possible).both(changes).is_empty()
}

/// Returns the calls that are searched.
pub(super) fn regions(
    space: &mut super::space::Space<'_>,
    touched: Touched,
    sides: [&Side<'_>; 2],
) -> Regions {
    let mut open = touched.any;
    for side in sides {
        open = space.diagrams.both(side.is_open, open);
    }
    Regions { open, success: space.succeeds() }
}
