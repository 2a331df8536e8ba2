//! Rules that never take effect, because earlier rules match everything that they match.

use foldhash::HashMap;

use crate::relate::{Anchor, Conditions};
use crate::rule::{FilterList, Mask};
use crate::ruleset::{CompiledSet, LoadedRule};

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
        match covering(wider, rule) {
            Some(earlier) => found.push(Shadow { later: rule.loaded, earlier }),
            None => {
                let rarest =
                    rule.conditions.anchors().min_by_key(|anchor| counts.get(anchor).copied());
                before.entry((rule.list(), rarest)).or_default().push(rule);
            }
        }
    }
    found
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
    is_covered.then(|| parts.iter().map(|part| part.loaded).collect())
}
