//! Calls that collect several names: the order of the rules of different names can matter.
//!
//! For each name, four rules count: for both sets, the first match on the filter list, and the first match among the
//! rules that are kept by inode. The list gives the match with the highest priority of all names; then the first name
//! decides whose rule by inode has a higher priority (`audit_filter_inodes`). A name that the call removes is judged
//! before the list. So the order of at most three names decides.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::calls::{CallClass, Removal, Shape};
use super::evidence::Change;
use super::lists::{Decides, NO_RECORD, Side};
use super::search::{Cause, Search};
use super::space::{Assignment, Meaning, Space};
use super::test::{Fact, Trait};
use super::{Keys, Wanted};
use crate::relate::diagram::{Diagram, Diagrams, Top, Variable};

/// Maximum number of steps.
const MOST_STEPS: usize = 20_000_000;
/// Maximum number of nodes of the diagrams for one class.
const MOST_CONTEXTS: usize = 4_000_000;

/// The rules that match for one name: on the list and by inode, of the old and of the new set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Matches([u32; 4]);

/// How the names come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// All are judged after the list.
    InOrder,
    /// The first is removed, and judged before the list.
    FirstRemoved,
}

/// The search for calls with several names.
pub(super) struct Several<'s, 'o, 'r> {
    pub(super) search: &'o mut Search<'s, 'r>,
    pub(super) sides: [&'o Side<'r>; 2],
    pub(super) decides: &'o mut Decides<'o, 'r>,
    pub(super) wanted: Wanted,
    pub(super) steps: usize,
    pub(super) is_full: bool,
}

/// The names that calls of a class can have, and when.
struct Names {
    nodes: [Diagram; 4],
    class: CallClass,
    /// The matches of a name that is removed, and of another name, with the other values for which it has them.
    when: [Contexts; 2],
}

type Contexts = BTreeMap<Matches, Diagram>;

impl Matches {
    /// Returns the match on the list, and that by inode, of one set.
    fn of(self, set: usize) -> [u32; 2] {
        let Matches([old_list, old_inode, new_list, new_inode]) = self;
        if set == 0 { [old_list, old_inode] } else { [new_list, new_inode] }
    }

    fn is_equal(self) -> bool {
        self.of(0) == self.of(1)
    }
}

impl Several<'_, '_, '_> {
    /// Searches the calls that collect several names. Returns whether the search stopped before its end.
    pub(super) fn search(&mut self) -> bool {
        if self.counts_names_one_by_one() && !self.sides[1].is_silencing() {
            return false;
        }
        let space = self.search.maker.space;
        let [old, new] = self.sides;
        let mut done = HashSet::new();
        for (at, class) in space.classes.iter().enumerate() {
            let nodes = [old.listed, old.by_inode, new.listed, new.by_inode]
                .map(|diagram| space.of_class(diagram, at));
            if class.shape != Shape::Several || !done.insert((nodes, class.removal)) {
                continue;
            }
            self.class(nodes, class);
            if self.steps >= MOST_STEPS || self.is_full {
                return true;
            }
        }
        false
    }

    /// Returns whether names matter together only if the new set silences one of them: else a call that the old set
    /// records for one name is recorded if the new set records it for that name.
    fn counts_names_one_by_one(&self) -> bool {
        self.wanted == Wanted::CallsOfOld && self.decides.keys == Keys::Ignore
    }

    fn class(&mut self, nodes: [Diagram; 4], class: &CallClass) {
        let mut diagrams = Diagrams::new(MOST_CONTEXTS);
        let space = self.search.maker.space;
        let mut contexts = |is_removed| {
            let mut finder =
                Finder { space, diagrams: &mut diagrams, is_removed, done: HashMap::new() };
            (*finder.of(nodes)).clone()
        };
        let kept = contexts(false);
        let is_moving = class.removal == Removal::Moves;
        let removed = if is_moving { contexts(true) } else { Contexts::new() };
        let all: BTreeSet<Matches> = kept.keys().chain(removed.keys()).copied().collect();
        let is_silenced =
            |one: &Matches| one.of(1).iter().any(|rule| self.sides[1].silences(*rule));
        let silenced: BTreeSet<Matches> = match self.counts_names_one_by_one() {
            true => all.iter().copied().filter(is_silenced).collect(),
            false => all.clone(),
        };
        let moved = self.moved(&all);
        let is_odd = |one: &Matches| match self.wanted {
            Wanted::Everything => !one.is_equal() || one.0.iter().any(|rule| moved.contains(rule)),
            // The old set records nothing without such a name.
            Wanted::CallsOfOld => one.of(0) != [0, 0],
        };
        let odd: Vec<Matches> = all.iter().copied().filter(is_odd).collect();
        let names = Names { nodes, class: *class, when: [kept, removed] };
        for odd in odd {
            let cause = self.alone(odd);
            let mut pair = Tried { cause, names: &names, diagrams: &mut diagrams };
            for other in &all {
                let is_silenced = silenced.contains(&odd) || silenced.contains(other);
                let thirds = if is_silenced { &all } else { &silenced };
                for two in [[odd, *other], [*other, odd]] {
                    let is_same = !is_silenced || self.names(Way::InOrder, &two, &mut pair);
                    if is_moving && is_silenced {
                        self.names(Way::FirstRemoved, &two, &mut pair);
                    }
                    if is_same && self.is_taken_by_one(&two) {
                        for third in thirds {
                            self.names(Way::InOrder, &[two[0], two[1], *third], &mut pair);
                        }
                    }
                }
            }
        }
        self.is_full |= diagrams.is_full();
    }

    /// Returns the rules that decide if there is only one name.
    fn alone(&self, name: Matches) -> (u32, u32) {
        let [old, new] = self.sides;
        (decided(old, 0, Way::InOrder, &[name]).0, decided(new, 1, Way::InOrder, &[name]).0)
    }

    /// Returns the rules of both sets that have another order, as few as possible.
    fn moved(&self, all: &BTreeSet<Matches>) -> HashSet<u32> {
        let [old, new] = self.sides;
        let used = all.iter().flat_map(|matches| matches.0).collect::<BTreeSet<u32>>();
        let mut both: Vec<(u64, u64, u32)> = used
            .into_iter()
            .map(|rule| (old.priority(rule), new.priority(rule), rule))
            .filter(|(before, after, _)| *before > 0 && *after > 0)
            .collect();
        both.sort_unstable();
        // The longest ascending sequence: for each length, the last element of the sequence that ends lowest.
        let mut ends: Vec<usize> = Vec::new();
        let mut previous: Vec<Option<usize>> = Vec::with_capacity(both.len());
        let after = |at: usize| both.get(at).map_or(0, |(_, after, _)| *after);
        for at in 0..both.len() {
            let length = ends.partition_point(|end| after(*end) < after(at));
            previous.push(length.checked_sub(1).and_then(|before| ends.get(before).copied()));
            match ends.get_mut(length) {
                Some(end) => *end = at,
                None => ends.push(at),
            }
        }
        let last = ends.last().copied();
        let kept = std::iter::successors(last, |at| previous.get(*at).copied().flatten());
        let kept: HashSet<usize> = kept.collect();
        let moved = both.iter().enumerate().filter(|(at, _)| !kept.contains(at));
        moved.map(|(_, (.., rule))| *rule).collect()
    }

    /// Returns whether only one set is past the list's match after two names: a third name can then decide.
    fn is_taken_by_one(&self, two: &[Matches; 2]) -> bool {
        let [old, new] = self.sides;
        taken(old, 0, two).is_some() != taken(new, 1, two).is_some()
    }

    /// Tries names with these matches. Returns whether the outcome is the same.
    fn names(&mut self, way: Way, names: &[Matches], tried: &mut Tried<'_>) -> bool {
        self.steps += 1;
        if self.steps >= MOST_STEPS {
            return false;
        }
        let [before, after] = self.sides;
        let mut outcome = |side, set| {
            let (winner, keeper) = decided(side, set, way, names);
            self.decides.outcome(winner, keeper)
        };
        let change = match (outcome(before, 0), outcome(after, 1)) {
            (old, new) if old == new => return true,
            (_, NO_RECORD) => Change::Lost,
            (NO_RECORD, _) if self.wanted == Wanted::CallsOfOld => return true,
            (NO_RECORD, _) => Change::Gained,
            _ => Change::Rekeyed,
        };
        let cause = (tried.cause.0, tried.cause.1, change);
        if self.search.is_settled(cause) {
            return false;
        }
        let mut context = Diagram::ALWAYS;
        for (at, name) in names.iter().enumerate() {
            let is_removed = way == Way::FirstRemoved && at == 0;
            let [kept, removed] = &tried.names.when;
            let contexts = if is_removed { removed } else { kept };
            let own = contexts.get(name).copied().unwrap_or(Diagram::NOTHING);
            context = tried.diagrams.both(context, own);
        }
        let mut meeting = Meeting {
            search: self.search,
            diagrams: tried.diagrams,
            names: tried.names,
            way,
            wanted: names,
            cause,
            values: Assignment::default(),
            tried: 0,
        };
        meeting.walk(context);
        false
    }
}

/// The names of calls of a class, and the rules that decide if the odd name is alone.
struct Tried<'t> {
    cause: (u32, u32),
    names: &'t Names,
    diagrams: &'t mut Diagrams,
}

/// Finds the matches that a name can have.
struct Finder<'f, 'r> {
    space: &'f Space<'r>,
    diagrams: &'f mut Diagrams,
    is_removed: bool,
    done: HashMap<[Diagram; 4], Rc<Contexts>>,
}

impl Finder<'_, '_> {
    /// Returns the matches below, with the values for which a name at some place has them.
    fn of(&mut self, nodes: [Diagram; 4]) -> Rc<Contexts> {
        if let Some(known) = self.done.get(&nodes) {
            return Rc::clone(known);
        }
        let diagrams = &self.space.diagrams;
        let contexts = match diagrams.first_tested(&nodes) {
            None => {
                let matches = nodes.map(|node| diagrams.known(node).unwrap_or(0));
                Rc::new(Contexts::from([(Matches(matches), Diagram::ALWAYS)]))
            }
            Some(variable) => match self.space.meaning(variable) {
                Some(Meaning::Fact(Fact::Removed)) => {
                    self.of(given(self.space, nodes, variable, self.is_removed))
                }
                meaning => {
                    let is_place = meaning == Some(&Meaning::Trait(Trait::Location));
                    let low = self.of(given(self.space, nodes, variable, false));
                    let high = self.of(given(self.space, nodes, variable, true));
                    Rc::new(self.either(variable, &low, &high, is_place))
                }
            },
        };
        self.done.insert(nodes, Rc::clone(&contexts));
        contexts
    }

    fn either(
        &mut self,
        variable: Variable,
        low: &Contexts,
        high: &Contexts,
        is_place: bool,
    ) -> Contexts {
        let of = |contexts: &Contexts, matches| {
            contexts.get(matches).copied().unwrap_or(Diagram::NOTHING)
        };
        let mut all = Contexts::new();
        for matches in low.keys().chain(high.keys()) {
            if !all.contains_key(matches) {
                let (low, high) = (of(low, matches), of(high, matches));
                // Some place will do.
                let context = match is_place {
                    true => self.diagrams.first(low, high),
                    false => self.diagrams.test(variable, low, high),
                };
                all.insert(*matches, context);
            }
        }
        all
    }
}

fn given(space: &Space<'_>, nodes: [Diagram; 4], variable: Variable, value: bool) -> [Diagram; 4] {
    nodes.map(|node| space.diagrams.given(node, variable, value))
}

/// Returns the first name whose rule by inode has a higher priority than the list's match.
fn taken(side: &Side<'_>, set: usize, names: &[Matches]) -> Option<u32> {
    let listed = names.iter().map(|name| side.priority(name.of(set)[0])).max().unwrap_or(0);
    let by_inode = names.iter().map(|name| name.of(set)[1]);
    by_inode.into_iter().find(|rule| side.priority(*rule) > listed)
}

/// Returns the rule that decides, and the rule whose key is kept if it has none.
fn decided(side: &Side<'_>, set: usize, way: Way, names: &[Matches]) -> (u32, u32) {
    let listed = names.iter().map(|name| name.of(set)[0]);
    let listed = listed.max_by_key(|rule| side.priority(*rule)).unwrap_or(0);
    let step = |(last, keeper), rule| {
        if side.priority(rule) <= side.priority(last) {
            (last, keeper)
        } else {
            (rule, if side.has_key(last) { last } else { keeper })
        }
    };
    match (way, names) {
        (Way::FirstRemoved, [first, rest @ ..]) => {
            let start = step(step((0, 0), first.of(set)[1]), listed);
            let by_inode = rest.iter().map(|name| name.of(set)[1]);
            let next =
                by_inode.into_iter().find(|rule| side.priority(*rule) > side.priority(start.0));
            step(start, next.unwrap_or(0))
        }
        _ => step(step((0, 0), listed), taken(side, set, names).unwrap_or(0)),
    }
}

/// Maximum number of events that are tried for names with certain matches.
const MOST_TRIED: usize = 20;

/// The search for a call in which several names have certain matches.
struct Meeting<'m, 's, 'r> {
    search: &'m mut Search<'s, 'r>,
    diagrams: &'m Diagrams,
    names: &'m Names,
    way: Way,
    wanted: &'m [Matches],
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
        let maker = self.search.maker;
        let mut locations = Vec::with_capacity(self.wanted.len());
        for (at, wanted) in self.wanted.iter().enumerate() {
            let is_removed = self.way == Way::FirstRemoved && at == 0;
            let nodes = self.at_places(maker.space, is_removed);
            let mut place = Assignment::default();
            if !find(maker.space, nodes, *wanted, &mut place) {
                return false;
            }
            locations.push(maker.location(&place));
        }
        let is_removing = self.way == Way::FirstRemoved;
        let real = maker.several(&self.names.class, &self.values, &locations, is_removing);
        self.search.judge(self.cause, real) || self.tried >= MOST_TRIED
    }

    /// Returns the functions of the place of a name, for the values.
    fn at_places(&self, space: &Space<'_>, is_removed: bool) -> [Diagram; 4] {
        let mut nodes = self.names.nodes;
        while let Some(variable) = space.diagrams.first_tested(&nodes) {
            let value = match space.meaning(variable) {
                Some(Meaning::Trait(Trait::Location)) => break,
                Some(Meaning::Fact(Fact::Removed)) => is_removed,
                _ => self.values.get(variable).unwrap_or(false),
            };
            nodes = given(space, nodes, variable, value);
        }
        nodes
    }
}

/// Finds a place with the wanted matches.
fn find(space: &Space<'_>, nodes: [Diagram; 4], wanted: Matches, place: &mut Assignment) -> bool {
    let Some(variable) = space.diagrams.first_tested(&nodes) else {
        return nodes.map(|node| space.diagrams.known(node).unwrap_or(0)) == wanted.0;
    };
    [false, true].into_iter().any(|value| {
        place.push(variable, value);
        let is_found = find(space, given(space, nodes, variable, value), wanted, place);
        if !is_found {
            place.pop();
        }
        is_found
    })
}
