//! The output of every command, for people and for programs.

pub mod argument;
pub mod diagnostic;
pub mod explain;
pub mod lint;
pub mod listing;
pub mod request;
pub mod state;
pub mod status;
