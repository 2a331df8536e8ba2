//! What is said at the place itself.

use super::is_elsewhere;
use crate::catalog;
use crate::diag::fault::Fault;
use crate::syntax::{Cause, LONG};

pub(super) fn label(fault: &Fault) -> String {
    match fault {
        Fault::InvalidOption { cause: Cause::ValueMissing, .. } => "its value is missing".into(),
        Fault::InvalidOption { cause: Cause::ValueUnwanted, .. } => "it takes no value".into(),
        Fault::InvalidOption { cause: Cause::Ambiguous, name, .. } => candidates(name),
        Fault::InvalidOption { .. } => "no such option".into(),
        Fault::StrayOperand(_) => "belongs to no option".into(),
        Fault::UnknownSyscall { name, arch }
            if catalog::kernel_syscall_number(*arch, name).is_some() =>
        {
            "auditctl does not know it by this name".into()
        }
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
        Fault::BadPermissionField | Fault::UnknownPermission(_) => {
            "permissions are r, w, x and a".into()
        }
        Fault::BadKeyword { half: Some(_), .. } => "neither a list nor an action".into(),
        Fault::ExitOnly(_)
        | Fault::MessageTypeList
        | Fault::SessionIdList(_)
        | Fault::FsTypeList(_) => "not on this list".into(),
        Fault::Refused { .. } => "refused by the kernel".into(),
        Fault::AfterLock => "`-e 2` stands before it".into(),
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

/// The long options that begin so.
fn candidates(name: &[u8]) -> String {
    let names = LONG.iter().filter(|(long, ..)| long.starts_with(name));
    let names: Vec<String> =
        names.map(|(long, ..)| format!("`--{}`", String::from_utf8_lossy(long))).collect();
    format!("could be {}", names.join(" or "))
}
