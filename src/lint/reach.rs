//! The syscalls for which a rule can match: its mask, without those that its conditions on files exclude.

use foldhash::HashMap;

use crate::catalog::{self, Arch, field};
use crate::model::AccessTable;
use crate::model::names_no_file;
use crate::relate::word_size::WordSize;
use crate::rule::{Field, Mask, NumberId, Op, Rule};
use crate::ruleset::CompiledSet;

/// What syscalls do on the arches of a machine.
pub(super) struct Reach {
    arches: Vec<OfArch>,
    known: HashMap<(Mask, u32, bool, WordSize), Mask>,
}

struct OfArch {
    arch: Arch,
    kinds: AccessTable,
    nameless: Mask,
}

impl Reach {
    pub(super) fn of(set: &CompiledSet<'_, '_>) -> Self {
        let arches = [Some(set.arch), set.arch.compat()].into_iter().flatten();
        let arches = arches.map(|arch| OfArch {
            arch,
            kinds: AccessTable::of(set.profile, arch),
            nameless: nameless(arch),
        });
        Reach { arches: arches.collect(), known: HashMap::default() }
    }

    /// Returns the syscalls for which a rule of the list exit can match.
    pub(super) fn mask(&mut self, rule: &Rule) -> Mask {
        let (perm, has_path) = about_files(rule);
        if perm.is_none() && !has_path {
            return rule.mask.clone();
        }
        self.reached(rule, perm, has_path, WordSize::of(rule))
    }

    /// Returns the syscalls of an arch for which a rule of the list exit can match, if it is for that arch.
    pub(super) fn on(&mut self, rule: &Rule, arch: Arch) -> Mask {
        let (perm, has_path) = about_files(rule);
        match perm.is_none() && !has_path {
            true => rule.mask.clone(),
            false => self.reached(rule, perm, has_path, WordSize::Only(arch)),
        }
    }

    fn reached(&mut self, rule: &Rule, perm: Option<u32>, has_path: bool, size: WordSize) -> Mask {
        let bits = perm.unwrap_or(u32::MAX);
        let arches = self.arches.iter().filter(|one| match size {
            WordSize::Only(arch) => arch == one.arch,
            WordSize::Any | WordSize::Other => true,
        });
        let arches: Vec<&OfArch> = arches.collect();
        let key = (rule.mask.clone(), bits, has_path, size);
        let can_match = |number: &u32| {
            arches.iter().any(|one| {
                let is_access =
                    one.kinds.get(*number).is_some() && !one.kinds.never_matches(*number, bits);
                (perm.is_none() || is_access) && !(has_path && one.nameless.contains(*number))
            })
        };
        let reached = self.known.entry(key).or_insert_with(|| {
            let mut mask = Mask::EMPTY;
            for number in rule.mask.iter().filter(can_match) {
                let _ = mask.insert(number);
            }
            mask
        });
        reached.clone()
    }
}

/// Returns the value of `perm`, and whether a rule names a file or a tree.
fn about_files(rule: &Rule) -> (Option<u32>, bool) {
    let perm = rule.fields.iter().find_map(|condition| match condition {
        Field::Number { id: NumberId::PERM, op: Op::EQUAL, value } => Some(*value),
        _ => None,
    });
    let has_path = rule.fields.iter().any(|one| matches!(one.number(), field::PATH | field::DIR));
    (perm, has_path)
}

/// Returns the syscalls of an arch that name no file, and the numbers without a syscall.
fn nameless(arch: Arch) -> Mask {
    let mut mask = Mask::EMPTY;
    for number in 0..Mask::FIRST_CLASS_BIT {
        if catalog::kernel_syscall_name(arch, number).is_none_or(names_no_file) {
            let is_in_mask = mask.insert(number);
            debug_assert!(is_in_mask, "a number below the classes");
        }
    }
    mask
}
