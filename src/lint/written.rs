//! Words of a rule as written.

use crate::syntax::{Command, Directive, Text};

/// Returns the syscalls named by `-S`, in order.
pub(super) fn written_syscalls<'c, 's>(
    command: &'c Command<'s>,
) -> impl Iterator<Item = &'c Text<'s>> {
    let lists = command.options.iter().filter_map(|item| match &item.directive {
        Directive::Syscalls(list) => Some(list),
        _ => None,
    });
    lists.flat_map(|list| &list.names).filter(|name| !name.bytes().is_empty())
}

/// Returns the values of `arch=` conditions, in order.
pub(super) fn written_arches<'c, 's>(
    command: &'c Command<'s>,
) -> impl Iterator<Item = &'c Text<'s>> {
    command.options.iter().filter_map(|item| match &item.directive {
        Directive::Field(expression) => {
            let comparison = expression.parts.as_ref().ok()?;
            comparison.field.bytes().eq_ignore_ascii_case(b"arch").then_some(&comparison.value)
        }
        _ => None,
    })
}
