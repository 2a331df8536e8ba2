//! R108 `account-by-name`. Its page is the Markdown file of the same name.

use crate::catalog::{FieldKind, Operator, field_info, field_number};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::ruleset::{FileSpan, RuleSet};
use crate::syntax::{Comparison, Directive};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R108",
    name: "account-by-name",
    level: Level::Info,
    fix: None,
    check: Check::Text(check),
    page: include_str!("r108_account_by_name.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (_, line, command) in set.loaded() {
        for item in &command.options {
            let Directive::Field(expression) = &item.directive else { continue };
            let Ok(comparison) = expression.parts() else { continue };
            let Some(what) = account(&comparison) else { continue };
            let place = FileSpan { file: line.file, span: comparison.value.span() };
            let name = String::from_utf8_lossy(comparison.value.bytes());
            let message = format!("`{name}` is looked up on the host that loads the rule");
            let help = format!(
                "write the number if it is the same on every host: a host without this {what} refuses \
                 the line"
            );
            findings.push(Finding::new(&LINT, place, message).label("by name").help(help));
        }
    }
}

/// Returns the kind of account that a condition names, if not every host has the account.
fn account(comparison: &Comparison<'_>) -> Option<&'static str> {
    let value = comparison.value.bytes();
    match field_info(field_number(comparison.field.bytes())?)?.kind {
        _ if value == b"root" || Operator::has_character(*value.first()?) => None,
        FieldKind::User if value == b"unset" => None,
        FieldKind::User | FieldKind::Group if value.first()?.is_ascii_digit() => None,
        FieldKind::User if matches!(value, [b'-', digit, ..] if digit.is_ascii_digit()) => None,
        FieldKind::User => Some("user"),
        FieldKind::Group => Some("group"),
        _ => None,
    }
}
