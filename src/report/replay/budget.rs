//! What a log takes, and what it may take.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;

use super::text::{counted, size};
use super::{DAY, LogView};
use crate::diag::escaped;
use crate::lint::config::Budget;
use crate::replay::{Maker, Table, Total};

/// The seconds that a log must have for a rate.
pub(super) const SHORTEST: f64 = 3_600.0;

/// Whether a limit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds.
    Holds,
    /// The log is too short to know.
    Unknown,
    /// There is more.
    Over,
}

impl Verdict {
    /// Returns the word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Unknown => "unknown",
            Verdict::Over => "over",
        }
    }
}

/// Why an answer is unknown.
pub(super) const TOO_SHORT: &str = "A rate needs a log of an hour or more.";

/// All limits.
#[derive(Clone, Debug, Serialize)]
pub(super) struct BudgetView<'a> {
    /// The worst of all limits.
    pub(super) verdict: Verdict,
    pub(super) limits: Vec<LimitView<'a>>,
}

/// A limit, and what the log takes. Bytes a day.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LimitView<'a> {
    /// The key of the events; `None` for the total.
    key: Option<&'a str>,
    limit: f64,
    /// `None` if the log is too short for a rate.
    rate: Option<f64>,
    events: u64,
    bytes: u64,
    pub(super) verdict: Verdict,
    /// Whether there are rules, but none has the key.
    #[serde(skip)]
    is_of_no_rule: bool,
}

impl<'a> BudgetView<'a> {
    pub(super) fn new(budget: &'a Budget, table: &Table, log: &LogView, has_rules: bool) -> Self {
        let mut of_keys: BTreeMap<&[u8], Total> = BTreeMap::new();
        for (key, total) in table.key_totals() {
            let sum = of_keys.entry(key).or_default();
            sum.events += total.events;
            sum.bytes += total.bytes;
        }
        let all = Total { events: log.events, bytes: log.bytes };
        let total = budget.total.map(|limit| LimitView::new(None, limit, all, log));
        // The keys of these events were not kept.
        let is_other =
            |maker: &Maker| matches!(maker, Maker::OtherRule { keys, .. } if keys.is_empty());
        let has_others = table.totals().any(|(maker, _)| is_other(maker));
        let keys = budget.keys.iter().map(|(key, limit)| {
            let found = of_keys.get(key.as_bytes()).copied().unwrap_or_default();
            let limit = LimitView::new(Some(key), *limit, found, log);
            let verdict =
                if has_others { limit.verdict.max(Verdict::Unknown) } else { limit.verdict };
            let is_of_no_rule = has_rules && !table.makers().has_key(key.as_bytes());
            LimitView { verdict, is_of_no_rule, ..limit }
        });
        let limits: Vec<_> = total.into_iter().chain(keys).collect();
        let worst = limits.iter().map(|limit| limit.verdict).max();
        BudgetView { verdict: worst.unwrap_or(Verdict::Holds), limits }
    }
}

impl<'a> LimitView<'a> {
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    fn new(key: Option<&'a str>, limit: f64, found: Total, log: &LogView) -> Self {
        let bytes = found.bytes as f64;
        let rate = log.rate(found.bytes);
        let verdict = match rate {
            // A part of a day that has more than a day may have is enough.
            _ if log.seconds <= DAY && bytes > limit => Verdict::Over,
            Some(rate) if rate > limit => Verdict::Over,
            Some(_) => Verdict::Holds,
            None => Verdict::Unknown,
        };
        let Total { events, bytes } = found;
        LimitView { key, limit, rate, events, bytes, verdict, is_of_no_rule: false }
    }
}

impl BudgetView<'_> {
    /// Returns whether a limit is undecided because the log is too short for a rate.
    pub(super) fn is_too_short(&self) -> bool {
        let mut undecided = self.limits.iter().filter(|limit| limit.verdict == Verdict::Unknown);
        undecided.any(|limit| limit.rate.is_none())
    }
}

impl LimitView<'_> {
    /// Returns what the limit is for.
    pub(super) fn name(&self) -> String {
        self.key.map_or_else(|| "total".into(), |key| format!("key {key}"))
    }

    /// Returns what the log takes.
    pub(super) fn found(&self) -> String {
        match self.rate {
            _ if self.events == 0 && self.key.is_some() => match self.verdict {
                Verdict::Unknown if self.rate.is_some() => {
                    "not known, since the log has too many keys".to_owned()
                }
                _ if self.is_of_no_rule => "neither an event nor a rule has it".to_owned(),
                _ => "no event has it".to_owned(),
            },
            Some(rate) => format!("{}/day", size(rate)),
            None => format!("{} in {}", size_of(self.bytes), counted(self.events, "event")),
        }
    }

    /// Returns what it may take.
    pub(super) fn most(&self) -> String {
        format!("{}/day", size(self.limit))
    }
}

/// Writes each limit with what the log takes.
pub(super) fn write_budget(out: &mut impl Write, budget: &BudgetView<'_>) -> fmt::Result {
    writeln!(out, "\nBudget:")?;
    for limit in &budget.limits {
        let verdict = limit.verdict.name();
        let (name, found) = (limit.name(), limit.found());
        let most = limit.most();
        writeln!(out, "  {verdict:>7}  {}: {found}, limit {most}", escaped(&name))?;
    }
    if budget.is_too_short() {
        writeln!(out, "{TOO_SHORT}")?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a size for people")]
fn size_of(bytes: u64) -> String {
    size(bytes as f64)
}
