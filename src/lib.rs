//! A compiler for Linux audit rules, compatible with auditctl.

pub mod catalog;
pub mod source;
pub mod span;
pub mod syntax;
