//! What rules do on a kernel, computed without access to a kernel. Nothing here prints.
//!
//! [`Analysis`] has the answers about one set of rules, [`Comparison`] those about two. Reports
//! render these and compute nothing.
//!
//! | file | question |
//! |---|---|
//! | `load`, `arming`, `groups` | what the rules arm, and which rule arms each syscall |
//! | `verdict` | whether a rule can match a syscall |
//! | `sides` | which syscalls a rule can match |
//! | `walk` | how many rules the kernel tests for a syscall |
//! | `inspect` | which rules can match one syscall, and which wins |
//! | `narrow` | how to rewrite rules that arm every syscall |
//! | `perm_masks` | which syscalls auditctl adds for `perm` |
//! | `turn` | the order in which the conditions of a rule cost the least |
//! | `missing` | which syscalls of the rules a kernel does not have |
//! | `gate` | whether the rules keep within limits |
//! | `workload` | how often a workload makes each syscall |
//! | `cost` | what the rules cost a workload |
//! | `questions` | all of these about one set of rules |
//! | `recorded` | which syscalls the rules can record |
//! | `compare` | what changes from one set of rules to another |

mod arming;
mod compare;
pub mod cost;
mod gate;
mod groups;
mod inspect;
mod load;
mod missing;
mod narrow;
mod perm_masks;
mod questions;
mod recorded;
mod sides;
mod turn;
mod verdict;
mod walk;
pub mod workload;

#[cfg(test)]
mod tests;

pub use arming::{
    ArmedSyscall, Arming, BitmapVerdict, Counted, KernelRule, StockVerdict, arming, syscall_name,
};
pub use compare::{Change, Changes, Comparison, RecordedChange};
pub use gate::{Found, Gate, GateFailure, failures};
pub use groups::RuleGroup;
#[cfg(feature = "cli")]
pub(crate) use inspect::number_of;
pub use inspect::{Candidate, Inspection, inspect};
pub use load::{Load, LoadStep, Origin, loads};
pub use missing::{MissingSyscall, missing};
pub use narrow::{Advice, Cause, Narrowing, Remedy, narrowing};
pub use questions::{Analysis, Questions};
#[cfg(feature = "relate")]
pub(crate) use sides::Sides;
#[cfg(feature = "relate")]
pub(crate) use turn::{Turn, in_turn};
pub use verdict::{Obstacle, Verdict};
pub use walk::{Length, Walk, Walks, walks};
