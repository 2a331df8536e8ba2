//! A text as one line in lower case, without what begins a line of a comment.

use std::ops::Range;

/// What begins a line of a comment or a list, in the languages of this repository; longer ones first.
const MARKS: [&str; 8] = ["///", "//!", "//", "#", "*", "-", ".\\\"", "|"];

pub(super) struct Text {
    flat: String,
    /// Where each line begins in `flat`.
    starts: Vec<usize>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let mut flat = String::new();
        let mut starts = Vec::new();
        for line in text.lines() {
            starts.push(flat.len());
            let line = line.trim_start();
            let mark = MARKS.iter().find_map(|mark| line.strip_prefix(mark));
            for word in mark.unwrap_or(line).split_whitespace() {
                flat.push_str(&word.to_lowercase());
                flat.push(' ');
            }
        }
        Self { flat, starts }
    }

    /// Where a phrase is.
    pub(super) fn places(&self, phrase: &str) -> Vec<Range<usize>> {
        self.flat.match_indices(phrase).map(|(at, _)| at..at + phrase.len()).collect()
    }

    /// Where a phrase is that is not part of a longer word.
    pub(super) fn words(&self, phrase: &str) -> Vec<Range<usize>> {
        let is_whole = |place: &Range<usize>| {
            let before = self.flat[..place.start].chars().next_back();
            let after = self.flat[place.end..].chars().next();
            [before, after].iter().flatten().all(|char| !char.is_alphanumeric())
        };
        self.places(phrase).into_iter().filter(is_whole).collect()
    }

    /// The line of a place, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }
}
