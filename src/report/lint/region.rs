//! Places in lines and columns.

use serde::Serialize;

use super::Findings;
use crate::ruleset::FileSpan;

/// A range of characters; the end is excluded. Lines and columns count from 1, and columns count Unicode scalar
/// values. An invalid UTF-8 byte counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Region {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

/// A place with the name of its file.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Spot<'a> {
    pub(super) file: &'a str,
    #[serde(flatten)]
    pub(super) region: Region,
    /// Byte offset, from 0.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'r> Findings<'r> {
    /// Returns a place with its file and region. A place beyond the end of the file is cut.
    pub(super) fn spot(&self, place: FileSpan) -> Spot<'r> {
        let (file, text) = self.source(place.file).map_or(("", 0), |s| (s.name(), s.text().len()));
        let end = place.span.end.min(text);
        let start = place.span.start.min(end);
        let location = |offset| self.source(place.file).map(|source| source.location(offset));
        let (from, to) = (location(start), location(end));
        let region = Region {
            line: from.map_or(1, |at| at.line),
            column: from.map_or(1, |at| at.column),
            end_line: to.map_or(1, |at| at.line),
            end_column: to.map_or(1, |at| at.column),
        };
        Spot { file, region, start, end }
    }
}
