//! P101 watch-arms-everything
//!
//! A watch (`-w`): a rule that is sent with every syscall in its mask.
//!
//! ## Why it matters
//! On a kernel with the syscall bitmap a single watch arms every syscall of every audited process, and
//! the gain of the bitmap is gone. Written with `arch` and `perm` the same rule arms only those syscalls
//! that can touch the file in that way.
//!
//! ## Instead of
//!     -w /etc/passwd -p wa -k identity
//! ## Write
//!     -a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -F key=identity
//!     -a always,exit -F arch=b32 -F path=/etc/passwd -F perm=wa -F key=identity
//! ## Fix
//! Writes one rule for each word size of the machine, with `dir=` for a path that ends in a slash and
//! `path=` for any other: say `dir=` yourself where it is a directory all the same. The new rules are the
//! old one for fewer syscalls.
//! ## Source
//! `audit_add_rule` of the bitmap patch counts the bits of the mask; auditctl 4.2.2 warns "Old style watch
//! rules are slower" (auditctl.c).

use crate::analysis::Advice;
use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine};
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Edit, Finding};
use crate::lint::registry::{Check, Lint};
use crate::lint::rewrite::{arch_words, escaped};
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P101",
    name: "watch-arms-everything",
    level: Level::Warning,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("p101_watch_arms_everything.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for (line, advice) in compiled.advice() {
        if line.command.options.iter().any(|item| matches!(item.directive, Directive::Watch(_))) {
            findings.push(finding(compiled, line, advice));
        }
    }
}

fn finding(compiled: &Compiled<'_, '_>, line: &CompiledLine<'_, '_>, advice: &Advice) -> Finding {
    let message = "this watch arms every syscall where the kernel has the bitmap";
    let finding = Finding::new(&LINT, line.whole(), message);
    let Some(remedy) = &advice.remedy else { return finding };
    let finding = finding.help(format!(
        "on {} these are {}; with `arch` and `perm` the rule arms {}",
        compiled.arch.common_name(),
        compiled.profile.nr_syscalls(),
        remedy.arms
    ));
    match rewritten(compiled, line) {
        Some(text) => {
            let edit = Edit { place: line.whole(), text };
            finding.fix("write it as syscall rules", vec![edit])
        }
        None => finding,
    }
}

/// The watch as rules for the word sizes of the machine; `None` where it has options of other kinds.
fn rewritten(compiled: &Compiled<'_, '_>, line: &CompiledLine<'_, '_>) -> Option<Vec<u8>> {
    let held = line.checked.held.as_ref()?;
    let (mut path, mut perms, mut keys) = (None, b"rwxa".to_vec(), Vec::new());
    for item in &line.command.options {
        match &item.directive {
            Directive::Watch(text) => path = Some(text),
            Directive::Permissions(text) => perms = text.bytes().to_vec(),
            Directive::Key(text) => keys.extend([b" -F key=".as_slice(), &escaped(text.bytes())].concat()),
            _ => return None,
        }
    }
    let field = if held.fields.iter().any(|field| field.name() == Some("dir")) { "dir" } else { "path" };
    let path = path?.bytes();
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(1, |last| last + 1);
    let rules = arch_words(compiled.arch).map(|arch| {
        let start = format!("-a always,exit -F arch={arch} -F {field}=");
        let path = escaped(path.get(..end).unwrap_or(path));
        [start.as_bytes(), &path, b" -F perm=", &perms, &keys].concat()
    });
    Some(rules.collect::<Vec<_>>().join(&b'\n'))
}
