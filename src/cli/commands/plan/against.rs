//! Plans against saved listings.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use super::{exit, write};
use crate::cli::args::{Format, Plan};
use crate::cli::commands::output;
use crate::cli::desired::Desired;
use crate::cli::exit::{Exit, Stop};
use crate::cli::planned::{Loaded, Planned, Target};
use crate::cli::read::{Policy, name};
use crate::cli::report::{Voice, count, name_of};
use crate::diag::escaped;
use crate::host::AnyHost;
use crate::listing::{Doubt, Listed, read};
use crate::report::plan::{PlanReport, State, Summary, write_summary};
use crate::report::write_json;
use crate::rule::Rule;

/// A plan against one listing, or the reason why there is none.
type AgainstOne = Result<Against, String>;

/// A plan against one listing.
struct Against {
    report: PlanReport,
    /// The number of lines that do not show which rule they are, and are taken as rules of the files.
    taken: usize,
}

/// Compares with every listing.
pub(super) fn run(arguments: &Plan, desired: &Desired, target: Target) -> Result<Exit, Stop> {
    let policy = Policy::look_only(arguments.planning.reading.max_size);
    // Most kernels of a fleet hold the same rules.
    let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut listings = Vec::new();
    for path in &arguments.against {
        if path.is_dir() {
            let path = name_of(path);
            return Err(Stop::unanswered(format_args!(
                "`{path}` is a directory and not a listing; name the listings in it: `--against {}/*`",
                path.trim_end_matches('/')
            )));
        }
        let text = policy.read_rules(path).map_err(Stop::unanswered)?;
        let next = known.len();
        listings.push((path.as_path(), *known.entry(text).or_insert(next)));
    }
    let mut texts: Vec<(Vec<u8>, usize)> = known.into_iter().collect();
    texts.sort_unstable_by_key(|(_, at)| *at);
    let plans = in_parallel(&texts, |(text, _)| against(text, arguments, desired, target));
    let all: Vec<(&Path, &AgainstOne)> =
        listings.into_iter().filter_map(|(path, at)| Some((path, plans.get(at)?))).collect();
    match arguments.summary {
        true => summarize(arguments, &all),
        false => each(arguments, &all),
    }
}

/// Returns the results for all values, in order.
fn in_parallel<T: Sync, R: Send>(values: &[T], result: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = values.len().div_ceil(threads).max(1);
    let results = |values: &[T]| -> Vec<R> { values.iter().map(&result).collect() };
    let results = &results;
    thread::scope(|scope| {
        let started: Vec<_> =
            values.chunks(part).map(|part| scope.spawn(move || results(part))).collect();
        let joined = started.into_iter().map(|one| one.join());
        joined.flat_map(|part| part.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

fn against(text: &[u8], arguments: &Plan, desired: &Desired, target: Target) -> AgainstOne {
    let host = AnyHost::new(Some(target.arch));
    let listed = read(text, target.arch, &host).map_err(|problems| {
        let more = problems.len().saturating_sub(1);
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        match more {
            0 => first,
            more => format!("{first}, and {} more", count(more, "line")),
        }
    })?;
    let rules = listed.expecting(&desired.wanted.rules);
    let taken = taken(&listed, &rules);
    let loaded = Loaded { rules, ..Loaded::default() };
    let planned = Planned::new(desired, &loaded, &arguments.planning, target);
    let report = match arguments.summary {
        true => planned.short_report(desired, target.arch),
        false => planned.report(desired, target.arch),
    };
    Ok(Against { report, taken })
}

/// Returns the number of lines that may be other rules than they are taken as. Whether a watch is on a file or a directory
/// depends on the machine, and is the same for a file that is loaded there.
fn taken(listed: &Listed, rules: &[Rule]) -> usize {
    let is_open = |doubt: &Doubt| !doubt.is_slight() && *doubt != Doubt::Directory;
    let lines = listed.rules.iter().zip(rules);
    lines.filter(|(line, _)| line.doubts.iter().any(is_open)).count()
}

/// Writes a plan for each listing.
fn each(arguments: &Plan, all: &[(&Path, &AgainstOne)]) -> Result<Exit, Stop> {
    for (path, plan) in all {
        let plan = match plan {
            Ok(plan) => plan,
            Err(why) => {
                let path = name_of(path);
                return Err(Stop::unanswered(format_args!(
                    "cannot read the listing `{path}`: {}",
                    escaped(why)
                )));
            }
        };
        if arguments.format == Format::Text && all.len() > 1 {
            Voice::Stderr.note(format_args!("{}:", name_of(path)));
        }
        write(arguments.format, &plan.report, &escaped(&name(path)))?;
        if plan.taken > 0 && plan.report.state == State::Same {
            Voice::Stderr.note(format_args!(
                "{}: {} can also be another rule than that of the files; `rauditctl -l --format json` shows all",
                name_of(path),
                count(plan.taken, "line")
            ));
        }
    }
    Ok(worst(all))
}

/// Returns the exit status for all listings: a difference counts more than a doubt.
fn worst(all: &[(&Path, &AgainstOne)]) -> Exit {
    let exits = || all.iter().filter_map(|(_, plan)| plan.as_ref().ok().map(one_exit));
    match exits().any(|exit| exit == Exit::Findings) {
        true => Exit::Findings,
        false => exits().max().unwrap_or(Exit::Done),
    }
}

fn one_exit(plan: &Against) -> Exit {
    match exit(&plan.report) {
        Exit::Done if plan.taken > 0 => Exit::Undecided,
        other => other,
    }
}

/// Writes one table for all listings.
fn summarize(arguments: &Plan, all: &[(&Path, &AgainstOne)]) -> Result<Exit, Stop> {
    let names: Vec<String> = all.iter().map(|(path, _)| name(path)).collect();
    let plans = names.iter().zip(all).map(|(name, (_, plan))| {
        let plan = plan.as_ref().map(|plan| &plan.report).map_err(String::as_str);
        (name.as_str(), plan)
    });
    let summary = Summary::new(plans);
    output::write(None, |out| match arguments.format {
        Format::Json => write_json(out, &summary),
        Format::Text => output::write_text(out, |text| write_summary(text, &summary)),
    })?;
    let plans = all.iter().filter_map(|(path, plan)| plan.as_ref().ok().map(|plan| (path, plan)));
    let open: Vec<_> = plans.filter(|(_, plan)| one_exit(plan) == Exit::Undecided).collect();
    if let Some((path, _)) = open.first() {
        Voice::Stderr.note(format_args!(
            "{} have lines that can also be another rule than that of the files, for example {}; \
             `rauditctl -l --format json` shows all",
            count(open.len(), "kernel"),
            name_of(path)
        ));
    }
    Ok(match summary.unreadable.is_empty() {
        true => worst(all),
        false => Exit::Unanswered,
    })
}
