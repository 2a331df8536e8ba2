//! What rules cost a workload: which of its calls are armed, how many rules are tested for them, and
//! about how many instructions that takes.
//!
//! The estimate is for calls that no rule matches, and so without the records of those that one
//! does: the [`Steps`] of a call, each times its coefficient. The
//! coefficients are measured; see [`Calibration`].

mod calibration;
mod paths;
#[cfg(test)]
mod tests;

pub use calibration::{BadCalibration, Calibration, Coefficients, Point, Rules};

use super::arming::{Arming, KernelRule, syscall_name};
use super::verdict::{Side, Verdict};
use super::workload::{Call, Workload};
use crate::catalog::{Arch, field as number};
use crate::rule::{Action, Rule};

/// Lists that the kernel keeps rules by inode in (`AUDIT_INODE_BUCKETS`); a file's own is walked.
const INODE_LISTS: f64 = 32.0;

/// What rules cost a workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// All calls of the workload, those to unknown syscalls aside.
    pub calls: u64,
    /// How long it was watched, if that is known.
    pub seconds: Option<f64>,
    /// On a stock kernel.
    pub stock: Total,
    /// On one with the bitmap.
    pub bitmap: Total,
    /// Each syscall, the one first that costs a stock kernel most.
    pub syscalls: Vec<SyscallCost>,
    /// Calls to what is no syscall on this kernel, in the order of the workload.
    pub unknown: Vec<Call>,
}

/// What rules cost all calls together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    /// Calls that are armed.
    pub armed: u64,
    /// Those of them that no rule can record.
    pub needless: u64,
    /// Rules tested. A fraction, for rules by inode are spread over lists of which one is walked.
    pub tests: f64,
    /// Instructions that arming and the rules add.
    pub instructions: f64,
}

/// What rules cost one syscall of the workload.
#[derive(Clone, Debug, PartialEq)]
pub struct SyscallCost {
    /// The arch of the program.
    pub arch: Arch,
    /// The number of the syscall.
    pub nr: u32,
    /// Its name there.
    pub name: Option<&'static str>,
    /// How often it is called.
    pub calls: u64,
    /// Whether some rule can record it.
    pub is_wanted: bool,
    /// Whether a stock kernel arms it.
    pub stock_armed: bool,
    /// Whether a kernel with the bitmap does.
    pub bitmap_armed: bool,
    /// Rules tested for an armed call.
    pub tests: f64,
    /// Instructions added to an armed call.
    pub instructions: f64,
}

/// What the kernel does for an armed call that no rule matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Rules on the walk that do not have the syscall in their mask.
    pub missed: usize,
    /// Rules on the walk that have it.
    pub entered: usize,
    /// Fields of these that are compared.
    pub fields: usize,
    /// Those of them that are a `perm`.
    pub perms: usize,
    /// Paths that the call looks up.
    pub paths: usize,
    /// Rules kept by inode that have the syscall in their mask.
    pub inode_rules: usize,
    /// Rules kept by inode that have not.
    pub other_inode_rules: usize,
}

impl Total {
    fn add(&mut self, one: &SyscallCost) {
        let calls = as_float(one.calls);
        self.armed += one.calls;
        self.needless += if one.is_wanted { 0 } else { one.calls };
        self.tests += calls * one.tests;
        self.instructions += calls * one.instructions;
    }

    /// The part of `calls` that is armed needlessly, from 0 to 1.
    pub fn needless_share(&self, calls: u64) -> f64 {
        if calls == 0 { 0.0 } else { as_float(self.needless) / as_float(calls) }
    }
}

/// What the rules cost this workload.
pub fn cost(arming: &Arming, workload: &Workload, coefficients: &Coefficients) -> Cost {
    let (numbered, unknown) = workload.numbered(arming);
    let mut cost = Cost {
        calls: 0,
        seconds: workload.seconds,
        stock: Total::default(),
        bitmap: Total::default(),
        syscalls: Vec::new(),
        unknown,
    };
    let rules: Vec<_> = arming.exit_rules().collect();
    let sides: Vec<Side> = arming.arches().map(|arch| Side::of(arming, arch)).collect();
    for ((arch, nr), calls) in numbered {
        let Some(side) = sides.iter().find(|side| side.arch == arch) else { continue };
        let name = syscall_name(arch, nr);
        let steps = Steps::of(&rules, side, nr, name.map_or(0, paths::looked_up));
        let one = SyscallCost {
            arch,
            nr,
            name,
            calls,
            is_wanted: is_wanted(&rules, side, nr, steps.paths > 0),
            stock_armed: arming.stock.armed,
            bitmap_armed: arming.is_armed(nr),
            tests: steps.tests(),
            instructions: steps.instructions(coefficients),
        };
        cost.calls += calls;
        if one.stock_armed {
            cost.stock.add(&one);
        }
        if one.bitmap_armed {
            cost.bitmap.add(&one);
        }
        cost.syscalls.push(one);
    }
    let spent = |one: &SyscallCost| as_float(one.calls) * one.instructions;
    cost.syscalls.sort_by(|a, b| spent(b).total_cmp(&spent(a)));
    cost
}

/// Whether some rule that is not always too late can record the syscall. A rule by inode records
/// none that looks up no path.
fn is_wanted(rules: &[KernelRule<'_>], side: &Side, nr: u32, has_paths: bool) -> bool {
    for kernel_rule in rules.iter().filter(|kernel_rule| kernel_rule.rule.mask.contains(nr)) {
        let verdict = side.outcome(kernel_rule.rule, nr).verdict;
        let can_match = verdict != Verdict::Never && (has_paths || kernel_rule.is_walked());
        if can_match && kernel_rule.rule.action == Action::Always {
            return true;
        }
        if verdict == Verdict::Always {
            return false;
        }
    }
    false
}

impl Steps {
    /// Those of a call that is armed and that no rule matches, unless one always does.
    fn of(rules: &[KernelRule<'_>], side: &Side, nr: u32, paths: usize) -> Self {
        let mut steps = Steps { paths, ..Steps::default() };
        for kernel_rule in rules.iter().filter(|kernel_rule| !kernel_rule.is_walked()) {
            match kernel_rule.rule.mask.contains(nr) {
                true => steps.inode_rules += 1,
                false => steps.other_inode_rules += 1,
            }
        }
        for kernel_rule in rules.iter().filter(|kernel_rule| kernel_rule.is_walked()) {
            if !kernel_rule.rule.mask.contains(nr) {
                steps.missed += 1;
                continue;
            }
            let outcome = side.outcome(kernel_rule.rule, nr);
            let is_sure = outcome.verdict == Verdict::Always;
            steps.enter(
                kernel_rule.rule,
                if is_sure { outcome.until_match } else { outcome.until_failure },
            );
            if is_sure {
                break;
            }
        }
        steps
    }

    /// Compares the first fields of a rule, keys not counted. A directory is taken not to be that
    /// of the call: it is why most rules that have one do not match.
    fn enter(&mut self, rule: &Rule, until: usize) {
        self.entered += 1;
        let compared = rule.fields.iter().filter(|field| field.number() != number::KEY).take(until);
        for field in compared {
            self.fields += 1;
            self.perms += usize::from(field.number() == number::PERM);
            if field.number() == number::DIR {
                break;
            }
        }
    }

    /// Rules tested: those of the exit list, and those by inode that share the list of a path.
    pub fn tests(&self) -> f64 {
        let by_inode = float(self.inode_rules + self.other_inode_rules);
        float(self.missed + self.entered) + float(self.paths) * by_inode / INODE_LISTS
    }

    /// Instructions that they take, beside those of the call itself.
    pub fn instructions(&self, coefficients: &Coefficients) -> f64 {
        let Coefficients { armed, path, mask_misses, field_misses, field, perm, inode_rule } =
            *coefficients;
        let by_inode =
            float(self.inode_rules) * inode_rule + float(self.other_inode_rules) * mask_misses;
        armed
            + float(self.missed) * mask_misses
            + float(self.entered) * field_misses
            + float(self.fields.saturating_sub(self.entered)) * field
            + float(self.perms) * perm
            + float(self.paths) * (path + by_inode / INODE_LISTS)
    }
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn float(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn as_float(count: u64) -> f64 {
    count as f64
}
