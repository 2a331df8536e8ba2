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
    /// A value that auditctl reads differently from how it looks. It has no message for that.
    Misread { text: Bytes, cause: Misread },
}

/// The reason why auditctl reads a value differently from how it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misread {
    /// Characters after the digits, which do not count.
    Rest {
        /// The number before them.
        read: i64,
        /// The characters.
        rest: Bytes,
    },
    /// A 0 before the digits.
    Octal {
        /// The number.
        read: i64,
    },
    /// A number of more than 32 bits, of which the low 32 count.
    TooLarge,
    /// A session that is not a number.
    NoSession,
    /// An address family that is not a number.
    NoFamily,
    /// An operator at the start.
    Operator,
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
            .help(match catalog::is_meant(name, "unset") {
                true => "did you mean `unset`?",
                false => no_account(name),
            }),
            Self::UnknownGroup(name) => Description::titled(
                Code::UnknownGroup,
                format!("unknown group {}", quote(name)),
                Message::error(before("Unknown group: ", name)),
            )
            .help(no_account(name)),
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
            Self::Misread { text, cause } => misread(text, cause),
        }
    }
}

fn misread<'f>(text: &[u8], cause: &Misread) -> Description<'f> {
    let titled = |title| Description::titled(Code::MisreadValue, title, None);
    let shown = quote(text);
    let read_as = |number: &dyn std::fmt::Display| format!("auditctl reads {shown} as {number}");
    match cause {
        Misread::Rest { read, rest } => titled(read_as(read))
            .label(format!("{} does not count", quote(rest)))
            .help(match &**rest {
                [b'-' | b'.', .., b'0'..=b'9'] => {
                    "write one number, or two conditions for a range, as in `auid>=1000` and `auid<=2000`"
                }
                [b',', ..] => "write one number: two values need two rules",
                _ => "write the number alone, without units and other characters",
            }),
        Misread::Octal { read } => titled(read_as(read))
            .label("a 0 at the start means octal")
            .help("write the number without the 0"),
        Misread::TooLarge => titled(format!("auditctl reads only the low 32 bits of {shown}"))
            .label("too large")
            .help("write a number up to 4294967295"),
        Misread::NoSession => titled(read_as(&"session 0"))
            .label("not a number")
            .help("write the number of the session, or `unset`"),
        Misread::NoFamily => titled(read_as(&"family 0"))
            .label("not a number")
            .help("write the number of the family, such as 2 for IPv4 or 10 for IPv6"),
        Misread::Operator => titled(format!("the value is {shown}"))
            .label("the operator ends before this")
            .help(ONE_OPERATOR),
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

const ONE_OPERATOR: &str = "write one operator: = != < <= > >= & or &=";

/// Returns the help for an unknown user or group.
fn no_account(name: &[u8]) -> &'static str {
    match name {
        [b'=' | b'<' | b'>' | b'!' | b'&', ..] => ONE_OPERATOR,
        _ => "create the account before the rules are loaded, or write its number, such as 1000",
    }
}

fn limit(field: &[u8]) -> &'static str {
    match field {
        b"key" => "at most 256 bytes",
        b"perm" => "at most four letters",
        _ => "at most 4096 bytes",
    }
}
