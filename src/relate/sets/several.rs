//! Calls that name several files that matter: the order of the rules of different names can decide.
//!
//! The list gives the match with the highest priority of all names. Then the first name decides whose rule by inode
//! has a higher priority (`audit_filter_inodes`). If the call removes a watched name, the names are judged before the
//! list too. So the order of at most three names decides, or that of two entries of watched directories.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::calls::CallClass;
use super::evidence::Change;
use super::lists::Side;
use super::outcomes::{Decides, NO_RECORD};
use super::search::{Cause, Search};
use super::space::Assignment;
use super::touched::Touched;
use super::units::{
    Finder, Kind, Matches, Nodes, Pair, Unit, Units, Wanted, When, alone, decided, find,
    in_directories, nodes, passed,
};
use super::witness::{Real, Slot};
use super::{Keys, Wanted as Sought};
use crate::model::{Collected, EntryChange};
use crate::relate::diagram::{Diagram, Diagrams, Top};

/// Maximum number of steps of one comparison. What a requirement needs is searched many times.
const fn most_steps(wanted: Sought) -> usize {
    match wanted {
        Sought::Everything => 20_000_000,
        Sought::CallsOfOld => 200_000,
    }
}

/// Maximum number of nodes of the diagrams for one class.
const MOST_CONTEXTS: usize = 4_000_000;
/// Maximum number of events that are tried for names with certain matches.
const MOST_TRIED: usize = 20;

/// The search for calls with several names.
pub(super) struct Several<'s, 'o, 'r> {
    pub(super) search: &'o mut Search<'s, 'r>,
    pub(super) sides: [&'o Side<'r>; 2],
    pub(super) decides: &'o mut Decides<'o, 'r>,
    pub(super) wanted: Sought,
    /// The numbers of rules that both sets have in another order.
    pub(super) moved: HashSet<u32>,
    /// The changes that can be at all.
    pub(super) possible: BTreeSet<Change>,
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

const ALL_KINDS: [Kind; 4] = [Kind::Kept, Kind::Removed, Kind::Made, Kind::Replaced];

/// How a call names files.
struct Way {
    /// What it does to each.
    kinds: &'static [Kind],
    /// The place of the directories: before all names, or before the last one, in this order.
    parents: Parents,
    result: Result,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Parents {
    /// No watched directory is named.
    None,
    First(&'static [usize]),
    BeforeLast,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Result {
    Any,
    Success,
    Failure,
}

/// Returns the ways in which calls of a class name several files, or files in watched directories.
fn ways(class: &CallClass) -> Vec<Way> {
    use Kind::{Kept, Made, Removed, Replaced};
    let way = |kinds, parents, result| Way { kinds, parents, result };
    let several = way(&[Kept, Kept], Parents::None, Result::Any);
    match (class.collected, class.change) {
        (None | Some(Collected::File), _) => Vec::new(),
        (Some(Collected::Entry), EntryChange::Nothing) => Vec::new(),
        (_, EntryChange::Removes) => vec![
            way(&[Removed], Parents::First(&[0]), Result::Success),
            way(&[Kept], Parents::First(&[0]), Result::Failure),
        ],
        (Some(Collected::Entry), _) => vec![
            way(&[Made], Parents::First(&[0]), Result::Success),
            way(&[Kept], Parents::First(&[0]), Result::Any),
        ],
        (Some(Collected::Several), EntryChange::Moves) => vec![
            way(&[Kept, Kept], Parents::None, Result::Failure),
            way(&[Removed, Made], Parents::None, Result::Success),
            way(&[Removed, Replaced], Parents::None, Result::Success),
            way(&[Removed, Made], Parents::First(&[0, 1]), Result::Success),
            way(&[Removed, Made], Parents::First(&[1, 0]), Result::Success),
            way(&[Removed, Replaced], Parents::First(&[0, 1]), Result::Success),
            way(&[Removed, Replaced], Parents::First(&[1, 0]), Result::Success),
        ],
        (Some(Collected::Several), EntryChange::Nothing) => vec![several],
        (Some(Collected::Several), _) => vec![
            several,
            way(&[Kept, Made], Parents::None, Result::Success),
            way(&[Kept, Made], Parents::First(&[1]), Result::Success),
            way(&[Kept, Made], Parents::BeforeLast, Result::Success),
        ],
    }
}

/// A name that a call can have.
type Candidate = (Unit, When);

/// What is known about the calls of a class.
struct Known {
    class: CallClass,
    nodes: HashMap<Kind, Nodes>,
    /// By kind: single names, and entries of watched directories.
    units: HashMap<Kind, [Units; 2]>,
    open: Diagram,
    success: Diagram,
    failure: Diagram,
}

impl Several<'_, '_, '_> {
    /// Searches the calls that name several files. Returns whether the search stopped before its end.
    pub(super) fn search(&mut self) -> bool {
        if self.counts_names_one_by_one() && !self.sides[1].is_silencing() {
            return false;
        }
        let space = self.search.maker.space;
        let mut done = HashSet::new();
        for (at, class) in space.classes.iter().enumerate() {
            let ways = ways(class);
            let nodes = ALL_KINDS.map(|kind| nodes(space, self.sides, kind, at, class));
            let open = space.of_class(self.regions.open, at);
            let key = (nodes, open, class.collected, class.change, class.returns);
            if ways.is_empty() || open == Diagram::NOTHING || !done.insert(key) {
                continue;
            }
            self.class(&ways, at, class);
            if self.steps >= most_steps(self.wanted) || self.is_full {
                return true;
            }
        }
        false
    }

    /// Returns whether names matter together only if the new set silences one of them: else a call that the old set
    /// records for one name is recorded if the new set records it for that name.
    fn counts_names_one_by_one(&self) -> bool {
        self.wanted == Sought::CallsOfOld && self.decides.keys == Keys::Ignore
    }

    fn class(&mut self, ways: &[Way], at: usize, class: &CallClass) {
        let mut diagrams = Diagrams::new(MOST_CONTEXTS);
        let space = self.search.maker.space;
        let mut condition = |diagram| {
            Finder::new(space, &mut diagrams, None).condition(space.of_class(diagram, at))
        };
        let [open, success] = [self.regions.open, self.regions.success].map(&mut condition);
        let failure = diagrams.not(success);
        let mut known = Known {
            class: *class,
            nodes: HashMap::new(),
            units: HashMap::new(),
            open,
            success,
            failure,
        };
        for kind in ALL_KINDS {
            if kind != Kind::Kept && !ways.iter().any(|way| way.kinds.contains(&kind)) {
                continue;
            }
            let nodes = nodes(space, self.sides, kind, at, class);
            known.nodes.insert(kind, nodes);
            let mut contexts = (*Finder::new(space, &mut diagrams, None).of(nodes)).clone();
            for context in contexts.values_mut() {
                *context = diagrams.both(open, *context);
            }
            contexts.retain(|_, context| *context != Diagram::NOTHING);
            known.units.insert(kind, [alone(&contexts), Units::new()]);
        }
        let kept = known.nodes.get(&Kind::Kept).copied();
        for (kind, nodes) in &known.nodes {
            let Some(kept) = kept.filter(|_| ways.iter().any(|way| way.parents != Parents::None))
            else {
                continue;
            };
            let found = in_directories(space, &mut diagrams, &self.pairs, [kept, *nodes]);
            if let Some([_, units]) = known.units.get_mut(kind) {
                *units = found;
            }
        }
        for way in ways {
            self.way(way, &known, &mut diagrams);
        }
        self.is_full |= diagrams.is_full();
    }

    fn way(&mut self, way: &Way, known: &Known, diagrams: &mut Diagrams) {
        let of = |kind: &Kind| -> Units {
            let Some([alone, entries]) = known.units.get(kind) else { return Units::new() };
            let has_parents = way.parents != Parents::None;
            let alone = alone.iter().filter(|_| way.kinds.len() > 1);
            alone.chain(entries.iter().filter(|_| has_parents)).copied().collect()
        };
        match way.kinds {
            [kind] => {
                for unit in of(kind) {
                    if self.is_odd(unit.0) {
                        let cause = self.alone(unit.0);
                        self.names(way, &[unit], cause, known, diagrams);
                    }
                }
            }
            [first, second] => {
                let (firsts, seconds) = (of(first), of(second));
                for odd in &firsts {
                    self.pairs(
                        way,
                        *odd,
                        [&seconds, &firsts],
                        |odd, other| [odd, other],
                        known,
                        diagrams,
                    );
                }
                for odd in &seconds {
                    self.pairs(
                        way,
                        *odd,
                        [&firsts, &firsts],
                        |odd, other| [other, odd],
                        known,
                        diagrams,
                    );
                }
            }
            _ => {}
        }
    }

    /// Tries an odd name with others, and with a third name where that can matter.
    fn pairs(
        &mut self,
        way: &Way,
        odd: Candidate,
        [others, thirds]: [&Units; 2],
        order: fn(Candidate, Candidate) -> [Candidate; 2],
        known: &Known,
        diagrams: &mut Diagrams,
    ) {
        if !self.is_odd(odd.0) {
            return;
        }
        let cause = self.alone(odd.0);
        let has_parents = way.parents != Parents::None;
        for other in others {
            if self.steps >= most_steps(self.wanted) || self.is_settled(cause) {
                return;
            }
            if has_parents != [odd, *other].iter().any(|(unit, _)| unit.parent.is_some()) {
                continue;
            }
            let two = order(odd, *other);
            self.names(way, &two, cause, known, diagrams);
            if way.result != Result::Any || !self.is_taken_by_one(&two) {
                continue;
            }
            for third in thirds {
                if self.steps >= most_steps(self.wanted) {
                    return;
                }
                self.names(way, &[two[0], two[1], *third], cause, known, diagrams);
                self.names(way, &[two[0], *third, two[1]], cause, known, diagrams);
            }
        }
    }

    /// Returns the rules that decide if the name is alone, or its directory if only that is odd.
    fn alone(&self, unit: Unit) -> (u32, u32) {
        let [old, new] = self.sides;
        let is_own = self.is_odd(Unit { parent: None, ..unit });
        let name = [unit.parent.filter(|_| !is_own).unwrap_or(unit.own)];
        (decided(old, 0, &name).winner, decided(new, 1, &name).winner)
    }

    /// Returns whether examples are known for all changes that can be.
    fn is_settled(&self, (old, new): (u32, u32)) -> bool {
        self.possible.iter().all(|change| self.search.is_settled((old, new, *change)))
    }

    /// Returns whether other rules match in both sets, or rules in another order.
    fn is_odd(&self, unit: Unit) -> bool {
        let is_odd = |one: Matches| match self.wanted {
            Sought::Everything => {
                !one.is_equal() || one.rules().any(|rule| self.moved.contains(&rule))
            }
            // The old set records nothing without such a name.
            Sought::CallsOfOld => one.has_old(),
        };
        unit.matches().any(is_odd)
    }

    /// Returns whether a third name can decide after two: the sets have another list's match, or only one is past it.
    fn is_taken_by_one(&self, two: &[Candidate; 2]) -> bool {
        let [old, new] = self.sides;
        let names = two.map(|(unit, _)| unit.own);
        let (old, new) = (passed(old, 0, &names), passed(new, 1, &names));
        old != new && (old.is_none() || new.is_none())
    }

    /// Tries names with these matches.
    fn names(
        &mut self,
        way: &Way,
        units: &[Candidate],
        cause: (u32, u32),
        known: &Known,
        diagrams: &mut Diagrams,
    ) {
        self.steps += 1;
        let [before, after] = self.sides;
        let (old, new) = if way.parents == Parents::None {
            // Without directories, the names are in the order of the units.
            let mut matches = [Matches::default(); 3];
            for (slot, (unit, _)) in matches.iter_mut().zip(units) {
                *slot = unit.own;
            }
            let matches = matches.get(..units.len()).unwrap_or_default();
            (decided(before, 0, matches), decided(after, 1, matches))
        } else {
            let names = in_order(way, units);
            let matches: Vec<Matches> = names.iter().map(|name| name.matches).collect();
            (decided(before, 0, &matches), decided(after, 1, &matches))
        };
        let change = match (self.decides.outcome(old), self.decides.outcome(new)) {
            (old, new) if old == new => return,
            (_, NO_RECORD) => Change::Lost,
            (NO_RECORD, _) if self.wanted == Sought::CallsOfOld => return,
            (NO_RECORD, _) => Change::Gained,
            _ => Change::Rekeyed,
        };
        let cause = (cause.0, cause.1, change);
        if self.search.is_settled(cause) {
            return;
        }
        let mut context = known.open;
        for (_, when) in units {
            context = diagrams.both(context, when.context);
        }
        context = match way.result {
            Result::Any => context,
            Result::Success => diagrams.both(context, known.success),
            Result::Failure => diagrams.both(context, known.failure),
        };
        let names = in_order(way, units);
        let search = &mut *self.search;
        let pairs = &self.pairs;
        let values = Assignment::default();
        Meeting { search, diagrams, known, pairs, way, names: &names, cause, values, tried: 0 }
            .walk(context);
    }
}

/// One name of a call.
struct Named {
    kind: Kind,
    matches: Matches,
    is_parent: bool,
    pair: Option<usize>,
}

/// Returns the names of units in the order in which a call names them.
fn in_order(way: &Way, units: &[(Unit, When)]) -> Vec<Named> {
    let parent = |(unit, when): &(Unit, When)| {
        Some(Named { kind: Kind::Kept, matches: unit.parent?, is_parent: true, pair: when.pair })
    };
    let own = |(at, (unit, when)): (usize, &(Unit, When))| Named {
        kind: way.kinds.get(at).copied().unwrap_or(Kind::Kept),
        matches: unit.own,
        is_parent: false,
        pair: when.pair,
    };
    let mut names: Vec<Named> = match way.parents {
        Parents::First(order) => {
            order.iter().filter_map(|at| units.get(*at)).filter_map(parent).collect()
        }
        _ => Vec::new(),
    };
    let before = names.len();
    names.extend(units.iter().enumerate().map(own));
    if way.parents == Parents::BeforeLast
        && let Some(parent) = units.last().and_then(parent)
    {
        names.insert(before + units.len() - 1, parent);
    }
    names
}

/// The search for a call in which several names have certain matches.
struct Meeting<'m, 's, 'r> {
    search: &'m mut Search<'s, 'r>,
    diagrams: &'m Diagrams,
    known: &'m Known,
    pairs: &'m [Pair],
    way: &'m Way,
    names: &'m [Named],
    cause: Cause,
    values: Assignment,
    tried: usize,
}

impl Meeting<'_, '_, '_> {
    /// Tries the values of a context; returns whether the search is over.
    fn walk(&mut self, context: Diagram) -> bool {
        match self.diagrams.top(context) {
            Top::Result(0) => false,
            Top::Result(_) => self.try_event(),
            Top::Test(variable) => [false, true].into_iter().any(|value| {
                self.values.push(variable, value);
                let is_over = self.walk(self.diagrams.given(context, variable, value));
                self.values.pop();
                is_over
            }),
        }
    }

    fn try_event(&mut self) -> bool {
        self.tried += 1;
        let real = self.event().unwrap_or(Real::Impossible);
        self.search.judge(self.cause, real) || self.tried >= MOST_TRIED
    }

    fn event(&self) -> Option<Real> {
        let maker = self.search.maker;
        let space = maker.space;
        let mut slots = Vec::with_capacity(self.names.len());
        for name in self.names {
            let nodes = *self.known.nodes.get(&name.kind)?;
            let pair = name.pair.and_then(|pair| self.pairs.get(pair));
            let place =
                pair.map(|pair| if name.is_parent { pair.parent_place } else { pair.place });
            let mut own = Assignment::default();
            let accepts =
                |own: &Assignment| maker.can_have(&self.known.class, &self.values, name.kind, own);
            let wanted =
                Wanted { given: &self.values, place, matches: name.matches, accepts: &accepts };
            if !find(space, nodes, &wanted, &mut own) {
                return None;
            }
            let path = match pair {
                Some(pair) if name.is_parent => pair.parent.clone(),
                Some(pair) => pair.path.clone(),
                None => space.locations.file_at(maker.location(&own))?,
            };
            slots.push(Slot { path, kind: name.kind, is_parent: name.is_parent, own: Some(own) });
        }
        let fails = self.way.result == Result::Failure;
        Some(maker.several(&self.known.class, &self.values, slots, fails))
    }
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
