//! The form in which a kernel stores a rule.

use super::classes::Classes;
use super::legality::{ID_UNSET, filed_as};
use crate::catalog::field;
use crate::rule::{Field, FieldId, FilterList, Op, Placement, Rule};

/// The place where the kernel keeps a rule for filtering. Listing uses one list for both places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Home {
    /// On its filter list, walked from front to back.
    List,
    /// In the hash by inode, for rules with `path=` or `inode=`. They are tested only for the files whose names the
    /// syscall has collected, after the exit list (`audit_filter_inodes`). If two rules match, their order decides,
    /// not their place.
    InodeHash,
}

impl Home {
    /// Returns the place of `rule` (`audit_find_rule`).
    pub fn of(rule: &Rule) -> Self {
        let is_hashed =
            |f: &Field| matches!(f.number(), field::PATH | field::INODE) && f.op() == Op::EQUAL;
        if rule.fields.iter().any(is_hashed) { Home::InodeHash } else { Home::List }
    }
}

/// Returns the rule in the form in which the kernel stores, compares and lists it.
///
/// Class bits are expanded. The placement and the string bytes after a NUL and after the last field are dropped. One
/// field that asks for an unset auid marks the whole rule (`AUDIT_LOGINUID_LEGACY`): every `loginuid_set=0` of the
/// rule is then listed as auid.
pub(super) fn kernel_rule(rule: &Rule, classes: &Classes) -> Rule {
    let is_legacy = rule.fields.iter().any(asks_for_unset_auid);
    Rule {
        list: rule.list,
        placement: Placement::Append,
        action: rule.action,
        mask: classes.expand(&rule.mask),
        fields: rule.fields.iter().map(|field| stored_field(field, is_legacy)).collect(),
        unclaimed: Box::default(),
    }
}

fn asks_for_unset_auid(field: &Field) -> bool {
    matches!(field, Field::Number { value: ID_UNSET, .. } if field.number() == field::AUID)
}

fn stored_field(field: &Field, is_legacy: bool) -> Field {
    match field {
        Field::Number { id, op, value } => {
            let (number, filed_value) = filed_as(id.number(), *value);
            match FieldId::of(field::AUID) {
                FieldId::Number(auid)
                    if is_legacy && number == field::LOGINUID_SET && filed_value == 0 =>
                {
                    Field::Number { id: auid, op: *op, value: ID_UNSET }
                }
                _ => field.clone(),
            }
        }
        Field::Text { id, op, text } => {
            let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
            Field::Text { id: *id, op: *op, text: text.get(..end).unwrap_or_default().into() }
        }
    }
}

/// Returns whether the kernel counts rules of this list (`audit_add_rule`).
pub(super) fn is_counted(list: FilterList) -> bool {
    !matches!(list, FilterList::User | FilterList::Exclude | FilterList::Filesystem)
}
