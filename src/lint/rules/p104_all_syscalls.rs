//! P104 all-syscalls
//!
//! A rule that names every syscall: `-S all`.
//!
//! ## Why it matters
//! The rule is tested at the end of every syscall. On a kernel with the syscall bitmap it arms every syscall of
//! every audited process, and the gain of the bitmap is gone for all other rules too. That holds for `never` as
//! for `always`: the kernel counts syscalls without looking at the action. Beside `arch` and `perm` it is also
//! needless, for auditctl adds the syscalls of `perm` itself.
//!
//! ## Instead of
//! ```text
//! -a always,exit -F arch=b64 -S all -F path=/etc/shadow -F perm=wa -F key=shadow
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -F path=/etc/shadow -F perm=wa -F key=shadow
//! ```
//! ## Fix
//! Takes `-S all` out of a rule that has a `perm`. The new rule is the old one for fewer syscalls, or for the same
//! if its `arch` is missing or comes too late, which P102 mends. Other rules are left to you: a rule that catches
//! all that 32-bit programs do, say, has no narrower form, and can be allowed with a comment.
//! ## Source
//! `audit_add_rule` of the bitmap patch counts the bits of the mask; `audit_rule_fieldpair_data`, libaudit.c of
//! audit 4.2.2, for `perm`; a public set with `-S all` in every rule for a directory:
//! <https://github.com/slackhq/go-audit/issues/30>.

use crate::analysis::Advice;
use crate::catalog::field;
use crate::diag::Level;
use crate::lint::compiled::{Compiled, CompiledLine};
use crate::lint::engine::Settings;
use crate::lint::finding::{Change, Edit, Finding};
use crate::lint::registry::{Check, Lint};
use crate::lint::rewrite::item_span;
use crate::lint::sweeping::{Sweep, sweeping};
use crate::rule::{Action, Field};
use crate::span::Span;
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P104",
    name: "all-syscalls",
    level: Level::Warning,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("p104_all_syscalls.rs"),
};

fn check(compiled: &Compiled<'_, '_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    for (line, advice, sweep) in sweeping(compiled) {
        if let Sweep::Named(span) = sweep {
            findings.push(finding(compiled, line, advice, span));
        }
    }
}

fn finding(
    compiled: &Compiled<'_, '_>,
    line: &CompiledLine<'_, '_>,
    advice: &Advice,
    span: Span,
) -> Finding {
    let is_never = line.checked.held.as_ref().is_some_and(|rule| rule.action == Action::Never);
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
    line.checked.held.as_ref().is_some_and(|rule| {
        let mut conditions = rule.fields.iter().filter(|field| field.number() != field::KEY);
        let only = conditions.next().map(Field::number);
        rule.action == Action::Always && only == Some(field::ARCH) && conditions.next().is_none()
    })
}

fn help(compiled: &Compiled<'_, '_>, advice: &Advice) -> String {
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
    compiled: &Compiled<'_, '_>,
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
