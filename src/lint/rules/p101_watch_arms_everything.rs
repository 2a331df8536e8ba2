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
//! Writes one rule for each word size of the machine, with `dir=` for a path that is known to be a directory
//! (it ends in a slash, or the machine was asked) and `path=` for any other. A path that is likely a directory
//! but not known to be one is left to you, and so is one with a wildcard. The new rules are the old one for
//! fewer syscalls. auditctl's list of what `perm` is about lacks five of 32-bit programs that the kernel counts:
//! `chown32`, `fchown32`, `lchown32`, `truncate64` and `ftruncate64`. Name them with `-S` in the rule for `b32`
//! if such programs matter.
//! ## Source
//! `audit_add_rule` of the bitmap patch counts the bits of the mask; auditctl 4.2.2 warns "Old style watch
//! rules are slower" (auditctl.c).

use crate::analysis::Advice;
use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine};
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Finding};
use crate::lint::registry::{Check, Lint};
use crate::lint::rewrite::{arch_words, escaped, item_span};
use crate::lint::sweeping::{Sweep, remedied, sweeping};
use crate::rule::compile::trim_slashes;
use crate::syntax::{Directive, Expression, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P101",
    name: "watch-arms-everything",
    level: Level::Warning,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("p101_watch_arms_everything.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for (line, advice, sweep) in sweeping(compiled) {
        if sweep == Sweep::Watch {
            findings.push(finding(compiled, line, advice));
        }
    }
}

fn finding(compiled: &Compiled<'_, '_>, line: &CompiledLine<'_, '_>, advice: &Advice) -> Finding {
    let message = "this watch arms every syscall where the kernel has the bitmap";
    let finding = Finding::new(&LINT, line.whole(), message);
    let fix = rewritten(compiled, line).map(|text| ("write it as syscall rules", text));
    remedied(finding, compiled, (line, advice), "`arch` and `perm`", fix)
}

/// Names of directories that watches are often written for without the slash at the end.
const DIRECTORIES: [&[u8]; 24] = [
    b"/bin", b"/boot", b"/dev", b"/etc", b"/etc/audit", b"/etc/apt", b"/etc/ssh", b"/etc/sysconfig",
    b"/etc/systemd", b"/home", b"/lib", b"/lib64", b"/opt", b"/root", b"/sbin", b"/srv", b"/tmp", b"/usr",
    b"/usr/bin", b"/usr/lib", b"/usr/sbin", b"/var", b"/var/log", b"/var/log/audit",
];

/// The watch as rules for the word sizes of the machine; `None` where it has options of other kinds, or a
/// path that needs a second look.
fn rewritten(compiled: &Compiled<'_, '_>, line: &CompiledLine<'_, '_>) -> Option<Vec<u8>> {
    let held = line.checked.held.as_ref()?;
    let (mut path, mut perms, mut rest) = (None, b"rwxa".to_vec(), Vec::new());
    for item in &line.command.options {
        match &item.directive {
            Directive::Watch(text) => path = Some(text),
            Directive::Permissions(text) => perms = text.bytes().to_vec(),
            Directive::Key(text) => {
                rest.extend([b" -F key=".as_slice(), &escaped(text.bytes())].concat());
            }
            Directive::Field(expression) if expression.text.bytes().starts_with(b"perm") => return None,
            Directive::Field(_) | Directive::Compare(_) => {
                rest.push(b' ');
                rest.extend_from_slice(compiled.set.text(line.line.file, item_span(item)?));
            }
            _ => return None,
        }
    }
    let path = trim_slashes(path?.bytes());
    let is_directory = held.fields.iter().any(|field| field.name() == Some("dir"));
    let condition = [if is_directory { b"dir=".as_slice() } else { b"path=" }, path].concat();
    if perms.is_empty() || !is_plain(path, &condition) || !is_directory && is_likely_directory(path) {
        return None;
    }
    let rules = arch_words(compiled.arch).map(|arch| {
        let start = format!("-a always,exit -F arch={arch} -F ");
        [start.as_bytes(), &escaped(&condition), b" -F perm=", &perms, &rest].concat()
    });
    Some(rules.collect::<Vec<_>>().join(&b'\n'))
}

/// Whether a path can be the value of a condition, and has nothing in it that is likely meant otherwise.
fn is_plain(path: &[u8], condition: &[u8]) -> bool {
    let parsed = Expression::field(Text::plain(condition, 0)).parts;
    let is_odd = path.windows(2).any(|pair| pair == b"..") || path.iter().any(|byte| b"*?".contains(byte));
    parsed.is_ok_and(|parts| parts.value.bytes() == path) && !is_odd
}

/// Whether a path is a directory by its looks; one that is not makes no difference to the rule as it stands.
fn is_likely_directory(path: &[u8]) -> bool {
    path.ends_with(b".d") || DIRECTORIES.contains(&path)
}
