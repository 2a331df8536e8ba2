//! Places as editors and programs count them.

use serde::Serialize;

use super::Findings;
use crate::ruleset::FileSpan;

/// From a character up to, and without, another. Lines and columns count from 1, columns in characters
/// (Unicode scalar values); a byte that is no text counts as one.
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
    /// Offsets of bytes, from 0.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'r> Findings<'r> {
    /// A place, which is cut to its file.
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
