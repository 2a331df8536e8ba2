//! What the rules cost a workload.

use super::facts::{Facts, shown};
use crate::analysis::cost::{Cost, SyscallCost, Total};
use crate::report::explain::sentences::count;
use crate::report::html::Markup;
use crate::report::share::percent;

/// The maximum number of syscalls in the table.
const ROWS: usize = 40;

/// Writes the section about the workload.
pub(super) fn write(out: &mut Markup, facts: &Facts<'_>, cost: &Cost) {
    let calls = usize::try_from(cost.calls).unwrap_or(usize::MAX);
    out.raw("<section id=\"cost\" aria-labelledby=\"cost-head\">\n");
    out.raw("<h2 id=\"cost-head\">Cost for the workload</h2>\n<p>").text(count(calls, "call"));
    if let Some(seconds) = cost.seconds {
        out.raw(" in ").text(seconds).raw(" s");
    }
    out.raw(". Instructions are those that the rules add, estimated from measurements of Linux ");
    out.text(&cost.calibrated_on).raw(", if no rule matches.");
    let recordable = cost.stock.armed - cost.stock.needless;
    if recordable > 0 {
        out.raw(" Records are not included; rules can match ").text(recordable);
        out.raw(" of the calls.");
    }
    out.raw("</p>\n");
    if let Some(origin) = facts.arming.spares_new_tasks() {
        out.raw("<p class=\"alert\">Only for tasks that run before ");
        facts.write_origin(out, origin, None);
        out.raw(" is loaded: later tasks cost less than without any rule.</p>\n");
    }
    write_totals(out, cost);
    write_syscalls(out, cost);
    out.raw("</section>\n");
}

fn write_totals(out: &mut Markup, cost: &Cost) {
    out.raw(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"cost-head\" tabindex=\"0\">\n",
    );
    out.raw("<table class=\"figures\">\n<thead><tr><th scope=\"col\">Kernel</th>");
    for head in ["Armed calls", "Needlessly armed", "Rule tests", "Instructions"] {
        out.raw("<th scope=\"col\" class=\"n\">").raw(head).raw("</th>");
    }
    if cost.seconds.is_some() {
        out.raw("<th scope=\"col\" class=\"n\">Instructions per second</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    write_total(out, cost, "stock", &cost.stock);
    write_total(out, cost, "with the bitmap", &cost.bitmap);
    out.raw("</tbody>\n</table>\n</div>\n");
}

fn write_total(out: &mut Markup, cost: &Cost, name: &'static str, total: &Total) {
    out.raw("<tr><th scope=\"row\">").raw(name).raw("</th><td class=\"n\">").text(total.armed);
    let share = percent(total.needless_share(cost.calls), 1);
    out.raw("</td><td class=\"n\">").text(share);
    out.raw("</td><td class=\"n\">").text(format_args!("{:.0}", total.tests));
    out.raw("</td><td class=\"n\">").text(format_args!("{:.0}", total.instructions));
    if let Some(seconds) = cost.seconds {
        out.raw("</td><td class=\"n\">").text(format_args!("{:.0}", total.instructions / seconds));
    }
    out.raw("</td></tr>\n");
}

fn write_syscalls(out: &mut Markup, cost: &Cost) {
    if cost.syscalls.is_empty() {
        return;
    }
    let rows = shown(&cost.syscalls, ROWS);
    out.raw("<details><summary>The syscalls that cost most</summary>\n");
    out.raw(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"cost-head\" tabindex=\"0\">\n",
    );
    out.raw("<table class=\"figures\">\n<thead><tr><th scope=\"col\">Syscall</th>");
    for head in ["Calls", "Rule tests of a call", "Instructions of a call"] {
        out.raw("<th scope=\"col\" class=\"n\">").raw(head).raw("</th>");
    }
    out.raw("<th scope=\"col\">Armed</th></tr></thead>\n<tbody>\n");
    rows.iter().for_each(|one| write_syscall(out, one));
    out.raw("</tbody>\n</table>\n</div>\n");
    if cost.syscalls.len() > rows.len() {
        out.raw("<p class=\"more\">+").text(cost.syscalls.len() - rows.len());
        out.raw(" more; <code>--format text --view cost</code> shows all</p>\n");
    }
    out.raw("</details>\n");
}

fn write_syscall(out: &mut Markup, one: &SyscallCost) {
    out.raw("<tr><th scope=\"row\"><code>").text(one.name.unwrap_or("-")).raw("</code> of ");
    out.raw(one.arch.common_name()).raw("</th><td class=\"n\">").text(one.calls);
    out.raw("</td><td class=\"n\">").text(format_args!("{:.1}", one.tests));
    out.raw("</td><td class=\"n\">").text(format_args!("{:.0}", one.instructions));
    out.raw("</td><td>").raw(match (one.stock_armed, one.bitmap_armed) {
        (false, false) => "no",
        (true, false) => "on stock kernels only",
        (_, true) => "yes",
    });
    out.raw("</td></tr>\n");
}
