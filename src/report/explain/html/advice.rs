//! The rules that arm every syscall, worst first, and what to write instead.

use super::facts::{Facts, MOST_ADVICE, shown, write_more};
use crate::analysis::{Advice, Narrowing};
use crate::report::explain::sentences::advice::{Remedies, cause_text};
use crate::report::explain::sentences::{count, rule::instead_text};
use crate::report::html::Markup;

/// The number of rules that are not folded.
const OPEN: usize = 3;

/// Writes the advice.
pub(super) fn write(out: &mut Markup, facts: &Facts<'_>) {
    let narrowing = facts.analysis.narrowing();
    out.raw("<section id=\"advice\" aria-labelledby=\"advice-head\">\n");
    out.raw("<h2 id=\"advice-head\">Advice</h2>\n");
    if narrowing.advice.is_empty() {
        out.raw("<p>No rule arms every syscall by itself.</p>\n</section>\n");
        return;
    }
    let remedies = Remedies::of(facts.analysis);
    write_sum(out, narrowing, &remedies);
    let advice = shown(&narrowing.advice, MOST_ADVICE);
    let open = shown(advice, OPEN);
    let folded = advice.get(open.len()..).unwrap_or_default();
    out.raw("<ol class=\"advice\">\n");
    open.iter().for_each(|one| write_advice(out, facts, &remedies, one));
    out.raw("</ol>\n");
    if !folded.is_empty() {
        out.raw("<details><summary>").text(count(folded.len(), "more rule"));
        out.raw("</summary>\n<ol class=\"advice\" start=\"").text(open.len() + 1).raw("\">\n");
        folded.iter().for_each(|one| write_advice(out, facts, &remedies, one));
        write_more(out, narrowing.advice.len(), MOST_ADVICE, "--view advice");
        out.raw("</ol>\n</details>\n");
    }
    out.raw("</section>\n");
}

fn write_sum(out: &mut Markup, narrowing: &Narrowing, remedies: &Remedies<'_>) {
    let total = narrowing.advice.len();
    out.raw("<p>").text(count(total, "rule"));
    out.raw(if total == 1 { " arms" } else { " arm" });
    out.raw(" every syscall. With all of this advice:</p>\n<ul class=\"effects\">\n");
    let [bitmap, stock] = remedies.effects();
    out.raw("<li>on a kernel with the bitmap: ").text(bitmap).raw("</li>\n");
    out.raw("<li>on a stock kernel: ").text(stock).raw("</li>\n</ul>\n");
    if let Some(limit) = remedies.limit() {
        out.raw("<p>").text(limit).raw("</p>\n");
    }
    out.raw("<p>Worst first:</p>\n");
}

fn write_advice(out: &mut Markup, facts: &Facts<'_>, remedies: &Remedies<'_>, advice: &Advice) {
    let arming = facts.arming;
    out.raw("<li><p>");
    facts.write_origin(out, &advice.origin, None);
    out.raw(": ").text(cause_text(advice.cause)).raw("</p>\n");
    if let Some(line) = facts.line(&advice.origin) {
        out.raw("<pre class=\"old\"><code>").text(line).raw("</code></pre>\n");
    }
    out.raw("<p>").text(remedies.text(advice)).raw("</p>\n");
    if let Some(rule) = advice.remedy.as_ref().and_then(|remedy| remedy.rule.as_ref()) {
        out.raw("<pre class=\"new\"><code>");
        out.text(instead_text(rule, arming)).raw("\n</code></pre>\n");
    }
    out.raw("</li>\n");
}
