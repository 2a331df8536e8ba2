//! The model of the kernel against the kernel.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::harness::Guest;
use crate::job::Job;
use crate::shared::outcome;

/// Sequences of up to 40 requests.
const SEQUENCES: u32 = 300;

/// The first of the seeds, one for each sequence.
const SEED: u64 = 1_000;

/// What the model answered at least once, or the requests were not of every kind.
const ANSWERS: [&str; 18] = [
    "EmptyText",
    "Exists",
    "FieldNotOnList",
    "InvalidAction",
    "InvalidList",
    "InvalidPath",
    "InvalidValue",
    "NameTooLong",
    "NoSuchPath",
    "NotFound",
    "OperatorNotAllowed",
    "SecondExe",
    "SecondKey",
    "SecondObject",
    "Taken",
    "TextTooLong",
    "UnknownField",
    "UnknownOperator",
];

pub(crate) fn sequences(_: &Guest) -> Job {
    // What `/et\0c` is to the kernel, which reads it as C does.
    let job = Job::new(&format!("mkdir /et\nin_guest model {SEED} {SEQUENCES}"));
    job.timeout(Duration::from_secs(200))
}

#[test]
fn the_model_answers_as_the_kernel() {
    let Some(outcome) = outcome("model::the_model_answers_as_the_kernel") else { return };
    assert_eq!(outcome.status, 0, "seed {SEED}:\n{}", outcome.stdout);

    let answers: BTreeMap<&str, u32> = outcome
        .stdout
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(answer, times)| Some((answer, times.parse().ok()?)))
        .collect();
    println!("{answers:?}");
    let missing: Vec<_> = ANSWERS.iter().filter(|answer| !answers.contains_key(*answer)).collect();
    assert!(missing.is_empty(), "never answered: {missing:?}");
    assert!(answers.values().sum::<u32>() > 10 * SEQUENCES, "{answers:?}");
}
