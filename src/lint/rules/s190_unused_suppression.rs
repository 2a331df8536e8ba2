//! S190 unused-suppression
//!
//! A comment `# rauditctl: allow(...)` for something that is not found.
//!
//! ## Why it matters
//! What a comment allows stays allowed when the rule below it changes. One that is not needed any more
//! hides the next mistake.
//!
//! ## Instead of
//! ```text
//! # rauditctl: allow(P101) legacy host
//! -a always,exit -F arch=b64 -S setdomainname,sethostname -F key=name
//! -a always,exit -F arch=b32 -S setdomainname,sethostname -F key=name
//! ```
//! ## Write
//! ```text
//! -a always,exit -F arch=b64 -S setdomainname,sethostname -F key=name
//! -a always,exit -F arch=b32 -S setdomainname,sethostname -F key=name
//! ```
//! ## Source
//! `rauditctl lint` itself.

use crate::diag::Level;
use crate::lint::registry::{Check, Lint};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "S190",
    name: "unused-suppression",
    level: Level::Warning,
    fix: None,
    check: Check::Suppressions,
    page: include_str!("s190_unused_suppression.rs"),
};
