//! The rules as in their files, with what each arms.

use std::collections::HashMap;

use super::facts::{Facts, MOST_RULES};
use crate::analysis::{Arming, KernelRule, Origin};
use crate::model::Refusal;
use crate::report::explain::sentences::{count, rule::listed};
use crate::report::html::{Markup, write_line};
use crate::rule::{FilterList, Mask};

/// The maximum number of rules that are not folded.
const MOST_OPEN: usize = 40;

/// Whether the kernel took a rule.
enum Outcome<'a> {
    Loaded(KernelRule<'a>),
    Refused(&'a Refusal),
}

/// Writes the rules, one list per file.
pub(super) fn write(out: &mut Markup, facts: &Facts<'_>) {
    out.raw("<section id=\"rules\" aria-labelledby=\"rules-head\">\n");
    out.raw("<h2 id=\"rules-head\">Rules</h2>\n");
    let rules = facts.listed();
    let total = facts.rule_count();
    match total {
        0 => out.raw("<p>There are no rules.</p>\n"),
        _ => out.raw("<p>In load order, with line numbers.</p>\n"),
    };
    let outcomes = outcomes(facts.arming);
    let is_folded = total > MOST_OPEN;
    for of_file in rules.chunk_by(|(_, a), (_, b)| a.file == b.file) {
        let Some((_, first)) = of_file.first() else { continue };
        write_file(out, &first.file, of_file.len(), is_folded);
        for (load, origin) in of_file {
            out.raw("<li id=\"r").text(load).raw("\" value=\"").text(origin.line).raw("\">");
            if let Some(outcome) = outcomes.get(origin) {
                write_rule(out, facts, origin, outcome);
            }
            out.raw("</li>\n");
        }
        out.raw(if is_folded { "</ol>\n</details>\n" } else { "</ol>\n" });
    }
    if total > MOST_RULES {
        out.raw("<p class=\"more\">+").text(total - MOST_RULES).raw(" more: the first ");
        out.text(MOST_RULES).raw(" of ").text(total).raw(" are shown.</p>\n");
    }
    out.raw("</section>\n");
}

/// Writes the start of the list of a file. In a long page, the list is folded.
fn write_file(out: &mut Markup, file: &str, rules: usize, is_folded: bool) {
    match is_folded {
        true => out
            .raw("<details><summary><code>")
            .text(file)
            .raw("</code>: ")
            .text(count(rules, "rule"))
            .raw("</summary>\n"),
        false => out.raw("<h3><code>").text(file).raw("</code></h3>\n"),
    };
    out.raw("<ol class=\"rules\" data-file=\"").text(file).raw("\">\n");
}

fn outcomes<'a>(arming: &'a Arming) -> HashMap<&'a Origin, Outcome<'a>> {
    let refused = arming.refused.iter();
    let refused = refused.map(|(origin, refusal)| (origin, Outcome::Refused(refusal)));
    let loaded = arming.rules().map(|rule| (rule.origin, Outcome::Loaded(rule)));
    refused.chain(loaded).collect()
}

fn write_rule(out: &mut Markup, facts: &Facts<'_>, origin: &Origin, outcome: &Outcome<'_>) {
    let line = facts.line(origin).or_else(|| match outcome {
        Outcome::Loaded(kernel_rule) => Some(listed(kernel_rule.rule, facts.arming)),
        Outcome::Refused(_) => None,
    });
    write_line(out, &line.unwrap_or_default());
    match outcome {
        Outcome::Loaded(kernel_rule) => write_loaded(out, facts.arming, *kernel_rule),
        Outcome::Refused(refusal) => {
            out.raw("<p class=\"refused\">refused by the kernel: ").text(refusal).raw("</p>");
        }
    }
}

fn write_loaded(out: &mut Markup, arming: &Arming, kernel_rule: KernelRule<'_>) {
    let KernelRule { rule, position, .. } = kernel_rule;
    out.raw("<p>");
    match rule.list {
        FilterList::Exit => {
            match position {
                Some(position) => out.raw("tested at position ").text(position),
                None => out.raw("kept by inode"),
            };
            write_numbers(out, &rule.mask, arming.nr_syscalls);
        }
        FilterList::User | FilterList::Exclude | FilterList::Filesystem => {
            out.text(rule.list.name()).raw(" list: not counted, arms nothing");
        }
        list => {
            out.text(list.name());
            out.raw(" list: counted, <strong>so the bitmap is not used</strong>");
        }
    }
    out.raw("</p>");
}

/// Writes the syscall numbers that a rule of the exit list arms.
fn write_numbers(out: &mut Markup, mask: &Mask, nr_syscalls: u32) {
    let numbers: Vec<u32> = mask.iter().take_while(|nr| *nr < nr_syscalls).collect();
    match numbers.len() {
        0 => out.raw("; <strong>arms nothing</strong>"),
        all if all == nr_syscalls as usize => out.raw("; <strong>arms every syscall</strong>"),
        some => {
            out.raw("; arms <a class=\"shows\" href=\"#map\">").text(count(some, "number"));
            out.raw("</a>: <span class=\"nrs\">").text(ranges(&numbers)).raw("</span>")
        }
    };
}

/// Returns `2, 76-77, 82-88`.
fn ranges(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let run = |run: &[u32]| match run {
        [first, .., last] => format!("{first}-{last}"),
        [only] => only.to_string(),
        [] => String::new(),
    };
    runs.map(run).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_consecutive_numbers() {
        assert_eq!(ranges(&[2, 76, 77, 82, 83, 84, 90]), "2, 76-77, 82-84, 90");
        assert_eq!(ranges(&[]), "");
    }
}
