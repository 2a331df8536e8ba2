//! The rules as they were written, with what each does.

use std::collections::HashMap;

use super::facts::{Facts, MOST_RULES, count};
use super::markup::Markup;
use crate::analysis::{KernelRule, Origin};
use crate::catalog::Arch;
use crate::model::Refusal;
use crate::report::argument::NoNames;
use crate::report::listing::{Listing, Style};
use crate::rule::{FilterList, Rule};

/// Characters of a line that are shown.
const MOST_CHARACTERS: usize = 600;

/// What became of a rule.
enum Fate<'a> {
    /// The kernel holds it, and tests it in this place on the walk; in none if it is not on it.
    Held(KernelRule<'a>, Option<usize>),
    Refused(&'a Refusal),
}

/// Writes the rules, one list a file.
pub(super) fn write(out: &mut Markup, facts: &Facts<'_>) {
    out.raw("<section id=\"rules\" aria-labelledby=\"rules-head\">\n");
    out.raw("<h2 id=\"rules-head\">Rules</h2>\n");
    let listed = facts.listed();
    let total = facts.rule_count();
    match total {
        0 => out.raw("<p>There are none.</p>\n"),
        _ => out.raw("<p>In the order they are loaded.</p>\n"),
    };
    let fates = fates(facts);
    for of_file in listed.chunk_by(|(_, a), (_, b)| a.file == b.file) {
        let Some((_, first)) = of_file.first() else { continue };
        out.raw("<h3><code>").text(&first.file).raw("</code></h3>\n<ol class=\"rules\">\n");
        for (load, origin) in of_file {
            out.raw("<li id=\"r").text(load).raw("\" value=\"").text(origin.line).raw("\">");
            if let Some(fate) = fates.get(origin) {
                write_rule(out, facts, origin, fate);
            }
            out.raw("</li>\n");
        }
        out.raw("</ol>\n");
    }
    if total > MOST_RULES {
        out.raw("<p class=\"more\">+").text(total - MOST_RULES).raw(" more: the first ");
        out.text(MOST_RULES).raw(" of ").text(total).raw(" are shown.</p>\n");
    }
    out.raw("</section>\n");
}

fn fates<'a>(facts: &Facts<'a>) -> HashMap<&'a Origin, Fate<'a>> {
    let refused = facts.arming.refused.iter();
    let mut fates: HashMap<_, _> =
        refused.map(|(origin, refusal)| (origin, Fate::Refused(refusal))).collect();
    let mut place = 0;
    for kernel_rule in facts.arming.rules() {
        place += usize::from(kernel_rule.is_walked());
        let place = kernel_rule.is_walked().then_some(place);
        fates.insert(kernel_rule.origin, Fate::Held(kernel_rule, place));
    }
    fates
}

fn write_rule(out: &mut Markup, facts: &Facts<'_>, origin: &Origin, fate: &Fate<'_>) {
    let line = facts.line(origin).or_else(|| match fate {
        Fate::Held(kernel_rule, _) => Some(listed(kernel_rule.rule, facts.arming.arch)),
        Fate::Refused(_) => None,
    });
    write_line(out, &line.unwrap_or_default());
    match fate {
        Fate::Held(kernel_rule, place) => write_held(out, facts, *kernel_rule, *place),
        Fate::Refused(refusal) => {
            out.raw("<p class=\"refused\">refused by the kernel: ").text(refusal).raw("</p>");
        }
    }
}

fn write_line(out: &mut Markup, line: &str) {
    out.raw("<code class=\"line\">");
    match line.char_indices().nth(MOST_CHARACTERS) {
        None => out.text(line),
        Some((at, _)) => {
            let (start, rest) = line.split_at(at);
            out.text(start).raw("\u{2026} (+").text(rest.chars().count()).raw(" characters)")
        }
    };
    out.raw("</code>");
}

fn write_held(
    out: &mut Markup,
    facts: &Facts<'_>,
    kernel_rule: KernelRule<'_>,
    place: Option<usize>,
) {
    let KernelRule { rule, .. } = kernel_rule;
    let nr_syscalls = facts.arming.nr_syscalls;
    match rule.list {
        FilterList::Exit => {
            let numbers: Vec<u32> = rule.mask.iter().take_while(|nr| *nr < nr_syscalls).collect();
            out.raw("<p>");
            match place {
                Some(place) => out.raw("tested in place ").text(place),
                None => out.raw("kept by inode"),
            };
            match numbers.len() {
                0 => out.raw("; <strong>arms nothing</strong>"),
                all if all == nr_syscalls as usize => out.raw("; <strong>arms everything</strong>"),
                some => {
                    out.raw("; arms <a class=\"shows\" href=\"#map\">");
                    out.text(count(some, "number")).raw("</a>: <span class=\"nrs\">");
                    out.text(ranges(&numbers)).raw("</span>")
                }
            };
            out.raw("</p>");
        }
        FilterList::User | FilterList::Exclude | FilterList::Filesystem => {
            out.raw("<p>").text(rule.list.name()).raw(" list: not counted, arms nothing</p>");
        }
        list => {
            out.raw("<p>").text(list.name());
            out.raw(" list: counted, <strong>and so the bitmap is not used</strong></p>");
        }
    }
}

/// `2, 76-77, 82-88`
fn ranges(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let run = |run: &[u32]| match run {
        [first, .., last] => format!("{first}-{last}"),
        [only] => only.to_string(),
        [] => String::new(),
    };
    runs.map(run).collect::<Vec<_>>().join(", ")
}

/// A rule whose file is not known, as it would be listed.
fn listed(rule: &Rule, arch: Arch) -> String {
    let style = Style { interpret: false, machine: Some(arch), keep_arch: false, names: &NoNames };
    String::from_utf8_lossy(&Listing::of(style, [rule])).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_share_a_range() {
        assert_eq!(ranges(&[2, 76, 77, 82, 83, 84, 90]), "2, 76-77, 82-84, 90");
        assert_eq!(ranges(&[]), "");
    }
}
