//! The words of auditctl 4.2.2 for a fault, byte for byte, since scripts read them.
//!
//! Sources: `src/auditctl.c` and `lib/errormsg.h` of audit-userspace. Where 4.2.2's shared build
//! loses what libaudit means to say, it is said here, as its static build and 3.0.9 do.

use super::fault::{Alone, Fault, Verb};
use crate::rule::FilterList;
use crate::syntax::{Missing, SettingName};

/// Where auditctl says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Wherever messages go at the time: syslog while a file is read and no rule has been sent,
    /// else standard error.
    Log(Priority),
    /// Standard error, always.
    Stderr,
}

/// How bad syslog takes it to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// `LOG_ERR`
    Error,
    /// `LOG_WARNING`
    Warning,
    /// `LOG_INFO`
    Info,
}

/// One message of auditctl.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where it goes.
    pub channel: Channel,
    /// Its text, without the newline at the end.
    pub text: Vec<u8>,
}

/// What auditctl says to this; `None` where it says nothing.
pub fn message(fault: &Fault) -> Option<Message> {
    let text = text(fault);
    (!text.is_empty()).then(|| Message { channel: channel(fault), text })
}

fn channel(fault: &Fault) -> Channel {
    match fault {
        Fault::TooManyFields(_)
        | Fault::UnknownArch { .. }
        | Fault::ArchAfterSyscalls(_)
        | Fault::MalformedField { .. }
        | Fault::MalformedCompare { .. }
        | Fault::UnknownField(_)
        | Fault::UnknownCompareField(_)
        | Fault::UnknownCompareValue { .. }
        | Fault::ExitOnly(_)
        | Fault::MessageTypeList
        | Fault::ExcludeFields
        | Fault::SessionIdList(_)
        | Fault::FsTypeList(_)
        | Fault::EqualityOnly(_)
        | Fault::EqualOnly(_)
        | Fault::FieldUnsupported(_)
        | Fault::FilesystemUnsupported(_)
        | Fault::IncomparableFields(_)
        | Fault::FieldNotANumber(_)
        | Fault::FieldOutOfRange(_)
        | Fault::UnknownErrno { .. }
        | Fault::UnknownMessageType { .. }
        | Fault::UnknownFileType { .. }
        | Fault::UnknownFsType { .. }
        | Fault::BadPermissionField
        | Fault::TextTooLong { .. }
        | Fault::KeyFieldMisplaced => Channel::Stderr,
        Fault::SyscallMismatch { .. }
        | Fault::PossibleDeprecated(Verb::Prepend)
        | Fault::WatchPathDots
        | Fault::WatchPathWildcard => Channel::Log(Priority::Warning),
        Fault::PossibleDeprecated(Verb::Delete) | Fault::SlowWatch | Fault::SlowPerm => {
            Channel::Log(Priority::Info)
        }
        _ => Channel::Log(Priority::Error),
    }
}

fn text(fault: &Fault) -> Vec<u8> {
    match fault {
        Fault::InvalidOption { word, line, .. } => {
            let mut text = with("Option ", word.as_deref().unwrap_or(b" "));
            if let Some(line) = line {
                text.extend(format!(" on line {line}").bytes());
            }
            text.extend(b" is invalid");
            text
        }
        Fault::BadKeyword { verb, text, .. } => {
            with(&format!("{} rule - bad keyword ", verb_name(*verb)), text)
        }
        Fault::SyscallMismatch { line, .. } => {
            let place = line.map(|line| format!(" in line {line}")).unwrap_or_default();
            format!("WARNING - 32/64 bit syscall mismatch{place}, you should specify an arch")
                .into()
        }
        Fault::TooManyFields(text) => with("Too many fields in rule: ", text),
        Fault::UnknownSyscall { name, .. } => with("Syscall name unknown: ", name),
        Fault::UnknownUringOp { text, .. } => with("io_uring op unknown: ", text),
        Fault::UnknownArch { field, .. } => behind(field, " elf mapping not found"),
        Fault::ArchAfterSyscalls(field) => behind(field, " must be before -S"),
        Fault::MalformedField { text, missing } => with(missing_in_field(*missing), text),
        Fault::MalformedCompare { text, missing: Missing::Operator } => {
            behind(text, " only takes = or != operators")
        }
        Fault::MalformedCompare { text, missing } => with(missing_in_compare(*missing), text),
        Fault::UnknownField(field) => with("-F unknown field: ", field),
        Fault::UnknownCompareField(field) => with("-C unknown field: ", field),
        Fault::UnknownCompareValue { field, .. } => {
            with("-C unknown right hand value for comparison with: ", field)
        }
        Fault::ExitOnly(field) => behind(field, " can only be used with exit filter list"),
        Fault::SessionIdList(field) => {
            behind(field, " must be used with exclude, user, or exit filter")
        }
        Fault::FsTypeList(field) => behind(field, " field is not valid for the filter"),
        Fault::EqualityOnly(field) => behind(field, " only takes = or != operators"),
        Fault::EqualOnly(field) => behind(field, " only takes = operator"),
        Fault::FieldUnsupported(field) => with("Field option not supported by kernel: ", field),
        Fault::FilesystemUnsupported(field) => {
            behind(field, " filter is not supported by the kernel")
        }
        Fault::IncomparableFields(field) => with("-C incompatible comparison ", field),
        Fault::FieldNotANumber(field) => with("-F value should be number for ", field),
        Fault::SettingNotANumber { setting, text } => with(setting_range(*setting), text),
        Fault::FieldOutOfRange(field) => with("value is too large for field: ", field),
        Fault::UnknownUser(name) => with("Unknown user: ", name),
        Fault::UnknownGroup(name) => with("Unknown group: ", name),
        Fault::UnknownErrno { field, .. } => with("-F unknown errno - ", field),
        Fault::UnknownMessageType { field, .. } => with("-F unknown message type - ", field),
        Fault::UnknownFileType { field, .. } => with("-F unknown file type -  ", field),
        Fault::UnknownFsType { field, .. } => {
            with("file system type is unknown for field: ", field)
        }
        Fault::UnknownPermission(letter) => {
            [b"Permission ", [*letter].as_slice(), b" isn't supported"].concat()
        }
        Fault::TooManyPermissions(text) => [b"permission ", &**text, b" is too long"].concat(),
        Fault::UnknownSignal(name) => behind(name, " is an unsupported signal"),
        Fault::KeySeparator(key) => [b"key ", &**key, b" has illegal character"].concat(),
        _ => fixed(fault).into(),
    }
}

/// The messages without a part of the rule in them.
fn fixed(fault: &Fault) -> &'static str {
    match fault {
        Fault::StrayOperand(_) => "parameter passed without an option given",
        Fault::NotAlone(alone) => not_alone(*alone),
        Fault::NestedFile => "Error - nested rule files not supported",
        // The line end is auditctl's: an empty line follows on standard error.
        Fault::SecondRule(Verb::Append) => {
            "Multiple rule insert/delete operations are not allowed\n"
        }
        Fault::SecondRule(_) => "Multiple rule insert/delete operations are not allowed",
        Fault::PossibleDeprecated(Verb::Delete) => "Delete rule - possible is deprecated",
        Fault::PossibleDeprecated(_) => "Append rule - possible is deprecated",
        Fault::ListMissing => "List must be given before field",
        Fault::NoList => "Error - no list specified",
        Fault::SyscallsBeforeTask(Verb::Prepend) => {
            "Error: syscall auditing requested for task list"
        }
        Fault::SyscallsBeforeTask(_) => "Syscall auditing requested for task list",
        Fault::SyscallsOnList(list) => syscalls_on_list(*list),
        Fault::SyscallsBeforeEquivalent => "Syscall auditing requested for make equivalent",
        Fault::TooManyFieldsWithPermissions => "Too many fields when adding permissions",
        Fault::UnknownMachine => "Error detecting machine type",
        Fault::MessageTypeList => "msgtype field can only be used with exclude or user filter list",
        Fault::ExcludeFields => {
            "Only msgtype, *uid, *gid, pid, and subj* fields can be used with exclude filter"
        }
        Fault::SettingOverflow(SettingName::BacklogLimit) => "Error converting backlog",
        Fault::SettingOverflow(SettingName::BacklogWaitTime) => {
            "Error converting backlog_wait_time"
        }
        Fault::SettingOverflow(_) => "Error converting rate",
        Fault::BadPermissionField => "Permission can only contain  'rwxa'",
        Fault::TextTooLong { .. } => "String value too long",
        Fault::IllegalMessageCharacter => "Illegal character in audit event",
        Fault::BadPathPair => "Error parsing equivalent parts",
        Fault::KeyMisplaced => "key option needs a watch or syscall given prior to it",
        Fault::KeyFieldMisplaced => {
            "Key field needs a watch, syscall or exe path given prior to it"
        }
        Fault::KeyTooLong => "key option exceeds size limit",
        Fault::PermissionsMisplaced => "permission option needs a watch given prior to it",
        Fault::PermissionsWithoutFields => "Permissions should be preceded by other fields",
        Fault::WatchAfterRule => "watch option can't be given with a syscall",
        Fault::WatchNotFirst => "Watches may not include fields or actions",
        Fault::WatchPathTooLong => "The path passed for the watch is too big",
        Fault::WatchPathRelative => "The path must start with '/'",
        Fault::WatchNameTooLong => "The base name of the path is too big",
        Fault::WatchPathDots => "Warning - relative path notation is not supported",
        Fault::WatchPathWildcard => "Warning - wildcard notation is not supported",
        Fault::SlowWatch => "Old style watch rules are slower",
        Fault::SlowPerm => "perm used without an arch is slower",
        // It refuses words without any option silently, and words a refusal by what it sent.
        _ => "",
    }
}

fn not_alone(alone: Alone) -> &'static str {
    match alone {
        Alone::StatusCount => "Too many options for status command",
        Alone::StatusWith => "Only -i option is allowed",
        Alone::ListCount => "Wrong number of options for list request",
        Alone::ListWith => "Only -k or -i options are allowed",
        Alone::DeleteAllCount => "Wrong number of options for Delete all request",
        Alone::DeleteAllWith => "Only the -k option is allowed",
        Alone::Message => "The -m option must be only the only option and takes 1 parameter",
    }
}

fn syscalls_on_list(list: FilterList) -> &'static str {
    match list {
        FilterList::Task => "Error: syscall auditing being added to task list",
        FilterList::User => "Error: syscall auditing being added to user list",
        FilterList::Filesystem => "Error: syscall auditing being added to filesystem list",
        _ => "Error: syscall auditing cannot be put on exclude list",
    }
}

fn missing_in_field(missing: Missing) -> &'static str {
    match missing {
        Missing::Operator => "-F missing operation for ",
        Missing::Field => "-F missing field name before operator for ",
        Missing::Value => "-F missing value after operation for ",
    }
}

fn missing_in_compare(missing: Missing) -> &'static str {
    match missing {
        Missing::Value => "-C missing value after operation for  ",
        Missing::Field | Missing::Operator => "-C missing field name before operator for ",
    }
}

fn setting_range(setting: SettingName) -> &'static str {
    match setting {
        SettingName::Enabled => "Enable must be 0, 1, or 2 was ",
        SettingName::Failure => "Failure must be 0, 1, or 2 was ",
        SettingName::RateLimit => "Rate must be a numeric value was ",
        SettingName::BacklogLimit => "Backlog must be a numeric value was ",
        SettingName::BacklogWaitTime => "Backlog_wait_time must be a numeric value was ",
    }
}

fn verb_name(verb: Verb) -> &'static str {
    match verb {
        Verb::Append => "Append",
        Verb::Prepend => "Add",
        Verb::Delete => "Delete",
    }
}

fn with(words: &str, part: &[u8]) -> Vec<u8> {
    [words.as_bytes(), part].concat()
}

fn behind(part: &[u8], words: &str) -> Vec<u8> {
    [part, words.as_bytes()].concat()
}
