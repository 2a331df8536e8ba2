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
//! | `page.css`, `page.js` | the style and the script |
//!
//! The page shows all content without the script, which sorts, filters and moves between cells. Its
//! content security policy allows no loading, and only this style and this script, by their hashes.

mod advice;
mod facts;
mod map;
mod markup;
mod ramp;
mod rules;
mod table;
mod verdicts;

use super::sentences::notes::notes;
use crate::analysis::Analysis;
use crate::source::Source;
use facts::Facts;
use markup::Markup;

/// The style of the page.
pub const STYLE: &str = include_str!("page.css");
/// The script of the page.
pub const SCRIPT: &str = include_str!("page.js");

/// The SHA-256 of [`STYLE`] and of [`SCRIPT`], for the content security policy.
pub const HASHES: [&str; 2] = [
    "rNhtM2DDnMe8x+woOZy0QcLS+aId2wYug26RrOjaZ2M=",
    "VExzDimn16tLZFcDlr4WtgFF7fw6f6rVJ0zKoeLNCJI=",
];

/// Returns the page about `analysis`. `sources` are the files of the rules: a rule of another file is
/// shown as `auditctl -l` lists it.
pub fn page(analysis: &Analysis, sources: &[Source]) -> String {
    let facts = Facts::of(analysis, sources);
    let mut out = Markup::default();
    out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    write_policy(&mut out);
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.raw("<title>What ").text(facts.files()).raw(" arms</title>\n");
    out.raw("<style>").raw(STYLE).raw("</style>\n</head>\n<body>\n");
    verdicts::write(&mut out, &facts);
    out.raw("<main>\n");
    advice::write(&mut out, &facts);
    map::write(&mut out, &facts);
    table::write(&mut out, &facts);
    rules::write(&mut out, &facts);
    write_notes(&mut out, analysis);
    out.raw("</main>\n<footer><p>Written by rauditctl ").raw(env!("CARGO_PKG_VERSION"));
    out.raw(". This page loads nothing from elsewhere. Its terms are explained in ");
    out.raw("<code>docs/terms.md</code>.</p></footer>\n");
    out.raw("<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
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

/// Writes the content security policy: no loading, and no style or script but the page's own.
fn write_policy(out: &mut Markup) {
    let [style, script] = HASHES;
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.raw("base-uri 'none'; form-action 'none'; style-src 'sha256-").raw(style);
    out.raw("'; script-src 'sha256-").raw(script).raw("'\">\n");
}
