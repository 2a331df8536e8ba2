//! Tests that share a boot: their jobs run one after the other on one machine, always in the same order, and each
//! test gets the outcome of its own job. The tests of failures are not here: each of them ends its machine.

use std::env;
use std::sync::OnceLock;
use std::thread;

use crate::harness::{Guest, guests};
use crate::job::{Job, Outcome};
use crate::machine::Failure;
use crate::{
    applied, boot, events, interrupted, listings, loads, model, optimized, refusals, smoke,
    special, suggested,
};

/// A test and the function that makes its job.
type Shared = (&'static str, fn(&Guest) -> Job);

/// Jobs on a kernel whose audit system has not been switched on. Those that switch it on come last.
const PLAIN: [Shared; 13] = [
    ("refusals::nothing_is_half_loaded", refusals::half_loaded),
    ("refusals::others_than_root_are_told", refusals::others_than_root),
    ("refusals::roots_of_namespaces_are_told", refusals::roots_of_namespaces),
    ("model::the_tables_have_the_syscalls_of_the_kernel", model::functions),
    ("model::the_model_answers_as_the_kernel", model::sequences),
    ("listings::random_rules_are_listed_alike", listings::random),
    ("listings::files_are_listed_alike", listings::files),
    ("loads::fixtures_load", loads::fixtures),
    ("optimized::optimized_rules_load_with_auditctl", optimized::load),
    ("interrupted::signals_leave_one_set_or_the_other", interrupted::signals),
    ("applied::random_sets_are_applied", applied::pairs),
    ("applied::killed_programs_are_made_up_for", applied::kills),
    // It locks the rules.
    ("boot::debian_boots_with_ours", boot::both),
];

/// Jobs whose tasks are audited.
const AUDITED: [Shared; 5] = [
    ("smoke::a_job_comes_back", smoke::everything),
    ("loads::debian_rules_load_alike", loads::debian),
    ("special::some_records_need_a_rule", special::calls),
    ("suggested::a_suggestion_saves_what_it_promises", suggested::noise),
    // It locks the rules.
    ("refusals::locked_rules_stay", refusals::locked),
];

/// Jobs whose own program must not be audited. Once a job has switched audit on, the kernel audits every later
/// program of that machine. So each of these jobs gets a machine of its own.
const UNAUDITED: [Shared; 6] = [
    ("events::decides_as_the_kernel", events::calls),
    ("events::optimized::optimized_rules_record_the_same", events::optimized::calls),
    ("events::messages::decides_messages_as_the_kernel", events::messages::messages),
    ("events::operations::decides_operations_as_the_kernel", events::operations::calls),
    ("events::sequences::decides_sequences_as_the_kernel", events::sequences::calls),
    ("events::witnesses::the_kernel_confirms_witnesses", events::witnesses::calls),
];

type Outcomes = Vec<(&'static str, Result<Outcome, Failure>)>;

/// Returns the outcome of the job of a test on each kernel; none if the test is skipped. Prints the kernel before it
/// returns its outcome. The first test boots the machines, and the others wait.
///
/// # Panics
/// If a job did not end.
pub(crate) fn outcomes(test: &str) -> impl Iterator<Item = (&'static Guest, &'static Outcome)> {
    static OUTCOMES: OnceLock<Vec<Outcomes>> = OnceLock::new();
    let guests = guests();
    let outcomes = OUTCOMES.get_or_init(|| guests.iter().map(boot).collect());
    guests.iter().zip(outcomes).map(move |(guest, outcomes)| {
        println!("Linux {}:", guest.kernel.version);
        let found = outcomes.iter().find(|(name, _)| *name == test);
        let (_, outcome) = found.unwrap_or_else(|| panic!("`{test}` has no job"));
        (guest, outcome.as_ref().unwrap_or_else(|failure| panic!("{failure}")))
    })
}

/// Boots the machines of a kernel, two at the same time.
fn boot(guest: &Guest) -> Outcomes {
    thread::scope(|scope| {
        let plain = scope.spawn(|| run(guest, &PLAIN));
        let mut outcomes = run(guest, &AUDITED);
        UNAUDITED.chunks(1).for_each(|job| outcomes.extend(run(guest, job)));
        outcomes.extend(plain.join().expect("the machine runs"));
        outcomes
    })
}

/// Boots a machine for the jobs of those tests that run.
fn run(guest: &Guest, jobs: &[Shared]) -> Outcomes {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let selected = jobs.iter().filter(|(test, _)| is_selected(test, &arguments));
    let (tests, jobs): (Vec<_>, Vec<_>) = selected.map(|(test, job)| (*test, job(guest))).unzip();
    tests.into_iter().zip(guest.run_all(&jobs)).collect()
}

/// Whether libtest runs a test with these arguments. The answer is also yes if that is uncertain: then a job runs
/// whose outcome is not used.
fn is_selected(test: &str, arguments: &[String]) -> bool {
    const WITHOUT_VALUE: [&str; 5] = ["--exact", "--nocapture", "--quiet", "-q", "--show-output"];
    let (options, names): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|word| word.starts_with('-'));
    let is_exact = options.contains(&"--exact");
    let is_named = |name: &&str| if is_exact { test == *name } else { test.contains(name) };
    names.is_empty()
        || options.iter().any(|option| !WITHOUT_VALUE.contains(option))
        || names.iter().any(is_named)
}

#[test]
fn selects_tests_as_libtest_does() {
    let selected = |arguments: &str| {
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        is_selected("loads::fixtures_load", &arguments)
    };
    assert!(selected("") && selected("--nocapture") && selected("loads") && selected("none fix"));
    assert!(!selected("none") && !selected("--nocapture none"));
    assert!(selected("--exact loads::fixtures_load") && !selected("--exact loads"));
    assert!(selected("--test-threads 1"));
}
