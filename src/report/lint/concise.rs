//! Findings on one line each, for editors and for `grep`: `file:line:column: error[E020]: message`.

use std::io::{self, Write};

use super::fixes::option;
use super::{Findings, level_name};
use crate::diag::{Level, escaped};

/// Writes one line for each finding of a severity or a higher one, by file and place.
///
/// # Errors
/// Those of `out`.
pub fn concise(findings: &Findings<'_>, least: Level, out: &mut dyn Write) -> io::Result<()> {
    for finding in findings.findings.iter().filter(|finding| finding.level >= least) {
        let spot = findings.spot(finding.place);
        let (line, column) = (spot.region.line, spot.region.column);
        let (file, level) = (escaped(spot.file), level_name(finding.level));
        let (code, message) = (finding.lint.code, escaped(&finding.message));
        write!(out, "{file}:{line}:{column}: {level}[{code}]: {message}")?;
        for places in findings.related_places(finding) {
            write!(out, "; {}", escaped(&places))?;
        }
        match &finding.fix {
            Some(fix) => writeln!(out, " ({})", option(fix.change))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}
