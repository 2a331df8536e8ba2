//! `--event`: what the rules do with events.

use std::io::{self, BufRead, BufReader};

use super::output;
use super::sources::Loaded;
use super::target::Target;
use crate::analysis::arming;
use crate::catalog::KernelVersion;
use crate::cli::args::{Explain, ReportFormat};
use crate::cli::exit::{Exit, Stop};
use crate::cli::read::Policy;
use crate::cli::report;
use crate::diag::escaped;
use crate::eval::{Evaluator, Event, Files, History, Problem, Reader, Verdict};
use crate::report::decision::{Judged, Rules, render_problem, write_decision, write_decision_line};
use crate::source::Source;

/// The size of the buffer for many events.
const INPUT: usize = 1 << 16;

/// The number of rules near the event that are shown.
const MOST_NEAR: usize = 3;

/// Decides the event of `--event`, or every event on standard input.
pub(super) fn run(
    arguments: &Explain,
    target: &Target,
    loaded: &Loaded,
    event: &str,
) -> Result<Exit, Stop> {
    let reader = Reader::new(target.profile.arch());
    let files = files(arguments, reader)?;
    let arming = arming(target.profile, &loaded.loads);
    let version = target.version.unwrap_or(KernelVersion::NEWEST);
    let evaluator = Evaluator::new(arming.kernel(), version, files);
    let rules = Rules::new(&arming);
    match event {
        "-" => stream(arguments, reader, &evaluator, &rules),
        text => {
            let event = reader.read(text.as_bytes()).map_err(|problem| refused(text, &problem))?;
            one(arguments, &evaluator, &rules, &event)
        }
    }
}

/// Checks that the options fit together.
pub(super) fn check(arguments: &Explain) -> Result<(), Stop> {
    if arguments.event.as_deref() == Some("-") && arguments.format == ReportFormat::Html {
        return Err(Stop::unanswered("--event - writes a line of JSON for each event"));
    }
    if arguments.event.is_some() && arguments.format == ReportFormat::Html {
        return Err(Stop::unanswered("--event has the formats text and json"));
    }
    Ok(())
}

fn files(arguments: &Explain, reader: Reader) -> Result<Files, Stop> {
    let Some(path) = &arguments.machine_files else { return Ok(Files::default()) };
    let policy = Policy::look_only(arguments.reading.max_size);
    let text = policy.read(path).map_err(Stop::unanswered)?;
    reader.read_files(&text).map_err(|error| {
        Stop::unanswered(format_args!("{}: {}", report::name_of(path), escaped(&error.to_string())))
    })
}

/// Prints the mistake with its place.
fn refused(text: &str, problem: &Problem) -> Stop {
    let source = Source::new("--event", text.as_bytes().to_vec());
    report::rendered(render_problem(&source, problem));
    Stop::after_report(Exit::Unanswered)
}

fn one(
    arguments: &Explain,
    evaluator: &Evaluator,
    rules: &Rules<'_>,
    event: &Event,
) -> Result<Exit, Stop> {
    let judged = Judged::new(rules, evaluator, event, MOST_NEAR);
    match arguments.format {
        ReportFormat::Json => output::write(arguments, |out| {
            let mut line = Vec::new();
            write_decision_line(&mut line, &judged)?;
            out.write_all(&line)
        })?,
        ReportFormat::Text | ReportFormat::Html => {
            let mut text = String::new();
            write_decision(&mut text, &judged).map_err(|error| super::failed_to_write(&error))?;
            output::write(arguments, |out| out.write_all(text.as_bytes()))?;
        }
    }
    let is_undecided = judged.decision().verdict == Verdict::Undecided;
    Ok(if is_undecided { Exit::Undecided } else { Exit::Done })
}

/// Decides every line of standard input.
fn stream(
    arguments: &Explain,
    reader: Reader,
    evaluator: &Evaluator,
    rules: &Rules<'_>,
) -> Result<Exit, Stop> {
    let mut exit = Exit::Done;
    let mut broken = None;
    output::write(arguments, |out| {
        let mut input = BufReader::with_capacity(INPUT, io::stdin().lock());
        let mut history = History::default();
        let (mut line, mut answer) = (Vec::new(), Vec::new());
        for number in 1_u64.. {
            line.clear();
            if input.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let event = match reader.read_json(line.trim_ascii_end()) {
                Ok(event) => event,
                Err(error) => {
                    broken = Some((number, error));
                    break;
                }
            };
            let judged = Judged::one_of_many(rules, evaluator, &history, &event, MOST_NEAR);
            if judged.decision().verdict == Verdict::Undecided {
                exit = Exit::Undecided;
            }
            answer.clear();
            write_decision_line(&mut answer, &judged)?;
            out.write_all(&answer)?;
            if arguments.sequence {
                evaluator.advance(&mut history, &event);
            }
        }
        Ok(())
    })?;
    match broken {
        None => Ok(exit),
        Some((line, error)) => {
            let column = error.column();
            let message = error.to_string();
            let end = message.rfind(" at line ").unwrap_or(message.len());
            let message = message.get(..end).unwrap_or_default();
            Err(Stop::unanswered(format_args!("<stdin>:{line}:{column}: {}", escaped(message))))
        }
    }
}
