//! The list, the action and the number of fields.

use super::super::auditctl::{Message, before};
use super::super::code::Code;
use super::super::description::{Description, similar_or};
use super::super::quote::quote;
use super::Bytes;
use crate::catalog::{self, KnownList};

/// The option that makes a rule from a list and an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// `-a`
    Append,
    /// `-A`
    Prepend,
    /// `-d`
    Delete,
}

/// A fault of the list, the action or the number of fields.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each fault is documented, and its members are named after their content"
)]
#[non_exhaustive]
pub enum RuleFault {
    /// A value that is not a known list and action; `half` is the wrong word if the other is right.
    BadKeyword { verb: Verb, text: Bytes, half: Option<Bytes> },
    /// A second `-a`, `-A` or `-d`.
    SecondRule(Verb),
    /// The action `possible`.
    PossibleDeprecated(Verb),
    /// `-F` before the list.
    ListMissing,
    /// Syscalls without a list.
    NoList,
    /// `-S` before `-a task`.
    SyscallsBeforeTask(Verb),
    /// `-S` on a list that takes no syscalls.
    SyscallsOnList(KnownList),
    /// `-q` after syscalls.
    SyscallsBeforeEquivalent,
    /// More than 63 fields.
    TooManyFields(Bytes),
    /// More than 63 fields, including the field of `-p`.
    TooManyFieldsWithPermissions,
}

impl RuleFault {
    pub(super) fn describe(&self) -> Description<'_> {
        match self {
            Self::BadKeyword { verb, text, half } => Description::titled(
                Code::BadKeyword,
                format!("{} is not a list and an action", quote(text)),
                Message::error(bad_keyword(*verb, text)),
            )
            .label(if half.is_some() { "neither a list nor an action" } else { "" })
            .help_from(move || match half.as_deref() {
                Some(half) if half.eq_ignore_ascii_case(b"entry") => NO_ENTRY.into(),
                half => similar_or(half.and_then(catalog::nearest_keyword), KEYWORDS),
            }),
            Self::SecondRule(verb) => Description::titled(
                Code::SecondRule,
                "second rule in one command",
                Message::error(match verb {
                    // auditctl prints the line end too: an empty line follows on standard error.
                    Verb::Append => "Multiple rule insert/delete operations are not allowed\n",
                    Verb::Prepend | Verb::Delete => {
                        "Multiple rule insert/delete operations are not allowed"
                    }
                }),
            )
            .help("put each rule on its own line"),
            Self::PossibleDeprecated(verb) => Description::titled(
                Code::PossibleDeprecated,
                "deprecated action `possible`: rule skipped",
                match verb {
                    Verb::Append => Message::error("Append rule - possible is deprecated"),
                    Verb::Prepend => Message::warning("Append rule - possible is deprecated"),
                    Verb::Delete => Message::info("Delete rule - possible is deprecated"),
                },
            )
            .help("use `always` or `never`, or delete the line"),
            Self::ListMissing => Description::titled(
                Code::ListMissing,
                "condition before the list",
                Message::error("List must be given before field"),
            )
            .help("put `-a always,exit` or another list first"),
            Self::NoList => Description::titled(
                Code::NoList,
                "syscalls without a list",
                Message::error("Error - no list specified"),
            )
            .help("add `-a always,exit`"),
            Self::SyscallsBeforeTask(verb) => Description::titled(
                Code::SyscallsOnList,
                "the task list takes no syscalls",
                Message::error(match verb {
                    Verb::Prepend => "Error: syscall auditing requested for task list",
                    Verb::Append | Verb::Delete => "Syscall auditing requested for task list",
                }),
            )
            .help("remove `-S`, or use the exit list"),
            Self::SyscallsOnList(list) => Description::titled(
                Code::SyscallsOnList,
                format!("the {} list takes no syscalls", list.name()),
                Message::error(syscalls_on_list(*list)),
            )
            .help("remove `-S`, or use the exit list"),
            Self::SyscallsBeforeEquivalent => Description::titled(
                Code::SyscallsOnList,
                "`-q` takes no syscalls",
                Message::error("Syscall auditing requested for make equivalent"),
            )
            .help("remove `-S`"),
            Self::TooManyFields(text) => Description::titled(
                Code::TooManyFields,
                "more than 63 fields in one rule, the key included",
                Message::stderr(before("Too many fields in rule: ", text)),
            )
            .help(FEWER_FIELDS),
            Self::TooManyFieldsWithPermissions => Description::titled(
                Code::TooManyFields,
                "more than 63 fields in one rule, the key included",
                Message::error("Too many fields when adding permissions"),
            )
            .help(FEWER_FIELDS),
        }
    }
}

const FEWER_FIELDS: &str = "remove conditions: no kernel takes more in one rule";
const NO_ENTRY: &str = "use the exit list: kernels no longer have the entry list";
const KEYWORDS: &str = "write a list (task, exit, user, exclude, filesystem, io_uring) and an action (always, \
                        never), as in `always,exit`";

fn bad_keyword(verb: Verb, text: &[u8]) -> Vec<u8> {
    let verb = match verb {
        Verb::Append => "Append",
        Verb::Prepend => "Add",
        Verb::Delete => "Delete",
    };
    before(&format!("{verb} rule - bad keyword "), text)
}

fn syscalls_on_list(list: KnownList) -> &'static str {
    match list {
        KnownList::Task => "Error: syscall auditing being added to task list",
        KnownList::User => "Error: syscall auditing being added to user list",
        KnownList::Filesystem => "Error: syscall auditing being added to filesystem list",
        KnownList::Exclude
        | KnownList::Entry
        | KnownList::Watch
        | KnownList::Exit
        | KnownList::IoUring => "Error: syscall auditing cannot be put on exclude list",
    }
}
