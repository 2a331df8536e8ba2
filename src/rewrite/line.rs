//! The text that fixes write.

use super::edit::Edit;
use crate::catalog::Arch;
use crate::ruleset::{CompiledLine, FileSpan, Line, RuleSet};
use crate::span::Span;
use crate::syntax::{Directive, Item};

/// Returns the values of `arch=` on a machine: one for each of its word sizes.
pub(crate) fn arch_words(arch: Arch) -> impl Iterator<Item = &'static str> {
    let b64 = arch.b64().map(|_| "b64");
    let b32 = arch.b32().map(|_| "b32");
    b64.into_iter().chain(b32)
}

/// Returns the place of an option with its value; `None` for an option that is not part of a rule.
pub(crate) fn item_span(item: &Item<'_>) -> Option<Span> {
    let value = match &item.directive {
        Directive::Append(keywords) | Directive::Prepend(keywords) => &keywords.text,
        Directive::Field(expression) | Directive::Compare(expression) => &expression.text,
        Directive::Syscalls(list) => &list.text,
        Directive::Watch(text) | Directive::Key(text) | Directive::Permissions(text) => text,
        _ => return None,
    };
    Some(item.span.join(value.span()))
}

/// Returns the text of a line with some parts replaced. Replacements that overlap or are outside the line are ignored.
pub(crate) fn line_with(
    set: &RuleSet<'_>,
    line: &Line<'_>,
    mut replacements: Vec<(Span, Vec<u8>)>,
) -> Vec<u8> {
    replacements.sort();
    let mut text = Vec::new();
    let mut end = line.span.start;
    for (span, new) in replacements {
        if span.start >= end && span.end <= line.span.end {
            text.extend_from_slice(set.text(line.file, Span::new(end, span.start)));
            text.extend(new);
            end = span.end;
        }
    }
    text.extend_from_slice(set.text(line.file, Span::new(end, line.span.end)));
    text
}

/// Returns the edit that inserts a line after another.
pub(crate) fn line_after(line: &CompiledLine<'_, '_>, text: &[u8]) -> Edit {
    let end = line.line.span.end;
    let place = FileSpan { file: line.line.file, span: Span::new(end, end) };
    Edit { place, text: [b"\n", text].concat() }
}

/// Formats names: "`a`, `b` and 3 more".
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 6;
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
