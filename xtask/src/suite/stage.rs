//! One run of `cargo test`, and what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Error, ErrorKind, Result};
use std::path::Path;
use std::process::{Command, Stdio};

use super::Scope;
use crate::needs::{FAST, Need, SKIPPED};

/// Arguments of every stage.
const CARGO_TEST: [&str; 3] = ["test", "--workspace", "--no-fail-fast"];

/// The number of cases of property tests in a fast run; the default of proptest is 256.
const PROPTEST_CASES: &str = "32";

/// A part of the tests, which `cargo test` runs in one go.
pub(super) struct Stage {
    pub(super) name: String,
    arguments: Vec<String>,
}

/// The results of a stage.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) passed: usize,
    /// The names of the tests that failed, or what failed beside them.
    pub(super) failed: Vec<String>,
    /// The names of the skipped tests, and why each was skipped.
    pub(super) skipped: BTreeMap<String, String>,
}

impl Stage {
    pub(super) fn new(name: &str, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|word| (*word).to_owned()).collect();
        Self { name: name.to_owned(), arguments }
    }

    /// The command, for the reader.
    pub(super) fn command_line(&self) -> String {
        let words = CARGO_TEST.into_iter().chain(self.arguments.iter().map(String::as_str));
        ["cargo"].into_iter().chain(words).collect::<Vec<_>>().join(" ")
    }

    /// Runs the tests, and prints what they print.
    pub(super) fn run(&self, root: &Path, scope: Scope) -> Result<Outcome> {
        let skipped = root.join("target/skipped-tests");
        fs::create_dir_all(root.join("target"))?;
        remove(&skipped)?;
        let mut command = Command::new("cargo");
        command.args(CARGO_TEST).args(&self.arguments).current_dir(root).env(SKIPPED, &skipped);
        if scope == Scope::Fast {
            command.env(FAST, "1").env("PROPTEST_CASES", PROPTEST_CASES);
            for need in Need::ALL {
                command.env_remove(need.variable());
            }
        }
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut report = Report::default();
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                let line = String::from_utf8_lossy(&line?).into_owned();
                println!("{line}");
                report.read(&line);
            }
        }
        let status = child.wait()?;
        if !status.success() && report.failed.is_empty() {
            report.failed.push(format!("cargo ended with {status}"));
        }
        let skipped = match fs::read_to_string(&skipped) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => read?,
        };
        Ok(report.outcome(&skipped))
    }
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Error::other(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

/// What libtest prints about tests.
#[derive(Debug, Default)]
struct Report {
    passed: usize,
    failed: Vec<String>,
    ignored: BTreeMap<String, String>,
}

impl Report {
    /// Reads a line: `test NAME ... FAILED`, or `test result: ok. 3 passed; 0 failed; ...`. Others are
    /// ignored.
    fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            let words: Vec<&str> = counts.split(' ').collect();
            let passed = words.windows(2).find(|pair| pair.get(1) == Some(&"passed;"));
            let number = passed.and_then(|pair| pair.first()?.parse::<usize>().ok());
            self.passed += number.unwrap_or_default();
        } else if let Some((name, result)) =
            line.strip_prefix("test ").and_then(|rest| rest.rsplit_once(" ... "))
        {
            if result == "FAILED" {
                self.failed.push(name.to_owned());
            } else if let Some(why) = result.strip_prefix("ignored") {
                let why = why.strip_prefix(", ").unwrap_or("marked #[ignore]");
                self.ignored.insert(name.to_owned(), why.to_owned());
            }
        }
    }

    /// Adds the tests that were skipped, `TEST<tab>REASON` a line: for libtest, these have passed.
    fn outcome(self, skipped: &str) -> Outcome {
        let failed: BTreeSet<&str> = self.failed.iter().map(String::as_str).collect();
        let skipped: BTreeMap<String, String> = skipped
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .filter(|(test, _)| !failed.contains(test))
            .map(|(test, why)| (test.to_owned(), why.to_owned()))
            .collect();
        Outcome {
            passed: self.passed.saturating_sub(skipped.len()),
            skipped: self.ignored.into_iter().chain(skipped).collect(),
            failed: self.failed,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(f, "{passed} passed, {} failed, {} skipped", failed.len(), skipped.len())
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Report};

    #[test]
    fn reads_what_libtest_prints() {
        let mut report = Report::default();
        let printed = "\
running 5 tests
test a::one ... ok
test a::two ... FAILED
test src/lib.rs - doc (line 5) ... ignored
test slow ... ignored, takes an hour
test skips ... ok

test result: FAILED. 2 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.04s
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.04s";
        printed.lines().for_each(|line| report.read(line));
        let pairs = |list: &[(&str, &str)]| {
            list.iter().map(|(test, why)| ((*test).to_owned(), (*why).to_owned())).collect()
        };
        let skipped = "skips\tthere is no cc\na::two\tnot counted, since it failed\nskips\tagain\n";
        assert_eq!(
            report.outcome(skipped),
            Outcome {
                passed: 4,
                failed: vec!["a::two".to_owned()],
                skipped: pairs(&[
                    ("skips", "again"),
                    ("slow", "takes an hour"),
                    ("src/lib.rs - doc (line 5)", "marked #[ignore]"),
                ]),
            }
        );
    }
}
