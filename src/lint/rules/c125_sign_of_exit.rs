//! C125 `sign-of-exit`. Its page is the Markdown file of the same name.

use crate::catalog::{Operator, errno_name, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::model::{FIRST_ERROR, is_error};
use crate::relate::{Conditions, FAILURE, SUCCESS};
use crate::rewrite::written::written_values;
use crate::rule::{Field, Op};
use crate::ruleset::{FileSpan, LoadedRule};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C125",
    name: "sign-of-exit",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c125_sign_of_exit.md"),
};

/// The lowest result that is an error.
const LOWEST_ERROR: i32 = FIRST_ERROR.cast_signed();

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for loaded in facts.rules() {
        let Some(conditions) = facts.conditions(loaded) else { continue };
        let on_exit = on_exit(loaded);
        if !on_exit.is_empty() && conditions.can_match() {
            let positive = positive_error(loaded, &on_exit);
            findings.extend(positive.or_else(|| unsigned_order(conditions, &on_exit)));
        }
    }
}

/// A condition on `exit`.
struct OnExit {
    operator: Operator,
    value: u32,
    place: FileSpan,
}

fn on_exit(loaded: &LoadedRule<'_, '_>) -> Vec<OnExit> {
    let fields = placed(loaded.kernel_rule, loaded.line);
    let on_exit = fields.filter_map(|(condition, place)| match condition {
        Field::Number { id, op: Op::Known(operator), value } if id.number() == field::EXIT => {
            Some(OnExit { operator: *operator, value: *value, place })
        }
        _ => None,
    });
    on_exit.collect()
}

/// Returns the finding for `exit=EACCES`, or for `exit=13`.
fn positive_error(loaded: &LoadedRule<'_, '_>, on_exit: &[OnExit]) -> Option<Finding> {
    let written = written_values(loaded.line.command(), b"exit");
    on_exit.iter().zip(written).find_map(|(condition, written)| {
        let name = errno_name(condition.value)?;
        let is_name = written.bytes().first().is_some_and(u8::is_ascii_alphabetic);
        let message = match condition.operator {
            Operator::Equal | Operator::NotEqual if is_name => {
                format!("`{name}` without a minus sign is {}, not the error", condition.value)
            }
            // A syscall may return such a number, but hardly anyone looks for one.
            Operator::Equal => {
                format!("{} is the positive number of `{name}`", condition.value)
            }
            _ => return None,
        };
        let finding = Finding::new(&LINT, condition.place, message);
        Some(finding.label("errors are negative").help(format!("write `exit=-{name}`")))
    })
}

/// Returns the finding for comparisons that give another answer than those of numbers with a sign.
fn unsigned_order(conditions: &Conditions<'_>, on_exit: &[OnExit]) -> Option<Finding> {
    let is_order = |one: &&OnExit| !matches!(one.operator, Operator::Equal | Operator::NotEqual);
    let place = on_exit.iter().find(is_order)?.place;
    let near = on_exit.iter().map(|one| one.value.cast_signed());
    let near = near.flat_map(|value| [value.wrapping_sub(1), value, value.wrapping_add(1)]);
    let mut results = near.chain([LOWEST_ERROR, -1, 0, 1, i32::MAX]);
    let is_other = |result: &i32| {
        let outcome = if is_error(i64::from(*result)) { FAILURE } else { SUCCESS };
        let is_expected = on_exit.iter().all(|one| holds_with_sign(*result, one));
        *result >= LOWEST_ERROR
            && conditions.allow(field::SUCCESS, outcome)
            && conditions.allow(field::EXIT, result.cast_unsigned()) != is_expected
    };
    let example = results.find(is_other)?;
    let message =
        "the kernel compares `exit` without a sign: every error is larger than any other result";
    let label = match is_error(i64::from(example)) {
        true => "holds for other errors than it seems",
        false => "holds for other results than it seems",
    };
    Some(
        Finding::new(&LINT, place, message).label(label).help(
            "add `success=1`, or write `success=0` for all errors, or `exit=` with each error",
        ),
    )
}

fn holds_with_sign(result: i32, condition: &OnExit) -> bool {
    let value = condition.value.cast_signed();
    match condition.operator {
        Operator::Equal => result == value,
        Operator::NotEqual => result != value,
        Operator::Greater => result > value,
        Operator::GreaterEqual => result >= value,
        Operator::Less => result < value,
        Operator::LessEqual => result <= value,
        // The kernel refuses them for `exit`.
        Operator::BitMask | Operator::BitTest => true,
    }
}
