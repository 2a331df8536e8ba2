//! What other rules would do with the log.

use super::PageFacts;
use super::chart::Series;
use super::rows::write_share;
use crate::report::html::{Markup, write_cut};
use crate::report::replay::ReplayReport;
use crate::report::replay::against::{AgainstRow, AgainstView};
use crate::report::replay::text::{decider, per_day, rate, size};
use crate::report::replay::volume::FatesView;

/// The maximum number of rows.
const MOST_ROWS: usize = 200;
/// The maximum number of characters of an example.
const CHARACTERS: usize = 600;

/// Returns the series of a chart: what stays is below what goes.
pub(super) fn series(fates: &FatesView) -> Vec<Series> {
    let series = [
        ("kept", "s0", &fates.kept),
        ("renamed", "s1", &fates.renamed),
        ("undecided", "s6", &fates.undecided),
        ("left out of events that are kept", "s5", &fates.left_out),
        ("dropped", "s2", &fates.dropped),
    ];
    let used = series.into_iter().filter(|(_, _, bytes)| bytes.iter().any(|bytes| *bytes > 0));
    let series = used.map(|(name, class, bytes)| Series {
        name: name.to_owned(),
        class,
        bytes: bytes.clone(),
    });
    series.collect()
}

/// Writes the sums, and the events by what made them and by what the rules would do.
pub(super) fn write(
    out: &mut Markup,
    report: &ReplayReport<'_>,
    facts: &PageFacts<'_>,
    against: &AgainstView<'_>,
) {
    let (days, of) = per_day(report);
    let all: u64 = against.sums().iter().map(|(_, sum)| sum.bytes).sum();
    out.raw("<section id=\"against\" aria-labelledby=\"against-head\">\n");
    out.raw("<h2 id=\"against-head\">With <code>")
        .text(facts.named(against.rules))
        .raw("</code></h2>\n");
    out.raw(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"against-head\" tabindex=\"0\">\n",
    );
    write_head(out, "what", of, false);
    for (what, sum) in against.sums().iter().filter(|(_, sum)| (sum.events, sum.bytes) != (0, 0)) {
        out.raw("<tr><th scope=\"row\">").raw(what).raw("</th>");
        write_numbers(out, [sum.bytes, sum.events], all, days);
        out.raw("</tr>\n");
    }
    out.raw("</tbody>\n</table>\n</div>\n");
    out.raw("<p class=\"narrow\">Scroll the table sideways to see all of its columns.</p>\n");
    out.raw(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"against-head\" tabindex=\"0\">\n",
    );
    write_head(out, "decided by", of, true);
    for row in against.rows.get(..MOST_ROWS).unwrap_or(&against.rows) {
        write_row(out, report, row, all, days);
    }
    out.raw("</tbody>\n</table>\n</div>\n");
    if against.rows.len() > MOST_ROWS {
        out.raw("<p class=\"more\">+").text(against.rows.len() - MOST_ROWS);
        out.raw(" more; <code>--format json</code> has all of them</p>\n");
    }
    out.raw(
        "<p>A log does not show what the old rules did not record; <code>rauditctl compare</code> ",
    );
    out.raw("shows what new rules record in addition.</p>\n</section>\n");
}

fn write_head(out: &mut Markup, first: &'static str, of: &'static str, has_fates: bool) {
    out.raw("<table class=\"figures wide\">\n<thead><tr><th scope=\"col\">")
        .raw(first)
        .raw("</th>");
    if has_fates {
        out.raw("<th scope=\"col\">what happens</th>");
    }
    out.raw("<th scope=\"col\" class=\"n\">bytes").raw(of);
    out.raw("</th><th scope=\"col\">share</th><th scope=\"col\" class=\"n\">events").raw(of);
    out.raw("</th></tr></thead>\n<tbody>\n");
}

fn write_numbers(out: &mut Markup, [bytes, events]: [u64; 2], all: u64, days: f64) {
    out.raw("<td class=\"n\">").text(size(bytes as f64 / days)).raw("</td><td>");
    write_share(out, bytes as f64 / all.max(1) as f64);
    out.raw("</td><td class=\"n\">").text(rate(events as f64 / days)).raw("</td>");
}

fn write_row(
    out: &mut Markup,
    report: &ReplayReport<'_>,
    row: &AgainstRow<'_>,
    all: u64,
    days: f64,
) {
    out.raw("<tr><th scope=\"row\">");
    write_cut(out, &decider(&row.decided_by, report), CHARACTERS);
    out.raw("</th><td>");
    write_cut(out, &row.what(), CHARACTERS);
    out.raw("<div class=\"most\">for example ").text(&row.example.id).raw(" <code>");
    write_cut(out, &row.example.short, CHARACTERS);
    out.raw("</code></div></td>");
    write_numbers(out, [row.bytes, row.events], all, days);
    out.raw("</tr>\n");
}
