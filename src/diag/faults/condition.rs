//! Fields and operators of a condition.

use super::super::auditctl::{Message, after, before};
use super::super::code::Code;
use super::super::description::Description;
use super::super::hints;
use super::super::quote::quote;
use super::Bytes;
use crate::syntax::Missing;

/// A fault of a condition's field or operator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each fault is documented, and its members are named after their content"
)]
#[non_exhaustive]
pub enum ConditionFault {
    /// `-F` with a missing part.
    MalformedField { text: Bytes, missing: Missing },
    /// `-C` with a missing part.
    MalformedCompare { text: Bytes, missing: Missing },
    /// `-F` with an unknown field.
    UnknownField(Bytes),
    /// `-C` with an unknown field on the left.
    UnknownCompareField(Bytes),
    /// `-C` with an unknown field on the right; the left one is known.
    UnknownCompareValue { field: Bytes, value: Bytes },
    /// A field of the exit list on another list.
    ExitOnly(Bytes),
    /// `msgtype` on a list other than exclude and user.
    MessageTypeList,
    /// A field that an old kernel does not accept on the exclude list.
    ExcludeFields,
    /// `sessionid` on a list other than exclude, user and exit.
    SessionIdList(Bytes),
    /// `fstype` on a list other than filesystem.
    FsTypeList(Bytes),
    /// An operator other than `=` and `!=`.
    EqualityOnly(Bytes),
    /// An operator other than `=`.
    EqualOnly(Bytes),
    /// A field that the kernel does not support.
    FieldUnsupported(Bytes),
    /// The filesystem list on a kernel that does not support it.
    FilesystemUnsupported(Bytes),
    /// Two fields that no kernel compares.
    IncomparableFields(Bytes),
}

impl ConditionFault {
    pub(super) fn describe(&self) -> Description<'_> {
        match self {
            Self::MalformedField { text, missing } => malformed_field(text, *missing),
            Self::MalformedCompare { text, missing } => malformed_compare(text, *missing),
            Self::UnknownField(name) => {
                unknown_field(name, Message::stderr(before("-F unknown field: ", name)))
            }
            Self::UnknownCompareField(name) => {
                unknown_field(name, Message::stderr(before("-C unknown field: ", name)))
            }
            Self::UnknownCompareValue { field, value } => unknown_field(
                value,
                Message::stderr(before("-C unknown right hand value for comparison with: ", field)),
            ),
            Self::ExitOnly(field) => Description::titled(
                Code::FieldNotOnList,
                format!("{} is only allowed on the exit list", quote(field)),
                Message::stderr(after(field, " can only be used with exit filter list")),
            )
            .label(NOT_ON_LIST)
            .help("use the exit list, or remove the field"),
            Self::MessageTypeList => Description::titled(
                Code::FieldNotOnList,
                "`msgtype` is only allowed on the exclude and user lists",
                Message::stderr("msgtype field can only be used with exclude or user filter list"),
            )
            .label(NOT_ON_LIST)
            .help("use `-a always,exclude`"),
            Self::ExcludeFields => Description::titled(
                Code::FieldNotOnList,
                "this kernel does not allow the field on the exclude list",
                Message::stderr(
                    "Only msgtype, *uid, *gid, pid, and subj* fields can be used with exclude filter",
                ),
            )
            .help("exclude by `msgtype`, or load the rule on Linux 4.9 or newer"),
            Self::SessionIdList(field) => Description::titled(
                Code::FieldNotOnList,
                "`sessionid` is only allowed on the exclude, user and exit lists",
                Message::stderr(after(field, " must be used with exclude, user, or exit filter")),
            )
            .label(NOT_ON_LIST)
            .help("use the exit list, or remove the field"),
            Self::FsTypeList(field) => Description::titled(
                Code::FieldNotOnList,
                "`fstype` is only allowed on the filesystem list",
                Message::stderr(after(field, " field is not valid for the filter")),
            )
            .label(NOT_ON_LIST)
            .help("use the filesystem list, or remove the field"),
            Self::EqualityOnly(field) => Description::titled(
                Code::OperatorNotAllowed,
                format!("{} takes only `=` and `!=`", quote(field)),
                Message::stderr(after(field, " only takes = or != operators")),
            )
            .help("use `=` or `!=`"),
            Self::EqualOnly(field) => Description::titled(
                Code::OperatorNotAllowed,
                format!("{} takes only `=`", quote(field)),
                Message::stderr(after(field, " only takes = operator")),
            )
            .help("use `=`"),
            Self::FieldUnsupported(field) => Description::titled(
                Code::FieldUnsupported,
                format!("this kernel does not support {}", quote(field)),
                Message::stderr(before("Field option not supported by kernel: ", field)),
            )
            .help("remove it, or load the rule on a newer kernel"),
            Self::FilesystemUnsupported(field) => Description::titled(
                Code::FieldUnsupported,
                "this kernel does not support the filesystem list",
                Message::stderr(after(field, " filter is not supported by the kernel")),
            )
            .help("remove the rule, or load it on a newer kernel"),
            Self::IncomparableFields(field) => Description::titled(
                Code::IncomparableFields,
                "fields that cannot be compared",
                Message::stderr(before("-C incompatible comparison ", field)),
            )
            .help("compare a user id with a user id, or a group id with a group id"),
        }
    }
}

const NOT_ON_LIST: &str = "not on this list";
const NO_OPERATOR: &str = "condition without an operator";
const NO_FIELD: &str = "condition without a field";
const NO_VALUE: &str = "condition without a value";

fn malformed_field(text: &[u8], missing: Missing) -> Description<'_> {
    let describe = |title, message: &str| {
        Description::titled(Code::MalformedCondition, title, Message::stderr(before(message, text)))
    };
    match missing {
        Missing::Operator => describe(NO_OPERATOR, "-F missing operation for ").help(
            "write field, operator and value without spaces; operators are = != < <= > >= & &=",
        ),
        Missing::Field => describe(NO_FIELD, "-F missing field name before operator for ")
            .help("write a field before the operator, as in `auid>=1000`"),
        Missing::Value => describe(NO_VALUE, "-F missing value after operation for ")
            .help("write a value directly after the operator, as in `auid>=1000`"),
    }
}

fn malformed_compare(text: &[u8], missing: Missing) -> Description<'_> {
    let (title, message) = match missing {
        Missing::Operator => {
            ("`-C` compares with `=` and `!=` only", after(text, " only takes = or != operators"))
        }
        Missing::Field => (NO_FIELD, before("-C missing field name before operator for ", text)),
        Missing::Value => (NO_VALUE, before("-C missing value after operation for  ", text)),
    };
    Description::titled(Code::MalformedCondition, title, Message::stderr(message))
        .help("write `-C field=field` or `-C field!=field`")
}

fn unknown_field(name: &[u8], message: Message) -> Description<'_> {
    Description::titled(Code::UnknownField, format!("unknown field {}", quote(name)), message)
        .help_from(|| hints::instead_of_field(name))
}
