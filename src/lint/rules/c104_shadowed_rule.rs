//! C104 `shadowed-rule`. Its page is the Markdown file of the same name.

use std::collections::HashMap;

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::{Anchor, Conditions};
use crate::rule::{Action, FilterList};
use crate::ruleset::LoadedRule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C104",
    name: "shadowed-rule",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c104_shadowed_rule.md"),
};

/// Maximum number of rules compared for each condition: limits the time for a set with many similar rules.
const MOST: usize = 200;

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let rules = facts.compiled.in_kernel_order();
    let rules = rules
        .filter_map(|loaded| Some(Candidate { loaded, conditions: facts.conditions(&loaded)? }));
    let rules: Vec<Candidate<'_, '_>> = rules.filter(|rule| rule.conditions.can_match()).collect();
    let mut counts: HashMap<Anchor<'_>, usize> = HashMap::new();
    for anchor in rules.iter().flat_map(|rule| rule.conditions.anchors()) {
        *counts.entry(anchor).or_default() += 1;
    }
    let mut before: HashMap<(FilterList, Option<Anchor<'_>>), Vec<&Candidate<'_, '_>>> =
        HashMap::new();
    for rule in &rules {
        let anchors = rule.conditions.anchors().map(Some).chain([None]);
        let list = rule.loaded.kernel_rule.list;
        let earlier = anchors
            .filter_map(|anchor| before.get(&(list, anchor)))
            .flat_map(|rules| rules.iter().take(MOST))
            .find(|earlier| earlier.matches_all_of(rule));
        match earlier {
            Some(earlier) => findings.push(finding(&earlier.loaded, &rule.loaded)),
            None => {
                let rarest =
                    rule.conditions.anchors().min_by_key(|anchor| counts.get(anchor).copied());
                before.entry((list, rarest)).or_default().push(rule);
            }
        }
    }
}

/// A rule that may shadow later rules.
struct Candidate<'a, 's> {
    loaded: LoadedRule<'a, 's>,
    conditions: &'a Conditions<'a>,
}

impl Candidate<'_, '_> {
    /// Returns whether this rule matches everything that `later` matches.
    fn matches_all_of(&self, later: &Candidate<'_, '_>) -> bool {
        let (mask, later_mask) = (&self.loaded.kernel_rule.mask, &later.loaded.kernel_rule.mask);
        (!self.loaded.kernel_rule.list.has_mask() || mask.contains_all(later_mask))
            && self.conditions.implied_by(later.conditions)
    }
}

fn finding(earlier: &LoadedRule<'_, '_>, later: &LoadedRule<'_, '_>) -> Finding {
    let message =
        match (earlier.kernel_rule.list, earlier.kernel_rule.action, later.kernel_rule.action) {
            (FilterList::Exclude, _, _) => {
                "an earlier rule already excludes everything that this rule excludes"
            }
            (_, Action::Never, Action::Never) => {
                "an earlier rule already silences everything that this rule silences"
            }
            (_, Action::Never, _) => {
                "an earlier rule silences everything that this rule would record"
            }
            (_, _, Action::Never) => {
                "an earlier rule records everything that this rule would silence"
            }
            _ if later
                .kernel_rule
                .keys()
                .all(|key| earlier.kernel_rule.keys().any(|other| other == key)) =>
            {
                "an earlier rule already records everything that this rule would record"
            }
            _ => "an earlier rule records everything that this rule would record, with another key",
        };
    let finding = Finding::new(&LINT, later.line.whole(), message).label("has no effect");
    finding.related(earlier.line.whole(), "matches first")
}
