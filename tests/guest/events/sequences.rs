//! Sequences of calls on the same files, under rules that are loaded once before them: files are made, moved, removed
//! and made again, linked, and covered by mounts. The kernel must decide each call as `eval` does after the others.
//!
//! Each sequence runs under a set that records everything and under some random sets
//! (`in_guest/src/events/sequences.rs`). `RAUDITCTL_SEQUENCES=NUMBER` sets the number of sequences.

use std::slice;
use std::time::Duration;

use rauditctl::catalog::{Arch, KernelVersion, field};
use rauditctl::eval::{Evaluator, History, Notation};
use rauditctl::model::KernelModel;
use rauditctl::rule::Rule;

use super::recorded::Recorded;
use super::rule_sets::{everything, pair};
use super::steps::{SUBJECT, WITH_INODE, steps};
use super::tally::{Count, Tally};
use super::{count_of, listed, model, profile, push_rules};
use crate::harness::Guest;
use crate::job::Job;
use crate::random::Random;
use crate::shared::outcomes;

/// The variable with the number of sequences, and its default.
const VARIABLE: &str = "RAUDITCTL_SEQUENCES";
const FEW: usize = 30;

/// The seed of the first sequence.
const SEED: u64 = 30_000;

/// The number of pairs of sets for each sequence.
const PAIRS: u64 = 2;

/// A sequence and the sets that it runs under. The first one records everything.
struct Sequence {
    steps: Vec<String>,
    sets: Vec<Vec<Rule>>,
}

fn sequences(guest: &Guest) -> Vec<Sequence> {
    let count = count_of(VARIABLE, FEW) as u64;
    let sequence = |number| {
        let seed = SEED + number * PAIRS;
        let pairs = (0..PAIRS).flat_map(|at| pair(profile(guest), seed + at, &SUBJECT));
        Sequence {
            steps: steps(&mut Random::new(seed)),
            sets: std::iter::once(everything()).chain(pairs).collect(),
        }
    };
    (0..count).map(sequence).collect()
}

pub(crate) fn calls(guest: &Guest) -> Job {
    let sequences = sequences(guest);
    let mut blocks = String::new();
    for Sequence { steps, sets } in &sequences {
        blocks.push_str("sequence\n");
        steps.iter().for_each(|step| blocks.push_str(&format!("step {step}\n")));
        sets.iter().for_each(|set| push_rules(&mut blocks, set));
    }
    let seconds = 60 + 4 * sequences.len() as u64;
    let job = Job::new("in_guest sequences /job/sequences /out/events");
    job.file("/job/sequences", blocks.as_bytes()).timeout(Duration::from_secs(seconds))
}

#[test]
fn decides_sequences_as_the_kernel() {
    for (guest, outcome) in outcomes("events::sequences::decides_sequences_as_the_kernel") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let output = String::from_utf8_lossy(&outcome.files["events"]);
        let blocks: Vec<_> = output.split_terminator("sequence\n").skip(1).collect();
        let sequences = sequences(guest);
        assert_eq!(blocks.len(), sequences.len());
        let mut tally = Tally::default();
        for (sequence, block) in sequences.iter().zip(blocks) {
            count(&mut tally, guest, sequence, &Recorded::read(block));
        }
        tally.check("steps");
    }
}

/// Counts the decisions about the steps under every set but the first. After a wrong one the history is not known.
fn count(tally: &mut Tally, guest: &Guest, sequence: &Sequence, recorded: &Recorded) {
    let unseen = recorded.sets[0].iter().find(|step| step.keys.is_none());
    assert!(unseen.is_none(), "not made, or not recorded: {unseen:?}");
    for (set, observed) in sequence.sets.iter().zip(&recorded.sets).skip(1) {
        let model = model(guest, set, |rule| recorded.with_inodes(rule, &WITH_INODE));
        let evaluator = Evaluator::new(&model, guest.kernel.version, recorded.files(&[]));
        let mut history = History::default();
        let mut before = String::new();
        for (step, one) in sequence.steps.iter().zip(observed) {
            let event = recorded.step(one);
            let decision = evaluator.decide_after(&history, &event);
            let describe = || {
                let notation = Notation::new(&event, Arch::X86_64);
                format!("{before}{step}\n{notation}\n{}", listed(slice::from_ref(&model)))
            };
            if tally.count(&decision, one, |_| loses_program(guest, &model), describe)
                == Count::Wrong
            {
                break;
            }
            let exit = event.call.outcome;
            before.push_str(&format!("{step} {exit:?} {:?}\n", one.keys));
            evaluator.advance(&mut history, &event);
        }
    }
}

/// Returns whether the decision can depend on the release: those of Linux 6.1 do not agree on rules with `path` and
/// `exe` once the file was replaced.
fn loses_program(guest: &Guest, model: &KernelModel) -> bool {
    let has = |rule: &Rule, number| rule.fields.iter().any(|field| field.number() == number);
    guest.kernel.version < KernelVersion::new(6, 12)
        && model.rules().any(|rule| has(rule, field::PATH) && has(rule, field::EXE))
}
