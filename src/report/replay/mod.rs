//! The report of `replay`: which rule made which part of a log.
//!
//! | file | what |
//! |---|---|
//! | `rows` | the rows of the table |
//! | `budget` | what the log takes, and what it may take |
//! | `retention` | how long auditd keeps it |
//! | `volume` | bytes over time |
//! | `text` | for people |
//! | `notes` | notes below the table |
//! | `unused` | the rules that made no event |
//! | `times` | times as people read them |
//! | `html` | one page for a browser |
//! | `against` | what other rules would do |
//! | `suggest` | rules that would silence what fills the log |

mod against;
mod budget;
mod html;
mod notes;
mod retention;
mod rows;
mod suggest;
mod text;
mod times;
mod unused;
mod volume;

pub use against::NewRules;
pub use budget::Verdict;
pub use html::{PageFacts, page};
pub use text::write_replay;

use std::borrow::Cow;

use serde::Serialize;

use crate::analysis::Arming;
use crate::catalog::Arch;
use crate::lint::config::Budget;
use crate::replay::suggest::Suggestions;
use crate::replay::{By, Foreign, LEAST_DAY, Log, Maker, Retention, Row, Table};
use against::AgainstView;
use budget::{BudgetView, SHORTEST};
use retention::RetentionView;
use rows::{RowView, RuleView};
use suggest::SuggestView;
use unused::Idle;
use volume::{ApartView, VolumeView};

/// Seconds in a day.
const DAY: f64 = 86_400.0;

/// The report, as `docs/schema/replay.schema.json` describes it.
#[derive(Clone, Debug, Serialize)]
pub struct ReplayReport<'a> {
    version: u32,
    log: LogView,
    by: &'static str,
    rows: Vec<RowView<'a>>,
    /// Events whose values are too rare for a row.
    rare: Totals,
    /// If bytes were counted over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    volume: Option<VolumeView>,
    unused: Vec<RuleView<'a>>,
    /// Rules that can make no event.
    silencing: Vec<RuleView<'a>>,
    other_keys: Vec<OtherKey<'a>>,
    /// Calls of machines that the rules are not for.
    other_archs: Vec<OtherArch>,
    /// With `--budget`.
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<BudgetView<'a>>,
    /// With `--auditd-conf`.
    #[serde(skip_serializing_if = "Option::is_none")]
    retention: Option<RetentionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<AgainstView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggest: Option<SuggestView<'a>>,
    #[serde(skip)]
    rule_count: usize,
    /// The files of the rules that made the log, if there are other rules.
    #[serde(skip)]
    made_by: &'a [String],
    #[serde(skip)]
    rows_by: By,
    /// The arch that the rules are for.
    #[serde(skip)]
    arch: Arch,
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
    /// Events that were there before.
    repeated: u64,
    /// Lines that are no records.
    other_lines: u64,
    /// Lines that the end of a file cuts off.
    cut_off: u64,
    /// Lines that are longer than any record.
    too_long: u64,
    /// Files that were not read to their ends.
    damaged: Vec<Damaged>,
    /// The first and the last event, in seconds since 1970.
    first: Option<f64>,
    last: Option<f64>,
    /// What is far from the rest, as if a clock was wrong.
    apart: Vec<ApartView>,
    /// The time that counts, in seconds since 1970.
    since: Option<f64>,
    until: Option<f64>,
    /// The length of the time that the events are from, without what is far from the rest.
    seconds: f64,
    /// What is before or after the time that counts.
    left_out: Totals,
}

/// A file of a log that is damaged, such as a compressed file that was cut off. The rest of it is missing.
#[derive(Clone, Debug, Serialize)]
pub struct Damaged {
    /// Its name.
    pub file: String,
    /// Records before the damage.
    pub records: u64,
    /// The error.
    pub why: String,
}

/// Events, and their bytes in the log.
#[derive(Clone, Debug, Serialize)]
struct Totals {
    events: u64,
    bytes: u64,
}

/// A key in the log that no rule has.
#[derive(Clone, Debug, Serialize)]
struct OtherKey<'a> {
    key: Cow<'a, str>,
    events: u64,
}

/// Calls of a machine that the rules are not for.
#[derive(Clone, Debug, Serialize)]
struct OtherArch {
    /// Its arch, as `--arch` takes it, if it is known.
    arch: Option<&'static str>,
    /// The number in the records.
    elf: String,
    events: u64,
}

impl From<Foreign> for OtherArch {
    fn from(Foreign { elf, machine, events }: Foreign) -> Self {
        OtherArch { arch: machine.map(Arch::common_name), elf: format!("{elf:08x}"), events }
    }
}

impl<'a> ReplayReport<'a> {
    /// Returns the report of a log in some files. The table was made with the rules of `arming`.
    pub fn new(table: &'a Table, arming: &'a Arming, files: usize) -> Self {
        let log = LogView::of(table, files);
        let all: u64 = table.totals().map(|(_, total)| total.bytes).sum();
        let volume = VolumeView::of(table);
        let over_time = |row: &Row| Some(volume.as_ref()?.part(row.volume.as_ref()?));
        let rows = table.rows().into_iter();
        let mut rows: Vec<RowView<'_>> = rows
            .map(|(of, row)| RowView {
                volume: over_time(row),
                ..RowView::new(of, row, all, table, arming)
            })
            .collect();
        // The rows of values have no order of their own.
        rows.sort_by(|one, other| {
            let size = |row: &RowView<'_>| (row.bytes, row.events);
            size(other).cmp(&size(one)).then_with(|| one.value().cmp(&other.value()))
        });
        let Idle { unused, silencing } = Idle::of(table, arming);
        ReplayReport {
            version: 1,
            log,
            by: table.by().name(),
            rows,
            rare: Totals { events: table.rare().events, bytes: table.rare().bytes },
            volume,
            unused,
            silencing,
            other_keys: other_keys(table),
            other_archs: table.foreign_calls().into_iter().map(OtherArch::from).collect(),
            budget: None,
            retention: None,
            against: None,
            suggest: None,
            rule_count: arming.kernel().entries().count(),
            made_by: &[],
            rows_by: table.by(),
            arch: arming.kernel().profile().arch(),
        }
    }
}

impl<'a> ReplayReport<'a> {
    /// Adds the files that were not read to their ends.
    pub fn add_damaged(&mut self, damaged: &[Damaged]) {
        self.log.damaged = damaged.to_vec();
    }

    /// Adds what other rules would do. The table has asked it. The rules that made the log are from the files `made_by`.
    pub fn add_against(
        &mut self,
        table: &'a Table,
        arming: &'a Arming,
        new: &NewRules<'a>,
        made_by: &'a [String],
    ) {
        self.made_by = made_by;
        let against = table.against();
        self.against = against.map(|against| AgainstView {
            volume: self.volume.as_ref().zip(against.volumes()).map(|(all, of)| all.fates(of)),
            ..AgainstView::new(table, against, arming, new)
        });
    }

    /// Adds what is suggested.
    pub fn add_suggestions(
        &mut self,
        table: &'a Table,
        arming: &'a Arming,
        suggestions: &'a Suggestions,
    ) {
        self.suggest = Some(SuggestView::new(table, arming, suggestions));
    }

    /// Compares the log with a budget, or what new rules would keep of it. The table has asked these.
    pub fn add_budget(&mut self, budget: &'a Budget, table: &Table, new: Option<&NewRules<'a>>) {
        let view = BudgetView::new(budget, table, &self.log, self.rule_count > 0, new);
        self.budget = Some(view);
    }

    /// Adds how long auditd keeps the log.
    pub fn add_retention(&mut self, retention: &Retention) {
        self.retention = Some(RetentionView::new(retention, &self.log));
    }

    /// Returns whether the budget holds.
    pub fn verdict(&self) -> Verdict {
        self.budget.as_ref().map_or(Verdict::Holds, |budget| budget.verdict)
    }
}

/// Returns the keys that no rule has.
fn other_keys(table: &Table) -> Vec<OtherKey<'_>> {
    let makers = table.totals().filter_map(|(maker, total)| match maker {
        Maker::OtherRule { keys, .. } => Some((keys, total.events)),
        _ => None,
    });
    let keys = makers.flat_map(|(keys, events)| keys.iter().map(move |key| (key, events)));
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
            repeated: table.repeated(),
            other_lines: count(Fault::Other),
            cut_off: count(Fault::CutOff),
            too_long: count(Fault::TooLong),
            damaged: Vec::new(),
            first: log.times.map(|(first, _)| seconds(first)),
            last: log.times.map(|(_, last)| seconds(last)),
            apart: apart(log),
            since: log.window.since().map(seconds),
            until: log.window.until().map(seconds),
            seconds: log.period().map_or(0.0, |(start, end)| seconds(end.saturating_sub(start))),
            left_out: Totals {
                events: log.before.events + log.after.events,
                bytes: log.before.bytes + log.after.bytes,
            },
        }
    }

    /// Returns the bytes a day; `None` if the log is too short to know.
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    fn rate(&self, bytes: u64) -> Option<f64> {
        (self.seconds >= SHORTEST).then(|| bytes as f64 / self.days())
    }

    /// Returns whether the events are from a day or more.
    fn has_a_day(&self) -> bool {
        self.seconds >= least_day()
    }

    /// Returns the days that the events are from.
    fn days(&self) -> f64 {
        self.seconds / DAY
    }
}

/// Returns the parts of a log that are far from the rest.
fn apart(log: &Log) -> Vec<ApartView> {
    let part = log.main_part();
    let apart = part.iter().flat_map(|part| [part.before(), part.after()]);
    apart.flatten().map(ApartView::from).collect()
}

/// Returns the seconds from which on a time counts as a day.
fn least_day() -> f64 {
    seconds(LEAST_DAY)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 have 41 bits")]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1_000.0
}
