//! The settings that are in effect after a set is loaded.

use crate::rule::{Control, Request};
use crate::ruleset::{CompiledSet, FileSpan, Sent};

/// A setting and its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) value: u32,
    pub(super) place: FileSpan,
}

/// The last value of each setting of a set; `None` for a setting that the set leaves alone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effective {
    /// `-e`
    pub(super) enabled: Option<Setting>,
    /// `-f`
    pub(super) failure: Option<Setting>,
    /// `-r`
    pub(super) rate_limit: Option<Setting>,
    /// `-b`
    pub(super) backlog_limit: Option<Setting>,
    /// `--backlog_wait_time`
    pub(super) wait_time: Option<Setting>,
}

impl Effective {
    pub(super) fn of(set: &CompiledSet<'_, '_>) -> Self {
        let mut effective = Effective::default();
        for line in &set.lines {
            for (sent, span) in line.checked.sent() {
                if let Sent::Request(Request::Control(control)) = sent {
                    effective.apply(control, line.place(span));
                }
            }
        }
        effective
    }

    fn apply(&mut self, control: &Control, place: FileSpan) {
        let (setting, value) = match control {
            Control::Enabled(value) => (&mut self.enabled, *value),
            Control::Failure(value) => (&mut self.failure, *value),
            Control::RateLimit(value) => (&mut self.rate_limit, *value),
            Control::BacklogLimit(value) => (&mut self.backlog_limit, *value),
            Control::BacklogWaitTime(value) => (&mut self.wait_time, *value),
            _ => return,
        };
        *setting = Some(Setting { value, place });
    }
}
