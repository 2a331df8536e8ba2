//! What a log takes, and what it may take.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;

use super::against::NewRules;
use super::text::{counted, size};
use super::{DAY, LogView};
use crate::analysis::Arming;
use crate::diag::escaped;
use crate::lint::config::Budget;
use crate::replay::{Kept, Table, Total};

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
    /// What the limits are for.
    of: BudgetOf,
    /// The names of the files of new rules.
    #[serde(skip)]
    rules: &'a [String],
}

/// What is compared with a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum BudgetOf {
    /// The log as it is.
    Log,
    /// What new rules would keep of it.
    Kept,
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
    /// Bytes of events that new rules may keep, with this key.
    undecided_bytes: u64,
    pub(super) verdict: Verdict,
    /// Whether there are rules, but none has the key.
    #[serde(skip)]
    is_of_no_rule: bool,
    /// Whether the log has too many keys to know all of them.
    #[serde(skip)]
    lacks_keys: bool,
    /// The undecided bytes a day.
    #[serde(skip)]
    undecided_rate: Option<f64>,
}

/// What a budget is compared with.
#[derive(Default)]
struct Taken {
    all: Total,
    keys: BTreeMap<Vec<u8>, Total>,
    /// What may be taken, too.
    undecided: Total,
    undecided_keys: BTreeMap<Vec<u8>, Total>,
    /// That of any key.
    undecided_under_any: Total,
    /// Whether some keys are unknown.
    lacks_keys: bool,
}

impl Taken {
    /// Returns what a log takes.
    fn by_log(table: &Table, log: &LogView) -> Self {
        let mut keys: BTreeMap<Vec<u8>, Total> = BTreeMap::new();
        for (key, total) in table.key_totals() {
            keys.entry(key.to_vec()).or_default().add(total);
        }
        let lacks_keys = table.totals().any(|(maker, _)| maker.lacks_keys());
        let all = Total { events: log.events, bytes: log.bytes };
        Taken { all, keys, lacks_keys, ..Taken::default() }
    }

    /// Returns what is kept of a log. Lines that are no records stay, as no rule is asked about them.
    fn by_kept(kept: Kept, table: &Table, log: &LogView) -> Self {
        let Kept { all, keys, undecided, undecided_keys, undecided_under_any, lacks_keys } = kept;
        let of_events: u64 = table.totals().map(|(_, total)| total.bytes).sum();
        let bytes = log.bytes.saturating_sub(of_events) + all.bytes;
        let all = Total { bytes, ..all };
        Taken { all, keys, undecided, undecided_keys, undecided_under_any, lacks_keys }
    }

    /// Returns what the events of a key may take, too. Events get keys of rules only.
    fn undecided_of(&self, key: &str, is_of_rule: bool) -> Total {
        let mut may = self.undecided_keys.get(key.as_bytes()).copied().unwrap_or_default();
        if is_of_rule {
            may.add(self.undecided_under_any);
        }
        may
    }
}

impl<'a> BudgetView<'a> {
    /// Compares what a log takes with a budget, or what new rules would keep of it. `has_rules` is whether rules made the log.
    pub(super) fn new(
        budget: &'a Budget,
        table: &Table,
        log: &LogView,
        has_rules: bool,
        new: Option<&NewRules<'a>>,
    ) -> Self {
        let kept = new.and_then(|new| Some((new, table.kept()?)));
        let of = if kept.is_some() { BudgetOf::Kept } else { BudgetOf::Log };
        let rules = kept.as_ref().map_or(&[][..], |(new, _)| new.names);
        let has_key = |key: &str| match &kept {
            Some((new, _)) => has_key(new.arming, key),
            None => table.makers().has_key(key.as_bytes()),
        };
        let has_rules = has_rules || kept.is_some();
        let is_of_rule: Vec<bool> = budget.keys.iter().map(|(key, _)| has_key(key)).collect();
        let taken = match kept {
            Some((_, kept)) => Taken::by_kept(kept, table, log),
            None => Taken::by_log(table, log),
        };
        let lacks_keys = taken.lacks_keys;
        let of_all = |limit| LimitView::new(None, limit, taken.all, taken.undecided, log);
        let total = budget.total.map(of_all);
        let keys = budget.keys.iter().zip(is_of_rule).map(|((key, limit), is_of_rule)| {
            let found = taken.keys.get(key.as_bytes()).copied().unwrap_or_default();
            let undecided = taken.undecided_of(key, is_of_rule);
            let limit = LimitView::new(Some(key), *limit, found, undecided, log);
            let verdict =
                if lacks_keys { limit.verdict.max(Verdict::Unknown) } else { limit.verdict };
            LimitView { verdict, is_of_no_rule: has_rules && !is_of_rule, lacks_keys, ..limit }
        });
        let limits: Vec<_> = total.into_iter().chain(keys).collect();
        let worst = limits.iter().map(|limit| limit.verdict).max();
        BudgetView { of, verdict: worst.unwrap_or(Verdict::Holds), limits, rules }
    }
}

/// Returns whether a rule has a key.
fn has_key(arming: &Arming, key: &str) -> bool {
    let mut rules = arming.kernel().rules();
    rules.any(|rule| rule.keys().any(|of_rule| of_rule == key.as_bytes()))
}

impl<'a> LimitView<'a> {
    fn new(
        key: Option<&'a str>,
        limit: f64,
        found: Total,
        undecided: Total,
        log: &LogView,
    ) -> Self {
        let Total { events, bytes } = found;
        let [least, most] =
            [bytes, bytes + undecided.bytes].map(|bytes| verdict(bytes, limit, log));
        LimitView {
            key,
            limit,
            rate: log.rate(bytes),
            events,
            bytes,
            undecided_bytes: undecided.bytes,
            verdict: if least == most { least } else { Verdict::Unknown },
            is_of_no_rule: false,
            lacks_keys: false,
            undecided_rate: log.rate(undecided.bytes),
        }
    }
}

/// Returns whether these bytes of a log are within a limit a day.
#[expect(clippy::cast_precision_loss, reason = "a rate")]
fn verdict(bytes: u64, limit: f64, log: &LogView) -> Verdict {
    match log.rate(bytes) {
        // A part of a day that has more than a day may have is enough.
        _ if log.seconds <= DAY && bytes as f64 > limit => Verdict::Over,
        Some(rate) if rate > limit => Verdict::Over,
        Some(_) => Verdict::Holds,
        None => Verdict::Unknown,
    }
}

impl BudgetView<'_> {
    /// Returns whether the limits are for what new rules would keep.
    pub(super) fn is_of_kept(&self) -> bool {
        self.of == BudgetOf::Kept
    }

    /// Returns what the limits are for.
    pub(super) fn title(&self) -> String {
        match self.of {
            BudgetOf::Log => "Budget".to_owned(),
            BudgetOf::Kept => format!("Budget, of what {} would keep", self.rules.join(" and ")),
        }
    }

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
        let found = match self.rate {
            _ if self.events == 0 && self.key.is_some() => match self.verdict {
                Verdict::Unknown if self.lacks_keys && self.rate.is_some() => {
                    "not known, since the log has too many keys".to_owned()
                }
                _ if self.is_of_no_rule => "neither an event nor a rule has it".to_owned(),
                _ => "no event has it".to_owned(),
            },
            Some(rate) => format!("{}/day", size(rate)),
            None => format!("{} in {}", size_of(self.bytes), counted(self.events, "event")),
        };
        match self.undecided_rate {
            _ if self.undecided_bytes == 0 => found,
            Some(rate) => format!("{found}, and up to {}/day undecided", size(rate)),
            None => format!("{found}, and up to {} undecided", size_of(self.undecided_bytes)),
        }
    }

    /// Returns what it may take.
    pub(super) fn most(&self) -> String {
        format!("{}/day", size(self.limit))
    }
}

/// Writes each limit with what the log takes.
pub(super) fn write_budget(out: &mut impl Write, budget: &BudgetView<'_>) -> fmt::Result {
    writeln!(out, "\n{}:", escaped(&budget.title()))?;
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
