//! C113 `eperm-without-eacces`. Its page is the Markdown file of the same name.

use std::collections::HashMap;

use crate::catalog::{Operator, errno_number, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::relate::Implications;

use crate::relate::{Conditions, sorted_without};
use crate::rewrite::Change;
use crate::rewrite::line::{line_behind, line_with};
use crate::rule::{Action, Field, FilterList, Mask, Op};
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::syntax::{Directive, Text};

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

    /// The error that a rule asks for, if it is one of the two and the only condition on the result.
    fn of(rule: &LoadedRule<'_, '_>) -> Option<Self> {
        let mut exits = rule.kernel_rule.fields.iter().filter(|one| one.number() == field::EXIT);
        let (Some(Field::Number { op: Op::Known(Operator::Equal), value, .. }), None) =
            (exits.next(), exits.next())
        else {
            return None;
        };
        [Denied::Access, Denied::Permission].into_iter().find(|denied| {
            let number = errno_number(denied.name().as_bytes());
            number.is_some_and(|number| number.wrapping_neg() == *value)
        })
    }
}

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    let is_recording = |rule: &LoadedRule<'_, '_>| {
        rule.kernel_rule.list == FilterList::Exit && rule.kernel_rule.action == Action::Always
    };
    let rules = compiled.rules().filter(is_recording);
    let rules = rules.filter_map(|rule| Some((rule, Denied::of(&rule)?)));
    let rules: Vec<_> = rules.collect();
    let mut wider = Implications::new();
    for (rule, denied) in &rules {
        wider.insert(
            *denied,
            Conditions::without(rule.kernel_rule, field::EXIT),
            &rule.kernel_rule.mask,
        );
    }
    let mut like: HashMap<(Denied, Vec<&Field>), Mask> = HashMap::new();
    for (rule, denied) in &rules {
        let fields = sorted_without(rule.kernel_rule, &[field::EXIT]);
        like.entry((*denied, fields)).or_insert(Mask::EMPTY).extend_with(&rule.kernel_rule.mask);
    }
    for (rule, denied) in &rules {
        let mask = &rule.kernel_rule.mask;
        let there = like.get(&(denied.other(), sorted_without(rule.kernel_rule, &[field::EXIT])));
        let conditions = Conditions::without(rule.kernel_rule, field::EXIT);
        let mut others =
            there.into_iter().chain(wider.implied_by(denied.other(), &conditions).copied());
        if !others.any(|other| other.intersects(mask)) {
            findings.push(finding(compiled, rule, *denied));
        }
    }
}

fn finding(compiled: &CompiledSet<'_, '_>, rule: &LoadedRule<'_, '_>, denied: Denied) -> Finding {
    let other = denied.other().name();
    let message = format!("there is no rule like this one for `exit=-{other}`");
    let values: Vec<&Text<'_>> = rule.line.command.options.iter().filter_map(exit_value).collect();
    let place = values.first().map_or(rule.line.whole(), |value| rule.line.place(value.span()));
    let finding = Finding::new(&LINT, place, message)
        .label("one of the two errors of a refused access")
        .help(format!("write the rule for `exit=-{other}` too"));
    let pieces = values.iter().map(|value| (value.span(), format!("-{other}").into_bytes()));
    let text = line_with(compiled.set, rule.line.line, pieces.collect());
    finding.fix(format!("write the rule for `exit=-{other}`"), vec![line_behind(rule.line, &text)])
}

fn exit_value<'c, 's>(item: &'c crate::syntax::Item<'s>) -> Option<&'c Text<'s>> {
    match &item.directive {
        Directive::Field(expression) => {
            let comparison = expression.parts.as_ref().ok()?;
            comparison.field.bytes().eq_ignore_ascii_case(b"exit").then_some(&comparison.value)
        }
        _ => None,
    }
}
