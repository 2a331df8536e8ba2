//! Why a kernel refuses a rule.

use thiserror::Error;

/// A kernel's refusal of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct Refusal {
    /// The reason.
    pub reason: Reason,
    /// The index of the refused field in the rule.
    pub field: Option<usize>,
}

impl Refusal {
    /// Returns the refusal of the field at `index`.
    pub fn of_field(reason: Reason, index: usize) -> Self {
        Refusal { reason, field: Some(index) }
    }

    /// Returns the kernel's answer as a positive errno. The kernel gives no other reason.
    pub fn errno(self) -> i32 {
        self.reason.errno()
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Refusal { reason, field: None }
    }
}

/// The reason why a rule is refused. The kernel itself returns only the errno.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Reason {
    /// `EEXIST`: an equal rule is on the list.
    #[error("an equal rule is already loaded")]
    Exists,
    /// `ENOENT`: no equal rule is on the list.
    #[error("no equal rule is loaded")]
    NotFound,
    /// `ENOENT`: the directory of `path` or `exe`, or the tree of `dir`, does not exist. The model never returns this
    /// reason; it is for callers that check paths.
    #[error("no such file or directory")]
    NoSuchPath,
    /// `EPERM`: the settings are locked until the next boot (`-e 2`). The model has only rules; this reason is for
    /// callers that know the settings.
    #[error("the rules are locked until the next boot")]
    Locked,
    /// Entry, watch, or an unknown number.
    #[error("the kernel has no such list")]
    InvalidList,
    /// Neither `always` nor `never`.
    #[error("the kernel has no such action")]
    InvalidAction,
    /// More than 64 fields.
    #[error("more than 64 fields")]
    TooManyFields,
    /// Bits that are not a known operator.
    #[error("the kernel has no such operator")]
    UnknownOperator,
    /// An unknown field number.
    #[error("the kernel has no such field")]
    UnknownField,
    /// The list does not allow the field.
    #[error("the field is not allowed on this list")]
    FieldNotOnList,
    /// The field does not allow the operator.
    #[error("the operator is not allowed with this field")]
    OperatorNotAllowed,
    /// The field does not allow the value.
    #[error("the value is out of range for this field")]
    InvalidValue,
    /// A second one of `inode`, `path` and `dir`.
    #[error("more than one of inode, path and dir")]
    SecondObject,
    /// A second `key`.
    #[error("more than one key field")]
    SecondKey,
    /// A second `exe`.
    #[error("more than one exe field")]
    SecondExe,
    /// An empty string.
    #[error("the text is empty")]
    EmptyText,
    /// A key of more than 256 bytes, or an exe of more than 4096 (`EINVAL`).
    #[error("the text is too long for this field")]
    TextTooLong,
    /// `ENAMETOOLONG`: any other string of more than 4096 bytes.
    #[error("the text is longer than a path can be")]
    NameTooLong,
    /// A path that does not begin with `/`, or a path of a file that ends with `/`.
    #[error("the path is not absolute, or it is a file and ends with a slash")]
    InvalidPath,
}

impl Reason {
    /// Returns the errno that a kernel answers with: 1 `EPERM`, 2 `ENOENT`, 17 `EEXIST`, 22 `EINVAL`, 36
    /// `ENAMETOOLONG` (78 on MIPS, which is not modeled here).
    pub const fn errno(self) -> i32 {
        match self {
            Reason::Locked => 1,
            Reason::NotFound | Reason::NoSuchPath => 2,
            Reason::Exists => 17,
            Reason::NameTooLong => 36,
            _ => 22,
        }
    }
}
