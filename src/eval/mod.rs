//! Decides events as the kernel's filters do: the rule that decides, and the keys of the record.
//!
//! An [`Event`] has the attributes that the filters compare. Each may be unknown; then the [`Evaluator`] follows every
//! way in which the kernel could go. The decision is [`Verdict::Undecided`] if these ways end differently: it is never
//! a guess. If only numbers of the task are unknown, it tries one value of each region between the constants of the
//! rules: the ways of the kernel are then those of real events.
//!
//! ```text
//! rules ──KernelModel──▶ Evaluator ──▶ Decision: verdict, keys, rule, doubts
//!                event ──────┘
//! ```
//!
//! | part | subject |
//! |---|---|
//! | `event`, `attribute`, `files` | what is known |
//! | `scene`, `entries`, `place`, `label` | what follows from it: the files that names lead to, numbers for names |
//! | `field`, `answers`, `paths`, `message` | one condition of a rule: for calls and tasks, and for records |
//! | `filters`, `walk`, `distinct`, `call`, `records`, `moved` | the lists of rules, and the order in which the kernel walks them |
//! | `history` | what earlier events did to files |
//! | `regions` | unknown numbers |
//! | `fill` | ordinary values for what is unknown |
//!
//! The order of the walks is that of Linux 6.1 to 7.2 (`audit_filter_task`, `audit_filter_syscall`,
//! `audit_filter_inodes`, `audit_filter_uring`, kernel/auditsc.c; `audit_filter`, kernel/auditfilter.c). Differences
//! between these versions are in the names that a call collects, which are part of the event, and in the `pid` that
//! the lists user and exclude compare.
//!
//! Limits: records of other subsystems are not modeled. They make a call's record appear even if no rule matches. The
//! kernel drops a rule when the directory of its path is removed or moved; a [`History`] keeps it.

mod answers;
mod attribute;
mod call;
mod changed;
mod decision;
mod distinct;
mod entries;
mod evaluator;
mod event;
mod field;
mod files;
#[cfg(feature = "lint")]
mod fill;
mod filters;
mod history;
#[cfg(feature = "serde")]
mod json;
mod kept;
mod label;
mod message;
mod moved;
mod near;
mod notation;
mod paths;
mod place;
mod records;
mod regions;
mod scene;
mod tasks;
mod truth;
mod walk;

pub use attribute::{Attribute, Attributes};
pub use decision::{Decision, Doubt, Verdict, Way};
pub use evaluator::Evaluator;
pub use event::{
    Address, Call, Device, Event, Ids, Kind, Name, NameInode, Nametype, Outcome, Syscall, Task,
    UNSET,
};
pub use files::{File, Files, Inode, InodeId};
#[cfg(feature = "relate")]
pub(crate) use files::{clean as clean_path, is_below, parent as parent_path};
#[cfg(feature = "lint")]
pub(crate) use fill::filled;
pub use history::History;
pub use near::{Near, Stop};
pub use notation::{Notation, Problem, Reader, Value};
#[cfg(feature = "cli")]
pub(crate) use tasks::Tasks;
pub use truth::Truth;
