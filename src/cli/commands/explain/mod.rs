//! `rauditctl explain`, also `--explain-bitmap`: what rules arm.
//!
//! | file | subject |
//! |---|---|
//! | `mod` | the command: read, analyze, render, exit status |
//! | `target` | the kernel that the rules are for |
//! | `json_requests` | rules as lines of JSON |
//! | `machine` | accounts and paths |
//! | `sources` | where the rules come from |
//! | `syscall_name` | syscalls in options |
//! | `workload` | the workload that the rules slow down |
//! | `events` | what the rules do with events |
//! | `never` | what the rules that silence really silence |
//! | `rule_cost` | what each rule costs the workload |
//! | `gates` | the limits that the rules must keep |
//! | `output` | where the report goes |

mod events;
mod gates;
mod json_requests;
pub(super) mod machine;
mod never;
mod output;
mod rule_cost;
pub(super) mod sources;
mod syscall_name;
mod target;
mod workload;

use std::io;

use anstream::{AutoStream, ColorChoice};

use crate::analysis::{Analysis, Arming, Comparison, Gate, GateFailure, Questions, arming};
use crate::catalog::Arch;
use crate::cli::args::{Explain, ReportFormat, View};
use crate::cli::exit::{Exit, Stop};
use crate::cli::report;
use crate::report::explain::json::{AnalysisReport, ComparisonReport};
use crate::report::explain::text::{self, DEFAULT_VIEWS, Layout};
use crate::report::explain::{failure_text, html};
use crate::source::Source as Text;
pub(super) use machine::Machine;
use sources::{Loaded, Source};
use target::Target;
pub(super) use workload::read_workload;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Explain) -> Exit {
    let exit = explained(arguments).unwrap_or_else(Exit::from);
    if arguments.exit_zero { exit.forgiven() } else { exit }
}

fn explained(arguments: &Explain) -> Result<Exit, Stop> {
    output::check(arguments)?;
    events::check(arguments)?;
    never::check(arguments)?;
    rule_cost::check(arguments)?;
    let sources = Source::of(arguments);
    let target = Target::of(arguments, &sources)?;
    if let Some(event) = &arguments.event {
        let machine = Machine::of(&arguments.target);
        let loaded = sources::loads(&sources, arguments.reading, arguments.format, &machine)?;
        note_unknown(&machine, &loaded);
        return events::run(arguments, &target, &loaded, event);
    }
    if arguments.never {
        let machine = Machine::of(&arguments.target);
        let loaded = sources::loads(&sources, arguments.reading, arguments.format, &machine)?;
        note_unknown(&machine, &loaded);
        return never::run(arguments, &target, &loaded);
    }
    if arguments.rule_cost {
        let machine = Machine::of(&arguments.target);
        let loaded = sources::loads(&sources, arguments.reading, arguments.format, &machine)?;
        note_unknown(&machine, &loaded);
        return rule_cost::run(arguments, &target, &loaded);
    }
    let gates = gates::gates(&arguments.gates, target.profile.arch())?;
    match (sources.as_slice(), arguments.diff.is_empty()) {
        ([old, new], false) => {
            let comparison = compared(arguments, &target, [old, new], gates)?;
            write_comparison(arguments, &comparison)?;
            Ok(judged(&comparison.new, &comparison.failures))
        }
        (sources, _) => {
            let (analysis, texts) = analyzed(arguments, &target, sources, gates)?;
            write_analysis(arguments, &analysis, &texts)?;
            Ok(judged(&analysis.arming, &analysis.failures))
        }
    }
}

/// Notes what is unknown here and what the rules record depends on.
fn note_unknown(machine: &Machine, loaded: &Loaded) {
    machine.note_accounts_in_events();
    sources::note_unknown_paths(&loaded.loads);
}

/// Reports the gates that the rules do not meet. Returns the exit status.
fn judged(arming: &Arming, failures: &[GateFailure]) -> Exit {
    failures.iter().for_each(|failure| report::error(failure_text(arming, failure)));
    if failures.is_empty() { Exit::Done } else { Exit::Findings }
}

/// Analyzes the rules of all sources together. Returns the texts of their files too.
fn analyzed(
    arguments: &Explain,
    target: &Target,
    sources: &[Source],
    gates: Vec<Gate>,
) -> Result<(Analysis, Vec<Text>), Stop> {
    let machine = Machine::of(&arguments.target);
    let Loaded { loads, texts } =
        sources::loads(sources, arguments.reading, arguments.format, &machine)?;
    machine.note_unknown_accounts();
    let syscalls = arguments.syscall.as_deref().map(|text| inspected(text, target)).transpose()?;
    let questions = Questions {
        version: target.version,
        syscalls,
        workload: workload::workload(arguments, target.version)?,
        gates,
    };
    let mut analysis = Analysis::new(target.profile, &loads, questions);
    analysis.arming.unknown_accounts = machine.unknown_accounts();
    if let (Some(syscall), Some([])) = (&arguments.syscall, analysis.inspections.as_deref()) {
        return Err(Stop::unanswered(format_args!(
            "--syscall {syscall}: this kernel does not have it: its table has {} entries",
            analysis.arming.nr_syscalls
        )));
    }
    Ok((analysis, texts))
}

/// Returns the syscalls of `--syscall`.
fn inspected(text: &str, target: &Target) -> Result<Vec<(Arch, u32)>, Stop> {
    syscall_name::on_each_arch(text, target.profile.arch())
        .map_err(|why| Stop::unanswered(format_args!("--syscall {text}: {why}")))
}

/// Compares the rules of two sources.
fn compared(
    arguments: &Explain,
    target: &Target,
    sources: [&Source; 2],
    gates: Vec<Gate>,
) -> Result<Comparison, Stop> {
    let machine = Machine::of(&arguments.target);
    let sources = sources.map(Clone::clone);
    let loaded = sources::loads_of_both(sources, arguments.reading, arguments.format, &machine)?;
    machine.note_unknown_accounts();
    let [old, new] = loaded.map(|loaded| {
        let mut arming = arming(target.profile, &loaded.loads);
        arming.unknown_accounts = machine.unknown_accounts();
        arming
    });
    Ok(Comparison::new(old, new, gates))
}

fn write_analysis(arguments: &Explain, analysis: &Analysis, texts: &[Text]) -> Result<(), Stop> {
    match arguments.format {
        ReportFormat::Text => {
            let mut text = String::new();
            let views = views(arguments);
            text::write_explanation(&mut text, analysis, &views, layout(arguments))
                .map_err(|error| failed_to_write(&error))?;
            output::write(arguments, |out| out.write_all(text.as_bytes()))
        }
        ReportFormat::Json => write_json(arguments, &AnalysisReport::new(analysis)),
        ReportFormat::Html => {
            let page = html::page(analysis, texts);
            output::write(arguments, |out| out.write_all(page.as_bytes()))
        }
    }
}

fn write_comparison(arguments: &Explain, comparison: &Comparison) -> Result<(), Stop> {
    match arguments.format {
        ReportFormat::Text => {
            let mut text = String::new();
            text::write_comparison(&mut text, comparison, layout(arguments))
                .map_err(|error| failed_to_write(&error))?;
            output::write(arguments, |out| out.write_all(text.as_bytes()))
        }
        ReportFormat::Json => write_json(arguments, &ComparisonReport::new(comparison)),
        ReportFormat::Html => {
            let page = html::comparison_page(comparison);
            output::write(arguments, |out| out.write_all(page.as_bytes()))
        }
    }
}

/// Returns the views of the text report, including those of the syscall and the workload.
fn views(arguments: &Explain) -> Vec<text::View> {
    if arguments.syscall.is_some() {
        return vec![text::View::Syscall];
    }
    let mut views: Vec<_> = match arguments.view.is_empty() {
        true => DEFAULT_VIEWS.to_vec(),
        false => arguments.view.iter().copied().filter_map(view).collect(),
    };
    views.extend(arguments.workload.is_some().then_some(text::View::Cost));
    views
}

/// Returns the view of the report; `None` for the cost, which is printed last, for every workload.
fn view(view: View) -> Option<text::View> {
    Some(match view {
        View::Summary => text::View::Summary,
        View::Advice => text::View::Advice,
        View::Table => text::View::Table,
        View::Grid => text::View::Grid,
        View::Walk => text::View::Walk,
        View::Notes => text::View::Notes,
        View::Cost => return None,
    })
}

fn layout(arguments: &Explain) -> Layout {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let choice = AutoStream::choice(&io::stdout());
    Layout {
        columns: columns.unwrap_or(Layout::default().columns),
        has_color: output::target(arguments).is_none() && choice != ColorChoice::Never,
        is_whole: !arguments.view.is_empty() || !arguments.diff.is_empty(),
    }
}

fn write_json(arguments: &Explain, value: &impl serde::Serialize) -> Result<(), Stop> {
    output::write(arguments, |out| crate::report::write_json(out, value))
}

fn failed_to_write(error: &impl std::fmt::Display) -> Stop {
    Stop::unanswered(error)
}
