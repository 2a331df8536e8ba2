//! The kernel records the same calls under the same keys before and after rules are optimized.
//!
//! The program in the guest makes calls under each set as written, under the set that the exact steps make of it, and
//! under those that each step with a price makes. The latter differ by the price only. The sets are random ones, those of Debian's auditd and the fixtures, and the
//! `*.rules` files of the folder that `RAUDITCTL_RULE_SETS` names. The files of a set are replaced by files that the
//! program uses. `RAUDITCTL_OPTIMIZED_SETS=NUMBER` sets the number of random sets; with it, every file is used.

use std::cmp::Reverse;
use std::path::PathBuf;

use rauditctl::analysis::{Load, Origin, arming};
use rauditctl::eval::UNSET;
use rauditctl::rewrite::optimize::Step;
use rauditctl::rule::{Placement, Request, Rule};

use super::recorded::{Observed, Recorded};
use super::{count_of, job, profile, rule_sets};
use crate::harness::{Guest, rules_files};
use crate::job::Job;
use crate::products::Source;
use crate::rules;
use crate::shared::outcomes;

const VARIABLE: &str = "RAUDITCTL_OPTIMIZED_SETS";
const FEW: usize = 4;

/// The variable with a folder of rules files.
const FOLDER: &str = "RAUDITCTL_RULE_SETS";

/// The files that are used without the variables.
const USUAL: [&str; 2] = ["30-stig.rules", "session.rules"];

const SEED: u64 = 90_000;

/// The forms of a set after the one as written: after the exact steps, and with a step that has a price too.
const ALLOWED: [Option<Step>; 4] =
    [None, Some(Step::FastPath), Some(Step::MergeKeys), Some(Step::SkipDaemons)];

/// The number of forms.
const FORMS: usize = 1 + ALLOWED.len();

/// A set, with its rules in each form.
struct Case {
    name: String,
    forms: [Vec<Rule>; FORMS],
}

impl Case {
    fn of(name: String, source: &Source) -> Self {
        let mut forms = [const { Vec::new() }; FORMS];
        forms[0] = source.arming().kernel().rules().cloned().collect();
        for (form, step) in forms[1..].iter_mut().zip(ALLOWED) {
            let optimized = source.optimized(step.as_slice());
            *form = optimized.rules.into_iter().map(|optimal| optimal.rule).collect();
        }
        Case { name, forms: forms.map(appended) }
    }

    /// Returns whether a form may record a call under the new keys that the set as written records under the old ones.
    fn allows(&self, form: usize, recorded: &Recorded, old: &Observed, new: &Observed) -> bool {
        match (ALLOWED[form - 1], &old.keys, &new.keys) {
            (Some(Step::MergeKeys), Some(old), Some(new)) => {
                old.iter().all(|key| new.contains(key))
            }
            (Some(Step::SkipDaemons), Some(_), None) => {
                recorded.event(old).at_entry.auid == Some(UNSET)
            }
            (_, old, new) => old == new,
        }
    }
}

/// Returns rules that are added one after the other.
fn appended(rules: Vec<Rule>) -> Vec<Rule> {
    rules.into_iter().map(|rule| Rule { placement: Placement::Append, ..rule }).collect()
}

fn cases(guest: &Guest) -> Vec<Case> {
    let random = (0..count_of(VARIABLE, FEW) as u64).map(|seed| {
        let [rules, _] = rule_sets::pair(profile(guest), SEED + seed, &rule_sets::CALLS);
        Case::of(format!("random set {seed}"), &random_source(guest, rules))
    });
    let files = files(guest).into_iter().map(|(name, text)| {
        let text = with_files_of_calls(&text);
        Case::of(name, &Source::of(&text, profile(guest), guest.kernel.version))
    });
    random.chain(files).filter(|case| !case.forms[0].is_empty()).collect()
}

fn random_source(guest: &Guest, rules: Vec<Rule>) -> Source {
    let load = |(line, rule)| Load::new(Origin { file: "random".into(), line }, Request::Add(rule));
    let loads: Vec<Load> = (1..).zip(rules).map(load).collect();
    Source::armed(arming(profile(guest), &loads), guest.kernel.version)
}

/// Returns the rules files, by name.
fn files(guest: &Guest) -> Vec<(String, String)> {
    let is_full = std::env::var_os(VARIABLE).is_some();
    let mut files = guest.debian_rules();
    files.extend(rules_files(&xtask::root().join("fixtures/rules")));
    files.retain(|(name, _)| is_full || USUAL.contains(&name.as_str()));
    match std::env::var_os(FOLDER).map(PathBuf::from) {
        Some(folder) => files.extend(rules_files(&folder)),
        None => println!("skipped: sets of {FOLDER}, which names a folder with rules files"),
    }
    files
}

/// Replaces the paths of a rules file by paths that the calls use.
fn with_files_of_calls(text: &str) -> String {
    let mut paths: Vec<String> = rules::paths(text).into_iter().collect();
    paths.sort_by_key(|path| Reverse(path.trim_end_matches('/').len()));
    let mut words: Vec<(String, String)> = Vec::new();
    for (n, path) in paths.into_iter().enumerate() {
        let files = rule_sets::FILES.iter().chain(&rule_sets::VOLATILE);
        let new = match path.ends_with('/') {
            true => rule_sets::DIRECTORIES[n % rule_sets::DIRECTORIES.len()],
            false => files.collect::<Vec<_>>()[n % 10],
        };
        words.push((path.trim_end_matches('/').to_owned(), new.to_owned()));
    }
    let replaced = |word: &str| {
        let (start, path) = match word.find('/') {
            Some(at) if at == 0 || word[..at].ends_with('=') => word.split_at(at),
            _ => return word.to_owned(),
        };
        let slash = if path.ends_with('/') { "/" } else { "" };
        let known = words.iter().find(|(old, _)| old == path.trim_end_matches('/'));
        known.map_or_else(|| word.to_owned(), |(_, new)| format!("{start}{new}{slash}"))
    };
    let line = |line: &str| line.split(' ').map(replaced).collect::<Vec<_>>().join(" ") + "\n";
    text.lines().map(line).collect()
}

pub(crate) fn calls(guest: &Guest) -> Job {
    let cases = cases(guest);
    let sets = cases.into_iter().flat_map(|case| case.forms);
    let sets: Vec<Vec<Rule>> = std::iter::once(rule_sets::everything()).chain(sets).collect();
    job("in_guest events /job/sets /out/events", &sets, 60 + 15 * sets.len() as u64)
}

#[test]
fn optimized_rules_record_the_same() {
    for (guest, outcome) in outcomes("events::optimized::optimized_rules_record_the_same") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let recorded = Recorded::read(&String::from_utf8_lossy(&outcome.files["events"]));
        let cases = cases(guest);
        let observed: Vec<_> = recorded.sets[1..].chunks(FORMS).collect();
        assert_eq!(observed.len(), cases.len());
        let (mut calls, mut kept, mut changed) = (0, 0, 0);
        for (case, observed) in cases.iter().zip(observed) {
            changed += usize::from(case.forms[0] != case.forms[1]);
            for form in 1..FORMS {
                assert_eq!(observed[0].len(), observed[form].len(), "{}", case.name);
                for (old, new) in observed[0].iter().zip(&observed[form]) {
                    calls += 1;
                    kept += usize::from(old.keys.is_some());
                    let of = |at: usize| {
                        case.forms[at].iter().map(|rule| format!("{rule:?}\n")).collect::<String>()
                    };
                    let is_same_call = (&old.call, &old.task) == (&new.call, &new.task);
                    assert!(
                        is_same_call && case.allows(form, &recorded, old, new),
                        "{}, {:?}: {old:?} {new:?}\n{}and\n{}",
                        case.name,
                        ALLOWED[form - 1],
                        of(0),
                        of(form)
                    );
                }
            }
        }
        println!(
            "{} sets, {changed} changed; {calls} calls as promised, {kept} recorded",
            cases.len()
        );
        assert!(kept > calls / 50 && changed * 2 > cases.len(), "{kept} of {calls}, {changed}");
    }
}
