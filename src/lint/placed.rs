//! The conditions of a rule with their places.

use crate::rule::{Field, Rule};
use crate::ruleset::{CompiledLine, FileSpan};
use crate::syntax::Directive;

/// Returns the conditions of a rule in order, each with its place. `rule` is the rule of the line, as it is sent or as
/// the kernel keeps it: both have the same conditions in the same order.
pub(super) fn placed<'a, 's>(
    rule: &'a Rule,
    line: &'a CompiledLine<'a, 's>,
) -> impl Iterator<Item = (&'a Field, FileSpan)> + use<'a, 's> {
    let spans = line.checked.program.field_spans.iter();
    rule.fields.iter().zip(spans).map(|(field, span)| (field, line.place(*span)))
}

/// Returns the place of the list and the action in a line; the whole line if it has none.
pub(super) fn list_and_action(line: &CompiledLine<'_, '_>) -> FileSpan {
    let keywords = line.command().options.iter().find_map(|item| match &item.directive {
        Directive::Append(keywords) | Directive::Prepend(keywords) => Some(keywords.text.span()),
        _ => None,
    });
    keywords.map_or_else(|| line.whole(), |span| line.place(span))
}
