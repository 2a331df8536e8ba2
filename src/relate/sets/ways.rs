//! The ways in which calls name several files, and the order of the names.

use foldhash::HashMap;
use std::ops::BitOr;

use super::calls::CallClass;
use super::ends::{Changes, Ends};
use super::units::{Kind, Matches, Unit, When};
use crate::model::{Collected, EntryChange};
use crate::relate::diagram::Diagram;

pub(super) const ALL_KINDS: [Kind; 4] = [Kind::Kept, Kind::Removed, Kind::Made, Kind::Replaced];

/// How a call names files.
#[derive(Clone, Copy)]
pub(super) struct Way {
    /// What it does to each.
    pub(super) kinds: &'static [Kind],
    /// The place of the directories: before all names, or before the last one, in this order.
    pub(super) parents: Parents,
    pub(super) result: Result,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parents {
    /// No watched directory is named.
    None,
    First(&'static [usize]),
    BeforeLast,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Result {
    Any,
    Success,
    Failure,
}

/// Returns the ways in which calls of a class name several files, or files in watched directories.
pub(super) fn ways(class: &CallClass) -> Vec<Way> {
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
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub(super) unit: Unit,
    pub(super) when: When,
    /// Whether other rules match in both sets, or rules in another order.
    pub(super) is_odd: bool,
    pub(super) shows: Shows,
}

/// What names can do to a call.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shows {
    pub(super) ends: Ends,
    /// The changes that can be because of the names.
    pub(super) changes: Changes,
}

impl BitOr for Shows {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Shows { ends: self.ends | other.ends, changes: self.changes | other.changes }
    }
}

/// Names that the same calls can have.
pub(super) struct Group<'c> {
    pub(super) context: Diagram,
    pub(super) names: Vec<&'c Candidate>,
    /// What the names show, each once.
    pub(super) shows: Vec<Shows>,
}

impl<'c> Group<'c> {
    /// Divides names by the calls that can have them.
    pub(super) fn all(names: &[&'c Candidate]) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        let mut places: HashMap<Diagram, usize> = HashMap::default();
        for name in names {
            let context = name.when.context;
            let at = *places.entry(context).or_insert(groups.len());
            if at == groups.len() {
                groups.push(Group { context, names: Vec::new(), shows: Vec::new() });
            }
            if let Some(group) = groups.get_mut(at) {
                group.names.push(name);
                if !group.shows.contains(&name.shows) {
                    group.shows.push(name.shows);
                }
            }
        }
        groups
    }
}

/// One name of a call.
#[derive(Clone, Copy)]
pub(super) struct Named {
    pub(super) kind: Kind,
    pub(super) matches: Matches,
    pub(super) is_parent: bool,
    pub(super) pair: Option<usize>,
}

impl Way {
    /// Returns the names in the order in which a call names them, each perhaps with its directory.
    pub(super) fn names(self, names: &[&Candidate]) -> impl Iterator<Item = Named> {
        let first: &[usize] = match self.parents {
            Parents::First(order) => order,
            Parents::None | Parents::BeforeLast => &[],
        };
        let last = names.len().checked_sub(1).filter(|_| self.parents == Parents::BeforeLast);
        let parents = first.iter().filter_map(|at| parent(names.get(*at)?));
        let own = names.iter().enumerate().flat_map(move |(at, name)| {
            let parent = last.filter(|last| *last == at).and_then(|_| parent(name));
            parent.into_iter().chain([self.own(at, name)])
        });
        parents.chain(own)
    }

    fn own(self, at: usize, name: &Candidate) -> Named {
        Named {
            kind: self.kinds.get(at).copied().unwrap_or(Kind::Kept),
            matches: name.unit.own,
            is_parent: false,
            pair: name.when.pair,
        }
    }
}

fn parent(name: &Candidate) -> Option<Named> {
    let matches = name.unit.parent?;
    Some(Named { kind: Kind::Kept, matches, is_parent: true, pair: name.when.pair })
}
