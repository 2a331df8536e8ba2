//! Rules that arm every syscall, sorted by the way they are written.

use crate::analysis::{Advice, Arming, Cause, narrowing};
use crate::catalog::field;
use crate::rewrite::Edit;
use crate::rewrite::line::arch_words;
use crate::rule::FilterList;
use crate::ruleset::{CompiledLine, CompiledSet};
use crate::span::Span;
use crate::syntax::Directive;

/// A rule that arms every syscall.
#[derive(Debug)]
pub(super) struct ArmsAll<'a, 's> {
    /// Its line.
    pub(super) line: &'a CompiledLine<'a, 's>,
    /// The rules to write instead.
    pub(super) advice: Advice,
    /// The part of the line that arms every syscall.
    pub(super) reason: Reason,
}

/// The part of a line that arms every syscall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The list: on any list but exit, the kernel does not use the bitmap.
    List(FilterList),
    /// A watch.
    Watch,
    /// The syscalls in `-S`, at this place.
    Named(Span),
    /// A `perm` that adds no syscalls.
    Perm,
    /// No syscalls are named.
    Unnamed,
}

/// Returns the rules that arm every syscall, in load order.
pub(super) fn arms_all<'a, 's>(
    compiled: &'a CompiledSet<'_, 's>,
    arming: &Arming,
) -> Vec<ArmsAll<'a, 's>> {
    let advice = narrowing(arming).advice.into_iter();
    let rules = advice.filter_map(|advice| {
        let line = compiled.lines.get(advice.origin.line)?;
        let reason = reason(line, advice.cause);
        Some(ArmsAll { line, advice, reason })
    });
    rules.collect()
}

fn reason(line: &CompiledLine<'_, '_>, cause: Cause) -> Reason {
    if let Cause::List(list) = cause {
        return Reason::List(list);
    }
    let directives = || line.command().options.iter().map(|item| &item.directive);
    if directives().any(|directive| matches!(directive, Directive::Watch(_))) {
        return Reason::Watch;
    }
    let mut named = None;
    for directive in directives() {
        if let Directive::Syscalls(list) = directive {
            let all = list.names().find(|name| name.bytes() == b"all");
            if let Some(all) = all {
                return Reason::Named(all.span());
            }
            named = named.or(Some(list.text.span()));
        }
    }
    let mut fields = line.checked.kernel_rule.iter().flat_map(|rule| &rule.fields);
    match named {
        Some(span) => Reason::Named(span),
        None if fields.any(|field| field.number() == field::PERM) => Reason::Perm,
        None => Reason::Unnamed,
    }
}

impl ArmsAll<'_, '_> {
    /// Returns the help that recommends to write the rule with `instead` on kernels with the bitmap, with its effect
    /// there and on stock kernels; `None` if no such rule is known.
    pub(super) fn help(&self, compiled: &CompiledSet<'_, '_>, instead: &str) -> Option<String> {
        let remedy = self.advice.remedy.as_ref()?;
        let stock = match (self.is_free(compiled), self.advice.is_walked) {
            (true, true) => {
                "a stock kernel still arms every syscall, but compares its conditions for these only"
                    .to_owned()
            }
            (true, false) if remedy.rule.is_none() => {
                "a stock kernel gains nothing if it is a file".to_owned()
            }
            (true, false) => "a stock kernel gains nothing".to_owned(),
            (false, _) => format!(
                "on a stock kernel two rules by arch cost more than one: there the one rule without arch that \
                 `rauditctl optimize` writes costs the least, with the {} syscalls that it can match",
                remedy.arms
            ),
        };
        Some(format!(
            "write the rule with {instead} for kernels with the bitmap: on {} it then arms {} of {} syscalls; {stock}",
            compiled.arch.common_name(),
            remedy.arms_by_arch,
            compiled.profile.nr_syscalls(),
        ))
    }

    /// Returns whether the rules to write instead are no worse on any kernel. A fix is offered only then.
    ///
    /// One for each word size takes the place of a rule without `arch`, and a kernel walks both.
    pub(super) fn is_free(&self, compiled: &CompiledSet<'_, '_>) -> bool {
        let has_arch = self.advice.rule.fields.iter().any(|field| field.number() == field::ARCH);
        !self.advice.is_walked || has_arch || arch_words(compiled.arch).count() < 2
    }

    /// Returns the edit that replaces the rule.
    pub(super) fn replaced_by(&self, text: Vec<u8>) -> Edit {
        Edit { place: self.line.whole(), text }
    }
}
