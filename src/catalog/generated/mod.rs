//! Tables of the catalog.
//!
//! Generated from `grammar/vocab` by `cargo xtask vocab`; edit the source instead.

pub(super) mod actions;
pub(super) mod arches;
pub(super) mod argument_names;
pub(super) mod arguments;
pub(super) mod auditctl_names;
pub(super) mod compare;
pub(super) mod errnos;
pub(super) mod families;
pub(super) mod fields;
pub(super) mod filetypes;
pub(super) mod fstypes;
pub(super) mod lists;
pub(super) mod magic;
pub(super) mod meanings;
pub(super) mod msgtypes;
pub(super) mod multiplexers;
pub(super) mod operators;
pub(super) mod parameters;
pub(super) mod perms;
pub(super) mod replacements;
pub(super) mod successors;
pub(super) mod syscall_names;
pub(super) mod syscalls_aarch64;
pub(super) mod syscalls_arm;
pub(super) mod syscalls_i386;
pub(super) mod syscalls_loongarch64;
pub(super) mod syscalls_mips;
pub(super) mod syscalls_mips64;
pub(super) mod syscalls_ppc;
pub(super) mod syscalls_ppc64;
pub(super) mod syscalls_riscv32;
pub(super) mod syscalls_riscv64;
pub(super) mod syscalls_s390;
pub(super) mod syscalls_s390x;
pub(super) mod syscalls_x86_64;
pub(super) mod uring_ops;
