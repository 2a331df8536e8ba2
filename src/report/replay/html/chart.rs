//! A chart of bytes over time: a column for each interval, with a part for each series, and a table of the same.

use super::axis::{length, marks, size_step};
use crate::replay::Timeline;
use crate::report::html::{Markup, write_cut};
use crate::report::replay::text::size;
use crate::report::replay::times::moment;

/// The size of the picture, in its own units, and the part of it that has the columns.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 920.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 254.0;
/// The maximum width of a column.
const WIDEST: f64 = 48.0;
/// The maximum number of characters of a name.
const NAME: usize = 160;

/// A part of a log.
pub(super) struct Series {
    pub(super) name: String,
    /// The class that has its color.
    pub(super) class: &'static str,
    /// Its bytes, by interval.
    pub(super) bytes: Vec<u64>,
}

/// A log over time.
pub(super) struct Chart<'a> {
    pub(super) timeline: &'a Timeline,
    /// All bytes, by interval.
    pub(super) all: &'a [u64],
    /// Its parts, the lowest first.
    pub(super) series: Vec<Series>,
}

impl Chart<'_> {
    /// Writes the picture, its legend, and the table.
    pub(super) fn write(&self, out: &mut Markup) {
        out.raw("<div class=\"scroll\" role=\"region\" aria-labelledby=\"volume-head\" tabindex=\"0\">\n");
        out.raw("<svg class=\"chart\" role=\"img\" aria-labelledby=\"chart-title chart-desc\" viewBox=\"0 0 ");
        out.text(WIDTH).raw(" ").text(HEIGHT).raw("\">\n");
        out.raw("<title id=\"chart-title\">Bytes over time</title>\n<desc id=\"chart-desc\">");
        out.text(self.description()).raw("</desc>\n");
        let greatest = self.all.iter().copied().max().unwrap_or(0).max(1);
        write_sizes(out, greatest);
        self.write_times(out);
        for (at, start) in self.timeline.starts().enumerate() {
            self.write_column(out, at, start, greatest);
        }
        out.raw("</svg>\n</div>\n");
        self.write_legend(out);
        self.write_table(out);
    }

    /// Returns what the picture shows.
    fn description(&self) -> String {
        let columns = self.timeline.starts().zip(self.all);
        let greatest = columns.max_by_key(|(start, bytes)| (**bytes, std::cmp::Reverse(*start)));
        let (start, bytes) = greatest.map_or((0, 0), |(start, bytes)| (start, *bytes));
        format!(
            "{} columns of {}, from {} UTC on. The highest has {}, from {} on. The table below has the numbers.",
            self.timeline.intervals(),
            length(self.timeline.seconds()),
            moment(self.timeline.start()),
            sized(bytes),
            moment(start),
        )
    }

    /// Returns the place of the left side of an interval, and the width of all.
    fn place(&self, at: f64) -> (f64, f64) {
        let width = ((RIGHT - LEFT) / exact(self.timeline.intervals() as u64)).min(WIDEST);
        (LEFT + at * width, width)
    }

    /// Writes the marks of time.
    fn write_times(&self, out: &mut Markup) {
        let (start, interval) = (self.timeline.start(), self.timeline.seconds());
        let end = start + interval * i64::try_from(self.timeline.intervals()).unwrap_or(0);
        let (right, _) = self.place(exact(self.timeline.intervals() as u64));
        write_line(out, "axis", [LEFT, right.max(LEFT + 1.0)], [BOTTOM, BOTTOM]);
        for mark in marks(start, end, interval) {
            let (x, _) =
                self.place(exact(mark.at.abs_diff(start)) / exact(interval.unsigned_abs()));
            write_line(out, "axis", [x, x], [BOTTOM, BOTTOM + 5.0]);
            let mut y = BOTTOM + 19.0;
            for line in [&mark.time, &mark.date].into_iter().flatten() {
                out.raw("<text x=\"").text(one_digit(x)).raw("\" y=\"").text(y).raw("\">");
                out.text(line).raw("</text>\n");
                y += 16.0;
            }
        }
    }

    /// Writes a column. It shows its numbers when a pointer is over it.
    fn write_column(&self, out: &mut Markup, at: usize, start: i64, greatest: u64) {
        let all = self.all.get(at).copied().unwrap_or(0);
        if all == 0 {
            return;
        }
        let (x, width) = self.place(exact(at as u64));
        let gap = if width > 4.0 { 1.0 } else { 0.0 };
        out.raw("<g><title>").text(moment(start)).raw(" UTC: ").text(sized(all));
        for (series, bytes) in self.parts(at) {
            out.raw("\n");
            write_cut(out, &series.name, NAME);
            out.raw(": ").text(sized(bytes));
        }
        out.raw("</title>");
        write_part(out, "hit", [x, TOP], [width, BOTTOM - TOP]);
        let mut y = BOTTOM;
        for (series, bytes) in self.parts(at) {
            let height = exact(bytes) / exact(greatest) * (BOTTOM - TOP);
            y -= height;
            write_part(out, series.class, [x, y], [width - gap, height]);
        }
        out.raw("</g>\n");
    }

    /// Returns the series that have bytes in an interval.
    fn parts(&self, at: usize) -> impl Iterator<Item = (&Series, u64)> {
        let part = move |series: &'_ Series| series.bytes.get(at).copied().unwrap_or(0);
        self.series.iter().map(move |series| (series, part(series))).filter(|(_, bytes)| *bytes > 0)
    }

    /// Writes which color is which series.
    fn write_legend(&self, out: &mut Markup) {
        out.raw("<ul class=\"legend\" aria-label=\"Legend\">\n");
        for series in &self.series {
            out.raw("<li><span class=\"key ").raw(series.class).raw("\"></span><span>");
            write_cut(out, &series.name, NAME);
            out.raw(" <span class=\"more\">").text(sized(series.bytes.iter().sum()));
            out.raw(" in total</span></span></li>\n");
        }
        out.raw("</ul>\n");
    }

    /// Writes the numbers of the intervals that have any.
    fn write_table(&self, out: &mut Markup) {
        out.raw("<details><summary>The same as a table</summary>\n");
        out.raw("<div class=\"scroll\" role=\"region\" aria-labelledby=\"volume-head\" tabindex=\"0\">\n");
        out.raw("<table class=\"figures\">\n<thead><tr><th scope=\"col\">From (UTC)</th>");
        for series in &self.series {
            out.raw("<th scope=\"col\" class=\"n\">");
            write_cut(out, &series.name, NAME);
            out.raw("</th>");
        }
        out.raw("<th scope=\"col\" class=\"n\">all</th></tr></thead>\n<tbody>\n");
        let starts = self.timeline.starts().zip(self.all).enumerate();
        for (at, (start, all)) in starts.filter(|(_, (_, all))| **all > 0) {
            out.raw("<tr><th scope=\"row\">").text(moment(start)).raw("</th>");
            for series in &self.series {
                let bytes = series.bytes.get(at).copied().unwrap_or(0);
                out.raw("<td class=\"n\">").text(sized(bytes)).raw("</td>");
            }
            out.raw("<td class=\"n\">").text(sized(*all)).raw("</td></tr>\n");
        }
        out.raw("</tbody>\n</table>\n</div>\n</details>\n");
    }
}

/// Writes the marks of size, up to the greatest column.
fn write_sizes(out: &mut Markup, greatest: u64) {
    let step = size_step(greatest);
    for mark in (0..=greatest / step).map(|times| times * step) {
        let y = BOTTOM - exact(mark) / exact(greatest) * (BOTTOM - TOP);
        write_line(out, "grid", [LEFT, RIGHT], [y, y]);
        out.raw("<text class=\"size\" x=\"").text(LEFT - 8.0).raw("\" y=\"");
        out.text(one_digit(y + 4.0)).raw("\">").text(sized(mark).replace(".0 ", " "));
        out.raw("</text>\n");
    }
}

fn write_line(out: &mut Markup, class: &'static str, x: [f64; 2], y: [f64; 2]) {
    let ([x1, x2], [y1, y2]) = (x.map(one_digit), y.map(one_digit));
    out.raw("<line class=\"").raw(class).raw("\" x1=\"").text(x1).raw("\" x2=\"").text(x2);
    out.raw("\" y1=\"").text(y1).raw("\" y2=\"").text(y2).raw("\"/>\n");
}

fn write_part(out: &mut Markup, class: &'static str, place: [f64; 2], sides: [f64; 2]) {
    let ([x, y], [width, height]) = (place.map(one_digit), sides.map(one_digit));
    out.raw("<rect class=\"").raw(class).raw("\" x=\"").text(x).raw("\" y=\"").text(y);
    out.raw("\" width=\"").text(width).raw("\" height=\"").text(height).raw("\"/>");
}

/// Returns a number with at most one digit after the point.
fn one_digit(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

fn sized(bytes: u64) -> String {
    size(exact(bytes))
}

#[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
fn exact(number: u64) -> f64 {
    number as f64
}
