//! C126 `auid-may-be-unset`. Its page is the Markdown file of the same name.

use crate::catalog::{Operator, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::relate::Conditions;
use crate::rule::{Action, Op};
use crate::ruleset::LoadedRule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C126",
    name: "auid-may-be-unset",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c126_auid_may_be_unset.md"),
};

/// The auid of a process without a login.
const UNSET: u32 = u32::MAX;

/// Maximum number of `never` rules that are compared with a rule: limits the time.
const MOST: usize = 64;

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    // The rules that silence processes without a login, in the kernel's order.
    let mut silent = Vec::new();
    for loaded in facts.compiled.in_kernel_order() {
        let Some(conditions) = facts.conditions(&loaded) else { continue };
        let is_above = |op| matches!(op, Op::Known(Operator::Greater | Operator::GreaterEqual));
        let mut fields = placed(loaded.kernel_rule, loaded.line);
        let above = fields.find(|(one, _)| one.number() == field::AUID && is_above(one.op()));
        let holds_for_unset = conditions.allow(field::AUID, UNSET);
        // `auid>=4294967295` is about processes without a login only.
        if let Some((_, place)) = above
            && holds_for_unset
            && conditions.allow(field::AUID, UNSET - 1)
            && !is_silenced(&loaded, conditions, &silent)
        {
            let message = "this condition also holds for processes without a login";
            findings.push(
                Finding::new(&LINT, place, message)
                    .label("`unset` is 4294967295")
                    .help("add `-F auid!=unset` if the rule is not about daemons"),
            );
        }
        if loaded.kernel_rule.action == Action::Never && holds_for_unset && silent.len() < MOST {
            silent.push((loaded, conditions));
        }
    }
}

/// Returns whether one of the earlier rules silences everything that a rule matches in processes without a login.
fn is_silenced<'a>(
    loaded: &LoadedRule<'a, '_>,
    conditions: &Conditions<'a>,
    silent: &[(LoadedRule<'_, '_>, &Conditions<'_>)],
) -> bool {
    let unset = conditions.with(field::AUID, UNSET);
    silent.iter().any(|(earlier, wider)| {
        let has_syscalls = !loaded.kernel_rule.list.has_mask()
            || earlier.kernel_rule.mask.contains_all(&loaded.kernel_rule.mask);
        has_syscalls && wider.implied_by(&unset)
    })
}
