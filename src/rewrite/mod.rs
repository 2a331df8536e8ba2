//! Rewrites rules into other rules: the edits, and the proof that the edits keep their promise.
//!
//! | file | what |
//! |---|---|
//! | `edit` | edits of rules files, and what they change in the kernel |
//! | `written` | the words of a rule as written |
//! | `line` | the text of one line, with parts replaced |
//! | `rule_line` | a rule as a line of a rules file |
//! | `mergeable`, `merging` | groups of rules that could be one rule, and the edits that merge them |
//! | `optimize` | a set that records the same for less work |
//! | `proof` | compiles the text of each fix and compares the rules with what the fix promises |

mod edit;
pub(crate) mod line;
mod mergeable;
mod merging;
pub mod optimize;
mod proof;
mod rule_line;
pub(crate) mod written;

pub use edit::{Change, Edit, Fix, edited};
pub use mergeable::{Mergeable, mergeable};
pub use merging::{Merger, Merging};
pub(crate) use proof::keep_proven;
pub use rule_line::{quiet_rule_line, rule_line, short_rule_line};
