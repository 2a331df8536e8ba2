//! Names and numbers of everything in a rule: arches, syscalls, fields, operators, lists and more.
//!
//! Every function is a lookup in a static table, without allocation. `cargo xtask vocab` generates the
//! tables from `grammar/vocab/*.tsv`; no other module has numbers of its own.
//! Names are bytes, as in a rules file, and are compared as auditctl compares them: letters
//! in any case, except for actions.
//!
//! ```
//! use rauditctl::catalog::{Arch, field, field_number, syscall_name, syscall_number};
//!
//! assert_eq!(syscall_number(Arch::X86_64, b"openat"), Some(257));
//! assert_eq!(syscall_name(Arch::I386, 10), Some("unlink"));
//! assert_eq!(field_number(b"auid"), Some(field::AUID));
//! ```

mod account;
mod arch;
pub mod argument;
mod auditctl_version;
mod by_hash;
mod compare;
mod errno;
mod family;
mod features;
mod field_row;
mod filetype;
mod fstype;
#[rustfmt::skip]
mod generated;
mod kernel_version;
mod list;
mod lookup;
mod meaning;
mod msgtype;
mod operator;
mod path_name;
mod perm;
mod suggest;
mod syscall;
mod syscall_table;
mod uring;

/// The numbers of the fields.
pub mod field {
    pub use super::generated::fields::numbers::*;
}

/// The numbers of the types of records and messages.
pub mod record {
    pub use super::generated::msgtypes::numbers::*;
}

pub use account::{FIRST_MADE_UP_ACCOUNT, may_be_made_up};
pub use arch::Arch;
pub use auditctl_version::{
    AuditctlVersion, auditctl_since, auditctl_since_field, auditctl_since_list,
};
pub use compare::{compare_number, compare_pair, compare_pairs};
pub use errno::{errno_name, errno_number, errnos};
pub use family::{AF_MAX, family_name, family_number};
pub use features::Features;
pub use field_row::{
    FieldKind, FieldRow, OperatorSet, field_info, field_name, field_number, nearest_field,
};
pub use filetype::{filetype_name, filetype_number, filetypes};
pub(crate) use fstype::unnamed_fstype_number;
pub use fstype::{fstype_name, fstype_number, fstypes};
pub use kernel_version::KernelVersion;
pub use list::{KnownAction, KnownList, PREPEND};
pub use meaning::{Meaning, Word, meaning, meanings};
pub use msgtype::{kernel_msgtype_name, msgtype_name, msgtype_number, msgtypes};
pub(crate) use msgtype::{kernel_msgtype_number, nearest_msgtype};
pub use operator::Operator;
pub use path_name::PathKind;
pub(crate) use path_name::{names_a_directory, names_a_file};
pub use perm::{Perm, perm_syscalls};
pub use suggest::{auditctl_spelling, multiplexer, nearest_syscall, replacement, successors};
pub(crate) use suggest::{
    is_meant, nearest, nearest_arch, nearest_errno, nearest_keyword, nearest_uring_op,
};
pub(crate) use syscall::find_syscall;
pub use syscall::{
    Syscall, kernel_syscall_name, kernel_syscall_number, syscall_name, syscall_number,
    syscall_since, syscalls,
};
pub use uring::{uring_op_name, uring_op_number, uring_ops};
