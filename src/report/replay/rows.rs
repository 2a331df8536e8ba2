//! The rows of the table.

use std::borrow::Cow;

use serde::Serialize;

use super::seconds;
use crate::analysis::{Arming, Origin};
use crate::catalog::kernel_msgtype_name;
use crate::eval::UNSET;
use crate::model::Entry;
use crate::replay::{By, Maker, Of, Row, Table, Top, call_name, keys_of};
use crate::report::place::Place;
use crate::rule::{Action, FilterList, Rule};

/// The number of programs, users, paths and makers that are reported for each row.
const MOST: usize = 5;

/// The events of a row.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RowView<'a> {
    #[serde(flatten)]
    pub(super) of: RowOf<'a>,
    pub(super) events: u64,
    pub(super) bytes: u64,
    /// The part of all bytes in events.
    pub(super) share: f64,
    pub(super) first: f64,
    pub(super) last: f64,
    pub(super) exe: Vec<Counted<'a>>,
    pub(super) auid: Vec<Counted<'a>>,
    pub(super) path: Vec<Counted<'a>>,
    /// Bytes by interval, if they were counted over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) volume: Option<Vec<u64>>,
}

/// What a row is of.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum RowOf<'a> {
    Maker { decided_by: DecidedBy<'a> },
    Value { value: Option<Cow<'a, str>>, deciders: Vec<Decider<'a>> },
}

/// What made some of the events of a row, the most frequent first.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Decider<'a> {
    pub(super) decided_by: DecidedBy<'a>,
    pub(super) events: u64,
}

/// What made the events.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum DecidedBy<'a> {
    Rule {
        rule: RuleView<'a>,
    },
    OneOf {
        rules: Vec<RuleView<'a>>,
        depends_on: &'a [&'static str],
    },
    NoRule {
        record: Option<u32>,
        name: Option<&'static str>,
    },
    OtherRule {
        keys: Vec<Cow<'a, str>>,
        /// The rule that decides before those with these keys.
        first: Option<RuleView<'a>>,
    },
    Incomplete,
}

/// A rule.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RuleView<'a> {
    #[serde(flatten)]
    pub(super) place: Place<'a>,
    pub(super) keys: Vec<Cow<'a, str>>,
    #[serde(skip)]
    pub(super) origin: &'a Origin,
    #[serde(skip)]
    pub(super) rule: &'a Rule,
}

/// A value, and the number of events that have it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Counted<'a> {
    pub(super) value: Cow<'a, str>,
    pub(super) events: u64,
}

impl RowView<'_> {
    /// Returns the value that the row is of.
    pub(super) fn value(&self) -> Option<&str> {
        match &self.of {
            RowOf::Maker { .. } => None,
            RowOf::Value { value, .. } => value.as_deref(),
        }
    }
}

impl<'a> RowView<'a> {
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    pub(super) fn new(
        of: Of<'a>,
        row: &'a Row,
        all: u64,
        table: &'a Table,
        arming: &'a Arming,
    ) -> Self {
        let of = match of {
            Of::Maker(maker) => RowOf::Maker { decided_by: DecidedBy::new(maker, arming) },
            Of::Value(value) => RowOf::Value {
                value: value.map(|value| shown(value, table.by(), arming)),
                deciders: deciders(table, row, arming),
            },
        };
        RowView {
            of,
            events: row.total.events,
            bytes: row.total.bytes,
            share: row.total.bytes as f64 / all.max(1) as f64,
            first: seconds(row.times.0),
            last: seconds(row.times.1),
            exe: counted(&row.exe, String::from_utf8_lossy),
            auid: counted(&row.auid, user),
            path: counted(&row.path, String::from_utf8_lossy),
            volume: None,
        }
    }
}

/// Returns what made most of the events of the row of a value.
fn deciders<'a>(table: &'a Table, row: &Row, arming: &'a Arming) -> Vec<Decider<'a>> {
    let most = table.makers_of(row, MOST).into_iter();
    let decider = |(maker, events)| Decider { decided_by: DecidedBy::new(maker, arming), events };
    most.map(decider).collect()
}

/// Returns a value that rows are by as text.
fn shown<'a>(value: &'a [u8], by: By, arming: &Arming) -> Cow<'a, str> {
    match by {
        By::User => user(value),
        By::Key => {
            let keys: Vec<_> = keys_of(value).map(String::from_utf8_lossy).collect();
            keys.join(", ").into()
        }
        By::Syscall => call_name(value, arming.kernel().profile().arch()).into(),
        By::Rule | By::Exe | By::Path | By::Node => String::from_utf8_lossy(value),
    }
}

impl<'a> DecidedBy<'a> {
    pub(super) fn new(maker: &'a Maker, arming: &'a Arming) -> Self {
        let rule = |serial: &usize| RuleView::of(*serial, arming);
        match maker {
            Maker::Rule(serial) => match rule(serial) {
                Some(rule) => DecidedBy::Rule { rule },
                None => DecidedBy::OtherRule { keys: Vec::new(), first: None },
            },
            Maker::Keyless { rule: serial, keys } => match rule(serial) {
                Some(rule) => DecidedBy::Rule { rule: RuleView { keys: texts(keys), ..rule } },
                None => DecidedBy::OtherRule { keys: texts(keys), first: None },
            },
            Maker::OneOf(serials, depends_on) => {
                DecidedBy::OneOf { rules: serials.iter().filter_map(rule).collect(), depends_on }
            }
            Maker::NoRule(record) => {
                DecidedBy::NoRule { record: *record, name: record.and_then(kernel_msgtype_name) }
            }
            Maker::OtherRule { keys, first } => {
                DecidedBy::OtherRule { keys: texts(keys), first: first.as_ref().and_then(rule) }
            }
            Maker::Incomplete => DecidedBy::Incomplete,
        }
    }
}

/// Returns keys as texts.
pub(super) fn texts<'k>(keys: impl IntoIterator<Item = &'k Vec<u8>>) -> Vec<Cow<'k, str>> {
    keys.into_iter().map(|key| String::from_utf8_lossy(key)).collect()
}

impl<'a> RuleView<'a> {
    pub(super) fn of(serial: usize, arming: &'a Arming) -> Option<Self> {
        let entry = arming.kernel().entries().find(|entry| entry.serial() == serial)?;
        RuleView::of_entry(entry, arming)
    }

    pub(super) fn of_entry(entry: &'a Entry, arming: &'a Arming) -> Option<Self> {
        let (rule, origin) = (entry.rule(), arming.origin_of(entry.serial())?);
        let keys = rule.keys().map(String::from_utf8_lossy).collect();
        Some(RuleView { place: Place::from(origin), keys, origin, rule })
    }

    /// Returns whether the rule keeps events out of the log.
    pub(super) fn keeps_out(&self) -> bool {
        self.rule.action == Action::Never || self.rule.list == FilterList::Exclude
    }
}

fn counted<'t>(top: &'t Top, text: impl Fn(&'t [u8]) -> Cow<'t, str>) -> Vec<Counted<'t>> {
    let most = top.most(MOST).into_iter();
    most.map(|(value, events)| Counted { value: text(value), events }).collect()
}

/// Returns a login user as text; the number of none is `unset`.
pub(super) fn user(value: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(value) {
        number if number.parse() == Ok(UNSET) => "unset".into(),
        other => other,
    }
}
