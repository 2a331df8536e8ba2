//! The results of `rauditctl test`.
//!
//! | file | format |
//! |---|---|
//! | `text` | for a terminal: what fails, the coverage, and one line of numbers |
//! | `json` | for programs |
//! | `junit` | JUnit XML, one case for each row |
//! | `github` | workflow commands of GitHub Actions |
//! | `generated` | a TOML file of generated cases |

mod generated;
mod github;
mod json;
mod junit;
mod text;

pub(crate) use generated::expectation_of;
pub use generated::{GeneratedCase, Uncased, write_generated};
pub use github::write_github;
pub use json::Report;
pub use junit::write_junit;
pub use text::write_text;

use std::borrow::Cow;

use crate::analysis::Arming;
use crate::cases::{Coverage, Outcome, Tested, Uncovered};
use crate::eval::{Near, Notation, Verdict};
use crate::report::decision::Rules;

/// The rules of one kernel, and the cases that were run against them.
pub struct Suite<'a> {
    /// The rules files, as a person names them on a command line.
    pub paths: Vec<String>,
    /// The machine and its files, as the options of a command.
    pub options: Vec<String>,
    /// The rules.
    pub arming: &'a Arming,
    /// The cases with their results.
    pub tested: Vec<Tested<'a>>,
    /// How many rules the cases test; `None` if that was not asked for.
    pub coverage: Option<Coverage>,
}

/// The results of all suites in numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// The number of cases.
    pub cases: usize,
    /// Those that hold.
    pub hold: usize,
    /// Those that fail, known gaps that hold included.
    pub fail: usize,
    /// Those that are undecided.
    pub undecided: usize,
    /// Those that fail as expected.
    pub known_gaps: usize,
    /// The rules that decide a case.
    pub covered: usize,
    /// The rules.
    pub rules: usize,
}

impl Totals {
    /// Counts the results.
    pub fn of(suites: &[Suite<'_>]) -> Self {
        let mut totals = Totals::default();
        for suite in suites {
            for tested in &suite.tested {
                totals.cases += 1;
                match tested.outcome {
                    Outcome::Holds => totals.hold += 1,
                    Outcome::Fails | Outcome::GapHolds => totals.fail += 1,
                    Outcome::Undecided => totals.undecided += 1,
                    Outcome::KnownGap => totals.known_gaps += 1,
                }
            }
            if let Some(coverage) = &suite.coverage {
                totals.covered += coverage.covered;
                totals.rules += coverage.total;
            }
        }
        totals
    }
}

impl Suite<'_> {
    fn event(&self, tested: &Tested<'_>) -> String {
        Notation::new(&tested.case.event, self.arming.arch).to_string()
    }

    /// Returns what the rules do with the event of a case.
    fn found(tested: &Tested<'_>) -> String {
        let decision = &tested.found.decision;
        let by = tested.found.rule.as_ref().map_or_else(String::new, |rule| format!(", by {rule}"));
        match decision.verdict {
            Verdict::Recorded if decision.keys.is_empty() => format!("recorded without a key{by}"),
            Verdict::Recorded => {
                let keys: Vec<_> =
                    decision.keys.iter().map(|key| String::from_utf8_lossy(key)).collect();
                format!("key {}{by}", keys.join(" and "))
            }
            Verdict::Unmatched => "not recorded".to_owned(),
            Verdict::Silenced => format!("silenced{by}"),
            Verdict::Excluded => format!("excluded{by}"),
            Verdict::NoContext => format!("the task has no audit context{by}"),
            Verdict::Undecided => {
                let names = decision.depends_on().short_names();
                format!("undecided: the event leaves out {}", names.join(", "))
            }
        }
    }

    /// Returns the place of a rule and where it stops.
    fn near(&self, near: &Near, tested: &Tested<'_>) -> Option<(String, String)> {
        let rules = Rules::new(self.arming);
        let why = rules.why(near, &tested.case.event)?;
        Some((self.arming.origin_of(near.rule)?.to_string(), why))
    }

    /// Returns the command that shows more about a case; `None` if its event has files, which a command line cannot have.
    fn again(&self, tested: &Tested<'_>) -> Option<String> {
        if !tested.case.event.files.is_empty() {
            return None;
        }
        let mut command = "rauditctl explain".to_owned();
        for word in self.options.iter().map(String::as_str).chain(["--event"]) {
            command.extend([" ", &shell_word(word)]);
        }
        command.extend([" ", &shell_quoted(&self.event(tested))]);
        for path in &self.paths {
            command.extend([" ", &shell_word(path)]);
        }
        Some(command)
    }

    /// Returns why a rule decides no case.
    fn why_uncovered(&self, uncovered: &Uncovered) -> String {
        let near = uncovered.nearest.as_ref().and_then(|(index, near)| {
            let tested = self.tested.get(*index)?;
            Some((tested, self.near(near, tested)?.1))
        });
        match near {
            None => "no case has its syscalls or its files".to_owned(),
            Some((tested, why)) => format!("{why} ({})", tested.case.origin),
        }
    }
}

/// Returns a word of a command line, in quotes if a shell would read it otherwise.
fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:,=+@%".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.into(),
        false => shell_quoted(text).into(),
    }
}

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Returns what happened to a case that makes the run fail.
fn failure(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::GapHolds => "GAP CLOSED",
        Outcome::Undecided => "UNDECIDED",
        _ => "FAIL",
    }
}
