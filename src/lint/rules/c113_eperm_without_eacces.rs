//! C113 eperm-without-eacces
//!
//! A rule for what fails with one of EACCES and EPERM, without the same rule for the other.
//!
//! ## Why it matters
//! "Permission denied" has two errors. EACCES is for the mode of a file or an access list, EPERM for what needs an
//! owner or a capability, and an immutable file. Which of the two comes back depends on the syscall and the
//! file system: with one alone, some of the refused attempts are not recorded.
//!
//! Two rules whose syscalls differ are taken to be meant so, as long as they have one in common.
//!
//! ## Instead of
//! ```text
//! -a always,exit -F arch=b64 -S openat,open -F exit=-EACCES -F key=access
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -S openat,open -F exit=-EACCES -F key=access
//! -a always,exit -F arch=b64 -S openat,open -F exit=-EPERM -F key=access
//! ```
//! ## Fix
//! Writes the rule for the other error behind this one.
//! ## Source
//! open(2), chmod(2) and unlink(2) have both errors; the rules of the DISA STIG, 30-stig.rules and
//! 30-ospp-v42-3-access-failed.rules of audit-userspace come in such pairs.

use std::collections::HashMap;

use crate::catalog::{Operator, errno_number, field};
use crate::diag::Level;
use crate::lint::abi::have_one_in_common;
use crate::lint::compiled::{Compiled, LoadedRule};
use crate::lint::conditions::{Conditions, sorted_without};
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Finding};
use crate::lint::registry::{Check, Lint};
use crate::lint::rewrite::{line_behind, line_with};
use crate::lint::wider::Wider;
use crate::rule::{Action, Field, FilterList, Mask, Op};
use crate::syntax::{Directive, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C113",
    name: "eperm-without-eacces",
    level: Level::Warning,
    fix: Some(Change::Wider),
    check: Check::Rules(check),
    page: include_str!("c113_eperm_without_eacces.rs"),
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
        let mut exits = rule.held.fields.iter().filter(|one| one.number() == field::EXIT);
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

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    let is_recording = |rule: &LoadedRule<'_, '_>| {
        rule.held.list == FilterList::Exit && rule.held.action == Action::Always
    };
    let rules = compiled.rules().filter(is_recording);
    let rules = rules.filter_map(|rule| Some((rule, Denied::of(&rule)?)));
    let rules: Vec<_> = rules.collect();
    let mut wider = Wider::new();
    for (rule, denied) in &rules {
        wider.insert(*denied, Conditions::without(rule.held, field::EXIT), &rule.held.mask);
    }
    let mut like: HashMap<(Denied, Vec<&Field>), Mask> = HashMap::new();
    for (rule, denied) in &rules {
        let fields = sorted_without(rule.held, &[field::EXIT]);
        like.entry((*denied, fields)).or_insert(Mask::EMPTY).extend_with(&rule.held.mask);
    }
    for (rule, denied) in &rules {
        let mask = &rule.held.mask;
        let there = like.get(&(denied.other(), sorted_without(rule.held, &[field::EXIT])));
        let conditions = Conditions::without(rule.held, field::EXIT);
        let mut others = there.into_iter().chain(wider.than(denied.other(), &conditions).copied());
        if !others.any(|other| have_one_in_common(other, mask)) {
            findings.push(finding(compiled, rule, *denied));
        }
    }
}

fn finding(compiled: &Compiled<'_, '_>, rule: &LoadedRule<'_, '_>, denied: Denied) -> Finding {
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
