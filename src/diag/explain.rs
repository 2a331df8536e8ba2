//! The same fault for the person who must mend the rule: what it is, what stands there, how to mend it.

use std::fmt::Write as _;

use super::fault::{Alone, Bytes, Fault};
use crate::catalog::{self, Arch};
use crate::rule::FilterList;
use crate::syntax::{Cause, Missing, SettingName};

/// A fault in three sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong.
    pub title: String,
    /// What is said at the place itself.
    pub label: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// Explains a fault.
pub fn explain(fault: &Fault) -> Explanation {
    Explanation { title: title(fault), label: label(fault), help: help(fault) }
}

fn title(fault: &Fault) -> String {
    match fault {
        Fault::InvalidOption { cause, name, .. } => invalid_option(*cause, name),
        Fault::StrayOperand(word) => format!("unexpected word {}", quote(word)),
        Fault::NoOption => "no option given".into(),
        Fault::NotAlone(alone) => not_alone(*alone).into(),
        Fault::NestedFile => "`-R` cannot be combined with anything else".into(),
        Fault::BadKeyword { text, .. } => {
            format!("{} is not a list and an action", quote(text))
        }
        Fault::SecondRule(_) => "a second rule in one command".into(),
        Fault::PossibleDeprecated(_) => "the action `possible` is deprecated: rule skipped".into(),
        Fault::ListMissing => "a condition before the list".into(),
        Fault::NoList => "syscalls, but no list".into(),
        Fault::SyscallsBeforeTask(_) => "the task list takes no syscalls".into(),
        Fault::SyscallsOnList(list) => format!("the {} list takes no syscalls", list_name(*list)),
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
        Fault::KeyMisplaced | Fault::KeyFieldMisplaced => "a key for nothing".into(),
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
        _ => String::new(),
    }
}

fn label(fault: &Fault) -> String {
    match fault {
        Fault::InvalidOption { cause: Cause::ValueMissing, .. } => "its value is missing".into(),
        Fault::InvalidOption { cause: Cause::ValueUnwanted, .. } => "it takes no value".into(),
        Fault::InvalidOption { cause: Cause::Ambiguous, .. } => "could be several options".into(),
        Fault::InvalidOption { .. } => "no such option".into(),
        Fault::StrayOperand(_) => "belongs to no option".into(),
        Fault::UnknownSyscall { name, arch } if is_elsewhere(name) => {
            format!("not on {}", arch.common_name())
        }
        Fault::UnknownSyscall { arch, .. } => {
            format!("{} has no such syscall", arch.common_name())
        }
        Fault::SyscallMismatch { arch, .. } => {
            format!("looked up for {} only", arch.common_name())
        }
        Fault::UnknownArch { .. } => "not an architecture of this machine".into(),
        Fault::KeyMisplaced | Fault::KeyFieldMisplaced => {
            "no syscall, watch, path, exe or fstype stands before it".into()
        }
        Fault::PermissionsMisplaced => "no list or watch stands before it".into(),
        Fault::TextTooLong { .. } | Fault::KeyTooLong | Fault::WatchPathTooLong => {
            limit(fault).into()
        }
        Fault::WatchNameTooLong => "at most 255 bytes".into(),
        Fault::ExitOnly(_)
        | Fault::MessageTypeList
        | Fault::SessionIdList(_)
        | Fault::FsTypeList(_) => "not on this list".into(),
        Fault::Refused { .. } => "refused by the kernel".into(),
        _ => String::new(),
    }
}

fn limit(fault: &Fault) -> &'static str {
    match fault {
        Fault::KeyTooLong => "at most 256 bytes for all keys together",
        Fault::TextTooLong { field } if &**field == b"key" => "at most 256 bytes",
        Fault::TextTooLong { field } if &**field == b"perm" => "at most four letters",
        _ => "at most 4096 bytes",
    }
}

fn help(fault: &Fault) -> Option<String> {
    let text = match fault {
        Fault::BadKeyword { .. } => {
            "write `list,action`: one of task, exit, user, exclude, filesystem, io_uring, and \
             always or never"
        }
        Fault::SecondRule(_) => "give each rule a line of its own",
        Fault::ListMissing => "put `-a always,exit`, or another list, before it",
        Fault::NoList => "add `-a always,exit`",
        Fault::PossibleDeprecated(_) => "use `always` or `never`, or delete the line",
        Fault::SyscallsOnList(_) | Fault::SyscallsBeforeTask(_) => {
            "leave out `-S`, or use the exit list"
        }
        Fault::TooManyFields(_) | Fault::TooManyFieldsWithPermissions => "split the rule in two",
        Fault::UnknownSyscall { name, arch } => return syscall_help(name, *arch),
        Fault::UnknownUringOp { name, .. } => {
            return catalog::nearest_uring_op(name).map(similar);
        }
        Fault::UnknownArch { .. } => {
            "write b64 or b32, or the name of a machine such as x86_64, aarch64, s390x"
        }
        Fault::ArchAfterSyscalls(_) => "move `-F arch=...` to the front of the rule",
        Fault::SyscallMismatch { .. } => {
            "write two rules, one with `-F arch=b64` and one with `-F arch=b32` before `-S`"
        }
        Fault::UnknownField(name) | Fault::UnknownCompareField(name) => {
            return catalog::nearest_field(name).map(similar);
        }
        Fault::UnknownCompareValue { value, .. } => {
            return catalog::nearest_field(value).map(similar);
        }
        Fault::MalformedField { missing: Missing::Operator, .. } => {
            "write field, operator and value without spaces; operators are = != < <= > >= & &="
        }
        Fault::MalformedCompare { .. } => "write `-C field=field` or `-C field!=field`",
        Fault::ExitOnly(_) => "use the exit list, or leave out the field",
        Fault::UnknownErrno { text, .. } => return catalog::nearest_errno(text).map(similar),
        Fault::UnknownMessageType { text, .. } => {
            return catalog::nearest_msgtype(text).map(similar);
        }
        Fault::UnknownUser(_) | Fault::UnknownGroup(_) => {
            "use a number if the account is to be made later"
        }
        Fault::UnknownFileType { .. } => {
            "write one of file, dir, socket, link, character, block, fifo"
        }
        Fault::UnknownSignal(_) => {
            "write one of TERM (stop), HUP (reload), USR1 (rotate), USR2 (resume), CONT (state)"
        }
        Fault::BadPathPair => "write `-q mount,subtree`",
        Fault::KeyMisplaced | Fault::KeyFieldMisplaced => {
            "say first what the key is for: `-S`, a watch, or the field path, dir, perm, exe or fstype"
        }
        Fault::PermissionsWithoutFields => "put `-F path=` or `-F dir=` before `-p`",
        Fault::WatchAfterRule | Fault::WatchNotFirst => {
            "start a line of its own with `-w`, or use `-F path=` instead"
        }
        Fault::SlowWatch => {
            "write `-a always,exit -F arch=b64 -F path=... -F perm=... -k ...`, and the same for b32"
        }
        Fault::SlowPerm => "put `-F arch=b64` before it, and write a second rule for b32",
        Fault::Refused { errno, adding, path } => return refused_help(*errno, *adding, path),
        _ => return None,
    };
    Some(text.into())
}

fn syscall_help(name: &[u8], arch: Arch) -> Option<String> {
    let on = arch.common_name();
    if let Some(spelling) = catalog::auditctl_spelling(arch, name) {
        return Some(format!("auditctl calls it `{spelling}`"));
    }
    if let Some(instead) = catalog::replacement(arch, name) {
        return Some(format!("{on} has only `{instead}`, which does the same job"));
    }
    if let Some(number) = catalog::kernel_syscall_number(arch, name) {
        return Some(format!("auditctl has no name for it; its number on {on} is {number}"));
    }
    catalog::nearest_syscall(arch, name)
        .map(|near| format!("a syscall with a similar name exists: `{near}`"))
}

/// Whether another arch has a syscall of this name.
fn is_elsewhere(name: &[u8]) -> bool {
    Arch::ALL.iter().any(|arch| catalog::syscall_number(*arch, name).is_some())
}

fn similar(name: &str) -> String {
    format!("did you mean `{name}`?")
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

fn list_name(list: FilterList) -> &'static str {
    match list {
        FilterList::Task => "task",
        FilterList::User => "user",
        FilterList::Filesystem => "filesystem",
        _ => "exclude",
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
        (libc_errno::EEXIST, _) => "the kernel has this rule already".into(),
        (libc_errno::ENOENT, true) => "the path of the rule cannot be watched".into(),
        (libc_errno::ENOENT, false) => "the kernel has no such rule".into(),
        _ => return format!("the kernel refuses this: {}", os_error(errno)),
    };
    let what: String = what;
    format!("{what} ({})", os_error(errno))
}

fn refused_help(errno: i32, adding: bool, path: &Option<Bytes>) -> Option<String> {
    match (errno, path) {
        (libc_errno::ENOENT, Some(path)) if adding => Some(format!(
            "{} or the directory it is in does not exist; create it, or leave out the rule",
            quote(path)
        )),
        (libc_errno::EPERM, _) => {
            Some("only root may change rules, and nobody while they are locked (`-e 2`)".into())
        }
        (libc_errno::EINVAL, _) => Some(
            "this kernel does not take one of the fields, operators or values; a newer one may"
                .into(),
        ),
        (libc_errno::ENOMEM, _) => Some("the kernel is out of memory".into()),
        _ => None,
    }
}

/// The kernel's numbers for what it answers, the same on every arch.
mod libc_errno {
    pub(super) const EPERM: i32 = 1;
    pub(super) const ENOENT: i32 = 2;
    pub(super) const ENOMEM: i32 = 12;
    pub(super) const EEXIST: i32 = 17;
    pub(super) const EINVAL: i32 = 22;
}

/// The C library's words for an errno.
fn os_error(errno: i32) -> String {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    text.split(" (os error").next().unwrap_or_default().into()
}

/// Bytes of a rule between backquotes, what cannot be printed as `\x..`.
fn quote(bytes: &[u8]) -> String {
    let mut quoted = String::from("`");
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char.is_control() {
                true => quoted.extend(char.escape_default()),
                false => quoted.push(char),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push('`');
    quoted
}
