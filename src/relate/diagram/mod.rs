//! Decision diagrams: functions of many yes-or-no variables whose results are numbers.
//!
//! Every function has one diagram, so that equal functions are equal numbers. A diagram tests the variables in
//! ascending order. The result 0 is [`Diagram::NOTHING`]: a condition does not hold, or a list of rules has no match.

mod cache;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault};

use cache::{Mixer, Recent};
use hashbrown::HashTable;

/// A function, by its number in [`Diagrams`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Diagram(u32);

impl Diagram {
    /// The function that is always 0.
    pub(crate) const NOTHING: Self = Diagram(0);
    /// The function that is always 1: a condition that always holds.
    pub(crate) const ALWAYS: Self = Diagram(1);

    fn place(self) -> usize {
        self.0 as usize
    }
}

/// The number of a variable.
pub(crate) type Variable = u32;

/// The top of a diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Top {
    /// The function has this result everywhere.
    Result(u32),
    /// The function tests this variable first.
    Test(Variable),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    /// [`Node::RESULT`] for a result.
    variable: Variable,
    /// The function if the variable is false; the number of a result.
    low: Diagram,
    /// The function if the variable is true.
    high: Diagram,
}

impl Node {
    const RESULT: Variable = Variable::MAX;
}

type Cache<K> = HashMap<K, Diagram, BuildHasherDefault<Mixer>>;

fn hash(node: &Node) -> u64 {
    BuildHasherDefault::<Mixer>::default().hash_one(node)
}

/// All diagrams, and what was computed from them.
pub(crate) struct Diagrams {
    nodes: Vec<Node>,
    /// The numbers of all nodes.
    unique: HashTable<Diagram>,
    firsts: Recent,
    conjunctions: Recent,
    nots: Cache<Diagram>,
    most: usize,
    is_full: bool,
}

impl Diagrams {
    /// Creates an empty store that takes at most `most` nodes.
    pub(crate) fn new(most: usize) -> Self {
        let mut diagrams = Diagrams {
            nodes: Vec::new(),
            unique: HashTable::new(),
            firsts: Recent::default(),
            conjunctions: Recent::default(),
            nots: Cache::default(),
            most,
            is_full: false,
        };
        // The diagrams with a name.
        diagrams.result(0);
        diagrams.result(1);
        diagrams
    }

    /// Returns whether a function did not fit. All results since then are meaningless.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Returns the number of nodes.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the function with this result everywhere.
    pub(crate) fn result(&mut self, number: u32) -> Diagram {
        self.node(Node { variable: Node::RESULT, low: Diagram(number), high: Diagram(number) })
    }

    /// Returns the function that is `low` or `high`, depending on a variable before those of both.
    pub(crate) fn test(&mut self, variable: Variable, low: Diagram, high: Diagram) -> Diagram {
        if low == high { low } else { self.node(Node { variable, low, high }) }
    }

    fn node(&mut self, node: Node) -> Diagram {
        let Diagrams { nodes, unique, .. } = self;
        let hash = hash(&node);
        if let Some(known) = unique.find(hash, |other| nodes.get(other.place()) == Some(&node)) {
            return *known;
        }
        match u32::try_from(nodes.len()) {
            Ok(number) if nodes.len() < self.most => {
                nodes.push(node);
                let number = Diagram(number);
                unique.insert_unique(hash, number, |other| {
                    nodes.get(other.place()).map_or(0, self::hash)
                });
                number
            }
            _ => {
                self.is_full = true;
                Diagram::NOTHING
            }
        }
    }

    fn get(&self, diagram: Diagram) -> Node {
        const NOTHING: Node =
            Node { variable: Node::RESULT, low: Diagram::NOTHING, high: Diagram::NOTHING };
        self.nodes.get(diagram.place()).copied().unwrap_or(NOTHING)
    }

    /// Returns the top of a diagram.
    pub(crate) fn top(&self, diagram: Diagram) -> Top {
        match self.get(diagram) {
            Node { variable: Node::RESULT, low, .. } => Top::Result(low.0),
            Node { variable, .. } => Top::Test(variable),
        }
    }

    /// Returns the first variable that one of the functions tests; `None` if all are results.
    pub(crate) fn first_tested(&self, diagrams: &[Diagram]) -> Option<Variable> {
        let variables = diagrams.iter().map(|diagram| self.get(*diagram).variable);
        variables.min().filter(|variable| *variable != Node::RESULT)
    }

    /// Returns a function as it is if a variable, not after its first, has this value.
    pub(crate) fn given(&self, diagram: Diagram, variable: Variable, value: bool) -> Diagram {
        match self.get(diagram) {
            node if node.variable != variable => diagram,
            Node { high, .. } if value => high,
            Node { low, .. } => low,
        }
    }

    /// Returns the result of a function; `None` if it has several.
    pub(crate) fn known(&self, diagram: Diagram) -> Option<u32> {
        match self.top(diagram) {
            Top::Result(number) => Some(number),
            Top::Test(_) => None,
        }
    }

    /// Returns the result of `one` where it is not 0, and else the result of `other`: the first match of two lists,
    /// or whether either condition holds.
    pub(crate) fn first(&mut self, one: Diagram, other: Diagram) -> Diagram {
        if one == Diagram::NOTHING || one == other {
            return other;
        }
        if other == Diagram::NOTHING || self.known(one).is_some() {
            return one;
        }
        if let Some(known) = self.firsts.get(one, other) {
            return known;
        }
        let result = self.split(one, other, Self::first);
        self.firsts.insert(one, other, result, self.nodes.len());
        result
    }

    /// Returns the result of `value` where `condition` is not 0, and else 0.
    pub(crate) fn both(&mut self, condition: Diagram, value: Diagram) -> Diagram {
        if condition == Diagram::NOTHING || value == Diagram::NOTHING {
            return Diagram::NOTHING;
        }
        if self.known(condition).is_some() {
            return value;
        }
        if let Some(known) = self.conjunctions.get(condition, value) {
            return known;
        }
        let result = self.split(condition, value, Self::both);
        self.conjunctions.insert(condition, value, result, self.nodes.len());
        result
    }

    /// Returns the result of `holds` where `condition` is not 0, and else that of `fails`.
    pub(crate) fn choice(&mut self, condition: Diagram, holds: Diagram, fails: Diagram) -> Diagram {
        if holds == fails {
            return holds;
        }
        let not = self.not(condition);
        let (holds, fails) = (self.both(condition, holds), self.both(not, fails));
        self.first(holds, fails)
    }

    /// Returns 1 where the function is not 0 for some values of the variables that `is_free` accepts.
    pub(crate) fn exists(
        &mut self,
        diagram: Diagram,
        is_free: &dyn Fn(Variable) -> bool,
    ) -> Diagram {
        let mut done = Cache::default();
        self.exists_below(diagram, is_free, &mut done)
    }

    fn exists_below(
        &mut self,
        diagram: Diagram,
        is_free: &dyn Fn(Variable) -> bool,
        done: &mut Cache<Diagram>,
    ) -> Diagram {
        let Node { variable, low, high } = self.get(diagram);
        if variable == Node::RESULT {
            return if low == Diagram::NOTHING { Diagram::NOTHING } else { Diagram::ALWAYS };
        }
        if let Some(known) = done.get(&diagram) {
            return *known;
        }
        let [low, high] = [low, high].map(|next| self.exists_below(next, is_free, done));
        let result = match is_free(variable) {
            true => self.first(low, high),
            false => self.test(variable, low, high),
        };
        done.insert(diagram, result);
        result
    }

    /// Returns 1 where the function is 0, and else 0.
    pub(crate) fn not(&mut self, diagram: Diagram) -> Diagram {
        let Node { variable, low, high } = self.get(diagram);
        if variable == Node::RESULT {
            return if low == Diagram::NOTHING { Diagram::ALWAYS } else { Diagram::NOTHING };
        }
        if let Some(known) = self.nots.get(&diagram) {
            return *known;
        }
        let (low, high) = (self.not(low), self.not(high));
        let result = self.test(variable, low, high);
        self.nots.insert(diagram, result);
        result
    }

    fn split(
        &mut self,
        one: Diagram,
        other: Diagram,
        combine: fn(&mut Self, Diagram, Diagram) -> Diagram,
    ) -> Diagram {
        let Some(variable) = self.first_tested(&[one, other]) else { return Diagram::NOTHING };
        let [low, high] = [false, true].map(|value| {
            let (one, other) =
                (self.given(one, variable, value), self.given(other, variable, value));
            combine(self, one, other)
        });
        self.test(variable, low, high)
    }

    /// Returns the function whose result is `combine` of the results of two functions.
    pub(crate) fn zip(
        &mut self,
        one: Diagram,
        other: Diagram,
        combine: &mut dyn FnMut(u32, u32) -> u32,
    ) -> Diagram {
        let mut zip = Zip { diagrams: self, combine, done: Cache::default() };
        zip.of(one, other)
    }

    /// Returns the function that holds for the values of a number of `bits` bits, from `first` on, whose code `holds`
    /// accepts.
    pub(crate) fn codes(
        &mut self,
        first: Variable,
        bits: u32,
        holds: &mut dyn FnMut(usize) -> bool,
    ) -> Diagram {
        self.codes_from(first, bits, 0, holds)
    }

    /// Returns the function that holds for the values from the first to the last of a number of `bits` bits.
    pub(crate) fn range(
        &mut self,
        variable: Variable,
        bits: u32,
        (first, last): (usize, usize),
    ) -> Diagram {
        let all = (1_usize << bits) - 1;
        if first > last || first > all {
            return Diagram::NOTHING;
        }
        if first == 0 && last >= all {
            return Diagram::ALWAYS;
        }
        let half = (all >> 1) + 1;
        let low = match first < half {
            true => self.range(variable + 1, bits - 1, (first, last.min(half - 1))),
            false => Diagram::NOTHING,
        };
        let high = match last >= half {
            true => {
                let first = first.saturating_sub(half);
                self.range(variable + 1, bits - 1, (first, last - half))
            }
            false => Diagram::NOTHING,
        };
        self.test(variable, low, high)
    }

    fn codes_from(
        &mut self,
        first: Variable,
        bits: u32,
        code: usize,
        holds: &mut dyn FnMut(usize) -> bool,
    ) -> Diagram {
        let Some(rest) = bits.checked_sub(1) else {
            return if holds(code) { Diagram::ALWAYS } else { Diagram::NOTHING };
        };
        let low = self.codes_from(first + 1, rest, 2 * code, holds);
        let high = self.codes_from(first + 1, rest, 2 * code + 1, holds);
        self.test(first, low, high)
    }
}

struct Zip<'z> {
    diagrams: &'z mut Diagrams,
    combine: &'z mut dyn FnMut(u32, u32) -> u32,
    done: Cache<(Diagram, Diagram)>,
}

impl Zip<'_> {
    fn of(&mut self, one: Diagram, other: Diagram) -> Diagram {
        if let Some(known) = self.done.get(&(one, other)) {
            return *known;
        }
        let result = match self.diagrams.first_tested(&[one, other]) {
            None => {
                let result = |diagram| self.diagrams.known(diagram).unwrap_or(0);
                let combined = (self.combine)(result(one), result(other));
                self.diagrams.result(combined)
            }
            Some(variable) => {
                let [low, high] = [false, true].map(|value| {
                    let given = |diagram| self.diagrams.given(diagram, variable, value);
                    let (one, other) = (given(one), given(other));
                    self.of(one, other)
                });
                self.diagrams.test(variable, low, high)
            }
        };
        self.done.insert((one, other), result);
        result
    }
}
