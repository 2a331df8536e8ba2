//! The number of findings of each code, with the severity and the fix.

use std::io::{self, Write};

use anstyle::Style;

use super::fixes::option;
use super::groups::Group;
use super::{Findings, level_name};
use crate::diag::Level;
use crate::lint::Finding;

/// Writes one line for each code, most severe first, then the most frequent: count, severity, code, name, fix. `least` is
/// the lowest severity that is shown.
pub(super) fn table(
    groups: &[Group<'_>],
    least: Level,
    style: impl Fn(Level) -> Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut rows: Vec<(usize, &Group<'_>)> =
        groups.iter().map(|group| (group.count(), group)).collect();
    rows.sort_by_key(|(count, group)| std::cmp::Reverse((group.level, *count)));
    let digits = rows.iter().map(|(count, _)| count.to_string().len()).max().unwrap_or(0);
    let longest = rows.iter().map(|(_, group)| group.lint.name.len()).max().unwrap_or(0);
    for (count, group) in rows {
        let style = style(group.level);
        let (level, code, name) = (level_name(group.level), group.lint.code, group.lint.name);
        write!(out, "{count:>digits$}  {style}{level:<7}{style:#}  {code}  ")?;
        match fixes(group, count, least) {
            Some(fixes) => writeln!(out, "{name:<longest$}  {fixes}")?,
            None => writeln!(out, "{name}")?,
        }
    }
    Ok(())
}

/// Returns the options that fix the findings of a code, and how many they fix if not all; `None` if they fix none.
fn fixes(group: &Group<'_>, count: usize, least: Level) -> Option<String> {
    let fix = |finding: &'_ Finding| finding.fix.as_ref().map(|fix| option(fix.change));
    let show = if group.level < least { " --show info" } else { "" };
    let option = format!("{}{show}", group.findings().find_map(fix)?);
    let fixed = group.findings().filter(|finding| finding.fix.is_some()).count();
    Some(if fixed == count { option } else { format!("{fixed} with {option}") })
}

/// Writes the number of findings of each code, also of those below the severity from which fixes are made. The last line
/// is the summary.
///
/// # Errors
/// Those of `out`.
pub fn statistics(findings: &Findings<'_>, least: Level, out: &mut dyn Write) -> io::Result<()> {
    table(&findings.groups(), least, |_| Style::new(), out)?;
    writeln!(out, "{}", findings.summary().line_of(&findings.summary_from(least)))
}
