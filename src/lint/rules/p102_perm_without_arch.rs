//! P102 `perm-without-arch`. Its page is the Markdown file of the same name.

use crate::analysis::Cause;
use crate::catalog::field;
use crate::diag::Level;
use crate::lint::arms_all::{ArmsAll, Reason};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::Change;
use crate::rewrite::line::{arch_words, item_span};
use crate::rule::Field;
use crate::ruleset::{CompiledLine, CompiledSet};
use crate::span::Span;
use crate::syntax::{Directive, Item};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P102",
    name: "perm-without-arch",
    level: Level::Info,
    fix: Some(Change::Narrower),
    check: Check::Rules(check),
    page: include_str!("p102_perm_without_arch.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let rules = facts.arms_all().iter().filter(|rule| rule.reason == Reason::Perm);
    findings.extend(rules.map(|rule| finding(facts.compiled, rule)));
}

fn finding(compiled: &CompiledSet<'_, '_>, rule: &ArmsAll<'_, '_>) -> Finding {
    let line = rule.line;
    let message = match rule.advice.cause {
        Cause::NoArch => "`perm` without `arch` leaves every syscall in the mask",
        Cause::LateArch => "`arch` after `perm` is too late: every syscall stays in the mask",
        _ => "`-p` leaves every syscall in the mask, unlike `-F perm=`",
    };
    let place = perm_span(line).map_or_else(|| line.whole(), |span| line.place(span));
    let finding = Finding::new(&LINT, place, message);
    let Some(help) = rule.help(compiled, "`-F perm=` after `arch`") else { return finding };
    let finding = finding.help(help);
    match rewritten(compiled, line).filter(|_| rule.is_free(compiled)) {
        Some(text) => finding.fix("put `arch` first", vec![rule.replaced_by(text)]),
        None => finding,
    }
}

/// Returns the place of the permissions of a rule.
fn perm_span(line: &CompiledLine<'_, '_>) -> Option<Span> {
    let rule = line.rule()?.rule;
    let at = rule.fields.iter().position(|field| field.number() == field::PERM)?;
    line.checked.program.field_spans.get(at).copied()
}

/// Returns the rule with its `arch` first. A rule without `arch` is written once for each word size of the machine.
/// Returns `None` if the rule has permissions twice.
fn rewritten(compiled: &CompiledSet<'_, '_>, line: &CompiledLine<'_, '_>) -> Option<Vec<u8>> {
    let options = &line.command().options;
    let of = |item: &Item<'_>| field_of(line, item);
    let arch = options.iter().find(|item| of(item) == Some(field::ARCH));
    let perms = options.iter().filter(|item| of(item) == Some(field::PERM)).count();
    let is_short = |item: &&Item<'_>| matches!(item.directive, Directive::Permissions(_));
    if perms + options.iter().filter(is_short).count() != 1 {
        return None;
    }
    let begin = options
        .iter()
        .find(|item| matches!(item.directive, Directive::Append(_) | Directive::Prepend(_)))?;
    let text = |span: Span| compiled.set.text(line.line.file, span);
    let begin = item_span(begin)?;
    let mut moved = vec![begin];
    let arches: Vec<Vec<u8>> = match arch {
        Some(item) => {
            moved.push(item_span(item)?);
            vec![text(item_span(item)?).to_vec()]
        }
        None => arch_words(compiled.arch).map(|arch| format!("-F arch={arch}").into()).collect(),
    };
    let mut rest = Vec::new();
    for item in options {
        let span = item_span(item)?;
        if moved.contains(&span) {
            continue;
        }
        rest.push(b' ');
        match &item.directive {
            Directive::Permissions(letters) if !letters.bytes().is_empty() => {
                rest.extend_from_slice(b"-F perm=");
                rest.extend_from_slice(letters.bytes());
            }
            _ => rest.extend_from_slice(text(span)),
        }
    }
    let rules = arches.iter().map(|arch| [text(begin), b" ", arch, &rest].concat());
    Some(rules.collect::<Vec<_>>().join(&b'\n'))
}

/// Returns the field that an option adds to the rule.
fn field_of(line: &CompiledLine<'_, '_>, item: &Item<'_>) -> Option<u32> {
    let Directive::Field(expression) = &item.directive else { return None };
    let program = &line.checked.program;
    let at = program.field_spans.iter().position(|span| *span == expression.text.span())?;
    line.rule()?.rule.fields.get(at).map(Field::number)
}
