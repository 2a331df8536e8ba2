//! C134 `no-address`. Its page is the Markdown file of the same name.

use crate::catalog::field;
use crate::diag::Level;
use crate::lint::calls::{Call, arch_of, calls};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::model::may_have_address;
use crate::rewrite::line::listed;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C134",
    name: "no-address",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c134_no_address.md"),
};

fn has_address(call: &Call) -> bool {
    may_have_address(call.name)
}

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for loaded in facts.rules() {
        let Some(arch) = arch_of(loaded, facts.compiled.arch) else { continue };
        let mut conditions = placed(loaded.kernel_rule, loaded.line);
        let Some((_, place)) = conditions.find(|(one, _)| one.number() == field::SADDR_FAM) else {
            continue;
        };
        let calls = calls(loaded, arch);
        // Beside syscalls with an address, one more does no harm.
        if calls.is_empty() || calls.iter().any(has_address) {
            continue;
        }
        let names = listed(calls.iter().map(|call| call.name));
        let message = match calls.len() {
            1 => format!("{names} has no address, so `saddr_fam` never holds for it"),
            _ => format!("{names} have no address, so `saddr_fam` never holds for them"),
        };
        let help = match calls.iter().any(|call| call.name == "socket") {
            true => {
                "test the family of a new socket with `a0`, or name a syscall with an address, such as `connect`"
            }
            false => "name a syscall with an address, such as `connect`, `bind` or `accept4`",
        };
        findings.push(Finding::new(&LINT, place, message).label("no address").help(help));
    }
}
