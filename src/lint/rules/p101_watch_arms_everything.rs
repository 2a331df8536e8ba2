//! P101 watch-arms-everything
//!
//! A watch (`-w`): a rule that is sent with every syscall in its mask.
//!
//! ## Why it matters
//! On a kernel with the syscall bitmap a single watch arms every syscall of every audited process, and
//! the gain of the bitmap is gone. Written with `arch` and `perm` the same rule arms only those syscalls
//! that can touch the file in that way. No released kernel has the bitmap: if yours has it, set the severity of
//! this and of P102 to warning.
//!
//! ## Instead of
//! ```text
//! -w /etc/passwd -p wa -k identity
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -F key=identity
//! -a always,exit -F arch=b32 -F path=/etc/passwd -F perm=wa -F key=identity
//! ```
//! ## Fix
//! Writes one rule for each word size of the machine, with `dir=` for a path that is known to be a directory
//! (it ends in a slash, or the machine was asked with `--host`) and `path=` for what is a file by its name, such
//! as `/etc/passwd` and `/usr/bin/su`. Any other path is left to you, for `path=` on a directory no longer
//! watches what is in it, and so is one with a wildcard. The new rules are the old one for fewer syscalls.
//! auditctl's list of what `perm` is about lacks five of 32-bit programs that the kernel counts: `chown32`,
//! `fchown32`, `lchown32`, `truncate64` and `ftruncate64`. Name them with `-S` in the rule for `b32` if such
//! programs matter.
//! ## Source
//! `audit_add_rule` of the bitmap patch counts the bits of the mask; auditctl 4.2.2 warns "Old style watch
//! rules are slower" (auditctl.c).

use crate::analysis::Advice;
use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine};
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Finding};
use crate::lint::likely;
use crate::lint::registry::{Check, Lint};
use crate::lint::rewrite::{arch_words, escaped, item_span};
use crate::lint::sweeping::{Sweep, remedied, sweeping};
use crate::rule::compile::trim_slashes;
use crate::syntax::{Directive, Expression, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P101",
    name: "watch-arms-everything",
    level: Level::Info,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("p101_watch_arms_everything.rs"),
};

fn check(compiled: &Compiled<'_, '_>, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    let is_asked = settings.system.is_some();
    for (line, advice, sweep) in sweeping(compiled) {
        if sweep == Sweep::Watch {
            findings.push(finding(compiled, line, advice, is_asked));
        }
    }
}

fn finding(
    compiled: &Compiled<'_, '_>,
    line: &CompiledLine<'_, '_>,
    advice: &Advice,
    is_asked: bool,
) -> Finding {
    let message = "this watch arms every syscall where the kernel has the bitmap";
    let finding = Finding::new(&LINT, line.whole(), message);
    let (instead, fix) = match rewritten(compiled, line, is_asked) {
        Rewritten::Rules(text) => ("`arch` and `perm`", Some(("write it as syscall rules", text))),
        Rewritten::FileOrTree => {
            ("`arch` and `perm`, and `dir=` for a directory or `path=` for a file,", None)
        }
        Rewritten::ByHand => ("`arch` and `perm`", None),
    };
    remedied(finding, compiled, (line, advice), instead, fix)
}

/// A watch as syscall rules.
enum Rewritten {
    /// For the word sizes of the machine.
    Rules(Vec<u8>),
    /// It is not known whether the path is that of a file or of a directory.
    FileOrTree,
    /// It has options of other kinds, or a path that needs a second look.
    ByHand,
}

fn rewritten(
    compiled: &Compiled<'_, '_>,
    line: &CompiledLine<'_, '_>,
    is_asked: bool,
) -> Rewritten {
    let fields = line.checked.held.iter().flat_map(|held| &held.fields);
    let is_directory = fields.into_iter().any(|field| field.name() == Some("dir"));
    let Some((path, rules)) = rules(compiled, line, is_directory) else { return Rewritten::ByHand };
    match is_directory || is_asked || likely::is_file(path) {
        true => Rewritten::Rules(rules),
        false => Rewritten::FileOrTree,
    }
}

/// The path of a watch, and the watch as rules.
fn rules<'l>(
    compiled: &Compiled<'_, '_>,
    line: &'l CompiledLine<'_, '_>,
    is_directory: bool,
) -> Option<(&'l [u8], Vec<u8>)> {
    let (mut path, mut perms, mut rest) = (None, b"rwxa".to_vec(), Vec::new());
    for item in &line.command.options {
        match &item.directive {
            Directive::Watch(text) => path = Some(text),
            Directive::Permissions(text) => perms = text.bytes().to_vec(),
            Directive::Key(text) => {
                rest.extend([b" -F key=".as_slice(), &escaped(text.bytes())].concat());
            }
            Directive::Field(expression) if expression.text.bytes().starts_with(b"perm") => {
                return None;
            }
            Directive::Field(_) | Directive::Compare(_) => {
                rest.push(b' ');
                rest.extend_from_slice(compiled.set.text(line.line.file, item_span(item)?));
            }
            _ => return None,
        }
    }
    let path = trim_slashes(path?.bytes());
    let condition = [if is_directory { b"dir=".as_slice() } else { b"path=" }, path].concat();
    if perms.is_empty() || !is_plain(path, &condition) {
        return None;
    }
    let rules = arch_words(compiled.arch).map(|arch| {
        let start = format!("-a always,exit -F arch={arch} -F ");
        [start.as_bytes(), &escaped(&condition), b" -F perm=", &perms, &rest].concat()
    });
    Some((path, rules.collect::<Vec<_>>().join(&b'\n')))
}

/// Whether a path can be the value of a condition, and has nothing in it that is likely meant otherwise.
fn is_plain(path: &[u8], condition: &[u8]) -> bool {
    let parsed = Expression::field(Text::plain(condition, 0)).parts;
    let is_odd =
        path.windows(2).any(|pair| pair == b"..") || path.iter().any(|byte| b"*?".contains(byte));
    parsed.is_ok_and(|parts| parts.value.bytes() == path) && !is_odd
}
