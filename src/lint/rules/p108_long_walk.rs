//! P108 long-walk
//!
//! More rules than a limit, 100 unless configured, are walked at the end of a syscall.
//!
//! ## Why it matters
//! At the end of every armed syscall the kernel goes along the exit list until a rule matches, and for most
//! syscalls none does. Each rule that does not name the syscall takes some 20 instructions, each that does
//! takes 100 and more. A getpid that costs 485 instructions without rules was measured at about 4,600 with 200
//! rules that are not about it. Rules with `path=` are not walked: they are kept by file.
//!
//! ## Instead of
//! A set with more rules on the exit list than the limit.
//! ## Write
//! One rule for the syscalls that share their conditions (P105), `path=` instead of `dir=` where it is one file,
//! and nothing that nobody reads the records of. The limit can be configured.
//! ## Source
//! `audit_filter_syscall`, kernel/auditsc.c; the figures are measured, see docs/cost.md. A set of some 400 rules
//! and what one rule in front of it saves: <https://github.com/Neo23x0/auditd/issues/122>.

use crate::analysis::HeldRule;
use crate::diag::Level;
use crate::lint::compiled::Compiled;
use crate::lint::engine::Settings;
use crate::lint::finding::Finding;
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P108",
    name: "long-walk",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("p108_long_walk.rs"),
};

fn check(compiled: &Compiled<'_, '_>, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    let arming = compiled.arming();
    let walked = arming.exit_rules().filter(HeldRule::is_walked);
    // No walk is longer than the list, which is counted faster.
    if walked.count() <= settings.max_walk {
        return;
    }
    let walks = compiled.walks();
    let Some(longest) = walks.longest().filter(|walk| walk.worst > settings.max_walk) else {
        return;
    };
    let mut walked = arming.exit_rules().filter(HeldRule::is_walked);
    let first = walked.next().and_then(|held| compiled.lines.get(held.origin.line));
    let Some(line) = first else { return };
    let message =
        format!("more than {} rules are walked at the end of a syscall", settings.max_walk);
    let name = longest.name.map_or_else(|| longest.nr.to_string(), str::to_owned);
    let finding = Finding::new(&LINT, line.whole(), message).label("the first of them");
    findings.push(finding.help(format!(
        "on {} the longest walk is that of `{name}`: {} rules, of which {} name it; merge rules, and write `path=` \
         instead of `dir=` for single files",
        longest.arch.common_name(),
        longest.worst,
        longest.hits,
    )));
}
