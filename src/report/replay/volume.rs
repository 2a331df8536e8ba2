//! Bytes over time.

use serde::Serialize;

use crate::replay::{Apart, Table, Timeline, Volume, Volumes};

/// The bytes of all events over time.
#[derive(Clone, Debug, Serialize)]
pub(super) struct VolumeView {
    /// The length of an interval, in seconds.
    interval: i64,
    /// When the first begins, in seconds since 1970.
    start: i64,
    /// By interval.
    pub(super) bytes: Vec<u64>,
    /// What is far before the first interval, and far after the last.
    pub(super) before: Option<ApartView>,
    pub(super) after: Option<ApartView>,
    #[serde(skip)]
    pub(super) timeline: Timeline,
}

/// A part of a log that is far from the rest.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct ApartView {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) bytes: u64,
}

/// Bytes by interval, by what other rules would do.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FatesView {
    pub(super) kept: Vec<u64>,
    pub(super) renamed: Vec<u64>,
    pub(super) dropped: Vec<u64>,
    pub(super) undecided: Vec<u64>,
    pub(super) left_out: Vec<u64>,
}

impl VolumeView {
    /// Returns the bytes of a log; `None` if they were not counted over time, or if there are no events.
    pub(super) fn of(table: &Table) -> Option<Self> {
        let volume = table.volume()?;
        let timeline = Timeline::of(volume)?;
        Some(VolumeView {
            interval: timeline.seconds(),
            start: timeline.start(),
            bytes: timeline.bytes(volume),
            before: timeline.before().map(ApartView::from),
            after: timeline.after().map(ApartView::from),
            timeline,
        })
    }

    /// Returns the bytes of a part of the log by interval.
    pub(super) fn part(&self, volume: &Volume) -> Vec<u64> {
        self.timeline.bytes(volume)
    }

    /// Returns the bytes by what other rules would do.
    pub(super) fn fates(&self, volumes: &Volumes) -> FatesView {
        FatesView {
            kept: self.part(&volumes.kept),
            renamed: self.part(&volumes.renamed),
            dropped: self.part(&volumes.dropped),
            undecided: self.part(&volumes.undecided),
            left_out: self.part(&volumes.left_out),
        }
    }
}

impl From<Apart> for ApartView {
    fn from(apart: Apart) -> Self {
        let (first, last) = apart.times;
        ApartView { first, last, bytes: apart.bytes }
    }
}
