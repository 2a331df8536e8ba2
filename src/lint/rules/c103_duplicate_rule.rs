//! C103 duplicate-rule
//!
//! A rule that is equal to one before it, in whatever words the two are written.
//!
//! ## Why it matters
//! The kernel refuses a rule that it holds already ("Rule exists"), and `auditctl -R` stops there: what stands
//! behind it, a closing `-e 2` too, is never loaded. With `-i` or `-c` above, the line is merely useless.
//! Two rules are equal when list, action, syscalls and conditions are: `-k` and `-F key=`, `unset` and `-1`,
//! names in another order under `-S` make no difference. The order of conditions does.
//!
//! ## Instead of
//! ```text
//! -a always,exit -F arch=b64 -S open,openat -F auid!=unset -F key=access
//! -a exit,always -F arch=b64 -S openat -S open -F auid!=-1 -k access
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -S open,openat -F auid!=unset -F key=access
//! ```
//! ## Fix
//! Deletes the later line, but for a watch of which only that line has the slash that makes it a directory. The
//! kernel holds the same rules as before.
//! ## Source
//! `audit_add_rule` answers EEXIST after `audit_compare_rule` (kernel/auditfilter.c, Linux 6.1); auditctl 4.2.2
//! ends with status 1 at that line. <https://github.com/linux-audit/audit-userspace/issues/279>

use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine};
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Edit, Finding};
use crate::lint::registry::{Check, Lint};
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C103",
    name: "duplicate-rule",
    level: Level::Error,
    fix: Some(Change::Nothing),
    check: Check::Rules(check),
    page: include_str!("c103_duplicate_rule.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for (again, first) in compiled.repeated() {
        let consequence = match again.line.checked.forgiven {
            true => "refused, and passed over",
            false => "`auditctl -R` stops here",
        };
        let message = "the kernel has an equal rule by then, and refuses this one";
        let finding = Finding::new(&LINT, again.line.whole(), message)
            .label(consequence)
            .related(first.line.whole(), "the equal rule");
        findings.push(match ends_in_slash(again.line) && !ends_in_slash(first.line) {
            true => finding,
            false => {
                let place = again.line.with_newline(compiled.set);
                finding.fix("delete the line", vec![Edit { place, text: Vec::new() }])
            }
        });
    }
}

/// A watch whose path ends in a slash: where nothing is looked up, only that says that it is a directory.
fn ends_in_slash(line: &CompiledLine<'_, '_>) -> bool {
    line.command.options.iter().any(|item| match &item.directive {
        Directive::Watch(path) => path.bytes().ends_with(b"/"),
        _ => false,
    })
}
