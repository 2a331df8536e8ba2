//! `rauditctl explain`, also `--explain-bitmap`: what rules arm.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the command: which rules, which view, which exit status |
//! | `target` | the kernel that is explained |
//! | `sources` | where rules come from |
//! | `rules_dir` | directories, as augenrules joins them |
//! | `version_sort` | the order of the files there |
//! | `gates` | what it fails for |

mod gates;
mod rules_dir;
mod sources;
mod target;
mod version_sort;

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

use super::exit;
use super::input::Stop;
use crate::analysis::{
    Arming, Failure, Gate, Inspection, Walks, arming, compare, failures, inspect, syscalls_named,
    walks,
};
use crate::cli::args::{Explain, Format, View};
use crate::cli::report;
use crate::report::explain::{self, DEFAULT_VIEWS, Layout, failure_text};
use crate::report::json_explain::{ComparisonReport, Explanation};
use sources::Source;
use target::Target;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Explain) -> u8 {
    explained(arguments).unwrap_or_else(|status| status)
}

fn explained(arguments: &Explain) -> Result<u8, Stop> {
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
    let arming = arming(target.profile, &sources::loads(sources, arguments)?);
    let failures = failed(&arming, gates);
    match arguments.format {
        Format::Text => text(arguments, target, &arming),
        Format::Json => json(arguments, target, &arming, (!gates.is_empty()).then_some(&failures)),
    }?;
    Ok(sentences(&arming, &failures))
}

fn text(arguments: &Explain, target: &Target, arming: &Arming) -> Result<(), Stop> {
    let mut text = String::new();
    let written = match &arguments.syscall {
        Some(syscall) => {
            let walks = walks(arming);
            let found = inspected(arming, &walks, syscall)?;
            explain::write_inspections(&mut text, arming, &found)
        }
        None => {
            let views: Vec<explain::View> = arguments.view.iter().copied().map(view).collect();
            let is_whole = !views.is_empty();
            let views = if is_whole { views.as_slice() } else { &DEFAULT_VIEWS };
            let layout = layout(target, is_whole);
            explain::write_views(&mut text, arming, views, layout)
        }
    };
    written.map_err(|error| failed_to_write(&error))?;
    write(|out| out.write_all(text.as_bytes()))
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
    if let Some(failures) = failures {
        explanation = explanation.with_failures(arming, failures);
    }
    write_json(&explanation)
}

/// Writes what changes from the rules of one source to those of another.
fn differences(
    arguments: &Explain,
    target: &Target,
    sources: [&Source; 2],
    gates: &[Gate],
) -> Result<Vec<String>, Stop> {
    let arming = |source: &Source| -> Result<Arming, Stop> {
        let loads = sources::loads(std::slice::from_ref(source), arguments)?;
        Ok(arming(target.profile, &loads))
    };
    let [old, new] = sources;
    let (old, new) = (arming(old)?, arming(new)?);
    let comparison = compare(&old, &new);
    let failures = failed(&new, gates);
    match arguments.format {
        Format::Text => {
            let mut text = String::new();
            explain::write_comparison(&mut text, &old, &new, &comparison, layout(target, true))
                .map_err(|error| failed_to_write(&error))?;
            write(|out| out.write_all(text.as_bytes()))?;
        }
        Format::Json => {
            let report = ComparisonReport::new(&old, &new, &comparison);
            match gates.is_empty() {
                true => write_json(&report)?,
                false => write_json(&report.with_failures(&new, &failures))?,
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

fn view(view: View) -> explain::View {
    match view {
        View::Summary => explain::View::Summary,
        View::Advice => explain::View::Advice,
        View::Table => explain::View::Table,
        View::Grid => explain::View::Grid,
        View::Walk => explain::View::Walk,
        View::Notes => explain::View::Notes,
    }
}

fn layout(target: &Target, is_whole: bool) -> Layout {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let choice = AutoStream::choice(&io::stdout());
    Layout {
        columns: columns.unwrap_or(Layout::default().columns),
        has_color: !matches!(choice, ColorChoice::Never),
        is_whole,
        version: target.version,
    }
}

fn write_json(value: &impl serde::Serialize) -> Result<(), Stop> {
    write(|out| {
        serde_json::to_writer(&mut *out, value)?;
        out.write_all(b"\n")
    })
}

/// Writes to standard output. A reader that has gone is not our fault.
fn write(text: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match text(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(failed_to_write(&error)),
        _ => Ok(()),
    }
}

fn failed_to_write(error: &impl std::fmt::Display) -> Stop {
    report::error(error);
    exit::USAGE
}
