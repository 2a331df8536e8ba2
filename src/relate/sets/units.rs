//! The names that calls of a class can have, by the rules that match them.

use std::collections::BTreeSet;

use foldhash::HashMap;

use super::calls::CallClass;
use super::lists::NameLists;
use super::names::of_this;
use super::outcomes::Judgment;
use super::side::Side;
use super::space::{Assignment, Meaning, Space};
use super::test::Trait;
use crate::catalog::field;
use crate::eval::{clean_path, parent_path};
use crate::relate::diagram::{Diagram, Variable};

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

impl Matches {
    /// Returns the matches of one set.
    pub(super) fn of(self, set: usize) -> [u32; 4] {
        let Matches([a, b, c, d, e, f, g, h]) = self;
        if set == 0 { [a, b, c, d] } else { [e, f, g, h] }
    }

    /// Returns the rules of one set: on the lists, by inode, and while a name is removed; 0 for no rule.
    pub(super) fn rules_of(self, set: usize) -> [u32; 3] {
        let [listed, by_inode, early, _] = self.of(set);
        [listed, by_inode, early]
    }

    pub(super) fn rules(self) -> impl Iterator<Item = u32> {
        [0, 1].into_iter().flat_map(move |set| self.rules_of(set))
    }

    /// Returns whether a rule of the old set matches.
    pub(super) fn has_old(self) -> bool {
        self.rules_of(0).into_iter().any(|rule| rule != 0)
    }

    /// Returns only the matches on the lists.
    pub(super) fn listed(self) -> Self {
        let Matches([listed, _, _, _, other, ..]) = self;
        Matches([listed, 0, 0, 0, other, 0, 0, 0])
    }

    /// Returns whether the same rules match in both sets.
    pub(super) fn is_equal(self) -> bool {
        self.of(0) == self.of(1)
    }

    /// Returns the matches at which `result` is the result of each function.
    pub(super) fn with(nodes: Nodes, result: impl Fn(Diagram) -> u32) -> Self {
        Matches(nodes.map(result))
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

/// Returns whether the rule by inode of a name would decide in a set if only the list's match of the names came before.
pub(super) fn is_visible(side: &Side<'_>, set: usize, name: Matches, listed: &[Matches]) -> bool {
    let [_, by_inode, ..] = name.of(set);
    listed.iter().all(|other| side.priority(by_inode) > side.priority(other.of(set)[0]))
}

pub(super) fn given(space: &Space<'_>, nodes: Nodes, variable: Variable, value: bool) -> Nodes {
    nodes.map(|node| space.diagrams.given(node, variable, value))
}

/// Returns the watched directories with a file of each place in them.
pub(super) fn pairs(space: &Space<'_>, watched: &BTreeSet<&[u8]>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let locations = &space.locations;
    let mut below: HashMap<&[u8], Vec<&[u8]>> = HashMap::default();
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
    /// Whether the place is wanted; else another one with the same matches is.
    pub(super) is_apart: &'w dyn Fn(&Assignment) -> bool,
}

/// Finds the own values of a name.
pub(super) fn find(
    space: &Space<'_>,
    nodes: Nodes,
    wanted: &Wanted<'_>,
    own: &mut Assignment,
) -> bool {
    let variable = match space.diagrams.first_tested(&nodes) {
        Some(variable) => variable,
        None if Matches::with(nodes, |node| space.diagrams.known(node).unwrap_or(0))
            != wanted.matches
            || !(wanted.accepts)(own) =>
        {
            return false;
        }
        None if (wanted.is_apart)(own) => return true,
        None => match space.open_variable_of_place(own) {
            Some(variable) => variable,
            None => return false,
        },
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
    /// Returns the first variable of the place that has no value.
    fn open_variable_of_place(&self, own: &Assignment) -> Option<Variable> {
        let (first, bits) = self.variables_of_place();
        (0..bits).map(|at| first + at).find(|variable| own.get(*variable).is_none())
    }

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
