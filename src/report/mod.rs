//! The output of every command, for people and for programs.

pub mod argument;
pub mod cases;
pub mod compare;
pub mod covers;
pub mod decision;
pub mod diagnostic;
mod excerpt;
pub mod explain;
pub mod html;
pub mod lint;
pub mod listing;
pub mod loaded_from;
pub mod optimize;
mod place;
pub mod plan;
pub mod replay;
pub mod request;
pub mod rule_cost;
mod share;
pub mod silences;
pub mod state;
pub mod status;
mod to_json;

pub use to_json::{write_json, write_json_lines};
