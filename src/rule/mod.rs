//! The meaning of a rule: typed values, no text and no bytes.
//!
//! [`crate::compile`] turns the syntax tree of one command into these types; [`crate::wire`] turns them into bytes
//! and back. The types can represent every rule that a kernel can hold, even rules that auditctl cannot write.

mod field;
mod fields;
mod mask;
mod request;

pub use field::{Field, FieldId, NumberId, Op, TextId};
pub use fields::Fields;
pub use mask::Mask;
pub use request::{Control, Request};

use std::borrow::Cow;

use memchr::memmem;

use crate::catalog::{self, field as number};

/// The separator of the keys in the key field of a rule (`AUDIT_KEY_SEPARATOR`).
pub const KEY_SEPARATOR: u8 = 0x01;
/// The maximum length of all keys of a rule, with separators, in bytes (`AUDIT_MAX_KEY_LEN`).
pub const MAX_KEY_LEN: usize = 256;
/// The maximum number of fields that auditctl puts into one rule. The kernel accepts 64.
pub const MAX_FIELDS: usize = 63;
/// The maximum number of fields in a rule of the kernel (`AUDIT_MAX_FIELDS`).
pub const KERNEL_MAX_FIELDS: usize = 64;

/// The value of `-e` that locks rules and settings until the next boot.
pub const LOCKED: u32 = 2;

/// The kernel's lists of rules (`AUDIT_FILTER_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FilterList {
    /// Messages from user space.
    User,
    /// Tasks, tested when a task is created.
    Task,
    /// Syscall entry: current kernels refuse it.
    Entry,
    /// Old file system watches: unused.
    Watch,
    /// Syscall exit, where nearly all rules are.
    Exit,
    /// Record types to discard.
    Exclude,
    /// File system types, tested for the names in a syscall.
    Filesystem,
    /// io_uring operations.
    IoUring,
    /// An unknown number.
    Raw(u32),
}

impl FilterList {
    /// Returns the list with this number.
    pub fn from_number(number: u32) -> Self {
        catalog::KnownList::from_number(number).map_or(FilterList::Raw(number), Self::from)
    }

    /// Returns the kernel's number.
    pub const fn number(self) -> u32 {
        match (self, self.known()) {
            (FilterList::Raw(number), _) => number,
            (_, Some(known)) => known.number(),
            (_, None) => u32::MAX,
        }
    }

    /// Returns the name in a rule; the number for a list without a name.
    pub fn name(self) -> Cow<'static, str> {
        name_or_number(self.known().map(catalog::KnownList::name), self.number())
    }

    /// Returns whether the mask of a rule on this list matters: it is tested for syscalls or operations.
    pub const fn has_mask(self) -> bool {
        !matches!(
            self,
            FilterList::User | FilterList::Task | FilterList::Exclude | FilterList::Filesystem
        )
    }

    const fn known(self) -> Option<catalog::KnownList> {
        Some(match self {
            FilterList::User => catalog::KnownList::User,
            FilterList::Task => catalog::KnownList::Task,
            FilterList::Entry => catalog::KnownList::Entry,
            FilterList::Watch => catalog::KnownList::Watch,
            FilterList::Exit => catalog::KnownList::Exit,
            FilterList::Exclude => catalog::KnownList::Exclude,
            FilterList::Filesystem => catalog::KnownList::Filesystem,
            FilterList::IoUring => catalog::KnownList::IoUring,
            FilterList::Raw(_) => return None,
        })
    }
}

impl From<catalog::KnownList> for FilterList {
    fn from(list: catalog::KnownList) -> Self {
        match list {
            catalog::KnownList::User => FilterList::User,
            catalog::KnownList::Task => FilterList::Task,
            catalog::KnownList::Entry => FilterList::Entry,
            catalog::KnownList::Watch => FilterList::Watch,
            catalog::KnownList::Exit => FilterList::Exit,
            catalog::KnownList::Exclude => FilterList::Exclude,
            catalog::KnownList::Filesystem => FilterList::Filesystem,
            catalog::KnownList::IoUring => FilterList::IoUring,
        }
    }
}

/// The effect of a matching rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// No record.
    Never,
    /// Deprecated; kernels refuse it.
    Possible,
    /// A record.
    Always,
    /// An unknown number.
    Raw(u32),
}

impl Action {
    /// Returns the action with this number.
    pub fn from_number(number: u32) -> Self {
        match catalog::KnownAction::from_number(number) {
            Some(catalog::KnownAction::Never) => Action::Never,
            Some(catalog::KnownAction::Possible) => Action::Possible,
            Some(catalog::KnownAction::Always) => Action::Always,
            None => Action::Raw(number),
        }
    }

    /// Returns the kernel's number (`AUDIT_NEVER` and so on).
    pub const fn number(self) -> u32 {
        match self {
            Action::Never => catalog::KnownAction::Never.number(),
            Action::Possible => catalog::KnownAction::Possible.number(),
            Action::Always => catalog::KnownAction::Always.number(),
            Action::Raw(number) => number,
        }
    }

    /// Returns the name in a rule; the number for an action without a name.
    pub fn name(self) -> Cow<'static, str> {
        let known = catalog::KnownAction::from_number(self.number());
        name_or_number(known.map(catalog::KnownAction::name), self.number())
    }
}

fn name_or_number(name: Option<&'static str>, number: u32) -> Cow<'static, str> {
    name.map_or_else(|| number.to_string().into(), Cow::Borrowed)
}

/// The end of its filter list to which a rule is added. The kernel does not store it: listed rules have
/// [`Placement::Append`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Placement {
    /// The end of the list (`-a`).
    #[default]
    Append,
    /// The front of the list (`-A`).
    Prepend,
}

/// One rule, as the kernel understands it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// The list it is on.
    pub list: FilterList,
    /// The end of the list to which it is added.
    pub placement: Placement,
    /// The effect when it matches.
    pub action: Action,
    /// The syscalls (or io_uring operations) that it is tested for.
    pub mask: Mask,
    /// The conditions, in the order in which the kernel tests them; at most [`KERNEL_MAX_FIELDS`].
    pub fields: Fields,
    /// String bytes that belong to no field that this build knows; only rules of a newer kernel have any.
    pub unclaimed: Box<[u8]>,
}

impl Rule {
    /// Creates a rule with no fields and an empty mask.
    pub fn new(list: FilterList, action: Action) -> Self {
        Rule {
            list,
            placement: Placement::Append,
            action,
            mask: Mask::EMPTY,
            fields: Fields::default(),
            unclaimed: Box::default(),
        }
    }

    /// Returns the keys of the rule, in order.
    ///
    /// ```
    /// # use rauditctl::rule::*;
    /// let mut rule = Rule::new(FilterList::Exit, Action::Always);
    /// let text = Box::from(*b"net\x01root");
    /// rule.fields.push(Field::Text { id: TextId::KEY, op: Op::EQUAL, text });
    /// assert_eq!(rule.keys().collect::<Vec<_>>(), [b"net".as_slice(), b"root"]);
    /// ```
    pub fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.fields
            .iter()
            .filter_map(|field| match field {
                Field::Text { id: TextId::KEY, text, .. } => Some(&**text),
                _ => None,
            })
            .flat_map(|text| text.split(|&byte| byte == KEY_SEPARATOR))
            .filter(|key| !key.is_empty())
    }

    /// Returns the rule without its keys, which do not decide what it matches.
    pub fn without_keys(&self) -> Self {
        let mut rule = self.clone();
        rule.fields.retain(|condition| condition.number() != number::KEY);
        rule
    }

    /// Returns whether `-D -k TEXT` or `-l -k TEXT` selects this rule: `text` is anywhere in its key field,
    /// separators included. The empty text selects every rule, including rules without a key.
    pub fn has_key_containing(&self, text: &[u8]) -> bool {
        text.is_empty()
            || self.fields.iter().any(|field| match field {
                Field::Text { id: TextId::KEY, text: keys, .. } => {
                    memmem::find(keys, text).is_some()
                }
                _ => false,
            })
    }

    /// Returns whether auditctl lists this rule as a watch (`-w`). Such a rule is for all syscalls and has only path
    /// or dir, perm and keys; a perm is required (`is_watch`, auditctl-listing.c).
    pub fn is_watch(&self) -> bool {
        let only = self
            .fields
            .iter()
            .all(|f| matches!(f.number(), number::PERM | number::KEY | number::DIR | number::PATH));
        let perm = self.fields.iter().any(|f| f.number() == number::PERM);
        only && perm && (!self.list.has_mask() || self.mask.is_all())
    }
}
