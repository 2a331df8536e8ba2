//! C124 `argument-mistaken`. Its page is the Markdown file of the same name.

use crate::catalog::argument::{Parameter, parameter};
use crate::catalog::{Operator, field};
use crate::diag::Level;
use crate::lint::calls::{Call, arch_of, calls};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::rule::{Field, Op};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C124",
    name: "argument-mistaken",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c124_argument_mistaken.md"),
};

/// The parameters that are easily mistaken for each other.
const MISTAKABLE: [&str; 7] = ["flags", "mode", "signal", "process", "thread", "fd", "directory"];

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for loaded in facts.rules() {
        let Some(arch) = arch_of(loaded, facts.compiled.arch) else { continue };
        let conditions = placed(loaded.kernel_rule, loaded.line)
            .filter_map(|(condition, place)| Some((Tested::of(condition)?, place)));
        let conditions: Vec<_> = conditions.collect();
        if conditions.is_empty() {
            continue;
        }
        let calls = calls(loaded, arch);
        for (tested, place) in conditions {
            let mistake = calls.iter().find_map(|call| tested.mistake(call.name));
            if let Some((message, help)) = mistake.or_else(|| tested.mixture(&calls)) {
                findings.push(Finding::new(&LINT, place, message).help(help));
            }
        }
    }
}

/// A condition on an argument.
#[derive(Clone, Copy)]
struct Tested {
    argument: u32,
    operator: Operator,
    value: u32,
}

type Texts = (String, String);

impl Tested {
    fn of(condition: &Field) -> Option<Self> {
        let argument =
            condition.number().checked_sub(field::A0).filter(|argument| *argument < 4)?;
        match condition {
            Field::Number { op: Op::Known(operator), value, .. } => {
                Some(Tested { argument, operator: *operator, value: *value })
            }
            _ => None,
        }
    }

    /// Returns what is wrong for one syscall, and the remedy.
    fn mistake(self, call: &'static str) -> Option<Texts> {
        let argument = self.argument;
        let message = match parameter(call, argument)? {
            Parameter::Absent => format!("`{call}` has no argument `a{argument}`"),
            Parameter::Address if !self.is_null_test() => {
                format!("`a{argument}` of `{call}` is an address, which differs from call to call")
            }
            Parameter::Number("mode")
                if self.tests_open_flags() && place_of(call, "flags").is_some() =>
            {
                format!("`a{argument}` of `{call}` is the mode of a new file, not the flags")
            }
            _ => return None,
        };
        let instead = ["flags", "mode"].into_iter().find_map(|wanted| {
            let at = place_of(call, wanted).filter(|at| *at != argument)?;
            Some(format!("test `a{at}`, the {wanted} of `{call}`"))
        });
        let help = instead.unwrap_or_else(|| {
            "delete the condition, or leave the syscall out of this rule".into()
        });
        Some((message, help))
    }

    /// Returns what is wrong if the argument has several meanings among the syscalls of a rule, and the remedy.
    fn mixture(self, calls: &[Call]) -> Option<Texts> {
        let mut meanings =
            calls.iter().filter_map(|call| match parameter(call.name, self.argument)? {
                Parameter::Number(meaning) if MISTAKABLE.contains(&meaning) => {
                    Some((call.name, meaning))
                }
                _ => None,
            });
        let (first, meaning) = meanings.next()?;
        let (other, other_meaning) = meanings.find(|(_, other)| *other != meaning)?;
        let argument = self.argument;
        let message = format!(
            "`a{argument}` is the {meaning} of `{first}`, but the {other_meaning} of `{other}`"
        );
        Some((message, format!("write one rule for `{first}` and one for `{other}`")))
    }

    /// Returns whether this asks whether an address was given at all.
    fn is_null_test(self) -> bool {
        self.value == 0 && matches!(self.operator, Operator::Equal | Operator::NotEqual)
    }

    /// Returns whether the value is one of flags of `open` that rules test, and an unlikely one of a mode.
    fn tests_open_flags(self) -> bool {
        matches!(self.operator, Operator::BitMask | Operator::BitTest)
            && self.value & !OPEN_FLAGS == 0
            && (self.value & CREATES_OR_TRUNCATES != 0 || self.value == ACCESS)
    }
}

/// `O_ACCMODE`
const ACCESS: u32 = 0o3;
/// `O_CREAT` and `O_TRUNC`
const CREATES_OR_TRUNCATES: u32 = 0o1100;
/// These, with `O_EXCL` and `O_APPEND`.
const OPEN_FLAGS: u32 = ACCESS | CREATES_OR_TRUNCATES | 0o2200;

/// Returns the number of the argument with this meaning.
fn place_of(call: &str, wanted: &'static str) -> Option<u32> {
    (0..4).find(|argument| parameter(call, *argument) == Some(Parameter::Number(wanted)))
}
