//! Pure questions about rules: no kernel is asked and nothing is printed.

mod arming;
mod groups;
mod load;

#[cfg(test)]
mod tests;

pub use arming::{ArmedSyscall, Arming, BitmapVerdict, Counted, StockVerdict, arming};
pub use groups::RuleGroup;
pub use load::{Load, Origin, Step};
