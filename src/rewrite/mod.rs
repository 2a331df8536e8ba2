//! Rules rewritten into other rules: the edits, and the proof that they keep what they promise.
//!
//! | file | what |
//! |---|---|
//! | `edit` | edits of rules files, and what they change in the kernel |
//! | `line` | the text of one line, with pieces replaced |
//! | `mergeable`, `merging` | rules that could be one, and the edits that merge them |
//! | `proof` | compiles the text of each fix and compares it with what the fix promises |

mod edit;
pub(crate) mod line;
mod mergeable;
mod merging;
mod proof;

pub use edit::{Change, Edit, Fix, edited};
pub(crate) use mergeable::{Mergeable, mergeable};
pub(crate) use merging::{Merger, Merging};
pub(crate) use proof::keep_proven;
