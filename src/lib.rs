//! A compiler for Linux audit rules, compatible with auditctl.

pub mod catalog;
