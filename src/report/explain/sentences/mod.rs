//! The sentences that text, JSON and HTML share.
//!
//! | file | sentences |
//! |---|---|
//! | `in_short` | the result, for a reader who does not know the terms |
//! | `reason` | why a kernel arms |
//! | `advice` | why a rule arms every syscall, and what to write instead |
//! | `notes` | results that are easy to miss |
//! | `syscall` | which rule wins for a syscall |
//! | `gate` | limits that the rules do not meet |
//! | `rule` | a rule as a line of a file |

pub(super) mod advice;
pub(super) mod gate;
pub(super) mod in_short;
pub(super) mod notes;
pub(super) mod reason;
pub(super) mod rule;
pub(super) mod syscall;

use std::fmt::{self, Write};

use crate::analysis::Origin;

/// Returns the first `shown` of `count` things, and the number of the others.
pub(in crate::report) fn shortened<T: fmt::Display>(
    things: impl Iterator<Item = T>,
    count: usize,
    shown: usize,
) -> String {
    let mut text = String::new();
    for (index, thing) in things.take(shown).enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        // Writing to a String does not fail.
        let _ = write!(text, "{separator}{thing}");
    }
    if count > shown {
        let _ = write!(text, ", +{} more", count - shown);
    }
    text
}

/// Names origins one after the other. Leaves the file out if it is the same as before.
#[derive(Default)]
pub(super) struct OriginNames<'a>(Option<&'a str>);

impl<'a> OriginNames<'a> {
    /// Returns the next name: `a.rules:1`, or `:2` after an origin in the same file.
    pub(super) fn next(&mut self, origin: &'a Origin) -> String {
        match self.0.replace(&origin.file) {
            Some(file) if file == &*origin.file => format!(":{}", origin.line),
            _ => origin.to_string(),
        }
    }
}

/// Returns `1 rule`, `2 rules`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
