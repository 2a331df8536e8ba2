//! The rules that `--suggest` found, and what they silence.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::{self, Write};

use serde::Serialize;

use super::ReplayReport;
use super::rows::{DecidedBy, RuleView, user};
use super::text::{counted, decider, per_day, place, size, value};
use crate::analysis::Arming;
use crate::diag::escaped;
use crate::eval::Notation;
use crate::replay::Table;
use crate::replay::suggest::{Combination, Place, Refused, Suggestion, Suggestions};
use crate::report::place::Place as Line;
use crate::report::share::percent;

/// Maximum number of rules that the text names for one suggestion.
const MOST: usize = 3;
/// Maximum number of combinations without a rule in the text.
const MOST_REFUSED: usize = 10;

/// What is suggested.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SuggestView<'a> {
    suggestions: Vec<SuggestionView<'a>>,
    not_suggested: Vec<RefusedView<'a>>,
    /// Combinations that are as large and were not looked at.
    more: usize,
    /// Whether test cases or requirements were given.
    #[serde(skip)]
    has_kept: bool,
}

#[derive(Clone, Debug, Serialize)]
struct SuggestionView<'a> {
    line: &'a str,
    #[serde(flatten)]
    place: PlaceView<'a>,
    of: Of<'a>,
    /// What it drops in this log.
    events: u64,
    bytes: u64,
    share: f64,
    undecided: u64,
    by: Vec<By<'a>>,
    /// What it takes in general, with an event for each rule.
    takes: Vec<Takes<'a>>,
    is_complete: bool,
    is_checked: bool,
}

/// The place of a line.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
enum PlaceView<'a> {
    Before(Line<'a>),
    After(Line<'a>),
}

/// The events that a rule is made for.
#[derive(Clone, Debug, Serialize)]
struct Of<'a> {
    decided_by: DecidedBy<'a>,
    exe: Option<Cow<'a, str>>,
    auid: Option<Cow<'a, str>>,
    events: u64,
    bytes: u64,
}

#[derive(Clone, Debug, Serialize)]
struct By<'a> {
    decided_by: DecidedBy<'a>,
    events: u64,
}

#[derive(Clone, Debug, Serialize)]
struct Takes<'a> {
    /// None for records that no rule has to ask for.
    from: Option<RuleView<'a>>,
    witness: String,
}

#[derive(Clone, Debug, Serialize)]
struct RefusedView<'a> {
    of: Of<'a>,
    share: f64,
    why: String,
}

impl<'a> Of<'a> {
    fn new(of: &'a Combination, table: &'a Table, arming: &'a Arming) -> Self {
        let maker = table.makers().all().get(of.maker);
        Of {
            decided_by: maker.map_or(DecidedBy::Incomplete, |maker| DecidedBy::new(maker, arming)),
            exe: of.exe.as_deref().map(String::from_utf8_lossy),
            auid: of.auid.map(|auid| user(auid.to_string().as_bytes()).into_owned().into()),
            events: of.events,
            bytes: of.bytes,
        }
    }
}

impl<'a> SuggestView<'a> {
    pub(super) fn new(table: &'a Table, arming: &'a Arming, all: &'a Suggestions) -> Self {
        let part = |bytes: u64| bytes as f64 / all.bytes.max(1) as f64;
        let suggestion = |one: &'a Suggestion| {
            let Suggestion { proposal, of, measured, is_checked } = one;
            let mut seen = BTreeSet::new();
            let lost = proposal.comparison.differences.iter();
            let first = lost.filter(|one| seen.insert(one.old.rule));
            SuggestionView {
                line: &proposal.draft.line,
                place: PlaceView::from(&proposal.draft.place),
                of: Of::new(of, table, arming),
                events: measured.events,
                bytes: measured.bytes,
                share: part(measured.bytes),
                undecided: measured.undecided,
                by: measured
                    .by
                    .iter()
                    .map(|(maker, events)| By {
                        decided_by: DecidedBy::new(maker, arming),
                        events: *events,
                    })
                    .collect(),
                takes: first
                    .map(|one| Takes {
                        from: one.old.rule.and_then(|serial| RuleView::of(serial, arming)),
                        witness: Notation::new(&one.event, arming.arch).to_string(),
                    })
                    .collect(),
                is_complete: !proposal.comparison.is_open(),
                is_checked: *is_checked,
            }
        };
        let refused = |one: &'a Refused| RefusedView {
            of: Of::new(&one.of, table, arming),
            share: part(one.of.bytes),
            why: one.why.to_string(),
        };
        SuggestView {
            suggestions: all.all.iter().map(suggestion).collect(),
            not_suggested: all.refused.iter().map(refused).collect(),
            more: all.more,
            has_kept: all.has_kept,
        }
    }
}

impl<'a> From<&'a Place> for PlaceView<'a> {
    fn from(place: &'a Place) -> Self {
        match place {
            Place::Before(origin) => PlaceView::Before(Line::from(origin)),
            Place::After(origin) => PlaceView::After(Line::from(origin)),
        }
    }
}

impl fmt::Display for PlaceView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, line) = match self {
            PlaceView::Before(line) => ("before", line),
            PlaceView::After(line) => ("after", line),
        };
        write!(f, "insert {word} {}:{}", line.file(), line.line())
    }
}

/// Writes the suggestions, and what is not suggested.
pub(super) fn write_suggestions(
    out: &mut impl Write,
    report: &ReplayReport<'_>,
    view: &SuggestView<'_>,
) -> fmt::Result {
    writeln!(out)?;
    if view.suggestions.is_empty() {
        writeln!(out, "No rule is suggested.")?;
    }
    for (at, one) in view.suggestions.iter().enumerate() {
        write_suggestion(out, report, at + 1, one)?;
    }
    if !view.suggestions.is_empty() {
        let kept = if view.has_kept { " All kept test cases and requirements hold." } else { "" };
        writeln!(out, "Each is measured alone.{kept} Nothing was written.")?;
    }
    if !view.not_suggested.is_empty() {
        writeln!(out, "\nNot suggested:")?;
    }
    for RefusedView { of, share, why } in view.not_suggested.iter().take(MOST_REFUSED) {
        let exe = of.exe.as_deref().unwrap_or("an unknown program");
        let auid = of.auid.as_deref().unwrap_or("unknown");
        let old = decider(&of.decided_by, report);
        let (exe, auid) = (value(exe), value(auid));
        let share = percent(*share, 0);
        writeln!(out, "{share:>5} less  {exe}, auid {auid}, {old}: {}", escaped(why))?;
    }
    let more = view.not_suggested.len().saturating_sub(MOST_REFUSED);
    if more > 0 {
        writeln!(out, "and {more} more; --format json has all of them")?;
    }
    if view.more > 0 {
        let more = counted(view.more, "other combination");
        let [verb, make] =
            if view.more == 1 { ["was", "it makes"] } else { ["were", "each makes"] };
        writeln!(
            out,
            "{more} of a rule, a program and a login user {verb} not looked at; {make} 1% of the log or more."
        )?;
    }
    Ok(())
}

fn write_suggestion(
    out: &mut impl Write,
    report: &ReplayReport<'_>,
    number: usize,
    one: &SuggestionView<'_>,
) -> fmt::Result {
    let (days, of) = per_day(report);
    let bytes = size(one.bytes as f64 / days);
    let place_of_line = one.place.to_string();
    let share = percent(one.share, 0);
    writeln!(out, "{number}  {share} less ({bytes}{of}), {}:", escaped(&place_of_line))?;
    writeln!(out, "     {}", one.line)?;
    let by = one.by.iter().map(|By { decided_by, events }| {
        format!("{} of {}", counted(*events, "event"), decider(decided_by, report))
    });
    let by: Vec<String> = by.collect();
    let in_log = if by.is_empty() { "nothing".to_owned() } else { by.join(", ") };
    writeln!(out, "   in this log: {in_log}")?;
    if one.undecided > 0 {
        writeln!(out, "   undecided: {}", counted(one.undecided, "event"))?;
    }
    for Takes { from, witness } in one.takes.iter().take(MOST) {
        let rule = from.as_ref().map_or_else(|| "records of no rule".to_owned(), place);
        writeln!(out, "   in general: {}, such as {}", escaped(&rule), escaped(witness))?;
    }
    let more = one.takes.len().saturating_sub(MOST);
    if more > 0 {
        writeln!(out, "   in general: {more} more rules; --format json has all of them")?;
    }
    if !one.is_complete {
        writeln!(out, "   in general: it is not known whether there is more")?;
    }
    if !one.is_checked {
        let exe = one.of.exe.as_deref().unwrap_or_default();
        let exe = value(exe);
        writeln!(
            out,
            "   {exe} is not on this machine, or has links in its path: check that only root can change it"
        )?;
    }
    Ok(())
}
