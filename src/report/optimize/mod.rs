//! An optimization: the rules that it makes, and what it did.

mod carried;
mod check;
mod costs;
mod digest;
mod head;
mod json;
mod origins;
mod price;
mod product;
mod text;
mod words;

pub use check::{Belonging, Check, CheckReport, write_check};
pub(crate) use costs::SHOWN;
pub use digest::Digest;
pub use head::{Head, ReadHead};
pub use json::OptimizeReport;
pub use origins::Origins;
pub use product::{Parts, Product, Unwritable};
pub use text::write_report;
pub use words::Words;

use crate::analysis::cost::Calibration;
use crate::analysis::workload::Workload;
use crate::analysis::{Arming, Origin};
use crate::rewrite::optimize::{Kind, Optimized, Step};

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
    /// The calls whose cost is shown, if they are counted.
    pub workload: Option<&'o Workload>,
}

/// The rules that a step with a price would make.
pub struct Offered {
    /// The step.
    pub step: Step,
    /// The rules.
    pub after: Arming,
}

impl Optimization<'_> {
    /// Returns the places of rules of the source.
    fn places<'s>(&'s self, serials: &'s [usize]) -> impl Iterator<Item = &'s Origin> {
        serials.iter().filter_map(|serial| self.before.origin_of(*serial))
    }
}
