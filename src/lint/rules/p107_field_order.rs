//! P107 `field-order`. Its page is the Markdown file of the same name.

use crate::catalog::field;
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::rewrite::{Change, Edit};
use crate::rule::{Field, FilterList, Op};
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::span::Span;
use crate::syntax::Directive;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "P107",
    name: "field-order",
    level: Level::Info,
    fix: Some(Change::Regrouped),
    check: Check::Rules(check),
    page: include_str!("p107_field_order.md"),
};

/// The cost of testing a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Price {
    Cheap,
    Perm,
    Label,
}

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for loaded in facts.rules().iter().filter(|rule| rule.kernel_rule.list == FilterList::Exit) {
        findings.extend(finding(facts.compiled, loaded));
    }
}

fn finding(compiled: &CompiledSet<'_, '_>, loaded: &LoadedRule<'_, '_>) -> Option<Finding> {
    let priced = priced(loaded)?;
    let at = priced.windows(2).position(|pair| matches!(pair, [(a, _), (b, _)] if a > b))?;
    let ((_, early), (_, late)) = (priced.get(at)?, priced.get(at + 1)?);
    let word = |span: Span| compiled.set.text(loaded.line.line.file, span);
    let name = |span: Span| {
        let word = word(span);
        let end = word.iter().position(|byte| b"!<>=&".contains(byte)).unwrap_or(word.len());
        String::from_utf8_lossy(word.get(..end).unwrap_or(word)).into_owned()
    };
    let message =
        format!("`{}` is tested before `{}`, which costs less", name(*early), name(*late));
    let mut sorted = priced.clone();
    sorted.sort_by_key(|(price, _)| *price);
    let places = priced.iter().zip(&sorted).filter(|(old, new)| old != new);
    let edits = places.map(|((_, old), (_, new))| Edit {
        place: loaded.line.place(*old),
        text: word(*new).to_vec(),
    });
    let finding = Finding::new(&LINT, loaded.line.place(*early), message)
        .label("costs more")
        .help("put cheap conditions that rarely hold first");
    // auditctl refuses a key without syscalls or a path condition before it.
    let last = priced.last().map_or(0, |(_, span)| span.start);
    let mut options = loaded.line.command().options.iter();
    let has_key_before =
        options.any(|item| matches!(item.directive, Directive::Key(_)) && item.span.start < last);
    Some(match has_key_before {
        true => finding,
        false => finding.fix("reorder the conditions", edits.collect()),
    })
}

/// Returns the conditions after `arch` whose order matters, in the written order; `None` if a better order gains
/// nothing, or if the order decides the syscalls.
fn priced(loaded: &LoadedRule<'_, '_>) -> Option<Vec<(Price, Span)>> {
    let fields = &loaded.rule.fields;
    let has = |number| fields.iter().any(|field| field.number() == number);
    let is_short = |directive: &Directive<'_>| {
        matches!(directive, Directive::Permissions(_) | Directive::Watch(_))
    };
    let is_short = loaded.line.command().options.iter().any(|item| is_short(&item.directive));
    if has(field::PATH) || has(field::INODE) || is_short {
        return None;
    }
    let (arch, rest) = fields.split_first()?;
    if arch.number() != field::ARCH || rest.iter().any(|field| field.number() == field::ARCH) {
        return None;
    }
    let mut priced = Vec::new();
    for (field, span) in fields.iter().zip(&loaded.line.checked.program.field_spans).skip(1) {
        priced.extend(price(field).map(|price| (price, *span)));
        if matches!(field.number(), field::DIR | field::EXE) && field.op() == Op::EQUAL {
            break;
        }
    }
    Some(priced)
}

/// Returns the cost of testing a field; `None` for a field that must stay in its place.
fn price(field: &Field) -> Option<Price> {
    match field.number() {
        field::PERM => Some(Price::Perm),
        field::SUBJ_USER..=field::SUBJ_CLR | field::OBJ_USER..=field::OBJ_LEV_HIGH => {
            Some(Price::Label)
        }
        field::DIR if field.op() == Op::EQUAL => Some(Price::Cheap),
        field::PID
        | field::UID
        | field::EUID
        | field::SUID
        | field::FSUID
        | field::AUID
        | field::PPID
        | field::SESSIONID
        | field::EXIT
        | field::SUCCESS
        | field::A0..=field::A3 => Some(Price::Cheap),
        _ => None,
    }
}
