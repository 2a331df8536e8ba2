//! The number of findings of each lint.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Findings;

/// Writes one line for each lint, the most frequent first: count, code, name. The last line is the summary.
///
/// # Errors
/// Those of `out`.
pub fn statistics(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in findings.findings {
        *counts.entry((finding.lint.code, finding.lint.name)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let width = counts.first().map_or(1, |(_, most)| most.to_string().len());
    for ((code, name), count) in counts {
        writeln!(out, "{count:>width$}  {code}  {name}")?;
    }
    writeln!(out, "{}", findings.summary().line())
}
