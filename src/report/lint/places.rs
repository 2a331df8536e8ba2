//! Places of findings as numbers of lines: `lines 3, 5-9 and 12`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Findings;
use crate::diag::escaped;
use crate::lint::Finding;

/// Maximum number of lines, or of ranges of lines, that are listed. The others are counted.
const MOST: usize = 60;

impl Findings<'_> {
    /// Returns the lines of findings, with the names of the files that are not `file`.
    pub(super) fn lines_of(&self, found: &[&Finding], file: usize) -> Vec<String> {
        let mut by_file: BTreeMap<(bool, usize), Vec<usize>> = BTreeMap::new();
        for finding in found {
            let Some(source) = self.source(finding.place.file) else { continue };
            let line = source.location(finding.place.span.start).line;
            let is_elsewhere = finding.place.file != file;
            by_file.entry((is_elsewhere, finding.place.file)).or_default().push(line);
        }
        let mut words = Vec::new();
        for ((is_elsewhere, file), mut lines) in by_file {
            lines.sort_unstable();
            lines.dedup();
            let ranges: Vec<&[usize]> = lines.chunk_by(|a, b| a + 1 == *b).collect();
            let mut name = String::new();
            if is_elsewhere {
                let _ =
                    write!(name, "{} ", self.source(file).map_or("".into(), |s| escaped(s.name())));
            }
            let noun = if lines.len() == 1 { "line" } else { "lines" };
            let _ = write!(name, "{noun} ");
            for range in ranges.iter().take(MOST) {
                words.push(std::mem::take(&mut name) + &numbers(range));
            }
            let others: usize = ranges.iter().skip(MOST).map(|range| range.len()).sum();
            if others > 0 {
                words.push(format!("{others} more lines"));
            }
        }
        words
    }
}

/// Returns consecutive numbers as a range.
fn numbers(range: &[usize]) -> String {
    match range {
        [first, .., last] => format!("{first}-{last}"),
        [one] => one.to_string(),
        [] => String::new(),
    }
}
