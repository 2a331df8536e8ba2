//! C104 `shadowed-rule`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::lint::shadows::Shadow;
use crate::rule::{Action, FilterList, Rule};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C104",
    name: "shadowed-rule",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c104_shadowed_rule.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    findings.extend(facts.shadows(scope).iter().map(|shadow| {
        let rules = shadow.earlier.iter().map(|earlier| earlier.kernel_rule);
        let rules: Vec<&Rule> = rules.collect();
        let witness = facts.example(scope, &rules, shadow.later.kernel_rule);
        finding(shadow).witness(witness)
    }));
}

fn finding(shadow: &Shadow<'_, '_>) -> Finding {
    let (message, role) = match shadow.earlier.as_slice() {
        [_] => (message(shadow), "matches first"),
        _ => (
            "earlier rules together match everything that this rule matches",
            "matches some of it first",
        ),
    };
    let finding = Finding::new(&LINT, shadow.later.line.whole(), message);
    let finding = finding.label("has no effect").help(remedy(shadow));
    let earlier = shadow.earlier.iter();
    earlier.fold(finding, |finding, earlier| finding.related(earlier.line.whole(), role))
}

/// Returns what to do about a rule: it is superfluous, or meant as an exception to the earlier ones.
fn remedy(shadow: &Shadow<'_, '_>) -> &'static str {
    let later = shadow.later.kernel_rule;
    let mut earlier = shadow.earlier.iter().map(|earlier| earlier.kernel_rule);
    let is_same = |earlier: &Rule| {
        earlier.action == later.action
            && later.keys().all(|key| earlier.keys().any(|other| other == key))
    };
    match later.list == FilterList::Exclude || earlier.all(is_same) {
        true => "delete this rule",
        false => "write this rule before the ones that match first, or delete it",
    }
}

/// Returns the message for a rule that one earlier rule shadows.
fn message(shadow: &Shadow<'_, '_>) -> &'static str {
    let later = shadow.later.kernel_rule;
    let is_known = |key: &[u8]| {
        shadow.earlier.iter().any(|earlier| earlier.kernel_rule.keys().any(|other| other == key))
    };
    let action = shadow.earlier.first().map(|earlier| earlier.kernel_rule.action);
    match (later.list, action, later.action) {
        (FilterList::Exclude, _, _) => {
            "an earlier rule already excludes everything that this rule excludes"
        }
        (_, Some(Action::Never), Action::Never) => {
            "an earlier rule already silences everything that this rule silences"
        }
        (_, Some(Action::Never), _) => {
            "an earlier rule silences everything that this rule would record"
        }
        (_, _, Action::Never) => "an earlier rule records everything that this rule would silence",
        _ if later.keys().all(is_known) => {
            "an earlier rule already records everything that this rule would record"
        }
        _ => "an earlier rule records everything that this rule would record, with another key",
    }
}
