//! R111 stops-at-first-error
//!
//! A complete set of rules with no `-c` or `-i` in front of its rules.
//!
//! ## Why it matters
//! auditctl stops reading at the first line that it or the kernel refuses: a syscall that this machine does
//! not have, a path or a user that is not there. The rules behind are missing, `-e 2` among them, and
//! nothing on the host says so later. With `-c` the other lines are loaded and the exit status is 1 all the
//! same. With `-i` they are loaded too, but the exit status is 0, so that nobody is told.
//!
//! ## Instead of
//! ```text
//! -D
//! -a always,exit -F arch=b64 -S execve -F key=exec
//! -a always,exit -F arch=b64 -S openat -F success=0 -F key=denied
//! ```
//! ## Write
//! ```text
//! -D
//! -c
//! -a always,exit -F arch=b64 -S execve -F key=exec
//! -a always,exit -F arch=b64 -S openat -F success=0 -F key=denied
//! ```
//! ## Source
//! auditctl(8) on `-c` and `-i`; auditctl 3.0.9 and 4.2.2 as run. A host with 44 of its 58 rules:
//! <https://github.com/cyberaar/aartool/pull/155>.

use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine};
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R111",
    name: "stops-at-first-error",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r111_stops_at_first_error.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    if !compiled.set.is_complete() {
        return;
    }
    let mut rules = compiled.lines.iter().filter(|line| adds_rule(line));
    // A lone rule has none behind it.
    if let (Some(first), Some(_)) = (rules.next(), rules.next())
        && !first.checked.forgiven
    {
        let message = "the first line that is refused ends the loading of these rules";
        findings.push(Finding::new(&LINT, first.whole(), message).label("the first rule").help(
            "put a line `-c` in front of the rules: the others are loaded, and it exits with 1",
        ));
    }
}

/// Whether it is written to add a rule.
fn adds_rule(line: &CompiledLine<'_, '_>) -> bool {
    line.command.options.iter().any(|item| {
        matches!(item.directive, Directive::Append(_) | Directive::Prepend(_) | Directive::Watch(_))
    })
}
