//! Plans against saved listings.

use std::collections::HashMap;
use std::path::Path;

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

/// A plan against one listing.
#[derive(Clone)]
struct Against {
    report: PlanReport,
    /// The number of lines that do not show which rule they are, and are taken as rules of the files.
    taken: usize,
}

/// Compares with every listing.
pub(super) fn run(arguments: &Plan, desired: &Desired, target: Target) -> Result<Exit, Stop> {
    // Most kernels of a fleet hold the same rules.
    let mut known: HashMap<Vec<u8>, Result<Against, String>> = HashMap::new();
    let mut all = Vec::new();
    for path in &arguments.against {
        let policy = Policy::look_only(arguments.planning.reading.max_size);
        let text = policy.read(path).map_err(Stop::unanswered)?;
        let plan = known
            .entry(text)
            .or_insert_with_key(|text| against(text, arguments, desired, target))
            .clone();
        all.push((path.as_path(), plan));
    }
    match arguments.summary {
        true => summarize(arguments, &all),
        false => each(arguments, &all),
    }
}

fn against(
    text: &[u8],
    arguments: &Plan,
    desired: &Desired,
    target: Target,
) -> Result<Against, String> {
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
    Ok(Against { report: planned.report(desired, target.arch), taken })
}

/// Returns the number of lines that may be other rules than they are taken as. Whether a watch is on a file or a directory
/// depends on the machine, and is the same for a file that is loaded there.
fn taken(listed: &Listed, rules: &[Rule]) -> usize {
    let is_open = |doubt: &Doubt| !doubt.is_slight() && *doubt != Doubt::Directory;
    let lines = listed.rules.iter().zip(rules);
    lines.filter(|(line, _)| line.doubts.iter().any(is_open)).count()
}

/// Writes a plan for each listing.
fn each(arguments: &Plan, all: &[(&Path, Result<Against, String>)]) -> Result<Exit, Stop> {
    let mut worst = Exit::Done;
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
        worst = worst.max(one_exit(plan));
        if plan.taken > 0 && plan.report.state == State::Same {
            Voice::Stderr.note(format_args!(
                "{}: {} can also be another rule than that of the files; `rauditctl -l --format json` shows all",
                name_of(path),
                count(plan.taken, "line")
            ));
        }
    }
    Ok(worst)
}

fn one_exit(plan: &Against) -> Exit {
    match exit(&plan.report) {
        Exit::Done if plan.taken > 0 => Exit::Undecided,
        other => other,
    }
}

/// Writes one table for all listings.
fn summarize(arguments: &Plan, all: &[(&Path, Result<Against, String>)]) -> Result<Exit, Stop> {
    let names: Vec<String> = all.iter().map(|(path, _)| name(path)).collect();
    let plans = names.iter().zip(all).map(|(name, (_, plan))| {
        let plan = plan.as_ref().map(|plan| &plan.report).map_err(String::as_str);
        (name.as_str(), plan)
    });
    let summary = Summary::new(plans);
    output::write(None, |out| match arguments.format {
        Format::Json => write_json(out, &summary),
        Format::Text => {
            let mut text = String::new();
            write_summary(&mut text, &summary).map_err(std::io::Error::other)?;
            out.write_all(text.as_bytes())
        }
    })?;
    let found = all.iter().filter_map(|(_, plan)| plan.as_ref().ok().map(one_exit));
    Ok(match summary.unreadable.is_empty() {
        true => found.max().unwrap_or(Exit::Done),
        false => Exit::Unanswered,
    })
}
