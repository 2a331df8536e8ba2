//! P101 `watch-arms-everything`. Its page is the Markdown file of the same name.

use crate::compile::trim_slashes;
use crate::diag::Level;
use crate::lint::arms_all::{ArmsAll, Reason};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::Change;
use crate::rewrite::line::{arch_words, item_span};
use crate::ruleset::{CompiledLine, CompiledSet};
use crate::syntax::{Directive, Expression, Text, escaped};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P101",
    name: "watch-arms-everything",
    level: Level::Info,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("p101_watch_arms_everything.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let watches = facts.arms_all().iter().filter(|rule| rule.reason == Reason::Watch);
    findings.extend(watches.map(|rule| finding(facts.compiled, rule)));
}

fn finding(compiled: &CompiledSet<'_, '_>, rule: &ArmsAll<'_, '_>) -> Finding {
    let message = "this watch arms every syscall on kernels with the bitmap";
    let finding = Finding::new(&LINT, rule.line.whole(), message);
    let (instead, fix) = match rewritten(compiled, rule) {
        Rewritten::Rules(text) => ("`arch` and `perm`", Some(text)),
        Rewritten::FileOrTree => {
            ("`arch` and `perm`, and with `dir=` for a directory or `path=` for a file", None)
        }
        Rewritten::ByHand => ("`arch` and `perm`", None),
    };
    let Some(help) = rule.help(compiled, instead) else { return finding };
    let finding = finding.help(help);
    match fix.filter(|_| rule.is_free(compiled)) {
        Some(text) => finding.fix("rewrite as syscall rules", vec![rule.replaced_by(text)]),
        None => finding,
    }
}

/// A watch as syscall rules.
enum Rewritten {
    /// One rule for each word size of the machine.
    Rules(Vec<u8>),
    /// Not written: it is unknown whether the path is a file or a directory.
    FileOrTree,
    /// Not written: the watch has other options, or an unusual path.
    ByHand,
}

fn rewritten(compiled: &CompiledSet<'_, '_>, rule: &ArmsAll<'_, '_>) -> Rewritten {
    let line = rule.line;
    let mut fields = line.checked.kernel_rule.iter().flat_map(|kernel_rule| &kernel_rule.fields);
    let is_directory = fields.any(|field| field.name() == Some("dir"));
    let condition = if is_directory { b"dir=".as_slice() } else { b"path=" };
    let Some(rules) = rules(compiled, line, condition) else { return Rewritten::ByHand };
    match rule.advice.remedy.as_ref().is_some_and(|remedy| remedy.rule.is_none()) {
        true => Rewritten::FileOrTree,
        false => Rewritten::Rules(rules),
    }
}

/// Returns a watch as rules with `condition` before its path.
fn rules(
    compiled: &CompiledSet<'_, '_>,
    line: &CompiledLine<'_, '_>,
    condition: &[u8],
) -> Option<Vec<u8>> {
    let (mut path, mut perms, mut rest) = (None, b"rwxa".to_vec(), Vec::new());
    for item in &line.command().options {
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
    let condition = [condition, path].concat();
    if perms.is_empty() || !is_plain(path, &condition) {
        return None;
    }
    let rules = arch_words(compiled.arch).map(|arch| {
        let start = format!("-a always,exit -F arch={arch} -F ");
        [start.as_bytes(), &escaped(&condition), b" -F perm=", &perms, &rest].concat()
    });
    Some(rules.collect::<Vec<_>>().join(&b'\n'))
}

/// Returns whether a path can be the value of a condition, and contains nothing that the author may have meant in
/// another way.
fn is_plain(path: &[u8], condition: &[u8]) -> bool {
    let parsed = Expression::field(Text::plain(condition, 0)).parts();
    let is_odd =
        path.windows(2).any(|pair| pair == b"..") || path.iter().any(|byte| b"*?".contains(byte));
    parsed.is_ok_and(|parts| parts.value.bytes() == path) && !is_odd
}
