//! What the log may take, and how long auditd keeps it.

use crate::report::html::Markup;
use crate::report::replay::ReplayReport;
use crate::report::replay::budget::{BudgetView, TOO_SHORT, Verdict};
use crate::report::replay::retention::write_retention;

/// Writes the budget and the retention, if they were asked.
pub(super) fn write(out: &mut Markup, report: &ReplayReport<'_>) {
    if report.budget.is_none() && report.retention.is_none() {
        return;
    }
    out.raw("<section id=\"limits\" aria-labelledby=\"limits-head\">\n");
    out.raw("<h2 id=\"limits-head\">Limits</h2>\n");
    if let Some(retention) = &report.retention {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = write_retention(&mut text, report, retention);
        out.raw("<p>").text(text.trim()).raw("</p>\n");
    }
    if let Some(budget) = &report.budget {
        write_budget(out, budget);
    }
    out.raw("</section>\n");
}

fn write_budget(out: &mut Markup, budget: &BudgetView<'_>) {
    if budget.is_of_kept() {
        out.raw("<p>").text(budget.title()).raw(":</p>\n");
    }
    out.raw(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"limits-head\" tabindex=\"0\">\n",
    );
    out.raw("<table class=\"figures\">\n<thead><tr>");
    for name in ["budget", "limit", "found", "verdict"] {
        out.raw("<th scope=\"col\">").raw(name).raw("</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    for limit in &budget.limits {
        out.raw("<tr><th scope=\"row\">").text(limit.name()).raw("</th><td>").text(limit.most());
        out.raw("</td><td>").text(limit.found()).raw("</td><td>");
        out.raw(match limit.verdict {
            Verdict::Over => "<strong class=\"refused\">over</strong>",
            other => other.name(),
        });
        out.raw("</td></tr>\n");
    }
    out.raw("</tbody>\n</table>\n</div>\n");
    if budget.is_too_short() {
        out.raw("<p>").raw(TOO_SHORT).raw("</p>\n");
    }
}
