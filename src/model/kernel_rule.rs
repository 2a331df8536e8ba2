//! The form in which a kernel stores a rule.

use std::borrow::Cow;

use memchr::memchr;

use super::classes::Classes;
use super::legality::ID_UNSET;
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
    let stored = || rule.fields.iter().map(|field| stored_field(field, is_legacy));
    // Most rules are stored as they are sent.
    let is_as_sent = stored().all(|field| matches!(field, Cow::Borrowed(_)));
    Rule {
        list: rule.list,
        placement: Placement::Append,
        action: rule.action,
        mask: classes.expand(&rule.mask),
        fields: match is_as_sent {
            true => rule.fields.clone(),
            false => stored().map(Cow::into_owned).collect(),
        },
        unclaimed: Box::default(),
    }
}

fn asks_for_unset_auid(field: &Field) -> bool {
    matches!(field, Field::Number { value: ID_UNSET, .. } if field.number() == field::AUID)
}

fn stored_field(field: &Field, is_legacy: bool) -> Cow<'_, Field> {
    match field {
        Field::Number { id, op, value: 0 } if is_legacy && id.number() == field::LOGINUID_SET => {
            match FieldId::of(field::AUID) {
                FieldId::Number(id) => Cow::Owned(Field::Number { id, op: *op, value: ID_UNSET }),
                FieldId::Text(_) => Cow::Borrowed(field),
            }
        }
        Field::Number { .. } => Cow::Borrowed(field),
        Field::Text { id, op, text } => match memchr(0, text) {
            Some(end) => {
                let text = text.get(..end).unwrap_or_default().into();
                Cow::Owned(Field::Text { id: *id, op: *op, text })
            }
            None => Cow::Borrowed(field),
        },
    }
}

/// Returns whether the kernel counts rules of this list (`audit_add_rule`).
pub(super) fn is_counted(list: FilterList) -> bool {
    !matches!(list, FilterList::User | FilterList::Exclude | FilterList::Filesystem)
}
