//! The names that calls of a class can have, by the rules that match them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::calls::CallClass;
use super::lists::{NameLists, Side};
use super::names::of_this;
use super::outcomes::Judgment;
use super::space::{Assignment, Meaning, Space};
use super::test::Trait;
use crate::catalog::field;
use crate::eval::{clean_path, parent_path};
use crate::relate::diagram::{Diagram, Diagrams, Variable};

/// What a call does to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// It uses the file, or changes an entry of the directory.
    Kept,
    /// It removes the entry.
    Removed,
    /// It makes the entry.
    Made,
    /// It makes the entry instead of another file.
    Replaced,
}

/// The numbers of rules that match one name: on the lists; by inode; while a name is removed; and whether the name is
/// watched. The old set comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Matches([u32; 8]);

/// The functions of [`Matches`].
pub(super) type Nodes = [Diagram; 8];

/// An entry of a directory as a call names it, perhaps after its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Unit {
    pub(super) parent: Option<Matches>,
    pub(super) own: Matches,
}

/// A watched directory and a file in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) parent: Vec<u8>,
    pub(super) parent_place: usize,
    pub(super) path: Vec<u8>,
    pub(super) place: usize,
}

/// When a call can have a name, and where it is if that is fixed.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    pub(super) context: Diagram,
    pub(super) pair: Option<usize>,
}

pub(super) type Units = Vec<(Unit, When)>;
type Contexts = BTreeMap<Matches, Diagram>;

impl Matches {
    /// Returns the matches of one set.
    fn of(self, set: usize) -> [u32; 4] {
        let Matches([a, b, c, d, e, f, g, h]) = self;
        if set == 0 { [a, b, c, d] } else { [e, f, g, h] }
    }

    pub(super) fn rules(self) -> impl Iterator<Item = u32> {
        [0, 1].into_iter().flat_map(move |set| self.of(set).into_iter().take(3))
    }

    /// Returns whether a rule of the old set matches.
    pub(super) fn has_old(self) -> bool {
        self.of(0).into_iter().take(3).any(|rule| rule != 0)
    }

    /// Returns whether the same rules match in both sets.
    pub(super) fn is_equal(self) -> bool {
        self.of(0) == self.of(1)
    }

    pub(super) fn known(space: &Space<'_>, nodes: Nodes) -> Self {
        Matches(nodes.map(|node| space.diagrams.known(node).unwrap_or(0)))
    }
}

impl Unit {
    pub(super) fn matches(self) -> impl Iterator<Item = Matches> {
        self.parent.into_iter().chain([self.own])
    }
}

/// Returns the functions for names of a kind, for the calls of a class.
pub(super) fn nodes(
    space: &Space<'_>,
    sides: [&Side<'_>; 2],
    kind: Kind,
    at: usize,
    class: &CallClass,
) -> Nodes {
    let of_side = |side: &Side<'_>| {
        let NameLists { listed, kept, made, gone, early, watched } = side.names;
        let early = if class.can_remove() { early } else { Diagram::NOTHING };
        let nothing = Diagram::NOTHING;
        match kind {
            Kind::Kept => [listed, kept, early, nothing],
            Kind::Removed => [listed, gone, early, watched],
            Kind::Made => [listed, made, nothing, nothing],
            Kind::Replaced => [listed, made, early, nothing],
        }
        .map(|diagram| space.of_class(diagram, at))
    };
    let [[a, b, c, d], [e, f, g, h]] = sides.map(of_side);
    [a, b, c, d, e, f, g, h]
}

/// Returns the rules that decide a call with these names, in their order (`__audit_syscall_exit`).
pub(super) fn decided(side: &Side<'_>, set: usize, names: &[Matches]) -> Judgment {
    let mut state = Judgment::default();
    // The first match ends a walk of the names.
    let walk = |state: Judgment, part: fn([u32; 4]) -> u32| {
        let mut rules = names.iter().map(|name| part(name.of(set)));
        let rule = rules.find(|rule| side.priority(*rule) > side.priority(state.winner));
        side.step(state, rule.unwrap_or(0))
    };
    if names.iter().any(|name| name.of(set)[3] != 0) {
        state = walk(state, |[_, _, early, _]| early);
    }
    let listed = names.iter().map(|name| name.of(set)[0]);
    state = side.step(state, listed.max_by_key(|rule| side.priority(*rule)).unwrap_or(0));
    walk(state, |[_, by_inode, ..]| by_inode)
}

/// Returns the list's match, unless some name has a rule by inode with a higher priority.
pub(super) fn passed(side: &Side<'_>, set: usize, names: &[Matches]) -> Option<u32> {
    let listed = names.iter().map(|name| name.of(set)[0]);
    let listed = listed.max_by_key(|rule| side.priority(*rule)).unwrap_or(0);
    let is_taken = |name: &Matches| side.priority(name.of(set)[1]) > side.priority(listed);
    (!names.iter().any(is_taken)).then_some(listed)
}

/// Finds the matches that a name can have.
pub(super) struct Finder<'f, 'r> {
    space: &'f Space<'r>,
    diagrams: &'f mut Diagrams,
    /// The place of the name, if it is fixed.
    place: Option<usize>,
    done: HashMap<Nodes, Rc<Contexts>>,
}

impl<'f, 'r> Finder<'f, 'r> {
    pub(super) fn new(
        space: &'f Space<'r>,
        diagrams: &'f mut Diagrams,
        place: Option<usize>,
    ) -> Self {
        Finder { space, diagrams, place, done: HashMap::new() }
    }

    /// Returns the matches below, with the values of the other variables for which some name has them.
    pub(super) fn of(&mut self, nodes: Nodes) -> Rc<Contexts> {
        if let Some(known) = self.done.get(&nodes) {
            return Rc::clone(known);
        }
        let space = self.space;
        let contexts = match space.diagrams.first_tested(&nodes) {
            None => Rc::new(Contexts::from([(Matches::known(space, nodes), Diagram::ALWAYS)])),
            Some(variable) => {
                let fixed = self.place.and_then(|place| space.bit_of_place(variable, place));
                match fixed {
                    Some(bit) => self.of(given(space, nodes, variable, bit)),
                    None => {
                        let [low, high] = [false, true]
                            .map(|value| self.of(given(space, nodes, variable, value)));
                        let is_free = space.is_of_one_name(variable);
                        Rc::new(self.either(variable, &low, &high, is_free))
                    }
                }
            }
        };
        self.done.insert(nodes, Rc::clone(&contexts));
        contexts
    }

    fn either(
        &mut self,
        variable: Variable,
        low: &Contexts,
        high: &Contexts,
        is_free: bool,
    ) -> Contexts {
        let of = |contexts: &Contexts, matches| {
            contexts.get(matches).copied().unwrap_or(Diagram::NOTHING)
        };
        let mut all = Contexts::new();
        for matches in low.keys().chain(high.keys()) {
            if !all.contains_key(matches) {
                let (low, high) = (of(low, matches), of(high, matches));
                // Some name will do.
                let context = match is_free {
                    true => self.diagrams.first(low, high),
                    false => self.diagrams.test(variable, low, high),
                };
                all.insert(*matches, context);
            }
        }
        all
    }

    /// Returns a condition that is not about one name, in the diagrams of contexts.
    pub(super) fn condition(&mut self, condition: Diagram) -> Diagram {
        let nothing = Diagram::NOTHING;
        let nodes = [condition, nothing, nothing, nothing, nothing, nothing, nothing, nothing];
        let contexts = self.of(nodes);
        let holding = contexts.iter().filter(|(matches, _)| matches.0[0] != 0);
        let holding: Vec<Diagram> = holding.map(|(_, context)| *context).collect();
        holding.into_iter().fold(nothing, |all, context| self.diagrams.first(all, context))
    }
}

pub(super) fn given(space: &Space<'_>, nodes: Nodes, variable: Variable, value: bool) -> Nodes {
    nodes.map(|node| space.diagrams.given(node, variable, value))
}

/// Returns the units without directories.
pub(super) fn alone(contexts: &Contexts) -> Units {
    let unit = |(own, context): (&Matches, &Diagram)| {
        (Unit { parent: None, own: *own }, When { context: *context, pair: None })
    };
    contexts.iter().map(unit).collect()
}

/// Finds the units of watched directories and files in them.
pub(super) fn in_directories(
    space: &Space<'_>,
    diagrams: &mut Diagrams,
    pairs: &[Pair],
    [parent, own]: [Nodes; 2],
) -> Units {
    let mut units = Units::new();
    for (at, pair) in pairs.iter().enumerate() {
        let parents = Finder::new(space, diagrams, Some(pair.parent_place)).of(parent);
        let own = Finder::new(space, diagrams, Some(pair.place)).of(own);
        for (parent, when) in parents.iter() {
            for (own, other) in own.iter() {
                let context = diagrams.both(*when, *other);
                if context != Diagram::NOTHING {
                    let unit = Unit { parent: Some(*parent), own: *own };
                    units.push((unit, When { context, pair: Some(at) }));
                }
            }
        }
    }
    units
}

/// Returns the watched directories with a file of each place in them.
pub(super) fn pairs(space: &Space<'_>, watched: &BTreeSet<&[u8]>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let locations = &space.locations;
    let mut below: HashMap<&[u8], Vec<&[u8]>> = HashMap::new();
    for path in locations.files() {
        if let Some(parent) = parent_path(path) {
            below.entry(parent).or_default().push(path);
        }
    }
    let mut parents: BTreeSet<Vec<u8>> =
        watched.iter().map(|path| clean_path(path).into_owned()).collect();
    // A rule that is kept for an inode can match every directory.
    if space.facts.keys().any(|fact| of_this(fact).is_some_and(|test| test.field == field::INODE)) {
        parents.extend(below.keys().map(|parent| parent.to_vec()));
        parents.insert(b"/root".to_vec());
    }
    for parent in parents {
        let parent_place = locations.containing(&parent);
        let files = below.get(&*parent).into_iter().flatten();
        let mut files: Vec<Vec<u8>> = files.map(|path| path.to_vec()).collect();
        // A file of no place of its own.
        let inner = locations.containing(&[&*parent, b"/".as_slice(), NO_FILE].concat());
        files.extend(locations.new_files_in(&parent, inner).next());
        for path in files {
            let place = locations.containing(&path);
            let parent = parent.clone();
            pairs.push(Pair { parent, parent_place, path, place });
        }
    }
    pairs
}

/// A name that no rule has.
const NO_FILE: &[u8] = b"\x01";

/// What is wanted of a name.
pub(super) struct Wanted<'w> {
    /// The values that are not about one name.
    pub(super) given: &'w Assignment,
    /// The place, if it is fixed.
    pub(super) place: Option<usize>,
    pub(super) matches: Matches,
    /// Whether a name can have own values.
    pub(super) accepts: &'w dyn Fn(&Assignment) -> bool,
}

/// Finds the own values of a name.
pub(super) fn find(
    space: &Space<'_>,
    nodes: Nodes,
    wanted: &Wanted<'_>,
    own: &mut Assignment,
) -> bool {
    let Some(variable) = space.diagrams.first_tested(&nodes) else {
        return Matches::known(space, nodes) == wanted.matches && (wanted.accepts)(own);
    };
    let fixed = match space.is_of_one_name(variable) {
        true => wanted.place.and_then(|place| space.bit_of_place(variable, place)),
        false => Some(wanted.given.get(variable).unwrap_or(false)),
    };
    let values = [false, true].into_iter().filter(|value| fixed.is_none_or(|bit| bit == *value));
    values.into_iter().any(|value| {
        own.push(variable, value);
        let is_found = find(space, given(space, nodes, variable, value), wanted, own);
        if !is_found {
            own.pop();
        }
        is_found
    })
}

impl Space<'_> {
    /// Returns the bit of a variable of the place, for a place.
    fn bit_of_place(&self, variable: Variable, place: usize) -> Option<bool> {
        match self.meaning(variable) {
            Some(Meaning::Trait(Trait::Location)) => {
                self.traits.get(&Trait::Location)?.bit(variable, place)
            }
            _ => None,
        }
    }
}
