//! Results as workflow commands of GitHub Actions, which shows them at the lines of a change.

use std::io::{self, Write};

use super::{Suite, failure};
use crate::report::lint::{data, property, relative};

/// Writes one command for each case that fails.
///
/// # Errors
/// Those of `out`.
pub fn write_github(out: &mut dyn Write, suites: &[Suite<'_>]) -> io::Result<()> {
    for suite in suites {
        for tested in suite.tested.iter().filter(|tested| tested.outcome.is_failure()) {
            let origin = &tested.case.origin;
            let title = format!("{} {}", failure(tested.outcome), tested.case.title());
            let again = suite.again(tested).map(|command| format!("\n{command}"));
            let text = format!(
                "expected {}, found {}{}",
                tested.case.expected,
                Suite::found(tested),
                again.unwrap_or_default()
            );
            writeln!(
                out,
                "::error title={},file={},line={}::{}",
                property(&title),
                property(relative(&origin.file)),
                origin.line,
                data(&text)
            )?;
        }
    }
    Ok(())
}
