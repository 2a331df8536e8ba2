//! What is wrong.

use super::{errno, is_elsewhere, quote};
use crate::diag::fault::{Alone, Fault};
use crate::errno::words;
use crate::syntax::{Cause, Missing, SettingName};

pub(super) fn title(fault: &Fault) -> String {
    match fault {
        Fault::InvalidOption { cause, name, .. } => invalid_option(*cause, name),
        Fault::StrayOperand(word) => format!("unexpected word {}", quote(word)),
        Fault::NoOption => "no option given".into(),
        Fault::NotAlone(alone) => not_alone(*alone).into(),
        Fault::NestedFile => "`-R` stands alone, and not in a file".into(),
        Fault::BadKeyword { text, .. } => {
            format!("{} is not a list and an action", quote(text))
        }
        Fault::SecondRule(_) => "a second rule in one command".into(),
        Fault::PossibleDeprecated(_) => "the action `possible` is deprecated: rule skipped".into(),
        Fault::ListMissing => "a condition before the list".into(),
        Fault::NoList => "syscalls, but no list".into(),
        Fault::SyscallsBeforeTask(_) => "the task list takes no syscalls".into(),
        Fault::SyscallsOnList(list) => format!("the {} list takes no syscalls", list.name()),
        Fault::SyscallsBeforeEquivalent => "`-q` takes no syscalls".into(),
        Fault::TooManyFields(_) | Fault::TooManyFieldsWithPermissions => {
            "a rule has at most 63 fields, the key included".into()
        }
        Fault::UnknownSyscall { name, arch } if is_elsewhere(name) => {
            format!("unknown syscall {} on {}", quote(name), arch.common_name())
        }
        Fault::UnknownSyscall { name, .. } => format!("unknown syscall {}", quote(name)),
        Fault::UnknownUringOp { name, .. } => {
            format!("unknown io_uring operation {}", quote(name))
        }
        Fault::UnknownArch { text, .. } => format!("unknown architecture {}", quote(text)),
        Fault::ArchAfterSyscalls(_) => "`arch` must come before the syscalls it decides".into(),
        Fault::UnknownMachine => "the syscalls of this machine are not known".into(),
        Fault::SyscallMismatch { compat, .. } => {
            format!("without `arch`, other syscalls are meant on {}", compat.common_name())
        }
        Fault::MalformedCompare { missing: Missing::Operator, .. } => {
            "`-C` compares with `=` and `!=` only".into()
        }
        Fault::MalformedField { missing, .. } | Fault::MalformedCompare { missing, .. } => {
            match missing {
                Missing::Operator => "a condition without an operator".into(),
                Missing::Field => "a condition without a field".into(),
                Missing::Value => "a condition without a value".into(),
            }
        }
        Fault::UnknownField(name) | Fault::UnknownCompareField(name) => {
            format!("unknown field {}", quote(name))
        }
        Fault::UnknownCompareValue { value, .. } => format!("unknown field {}", quote(value)),
        _ => title_of_value(fault),
    }
}

fn title_of_value(fault: &Fault) -> String {
    match fault {
        Fault::ExitOnly(field) => format!("{} is for the exit list only", quote(field)),
        Fault::MessageTypeList => "`msgtype` is for the exclude and user lists only".into(),
        Fault::ExcludeFields => "this kernel does not take the field on the exclude list".into(),
        Fault::SessionIdList(_) => {
            "`sessionid` is for the exclude, user and exit lists only".into()
        }
        Fault::FsTypeList(_) => "`fstype` is for the filesystem list only".into(),
        Fault::EqualityOnly(field) => format!("{} takes only `=` and `!=`", quote(field)),
        Fault::EqualOnly(field) => format!("{} takes only `=`", quote(field)),
        Fault::FieldUnsupported(field) => format!("this kernel has no {}", quote(field)),
        Fault::FilesystemUnsupported(_) => "this kernel has no filesystem list".into(),
        Fault::IncomparableFields(_) => "no kernel compares these two fields".into(),
        Fault::FieldNotANumber(field) => format!("the value of {} must be a number", quote(field)),
        Fault::SettingNotANumber { setting, text } => {
            format!("{} {} {}", setting_name(*setting), setting_range(*setting), quote(text))
        }
        Fault::SettingOverflow(setting) => {
            format!("{} is given a number beyond 64 bits", setting_name(*setting))
        }
        Fault::FieldOutOfRange(field) => format!("the value of {} is too large", quote(field)),
        Fault::UnknownUser(name) => format!("unknown user {}", quote(name)),
        Fault::UnknownGroup(name) => format!("unknown group {}", quote(name)),
        Fault::UnknownErrno { text, .. } => format!("unknown error {}", quote(text)),
        Fault::UnknownMessageType { text, .. } => {
            format!("unknown message type {}", quote(text))
        }
        Fault::UnknownFileType { text, .. } => format!("unknown file type {}", quote(text)),
        Fault::UnknownFsType { text, .. } => format!("unknown file system type {}", quote(text)),
        Fault::BadPermissionField => "`perm` takes the letters r, w, x and a only".into(),
        Fault::UnknownPermission(letter) => format!("unknown permission {}", quote(&[*letter])),
        Fault::TooManyPermissions(_) => "more than four permissions".into(),
        Fault::TextTooLong { field } => format!("the value of {} is too long", quote(field)),
        Fault::IllegalMessageCharacter => "a character that no audit message may have".into(),
        Fault::UnknownSignal(name) => format!("unknown signal {}", quote(name)),
        Fault::BadPathPair => "`-q` takes a mount point and a subtree".into(),
        Fault::KeyMisplaced | Fault::KeyFieldMisplaced => {
            "the rule has nothing yet that a key can be for".into()
        }
        Fault::KeyTooLong => "the keys of the rule are too long".into(),
        Fault::KeySeparator(_) => "a key with the byte 0x01 in it".into(),
        Fault::PermissionsMisplaced => "permissions for nothing".into(),
        Fault::PermissionsWithoutFields => "permissions before any field".into(),
        Fault::WatchAfterRule => "a watch in the middle of a rule".into(),
        Fault::WatchNotFirst => "a watch behind other parts of a rule".into(),
        Fault::WatchPathTooLong => "the path is too long".into(),
        Fault::WatchPathRelative => "the path is not absolute".into(),
        Fault::WatchNameTooLong => "the last name of the path is too long".into(),
        Fault::WatchPathDots => "`..` in a path is taken literally".into(),
        Fault::WatchPathWildcard => "wildcards in a path are taken literally".into(),
        Fault::SlowWatch => "a watch is tested at every syscall".into(),
        Fault::SlowPerm => "without `arch` before it, `perm` is tested at every syscall".into(),
        Fault::Refused { errno, adding, .. } => refused(*errno, *adding),
        Fault::AfterLock => "nothing can be changed any more".into(),
        Fault::WouldBeRefused { reason, field: None } => {
            format!("the kernel will refuse this rule: {reason}")
        }
        Fault::WouldBeRefused { reason, field: Some(field) } => {
            format!("the kernel will refuse this rule: {reason} (`{field}`)")
        }
        _ => String::new(),
    }
}

fn invalid_option(cause: Cause, name: &[u8]) -> String {
    let dashes = if name.len() > 1 { "--" } else { "-" };
    let option = quote(&[dashes.as_bytes(), name].concat());
    match cause {
        Cause::Unknown => format!("unknown option {option}"),
        Cause::Ambiguous => format!("ambiguous option {option}"),
        Cause::ValueMissing => format!("option {option} needs a value"),
        Cause::ValueUnwanted => format!("option {option} takes no value"),
    }
}

fn not_alone(alone: Alone) -> &'static str {
    match alone {
        Alone::StatusCount | Alone::StatusWith => "`-s` stands alone, or with `-i`",
        Alone::ListCount | Alone::ListWith => {
            "`-l` stands alone, with `-i`, or with `-k` and a key"
        }
        Alone::DeleteAllCount | Alone::DeleteAllWith => "`-D` stands alone, or with `-k` and a key",
        Alone::Message => "`-m` stands alone",
    }
}

fn setting_name(setting: SettingName) -> &'static str {
    match setting {
        SettingName::Enabled => "`-e`",
        SettingName::Failure => "`-f`",
        SettingName::RateLimit => "`-r`",
        SettingName::BacklogLimit => "`-b`",
        SettingName::BacklogWaitTime => "`--backlog_wait_time`",
    }
}

fn setting_range(setting: SettingName) -> &'static str {
    match setting {
        SettingName::Enabled | SettingName::Failure => "takes 0, 1 or 2, not",
        _ => "takes a number, not",
    }
}

fn refused(errno: i32, adding: bool) -> String {
    let what = match (errno, adding) {
        (errno::EEXIST, _) => "the kernel has this rule already".into(),
        (errno::ENOENT, true) => "the path of the rule cannot be watched".into(),
        (errno::ENOENT, false) => "the kernel has no such rule".into(),
        _ => return format!("the kernel refuses this: {}", words(errno)),
    };
    let what: String = what;
    format!("{what} ({})", words(errno))
}
