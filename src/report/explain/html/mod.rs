//! `explain` as one HTML page that loads nothing.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the page as a whole |
//! | `facts` | lookups that several parts share |
//! | `verdicts` | the head: what a stock kernel and one with the bitmap arm |
//! | `advice` | the rules that arm every syscall, and what to write instead |
//! | `map` | one cell per syscall number |
//! | `ramp` | the colors of the map |
//! | `table` | the armed syscalls |
//! | `rules` | the rules, as in their files |
//! | `cost` | what the rules cost a workload |
//! | `compare` | the page about two sets of rules |
//!
//! The page shows all content without the script, which sorts, filters and moves between cells.

mod advice;
mod compare;
mod cost;
mod facts;
mod map;
mod ramp;
mod rules;
mod table;
mod verdicts;

use super::sentences::notes::notes;
use crate::analysis::{Analysis, Comparison};
use crate::report::html::{Markup, write_end, write_start};
use crate::source::Source;
use facts::Facts;

/// Returns the page about `analysis`. `sources` are the files of the rules: a rule of another file is
/// shown as `auditctl -l` lists it.
pub fn page(analysis: &Analysis, sources: &[Source]) -> String {
    let facts = Facts::of(analysis, sources);
    let mut out = Markup::default();
    write_start(&mut out, &format!("What {} arms", facts.files()));
    verdicts::write(&mut out, &facts);
    out.raw("<main>\n");
    advice::write(&mut out, &facts);
    analysis.cost.iter().for_each(|cost| cost::write(&mut out, &facts, cost));
    map::write(&mut out, &facts);
    table::write(&mut out, &facts);
    rules::write(&mut out, &facts);
    write_notes(&mut out, analysis);
    out.raw("</main>\n");
    write_end(&mut out);
    out.into_string()
}

/// Returns the page about two sets of rules.
pub fn comparison_page(comparison: &Comparison) -> String {
    let mut out = Markup::default();
    write_start(&mut out, "What changes from the old rules to the new ones");
    compare::write(&mut out, comparison);
    write_end(&mut out);
    out.into_string()
}

fn write_notes(out: &mut Markup, analysis: &Analysis) {
    let notes = notes(analysis);
    out.raw("<section id=\"notes\" aria-labelledby=\"notes-head\">\n");
    out.raw("<h2 id=\"notes-head\">Notes</h2>\n");
    if notes.is_empty() {
        out.raw("<p>There are no notes.</p>\n");
    } else {
        out.raw("<ul>\n");
        for note in facts::shown(&notes, facts::MOST_NOTES) {
            out.raw("<li>").text(note).raw("</li>\n");
        }
        facts::write_more(out, notes.len(), facts::MOST_NOTES, "--view notes");
        out.raw("</ul>\n");
    }
    out.raw("</section>\n");
}
