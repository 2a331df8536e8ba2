//! `rauditctl test`: the cases of rules.
//!
//! | file | subject |
//! |---|---|
//! | `mod` | the command: read, run, report, exit status |
//! | `suites` | the rules files and the cases that belong together |
//! | `accept` | expectations that are rewritten |

mod accept;
pub(super) mod suites;

use std::path::Path;

use crate::analysis::{Arming, arming};
use crate::cases::{self, Case, Coverage, Outcome};
use crate::catalog::KernelVersion;
use crate::cli::args::{Test, TestFormat};
use crate::cli::commands::output;
use crate::cli::exit::{Exit, Stop};
use crate::cli::report;
use crate::eval::Evaluator;
use crate::report::cases::{
    GeneratedCase, Report, Suite, Totals, Uncased, write_generated, write_github, write_junit,
    write_text,
};
use suites::Suites;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Test) -> Exit {
    tested(arguments).unwrap_or_else(Exit::from)
}

/// The rules of a suite, loaded.
struct Loaded {
    arming: Arming,
    evaluator: Evaluator,
    cases: Vec<Case>,
    paths: Vec<String>,
    options: Vec<String>,
}

fn tested(arguments: &Test) -> Result<Exit, Stop> {
    let suites = Suites::read(arguments)?;
    let loaded = suites.all.into_iter().map(|suite| {
        let arming = arming(suite.profile, &suite.loads);
        let version = suite.version.unwrap_or(KernelVersion::NEWEST);
        let evaluator = Evaluator::new(arming.kernel(), version, suite.files);
        let (paths, options) = (suite.paths, suite.options);
        Loaded { arming, evaluator, cases: suite.cases, paths, options }
    });
    let loaded: Vec<Loaded> = loaded.collect();
    if arguments.generate {
        return generate(arguments, &loaded);
    }
    let all: Vec<Suite<'_>> = loaded.iter().map(|loaded| run_suite(arguments, loaded)).collect();
    if Totals::of(&all).cases == 0 {
        return Err(Stop::unanswered(match &arguments.run {
            Some(text) => format!("no case has `{text}` in its name"),
            None => "there are no cases; write `#@ records EVENT` above a rule".to_owned(),
        }));
    }
    if arguments.accept {
        accept::accept(&all, &suites.texts)?;
    }
    write(arguments, &all)?;
    Ok(judged(arguments, &all))
}

fn run_suite<'l>(arguments: &Test, loaded: &'l Loaded) -> Suite<'l> {
    let is_named =
        |case: &Case| arguments.run.as_ref().is_none_or(|text| case.title().contains(text));
    let mut tested = cases::run(&loaded.cases, &loaded.evaluator, &loaded.arming);
    tested.retain(|tested| is_named(tested.case));
    let wants_coverage = arguments.coverage || arguments.min_coverage.is_some();
    let coverage = wants_coverage.then(|| Coverage::of(&tested, &loaded.evaluator, &loaded.arming));
    let (paths, options) = (loaded.paths.clone(), loaded.options.clone());
    Suite { paths, options, arming: &loaded.arming, tested, coverage }
}

fn write(arguments: &Test, suites: &[Suite<'_>]) -> Result<(), Stop> {
    let target = output::target(arguments.output.as_deref());
    output::write(target, |out| match arguments.format {
        TestFormat::Text => output::write_text(out, |text| write_text(text, suites)),
        TestFormat::Json => crate::report::write_json(out, &Report::new(suites)),
        TestFormat::Junit => write_junit(out, suites),
        TestFormat::Github => write_github(out, suites),
    })
}

/// Returns the exit status.
fn judged(arguments: &Test, suites: &[Suite<'_>]) -> Exit {
    let totals = Totals::of(suites);
    let misses =
        arguments.min_coverage.filter(|percent| totals.covered * 100 < percent * totals.rules);
    if let Some(percent) = misses {
        report::error(format_args!(
            "the cases test {} of {} rules; --min-coverage asks for {percent} %",
            totals.covered, totals.rules
        ));
    }
    let accepted = |outcome: Outcome| arguments.accept && outcome == Outcome::Fails;
    let fails = suites
        .iter()
        .flat_map(|suite| &suite.tested)
        .any(|tested| tested.outcome.is_failure() && !accepted(tested.outcome));
    match (fails || misses.is_some(), totals.fail > 0 || misses.is_some()) {
        _ if arguments.exit_zero => Exit::Done,
        (false, _) => Exit::Done,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Undecided,
    }
}

fn generate(arguments: &Test, loaded: &[Loaded]) -> Result<Exit, Stop> {
    let [suite] = loaded else {
        return Err(Stop::unanswered(format_args!(
            "--generate writes the cases of one set of rules, but there are {}; name one file or directory",
            loaded.len()
        )));
    };
    let (mut generated, mut uncased) = (Vec::new(), Vec::new());
    for entry in suite.arming.kernel().entries() {
        let Some(rule) = suite.arming.origin_of(entry.serial()) else { continue };
        let events = cases::generate(entry.serial(), &suite.evaluator, &suite.arming);
        let missing = events.missing;
        uncased.extend(missing.map(|why| Uncased::new(&suite.arming, entry.rule(), rule, why)));
        for event in events.decided.into_iter().chain(events.others) {
            let decision = suite.evaluator.decide(&event);
            let by = decision.rule.and_then(|serial| suite.arming.origin_of(serial)).cloned();
            generated.push(GeneratedCase { rule: rule.clone(), event, decision, by });
        }
    }
    if generated.is_empty() {
        uncased.iter().for_each(report::note);
        return Err(Stop::unanswered("no event is decided by these rules: there are no cases"));
    }
    let mut text = String::new();
    // A String takes every text.
    let rules = patterns(&suite.paths, arguments);
    let _ = write_generated(&mut text, &rules, suite.arming.arch, &generated, &uncased);
    let target = output::target(arguments.output.as_deref());
    output::write(target, |out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Done)
}

/// Returns the patterns of rules files, relative to the file that is written.
fn patterns(paths: &[String], arguments: &Test) -> Vec<String> {
    let folder = arguments.output.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let up = "../".repeat(folder.components().count());
    let pattern = |path: &String| match Path::new(path) {
        absolute if absolute.is_absolute() && absolute.is_dir() => format!("{path}/*.rules"),
        absolute if absolute.is_absolute() => path.clone(),
        relative if relative.is_dir() => format!("{up}{path}/*.rules"),
        _ => format!("{up}{path}"),
    };
    paths.iter().map(pattern).collect()
}
