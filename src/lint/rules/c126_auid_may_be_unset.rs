//! C126 `auid-may-be-unset`. Its page is the Markdown file of the same name.

use crate::catalog::{Operator, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::rule::Op;

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

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for loaded in facts.rules() {
        let allows = |auid| {
            let conditions = facts.conditions(loaded);
            conditions.is_some_and(|conditions| conditions.allow(field::AUID, auid))
        };
        let is_above = |op| matches!(op, Op::Known(Operator::Greater | Operator::GreaterEqual));
        let mut fields = placed(loaded.kernel_rule, loaded.line);
        let above = fields.find(|(one, _)| one.number() == field::AUID && is_above(one.op()));
        // `auid>=4294967295` is about processes without a login only.
        if let Some((_, place)) = above
            && allows(UNSET)
            && allows(UNSET - 1)
        {
            let message = "this condition also holds for processes without a login";
            findings.push(
                Finding::new(&LINT, place, message)
                    .label("`unset` is 4294967295")
                    .help("add `-F auid!=unset` if the rule is not about daemons"),
            );
        }
    }
}
