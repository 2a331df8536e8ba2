//! P101 `watch-arms-everything`. Its page is the Markdown file of the same name.

use crate::analysis::Advice;
use crate::compile::trim_slashes;
use crate::diag::Level;
use crate::lint::arms_all::{ArmsAll, arms_all, remedied};
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::path_kind;
use crate::lint::scope::Scope;
use crate::rewrite::Change;
use crate::rewrite::line::{arch_words, escaped, item_span};
use crate::ruleset::{CompiledLine, CompiledSet};
use crate::syntax::{Directive, Expression, Text};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P101",
    name: "watch-arms-everything",
    level: Level::Info,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("p101_watch_arms_everything.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    let is_asked = scope.system.is_some();
    for (line, advice, sweep) in arms_all(facts) {
        if sweep == ArmsAll::Watch {
            findings.push(finding(compiled, line, advice, is_asked));
        }
    }
}

fn finding(
    compiled: &CompiledSet<'_, '_>,
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
    compiled: &CompiledSet<'_, '_>,
    line: &CompiledLine<'_, '_>,
    is_asked: bool,
) -> Rewritten {
    let fields = line.checked.kernel_rule.iter().flat_map(|kernel_rule| &kernel_rule.fields);
    let is_directory = fields.into_iter().any(|field| field.name() == Some("dir"));
    let Some((path, rules)) = rules(compiled, line, is_directory) else { return Rewritten::ByHand };
    match is_directory || is_asked || path_kind::is_file(path) {
        true => Rewritten::Rules(rules),
        false => Rewritten::FileOrTree,
    }
}

/// The path of a watch, and the watch as rules.
fn rules<'l>(
    compiled: &CompiledSet<'_, '_>,
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
