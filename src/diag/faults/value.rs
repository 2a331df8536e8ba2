//! The value of a condition.

use super::super::auditctl::{Message, before};
use super::super::code::Code;
use super::super::description::{Description, similar_or};
use super::super::hints;
use super::super::quote::quote;
use super::Bytes;
use crate::catalog;

/// A fault of a condition's value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each fault is documented, and its members are named after their content"
)]
#[non_exhaustive]
pub enum ValueFault {
    /// A value that is not a number, although the field takes only numbers.
    NotANumber(Bytes),
    /// A number that exceeds the kernel's limit.
    OutOfRange(Bytes),
    /// An unknown user.
    UnknownUser(Bytes),
    /// An unknown group.
    UnknownGroup(Bytes),
    /// An unknown error name.
    UnknownErrno { field: Bytes, text: Bytes },
    /// An unknown message type.
    UnknownMessageType { field: Bytes, text: Bytes },
    /// An unknown file type.
    UnknownFileType { field: Bytes, text: Bytes },
    /// An unknown file system type.
    UnknownFsType { field: Bytes, text: Bytes },
    /// `perm` with letters other than r, w, x and a.
    BadPermission,
    /// A string that exceeds the kernel's limit.
    TextTooLong { field: Bytes },
}

impl ValueFault {
    pub(super) fn describe(&self) -> Description<'_> {
        match self {
            Self::NotANumber(field) => {
                let remedy = match &**field {
                    b"success" => "write 1 or 0",
                    _ => "write a number: decimal, or hexadecimal after 0x",
                };
                Description::titled(
                    Code::NotANumber,
                    format!("the value of {} is not a number", quote(field)),
                    Message::stderr(before("-F value should be number for ", field)),
                )
                .help(remedy)
            }
            Self::OutOfRange(field) => Description::titled(
                Code::OutOfRange,
                format!("the value of {} is too large", quote(field)),
                Message::stderr(before("value is too large for field: ", field)),
            )
            .help(format!(
                "write a number below {}, the number of address families",
                catalog::AF_MAX
            )),
            Self::UnknownUser(name) => Description::titled(
                Code::UnknownUser,
                format!("unknown user {}", quote(name)),
                Message::error(before("Unknown user: ", name)),
            )
            .help(if catalog::is_meant(name, "unset") {
                "did you mean `unset`?"
            } else {
                NO_ACCOUNT
            }),
            Self::UnknownGroup(name) => Description::titled(
                Code::UnknownGroup,
                format!("unknown group {}", quote(name)),
                Message::error(before("Unknown group: ", name)),
            )
            .help(NO_ACCOUNT),
            Self::UnknownErrno { field, text } => Description::titled(
                Code::UnknownErrno,
                format!("unknown error name {}", quote(text)),
                Message::stderr(before("-F unknown errno - ", field)),
            )
            .help_from(|| {
                let sign = if text.starts_with(b"-") { "-" } else { "" };
                let nearest = catalog::nearest_errno(text).map(|name| format!("{sign}{name}"));
                similar_or(
                    nearest.as_deref(),
                    "write a name of errno(3) with a minus sign, as in -EACCES, or a number",
                )
            }),
            Self::UnknownMessageType { field, text } => Description::titled(
                Code::UnknownMessageType,
                format!("unknown message type {}", quote(text)),
                Message::stderr(before("-F unknown message type - ", field)),
            )
            .help_from(|| hints::instead_of_msgtype(text)),
            Self::UnknownFileType { field, text } => Description::titled(
                Code::UnknownFileType,
                format!("unknown file type {}", quote(text)),
                Message::stderr(before("-F unknown file type -  ", field)),
            )
            .help("write file, dir, socket, link, character, block or fifo"),
            Self::UnknownFsType { field, text } => Description::titled(
                Code::UnknownFsType,
                format!("unknown file system type {}", quote(text)),
                Message::stderr(before("file system type is unknown for field: ", field)),
            )
            .help_from(|| number_of_fstype(text)),
            Self::BadPermission => Description::titled(
                Code::BadPermission,
                "`perm` takes only the letters r, w, x and a",
                Message::stderr("Permission can only contain  'rwxa'"),
            )
            .label("not r, w, x or a")
            .help(PERMISSIONS),
            Self::TextTooLong { field } => Description::titled(
                Code::TextTooLong,
                format!("the value of {} is too long", quote(field)),
                Message::stderr("String value too long"),
            )
            .label(limit(field))
            .help("shorten the value"),
        }
    }
}

/// Returns the help for a file system type that auditctl has no name for.
fn number_of_fstype(name: &[u8]) -> String {
    match catalog::unnamed_fstype_number(name) {
        Some(number) => {
            format!(
                "write {number:#010x}, the number of {}: auditctl has no name for it",
                quote(name)
            )
        }
        None => "write tracefs, debugfs, cgroup or cgroup2, or the number of the type".to_owned(),
    }
}

/// The help for letters that are not permissions.
pub(super) const PERMISSIONS: &str =
    "write some of r (read), w (write), x (execute) and a (change attributes), as in `wa`";

const NO_ACCOUNT: &str =
    "create the account before the rules are loaded, or write its number, such as 1000";

fn limit(field: &[u8]) -> &'static str {
    match field {
        b"key" => "at most 256 bytes",
        b"perm" => "at most four letters",
        _ => "at most 4096 bytes",
    }
}
