//! Relations between rules: which conditions imply which, and what a mask is on the other word size.
//!
//! | file | what |
//! |---|---|
//! | `sets` | compares whole sets of rules |
//! | `requirement` | judges a requirement, and finds the narrowest change that covers it |
//! | `deciding` | whether a rule decides any event, alone or after others |
//! | `silences` | finds what each rule that silences takes from others |
//! | `diagram` | functions of many variables |
//! | `conditions` | which calls the conditions of a rule allow |
//! | `values` | the numbers that conditions on one field allow |
//! | `implication` | finds the rules that match whenever another rule does |
//! | `mask_index` | finds the masks of rules by their conditions, one field left out |
//! | `word_size` | the two word sizes of a machine |

mod conditions;
mod deciding;
mod diagram;
mod implication;
mod mask_index;
pub mod requirement;
pub mod sets;
pub mod silences;
mod values;
pub(crate) mod word_size;

pub use conditions::Conditions;
pub(crate) use conditions::{
    Anchor, FAILURE, Rare, ResultConflict, SUCCESS, has_only, sorted_without,
};
pub use deciding::{Decides, Deciding};
pub(crate) use implication::Implications;
pub(crate) use mask_index::MaskIndex;
pub(crate) use values::Pick;
