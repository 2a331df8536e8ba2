//! One HTML page that loads nothing.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the page as a whole, and its head |
//! | `chart` | bytes over time |
//! | `axis` | times and sizes beside the chart |
//! | `rows` | what made the log, and the rules that made nothing |
//! | `against` | what other rules would do |
//! | `limits` | budget and retention |

mod against;
mod axis;
mod chart;
mod limits;
mod rows;

use super::text::{counted, head_line, name, period, size};
use super::times::moment;
use super::volume::{ApartView, VolumeView};
use super::{Damaged, ReplayReport};
use crate::analysis::Arming;
use crate::report::explain::shortened;
use crate::report::html::{Markup, RuleLines, write_end, write_navigation, write_start};
use crate::source::Source;
use axis::length;
use chart::{Chart, Series};

/// The colors of rows in the chart, the largest first. The other rows share one.
const COLORS: [&str; 8] = ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"];
/// The color of the other rows.
const OTHERS: &str = "s0";
/// The maximum number of files in the title.
const FILES_NAMED: usize = 3;

/// What a page has besides its report.
pub struct PageFacts<'a> {
    logs: &'a [String],
    arming: &'a Arming,
    lines: RuleLines<'a>,
}

impl<'a> PageFacts<'a> {
    /// Takes the names of the logs, the rules that made them, and the files of all rules. A rule of another file is shown as
    /// `auditctl -l` lists it.
    pub fn new(logs: &'a [String], arming: &'a Arming, sources: &'a [Source]) -> Self {
        PageFacts { logs, arming, lines: RuleLines::of(sources) }
    }

    /// Returns the first of many names, and the number of the others.
    fn named(&self, names: &[String]) -> String {
        shortened(names.iter(), names.len(), FILES_NAMED)
    }
}

/// Returns the color of a row, if it has its own.
fn color(at: usize) -> Option<&'static str> {
    COLORS.get(at).copied()
}

/// Returns the page of a report.
pub fn page(report: &ReplayReport<'_>, facts: &PageFacts<'_>) -> String {
    let mut out = Markup::default();
    let logs = facts.named(facts.logs);
    write_start(&mut out, &format!("What fills {logs}"));
    write_head(&mut out, report, &logs);
    out.raw("<main>\n");
    if let Some(volume) = &report.volume {
        write_volume(&mut out, report, volume);
    }
    if let Some(against) = &report.against {
        against::write(&mut out, report, facts, against);
    }
    rows::write(&mut out, report, facts);
    rows::write_unused(&mut out, report, facts);
    limits::write(&mut out, report);
    out.raw("</main>\n");
    write_end(&mut out);
    out.into_string()
}

fn write_head(out: &mut Markup, report: &ReplayReport<'_>, logs: &str) {
    out.raw("<a class=\"skip\" href=\"#rows\">Skip to the table</a>\n<header>\n");
    let parts = [
        ("#volume", "Over time", report.volume.is_some()),
        ("#against", "Other rules", report.against.is_some()),
        ("#rows", rows::title(report), true),
        ("#unused", "Unused rules", report.rule_count > 0),
        ("#limits", "Limits", report.budget.is_some() || report.retention.is_some()),
    ];
    let parts = parts.into_iter().filter(|(_, _, is_there)| *is_there);
    write_navigation(out, parts.map(|(anchor, name, _)| (anchor, name)));
    out.raw("<h1>What fills <code>").text(logs).raw("</code></h1>\n<p class=\"short\">");
    out.text(head_line(report));
    if let Some(period) = period(report) {
        out.raw(" ").text(period);
    }
    out.raw("</p>\n");
    for Damaged { file, records, why } in &report.log.damaged {
        out.raw("<p class=\"alert\"><code>")
            .text(file)
            .raw("</code> is damaged, and what comes after ");
        out.text(counted(*records, "record")).raw(" is missing: ").text(why).raw("</p>\n");
    }
    out.raw("</header>\n");
}

/// Writes the chart, and what is not in it.
fn write_volume(out: &mut Markup, report: &ReplayReport<'_>, volume: &VolumeView) {
    let fates = report.against.as_ref().and_then(|against| against.volume.as_ref());
    let series = fates.map_or_else(|| series(report, volume), against::series);
    let chart = Chart { timeline: &volume.timeline, all: &volume.bytes, series };
    out.raw("<section id=\"volume\" aria-labelledby=\"volume-head\">\n");
    out.raw("<h2 id=\"volume-head\">Over time</h2>\n<p>Bytes of each interval of ");
    out.text(length(volume.timeline.seconds())).raw(", in UTC.</p>\n");
    out.raw("<p class=\"narrow\">Scroll the chart sideways to see all of it.</p>\n");
    chart.write(out);
    for apart in [volume.before, volume.after].into_iter().flatten() {
        write_apart(out, apart);
    }
    out.raw("</section>\n");
}

/// Writes what is too far from the rest of the log for the chart.
fn write_apart(out: &mut Markup, apart: ApartView) {
    let ApartView { first, last, bytes } = apart;
    out.raw("<p class=\"alert\">The chart leaves out ").text(size(bytes as f64));
    out.raw(", from ").text(moment(first)).raw(" to ").text(moment(last));
    out.raw(" UTC: they are far from the rest of the log, as if a clock was wrong. ");
    out.raw("Rates a day are without this time. ");
    out.raw("<code>--since</code> and <code>--until</code> choose a part of the log.</p>\n");
}

/// Returns the series of the largest rows, and of the rest.
fn series(report: &ReplayReport<'_>, volume: &VolumeView) -> Vec<Series> {
    let mut rest = volume.bytes.clone();
    let mut all = Vec::new();
    for (row, class) in report.rows.iter().zip(COLORS) {
        let bytes = row.volume.clone().unwrap_or_default();
        rest.iter_mut().zip(&bytes).for_each(|(rest, bytes)| *rest = rest.saturating_sub(*bytes));
        all.push(Series { name: name(row, report), class, bytes });
    }
    if rest.iter().any(|bytes| *bytes > 0) {
        all.push(Series { name: "others".to_owned(), class: OTHERS, bytes: rest });
    }
    all
}
