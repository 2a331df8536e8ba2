//! What fixes write.

use crate::catalog::Arch;
use crate::span::Span;
use crate::syntax::{Directive, Item};

/// A word as it is written in a rules file, so that it is read as these bytes.
pub(super) fn escaped(bytes: &[u8]) -> Vec<u8> {
    let mut word = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if matches!(byte, b' ' | b'\\') {
            word.push(b'\\');
        }
        word.push(*byte);
    }
    word
}

/// What `arch=` takes on a machine: one word for each of its word sizes.
pub(super) fn arch_words(arch: Arch) -> impl Iterator<Item = &'static str> {
    let b64 = arch.b64().map(|_| "b64");
    let b32 = arch.b32().map(|_| "b32");
    b64.into_iter().chain(b32)
}

/// Where an option of a rule stands, with its value; `None` for options that no rule has.
pub(super) fn item_span(item: &Item<'_>) -> Option<Span> {
    let value = match &item.directive {
        Directive::Append(keywords) | Directive::Prepend(keywords) => &keywords.text,
        Directive::Field(expression) | Directive::Compare(expression) => &expression.text,
        Directive::Syscalls(list) => &list.text,
        Directive::Watch(text) | Directive::Key(text) | Directive::Permissions(text) => text,
        _ => return None,
    };
    Some(item.span.join(value.span()))
}
