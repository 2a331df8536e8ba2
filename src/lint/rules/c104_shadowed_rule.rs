//! C104 shadowed-rule
//!
//! A rule that never decides anything: a rule that is asked before it, on the same list, matches whatever it
//! matches.
//!
//! ## Why it matters
//! The first rule of a list that matches is the last that is asked. A rule behind a wider one is dead: after a
//! `never` it records nothing, and after an `always` the record has the key of the other, so that a search for
//! its own key finds nothing. The order is that of loading, but for rules of `-A`, which are put in front.
//!
//! ## Instead of
//! ```text
//! -a never,exit -F arch=b64 -S openat,unlinkat
//! -a always,exit -F arch=b64 -S unlinkat -F auid>=1000 -F key=delete
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -S unlinkat -F auid>=1000 -F key=delete
//! -a never,exit -F arch=b64 -S openat,unlinkat
//! ```
//! ## Source
//! `audit_filter_syscall` and `audit_filter` leave their loop at the first rule that matches, and
//! `audit_filter_rules` compares `prio` across the list and the hash of `path=` rules (kernel/auditsc.c,
//! kernel/auditfilter.c, Linux 6.1).

use std::collections::HashMap;

use crate::diag::Level;
use crate::lint::abi::has_all_of;
use crate::lint::compiled::{Compiled, LoadedRule};
use crate::lint::conditions::{Anchor, Conditions};
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::rule::{Action, FilterList};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C104",
    name: "shadowed-rule",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c104_shadowed_rule.rs"),
};

/// How many rules of one kind are looked at for each rule: a set with more is not searched to its end.
const MOST: usize = 200;

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    let rules = compiled.in_kernel_order();
    let rules = rules.map(|loaded| Ranked { loaded, conditions: Conditions::of(loaded.held) });
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
        let list = rule.loaded.held.list;
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
        let (mask, later_mask) = (&self.loaded.held.mask, &later.loaded.held.mask);
        (!self.loaded.held.list.has_mask() || has_all_of(mask, later_mask))
            && self.conditions.are_implied_by(&later.conditions)
    }
}

fn finding(earlier: &LoadedRule<'_, '_>, later: &LoadedRule<'_, '_>) -> Finding {
    let message = match (earlier.held.list, earlier.held.action, later.held.action) {
        (FilterList::Exclude, _, _) => "a rule before it excludes all that this one does",
        (_, Action::Never, Action::Never) => "a rule before it silences all that this one does",
        (_, Action::Never, _) => "a rule before it silences all that this one would record",
        (_, _, Action::Never) => "a rule before it records all that this one would silence",
        _ if later.held.keys().all(|key| earlier.held.keys().any(|other| other == key)) => {
            "a rule before it records all that this one would"
        }
        _ => "a rule before it records all that this one would, with another key",
    };
    let finding = Finding::new(&LINT, later.line.whole(), message).label("never decides");
    finding.related(earlier.line.whole(), "matches first")
}
