//! `cargo xtask test`: installs what the tests need, runs them in stages, and sums up.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it talks to the developer")]

mod packages;
mod plan;
mod stage;
mod summary;

use std::io::Result;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::consumers::{self, Registry};
use packages::Packages;
use plan::Step;
use stage::Outcome;

/// Which tests to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    All,
    /// Those that need neither the guest, nor a browser, nor the programs of `tests/consumers`.
    Fast,
}

/// Runs the tests; returns whether all of them passed or were skipped.
///
/// # Errors
/// If cargo or apt-get cannot be run, or a file below `target` cannot be written.
pub fn run(root: &Path, scope: Scope) -> Result<bool> {
    let packages = Packages::look(scope);
    let are_stale = |registry: Registry| !registry.is_fresh(root);
    let wants_consumers = scope == Scope::All && Registry::ALL.into_iter().any(are_stale);
    let mut steps = Vec::new();
    if packages.are_installed_here() {
        steps.push(Step::Packages);
    }
    if wants_consumers {
        steps.push(Step::Consumers);
    }
    steps.extend(plan::steps(root, scope)?);

    announce(&steps, &packages, scope);
    let mut outcomes = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let number = format!("[{}/{}] {}", index + 1, steps.len(), step.name());
        println!("\n{number}: {}", step.description(&packages));
        let start = Instant::now();
        let ended = match step {
            Step::Packages => packages.install()?,
            Step::Consumers => consumers::install(root).map(installed)?,
            Step::Build(command) => match command.run(root)? {
                true => "done".to_owned(),
                false => {
                    eprintln!("{number}: the build failed");
                    return Ok(false);
                }
            },
            Step::Tests(stage) => {
                let outcome = stage.run(root, scope)?;
                let line = outcome.to_string();
                outcomes.push((step.name(), outcome, start.elapsed()));
                line
            }
        };
        println!("{number}: {ended} in {}", seconds(start.elapsed()));
    }
    println!("\n{}", summary::text(&outcomes, scope));
    Ok(outcomes.iter().all(|(_, outcome, _): &(_, Outcome, _)| outcome.failed.is_empty()))
}

/// Prints what will be done, and what tests will lack.
fn announce(steps: &[Step], packages: &Packages, scope: Scope) {
    match scope {
        Scope::All => println!("All tests:"),
        Scope::Fast => println!("The tests without guest, browser and consumers:"),
    }
    for (index, step) in steps.iter().enumerate() {
        println!("  {}. {}: {}", index + 1, step.name(), step.description(packages));
    }
    if let Some(missing) = packages.not_installable() {
        println!("Not installed, so tests that need it are skipped: {missing}");
    }
}

fn installed(all: bool) -> String {
    if all { "done".to_owned() } else { "not all could be installed".to_owned() }
}

/// A time as a reader wants it.
fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {} s", whole / 60, whole % 60)
    }
}
