//! How to mend it.

use super::{errno, quote};
use crate::catalog::{self, Arch};
use crate::diag::fault::{Bytes, Fault};
use crate::syntax::Missing;

pub(super) fn help(fault: &Fault) -> Option<String> {
    let text = match fault {
        Fault::BadKeyword { half: Some(half), .. } if catalog::nearest_keyword(half).is_some() => {
            return catalog::nearest_keyword(half).map(similar);
        }
        Fault::BadKeyword { .. } => {
            "write `list,action`: one of task, exit, user, exclude, filesystem, io_uring, and \
             always or never; such as `always,exit`"
        }
        Fault::SecondRule(_) => "give each rule a line of its own",
        Fault::ListMissing => "put `-a always,exit`, or another list, before it",
        Fault::NoList => "add `-a always,exit`",
        Fault::PossibleDeprecated(_) => "use `always` or `never`, or delete the line",
        Fault::SyscallsOnList(_) | Fault::SyscallsBeforeTask(_) => {
            "leave out `-S`, or use the exit list"
        }
        Fault::UnknownSyscall { name, arch } => return syscall_help(name, *arch),
        Fault::UnknownUringOp { name, .. } => {
            return catalog::nearest_uring_op(name).map(similar);
        }
        Fault::UnknownArch { text, .. } if catalog::nearest_arch(text).is_some() => {
            return catalog::nearest_arch(text).map(similar);
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
        Fault::StrayOperand(word) if word.starts_with(b"#") => "a comment needs a line of its own",
        Fault::StrayOperand(_) => {
            "a value ends at the first space, in quotes too; and what stands behind an option is its \
             value, even if it looks like another option, as in `-k -F`"
        }
        Fault::NoOption => "a rule begins with an option such as `-a` or `-w`",
        Fault::NestedFile => "load the files one after the other",
        Fault::MessageTypeList => "use `-a always,exclude`",
        Fault::IncomparableFields(_) => {
            "user ids are compared with user ids, and group ids with group ids"
        }
        Fault::FieldNotANumber(field) if &**field == b"success" => "write 1 or 0",
        Fault::UnknownFsType { .. } => "write a name such as tracefs or debugfs, or its number",
        Fault::ExitOnly(_) => "use the exit list, or leave out the field",
        Fault::UnknownErrno { text, .. } => {
            let sign = if text.starts_with(b"-") { "-" } else { "" };
            return catalog::nearest_errno(text).map(|name| similar(&format!("{sign}{name}")));
        }
        Fault::UnknownMessageType { text, .. } => {
            return catalog::nearest_msgtype(text).map(similar);
        }
        Fault::UnknownUser(name) if catalog::is_meant(name, "unset") => "did you mean `unset`?",
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
            "name before it the syscalls it is for, if only `-S all`, or a path, dir, perm, exe or \
             fstype"
        }
        Fault::PermissionsWithoutFields => "put `-F path=` or `-F dir=` before `-p`",
        Fault::WatchAfterRule | Fault::WatchNotFirst => {
            "start a line of its own with `-w`, or use `-F path=` instead"
        }
        Fault::SlowWatch => {
            "write `-a always,exit -F arch=b64 -F path=... -F perm=... -k ...`, and the same for b32"
        }
        Fault::AfterLock => "make `-e 2` the last line",
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

fn similar(name: &str) -> String {
    format!("did you mean `{name}`?")
}

fn refused_help(errno: i32, adding: bool, path: &Option<Bytes>) -> Option<String> {
    match (errno, path) {
        (errno::ENOENT, Some(path)) if adding => Some(format!(
            "{} or the directory it is in does not exist; create it, or leave out the rule",
            quote(path)
        )),
        (errno::EPERM, _) => {
            Some("only root may change rules, and nobody while they are locked (`-e 2`)".into())
        }
        (errno::EINVAL, _) => Some(
            "this kernel does not take one of the fields, operators or values; a newer one may"
                .into(),
        ),
        (errno::ENOMEM, _) => Some("the kernel is out of memory".into()),
        _ => None,
    }
}
