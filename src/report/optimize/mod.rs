//! An optimization: the rules that it makes, and what it did.

mod json;
mod price;
mod product;
mod text;

pub use json::OptimizeReport;
pub use product::{Product, Unwritable, write_product};
pub use text::write_report;

use crate::analysis::cost::{Calibration, cost};
use crate::analysis::workload::{Call, Workload};
use crate::analysis::{Arming, Origin};
use crate::rewrite::optimize::{Kind, Optimized, Step};

/// The syscalls whose cost is shown: from a call that nothing records to those that most sets record.
pub(crate) const SHOWN: [&str; 8] =
    ["getpid", "getppid", "read", "stat", "openat", "close", "connect", "execve"];

/// An optimization, with the rules before and after it.
pub struct Optimization<'o> {
    /// The rules before.
    pub before: &'o Arming,
    /// The rules after.
    pub after: &'o Arming,
    /// What was done.
    pub optimized: &'o Optimized,
    /// The kind of kernel that the rules are for.
    pub kind: Kind,
    /// What is possible at a price.
    pub offered: Vec<Offered>,
    /// The rules that stay as they are because the kind of their path is unknown here, by their serials.
    pub unknown_paths: &'o [usize],
    /// The rules that stay as they are because the number of an account is unknown here.
    pub unknown_accounts: &'o [usize],
    /// The costs of the kernel.
    pub calibration: &'o Calibration,
}

/// The rules that a step with a price would make.
pub struct Offered {
    /// The step.
    pub step: Step,
    /// The rules.
    pub after: Arming,
}

/// What audit costs a call, in instructions.
struct Costs {
    syscall: &'static str,
    before: f64,
    after: f64,
}

impl Optimization<'_> {
    /// Returns the places of rules of the source.
    fn places<'s>(&'s self, serials: &'s [usize]) -> impl Iterator<Item = &'s Origin> {
        serials.iter().filter_map(|serial| self.before.origin_of(*serial))
    }

    /// Returns what a call of each shown syscall costs before and after, if no rule matches it.
    fn costs(&self) -> Vec<Costs> {
        self.costs_of(self.before, self.after)
    }

    /// Returns the syscall that becomes cheaper by the largest part if a step with a price is made too.
    fn best_of(&self, offered: &Offered) -> Option<Costs> {
        let costs = self.costs_of(self.after, &offered.after).into_iter();
        let cheaper = costs.filter(|cost| cost.after < cost.before);
        let part = |cost: &Costs| cost.after / cost.before;
        cheaper.min_by(|one, other| part(one).total_cmp(&part(other)))
    }

    fn costs_of(&self, before: &Arming, after: &Arming) -> Vec<Costs> {
        let of = |arming: &Arming, syscall: &str| {
            let calls = vec![Call { name: syscall.to_owned(), count: 1 }];
            let workload = Workload { calls, seconds: None };
            let cost = cost(arming, &workload, self.calibration);
            let total = match self.kind {
                Kind::Bitmap => cost.bitmap,
                _ => cost.stock,
            };
            (cost.calls > 0).then_some(total.instructions)
        };
        let shown = SHOWN.into_iter().filter_map(|syscall| {
            let (before, after) = (of(before, syscall)?, of(after, syscall)?);
            Some(Costs { syscall, before, after })
        });
        shown.collect()
    }
}
