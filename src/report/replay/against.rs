//! What other rules would do with a log.

use std::borrow::Cow;
use std::fmt::{self, Write};

use serde::Serialize;

use super::ReplayReport;
use super::rows::{DecidedBy, RuleView, texts};
use super::text::{MOST, counted, decider, facts, per_day, place, rate, size};
use super::volume::FatesView;
use crate::analysis::Arming;
use crate::catalog::kernel_msgtype_name;
use crate::diag::escaped;
use crate::eval::{Attribute, Notation};
use crate::replay::{Against, Cell, Example, Fate, Outcome, Table};
use crate::report::share::percent;

/// The attributes that the text has of an example.
const SHOWN: [Attribute; 8] = [
    Attribute::Type,
    Attribute::Op,
    Attribute::Arch,
    Attribute::Syscall,
    Attribute::Path,
    Attribute::Exit,
    Attribute::Auid,
    Attribute::Exe,
];

/// The rules that a log is asked about.
#[derive(Clone, Copy, Debug)]
pub struct NewRules<'a> {
    /// Their files, as the command line names them.
    pub names: &'a [String],
    /// The rules, loaded.
    pub arming: &'a Arming,
}

/// What other rules would do.
#[derive(Clone, Debug, Serialize)]
pub(super) struct AgainstView<'a> {
    pub(super) rules: &'a [String],
    pub(super) kept: Sum,
    pub(super) renamed: Sum,
    pub(super) dropped: Sum,
    pub(super) undecided: Sum,
    /// Bytes of the records that are left out of events that are kept.
    pub(super) left_out: u64,
    /// Bytes by interval, if they were counted over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) volume: Option<FatesView>,
    pub(super) rows: Vec<AgainstRow<'a>>,
}

/// Events and bytes in the log.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Sum {
    pub(super) events: u64,
    pub(super) bytes: u64,
}

/// The events of one maker that the rules treat alike.
#[derive(Clone, Debug, Serialize)]
pub(super) struct AgainstRow<'a> {
    pub(super) decided_by: DecidedBy<'a>,
    pub(super) outcome: &'static str,
    /// The new rule that decides.
    pub(super) by: Option<RuleView<'a>>,
    /// The new keys of events that are renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) keys: Option<Vec<Cow<'a, str>>>,
    /// The types of records that are left out.
    pub(super) without: Vec<Cow<'static, str>>,
    /// What the log does not hold.
    pub(super) depends_on: &'a [&'static str],
    /// The keys that undecided events can have if they are kept; `None` if these can be any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) keys_if_kept: Option<Vec<Cow<'a, str>>>,
    pub(super) events: u64,
    pub(super) bytes: u64,
    pub(super) left_out: u64,
    pub(super) example: ExampleView,
}

/// An event of the log.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ExampleView {
    /// Its number, as in the records.
    pub(super) id: String,
    pub(super) event: String,
    /// The attributes that people look at.
    #[serde(skip)]
    pub(super) short: String,
}

impl ExampleView {
    fn of(example: &Example, arming: &Arming) -> Self {
        let Example { stamp, event } = example;
        let notation = Notation::new(event, arming.arch);
        let words = notation.words_of(&SHOWN).map(|(name, value)| format!("{name}={value}"));
        let (seconds, millis) = (stamp.millis.div_euclid(1_000), stamp.millis.rem_euclid(1_000));
        ExampleView {
            id: format!("audit({seconds}.{millis:03}:{})", stamp.serial),
            event: notation.to_string(),
            short: words.collect::<Vec<_>>().join(" "),
        }
    }
}

impl<'a> AgainstView<'a> {
    pub(super) fn new(
        table: &'a Table,
        against: &'a Against,
        old: &'a Arming,
        new: &NewRules<'a>,
    ) -> Self {
        let makers = table.makers().all();
        let cells = against.cells().filter_map(|(maker, outcome, cell)| {
            Some((DecidedBy::new(makers.get(maker)?, old), outcome, cell))
        });
        let rows = cells.map(|(by, outcome, cell)| AgainstRow::new(by, outcome, cell, new.arming));
        let mut rows: Vec<AgainstRow<'_>> = rows.collect();
        rows.sort_by(|one, other| {
            let key = |row: &AgainstRow<'_>| {
                (order(row.outcome), std::cmp::Reverse((row.bytes, row.events)))
            };
            // The map of cells has no order; the first events are in that of the log.
            key(one).cmp(&key(other)).then_with(|| one.example.id.cmp(&other.example.id))
        });
        let sum = |outcome| {
            let rows = rows.iter().filter(|row| row.outcome == outcome);
            rows.fold(Sum::default(), |sum, row| Sum {
                events: sum.events + row.events,
                bytes: sum.bytes + row.bytes - row.left_out,
            })
        };
        AgainstView {
            rules: new.names,
            kept: sum(KEPT),
            renamed: sum(RENAMED),
            dropped: sum(DROPPED),
            undecided: sum(UNDECIDED),
            left_out: rows.iter().map(|row| row.left_out).sum(),
            volume: None,
            rows,
        }
    }

    /// Returns the sums, with what each is of.
    pub(super) fn sums(&self) -> [(&'static str, Sum); 5] {
        let left_out = Sum { events: 0, bytes: self.left_out };
        [
            (KEPT, self.kept),
            (RENAMED, self.renamed),
            (DROPPED, self.dropped),
            (UNDECIDED, self.undecided),
            ("left out of events that are kept", left_out),
        ]
    }
}

const KEPT: &str = "kept";
const RENAMED: &str = "renamed";
const DROPPED: &str = "dropped";
const UNDECIDED: &str = "undecided";

/// Returns the place of an outcome among the rows: losses come first.
fn order(outcome: &str) -> Option<usize> {
    [DROPPED, UNDECIDED, RENAMED, KEPT].iter().position(|known| *known == outcome)
}

impl<'a> AgainstRow<'a> {
    fn new(
        decided_by: DecidedBy<'a>,
        outcome: &'a Outcome,
        cell: &'a Cell,
        new: &'a Arming,
    ) -> Self {
        let (name, keys, depends_on): (_, _, &[&str]) = match &outcome.fate {
            Fate::Kept => (KEPT, None, &[]),
            Fate::Renamed { to, .. } => (RENAMED, Some(texts(to)), &[]),
            Fate::Dropped => (DROPPED, None, &[]),
            Fate::Undecided { depends_on, .. } => (UNDECIDED, None, depends_on),
        };
        let keys_if_kept = match &outcome.fate {
            Fate::Undecided { keys, .. } => keys.as_ref().map(texts),
            _ => None,
        };
        let type_name = |kind: &u32| match kernel_msgtype_name(*kind) {
            Some(name) => Cow::Borrowed(name),
            None => kind.to_string().into(),
        };
        AgainstRow {
            decided_by,
            outcome: name,
            by: outcome.rule.and_then(|serial| RuleView::of(serial, new)),
            keys,
            without: outcome.without.iter().map(type_name).collect(),
            depends_on,
            keys_if_kept,
            events: cell.events,
            bytes: cell.bytes,
            left_out: cell.left_out,
            example: ExampleView::of(&cell.example, new),
        }
    }

    /// Returns what happens to the events.
    pub(super) fn what(&self) -> String {
        let by = self.by.as_ref().map(|rule| format!(" by {}", place(rule)));
        let by = by.unwrap_or_default();
        let what = match (self.outcome, &self.keys) {
            (UNDECIDED, _) => {
                let if_kept = match self.keys_if_kept.as_deref() {
                    None | Some([]) => String::new(),
                    Some(keys) => format!("; if kept, key {}", keys.join(" or ")),
                };
                format!("undecided: the log does not hold {}{if_kept}", facts(self.depends_on))
            }
            (DROPPED, _) if by.is_empty() => "dropped: no rule matches".to_owned(),
            (_, Some(keys)) if keys.is_empty() => format!("no key{by}"),
            (_, Some(keys)) => format!("key {}{by}", keys.join(", ")),
            (outcome, None) => format!("{outcome}{by}"),
        };
        match self.without.as_slice() {
            [] => what,
            without => format!("{what}, without {}", without.join(", ")),
        }
    }
}

/// Writes the sums, and each row with its example.
pub(super) fn write_against(
    out: &mut impl Write,
    report: &ReplayReport<'_>,
    against: &AgainstView<'_>,
) -> fmt::Result {
    let (days, of) = per_day(report);
    let all: u64 = against.sums().iter().map(|(_, sum)| sum.bytes).sum();
    let line = |bytes: u64, events: u64, what: &str| {
        let share = percent(bytes as f64 / all.max(1) as f64, 0);
        let (bytes, events) = (size(bytes as f64 / days), rate(events as f64 / days));
        format!("{bytes:>11}  {share:>5}  {events:>12}  {what}")
    };
    let names: Vec<Cow<'_, str>> = against.rules.iter().map(|name| escaped(name)).collect();
    let [bytes, events] = ["bytes", "events"].map(|unit| format!("{unit}{of}"));
    writeln!(out, "\n{bytes:>11}  share  {events:>12}  by {}", names.join(" and "))?;
    for (what, sum) in against.sums().iter().filter(|(_, sum)| (sum.events, sum.bytes) != (0, 0)) {
        writeln!(out, "{}", line(sum.bytes, sum.events, what))?;
    }
    writeln!(out)?;
    for row in against.rows.iter().take(MOST) {
        let old = decider(&row.decided_by, report);
        let what = format!("{old} -> {}", escaped(&row.what()));
        writeln!(out, "{}", line(row.bytes, row.events, &what))?;
        let ExampleView { id, short, .. } = &row.example;
        writeln!(out, "{:21}for example {id} {}", "", escaped(short))?;
    }
    let more = against.rows.len().saturating_sub(MOST);
    if more > 0 {
        writeln!(out, "and {}; --format json has all of them", counted(more, "more row"))?;
    }
    writeln!(
        out,
        "\nA log does not show what the old rules did not record; `rauditctl compare` shows what new rules record in addition."
    )
}
