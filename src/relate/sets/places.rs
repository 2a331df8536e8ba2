//! The matches that the names of each place can have, and the values of the other variables for which they have them.

use std::rc::Rc;

use foldhash::{HashMap, HashMapExt};

use super::space::Space;
use super::units::{Matches, Nodes, Pair, Unit, Units, When, given};
use crate::relate::diagram::{Diagram, Diagrams, Variable};

/// Maximum number of directories with files that stand for all of the same matches.
const MOST_ALIKE: usize = 3;

/// Functions of the place, with the values of the other variables for which some name has them.
type Contexts = HashMap<Nodes, Diagram>;

/// The matches of names, with the values of the variables that are not about one name for which some name has them.
type Content = Vec<(Matches, Diagram)>;

/// Finds the functions of the place that a name can have.
struct Finder<'f, 'r> {
    space: &'f Space<'r>,
    diagrams: &'f mut Diagrams,
    /// The first variable of the place; those of the place are the last.
    place: Variable,
    done: HashMap<Nodes, Rc<Contexts>>,
}

impl<'f, 'r> Finder<'f, 'r> {
    fn new(space: &'f Space<'r>, diagrams: &'f mut Diagrams) -> Self {
        let (place, _) = space.variables_of_place();
        Finder { space, diagrams, place, done: HashMap::new() }
    }

    fn of(&mut self, nodes: Nodes) -> Rc<Contexts> {
        if let Some(known) = self.done.get(&nodes) {
            return Rc::clone(known);
        }
        let tested = self.space.diagrams.first_tested(&nodes);
        let contexts = match tested.filter(|variable| *variable < self.place) {
            None => Contexts::from_iter([(nodes, Diagram::ALWAYS)]),
            Some(variable) => {
                let [low, high] =
                    [false, true].map(|value| self.of(given(self.space, nodes, variable, value)));
                self.either(variable, &low, &high)
            }
        };
        let contexts = Rc::new(contexts);
        self.done.insert(nodes, Rc::clone(&contexts));
        contexts
    }

    fn either(&mut self, variable: Variable, low: &Contexts, high: &Contexts) -> Contexts {
        // Some name will do.
        let is_free = self.space.is_of_one_name(variable);
        let of =
            |contexts: &Contexts, nodes| contexts.get(nodes).copied().unwrap_or(Diagram::NOTHING);
        let mut all = Contexts::with_capacity(low.len().max(high.len()));
        for nodes in low.keys().chain(high.keys()) {
            all.entry(*nodes).or_insert_with(|| {
                let (low, high) = (of(low, nodes), of(high, nodes));
                match is_free {
                    true => self.diagrams.first(low, high),
                    false => self.diagrams.test(variable, low, high),
                }
            });
        }
        all
    }
}

/// Returns a condition that is not about one name, in the diagrams of contexts.
pub(super) fn condition(space: &Space<'_>, diagrams: &mut Diagrams, condition: Diagram) -> Diagram {
    let nothing = Diagram::NOTHING;
    let nodes = [condition, nothing, nothing, nothing, nothing, nothing, nothing, nothing];
    let contexts = Finder::new(space, diagrams).of(nodes);
    let holding = contexts.iter().filter(|([holds, ..], _)| *holds != nothing);
    holding.fold(nothing, |all, (_, context)| diagrams.first(all, *context))
}

/// The matches of names by their place, for names of one kind and the calls of one class.
#[derive(Default)]
pub(super) struct Places {
    /// The first of some places that follow each other, and their content.
    starts: Vec<(usize, usize)>,
    contents: Vec<Content>,
}

impl Places {
    /// Returns the matches for the calls of a region.
    pub(super) fn of(
        space: &Space<'_>,
        diagrams: &mut Diagrams,
        nodes: Nodes,
        region: Diagram,
    ) -> Self {
        let found = Finder::new(space, diagrams).of(nodes);
        let mut tails: Vec<(Nodes, Diagram)> = found
            .iter()
            .map(|(nodes, context)| (*nodes, diagrams.both(region, *context)))
            .filter(|(_, context)| *context != Diagram::NOTHING)
            .collect();
        tails.sort_unstable();
        let mut functions: Vec<Diagram> =
            tails.iter().flat_map(|(nodes, _)| nodes).copied().collect();
        functions.sort_unstable();
        functions.dedup();
        functions.retain(|function| space.diagrams.known(*function).is_none());
        let mut splitter = Splitter {
            space,
            diagrams,
            tails: &tails,
            functions: &functions,
            places: Places::default(),
            known: HashMap::new(),
        };
        let (variable, bits) = space.variables_of_place();
        splitter.split(&functions, (variable, bits, 0));
        splitter.places
    }

    /// Returns the content of a place, with its number.
    fn at(&self, place: usize) -> Option<(usize, &Content)> {
        let after = self.starts.partition_point(|(first, _)| *first <= place);
        let (_, content) = self.starts.get(after.checked_sub(1)?)?;
        Some((*content, self.contents.get(*content)?))
    }

    /// Returns the names of all places, without their directories.
    pub(super) fn alone(&self, diagrams: &mut Diagrams) -> Units {
        let unit = |(own, context)| (Unit { parent: None, own }, When { context, pair: None });
        let mut content = merged(diagrams, self.contents.iter().flatten().copied());
        content.sort_unstable_by_key(|(matches, _)| *matches);
        content.into_iter().map(unit).collect()
    }
}

/// Divides the places into those of the same matches.
struct Splitter<'s, 'r> {
    space: &'s Space<'r>,
    diagrams: &'s mut Diagrams,
    /// Functions of the place, with the values of the other variables for which some name has them.
    tails: &'s [(Nodes, Diagram)],
    /// Those that are not the same everywhere, in order and each once.
    functions: &'s [Diagram],
    places: Places,
    /// The content of places by the results of the functions.
    known: HashMap<Vec<u32>, usize>,
}

impl Splitter<'_, '_> {
    /// Divides the places from `first` on, which the remaining bits tell apart. `functions` has the functions as they
    /// are there.
    fn split(&mut self, functions: &[Diagram], (variable, bits, first): (Variable, u32, usize)) {
        let space = self.space;
        let is_known = space.diagrams.first_tested(functions).is_none();
        let Some(rest) = bits.checked_sub(1).filter(|_| !is_known) else {
            let content = self.content(functions);
            let starts = &mut self.places.starts;
            if starts.last().is_none_or(|(_, last)| *last != content) {
                starts.push((first, content));
            }
            return;
        };
        for value in [false, true] {
            let first = first + (usize::from(value) << rest);
            if first >= space.locations.len() {
                break;
            }
            let given = |function: &Diagram| space.diagrams.given(*function, variable, value);
            let functions: Vec<Diagram> = functions.iter().map(given).collect();
            self.split(&functions, (variable + 1, rest, first));
        }
    }

    /// Returns the number of the content of places at which the functions have these results.
    fn content(&mut self, results: &[Diagram]) -> usize {
        let Splitter { space, diagrams, tails, functions, places, known } = self;
        let result = |function| space.diagrams.known(function).unwrap_or(0);
        let results = results.iter().map(|function| result(*function)).collect();
        *known.entry(results).or_insert_with_key(|results| {
            let at_place = |node| match functions.binary_search(&node) {
                Ok(at) => results.get(at).copied().unwrap_or(0),
                Err(_) => result(node),
            };
            let names =
                tails.iter().map(|(nodes, context)| (Matches::with(*nodes, at_place), *context));
            places.contents.push(merged(diagrams, names));
            places.contents.len() - 1
        })
    }
}

/// Joins the contexts of the same matches.
fn merged(diagrams: &mut Diagrams, all: impl Iterator<Item = (Matches, Diagram)>) -> Content {
    let (least, _) = all.size_hint();
    let mut content = Content::with_capacity(least);
    let mut known: HashMap<Matches, usize> = HashMap::with_capacity(least);
    for (matches, context) in all {
        let at = *known.entry(matches).or_insert(content.len());
        match content.get_mut(at) {
            Some((_, joined)) => *joined = diagrams.first(*joined, context),
            None => content.push((matches, context)),
        }
    }
    content.shrink_to_fit();
    content
}

/// Returns the units of watched directories and files in them. Few pairs stand for all of the same matches.
pub(super) fn in_directories(
    diagrams: &mut Diagrams,
    pairs: &[Pair],
    [parents, own]: [&Places; 2],
) -> Units {
    let mut units = Units::new();
    let mut alike: HashMap<(usize, usize), usize> = HashMap::new();
    // Most directories have one of few contexts, which few names share.
    let mut sharing: HashMap<(Diagram, usize), Content> = HashMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        let (Some((first, parents)), Some((second, own))) =
            (parents.at(pair.parent_place), own.at(pair.place))
        else {
            continue;
        };
        let count = alike.entry((first, second)).or_default();
        *count += 1;
        if *count > MOST_ALIKE {
            continue;
        }
        for (parent, when) in parents {
            let own = sharing.entry((*when, second)).or_insert_with(|| {
                let both = own.iter().map(|(own, other)| (*own, diagrams.both(*when, *other)));
                both.filter(|(_, context)| *context != Diagram::NOTHING).collect()
            });
            units.extend(own.iter().map(|(own, context)| {
                let unit = Unit { parent: Some(*parent), own: *own };
                (unit, When { context: *context, pair: Some(at) })
            }));
        }
    }
    units
}
