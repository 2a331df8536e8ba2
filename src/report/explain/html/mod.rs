//! `explain` as one HTML page that loads nothing.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the page as a whole |
//! | `markup` | escapes text; nothing else does |
//! | `facts` | lookups that several parts share |
//! | `verdicts` | the head: what a stock kernel and one with the bitmap arm |
//! | `advice` | the rules that arm every syscall, and what to write instead |
//! | `map` | one cell per syscall number |
//! | `ramp` | the colors of the map |
//! | `table` | the armed syscalls |
//! | `rules` | the rules, as in their files |
//! | `cost` | what the rules cost a workload |
//! | `compare` | the page about two sets of rules |
//! | `page.css`, `page.js` | the style and the script |
//!
//! The page shows all content without the script, which sorts, filters and moves between cells. Its
//! content security policy allows no loading, and only this style and this script, by their hashes.

mod advice;
mod compare;
mod cost;
mod facts;
mod map;
mod markup;
mod ramp;
mod rules;
mod table;
mod verdicts;

use super::sentences::notes::notes;
use crate::analysis::{Analysis, Comparison};
use crate::source::Source;
use facts::Facts;
use markup::Markup;

/// The style of the page.
pub const STYLE: &str = include_str!("page.css");
/// The script of the page.
pub const SCRIPT: &str = include_str!("page.js");

/// The SHA-256 of [`STYLE`] and of [`SCRIPT`], for the content security policy.
pub const HASHES: [&str; 2] = [
    "qXe/sZsB1e9uKfzhRCBId9Q7TfnWlVtxCx6VjIH1BH4=",
    "uyUX7KXhgyOoT+gOo9ugPF/bvaoDJxCjy3eJHujE7l8=",
];

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

/// Writes everything before the content.
fn write_start(out: &mut Markup, title: &str) {
    out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    write_policy(out);
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.raw("<title>").text(title).raw("</title>\n");
    out.raw("<style>").raw(STYLE).raw("</style>\n</head>\n<body>\n");
}

/// Writes everything after the content.
fn write_end(out: &mut Markup) {
    out.raw("<footer><p>Written by rauditctl ").raw(env!("CARGO_PKG_VERSION"));
    out.raw(". This page loads nothing from elsewhere. Its terms are explained in ");
    out.raw("<code>docs/terms.md</code>.</p></footer>\n");
    out.raw("<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
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

/// Writes the content security policy: no loading, and no style or script but the page's own.
fn write_policy(out: &mut Markup) {
    let [style, script] = HASHES;
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.raw("base-uri 'none'; form-action 'none'; style-src 'sha256-").raw(style);
    out.raw("'; script-src 'sha256-").raw(script).raw("'\">\n");
}
