//! C113 `eperm-without-eacces`. Its page is the Markdown file of the same name.

use crate::catalog::{Operator, errno_number, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::relate::MaskIndex;
use crate::rewrite::Change;
use crate::rewrite::line::{line_after, line_with};
use crate::rewrite::written::written_values;
use crate::rule::{Field, Mask, Op, Rule};
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::syntax::Text;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C113",
    name: "eperm-without-eacces",
    level: Level::Warning,
    fix: Some(Change::Wider),
    check: Check::Rules(check),
    page: include_str!("c113_eperm_without_eacces.md"),
};

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Denied {
    Access,
    Permission,
}

impl Denied {
    const fn name(self) -> &'static str {
        match self {
            Denied::Access => "EACCES",
            Denied::Permission => "EPERM",
        }
    }

    const fn other(self) -> Self {
        match self {
            Denied::Access => Denied::Permission,
            Denied::Permission => Denied::Access,
        }
    }

    /// Returns the result of a syscall that fails with this error, as the kernel compares it.
    fn result(self) -> Option<u32> {
        errno_number(self.name().as_bytes()).map(u32::wrapping_neg)
    }

    /// Returns a rule for this error instead of its own.
    fn in_rule(self, rule: &Rule) -> Rule {
        let mut rule = rule.clone();
        for field in &mut rule.fields {
            if let (Field::Number { id, value, .. }, Some(result)) = (field, self.result())
                && id.number() == field::EXIT
            {
                *value = result;
            }
        }
        rule
    }

    /// Returns the error that a rule is for, if it is one of the two and the only condition on the result.
    fn of(rule: &LoadedRule<'_, '_>) -> Option<Self> {
        let mut exits = rule.kernel_rule.fields.iter().filter(|one| one.number() == field::EXIT);
        let (Some(Field::Number { op: Op::Known(Operator::Equal), value, .. }), None) =
            (exits.next(), exits.next())
        else {
            return None;
        };
        [Denied::Access, Denied::Permission]
            .into_iter()
            .find(|denied| denied.result() == Some(*value))
    }
}

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let rules = facts.recording().filter_map(|rule| Some((rule, Denied::of(rule)?)));
    // Each with the rule that should be there too.
    let rules: Vec<_> = rules
        .map(|(rule, denied)| (rule, denied, denied.other().in_rule(rule.kernel_rule)))
        .collect();
    if rules.is_empty() {
        return;
    }
    let mut masks = MaskIndex::new(field::KEY);
    for rule in facts.recording() {
        masks.insert((), rule.kernel_rule);
    }
    for (rule, denied, wanted) in &rules {
        let is_recorded = |mask: &Mask| mask.intersects(&wanted.mask);
        if !masks.implied_by((), wanted).into_iter().any(is_recorded) {
            findings.push(finding(facts.compiled, rule, *denied));
        }
    }
}

fn finding(compiled: &CompiledSet<'_, '_>, rule: &LoadedRule<'_, '_>, denied: Denied) -> Finding {
    let other = denied.other().name();
    let message = format!("this rule has no counterpart for `exit=-{other}`");
    let values: Vec<Text<'_>> = written_values(rule.line.command(), b"exit").collect();
    let place = values.first().map_or(rule.line.whole(), |value| rule.line.place(value.span()));
    let finding = Finding::new(&LINT, place, message)
        .label("one of two errors for a denied access")
        .help(format!("write the rule for `exit=-{other}` too"));
    let pieces = values.iter().map(|value| (value.span(), format!("-{other}").into_bytes()));
    let text = line_with(compiled.set, rule.line.line, pieces.collect());
    finding.fix(format!("add the rule for `exit=-{other}`"), vec![line_after(rule.line, &text)])
}
