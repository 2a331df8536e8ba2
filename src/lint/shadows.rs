//! Rules that never take effect, because earlier rules match everything that they match.

use foldhash::{HashMap, HashSet};

use super::sharing::Sharing;
use crate::host::Host;
use crate::relate::requirement::needed;
use crate::relate::{Anchor, Conditions, Decides, Deciding};
use crate::rule::{FilterList, Mask, Rule};
use crate::ruleset::{CompiledSet, LineId, LoadedRule};

/// Maximum number of rules compared for each condition: limits the time for a set with many similar rules.
const MOST: usize = 200;

/// A rule and the rules that match first.
#[derive(Debug)]
pub(super) struct Shadow<'a, 's> {
    /// The rule.
    pub(super) later: LoadedRule<'a, 's>,
    /// The earlier rules; together they match everything that the rule matches.
    pub(super) earlier: Vec<LoadedRule<'a, 's>>,
}

/// A rule that may shadow later rules.
struct Candidate<'c, 'a, 's> {
    loaded: LoadedRule<'a, 's>,
    conditions: &'c Conditions<'a>,
}

impl Candidate<'_, '_, '_> {
    fn mask(&self) -> &Mask {
        &self.loaded.kernel_rule.mask
    }

    fn list(&self) -> FilterList {
        self.loaded.kernel_rule.list
    }

    fn may_cover(&self, mask: &Mask) -> bool {
        !self.list().has_mask() || self.mask().intersects(mask)
    }

    fn covers(&self, mask: &Mask) -> bool {
        !self.list().has_mask() || self.mask().contains_all(mask)
    }
}

/// Returns the rules that never take effect, in the kernel's order. `conditions` returns the conditions of a rule.
pub(super) fn shadows<'c, 'a: 'c, 's>(
    compiled: &'a CompiledSet<'a, 's>,
    conditions: impl Fn(&LoadedRule<'a, 's>) -> Option<&'c Conditions<'a>>,
    mut exactly: Exactly<'_, 'c, 'a, 's>,
) -> Vec<Shadow<'a, 's>> {
    let rules = compiled.in_kernel_order().filter_map(|loaded| {
        let conditions = conditions(&loaded)?;
        conditions.can_match().then_some(Candidate { loaded, conditions })
    });
    let rules: Vec<Candidate<'c, 'a, 's>> = rules.collect();
    let mut counts: HashMap<Anchor<'_>, usize> = HashMap::default();
    for anchor in rules.iter().flat_map(|rule| rule.conditions.anchors()) {
        *counts.entry(anchor).or_default() += 1;
    }
    let mut before: HashMap<(FilterList, Option<Anchor<'_>>), Vec<&Candidate<'c, 'a, 's>>> =
        HashMap::default();
    let mut found = Vec::new();
    for rule in &rules {
        let anchors = rule.conditions.anchors().map(Some).chain([None]);
        let wider = anchors
            .filter_map(|anchor| before.get(&(rule.list(), anchor)))
            .flat_map(|rules| rules.iter().take(MOST).copied())
            .filter(|earlier| earlier.may_cover(rule.mask()))
            .filter(|earlier| earlier.conditions.implied_by(rule.conditions));
        match covering(wider, rule).or_else(|| exactly.covering(rule)) {
            Some(earlier) => found.push(Shadow { later: rule.loaded, earlier }),
            None => {
                let rarest =
                    rule.conditions.anchors().min_by_key(|anchor| counts.get(anchor).copied());
                before.entry((rule.list(), rarest)).or_default().push(rule);
                exactly.add(rule);
            }
        }
    }
    found
}

/// Questions about rules that cover another one only together, such as for both word sizes or for trees.
pub(super) struct Exactly<'h, 'c, 'a, 's> {
    sharing: Option<Sharing<'h, 'c, 'a, 's>>,
    deciding: Deciding,
    /// Rules that are reported otherwise.
    others: HashSet<LineId>,
    /// The number of questions that are still put.
    left: usize,
}

impl<'h, 'c, 'a, 's> Exactly<'h, 'c, 'a, 's> {
    /// Maximum number of lines in a set, to limit the memory: the index takes some 2 kB for a rule.
    const LARGEST: usize = 2_000;
    /// Maximum number of questions, to limit the time.
    const MOST: usize = 100;

    /// Prepares questions about the rules of a set, except for those of some lines.
    pub(super) fn new(
        set: &CompiledSet<'_, '_>,
        deciding: Deciding,
        system: Option<&'h dyn Host>,
        others: HashSet<LineId>,
    ) -> Self {
        let is_small = set.lines.len() <= Self::LARGEST;
        let sharing = is_small.then(|| Sharing::new(set, system));
        Exactly { sharing, deciding, others, left: Self::MOST }
    }

    fn add(&mut self, rule: &Candidate<'c, 'a, 's>) {
        if let Some(sharing) = &mut self.sharing {
            sharing.add(rule.loaded, rule.conditions);
        }
    }

    /// Returns few of the earlier rules that together are proved to match everything that a rule matches.
    fn covering(&mut self, rule: &Candidate<'c, 'a, 's>) -> Option<Vec<LoadedRule<'a, 's>>> {
        let sharing = self.sharing.as_mut()?;
        if self.left == 0 || self.others.contains(&rule.loaded.line.id) {
            return None;
        }
        let earlier = sharing.with(&rule.loaded, rule.conditions);
        if earlier.is_empty() {
            return None;
        }
        self.left -= 1;
        let rules: Vec<&Rule> = earlier.iter().map(|loaded| loaded.kernel_rule).collect();
        let own = rule.loaded.kernel_rule;
        if self.deciding.after(&rules, own) != Decides::Nothing {
            return None;
        }
        let fewest = self.deciding.fewest(&rules, own).into_iter();
        let fewest: Vec<_> = fewest.filter_map(|at| earlier.get(at).copied()).collect();
        // A rule that needs no other to decide nothing contradicts itself.
        (!fewest.is_empty()).then_some(fewest)
    }
}

/// Returns a rule that has all syscalls of `rule`, or else several that have them together.
fn covering<'w, 'c: 'w, 'a: 'c, 's: 'w>(
    wider: impl Iterator<Item = &'w Candidate<'c, 'a, 's>>,
    rule: &Candidate<'c, 'a, 's>,
) -> Option<Vec<LoadedRule<'a, 's>>> {
    let mut together = Mask::EMPTY;
    let mut parts: Vec<&Candidate<'c, 'a, 's>> = Vec::new();
    let mut is_covered = false;
    for earlier in wider {
        if earlier.covers(rule.mask()) {
            return Some(vec![earlier.loaded]);
        }
        if !is_covered && !together.contains_all(earlier.mask()) {
            together.extend_with(earlier.mask());
            parts.push(earlier);
            is_covered = together.contains_all(rule.mask());
        }
    }
    is_covered.then(|| {
        let covers = |places: &[usize]| {
            let mut together = Mask::EMPTY;
            let some = places.iter().filter_map(|at| parts.get(*at));
            some.for_each(|part| together.extend_with(part.mask()));
            together.contains_all(rule.mask())
        };
        let fewest = needed((0..parts.len()).collect(), covers).into_iter();
        fewest.filter_map(|at| parts.get(at)).map(|part| part.loaded).collect()
    })
}
