//! A rule as a line of a file.

use crate::catalog::Arch;
use crate::report::argument::NoNames;
use crate::report::listing::{Listing, Style};
use crate::rule::{Field, Mask, Rule};
use crate::syntax::escaped;

/// Returns the rule as a line of a file for a machine of `arch`, without its syscalls.
pub(in crate::report::explain) fn rule_text(rule: &Rule, arch: Arch) -> String {
    let mut shown = rule.clone();
    if !rule.mask.is_all() {
        shown.mask = Mask::EMPTY;
    }
    for field in &mut shown.fields {
        if let Field::Text { text, .. } = field {
            *text = escaped(text).into();
        }
    }
    printable(&listed(&shown, arch))
}

/// The maximum number of characters of a rule in a list of rules.
const MOST_CHARACTERS: usize = 200;

/// Returns the rule as one line for a terminal, with its syscalls. A long line is cut.
pub(in crate::report::explain) fn line_text(rule: &Rule, arch: Arch) -> String {
    let text = printable(&listed(rule, arch));
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Returns the rule as `auditctl -l` on a machine of `arch` lists it.
pub(in crate::report::explain) fn listed(rule: &Rule, arch: Arch) -> String {
    let style = Style { interpret: false, machine: Some(arch), keep_arch: false, names: &NoNames };
    String::from_utf8_lossy(&Listing::of(style, [rule])).trim_end().to_owned()
}

/// Escapes control characters, which could move the cursor of a terminal.
fn printable(text: &str) -> String {
    let escaped = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(escaped).collect()
}
