//! Rules that arm every syscall, told apart by how they are written.

use super::facts::Facts;
use super::finding::Finding;
use crate::analysis::{Advice, Cause};
use crate::catalog::field;
use crate::rewrite::Edit;
use crate::rule::FilterList;
use crate::ruleset::{CompiledLine, CompiledSet};
use crate::span::Span;
use crate::syntax::Directive;

/// How a rule comes to arm every syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArmsAll {
    /// It is not on the exit list, so that the bitmap is not used.
    List(FilterList),
    /// It is a watch.
    Watch,
    /// It names them all; the names stand here.
    Named(Span),
    /// It has a `perm` that no syscalls follow from.
    Perm,
    /// It names no syscalls.
    Unnamed,
}

/// The lines that arm every syscall, in the order in which they are loaded.
pub(super) fn arms_all<'a, 'c, 's>(
    facts: &'a Facts<'c, 's>,
) -> impl Iterator<Item = (&'a CompiledLine<'c, 's>, &'a Advice, ArmsAll)> {
    facts.advice().map(|(line, advice)| (line, advice, sweep(line, advice)))
}

fn sweep(line: &CompiledLine<'_, '_>, advice: &Advice) -> ArmsAll {
    if let Cause::List(list) = advice.cause {
        return ArmsAll::List(list);
    }
    let directives = || line.command.options.iter().map(|item| &item.directive);
    if directives().any(|directive| matches!(directive, Directive::Watch(_))) {
        return ArmsAll::Watch;
    }
    let mut named = None;
    for directive in directives() {
        if let Directive::Syscalls(list) = directive {
            let all = list.names.iter().find(|name| name.bytes() == b"all");
            if let Some(all) = all {
                return ArmsAll::Named(all.span());
            }
            named = named.or(Some(list.text.span()));
        }
    }
    let has_perm = || line.checked.kernel_rule.iter().flat_map(|rule| &rule.fields);
    match named {
        Some(span) => ArmsAll::Named(span),
        None if has_perm().any(|field| field.number() == field::PERM) => ArmsAll::Perm,
        None => ArmsAll::Unnamed,
    }
}

/// A finding about such a rule with how many syscalls it would arm if it were written with `instead`, and
/// a new text for its line as the fix.
pub(super) fn remedied(
    finding: Finding,
    compiled: &CompiledSet<'_, '_>,
    (line, advice): (&CompiledLine<'_, '_>, &Advice),
    instead: &str,
    fix: Option<(&str, Vec<u8>)>,
) -> Finding {
    let Some(remedy) = &advice.remedy else { return finding };
    let finding = finding.help(format!(
        "on {} these are {}; with {instead} the rule arms {}",
        compiled.arch.common_name(),
        compiled.profile.nr_syscalls(),
        remedy.arms
    ));
    match fix {
        Some((title, text)) => finding.fix(title, vec![Edit { place: line.whole(), text }]),
        None => finding,
    }
}
