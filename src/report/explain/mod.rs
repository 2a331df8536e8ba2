//! `rauditctl explain` in every format. A format renders an [`Analysis`](crate::analysis::Analysis) or
//! a [`Comparison`](crate::analysis::Comparison) and computes nothing about rules itself.
//!
//! | folder | format |
//! |---|---|
//! | `text` | for a terminal, one file per view |
//! | `json` | for programs |
//! | `html` | one page for a browser |
//! | `sentences` | the sentences that the formats share |

pub mod html;
pub mod json;
mod sentences;
#[cfg(test)]
mod tests;
pub mod text;

pub use sentences::gate::failure_text;
pub(super) use sentences::rule::listed;
pub(super) use sentences::shortened;
