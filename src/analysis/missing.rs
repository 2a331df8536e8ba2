//! Rules that name syscalls which a kernel does not have.

use std::collections::BTreeMap;

use super::arming::{Arming, has_all, syscall_name};
use super::load::Origin;
use super::perm_masks::{PermMasks, perm_bits};
use crate::catalog::{self, Arch, KernelVersion, Operator};
use crate::rule::{Field, NumberId, Op, Rule};

/// A syscall that rules name but the kernel does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingSyscall {
    /// The arch of the rules.
    pub arch: Arch,
    /// The number.
    pub nr: u32,
    /// Its name, if any known kernel has it.
    pub name: Option<&'static str>,
    /// The first kernel that has it, if that is newer than this one.
    pub since: Option<KernelVersion>,
    /// The origins of the rules, in order.
    pub rules: Vec<Origin>,
}

/// Returns the syscalls that rules of the exit list name but a kernel of this version does not have.
/// Without a version, these are the numbers beyond its table and those that no known kernel has.
/// Syscalls that only `perm` adds are left out.
pub fn missing(arming: &Arming, version: Option<KernelVersion>) -> Vec<MissingSyscall> {
    let mut found: BTreeMap<(Arch, u32), MissingSyscall> = BTreeMap::new();
    let mut added = PermMasks::default();
    for kernel_rule in arming
        .exit_rules()
        .filter(|kernel_rule| !has_all(&kernel_rule.rule.mask, arming.nr_syscalls))
    {
        let arch = arch_of(kernel_rule.rule).unwrap_or(arming.arch);
        let perm = kernel_rule.rule.fields.iter().find_map(perm_bits);
        let added = perm.map(|bits| added.of(arch, bits));
        for nr in kernel_rule.rule.mask.iter() {
            if added.is_some_and(|added| added.contains(nr)) {
                continue;
            }
            let since = catalog::syscall_since(arch, nr);
            let too_new = since.filter(|since| version.is_some_and(|version| *since > version));
            if too_new.is_none() && nr < arming.nr_syscalls && is_known(arch, nr) {
                continue;
            }
            let missing = found.entry((arch, nr)).or_insert_with(|| MissingSyscall {
                arch,
                nr,
                name: syscall_name(arch, nr),
                since: since.filter(|since| version.is_none_or(|version| *since > version)),
                rules: Vec::new(),
            });
            missing.rules.push(kernel_rule.origin.clone());
        }
    }
    found.into_values().collect()
}

/// Returns whether some kernel has the syscall. auditctl knows a few that were removed.
fn is_known(arch: Arch, nr: u32) -> bool {
    catalog::find_syscall(arch, nr).is_some_and(|syscall| syscall.kernel_name.is_some())
}

/// Returns the arch that the rule requires.
fn arch_of(rule: &Rule) -> Option<Arch> {
    rule.fields.iter().find_map(|field| match field {
        Field::Number { id: NumberId::ARCH, op: Op::Known(Operator::Equal), value } => {
            Arch::from_elf(*value)
        }
        _ => None,
    })
}
