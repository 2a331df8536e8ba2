//! The rules of a kernel by the role in which they are tested, and what they name.

use super::test::Role;
use crate::catalog::field;
use crate::model::{Entry, KernelModel};
use crate::rule::{Field, Rule};

/// Returns the rules of a kernel that are tested in a role, in the order in which they are tested.
pub(super) fn in_role<'r>(kernel: &'r KernelModel, wanted: &[Role]) -> Vec<&'r Entry> {
    let mut entries: Vec<&Entry> =
        kernel.entries().filter(|entry| wanted.contains(&Role::of(entry))).collect();
    // The rules that are kept by inode are those of two lists.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.priority()));
    entries
}

/// Returns whether a rule names a file or a directory.
pub(super) fn names_file(entry: &Entry) -> bool {
    path_of(entry).is_some() || text_of(entry, field::DIR).is_some()
}

/// Returns whether a rule has a key.
pub(super) fn has_key(rule: &Rule) -> bool {
    keyed(rule).is_some()
}

/// Returns the path that a rule watches.
pub(super) fn path_of(entry: &Entry) -> Option<&[u8]> {
    text_of(entry, field::PATH)
}

pub(super) fn text_of(entry: &Entry, number: u32) -> Option<&[u8]> {
    entry.rule().fields.iter().find_map(|field| match field {
        Field::Text { text, .. } if field.number() == number => Some(&**text),
        _ => None,
    })
}

/// Returns the rules of a list that has no priorities, in its order.
pub(super) fn in_list(kernel: &KernelModel, wanted: Role) -> Vec<&Entry> {
    kernel.entries().filter(|entry| Role::of(entry) == wanted).collect()
}

/// Returns the rule if it has a key.
pub(super) fn keyed(rule: &Rule) -> Option<&Rule> {
    rule.fields.iter().any(|field| field.number() == field::KEY).then_some(rule)
}
