//! What a person or a program reads.

pub mod argument;
pub mod diagnostic;
pub mod explain;
mod explain_notes;
mod explain_reason;
#[cfg(test)]
mod explain_tests;
pub mod html;
pub mod json_explain;
pub mod lint;
pub mod listing;
pub mod request;
pub mod state;
pub mod status;
