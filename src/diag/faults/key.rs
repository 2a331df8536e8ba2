//! Keys.

use super::super::auditctl::Message;
use super::super::code::Code;
use super::super::description::Description;
use super::Bytes;

/// A fault of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFault {
    /// `-k` before any part of a rule that takes a key.
    Misplaced,
    /// The same for `-F key`, found when the rule is complete.
    FieldMisplaced,
    /// Keys that exceed the kernel's limit.
    TooLong,
    /// The separator of keys in a key.
    Separator(Bytes),
}

impl KeyFault {
    pub(super) fn describe(&self) -> Description<'_> {
        match self {
            Self::Misplaced => {
                misplaced(Message::error("key option needs a watch or syscall given prior to it"))
            }
            Self::FieldMisplaced => misplaced(Message::stderr(
                "Key field needs a watch, syscall or exe path given prior to it",
            )),
            Self::TooLong => Description::titled(
                Code::KeyTooLong,
                "the keys of the rule are too long",
                Message::error("key option exceeds size limit"),
            )
            .label("at most 256 bytes for all keys together")
            .help("shorten the keys, or remove some of them"),
            Self::Separator(key) => Description::titled(
                Code::IllegalCharacter,
                "key with the byte 0x01",
                Message::error([b"key ", &**key, b" has illegal character"].concat()),
            )
            .help("remove the byte, which separates the keys of a rule"),
        }
    }
}

fn misplaced(message: Message) -> Description<'static> {
    Description::titled(
        Code::KeyMisplaced,
        "key before any syscall, watch, path, exe or fstype",
        message,
    )
    .label("nothing before it takes a key")
    .help(
        "put `-w` with its path, syscalls (`-S all` for all of them), path, dir, perm, exe or fstype before the key",
    )
}
