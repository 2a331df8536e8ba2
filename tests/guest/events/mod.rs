//! Decisions about events against the kernel: a program in the guest makes calls as several users under random rule
//! sets, and each decision of `eval` must be what the kernel records.
//!
//! The records of a call under a rule that records everything describe the event. `eval` decides it under the other
//! sets. These are pairs of similar sets: `relate` must find each difference that the kernel shows.
//! `RAUDITCTL_EVENT_SETS=NUMBER` sets the number of sets.

mod issued;
mod logged;
mod makeable;
pub(crate) mod messages;
pub(crate) mod operations;
pub(crate) mod optimized;
mod recorded;
mod reports;
mod rule_sets;
pub(crate) mod sequences;
mod steps;
mod tally;
pub(crate) mod witnesses;

use std::fmt::Write;
use std::slice;
use std::time::Duration;

use rauditctl::eval::{Attribute, Evaluator};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::relate::sets::{Change, Keys, compare};
use rauditctl::rule::{Field, Rule};
use rauditctl::wire;

use crate::harness::Guest;
use crate::job::Job;
use crate::shared::outcomes;
use recorded::{Observed, Recorded};
use tally::Tally;

/// The variable with the number of rule sets, and its default.
const VARIABLE: &str = "RAUDITCTL_EVENT_SETS";
const FEW: usize = 8;

/// The seed of the first set.
const SEED: u64 = 7_000;

fn count() -> usize {
    count_of(VARIABLE, FEW)
}

/// Returns the number in a variable, or another one if it is not set.
fn count_of(variable: &str, few: usize) -> usize {
    std::env::var(variable).map_or(few, |count| count.parse().expect("a number"))
}

/// No kernel checks values.
fn profile(guest: &Guest) -> Profile {
    guest.kernel.profile().without_value_checks()
}

/// Returns the rule sets. The first one records everything; the others are pairs.
fn sets(guest: &Guest) -> Vec<Vec<Rule>> {
    let pairs = (0..count() as u64 / 2)
        .flat_map(|pair| rule_sets::pair(profile(guest), SEED + pair, &rule_sets::CALLS));
    std::iter::once(rule_sets::everything()).chain(pairs).collect()
}

pub(crate) fn calls(guest: &Guest) -> Job {
    let seconds = 60 + 15 * count() as u64;
    let script = format!("{}{}exit $status\n", logged::SCRIPT, reports::SCRIPT);
    job(&script, &sets(guest), seconds).auditd(guest)
}

/// Returns the job of a program that reads rule sets.
fn job(program: &str, sets: &[Vec<Rule>], seconds: u64) -> Job {
    let mut text = String::new();
    sets.iter().for_each(|set| push_rules(&mut text, set));
    Job::new(program).file("/job/sets", text.as_bytes()).timeout(Duration::from_secs(seconds))
}

/// Adds a rule set as the program in the guest reads it.
fn push_rules(text: &mut String, rules: &[Rule]) {
    text.push_str("set\n");
    for rule in rules {
        wire::encode(rule).iter().for_each(|byte| {
            let _ = write!(text, "{byte:02x}");
        });
        text.push('\n');
    }
}

#[test]
fn decides_as_the_kernel() {
    for (guest, outcome) in outcomes("events::decides_as_the_kernel") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let recorded = Recorded::read(&String::from_utf8_lossy(&outcome.files["events"]));
        let sets: Vec<Vec<Rule>> = sets(guest);
        assert_eq!(recorded.sets.len(), sets.len());
        let unseen: Vec<_> = recorded.sets[0].iter().filter(|one| one.keys.is_none()).collect();
        assert!(unseen.is_empty(), "not made, or not recorded: {unseen:?}");
        let models: Vec<KernelModel> = sets
            .iter()
            .map(|set| model(guest, set, |rule| recorded.with_inodes(rule, &rule_sets::WITH_INODE)))
            .collect();
        decisions(guest, &models, &recorded);
        let log = logged::read(&outcome.files);
        logged::check(guest, &models, &recorded, &log);
        reports::check(profile(guest), &log, &outcome.files);
        differences(guest, &models, &recorded);
    }
}

/// Returns a kernel with these rules. `complete` puts what only the guest knows into a rule.
fn model(guest: &Guest, rules: &[Rule], complete: impl Fn(&Rule) -> Rule) -> KernelModel {
    let mut model = KernelModel::new(profile(guest));
    for rule in rules {
        let rule = complete(rule);
        model.add(&rule).unwrap_or_else(|refusal| panic!("{rule:?}: {refusal:?}"));
    }
    model
}

/// Returns a rule with other values in place of those of a field.
fn replace(rule: &Rule, number: u32, by: impl Fn(u32) -> Option<u32>) -> Rule {
    let mut rule = rule.clone();
    for field in rule.fields.iter_mut().filter(|field| field.number() == number) {
        if let Field::Number { value, .. } = field {
            *value = by(*value).unwrap_or(*value);
        }
    }
    rule
}

/// Compares each decision with what the kernel recorded.
fn decisions(guest: &Guest, models: &[KernelModel], recorded: &Recorded) {
    let mut tally = Tally::default();
    for (model, observed) in models.iter().zip(&recorded.sets) {
        let evaluator =
            Evaluator::new(model, guest.kernel.version, recorded.files(&rule_sets::VOLATILE));
        for one in observed {
            let event = recorded.event(one);
            let decision = evaluator.decide(&event);
            // How often a file was replaced since the rules were loaded is not told.
            let is_untold = |attributes: &[Attribute]| attributes == [Attribute::Files];
            let describe = || format!("{event:?}\n{}", listed(slice::from_ref(model)));
            tally.count(&decision, one, is_untold, describe);
        }
    }
    tally.check("calls");
}

/// Looks for the differences of each pair of sets that the kernel shows.
fn differences(guest: &Guest, models: &[KernelModel], recorded: &Recorded) {
    let (mut confirmed, mut open) = (0, 0);
    for (pair, observed) in models[1..].chunks(2).zip(recorded.sets[1..].chunks(2)) {
        let comparison = compare(&pair[0], &pair[1], guest.kernel.version, Keys::Count);
        let is_open = comparison.is_open();
        open += usize::from(is_open);
        for (old, new) in observed[0].iter().zip(&observed[1]) {
            let Some(change) = change(old, new) else { continue };
            let is_found = comparison.of(change).next().is_some();
            confirmed += usize::from(is_found);
            assert!(is_found || is_open, "{change:?}: {old:?} {new:?}\n{}", listed(pair));
        }
    }
    println!("{confirmed} differences confirmed, {open} pairs undecided");
    assert!(confirmed > models.len(), "{confirmed}");
}

/// Returns how the kernel recorded a call differently under two sets.
fn change(old: &Observed, new: &Observed) -> Option<Change> {
    match (&old.keys, &new.keys) {
        (Some(_), None) => Some(Change::Lost),
        (None, Some(_)) => Some(Change::Gained),
        (old, new) if old != new => Some(Change::Rekeyed),
        _ => None,
    }
}

/// Returns the rules of kernels for a message.
fn listed(models: &[KernelModel]) -> String {
    let rules = models
        .iter()
        .map(|model| model.rules().map(|rule| format!("{rule:?}\n")).collect::<String>());
    rules.collect::<Vec<_>>().join("and\n")
}
