//! A compiler for Linux audit rules, compatible with auditctl.

pub mod analysis;
pub mod catalog;
pub mod diag;
pub mod host;
pub mod kernel;
pub mod model;
pub mod rule;
pub mod source;
pub mod span;
pub mod syntax;
pub mod wire;
