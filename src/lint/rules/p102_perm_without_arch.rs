//! P102 `perm-without-arch`. Its page is the Markdown file of the same name.

use crate::analysis::{Advice, Cause};
use crate::catalog::field;
use crate::diag::Level;
use crate::lint::arms_all::{ArmsAll, arms_all, remedied};
use crate::lint::definition::{Check, Lint};
use crate::lint::facts::Facts;
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::rewrite::Change;
use crate::rewrite::line::{arch_words, item_span};
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
    let compiled = &facts.compiled;
    for (line, advice, sweep) in arms_all(facts) {
        if sweep == ArmsAll::Perm {
            findings.push(finding(compiled, line, advice));
        }
    }
}

fn finding(
    compiled: &CompiledSet<'_, '_>,
    line: &CompiledLine<'_, '_>,
    advice: &Advice,
) -> Finding {
    let message = match advice.cause {
        Cause::NoArch => "`perm` without `arch` leaves every syscall in the mask",
        Cause::LateArch => "`arch` behind `perm` comes too late: every syscall is left in the mask",
        _ => "`-p` leaves every syscall in the mask, unlike `-F perm=`",
    };
    let place = perm_span(line).map_or_else(|| line.whole(), |span| line.place(span));
    let finding = Finding::new(&LINT, place, message);
    let fix = rewritten(compiled, line).map(|text| ("put `arch` in front", text));
    remedied(finding, compiled, (line, advice), "`-F perm=` behind `arch`", fix)
}

/// Where the permissions of the rule stand.
fn perm_span(line: &CompiledLine<'_, '_>) -> Option<Span> {
    let rule = line.rule()?.rule;
    let at = rule.fields.iter().position(|field| field.number() == field::PERM)?;
    line.checked.program.field_spans.get(at).copied()
}

/// The rule with its `arch` in front, once for each word size of the machine if it has none; `None` where it
/// has its permissions twice.
fn rewritten(compiled: &CompiledSet<'_, '_>, line: &CompiledLine<'_, '_>) -> Option<Vec<u8>> {
    let options = &line.command.options;
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

/// The field that an option adds to the rule.
fn field_of(line: &CompiledLine<'_, '_>, item: &Item<'_>) -> Option<u32> {
    let Directive::Field(expression) = &item.directive else { return None };
    let program = &line.checked.program;
    let at = program.field_spans.iter().position(|span| *span == expression.text.span())?;
    line.rule()?.rule.fields.get(at).map(crate::rule::Field::number)
}
