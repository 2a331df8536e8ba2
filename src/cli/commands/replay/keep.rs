//! What no suggested rule may silence: test cases and requirements.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::cases::Case;
use crate::catalog::{KernelVersion, nearest};
use crate::cli::args::{Replay, Test, TestFormat};
use crate::cli::commands::covers::{follow, requirements};
use crate::cli::commands::explain::Machine;
use crate::cli::commands::test::suites::Suites;
use crate::cli::exit::Stop;
use crate::cli::report::{self, name_of};
use crate::diag::escaped;
use crate::eval::{Decision, Evaluator, Files, Verdict, Way};
use crate::model::KernelModel;
use crate::relate::sets::{Comparison, Keys, covers};
use crate::replay::suggest::Why;
use crate::rule::Rule;

/// Test cases and requirements.
pub(super) struct Kept {
    suites: Vec<(Vec<Case>, Files)>,
    requirements: Vec<Needed>,
    version: KernelVersion,
}

/// A requirement.
struct Needed {
    id: String,
    /// Its rules.
    kernel: KernelModel,
    /// Whether the rules that made the log cover it.
    is_covered: bool,
}

impl Kept {
    /// Reads what `--keep-tests` and `--keep-covers` name. Mistakes are printed, and end the command.
    pub(super) fn read(
        arguments: &Replay,
        machine: &Machine,
        set: &KernelModel,
        version: KernelVersion,
    ) -> Result<Self, Stop> {
        let arch = set.profile().arch();
        let mut suites = Vec::new();
        if !arguments.keep_tests.is_empty() {
            let all = Suites::read(&testing(arguments, arguments.keep_tests.clone()))?.all;
            let of_arch = all.into_iter().filter(|suite| suite.profile.arch() == arch);
            suites.extend(of_arch.map(|suite| (suite.cases, suite.files)));
            if suites.iter().all(|(cases, _)| cases.is_empty()) {
                return Err(Stop::unanswered("--keep-tests has no case for this arch"));
            }
        }
        let mut needed = Vec::new();
        for path in &arguments.keep_covers {
            let (all, links) = requirements::read(path, arguments.reading(), machine)?;
            for mut one in all {
                one.rules.iter_mut().for_each(|rule| follow(rule, &links));
                let mut kernel = KernelModel::new(set.profile());
                for rule in &one.rules {
                    // A rule that is there twice counts once.
                    let _ = kernel.add(rule);
                }
                let is_covered = is_covered(&kernel, set, version);
                needed.push(Needed { id: one.requirement.id, kernel, is_covered });
            }
        }
        Ok(Kept { suites, requirements: needed, version })
    }

    /// Returns whether anything is kept.
    pub(super) fn is_empty(&self) -> bool {
        self.suites.is_empty() && self.requirements.is_empty()
    }

    /// Checks that everything still holds with other rules. `comparison` has events that they lose.
    ///
    /// # Errors
    /// What does not hold.
    pub(super) fn holds(
        &self,
        old: &KernelModel,
        new: &KernelModel,
        comparison: &Comparison,
    ) -> Result<(), Why> {
        for (cases, files) in &self.suites {
            let [before, after] =
                [old, new].map(|set| Evaluator::new(set, self.version, files.clone()));
            for case in cases {
                let [before, after] = [&before, &after].map(|set| set.decide(&case.event));
                if !decide_alike(&before, &after) {
                    let Case { origin, .. } = case;
                    return Err(Why::Needed(format!(
                        "the case `{}` ({origin}) would change",
                        case.title()
                    )));
                }
            }
        }
        for Needed { id, kernel, is_covered: was_covered } in &self.requirements {
            let needs = Evaluator::new(kernel, self.version, Files::default());
            let mut lost = comparison.differences.iter();
            let is_needed = lost.any(|one| needs.decide(&one.event).verdict == Verdict::Recorded);
            if is_needed || *was_covered && !is_covered(kernel, new, self.version) {
                return Err(Why::Needed(format!("the requirement `{id}` needs them")));
            }
        }
        Ok(())
    }
}

/// Returns whether two sets decide an event alike, in each way that is open if it leaves out attributes.
fn decide_alike(one: &Decision, other: &Decision) -> bool {
    let is_among = |way: &Way, all: &[Way]| {
        all.iter().any(|found| (found.verdict, &found.keys) == (way.verdict, &way.keys))
    };
    (one.verdict, &one.keys) == (other.verdict, &other.keys)
        && one.ways.iter().all(|way| is_among(way, &other.ways))
        && other.ways.iter().all(|way| is_among(way, &one.ways))
}

/// Reports keys of `--keep-key` that no rule has: they protect nothing.
pub(super) fn note_unknown_keys(arguments: &Replay, set: &KernelModel) {
    for kept in &arguments.keep_key {
        let keys = || set.rules().flat_map(Rule::keys);
        if keys().any(|key| key == kept.as_bytes()) {
            continue;
        }
        let texts = keys().filter_map(|key| std::str::from_utf8(key).ok());
        let near = nearest(kept.as_bytes(), texts);
        let help = near.map(|near| format!("; did you mean `{}`?", escaped(near)));
        report::note(format_args!(
            "no rule has the key `{}` of --keep-key{}",
            name_of(Path::new(kept)),
            help.unwrap_or_default()
        ));
    }
}

/// Returns whether a set is proved to record all that a requirement asks for.
fn is_covered(required: &KernelModel, set: &KernelModel, version: KernelVersion) -> bool {
    let coverage = covers(required, set, version, Keys::Ignore);
    coverage.missed.is_empty() && coverage.is_complete()
}

/// Returns the arguments of `test` for these cases.
fn testing(arguments: &Replay, paths: Vec<PathBuf>) -> Test {
    Test {
        paths,
        target: arguments.target,
        run: None,
        coverage: false,
        min_coverage: None,
        generate: false,
        // Nothing is rewritten: only expectations that cannot hold are let through.
        accept: true,
        format: TestFormat::Text,
        output: None,
        exit_zero: false,
        reading: arguments.reading(),
    }
}
