//! The form in which a kernel stores a rule.

use super::classes::Classes;
use super::legality::{ID_UNSET, filed_as};
use crate::catalog::field;
use crate::rule::{Field, FieldId, FilterList, Op, Placement, Rule};

/// Where the kernel looks for a rule when it filters. Listing uses one list for both kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Home {
    /// On its filter list, walked from front to back.
    List,
    /// In the hash by inode, as rules with `path=` or `inode=` are: checked only for the names
    /// that the syscall has collected, after the exit list (`audit_filter_inodes`). Which of two
    /// matching rules wins is decided by their order, not by where they live.
    InodeHash,
}

impl Home {
    /// Where `rule` lives (`audit_find_rule`).
    pub fn of(rule: &Rule) -> Self {
        let is_hashed =
            |f: &Field| matches!(f.number(), field::PATH | field::INODE) && f.op() == Op::EQUAL;
        if rule.fields.iter().any(is_hashed) { Home::InodeHash } else { Home::List }
    }
}

/// The rule as it is stored, compared and listed.
///
/// Class bits are expanded; the placement and string bytes after a NUL and after the last field are
/// dropped. One field that asks for an unset auid marks the whole rule (`AUDIT_LOGINUID_LEGACY`): all
/// its `loginuid_set=0` are listed as auid then.
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

/// Whether the kernel counts rules of this list (`audit_add_rule`).
pub(super) fn is_counted(list: FilterList) -> bool {
    !matches!(list, FilterList::User | FilterList::Exclude | FilterList::Filesystem)
}
