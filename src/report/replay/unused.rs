//! The rules that made no event.

use std::collections::BTreeSet;

use super::ReplayReport;
use super::rows::RuleView;
use super::text::counted;
use crate::analysis::Arming;
use crate::replay::Table;
use crate::rule::{Action, FilterList, Rule};

/// Rules without events.
pub(super) struct Idle<'a> {
    /// Those that made none, in the order of their files.
    pub(super) unused: Vec<RuleView<'a>>,
    /// Those that can make none, in the same order.
    pub(super) silencing: Vec<RuleView<'a>>,
}

impl<'a> Idle<'a> {
    /// Returns the rules that made no event of a log.
    pub(super) fn of(table: &Table, arming: &'a Arming) -> Self {
        let used: BTreeSet<usize> =
            table.totals().flat_map(|(maker, _)| maker.rules()).copied().collect();
        let entries = arming.kernel().entries();
        let mut idle: Vec<_> = entries.filter(|entry| !used.contains(&entry.serial())).collect();
        // A kernel has a list of its own for each filter, and a rule can put itself first.
        idle.sort_by_key(|entry| entry.serial());
        let views = idle.into_iter().filter_map(|entry| RuleView::of_entry(entry, arming));
        let (unused, silencing) = views.partition(|view| makes_events(view.rule));
        Idle { unused, silencing }
    }
}

/// Returns whether a rule can make an event. The others only decide what is silenced: `never`, and the lists whose rules
/// drop records and names, or let a message through that would be recorded without a rule, too (`audit_filter` and
/// `__audit_inode`).
fn makes_events(rule: &Rule) -> bool {
    let is_of_calls =
        matches!(rule.list, FilterList::Exit | FilterList::Task | FilterList::IoUring);
    rule.action == Action::Always && is_of_calls
}

/// Returns a note if there is no event: then it is no finding that rules made none.
pub(super) fn no_event(report: &ReplayReport<'_>) -> Option<String> {
    let log = &report.log;
    let what = match (log.events, log.left_out.events) {
        (0, 0) => "There is no event",
        (0, _) => "No event is in this time",
        _ => return None,
    };
    Some(match report.rule_count {
        0 => format!("{what}."),
        _ => format!("{what}: that shows nothing about the rules."),
    })
}

/// Returns how many rules made no event, if there are rules that can, and events. A dot is missing.
pub(super) fn unused_sum(report: &ReplayReport<'_>) -> Option<String> {
    if report.log.events == 0 {
        return None;
    }
    let rules = report.rule_count.saturating_sub(report.silencing.len());
    let unused = report.unused.len();
    (rules > 0).then(|| {
        format!("{unused} of {}{} made no event", counted(rules, "rule"), of_files(report))
    })
}

/// Returns the files of the rules if there are other rules, too.
fn of_files(report: &ReplayReport<'_>) -> String {
    match report.made_by {
        [] => String::new(),
        names => format!(" of {}", names.join(" and ")),
    }
}

/// Returns a sentence about the rules that can make no event, if there are some.
pub(super) fn silencing_sum(report: &ReplayReport<'_>) -> Option<String> {
    let (number, verb, what) = match report.silencing.len() {
        _ if report.log.events == 0 => return None,
        0 => return None,
        1 => (1, "decides", "it"),
        number => (number, "decide", "they"),
    };
    let rules = counted(number, "rule") + &of_files(report);
    Some(format!("{rules} only {verb} what is silenced: a log does not show what {what} did."))
}
