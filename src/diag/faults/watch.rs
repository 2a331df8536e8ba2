//! Watches and permissions.

use super::super::auditctl::Message;
use super::super::code::Code;
use super::super::description::Description;
use super::super::quote::quote;
use super::Bytes;
use super::value::PERMISSIONS;

/// A fault of a watch or of permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WatchFault {
    /// `-p` without a rule before it.
    PermissionsMisplaced,
    /// `-p` without a field before it.
    PermissionsWithoutFields,
    /// `-p` with a letter other than r, w, x and a.
    UnknownPermission(u8),
    /// `-p` with more than four letters.
    TooManyPermissions(Bytes),
    /// `-w` after `-a`, `-A`, `-d`, `-w` or `-W`.
    AfterRule,
    /// `-w` or `-W` after other parts of a rule.
    NotFirst,
    /// A path that exceeds the kernel's limit.
    PathTooLong,
    /// A path that is not absolute.
    PathRelative,
    /// A last component that exceeds the kernel's limit.
    NameTooLong,
    /// `..` in a path.
    PathDots,
    /// `*` or `?` in a path.
    PathWildcard,
    /// A watch, which is tested at every syscall.
    Slow,
    /// `perm` without an arch before it, tested at every syscall.
    SlowPerm,
}

impl WatchFault {
    pub(super) fn describe(&self) -> Description<'_> {
        match self {
            Self::PermissionsMisplaced => Description::titled(
                Code::PermissionMisplaced,
                "permissions without a list or watch",
                Message::error("permission option needs a watch given prior to it"),
            )
            .label("no list or watch before it")
            .help("put `-w` and a path before `-p`"),
            Self::PermissionsWithoutFields => Description::titled(
                Code::PermissionMisplaced,
                "permissions before any field",
                Message::error("Permissions should be preceded by other fields"),
            )
            .help("put `-F path=` or `-F dir=` before `-p`"),
            Self::UnknownPermission(letter) => Description::titled(
                Code::BadPermission,
                format!("unknown permission {}", quote(&[*letter])),
                Message::error([b"Permission ", &[*letter][..], b" isn't supported"].concat()),
            )
            .label("not r, w, x or a")
            .help(PERMISSIONS),
            Self::TooManyPermissions(text) => Description::titled(
                Code::BadPermission,
                "more than four permissions",
                Message::error([b"permission ", &**text, b" is too long"].concat()),
            )
            .help("write each of the letters r, w, x and a once"),
            Self::AfterRule => Description::titled(
                Code::WatchMisplaced,
                "watch inside another rule",
                Message::error("watch option can't be given with a syscall"),
            )
            .help(OWN_LINE),
            Self::NotFirst => Description::titled(
                Code::WatchMisplaced,
                "watch after other parts of a rule",
                Message::error("Watches may not include fields or actions"),
            )
            .help(OWN_LINE),
            Self::PathTooLong => Description::titled(
                Code::BadWatchPath,
                "the path is too long",
                Message::error("The path passed for the watch is too big"),
            )
            .label("at most 4096 bytes")
            .help("watch a directory above it"),
            Self::PathRelative => Description::titled(
                Code::BadWatchPath,
                "the path is not absolute",
                Message::error("The path must start with '/'"),
            )
            .help("start the path with `/`"),
            Self::NameTooLong => Description::titled(
                Code::BadWatchPath,
                "the last component of the path is too long",
                Message::error("The base name of the path is too big"),
            )
            .label("at most 255 bytes")
            .help("watch the directory above it"),
            Self::PathDots => Description::titled(
                Code::OddWatchPath,
                "`..` in a path is taken literally",
                Message::warning("Warning - relative path notation is not supported"),
            )
            .help("write the path without `..`"),
            Self::PathWildcard => Description::titled(
                Code::OddWatchPath,
                "wildcards in a path are taken literally",
                Message::warning("Warning - wildcard notation is not supported"),
            )
            .help("write one rule for each file, or one for the directory"),
            Self::Slow => Description::titled(
                Code::SlowWatch,
                "a watch has every syscall in its mask",
                Message::info("Old style watch rules are slower"),
            )
            .help(
                "keep it for a stock kernel; for a kernel with the bitmap, write `-a always,exit -F arch=b64 -F path=... -F perm=... -k ...`, and the same for b32",
            ),
            Self::SlowPerm => Description::titled(
                Code::SlowPerm,
                "without `arch` before it, `perm` leaves every syscall in the mask",
                Message::info("perm used without an arch is slower"),
            )
            .help("put `-F arch=b64` before it, and write a second rule for b32"),
        }
    }
}

const OWN_LINE: &str = "put the watch on its own line, or use `-F path=`";
