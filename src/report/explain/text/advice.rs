//! The rules that arm every syscall, and what to write instead.

use std::fmt::{self, Write};

use super::Layout;
use crate::analysis::Analysis;
use crate::report::explain::sentences::advice::{Remedies, cause_text};
use crate::report::explain::sentences::{count, rule::instead_text};

/// The maximum number of rules in a short explanation.
const MOST_ADVICE: usize = 5;

/// Writes the advice, worst rule first; nothing if no rule arms every syscall.
pub(super) fn write_advice(
    out: &mut dyn Write,
    analysis: &Analysis,
    layout: Layout,
) -> fmt::Result {
    let (arming, narrowing) = (&analysis.arming, analysis.narrowing());
    let total = narrowing.advice.len();
    if total == 0 {
        return Ok(());
    }
    match total {
        1 => writeln!(out, "1 rule arms every syscall:")?,
        _ => writeln!(out, "{} arm every syscall, worst first:", count(total, "rule"))?,
    }
    let remedies = Remedies::of(analysis);
    let shown = if layout.is_whole { total } else { total.min(MOST_ADVICE) };
    for advice in narrowing.advice.iter().take(shown) {
        writeln!(out, "  {}: {}", advice.origin, cause_text(advice.cause))?;
        writeln!(out, "    {}", remedies.text(advice))?;
        for rule in advice.remedy.iter().flat_map(|remedy| &remedy.rule) {
            writeln!(out, "      {}", instead_text(rule, arming))?;
        }
    }
    if shown < total {
        writeln!(out, "  and {} more; --view advice shows all", total - shown)?;
    }
    let [bitmap, stock] = remedies.effects();
    writeln!(out, "with all of this advice, on a kernel with the bitmap: {bitmap}")?;
    writeln!(out, "with all of this advice, on a stock kernel: {stock}")?;
    remedies.limit().map_or(Ok(()), |limit| writeln!(out, "{limit}"))
}
