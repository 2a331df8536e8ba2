//! `-S`: syscalls by name and number, and io_uring operations.

use std::sync::OnceLock;

use super::number::{signed, starts_with_digit};
use super::{Compiler, Flow, Outcome};
use crate::catalog::{self, Arch, KnownList, Perm};
use crate::diag::{RuleFault, SyscallFault, WatchFault};
use crate::rule::{FilterList, Mask};
use crate::syntax::{SyscallList, Text};

/// The name of every number in `-S` and `-F`.
const ALL: &[u8] = b"all";

impl Compiler<'_> {
    pub(super) fn syscalls(&mut self, list: &SyscallList<'_>) -> Outcome {
        let lists = [self.rule.add.map(|(list, _)| list), self.rule.delete];
        let on = |list| lists.contains(&Some(list));
        if on(FilterList::IoUring) {
            return self.uring_ops(list);
        }
        for without in [KnownList::Task, KnownList::User, KnownList::Filesystem] {
            if on(without.into()) {
                self.note(RuleFault::SyscallsOnList(without), list.text.span());
                return Err(Flow::Abandoned);
            }
        }
        if self.seen.exclude_list {
            self.note(RuleFault::SyscallsOnList(KnownList::Exclude), list.text.span());
            return Err(Flow::Abandoned);
        }

        if self.faults.in_arch {
            self.seen.syscalls = true;
            return Ok(Flow::Next);
        }
        let arch_given = self.rule.arch.is_some();
        let Some(arch) = self.rule.arch.or_else(|| self.host.machine()) else {
            self.note(SyscallFault::UnknownMachine, list.text.span());
            return Err(Flow::Abandoned);
        };
        self.rule.arch = Some(arch);
        self.add_syscalls(list, arch)?;
        self.seen.syscalls = true;
        if !arch_given && self.rule.add.is_some() {
            self.check_mismatch(list, arch);
        }
        Ok(Flow::Next)
    }

    /// Sets the bit of each name, and reports unknown names.
    fn add_syscalls(&mut self, list: &SyscallList<'_>, arch: Arch) -> Result<(), Flow> {
        let mut result = Ok(());
        for name in list.names() {
            if insert_syscall(&mut self.rule.mask, arch, name.bytes()) {
                if starts_with_digit(name.bytes()) {
                    self.check_number(&name);
                }
                continue;
            }
            let listed = catalog::replacement(arch, name.bytes()).filter(|replacement| {
                let number = catalog::syscall_number(arch, replacement.as_bytes());
                list.names().any(|other| other.bytes() == replacement.as_bytes())
                    || number.is_some_and(|number| self.rule.mask.contains(number))
            });
            let fault = SyscallFault::Unknown { name: name.bytes().into(), arch, listed };
            result = self.fail(fault, name.span());
            if self.options.is_first_only() {
                break;
            }
        }
        // Other faults of the rule do not depend on these names.
        self.seen.syscalls |= !self.options.is_first_only();
        result
    }

    /// Warns about names with other numbers on the 32-bit side. Without an arch, the names are looked up in this
    /// machine's own table, so the rule probably does not do what its author intended.
    fn check_mismatch(&mut self, list: &SyscallList<'_>, arch: Arch) {
        if self.faults.any {
            return;
        }
        let compat = mismatch_side(arch);
        let mut mask = Mask::EMPTY;
        for name in list.names() {
            insert_syscall(&mut mask, compat, name.bytes());
        }
        if mask != self.rule.mask {
            let fault = SyscallFault::Mismatch { line: self.options.line, arch, compat };
            self.note(fault, list.text.span());
        }
    }

    /// Adds the syscalls of these permissions that the arch has. Without an arch the rule is tested at every
    /// syscall.
    pub(super) fn add_permission_syscalls(&mut self, perms: u32, text: &Text<'_>) {
        let Some(arch) = self.rule.arch else {
            // auditctl prints the message for each letter.
            if self.options.is_first_only() || !self.faults.slow_perm {
                self.note(WatchFault::SlowPerm, text.span());
            }
            self.faults.slow_perm = true;
            return;
        };
        self.rule.mask.extend_with(&of_permissions(arch, perms));
        self.seen.syscalls = true;
    }

    fn uring_ops(&mut self, list: &SyscallList<'_>) -> Outcome {
        // A list that consists of commas has no names; auditctl reports it as an unknown operation.
        let nothing = list.names().next().is_none().then(|| list.text.clone());
        let mut result = Ok(Flow::Next);
        for name in list.names().chain(nothing) {
            if self.insert_uring_op(name.bytes()) {
                continue;
            }
            let fault = SyscallFault::UnknownUringOp {
                name: name.bytes().into(),
                text: list.text.bytes().into(),
            };
            result = self.fail(fault, name.span());
            if self.options.is_first_only() {
                break;
            }
        }
        if result.is_ok() || !self.options.is_first_only() {
            self.seen.syscalls = true;
            self.rule.is_sent = true;
        }
        result
    }

    fn insert_uring_op(&mut self, name: &[u8]) -> bool {
        if name == ALL {
            return (0..KNOWN_URING_OPS)
                .filter(|op| catalog::uring_op_name(*op).is_some())
                .all(|op| self.rule.mask.insert(op));
        }
        insert_number(&mut self.rule.mask, catalog::uring_op_number(name), name)
    }
}

/// The number of io_uring operations that auditctl lists and that `-S all` selects (`IORING_OP_LAST`,
/// auditctl-listing.c).
const KNOWN_URING_OPS: u32 = 37;

/// Sets the bit of a syscall given by name or number. Returns `false` if there is no such syscall.
fn insert_syscall(mask: &mut Mask, arch: Arch, name: &[u8]) -> bool {
    if name == ALL {
        *mask = Mask::ALL;
        return true;
    }
    insert_number(mask, catalog::syscall_number(arch, name), name)
}

fn insert_number(mask: &mut Mask, known: Option<u32>, name: &[u8]) -> bool {
    let number = match known {
        Some(number) => Some(number),
        // auditctl reads an `int`: numbers from 2147483648 on are negative and refused.
        None if starts_with_digit(name) => {
            i32::try_from(signed(name).low32()).ok().and_then(|number| u32::try_from(number).ok())
        }
        None => None,
    };
    number.is_some_and(|number| mask.insert(number))
}

/// Returns the syscalls of permissions, which are given as the bits of the field `perm`. A set may have many rules with
/// the same permissions; their masks share the memory.
fn of_permissions(arch: Arch, perms: u32) -> Mask {
    static MASKS: [[OnceLock<Mask>; 16]; Arch::ALL.len()] =
        [const { [const { OnceLock::new() }; 16] }; Arch::ALL.len()];
    let collect = || {
        let mut mask = Mask::EMPTY;
        let asked = Perm::ALL.into_iter().filter(|perm| perms & perm.bit() != 0);
        for number in asked.flat_map(|perm| perm.numbers(arch)) {
            // The numbers of MIPS do not fit into the mask.
            let _ = mask.insert(*number);
        }
        mask
    };
    let known = MASKS.get(arch as usize).and_then(|masks| masks.get(perms as usize));
    known.map_or_else(collect, |mask| mask.get_or_init(collect).clone())
}

/// Returns the 32-bit side whose numbers auditctl compares (`check_rule_mismatch`, auditctl.c). It ignores arm beside
/// aarch64 and riscv32 beside riscv64, and compares the machine's own numbers instead: these differ only if a watch
/// has set more bits of the mask.
fn mismatch_side(arch: Arch) -> Arch {
    match arch {
        Arch::X86_64 | Arch::Ppc64 | Arch::S390x => arch.compat().unwrap_or(arch),
        _ => arch,
    }
}
