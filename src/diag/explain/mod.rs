//! The same fault for the person who must mend the rule: what it is, what stands there, how to mend it.

mod help;
mod label;
mod title;

use std::fmt::Write as _;

use super::fault::Fault;
use crate::catalog::{self, Arch};

/// A fault in three sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong.
    pub title: String,
    /// What is said at the place itself.
    pub label: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// Explains a fault.
pub fn explain(fault: &Fault) -> Explanation {
    Explanation { title: title::title(fault), label: label::label(fault), help: help::help(fault) }
}

/// Whether another arch has a syscall of this name.
fn is_elsewhere(name: &[u8]) -> bool {
    Arch::ALL.iter().any(|arch| catalog::syscall_number(*arch, name).is_some())
}

/// The kernel's numbers for what it answers, the same on every arch.
mod errno {
    pub(super) const EPERM: i32 = 1;
    pub(super) const ENOENT: i32 = 2;
    pub(super) const ENOMEM: i32 = 12;
    pub(super) const EEXIST: i32 = 17;
    pub(super) const EINVAL: i32 = 22;
}

/// Bytes of a rule between backquotes, what cannot be printed as `\x..`.
fn quote(bytes: &[u8]) -> String {
    let mut quoted = String::from("`");
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char.is_control() {
                true => quoted.extend(char.escape_default()),
                false => quoted.push(char),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push('`');
    quoted
}
