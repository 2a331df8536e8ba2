//! The cost of rules for a workload: which of its calls are armed, how many rules are tested for them, and how many
//! instructions that takes.
//!
//! The estimate assumes that no rule matches, so it does not include writing records. It multiplies
//! the [`CallWork`] of each call by measured coefficients; see [`Calibration`].

mod built_in;
mod calibration;
#[cfg(test)]
mod tests;

#[cfg(feature = "serde")]
pub use calibration::BadCalibration;
pub use calibration::{Calibration, Coefficients, Point, Rules};

use super::arming::{Arming, KernelRule, syscall_name};
use super::verdict::{Side, Verdict};
use super::workload::{Call, Workload};
use crate::catalog::{Arch, field as number};
use crate::model::names_of;
use crate::rule::{Action, Rule};

/// The number of lists for rules kept by inode (`AUDIT_INODE_BUCKETS`). The kernel tests the list of
/// the file.
const INODE_LISTS: f64 = 32.0;

/// The cost of rules for a workload.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Cost {
    /// The kernel that the coefficients were measured on, as `uname -r` prints it.
    pub calibrated_on: String,
    /// All calls of the workload, except those to unknown syscalls.
    pub calls: u64,
    /// The time of observation, if known.
    pub seconds: Option<f64>,
    /// The total on a stock kernel.
    pub stock: Total,
    /// The total on a kernel with the bitmap.
    pub bitmap: Total,
    /// Each syscall, the most expensive on a stock kernel first.
    pub syscalls: Vec<SyscallCost>,
    /// Calls to names that are not syscalls of this kernel, in the order of the workload.
    pub unknown: Vec<Call>,
}

/// The cost for all calls of a workload.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Total {
    /// Armed calls.
    pub armed: u64,
    /// Armed calls that no rule can record.
    pub needless: u64,
    /// Rules tested. Not a whole number: rules kept by inode are spread over lists, and the kernel
    /// tests one of these.
    pub tests: f64,
    /// Instructions that arming and the rules add.
    pub instructions: f64,
}

/// The cost for one syscall of the workload.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SyscallCost {
    /// The arch of the program.
    pub arch: Arch,
    /// The number of the syscall.
    pub nr: u32,
    /// Its name there.
    pub name: Option<&'static str>,
    /// The number of calls.
    pub calls: u64,
    /// Whether a rule can record it.
    pub is_wanted: bool,
    /// Whether a stock kernel arms it.
    pub stock_armed: bool,
    /// Whether a kernel with the bitmap arms it.
    pub bitmap_armed: bool,
    /// Rules tested for an armed call.
    pub tests: f64,
    /// Instructions added to an armed call.
    pub instructions: f64,
}

/// The work of the kernel for an armed call that no rule matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallWork {
    /// Rules on the walk without the syscall in their mask.
    pub missed: usize,
    /// Rules on the walk with the syscall in their mask.
    pub entered: usize,
    /// Compared fields of the latter.
    pub fields: usize,
    /// Compared `perm` fields.
    pub perms: usize,
    /// Paths that the call looks up.
    pub paths: usize,
    /// Rules kept by inode with the syscall in their mask.
    pub inode_rules: usize,
    /// Rules kept by inode without it.
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

    /// Returns the part of `calls` that is armed needlessly, from 0 to 1.
    pub fn needless_share(&self, calls: u64) -> f64 {
        if calls == 0 { 0.0 } else { as_float(self.needless) / as_float(calls) }
    }
}

/// Estimates what the rules cost the workload.
pub fn cost(arming: &Arming, workload: &Workload, calibration: &Calibration) -> Cost {
    let (numbered, unknown) = workload.numbered(arming);
    let mut cost = Cost {
        calibrated_on: calibration.kernel.clone(),
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
        let work =
            CallWork::of(&rules, side, nr, name.and_then(names_of).map_or(0, |names| names.paths));
        let one = SyscallCost {
            arch,
            nr,
            name,
            calls,
            is_wanted: is_wanted(&rules, side, nr, work.paths),
            stock_armed: arming.stock.armed,
            bitmap_armed: arming.is_armed(nr),
            tests: work.tests(),
            instructions: work.instructions(&calibration.coefficients),
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

/// Returns whether a rule can record the syscall. A rule after a rule that always matches cannot. A rule kept by
/// inode cannot if the syscall looks up no paths.
fn is_wanted(rules: &[KernelRule<'_>], side: &Side, nr: u32, paths: usize) -> bool {
    for kernel_rule in rules.iter().filter(|kernel_rule| kernel_rule.rule.mask.contains(nr)) {
        let verdict = side.outcome(kernel_rule.rule, nr).verdict;
        let can_match = verdict != Verdict::Never && (paths > 0 || kernel_rule.is_walked());
        if can_match && kernel_rule.rule.action == Action::Always {
            return true;
        }
        if verdict == Verdict::Always {
            return false;
        }
    }
    false
}

impl CallWork {
    /// Returns the work for an armed call that no rule matches, except a rule that always does.
    fn of(rules: &[KernelRule<'_>], side: &Side, nr: u32, paths: usize) -> Self {
        let mut work = CallWork { paths, ..CallWork::default() };
        for kernel_rule in rules.iter().filter(|kernel_rule| !kernel_rule.is_walked()) {
            match kernel_rule.rule.mask.contains(nr) {
                true => work.inode_rules += 1,
                false => work.other_inode_rules += 1,
            }
        }
        for kernel_rule in rules.iter().filter(|kernel_rule| kernel_rule.is_walked()) {
            if !kernel_rule.rule.mask.contains(nr) {
                work.missed += 1;
                continue;
            }
            let outcome = side.outcome(kernel_rule.rule, nr);
            let is_sure = outcome.verdict == Verdict::Always;
            work.enter(
                kernel_rule.rule,
                if is_sure { outcome.until_match } else { outcome.until_failure },
            );
            if is_sure {
                break;
            }
        }
        work
    }

    /// Counts the compared fields of a rule: the first `until`, without keys. Assumes that a directory
    /// never matches, because most calls are about other directories.
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

    /// Returns the number of rules tested: on the walk, and on the inode lists of the paths.
    pub fn tests(&self) -> f64 {
        let by_inode = float(self.inode_rules + self.other_inode_rules);
        float(self.missed + self.entered) + float(self.paths) * by_inode / INODE_LISTS
    }

    /// Returns the estimated number of instructions, not counting the call itself.
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
