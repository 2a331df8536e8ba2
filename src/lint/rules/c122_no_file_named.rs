//! C122 `no-file-named`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::calls::{Call, arch_of, calls};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::model::{is_about_file, names_no_file};
use crate::rewrite::line::listed;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C122",
    name: "no-file-named",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c122_no_file_named.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for loaded in facts.rules() {
        let Some(arch) = arch_of(loaded, facts.compiled.arch) else { continue };
        let mut conditions = placed(loaded.kernel_rule, loaded.line);
        let Some((condition, _)) = conditions.find(|(one, _)| is_about_file(one)) else {
            continue;
        };
        let calls = calls(loaded, arch);
        let nameless: Vec<&Call> = calls.iter().filter(|call| names_no_file(call.name)).collect();
        // Beside syscalls that name files, one more does no harm.
        let is_mixed = calls.iter().any(|call| !is_nameless_or_socket(call.name));
        let Some(first) = nameless.first().filter(|_| !is_mixed) else { continue };
        let names = listed(nameless.iter().map(|call| call.name));
        let name = condition.name().unwrap_or("the condition");
        let message = match nameless.len() {
            1 => format!("{names} names no file, so `{name}` never holds for it"),
            _ => format!("{names} name no file, so `{name}` never holds for them"),
        };
        findings.push(
            Finding::new(&LINT, first.place, message).label("names no file").help(
                "name the program that makes the syscall with `exe=`, or write syscalls that name a file",
            ),
        );
    }
}

/// Returns whether a syscall names no file, except perhaps a Unix socket.
fn is_nameless_or_socket(name: &str) -> bool {
    let has_address = matches!(name, "bind" | "connect" | "sendto" | "sendmsg" | "sendmmsg");
    names_no_file(name) || has_address
}
