//! The context of a rule: its list and the arch of its syscalls, which its other words depend on.

use crate::catalog::{Arch, KnownList};
use crate::syntax::{Command, Comparison, Directive, Keywords, Text};

/// The list and the arch of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Context {
    /// The list of the rule; `None` if the rule does not name it.
    pub(super) list: Option<KnownList>,
    /// The arch whose syscalls the rule names.
    pub(super) arch: Arch,
}

impl Context {
    /// Returns the context of `command` for the machine `machine`.
    pub(super) fn of(command: &Command<'_>, machine: Arch) -> Self {
        let mut context = Context { list: None, arch: machine };
        for item in &command.options {
            match &item.directive {
                Directive::Append(words) | Directive::Prepend(words) | Directive::Delete(words) => {
                    context.list = context.list.or_else(|| list(words));
                }
                directive => {
                    let arch = condition(directive).filter(|c| is_field(c, b"arch"));
                    let arch = arch.and_then(|c| arch_of(c.value.bytes(), machine));
                    context.arch = arch.unwrap_or(context.arch);
                }
            }
        }
        context
    }
}

fn list(words: &Keywords<'_>) -> Option<KnownList> {
    let (left, right) = words.pair()?;
    KnownList::from_name(left.bytes()).or_else(|| KnownList::from_name(right.bytes()))
}

/// Returns the condition of `-F` if it is complete.
pub(super) fn condition<'a>(directive: &Directive<'a>) -> Option<Comparison<'a>> {
    match directive {
        Directive::Field(expression) => expression.parts().ok(),
        _ => None,
    }
}

/// Returns whether the condition is on the field `name`.
pub(super) fn is_field(condition: &Comparison<'_>, name: &[u8]) -> bool {
    condition.field.bytes().eq_ignore_ascii_case(name)
}

/// Returns the key that an option sets.
pub(super) fn key<'a>(directive: &Directive<'a>) -> Option<Text<'a>> {
    match directive {
        Directive::Key(text) => Some(text.clone()),
        _ => condition(directive).filter(|c| is_field(c, b"key")).map(|c| c.value),
    }
}

/// Returns the arch that a value of `arch` means on a machine.
pub(super) fn arch_of(value: &[u8], machine: Arch) -> Option<Arch> {
    match value.to_ascii_lowercase().as_slice() {
        b"b64" => machine.b64(),
        b"b32" => machine.b32(),
        name => Arch::from_name(name),
    }
}
