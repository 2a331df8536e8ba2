//! The cost of rules for a workload: which of its calls are armed, how many rules are tested for them, and how many
//! instructions that takes.
//!
//! The estimate assumes that no rule matches, so it does not include writing records. It multiplies
//! the [`CallWork`] of each call by measured coefficients; see [`Calibration`].

mod built_in;
mod by_rule;
mod calibration;
#[cfg(test)]
mod tests;

pub use by_rule::{RuleCost, RuleCosts, Share, WalkPrice, rule_costs};
#[cfg(feature = "serde")]
pub use calibration::BadCalibration;
pub use calibration::{Calibration, Coefficients, Point, Rules};

use super::arming::{Arming, KernelRule, syscall_name};
use super::verdict::{Side, Verdict};
use super::workload::{Call, Workload};
use crate::catalog::{Arch, field as number};
use crate::model::names_of;
use crate::rule::{Action, Op, Rule};

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
    /// The rules on the walk.
    pub walk: Tested,
    /// Paths that the call looks up.
    pub paths: usize,
    /// The rules kept by inode, of which the kernel tests one list for each path.
    pub by_inode: Tested,
}

/// Rules that the kernel tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tested {
    /// Rules without the syscall in their mask.
    pub missed: usize,
    /// Rules with the syscall in their mask.
    pub entered: usize,
    /// Compared fields of the latter that are none of those below.
    pub fields: usize,
    /// Compared `perm` fields.
    pub perms: usize,
    /// Compared `dir` fields.
    pub dirs: usize,
    /// Compared `path` and `inode` fields.
    pub files: usize,
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
        let work = CallWork::of(&rules, side, nr, paths_of(arch, nr));
        let one = SyscallCost {
            arch,
            nr,
            name: syscall_name(arch, nr),
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

/// Returns how many paths the syscall looks up.
fn paths_of(arch: Arch, nr: u32) -> usize {
    syscall_name(arch, nr).and_then(names_of).map_or(0, |names| names.paths)
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
            work.by_inode.test(kernel_rule.rule, side, nr);
        }
        for kernel_rule in rules.iter().filter(|kernel_rule| kernel_rule.is_walked()) {
            if work.walk.test(kernel_rule.rule, side, nr) == Verdict::Always {
                break;
            }
        }
        work
    }

    /// Returns the number of rules tested: on the walk, and on the inode lists of the paths.
    pub fn tests(&self) -> f64 {
        let rules = |tested: &Tested| float(tested.missed + tested.entered);
        rules(&self.walk) + float(self.paths) * rules(&self.by_inode) / INODE_LISTS
    }

    /// Returns the estimated number of instructions, not counting the call itself.
    pub fn instructions(&self, coefficients: &Coefficients) -> f64 {
        coefficients.armed + float(self.paths) * coefficients.path + self.of_rules(coefficients)
    }

    /// Returns the part of the instructions that tests the rules.
    fn of_rules(&self, coefficients: &Coefficients) -> f64 {
        let by_inode = self.by_inode.instructions(coefficients) / INODE_LISTS;
        self.walk.instructions(coefficients) + float(self.paths) * by_inode
    }
}

impl Tested {
    /// Counts a rule. Returns whether it matches the syscall.
    fn test(&mut self, rule: &Rule, side: &Side, nr: u32) -> Verdict {
        if !rule.mask.contains(nr) {
            self.missed += 1;
            return Verdict::Never;
        }
        let outcome = side.outcome(rule, nr);
        let until = match outcome.verdict {
            Verdict::Always => outcome.until_match,
            _ => outcome.until_failure,
        };
        self.enter(rule, until);
        outcome.verdict
    }

    /// Counts the compared fields of a rule: the first `until`, without keys. Assumes that a condition on a
    /// directory or a file never holds, because most calls are about others.
    fn enter(&mut self, rule: &Rule, until: usize) {
        self.entered += 1;
        let compared = rule.fields.iter().filter(|field| field.number() != number::KEY).take(until);
        for field in compared {
            let count = match field.number() {
                number::PERM => &mut self.perms,
                number::DIR => &mut self.dirs,
                number::PATH | number::INODE => &mut self.files,
                _ => &mut self.fields,
            };
            *count += 1;
            let is_file = matches!(field.number(), number::DIR | number::PATH | number::INODE);
            if is_file && field.op() == Op::EQUAL {
                break;
            }
        }
    }

    /// Returns the estimated number of instructions.
    fn instructions(&self, coefficients: &Coefficients) -> f64 {
        let Coefficients { mask_misses, mask_holds, field, perm, dir, file, .. } = *coefficients;
        float(self.missed) * mask_misses
            + float(self.entered) * mask_holds
            + float(self.fields) * field
            + float(self.perms) * perm
            + float(self.dirs) * dir
            + float(self.files) * file
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
