//! `rauditctl explain`, also `--explain-bitmap`: what rules arm.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the command: which rules, which view, which exit status |
//! | `target` | the kernel that is explained |
//! | `sources` | where rules come from |
//! | `workload` | the workload that costs are weighed with |
//! | `output` | where the answer goes |
//! | `gates` | what it fails for |

mod gates;
mod output;
mod sources;
mod target;
mod workload;

use std::fmt;
use std::io;

use anstream::{AutoStream, ColorChoice};

use super::exit;
use super::input::Stop;
use crate::analysis::{
    Arming, Failure, Gate, Inspection, Walks, arming, compare, failures, inspect, syscalls_named,
    walks,
};
use crate::cli::args::{Explain, ReportFormat, View};
use crate::cli::report;
use crate::report::explain::{self, DEFAULT_VIEWS, Layout, failure_text};
use crate::report::html::Page;
use crate::report::json_explain::{ComparisonReport, Explanation};
use crate::source::Source as Text;
use sources::{Loaded, Source};
use target::Target;
use workload::Weighed;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Explain) -> u8 {
    explained(arguments).unwrap_or_else(|status| status)
}

fn explained(arguments: &Explain) -> Result<u8, Stop> {
    output::check(arguments)?;
    let sources = Source::of(arguments);
    let is_running = sources.contains(&Source::Kernel);
    let target = Target::of(arguments, is_running)?;
    let gates = gates::gates(&arguments.gates, target.profile.arch())?;
    let failures = match (sources.as_slice(), arguments.diff.is_empty()) {
        ([old, new], false) => differences(arguments, &target, [old, new], &gates)?,
        (sources, _) => findings(arguments, &target, sources, &gates)?,
    };
    failures.iter().for_each(report::error);
    Ok(if failures.is_empty() { exit::DONE } else { exit::FAULTS })
}

/// Writes what the rules of `sources` arm together; the sentences about gates that do not hold.
fn findings(
    arguments: &Explain,
    target: &Target,
    sources: &[Source],
    gates: &[Gate],
) -> Result<Vec<String>, Stop> {
    if arguments.view.contains(&View::Cost) && arguments.workload.is_none() {
        report::error("--view cost needs the counts of --workload");
        return Err(exit::USAGE);
    }
    let Loaded { loads, texts } = sources::loads(sources, arguments)?;
    let arming = arming(target.profile, &loads);
    let failures = failed(&arming, gates);
    match arguments.format {
        ReportFormat::Html => html(arguments, target, &arming, &texts, (gates, &failures)),
        ReportFormat::Text => text(arguments, target, &arming),
        ReportFormat::Json => {
            json(arguments, target, &arming, (!gates.is_empty()).then_some(&failures))
        }
    }?;
    Ok(sentences(&arming, &failures))
}

fn text(arguments: &Explain, target: &Target, arming: &Arming) -> Result<(), Stop> {
    let mut text = String::new();
    let weighed = workload::weighed(arguments, arming)?;
    let written = match &arguments.syscall {
        Some(syscall) => {
            let walks = walks(arming);
            let found = inspected(arming, &walks, syscall)?;
            explain::write_inspections(&mut text, arming, &found)
        }
        None => {
            let views: Vec<explain::View> =
                arguments.view.iter().copied().filter_map(view).collect();
            let is_whole = !arguments.view.is_empty();
            let views = if is_whole { views.as_slice() } else { &DEFAULT_VIEWS };
            let layout = layout(arguments, target, is_whole);
            explain::write_views(&mut text, arming, views, layout)
                .and_then(|()| write_cost(&mut text, weighed, layout))
        }
    };
    written.map_err(|error| failed_to_write(&error))?;
    output::write(arguments, |out| out.write_all(text.as_bytes()))
}

/// Writes what the workload pays, if there is one, behind the other views.
fn write_cost(text: &mut String, weighed: Option<Weighed>, layout: Layout) -> fmt::Result {
    let Some(Weighed { cost, calibration }) = weighed else { return Ok(()) };
    if !text.is_empty() {
        text.push('\n');
    }
    explain::write_cost(text, &cost, &calibration, layout)
}

fn json(
    arguments: &Explain,
    target: &Target,
    arming: &Arming,
    failures: Option<&Vec<Failure>>,
) -> Result<(), Stop> {
    let walks = walks(arming);
    let mut explanation = Explanation::on_kernel(arming, &walks, target.version);
    if let Some(syscall) = &arguments.syscall {
        let found = inspected(arming, &walks, syscall)?;
        explanation = explanation.with_inspections(arming, &found);
    }
    if let Some(Weighed { cost, calibration }) = workload::weighed(arguments, arming)? {
        explanation = explanation.with_cost(&cost, &calibration);
    }
    if let Some(failures) = failures {
        explanation = explanation.with_failures(arming, failures);
    }
    write_json(arguments, &explanation)
}

/// Writes the page, with the lines of `texts`.
fn html(
    arguments: &Explain,
    target: &Target,
    arming: &Arming,
    texts: &[Text],
    (gates, failures): (&[Gate], &[Failure]),
) -> Result<(), Stop> {
    let walks = walks(arming);
    let mut page = Page::new(arming, &walks).on_kernel(target.version).with_sources(texts);
    if !gates.is_empty() {
        page = page.with_failures(gates.len(), failures);
    }
    output::write(arguments, |out| out.write_all(page.to_html().as_bytes()))
}

/// Writes what changes from the rules of one source to those of another.
fn differences(
    arguments: &Explain,
    target: &Target,
    sources: [&Source; 2],
    gates: &[Gate],
) -> Result<Vec<String>, Stop> {
    let arming = |source: &Source| -> Result<Arming, Stop> {
        let loaded = sources::loads(std::slice::from_ref(source), arguments)?;
        Ok(arming(target.profile, &loaded.loads))
    };
    let [old, new] = sources;
    let (old, new) = (arming(old)?, arming(new)?);
    let comparison = compare(&old, &new);
    let failures = failed(&new, gates);
    match arguments.format {
        ReportFormat::Text => {
            let mut text = String::new();
            explain::write_comparison(
                &mut text,
                &old,
                &new,
                &comparison,
                layout(arguments, target, true),
            )
            .map_err(|error| failed_to_write(&error))?;
            output::write(arguments, |out| out.write_all(text.as_bytes()))?;
        }
        // Refused before.
        ReportFormat::Json | ReportFormat::Html => {
            let report = ComparisonReport::new(&old, &new, &comparison);
            match gates.is_empty() {
                true => write_json(arguments, &report)?,
                false => write_json(arguments, &report.with_failures(&new, &failures))?,
            }
        }
    }
    Ok(sentences(&new, &failures))
}

fn inspected<'a>(
    arming: &'a Arming,
    walks: &Walks,
    syscall: &str,
) -> Result<Vec<Inspection<'a>>, Stop> {
    let named = syscalls_named(arming, syscall);
    let found: Vec<_> =
        named.into_iter().filter_map(|(arch, nr)| inspect(arming, walks, arch, nr)).collect();
    if found.is_empty() {
        let arch = arming.arch.common_name();
        report::error(format_args!("{arch} has no syscall `{syscall}` on this kernel"));
        return Err(exit::USAGE);
    }
    Ok(found)
}

fn failed(arming: &Arming, gates: &[Gate]) -> Vec<Failure> {
    if gates.is_empty() { Vec::new() } else { failures(arming, &walks(arming), gates) }
}

fn sentences(arming: &Arming, failures: &[Failure]) -> Vec<String> {
    failures.iter().map(|failure| failure_text(arming, failure)).collect()
}

/// The view of the report; the cost is none, for it needs more than the rules.
fn view(view: View) -> Option<explain::View> {
    Some(match view {
        View::Summary => explain::View::Summary,
        View::Advice => explain::View::Advice,
        View::Table => explain::View::Table,
        View::Grid => explain::View::Grid,
        View::Walk => explain::View::Walk,
        View::Notes => explain::View::Notes,
        View::Cost => return None,
    })
}

fn layout(arguments: &Explain, target: &Target, is_whole: bool) -> Layout {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let choice = AutoStream::choice(&io::stdout());
    Layout {
        columns: columns.unwrap_or(Layout::default().columns),
        has_color: output::target(arguments).is_none() && choice != ColorChoice::Never,
        is_whole,
        version: target.version,
    }
}

fn write_json(arguments: &Explain, value: &impl serde::Serialize) -> Result<(), Stop> {
    output::write(arguments, |out| {
        serde_json::to_writer(&mut *out, value)?;
        out.write_all(b"\n")
    })
}

fn failed_to_write(error: &impl std::fmt::Display) -> Stop {
    report::error(error);
    exit::USAGE
}
