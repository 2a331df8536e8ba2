//! The search for a real call whose names have certain matches.

use super::search::{Cause, Search};
use super::several::Known;
use super::shapes::Slot;
use super::space::Assignment;
use super::units::{Nodes, Pair, Wanted, find};
use super::ways::{Named, Result, Way};
use super::witness::Real;
use crate::eval::is_below;
use crate::relate::diagram::{Diagram, Diagrams, Top};

/// Maximum number of events that are tried for names with certain matches.
const MOST_TRIED: usize = 20;

/// The search for a call in which several names have certain matches.
pub(super) struct Meeting<'m, 's, 'r> {
    pub(super) search: &'m mut Search<'s, 'r>,
    pub(super) diagrams: &'m Diagrams,
    pub(super) known: &'m Known,
    pub(super) pairs: &'m [Pair],
    pub(super) way: Way,
    pub(super) names: &'m [Named],
    pub(super) cause: Cause,
    pub(super) values: Assignment,
    pub(super) tried: usize,
}

impl Meeting<'_, '_, '_> {
    /// Tries the values of a context; returns whether the search is over.
    pub(super) fn walk(&mut self, context: Diagram) -> bool {
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
        let events = self.events().unwrap_or_default();
        self.search.judge(self.cause, events) || self.tried >= MOST_TRIED
    }

    fn events(&self) -> Option<Vec<Real>> {
        let maker = self.search.maker;
        let space = maker.space;
        let mut slots = Vec::with_capacity(self.names.len());
        for name in self.names {
            let nodes = *self.known.nodes.get(&name.kind)?;
            let pair = name.pair.and_then(|pair| self.pairs.get(pair));
            let place =
                pair.map(|pair| if name.is_parent { pair.parent_place } else { pair.place });
            let own = self.own_values(nodes, *name, place, &slots)?;
            let path = match pair {
                Some(pair) if name.is_parent => pair.parent.clone(),
                Some(pair) => pair.path.clone(),
                None => space.locations.file_at(maker.location(&own))?,
            };
            let slot = match name.is_parent {
                true => Slot::parent(path),
                false => Slot::new(&self.known.class, path, name.kind),
            };
            slots.push(Slot { own: Some(own), ..slot });
        }
        let fails = self.way.result == Result::Failure;
        Some(maker.several(&self.known.class, &self.values, slots, fails))
    }

    /// Returns own values of a name. A name at another path than the names before it comes first.
    fn own_values(
        &self,
        nodes: Nodes,
        name: Named,
        place: Option<usize>,
        before: &[Slot],
    ) -> Option<Assignment> {
        let maker = self.search.maker;
        let can_have =
            |own: &Assignment| maker.can_have(&self.known.class, &self.values, name.kind, own);
        let is_apart = |own: &Assignment| {
            let path = maker.space.locations.file_at(maker.location(own));
            place.is_some() || path.is_some_and(|path| self.is_apart(&path, before))
        };
        let with = |is_apart: &dyn Fn(&Assignment) -> bool| {
            let mut own = Assignment::default();
            let (given, matches) = (&self.values, name.matches);
            let wanted = Wanted { given, place, matches, accepts: &can_have, is_apart };
            find(maker.space, nodes, &wanted, &mut own).then_some(own)
        };
        with(&is_apart).or_else(|| with(&|_| true))
    }

    /// Returns whether a path is not that of another entry of the call, and neither above nor below it.
    fn is_apart(&self, path: &[u8], before: &[Slot]) -> bool {
        let chosen =
            before.iter().filter(|slot| !slot.is_parent()).map(|slot| slot.path.as_slice());
        let fixed = self.names.iter().filter(|name| !name.is_parent).filter_map(|name| name.pair);
        let fixed = fixed.filter_map(|pair| self.pairs.get(pair)).map(|pair| pair.path.as_slice());
        chosen.chain(fixed).all(|other| !is_below(path, other) && !is_below(other, path))
    }
}
