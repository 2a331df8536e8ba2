//! A rule as a line of a file.

use crate::analysis::Arming;
use crate::diag::escaped as printable;
use crate::report::argument::Names;
use crate::report::listing::{Listing, Style};
use crate::rewrite::quiet_rule_line;
use crate::rule::{Field, Rule};
use crate::syntax::escaped;

/// Returns the rule as a line of a file for the machine of `arming`.
pub(in crate::report::explain) fn rule_text(rule: &Rule, arming: &Arming) -> String {
    let mut shown = rule.clone();
    for field in &mut shown.fields {
        if let Field::Text { text, .. } = field {
            *text = escaped(text).into();
        }
    }
    printable(&listed(&shown, arming)).into_owned()
}

/// Returns a rule to write instead of another as a line of a file. Without an arch it has numbers for the syscalls whose
/// names mean other syscalls in 32-bit programs: auditctl warns about such names.
pub(in crate::report::explain) fn instead_text(rule: &Rule, arming: &Arming) -> String {
    let is_unknown = |field: &Field| match field {
        Field::Number { value, .. } => arming.unknown_accounts.contains_key(value),
        Field::Text { .. } => false,
    };
    // Only the listing knows the names of such accounts, and auditctl adds the syscalls of an empty mask.
    if rule.mask.is_empty() || rule.fields.iter().any(is_unknown) {
        return rule_text(rule, arming);
    }
    match quiet_rule_line(rule, arming.arch) {
        Some(line) => printable(&String::from_utf8_lossy(&line)).into_owned(),
        None => rule_text(rule, arming),
    }
}

/// The maximum number of characters of a rule in a list of rules.
const MOST_CHARACTERS: usize = 200;

/// The maximum number of syscalls in such a line.
const MOST_SYSCALLS: usize = 8;

/// Returns the rule as one line for a terminal, with its first syscalls. A long line is cut.
pub(in crate::report::explain) fn line_text(rule: &Rule, arming: &Arming) -> String {
    let text = with_first_syscalls(&printable(&listed(rule, arming)));
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{} ...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Returns the rule as a line of a file, with its first syscalls.
pub(in crate::report::explain) fn short_text(rule: &Rule, arming: &Arming) -> String {
    with_first_syscalls(&rule_text(rule, arming))
}

/// Shortens the list of syscalls: what distinguishes two rules comes after it. The dots are no syscall, so auditctl
/// refuses the shortened line.
fn with_first_syscalls(text: &str) -> String {
    let Some((before, rest)) = text.split_once(" -S ") else { return text.to_owned() };
    let (names, after) = rest.split_once(' ').unwrap_or((rest, ""));
    match names.match_indices(',').nth(MOST_SYSCALLS - 1) {
        Some((end, _)) => {
            format!("{before} -S {},... {after}", names.get(..end).unwrap_or_default())
        }
        None => text.to_owned(),
    }
}

/// Returns the rule as `auditctl -l` on the machine of `arming` lists it. An unknown
/// account has its name.
pub(in crate::report) fn listed(rule: &Rule, arming: &Arming) -> String {
    let style = Style {
        interpret: false,
        machine: Some(arming.arch),
        keep_arch: false,
        names: &Placeholders(arming),
    };
    String::from_utf8_lossy(&Listing::of(style, [rule])).trim_end().to_owned()
}

/// The names of the accounts that are unknown on this machine.
#[derive(Debug)]
struct Placeholders<'a>(&'a Arming);

impl Names for Placeholders<'_> {
    fn user(&self, _: u32) -> Option<Vec<u8>> {
        None
    }

    fn group(&self, _: u32) -> Option<Vec<u8>> {
        None
    }

    fn protocol(&self, _: u32) -> Option<Vec<u8>> {
        None
    }

    fn placeholder(&self, number: u32) -> Option<&[u8]> {
        self.0.unknown_accounts.get(&number).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_of_syscalls_does_not_hide_the_conditions() {
        let names: Vec<String> = (0..60).map(|number| format!("syscall{number}")).collect();
        let text = |count: usize| {
            let list = names.get(..count).unwrap().join(",");
            format!("-a always,exit -F arch=b64 -S {list} -F path=/etc/passwd -F key=id")
        };
        assert_eq!(with_first_syscalls(&text(8)), text(8));
        let shortened = with_first_syscalls(&text(60));
        assert!(shortened.ends_with(",syscall7,... -F path=/etc/passwd -F key=id"), "{shortened}");
        assert!(!shortened.contains("syscall8"));
        assert_eq!(with_first_syscalls("-w /a -p r"), "-w /a -p r");
    }
}
