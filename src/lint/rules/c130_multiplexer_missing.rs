//! C130 `multiplexer-missing`. Its page is the Markdown file of the same name.

use crate::catalog::{self, Arch};
use crate::diag::Level;
use crate::lint::calls::{Call, calls};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::recorded::{arch_of, is_about_calls};
use crate::lint::scope::Scope;
use crate::rule::Mask;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C130",
    name: "multiplexer-missing",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c130_multiplexer_missing.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let recorded = facts.recorded();
    for loaded in facts.recording().filter(|loaded| is_about_calls(loaded)) {
        let Some(arch) = arch_of(facts.compiled, loaded) else { continue };
        let masks = recorded.whenever(arch, loaded.kernel_rule);
        let mut seen = Vec::new();
        for call in calls(loaded, arch) {
            let Some((through, number)) = multiplexer(arch, &call) else { continue };
            if !seen.contains(&number) && !masks.iter().any(|mask| mask.contains(number)) {
                findings.push(finding(through, &call, arch));
            }
            seen.push(number);
        }
    }
}

/// Returns the multiplexer of a syscall, if a rule can name it: the numbers of MIPS do not fit into a mask.
fn multiplexer(arch: Arch, call: &Call) -> Option<(&'static str, u32)> {
    let found = catalog::multiplexer(arch, call.name.as_bytes());
    found.filter(|(_, number)| *number < Mask::FIRST_CLASS_BIT)
}

fn finding(through: &str, call: &Call, arch: Arch) -> Finding {
    let programs = if arch.is_64bit() { "programs" } else { "32-bit programs" };
    let name = call.name;
    let message =
        format!("{programs} also make `{name}` through `{through}`, which is not recorded");
    let help = format!(
        "add `{through}` to the rule, or write a rule for it: its first argument, `a0`, chooses the function"
    );
    Finding::new(&LINT, call.place, message).label(format!("bypassed with `{through}`")).help(help)
}
