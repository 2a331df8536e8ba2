//! The map: one cell per syscall number, with the number of its rules and a color. The label of a cell
//! describes it, and is shown on hover and focus.

use super::facts::Facts;
use super::ramp::{Shade, class, level_of, shades};
use crate::analysis::{ArmedSyscall, syscall_name};
use crate::report::explain::sentences::count;
use crate::report::html::Markup;

/// The number of cells in a row.
const COLUMNS: u32 = 20;
/// The maximum number of rules in a label.
const NAMED: usize = 3;

/// Writes the map and its legend.
pub(super) fn write(out: &mut Markup, facts: &Facts<'_>) {
    let arming = facts.arming;
    let shades = shades(arming.counters.armed().map(|(_, rules)| rules));
    out.raw("<section id=\"map\" aria-labelledby=\"map-head\">\n<h2 id=\"map-head\">Map</h2>\n");
    out.raw(
        "<p>One cell per syscall number. It shows how many rules of the exit list have the number in ",
    );
    out.raw(if arming.bitmap.equal {
        "their mask. A kernel with the bitmap arms the numbers that have such rules.</p>\n"
    } else {
        "their mask. <strong>Every number is armed, because the bitmap is not used.</strong></p>\n"
    });
    write_legend(out, facts, &shades);
    out.raw(
        "<p class=\"scripted\" id=\"keys\" hidden>Arrow keys move between cells, Home and End ",
    );
    out.raw("within a row, Enter goes to the row of the syscall, Escape hides the details.</p>\n");
    out.raw("<table class=\"map\" aria-labelledby=\"map-head\">\n<thead><tr><td></td>");
    for column in 0..COLUMNS {
        out.raw("<th scope=\"col\">+").text(column).raw("</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    for first in (0..arming.nr_syscalls).step_by(COLUMNS as usize) {
        out.raw("<tr><th scope=\"row\">").text(first).raw("</th>\n");
        for nr in first..arming.nr_syscalls.min(first + COLUMNS) {
            write_cell(out, facts, &shades, nr);
        }
        out.raw("</tr>\n");
    }
    out.raw("</tbody>\n</table>\n<p id=\"marked\" role=\"status\"></p>\n</section>\n");
}

fn write_legend(out: &mut Markup, facts: &Facts<'_>, shades: &[Shade]) {
    out.raw("<ul class=\"legend\" aria-label=\"Legend: rules for a number\">\n");
    let numbers = || (0..facts.arming.nr_syscalls).filter(|nr| facts.armed(*nr).is_none());
    if numbers().any(|nr| !is_known(facts, nr)) {
        out.raw("<li><span class=\"key none\"></span>no such syscall</li>\n");
    }
    if numbers().any(|nr| is_known(facts, nr)) {
        out.raw("<li><span class=\"key l0\">\u{b7}</span>no rule</li>\n");
    }
    for shade in shades {
        out.raw("<li><span class=\"key ")
            .raw(class(shade.level))
            .raw("\"></span>")
            .text(shade.from);
        if shade.to > shade.from {
            out.raw("\u{2013}").text(shade.to);
        }
        out.raw(if shade.to == 1 { " rule</li>\n" } else { " rules</li>\n" });
    }
    if facts.arming.bitmap.syscalls.iter().any(|one| one.native_bystander().is_some()) {
        out.raw("<li><span class=\"key l0 other\"></span>armed only because a syscall of the ");
        out.raw("other arch has the same number</li>\n");
    }
    out.raw("</ul>\n");
}

fn write_cell(out: &mut Markup, facts: &Facts<'_>, shades: &[Shade], nr: u32) {
    let rules = facts.arming.counters.of_syscall(nr);
    let armed = facts.armed(nr);
    let is_known = is_known(facts, nr);
    let is_other = armed.is_some_and(|one| one.native_bystander().is_some());
    out.raw("<td id=\"c").text(nr).raw("\" class=\"");
    out.raw(if rules == 0 && !is_known { "none" } else { class(level_of(shades, rules)) });
    out.raw(if is_other { " other" } else { "" }).raw("\" aria-label=\"");
    write_label(out, facts, armed, nr);
    out.raw("\">");
    match rules {
        0 if is_known => out.raw("\u{b7}"),
        0 => out,
        _ => {
            out.raw("<a href=\"#s").text(nr).raw("\" aria-labelledby=\"c").text(nr).raw("\">");
            out.text(short(rules)).raw("</a>")
        }
    };
    out.raw("</td>\n");
}

/// Returns whether a number is a syscall on an arch that the kernel runs.
fn is_known(facts: &Facts<'_>, nr: u32) -> bool {
    facts.arming.arches().any(|arch| syscall_name(arch, nr).is_some())
}

/// Returns a count that fits into a cell.
fn short(rules: u32) -> String {
    match rules {
        0..1000 => rules.to_string(),
        1000..10_000 => format!("{}.{}k", rules / 1000, rules % 1000 / 100),
        _ => format!("{}k", rules / 1000),
    }
}

fn write_label(out: &mut Markup, facts: &Facts<'_>, armed: Option<&ArmedSyscall>, nr: u32) {
    out.text(nr).raw(": ");
    let arches = facts.arming.arches();
    let mut names = arches.filter_map(|arch| Some((arch, syscall_name(arch, nr)?))).peekable();
    if names.peek().is_none() {
        out.raw("no syscall");
    }
    for (index, (arch, name)) in names.enumerate() {
        out.raw(if index == 0 { "" } else { ", " }).text(name).raw(" of ");
        out.raw(arch.common_name());
    }
    let Some(armed) = armed else {
        out.raw("\nno rule");
        return;
    };
    let (special, total) = facts.special(armed, NAMED);
    out.raw("\n").text(count(armed.rules.members().len(), "rule"));
    for (index, origin) in special.iter().enumerate() {
        out.raw(if index == 0 { ": " } else { ", " }).text(origin);
    }
    let arms_all = facts.arming.bitmap.arms_all.len();
    match (total, arms_all) {
        (0, _) => out.raw(": all of them arm every syscall"),
        (_, 0) if total > special.len() => out.raw(", +").text(total - special.len()).raw(" more"),
        (_, 0) => out,
        (_, _) => {
            if total > special.len() {
                out.raw(", +").text(total - special.len()).raw(" more");
            }
            out.raw(", and ").text(arms_all).raw(match arms_all {
                1 => " that arms every syscall",
                _ => " that arm every syscall",
            })
        }
    };
    let length = facts.length(nr);
    out.raw("\n").text(count(length.rules, "rule")).raw(" tested, ");
    out.text(count(length.fields, "field")).raw(" compared at worst");
    if armed.native_bystander().is_some() {
        out.raw("\nnone of these rules can match the syscall of ");
        out.raw(facts.arming.arch.common_name());
    }
}
