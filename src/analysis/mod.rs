//! Pure questions about rules: no kernel is asked and nothing is printed.
//!
//! | file | question |
//! |---|---|
//! | `load`, `arming`, `groups` | what is loaded, what it arms, and by which rules |
//! | `perm`, `verdict` | whether a rule can match a syscall at all |
//! | `walk` | how many rules are tested for a syscall |
//! | `inspect` | which rules can match one syscall, and which wins |
//! | `narrow` | how rules that arm everything can be written better |
//! | `missing` | which syscalls of the rules a kernel does not have |
//! | `compare` | what changes from one set of rules to another |
//! | `gate` | whether rules keep within limits |
//! | `workload` | how often a workload makes which syscalls |
//! | `cost` | what rules cost a workload |

mod arming;
mod compare;
pub mod cost;
mod gate;
mod groups;
mod inspect;
mod load;
mod missing;
mod narrow;
mod perm;
mod verdict;
mod walk;
pub mod workload;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk_tests;

pub use arming::{
    ArmedSyscall, Arming, BitmapVerdict, Counted, KernelRule, StockVerdict, arming, syscall_name,
};
pub use compare::{Change, Comparison, Length, compare};
pub use gate::{Failure, Found, Gate, failures};
pub use groups::RuleGroup;
pub use inspect::{Candidate, Inspection, inspect, number_of, syscalls_named};
pub use load::{Load, Origin, Step};
pub use missing::{MissingSyscall, missing};
pub use narrow::{Advice, Cause, Narrowing, Remedy, narrowing};
pub use verdict::{Obstacle, Verdict};
pub use walk::{Walk, Walks, walks};
