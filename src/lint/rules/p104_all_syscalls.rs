//! P104 `all-syscalls`. Its page is the Markdown file of the same name.

use crate::analysis::Advice;
use crate::catalog::field;
use crate::diag::Level;
use crate::lint::arms_all::{ArmsAll, arms_all};
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::rewrite::line::item_span;
use crate::rewrite::{Change, Edit};
use crate::rule::{Action, Field};
use crate::ruleset::{CompiledLine, CompiledSet};
use crate::span::Span;
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P104",
    name: "all-syscalls",
    level: Level::Warning,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("p104_all_syscalls.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = &facts.compiled;
    for (line, advice, sweep) in arms_all(facts) {
        if let ArmsAll::Named(span) = sweep {
            findings.push(finding(compiled, line, advice, span));
        }
    }
}

fn finding(
    compiled: &CompiledSet<'_, '_>,
    line: &CompiledLine<'_, '_>,
    advice: &Advice,
    span: Span,
) -> Finding {
    let is_never =
        line.checked.kernel_rule.as_ref().is_some_and(|rule| rule.action == Action::Never);
    let message = match is_never {
        true => {
            "every syscall is armed where the kernel has the bitmap, though the rule says `never`"
        }
        false => "every syscall is armed where the kernel has the bitmap",
    };
    let finding = Finding::new(&LINT, line.place(span), message).label("all syscalls");
    let finding = finding.help(match is_about_a_word_size(line) {
        true => "where this is meant, allow it with a comment: no narrower rule records all that programs of a \
                 word size do"
            .to_owned(),
        false => help(compiled, advice),
    });
    match needless(compiled, line, advice) {
        Some(edit) => finding.fix("leave the syscalls to `perm`", vec![edit]),
        None => finding,
    }
}

/// Whether a rule records all that programs of a word size do: nothing but `arch` says which.
fn is_about_a_word_size(line: &CompiledLine<'_, '_>) -> bool {
    line.checked.kernel_rule.as_ref().is_some_and(|rule| {
        let mut conditions = rule.fields.iter().filter(|field| field.number() != field::KEY);
        let only = conditions.next().map(Field::number);
        rule.action == Action::Always && only == Some(field::ARCH) && conditions.next().is_none()
    })
}

fn help(compiled: &CompiledSet<'_, '_>, advice: &Advice) -> String {
    let arch = compiled.arch.common_name();
    let all = compiled.profile.nr_syscalls();
    match &advice.remedy {
        Some(remedy) if remedy.adds_perm => format!(
            "name the syscalls that matter, or give `arch` and then `perm` instead: for every access the rule arms {} of \
             {all} on {arch}",
            remedy.arms
        ),
        Some(remedy) => format!(
            "leave it out: with `perm` behind `arch` the rule arms {} of {all} on {arch}",
            remedy.arms
        ),
        None => "name the syscalls that matter".to_owned(),
    }
}

/// The edit that takes the only `-S`, for all syscalls, out of a rule whose `perm` says them.
fn needless(
    compiled: &CompiledSet<'_, '_>,
    line: &CompiledLine<'_, '_>,
    advice: &Advice,
) -> Option<Edit> {
    let options = &line.command.options;
    let is_short = options.iter().any(|item| matches!(item.directive, Directive::Permissions(_)));
    let adds_perm = advice.remedy.as_ref().is_none_or(|remedy| remedy.adds_perm);
    if adds_perm || is_short || key_needs_syscalls(line) {
        return None;
    }
    let mut lists = options.iter().filter(|item| matches!(item.directive, Directive::Syscalls(_)));
    let (only, None) = (lists.next()?, lists.next()) else { return None };
    let Directive::Syscalls(list) = &only.directive else { return None };
    let [name] = list.names.as_slice() else { return None };
    if name.bytes() != b"all" {
        return None;
    }
    let span = item_span(only)?;
    // The spaces in front go with it.
    let before = compiled.set.text(line.line.file, Span::new(line.line.span.start, span.start));
    let spaces = before.iter().rev().take_while(|byte| **byte == b' ').count();
    let place = line.place(Span::new(span.start - spaces, span.end));
    Some(Edit { place, text: Vec::new() })
}

/// Whether a `-k` stands before `perm`: without syscalls in front of it, it may be for nothing.
fn key_needs_syscalls(line: &CompiledLine<'_, '_>) -> bool {
    let Some(loaded) = line.rule() else { return true };
    let mut fields = loaded.rule.fields.iter().zip(&line.checked.program.field_spans);
    let perm = fields.find(|(field, _)| field.number() == field::PERM);
    let is_early = |start: usize| perm.is_none_or(|(_, perm)| start < perm.start);
    let mut options = line.command.options.iter();
    options.any(|item| matches!(item.directive, Directive::Key(_)) && is_early(item.span.start))
}
