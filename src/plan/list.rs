//! The requests for one list.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::bridge::bridge;
use super::kept::{Kept, silenced_on_the_way};
use super::silence::{depend_on_time, path, records_by_default, silences};
use super::{About, Gaps, Meanwhile, Move, Plan, Step, Wave};
use crate::rule::{Placement, Request, Rule};

/// The change of one list.
pub(super) struct Change<'r> {
    loaded: Vec<(usize, &'r Rule)>,
    wanted: Vec<(usize, &'r Rule)>,
    kept: Kept,
    gaps: Gaps,
}

/// All rules, and the places of those on the list.
type OnList<'r> = (&'r [Rule], &'r [usize]);

impl<'r> Change<'r> {
    pub(super) fn new(loaded: OnList<'r>, wanted: OnList<'r>, gaps: Gaps) -> Self {
        let of = |(rules, places): OnList<'r>| -> Vec<(usize, &'r Rule)> {
            places.iter().filter_map(|at| Some((*at, rules.get(*at)?))).collect()
        };
        let (loaded, wanted) = (of(loaded), of(wanted));
        let rules = |all: &[(usize, &'r Rule)]| all.iter().map(|(_, rule)| *rule).collect();
        let (old, new): (Vec<&Rule>, Vec<&Rule>) = (rules(&loaded), rules(&wanted));
        let kept = Kept::longest(&old, &new, gaps);
        Change { loaded, wanted, kept, gaps }
    }

    /// Adds the requests to a plan.
    pub(super) fn add_to(self, plan: &mut Plan) {
        plan.stays += self.kept.loaded.len();
        let mut moves = self.moves();
        let bridges = self.bridges(&mut moves);
        let is_moved: HashSet<usize> = moves.iter().map(|one| one.loaded).collect();
        let mut send = |wave, request, about| plan.steps.push(Step { wave, request, about });
        for (wanted, bridge) in &bridges {
            send(Wave::Bridges, Request::Add(bridge.clone()), About::Bridge(*wanted));
        }
        for (at, rule) in self.dropped().filter(|(at, _)| is_moved.contains(at)) {
            send(Wave::Moving, Request::Delete(rule.clone()), About::Loaded(at));
        }
        let run = &self.kept.wanted;
        for (at, rule) in self.wanted.iter().skip(run.end) {
            send(Wave::Adding, Request::Add((*rule).clone()), About::Wanted(*at));
        }
        for (at, rule) in self.wanted.iter().take(run.start).rev() {
            let rule = Rule { placement: Placement::Prepend, ..(*rule).clone() };
            send(Wave::Adding, Request::Add(rule), About::Wanted(*at));
        }
        let gone = || self.dropped().filter(|(at, _)| !is_moved.contains(at));
        let (silencing, recording) =
            (gone().filter(|(_, rule)| silences(rule)), gone().filter(|(_, rule)| !silences(rule)));
        for (at, rule) in silencing.chain(recording) {
            send(Wave::Deleting, Request::Delete(rule.clone()), About::Loaded(at));
        }
        for (wanted, bridge) in bridges {
            let rule = Rule { placement: Placement::Append, ..bridge };
            send(Wave::Deleting, Request::Delete(rule), About::Bridge(wanted));
        }
        let prepended: Vec<&Rule> =
            self.wanted.iter().take(run.start).map(|(_, rule)| *rule).collect();
        let silenced = silenced_on_the_way(&prepended);
        plan.gaps.extend(silenced.iter().filter_map(|at| self.wanted.get(*at)).map(|(at, _)| *at));
        let is_gap = |one: &&Move| one.meanwhile == Meanwhile::Gap;
        plan.gaps.extend(moves.iter().filter(is_gap).map(|one| one.wanted));
        plan.moves.extend(moves);
    }

    /// Returns the loaded rules that do not stay, in order.
    fn dropped(&self) -> impl Iterator<Item = (usize, &'r Rule)> {
        let kept: HashSet<usize> = self.kept.loaded.iter().copied().collect();
        let all = self.loaded.iter().enumerate();
        all.filter(move |(place, _)| !kept.contains(place)).map(|(_, rule)| *rule)
    }

    /// Returns the loaded rules that must be deleted before an equal rule is added.
    fn moves(&self) -> Vec<Move> {
        if self.dropped().next().is_none() {
            return Vec::new();
        }
        let mut added: HashMap<&Rule, usize> = HashMap::with_capacity(self.wanted.len());
        let run = &self.kept.wanted;
        let to_add = self.wanted.iter().take(run.start).chain(self.wanted.iter().skip(run.end));
        for (at, rule) in to_add {
            added.entry(rule).or_insert(*at);
        }
        let moved = self.dropped().filter_map(|(loaded, rule)| {
            let wanted = *added.get(rule)?;
            Some(Move { loaded, wanted, meanwhile: self.meanwhile(rule) })
        });
        moved.collect()
    }

    fn meanwhile(&self, rule: &Rule) -> Meanwhile {
        let is_safe = silences(rule)
            || records_by_default(rule.list)
                && !self.wanted.iter().chain(&self.loaded).any(|(_, other)| silences(other));
        match self.gaps {
            _ if is_safe => Meanwhile::Unneeded,
            Gaps::Avoided => Meanwhile::Bridge,
            Gaps::Allowed => Meanwhile::Gap,
        }
    }

    /// Returns the loaded rules that silence and that a bridge would come too late for: they were added before it.
    fn too_early(&self) -> HashMap<&'r [u8], Vec<&'r Rule>> {
        let mut rules: HashMap<&[u8], Vec<&Rule>> = HashMap::default();
        for (_, rule) in self.loaded.iter().filter(|(_, rule)| silences(rule)) {
            if let Some(path) = path(rule) {
                rules.entry(path).or_default().push(rule);
            }
        }
        rules
    }

    /// Returns the bridges, each with the wanted rule that it is for. A rule for which there is none has a gap.
    fn bridges(&self, moves: &mut [Move]) -> Vec<(usize, Rule)> {
        if moves.is_empty() {
            return Vec::new();
        }
        let known: HashSet<&Rule> =
            self.loaded.iter().chain(&self.wanted).map(|(_, rule)| *rule).collect();
        let rules: HashMap<usize, &Rule> = self.loaded.iter().copied().collect();
        let too_early = self.too_early();
        let mut bridges: Vec<(usize, Rule)> = Vec::new();
        let mut made: HashSet<Rule> = HashSet::default();
        let mut known_moves: HashMap<usize, Meanwhile> = HashMap::default();
        for one in moves.iter_mut().filter(|one| one.meanwhile == Meanwhile::Bridge) {
            // Equal rules share a bridge.
            if let Some(meanwhile) = known_moves.get(&one.wanted) {
                one.meanwhile = *meanwhile;
                continue;
            }
            let is_taken = |rule: &Rule| known.contains(rule) || made.contains(rule);
            let rule = rules.get(&one.loaded).filter(|rule| {
                let others = path(rule).and_then(|path| too_early.get(path)).into_iter().flatten();
                !others.into_iter().any(|other| depend_on_time(rule, other))
            });
            match rule.and_then(|rule| bridge(rule, is_taken)) {
                Some(rule) => {
                    made.insert(Rule { placement: Placement::Append, ..rule.clone() });
                    bridges.push((one.wanted, rule));
                }
                None => one.meanwhile = Meanwhile::Gap,
            }
            known_moves.insert(one.wanted, one.meanwhile);
        }
        bridges
    }
}
