//! Relations between rules: which conditions imply which, and what a mask is on the other word size.
//!
//! | file | what |
//! |---|---|
//! | `conditions` | what the conditions of a rule leave possible |
//! | `values` | the values that conditions leave for one field |
//! | `implication` | rules found by their conditions: those that match wherever another does |
//! | `word_size` | the two word sizes of a machine |

mod conditions;
mod implication;
mod values;
pub(crate) mod word_size;

pub(crate) use conditions::{Anchor, Conditions, sorted_without};
pub(crate) use implication::Implications;
