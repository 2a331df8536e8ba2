//! C104 `shadowed-rule`. Its page is the Markdown file of the same name.

use std::collections::HashMap;

use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
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

/// How many rules of one kind are looked at for each rule: a set with more is not searched to its end.
const MOST: usize = 200;

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    let rules = compiled.in_kernel_order();
    let rules =
        rules.map(|loaded| Ranked { loaded, conditions: Conditions::of(loaded.kernel_rule) });
    let rules: Vec<Ranked<'_, '_>> =
        rules.filter(|rule| rule.conditions.contradiction().is_none()).collect();
    let mut often: HashMap<Anchor<'_>, usize> = HashMap::new();
    for anchor in rules.iter().flat_map(|rule| rule.conditions.anchors()) {
        *often.entry(anchor).or_default() += 1;
    }
    let mut before: HashMap<(FilterList, Option<Anchor<'_>>), Vec<&Ranked<'_, '_>>> =
        HashMap::new();
    for rule in &rules {
        let anchors = rule.conditions.anchors().map(Some).chain([None]);
        let list = rule.loaded.kernel_rule.list;
        let wider = anchors
            .filter_map(|anchor| before.get(&(list, anchor)))
            .flat_map(|same| same.iter().take(MOST))
            .find(|earlier| earlier.matches_all_of(rule));
        match wider {
            Some(earlier) => findings.push(finding(&earlier.loaded, &rule.loaded)),
            None => {
                let rarest =
                    rule.conditions.anchors().min_by_key(|anchor| often.get(anchor).copied());
                before.entry((list, rarest)).or_default().push(rule);
            }
        }
    }
}

struct Ranked<'a, 's> {
    loaded: LoadedRule<'a, 's>,
    conditions: Conditions<'a>,
}

impl Ranked<'_, '_> {
    fn matches_all_of(&self, later: &Ranked<'_, '_>) -> bool {
        let (mask, later_mask) = (&self.loaded.kernel_rule.mask, &later.loaded.kernel_rule.mask);
        (!self.loaded.kernel_rule.list.has_mask() || mask.contains_all(later_mask))
            && self.conditions.implied_by(&later.conditions)
    }
}

fn finding(earlier: &LoadedRule<'_, '_>, later: &LoadedRule<'_, '_>) -> Finding {
    let message =
        match (earlier.kernel_rule.list, earlier.kernel_rule.action, later.kernel_rule.action) {
            (FilterList::Exclude, _, _) => "a rule before it excludes all that this one does",
            (_, Action::Never, Action::Never) => "a rule before it silences all that this one does",
            (_, Action::Never, _) => "a rule before it silences all that this one would record",
            (_, _, Action::Never) => "a rule before it records all that this one would silence",
            _ if later
                .kernel_rule
                .keys()
                .all(|key| earlier.kernel_rule.keys().any(|other| other == key)) =>
            {
                "a rule before it records all that this one would"
            }
            _ => "a rule before it records all that this one would, with another key",
        };
    let finding = Finding::new(&LINT, later.line.whole(), message).label("never decides");
    finding.related(earlier.line.whole(), "matches first")
}
