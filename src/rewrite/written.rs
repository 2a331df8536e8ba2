//! The words of a rule as written.

use crate::syntax::{Command, Directive, SyscallList, Text};

/// Returns the `-S` lists, in order.
pub(crate) fn syscall_lists<'c, 's>(
    command: &'c Command<'s>,
) -> impl Iterator<Item = &'c SyscallList<'s>> {
    command.options.iter().filter_map(|item| match &item.directive {
        Directive::Syscalls(list) => Some(list),
        _ => None,
    })
}

/// Returns the syscalls named by `-S`, in order. Empty names are left out.
pub(crate) fn written_syscalls<'s>(command: &Command<'s>) -> impl Iterator<Item = Text<'s>> {
    syscall_lists(command).flat_map(SyscallList::names).filter(|name| !name.bytes().is_empty())
}

/// Returns the values of the `-F` conditions on a field, in order.
pub(crate) fn written_values<'c, 's>(
    command: &'c Command<'s>,
    field: &'static [u8],
) -> impl Iterator<Item = Text<'s>> + use<'c, 's> {
    command.options.iter().filter_map(move |item| match &item.directive {
        Directive::Field(expression) => {
            let comparison = expression.parts().ok()?;
            comparison.field.bytes().eq_ignore_ascii_case(field).then_some(comparison.value)
        }
        _ => None,
    })
}

/// Returns whether a line is written to add a rule.
pub(crate) fn adds_rule(command: &Command<'_>) -> bool {
    command.options.iter().any(|item| {
        matches!(item.directive, Directive::Append(_) | Directive::Prepend(_) | Directive::Watch(_))
    })
}
