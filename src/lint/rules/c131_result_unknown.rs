//! C131 `result-unknown`. Its page is the Markdown file of the same name.

use crate::catalog::{self, Arch, Perm, field};
use crate::diag::Level;
use crate::lint::calls::{arch_of, calls};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::relate::SUCCESS;
use crate::rule::{Field, NumberId, Op};
use crate::ruleset::{FileSpan, LoadedRule};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C131",
    name: "result-unknown",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c131_result_unknown.md"),
};

/// Syscalls that never return.
const ENDS: [&str; 2] = ["exit", "exit_group"];
/// Syscalls that remove a name.
const REMOVES: [&str; 5] = ["unlink", "unlinkat", "rename", "renameat", "renameat2"];

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for loaded in facts.rules() {
        let on_result = placed(loaded.kernel_rule, loaded.line)
            .find(|(one, _)| matches!(one.number(), field::EXIT | field::SUCCESS));
        let Some((condition, place)) = on_result else { continue };
        let Some(arch) = arch_of(loaded, facts.compiled.arch) else { continue };
        let name = condition.name().unwrap_or("the condition");
        let ends = calls(loaded, arch).into_iter().find(|call| ENDS.contains(&call.name));
        if let Some(call) = ends {
            let message = format!("`{}` has no result: `{name}` never holds for it", call.name);
            let help = format!("write a rule for `{}` without `{name}`", call.name);
            findings.push(Finding::new(&LINT, call.place, message).help(help));
        } else if wants_success(facts, loaded) && watches_removal(loaded, arch) {
            findings.push(removal(name, place));
        }
    }
}

fn removal(name: &str, place: FileSpan) -> Finding {
    let message = format!(
        "`{name}` is unknown when the kernel sees that the file of `path=` is deleted or renamed"
    );
    Finding::new(&LINT, place, message)
        .label("the rule misses these calls")
        .help(format!("leave out `{name}`, or name the directory with `dir=`"))
}

/// Returns whether a rule matches successful calls.
fn wants_success(facts: &Facts<'_, '_>, loaded: &LoadedRule<'_, '_>) -> bool {
    facts.conditions(loaded).is_some_and(|conditions| {
        conditions.can_match()
            && conditions.allow(field::SUCCESS, SUCCESS)
            && conditions.allow(field::EXIT, 0)
    })
}

/// Returns whether a rule is about a file, and about calls that remove its name.
fn watches_removal(loaded: &LoadedRule<'_, '_>, arch: Arch) -> bool {
    let rule = loaded.kernel_rule;
    let is_path = |condition: &Field| condition.number() == field::PATH;
    let excludes_writing = |condition: &Field| match condition {
        Field::Number { id: NumberId::PERM, op: Op::EQUAL, value } => {
            value & Perm::Write.bit() == 0
        }
        _ => false,
    };
    let numbers =
        REMOVES.iter().filter_map(|name| catalog::kernel_syscall_number(arch, name.as_bytes()));
    rule.fields.iter().any(is_path)
        && !rule.fields.iter().any(excludes_writing)
        && numbers.into_iter().any(|number| rule.mask.contains(number))
}
