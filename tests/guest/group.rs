//! Tests that share a boot: their jobs run one after the other on one machine, always in the same order, and
//! each test gets the outcome of its own job.

use std::env;
use std::sync::OnceLock;

use crate::harness::{Guest, guest};
use crate::job::{Job, Outcome};
use crate::machine::Failure;

/// Makes the job of a test.
type Make = fn(&Guest) -> Job;

/// Jobs, each with the name of its test.
pub(crate) struct Group {
    jobs: &'static [(&'static str, Make)],
    outcomes: OnceLock<Vec<(&'static str, Result<Outcome, Failure>)>>,
}

impl Group {
    /// A group whose jobs run in this order. Only the last one may lock the rules.
    pub(crate) const fn new(jobs: &'static [(&'static str, Make)]) -> Self {
        Group { jobs, outcomes: OnceLock::new() }
    }

    /// The outcome of the job of a test; `None` if the test is skipped. The first test that asks boots the
    /// machine, and the others wait.
    ///
    /// # Panics
    /// If the job did not come to its end.
    pub(crate) fn outcome(&self, test: &str) -> Option<&Outcome> {
        let guest = guest()?;
        let outcomes = self.outcomes.get_or_init(|| self.run(guest));
        let outcome = outcomes.iter().find(|(name, _)| *name == test);
        let (_, outcome) =
            outcome.unwrap_or_else(|| panic!("`{test}` is not among the tests that run"));
        Some(outcome.as_ref().unwrap_or_else(|failure| panic!("{failure}")))
    }

    /// Boots a machine for the jobs of those tests that run.
    fn run(&self, guest: &Guest) -> Vec<(&'static str, Result<Outcome, Failure>)> {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let running = self.jobs.iter().filter(|(test, _)| is_selected(test, &arguments));
        let (tests, jobs): (Vec<_>, Vec<_>) =
            running.map(|(test, make)| (*test, make(guest))).unzip();
        tests.into_iter().zip(guest.try_run_all(&jobs)).collect()
    }
}

/// Whether libtest runs a test with these arguments. Where it may not be so, the answer is yes: then a job
/// runs that nobody asks for.
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
fn tests_are_selected_as_libtest_does() {
    let selected = |arguments: &str| {
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        is_selected("loads::fixtures_load", &arguments)
    };
    assert!(selected("") && selected("--nocapture") && selected("loads") && selected("none fix"));
    assert!(!selected("none") && !selected("--nocapture none"));
    assert!(selected("--exact loads::fixtures_load") && !selected("--exact loads"));
    assert!(selected("--test-threads 1"));
}
