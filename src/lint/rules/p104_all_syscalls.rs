//! P104 `all-syscalls`. Its page is the Markdown file of the same name.

use crate::analysis::Advice;
use crate::catalog::field;
use crate::diag::Level;
use crate::lint::arms_all::{ArmsAll, Reason};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
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
    for rule in facts.arms_all() {
        if let Reason::Named(span) = rule.reason {
            findings.push(finding(facts.compiled, rule, span));
        }
    }
}

fn finding(compiled: &CompiledSet<'_, '_>, rule: &ArmsAll<'_, '_>, span: Span) -> Finding {
    let line = rule.line;
    let action = line.checked.kernel_rule.as_ref().map_or(Action::Always, |rule| rule.action);
    let message = match action {
        Action::Never => {
            "the conditions of this rule are compared for every syscall, although the action is `never`"
        }
        _ => "the conditions of this rule are compared for every syscall",
    };
    let finding = Finding::new(&LINT, line.place(span), message).label("all syscalls");
    let finding = finding.help(match is_about_a_word_size(line) {
        true => "allow it with a comment if it is intended: no narrower rule records everything that programs of \
                 one word size do"
            .to_owned(),
        false => help(compiled, &rule.advice, action),
    });
    match needless(compiled, rule) {
        Some(edit) => finding.fix("let `perm` select the syscalls", vec![edit]),
        None => finding,
    }
}

/// Returns whether a rule records everything that programs of one word size do: its only condition is `arch`.
fn is_about_a_word_size(line: &CompiledLine<'_, '_>) -> bool {
    line.checked.kernel_rule.as_ref().is_some_and(|rule| {
        let mut conditions = rule.fields.iter().filter(|field| field.number() != field::KEY);
        let only = conditions.next().map(Field::number);
        rule.action == Action::Always && only == Some(field::ARCH) && conditions.next().is_none()
    })
}

fn help(compiled: &CompiledSet<'_, '_>, advice: &Advice, action: Action) -> String {
    let arch = compiled.arch.common_name();
    let all = compiled.profile.nr_syscalls();
    match &advice.remedy {
        Some(remedy) if remedy.adds_perm => format!(
            "name the syscalls that matter, or write `arch` and then `perm` instead: with every kind of access the rule \
             arms {} of {all} syscalls on {arch}",
            remedy.arms_by_arch
        ),
        Some(remedy) => format!(
            "remove it: with `perm` after `arch` the rule arms {} of {all} syscalls on {arch}",
            remedy.arms_by_arch
        ),
        None if action == Action::Never => "name the syscalls that other rules record, if there are few; otherwise allow it with a comment: \
                             no narrower rule silences all that they match"
            .to_owned(),
        None => "name the syscalls that matter".to_owned(),
    }
}

/// Returns the edit that removes `-S all` from a rule whose `perm` selects the syscalls; `None` if the rule has other
/// lists, or needs this one.
fn needless(compiled: &CompiledSet<'_, '_>, rule: &ArmsAll<'_, '_>) -> Option<Edit> {
    let line = rule.line;
    let options = &line.command().options;
    let is_short = options.iter().any(|item| matches!(item.directive, Directive::Permissions(_)));
    let adds_perm = rule.advice.remedy.as_ref().is_none_or(|remedy| remedy.adds_perm);
    if adds_perm || is_short || key_needs_syscalls(line) {
        return None;
    }
    let mut lists = options.iter().filter(|item| matches!(item.directive, Directive::Syscalls(_)));
    let (only, None) = (lists.next()?, lists.next()) else { return None };
    let Directive::Syscalls(list) = &only.directive else { return None };
    let mut names = list.names();
    let (true, None) = (names.next()?.bytes() == b"all", names.next()) else { return None };
    let span = item_span(only)?;
    // The spaces before it go too.
    let before = compiled.set.text(line.line.file, Span::new(line.line.span.start, span.start));
    let spaces = before.iter().rev().take_while(|byte| **byte == b' ').count();
    let place = line.place(Span::new(span.start - spaces, span.end));
    Some(Edit { place, text: Vec::new() })
}

/// Returns whether `-k` is before `perm`. auditctl refuses a key without syscalls or such a condition before it.
fn key_needs_syscalls(line: &CompiledLine<'_, '_>) -> bool {
    let Some(loaded) = line.rule() else { return true };
    let mut fields = loaded.rule.fields.iter().zip(&line.checked.program.field_spans);
    let perm = fields.find(|(field, _)| field.number() == field::PERM);
    let is_early = |start: usize| perm.is_none_or(|(_, perm)| start < perm.start);
    let mut options = line.command().options.iter();
    options.any(|item| matches!(item.directive, Directive::Key(_)) && is_early(item.span.start))
}
