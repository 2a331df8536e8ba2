//! The page about two sets of rules.

use crate::analysis::Comparison;
use crate::report::explain::sentences::gate::failure_text;
use crate::report::explain::text::{Layout, write_comparison};
use crate::report::html::Markup;

/// The width of the report on the page.
const COLUMNS: usize = 100;

/// Writes the content of the page.
pub(super) fn write(out: &mut Markup, comparison: &Comparison) {
    let Comparison { old, new, changes, gates, failures } = comparison;
    out.raw("<header>\n<div class=\"bar\"><span></span>");
    out.raw("<button type=\"button\" id=\"theme\" hidden>Dark</button></div>\n");
    out.raw("<h1>What changes from the old rules to the new ones</h1>\n<p class=\"short\">");
    out.text(in_short(comparison)).raw("</p>\n");
    if !gates.is_empty() {
        out.raw("<section class=\"gates\" aria-labelledby=\"gates\">\n<h2 id=\"gates\">Limits: ");
        out.text(failures.len()).raw(" of ").text(gates.len()).raw(" not met</h2>\n<ul>\n");
        for failure in failures {
            out.raw("<li>").text(failure_text(new, failure)).raw("</li>\n");
        }
        out.raw("</ul>\n</section>\n");
    }
    out.raw("</header>\n<main>\n<section id=\"changes\" aria-labelledby=\"changes-head\">\n");
    out.raw("<h2 id=\"changes-head\">Changes on ").raw(old.arch.common_name()).raw("</h2>\n");
    if changes.is_empty() {
        out.raw("<p>The kernel gets the same rules in the same order.</p>\n");
    }
    let mut text = String::new();
    let layout = Layout { columns: COLUMNS, is_whole: true, ..Layout::default() };
    // Writing to a String does not fail.
    let _ = write_comparison(&mut text, comparison, layout);
    out.raw("<pre class=\"report\">");
    for line in text.lines() {
        out.text(line).raw("\n");
    }
    out.raw("</pre>\n</section>\n</main>\n");
}

/// Returns the change in a sentence for a reader who does not know the terms.
fn in_short(comparison: &Comparison) -> String {
    let Comparison { old, new, changes, .. } = comparison;
    let lost: usize = changes.recorded.iter().map(|one| one.lost.len()).sum();
    let gained: usize = changes.recorded.iter().map(|one| one.gained.len()).sum();
    let walked = |arming: &crate::analysis::Arming| {
        arming.exit_rules().filter(|one| one.is_walked()).count()
    };
    let rules = match (changes.added.len(), changes.removed.len()) {
        (0, 0) => "The rules are the same.".to_owned(),
        (added, 0) => format!("{} added, and none removed.", are(added)),
        (0, removed) => format!("{} removed, and none added.", are(removed)),
        (added, removed) => format!("{} added, and {removed} removed.", are(added)),
    };
    let recorded = match (gained, lost) {
        (0, 0) if changes.removed.is_empty() => "Everything that was recorded still is.".to_owned(),
        (0, 0) => "Every system call that could be recorded still can be, but what only the removed rules recorded, such \
                   as the use of a file, is no longer recorded."
            .to_owned(),
        _ => format!(
            "{gained} system calls can be recorded that could not before, and {lost} can no longer be recorded at all."
        ),
    };
    let walk = match (walked(old), walked(new)) {
        (before, after) if before == after => {
            format!(
                "Each time a system call ends, the kernel goes through {after} rules, as before."
            )
        }
        (before, after) => format!(
            "Each time a system call ends, the kernel goes through {after} rules instead of {before}."
        ),
    };
    format!("{rules} {recorded} {walk}")
}

/// Returns `1 rule is`, or `3 rules are`.
fn are(rules: usize) -> String {
    if rules == 1 { "1 rule is".to_owned() } else { format!("{rules} rules are") }
}
