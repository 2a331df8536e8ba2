//! The model of the kernel against the kernel.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rauditctl::catalog::{self, Arch};

use crate::harness::Guest;
use crate::job::Job;
use crate::shared::outcomes;

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

/// From this number on, the kernel's functions for syscalls have the names of the syscalls, on every arch.
const UNIFORM: u32 = 424;

/// Syscalls that Debian's kernels are built without.
const LEFT_OUT: [&str; 1] = ["rseq_slice_yield"];

pub(crate) fn functions(_: &Guest) -> Job {
    Job::new("sed -n 's/^.* [tT] __x64_sys_\\([a-z0-9_]*\\)$/\\1/p' /proc/kallsyms | sort -u")
}

#[test]
fn the_tables_have_the_syscalls_of_the_kernel() {
    for (guest, outcome) in outcomes("model::the_tables_have_the_syscalls_of_the_kernel") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let functions: BTreeSet<&str> = outcome.stdout.lines().collect();
        assert!(functions.len() > 300, "{functions:?}");
        let uniform = catalog::syscalls(Arch::X86_64).filter(|one| one.number >= UNIFORM);
        let (mut missing, mut newer) = (Vec::new(), Vec::new());
        for syscall in uniform {
            let Some(name) = syscall.kernel_name.filter(|name| !LEFT_OUT.contains(name)) else {
                continue;
            };
            let is_known = syscall.since.is_none_or(|since| since <= guest.kernel.version);
            match (is_known, functions.contains(name)) {
                (true, false) => missing.push(name),
                (false, true) => newer.push(name),
                _ => {}
            }
        }
        assert_eq!((missing, newer), (vec![], vec![]), "Linux {}", guest.kernel.version);
    }
}

pub(crate) fn sequences(_: &Guest) -> Job {
    // What `/et\0c` is to the kernel, which reads it as C does.
    let job = Job::new(&format!("mkdir /et\nin_guest model {SEED} {SEQUENCES}"));
    job.timeout(Duration::from_secs(200))
}

#[test]
fn the_model_answers_as_the_kernel() {
    for (_, outcome) in outcomes("model::the_model_answers_as_the_kernel") {
        assert_eq!(outcome.status, 0, "seed {SEED}:\n{}", outcome.stdout);

        let answers: BTreeMap<&str, u32> = outcome
            .stdout
            .lines()
            .filter_map(|line| line.rsplit_once(' '))
            .filter_map(|(answer, times)| Some((answer, times.parse().ok()?)))
            .collect();
        println!("{answers:?}");
        let missing: Vec<_> =
            ANSWERS.iter().filter(|answer| !answers.contains_key(*answer)).collect();
        assert!(missing.is_empty(), "never answered: {missing:?}");
        assert!(answers.values().sum::<u32>() > 10 * SEQUENCES, "{answers:?}");
    }
}
