//! The table of what made the log, and the rules that made nothing.

use super::{PageFacts, color};
use crate::replay::By;
use crate::report::explain::listed;
use crate::report::html::{Markup, write_cut, write_line};
use crate::report::replay::ReplayReport;
use crate::report::replay::notes::{other_archs, other_keys, repeated};
use crate::report::replay::rows::{Counted, DecidedBy, RowOf, RowView, RuleView};
use crate::report::replay::text::{
    MOST, counted, decider, delimited, head, name, per_day, place, rate, size,
};
use crate::report::replay::unused::{no_event, silencing_sum, unused_sum};
use crate::report::share::percent;

/// The maximum number of rows.
const MOST_ROWS: usize = 500;
/// The maximum number of rules of a row that are shown with their lines.
const RULES: usize = 8;
/// The number of programs, users and paths of a row.
const VALUES: usize = 3;
/// The maximum number of characters of a value.
const CHARACTERS: usize = 300;

/// Writes the table. More rows than the text has are folded.
pub(super) fn write(out: &mut Markup, report: &ReplayReport<'_>, facts: &PageFacts<'_>) {
    out.raw("<section id=\"rows\" aria-labelledby=\"rows-head\">\n<h2 id=\"rows-head\">");
    out.raw(title(report)).raw("</h2>\n");
    let shown = report.rows.get(..MOST_ROWS).unwrap_or(&report.rows);
    let open = shown.get(..MOST).unwrap_or(shown);
    let folded = shown.get(open.len()..).unwrap_or_default();
    if open.is_empty() {
        out.raw("<p>There are no events.</p>\n");
    } else {
        write_table(out, report, facts, open, 0);
    }
    if !folded.is_empty() {
        out.raw("<details><summary>").text(counted(folded.len(), "more row")).raw("</summary>\n");
        write_table(out, report, facts, folded, open.len());
        out.raw("</details>\n");
    }
    if report.rows.len() > shown.len() {
        out.raw("<p class=\"more\">+").text(report.rows.len() - shown.len());
        out.raw(" more; <code>--format json</code> has all of them</p>\n");
    }
    if report.rare.events > 0 {
        let (days, of) = per_day(report);
        out.raw("<p>").text(size(report.rare.bytes as f64 / days)).text(of).raw(" and ");
        out.text(rate(report.rare.events as f64 / days)).raw(" events").text(of);
        out.raw(" are of rare values, which have no rows.</p>\n");
    }
    let notes = repeated(report).into_iter().chain(other_keys(report)).chain(other_archs(report));
    for note in notes {
        out.raw("<p>").text(note).raw("</p>\n");
    }
    out.raw("</section>\n");
}

/// Returns the head of the section.
pub(super) fn title(report: &ReplayReport<'_>) -> &'static str {
    match report.rows_by {
        By::Rule if report.rule_count == 0 => "By key",
        By::Rule => "By rule",
        By::Exe => "By program",
        By::User => "By login user",
        By::Path => "By path",
        By::Key => "By key",
        By::Syscall => "By syscall",
        By::Node => "By machine",
    }
}

fn write_table(
    out: &mut Markup,
    report: &ReplayReport<'_>,
    facts: &PageFacts<'_>,
    rows: &[RowView<'_>],
    before: usize,
) {
    let (_, of) = per_day(report);
    out.raw("<p class=\"narrow\">Scroll the table sideways to see all of its columns.</p>\n");
    out.raw(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"rows-head\" tabindex=\"0\">\n",
    );
    out.raw("<table class=\"figures wide\">\n<thead><tr><th scope=\"col\">")
        .text(head(report.rows_by));
    out.raw("</th><th scope=\"col\" class=\"n\">bytes").text(of);
    out.raw("</th><th scope=\"col\">share</th><th scope=\"col\" class=\"n\">events").text(of);
    out.raw("</th><th scope=\"col\">mostly</th></tr></thead>\n<tbody>\n");
    for (at, row) in rows.iter().enumerate() {
        write_row(out, report, facts, row, before + at);
    }
    out.raw("</tbody>\n</table>\n</div>\n");
}

fn write_row(
    out: &mut Markup,
    report: &ReplayReport<'_>,
    facts: &PageFacts<'_>,
    row: &RowView<'_>,
    at: usize,
) {
    let (days, _) = per_day(report);
    out.raw("<tr><th scope=\"row\">");
    if let Some(class) = color(at).filter(|_| report.against.is_none()) {
        out.raw("<span class=\"key ").raw(class).raw("\"></span> ");
    }
    write_cut(out, &name(row, report), CHARACTERS);
    match &row.of {
        RowOf::Maker { decided_by: DecidedBy::Rule { rule } } => {
            write_rule(out, facts, rule, false)
        }
        RowOf::Maker { decided_by: DecidedBy::OneOf { rules, .. } } => {
            rules.iter().take(RULES).for_each(|rule| write_rule(out, facts, rule, true));
        }
        RowOf::Maker { decided_by: DecidedBy::OtherRule { first: Some(first), .. } } => {
            write_rule(out, facts, first, false);
        }
        _ => {}
    }
    out.raw("</th><td class=\"n\">").text(size(row.bytes as f64 / days)).raw("</td><td>");
    write_share(out, row.share);
    out.raw("</td><td class=\"n\">").text(rate(row.events as f64 / days)).raw("</td><td>");
    write_most(out, report, row);
    out.raw("</td></tr>\n");
}

/// Writes a rule as in its file, or as a kernel lists it.
fn write_rule(out: &mut Markup, facts: &PageFacts<'_>, rule: &RuleView<'_>, is_named: bool) {
    let line = facts.lines.line(rule.origin);
    let line = line.unwrap_or_else(|| listed(rule.rule, facts.arming));
    out.raw("<div class=\"rule\">");
    if is_named {
        out.text(place(rule)).raw(" ");
    }
    write_line(out, &line);
    out.raw("</div>");
}

/// Writes a share as a bar, and in words.
pub(super) fn write_share(out: &mut Markup, share: f64) {
    let width = share * 100.0;
    out.raw("<span class=\"part\"><svg class=\"share\" aria-hidden=\"true\" preserveAspectRatio=\"none\" ");
    out.raw("viewBox=\"0 0 100 1\"><rect width=\"").text(format_args!("{width:.1}"));
    out.raw("\" height=\"1\"/></svg> ").text(percent(share, 0)).raw("</span>");
}

/// Writes the most frequent values of a row.
fn write_most(out: &mut Markup, report: &ReplayReport<'_>, row: &RowView<'_>) {
    let by = report.rows_by;
    let share = |events: u64| events as f64 / row.events.max(1) as f64;
    if let RowOf::Value { deciders, .. } = &row.of {
        out.raw("<div class=\"most\">decided by ");
        for (at, most) in deciders.iter().take(VALUES).enumerate() {
            out.raw(if at == 0 { "" } else { ", " });
            write_cut(out, &decider(&most.decided_by, report), CHARACTERS);
            out.text(format_args!(" {}", percent(share(most.events), 0)));
        }
        out.raw("</div>");
    }
    let kinds = [
        ("program ", &row.exe, By::Exe),
        ("login user ", &row.auid, By::User),
        ("path ", &row.path, By::Path),
    ];
    for (what, values, _) in kinds.iter().filter(|(_, _, of)| *of != by) {
        write_values(out, what, values, share);
    }
}

fn write_values(
    out: &mut Markup,
    what: &'static str,
    values: &[Counted<'_>],
    share: impl Fn(u64) -> f64,
) {
    for (at, value) in values.iter().take(VALUES).enumerate() {
        match at {
            0 => out.raw("<div class=\"most\">").raw(what).raw("<code>"),
            _ => out.raw(", <code>"),
        };
        write_cut(out, &delimited(&value.value), CHARACTERS);
        out.raw("</code>&#160;").text(percent(share(value.events), 0));
    }
    out.raw(if values.is_empty() { "" } else { "</div>" });
}

/// Writes the rules that made no event, if there are rules.
pub(super) fn write_unused(out: &mut Markup, report: &ReplayReport<'_>, facts: &PageFacts<'_>) {
    if report.rule_count == 0 {
        return;
    }
    out.raw("<section id=\"unused\" aria-labelledby=\"unused-head\">\n");
    out.raw("<h2 id=\"unused-head\">Unused rules</h2>\n");
    if let Some(note) = no_event(report) {
        out.raw("<p>").text(note).raw("</p>\n</section>\n");
        return;
    }
    if let Some(sum) = unused_sum(report) {
        out.raw("<p>").text(sum).raw(".</p>\n");
    }
    let shown = report.unused.get(..MOST_ROWS).unwrap_or(&report.unused);
    let is_folded = shown.len() > MOST;
    if is_folded {
        out.raw("<details><summary>").text(counted(shown.len(), "rule")).raw("</summary>\n");
    }
    if !shown.is_empty() {
        out.raw("<ul class=\"unused\">\n");
        for rule in shown {
            out.raw("<li>").text(place(rule));
            write_rule(out, facts, rule, false);
            out.raw("</li>\n");
        }
        out.raw("</ul>\n");
    }
    if report.unused.len() > shown.len() {
        out.raw("<p class=\"more\">+").text(report.unused.len() - shown.len());
        out.raw(" more; <code>--format json</code> has all of them</p>\n");
    }
    out.raw(if is_folded { "</details>\n" } else { "" });
    if let Some(sum) = silencing_sum(report) {
        out.raw("<p>").text(sum).raw("</p>\n");
    }
    out.raw("</section>\n");
}
