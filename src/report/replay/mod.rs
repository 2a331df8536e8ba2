//! The report of `replay`: which rule made which part of a log.
//!
//! | file | what |
//! |---|---|
//! | `text` | for people |
//! | `against` | what other rules would do |
//! | `suggest` | rules that would silence what fills the log |

mod against;
mod suggest;
mod text;

pub use against::NewRules;
pub use text::write_replay;

use std::borrow::Cow;

use serde::Serialize;

use super::place::Place;
use crate::analysis::Arming;
use crate::catalog::kernel_msgtype_name;
use crate::eval::UNSET;
use crate::replay::suggest::Suggestions;
use crate::replay::{Maker, Row, Table, Top};
use against::AgainstView;
use suggest::SuggestView;

/// Seconds in a day.
const DAY: f64 = 86_400.0;

/// The number of programs and users that are reported for each row.
const MOST: usize = 5;

/// The report, as `docs/schema/replay.schema.json` describes it.
#[derive(Clone, Debug, Serialize)]
pub struct ReplayReport<'a> {
    version: u32,
    log: LogView,
    rows: Vec<RowView<'a>>,
    unused: Vec<RuleView<'a>>,
    other_keys: Vec<OtherKey<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<AgainstView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggest: Option<SuggestView<'a>>,
    #[serde(skip)]
    rule_count: usize,
}

/// What the log holds.
#[derive(Clone, Debug, Serialize)]
struct LogView {
    files: usize,
    bytes: u64,
    records: u64,
    events: u64,
    /// Events without the record of their call.
    incomplete: u64,
    /// Records that the kernel has lost.
    lost: u64,
    /// Lines that are no records.
    other_lines: u64,
    /// Lines that the end of a file cuts off.
    cut_off: u64,
    /// Lines that are longer than any record.
    too_long: u64,
    /// The first and the last event, in seconds since 1970.
    first: Option<f64>,
    last: Option<f64>,
}

/// The events of one maker.
#[derive(Clone, Debug, Serialize)]
struct RowView<'a> {
    decided_by: DecidedBy<'a>,
    events: u64,
    bytes: u64,
    /// The part of all bytes in events.
    share: f64,
    first: f64,
    last: f64,
    exe: Vec<Counted<'a>>,
    auid: Vec<Counted<'a>>,
}

/// What made the events.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum DecidedBy<'a> {
    Rule { rule: RuleView<'a> },
    OneOf { rules: Vec<RuleView<'a>>, depends_on: &'a [&'static str] },
    NoRule { record: Option<u32>, name: Option<&'static str> },
    OtherRule { keys: Vec<Cow<'a, str>> },
    Incomplete,
}

/// A rule.
#[derive(Clone, Debug, Serialize)]
struct RuleView<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    keys: Vec<Cow<'a, str>>,
}

/// A value, and the number of events that have it.
#[derive(Clone, Debug, Serialize)]
struct Counted<'a> {
    value: Cow<'a, str>,
    events: u64,
}

/// A key in the log that no rule has.
#[derive(Clone, Debug, Serialize)]
struct OtherKey<'a> {
    key: Cow<'a, str>,
    events: u64,
}

impl<'a> ReplayReport<'a> {
    /// Returns the report of a log in some files. The table was made with the rules of `arming`.
    pub fn new(table: &'a Table, arming: &'a Arming, files: usize) -> Self {
        let log = LogView::of(table, files);
        let all: u64 = table.rows().map(|(_, row)| row.bytes).sum();
        let mut rows: Vec<RowView<'_>> =
            table.rows().map(|(maker, row)| RowView::new(maker, row, all, arming)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.bytes, row.events)));
        let entries = || arming.kernel().entries();
        let is_used = |serial| {
            table.rows().any(|(maker, _)| match maker {
                Maker::Rule(rule) => *rule == serial,
                Maker::OneOf(rules, _) => rules.contains(&serial),
                _ => false,
            })
        };
        let unused = entries().filter(|entry| !is_used(entry.serial()));
        let unused = unused.filter_map(|entry| RuleView::of(entry.serial(), arming));
        ReplayReport {
            version: 1,
            log,
            rows,
            unused: unused.collect(),
            other_keys: other_keys(table),
            against: None,
            suggest: None,
            rule_count: entries().count(),
        }
    }

    /// Adds what other rules would do. The table has asked it.
    #[must_use]
    pub fn with_against(self, table: &'a Table, arming: &'a Arming, new: &NewRules<'a>) -> Self {
        let against = table.against().map(|against| AgainstView::new(table, against, arming, new));
        ReplayReport { against, ..self }
    }

    /// Adds what is suggested.
    #[must_use]
    pub fn with_suggestions(
        self,
        table: &'a Table,
        arming: &'a Arming,
        suggestions: &'a Suggestions,
    ) -> Self {
        ReplayReport { suggest: Some(SuggestView::new(table, arming, suggestions)), ..self }
    }
}

/// Returns the keys that no rule has.
fn other_keys(table: &Table) -> Vec<OtherKey<'_>> {
    let rows = table.rows().filter_map(|(maker, row)| match maker {
        Maker::OtherRule(keys) => Some((keys, row.events)),
        _ => None,
    });
    let keys = rows.flat_map(|(keys, events)| keys.iter().map(move |key| (key, events)));
    keys.filter(|(key, _)| !table.makers().has_key(key))
        .map(|(key, events)| OtherKey { key: String::from_utf8_lossy(key), events })
        .collect()
}

impl LogView {
    fn of(table: &Table, files: usize) -> Self {
        use crate::ingest::Fault;

        let log = &table.log;
        let count = |fault| log.faults.get(&fault).copied().unwrap_or(0);
        LogView {
            files,
            bytes: log.bytes,
            records: log.records,
            events: log.events,
            incomplete: log.incomplete,
            lost: log.lost,
            other_lines: count(Fault::Other),
            cut_off: count(Fault::CutOff),
            too_long: count(Fault::TooLong),
            first: log.times.map(|(first, _)| seconds(first)),
            last: log.times.map(|(_, last)| seconds(last)),
        }
    }

    /// Returns the days between the first and the last event.
    fn days(&self) -> f64 {
        self.first.zip(self.last).map_or(0.0, |(first, last)| (last - first) / DAY)
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 have 41 bits")]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1_000.0
}

impl<'a> RowView<'a> {
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    fn new(maker: &'a Maker, row: &'a Row, all: u64, arming: &'a Arming) -> Self {
        RowView {
            decided_by: DecidedBy::of(maker, arming),
            events: row.events,
            bytes: row.bytes,
            share: row.bytes as f64 / all.max(1) as f64,
            first: seconds(row.times.0),
            last: seconds(row.times.1),
            exe: counted(&row.exe),
            auid: counted(&row.auid),
        }
    }
}

impl<'a> DecidedBy<'a> {
    fn of(maker: &'a Maker, arming: &'a Arming) -> Self {
        let rule = |serial: &usize| RuleView::of(*serial, arming);
        match maker {
            Maker::Rule(serial) => match rule(serial) {
                Some(rule) => DecidedBy::Rule { rule },
                None => DecidedBy::OtherRule { keys: Vec::new() },
            },
            Maker::OneOf(serials, depends_on) => {
                DecidedBy::OneOf { rules: serials.iter().filter_map(rule).collect(), depends_on }
            }
            Maker::NoRule(record) => {
                DecidedBy::NoRule { record: *record, name: record.and_then(kernel_msgtype_name) }
            }
            Maker::OtherRule(keys) => DecidedBy::OtherRule { keys: texts(keys) },
            Maker::Incomplete => DecidedBy::Incomplete,
        }
    }
}

fn texts(keys: &[Vec<u8>]) -> Vec<Cow<'_, str>> {
    keys.iter().map(|key| String::from_utf8_lossy(key)).collect()
}

impl<'a> RuleView<'a> {
    fn of(serial: usize, arming: &'a Arming) -> Option<Self> {
        let place = Place::from(arming.origin_of(serial)?);
        let entry = arming.kernel().entries().find(|entry| entry.serial() == serial)?;
        let keys = entry.rule().keys().map(String::from_utf8_lossy).collect();
        Some(RuleView { place, keys })
    }
}

fn counted(top: &Top) -> Vec<Counted<'_>> {
    let most = top.most(MOST).into_iter();
    most.map(|(value, events)| Counted { value: user(value), events }).collect()
}

/// Returns a value as text; the number of a login user that is not set is `unset`.
fn user(value: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(value) {
        number if number.parse() == Ok(UNSET) => "unset".into(),
        other => other,
    }
}
