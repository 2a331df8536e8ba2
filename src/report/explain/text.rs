//! Words that the views share.

use std::fmt::{self, Write};

use crate::analysis::Origin;
use crate::catalog::Arch;
use crate::report::argument::NoNames;
use crate::report::listing::{Listing, Style};
use crate::rule::{Field, Mask, Rule};

/// Names of syscalls that stand in one place; of the others the count.
const NAMES_SHOWN: usize = 24;

/// The first `shown` of `count` things, and how many more there are.
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

/// Places of rules in a row: the file is said only where it changes.
#[derive(Default)]
pub(super) struct Places<'a>(Option<&'a str>);

impl<'a> Places<'a> {
    /// The next place: `a.rules:1`, or `:2` behind one of the same file.
    pub(super) fn next(&mut self, origin: &'a Origin) -> String {
        match self.0.replace(&origin.file) {
            Some(file) if file == &*origin.file => format!(":{}", origin.line),
            _ => origin.to_string(),
        }
    }
}

/// `1 rule`, `2 rules`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The rule as it is written in a file for a machine of `arch`, its syscalls left out.
pub(in crate::report) fn rule_text(rule: &Rule, arch: Arch) -> String {
    let style = Style { interpret: false, machine: Some(arch), keep_arch: false, names: &NoNames };
    let mut shown = rule.clone();
    if !rule.mask.is_all() {
        shown.mask = Mask::EMPTY;
    }
    for field in &mut shown.fields {
        if let Field::Text { text, .. } = field {
            *text = escaped(text).into();
        }
    }
    let text = Listing::of(style, [&shown]);
    printable(String::from_utf8_lossy(&text).trim_end())
}

/// Spaces and backslashes, as a word of a rules file has them.
fn escaped(text: &[u8]) -> Vec<u8> {
    let escape = |byte: &u8| matches!(byte, b' ' | b'\\').then_some(b'\\');
    text.iter().flat_map(|byte| escape(byte).into_iter().chain([*byte])).collect()
}

/// The text without what could move a terminal's cursor.
fn printable(text: &str) -> String {
    let escaped = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// The first of many names, and how many more there are.
pub(super) fn first_names(names: &[String]) -> Vec<String> {
    let mut shown: Vec<String> = names.iter().take(NAMES_SHOWN).cloned().collect();
    if names.len() > NAMES_SHOWN {
        shown.push(format!("+{} more", names.len() - NAMES_SHOWN));
    }
    shown
}

/// Words on lines of at most `columns`, all but the first indented by `indent`; the first begins at
/// that column too.
pub(super) fn filled(words: &[String], indent: usize, columns: usize) -> String {
    let mut text = String::new();
    let mut column = indent;
    let mut separator = "";
    for word in words {
        if column > indent && column + word.len() + 2 > columns {
            let _ = write!(text, ",\n{:indent$}", "");
            column = indent;
            separator = "";
        }
        text.push_str(separator);
        text.push_str(word);
        column += separator.len() + word.len();
        separator = ", ";
    }
    text
}
