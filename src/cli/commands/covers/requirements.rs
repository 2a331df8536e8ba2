//! The requirements of files, compiled for a machine.

use std::path::Path;

use crate::cases::{Link, Requirement, requirements};
use crate::catalog::{self, Arch};
use crate::cli::args::Reading;
use crate::cli::commands::explain::Machine;
use crate::cli::commands::input::ErrorCount;
use crate::cli::exit::{Exit, Stop};
use crate::cli::read::{Policy, is_stdin};
use crate::cli::report;
use crate::cli::rules_files::RulesFiles;
use crate::diag::{Fault, SyscallFault, escaped};
use crate::eval::Problem;
use crate::report::decision::render_problem;
use crate::rule::{Control, Request, Rule};
use crate::ruleset::{CheckedSet, Input, RuleSet, Sent};
use crate::source::Source;
use crate::span::Span;

/// A requirement with its rules.
pub(in crate::cli::commands) struct Required {
    pub(in crate::cli::commands) requirement: Requirement,
    /// The rules, without the syscalls that the machine lacks.
    pub(in crate::cli::commands) rules: Vec<Rule>,
    /// The same, as they are written.
    pub(super) texts: Vec<String>,
    /// The settings, each with its text.
    pub(super) settings: Vec<(Control, String)>,
}

/// Reads the requirements. Mistakes are printed, and end the command.
pub(in crate::cli::commands) fn read(
    required: &Path,
    reading: Reading,
    machine: &Machine,
) -> Result<(Vec<Required>, Vec<Link>), Stop> {
    let files = files(required, reading)?;
    let mut errors = ErrorCount::default();
    let mut all: Vec<Required> = Vec::new();
    let mut links = Vec::new();
    let mut is_faulty = false;
    machine.learn_paths_of(&RuleSet::new(files.inputs()));
    for source in files.sources() {
        let name = escaped(source.name());
        let found = requirements(source, &name).and_then(|found| {
            let twice = |one: &Requirement| all.iter().find(|known| known.requirement.id == one.id);
            match found.all.iter().find_map(|one| Some((one, twice(one)?))) {
                None => Ok(found),
                Some((one, known)) => Err(vec![Problem {
                    at: line_of(source, one.origin.line).range(),
                    message: format!("the requirement `{}` is there twice", one.id),
                    help: Some(format!(
                        "give it another name than at {}",
                        known.requirement.origin
                    )),
                }]),
            }
        });
        let found = match found {
            Ok(found) => found,
            Err(problems) => {
                problems.iter().for_each(|one| report::rendered(render_problem(source, one)));
                is_faulty = true;
                continue;
            }
        };
        links.extend(found.links);
        for requirement in found.all {
            match compiled(source, requirement, machine, &mut errors) {
                Ok(required) => all.push(required),
                Err(problem) => {
                    report::rendered(render_problem(source, &problem));
                    is_faulty = true;
                }
            }
        }
    }
    errors.stop(Exit::Unanswered)?;
    if is_faulty {
        return Err(Stop::after_report(Exit::Unanswered));
    }
    if all.is_empty() {
        let name = report::name_of(required);
        return Err(Stop::unanswered(format_args!("`{name}` has no requirements")));
    }
    Ok((all, links))
}

/// The requirements that come along, by name.
const BUILT_IN: [(&str, &[u8]); 2] = [
    ("stig-rhel9", include_bytes!("../../../../data/requirements/stig-rhel9.rules")),
    ("stig-ubuntu2204", include_bytes!("../../../../data/requirements/stig-ubuntu2204.rules")),
];

/// Returns the files with the requirements. A file takes precedence over requirements that come along with the same name.
fn files(path: &Path, reading: Reading) -> Result<RulesFiles, Stop> {
    let built_in = BUILT_IN.iter().find(|(name, _)| path == Path::new(name) && !path.exists());
    if let Some((name, text)) = built_in {
        let source = Source::new(format!("{name}.rules"), text.to_vec());
        return Ok(RulesFiles { texts: vec![(source, None)], paths: vec![path.to_owned()] });
    }
    let policy = Policy::look_only(reading.max_size);
    RulesFiles::read(&[path.to_owned()], policy).map_err(|error| {
        if !is_stdin(path) && !path.exists() {
            let names = BUILT_IN.map(|(name, _)| name).join(" and ");
            report::note(format_args!("the requirements that come along are {names}"));
        }
        Stop::unanswered(error)
    })
}

/// Compiles the rules of one requirement. What the machine lacks is left out: a name of a syscall that other machines
/// have, and rules that have no other names.
fn compiled(
    source: &Source,
    requirement: Requirement,
    machine: &Machine,
    errors: &mut ErrorCount,
) -> Result<Required, Problem> {
    let mut text = only_lines(source, &requirement.lines);
    let own = Source::new(source.name(), text.clone());
    let set = RuleSet::new([Input { source: &own, directory: None }]);
    let checked = CheckedSet::new(&set, &machine.with_paths_of(&set));
    for line in &checked.lines {
        let faults = line.checked.program.diagnostics().map(|one| (&one.fault, one.span));
        leave_out(&mut text, line.whole().span, faults);
    }
    let own = Source::new(source.name(), text);
    let set = RuleSet::new([Input { source: &own, directory: None }]);
    let checked = CheckedSet::new(&set, &machine.with_paths_of(&set));
    errors.report(&checked);
    let mut required =
        Required { requirement, rules: Vec::new(), texts: Vec::new(), settings: Vec::new() };
    for (sent, place) in checked.sent() {
        let line = line_of(source, source.location(place.span.start).line);
        let text = own.text().get(line.range()).unwrap_or_default();
        let text = String::from_utf8_lossy(text.trim_ascii()).into_owned();
        match sent {
            Sent::Request(Request::Add(rule)) if rule.list.has_mask() => {
                required.rules.push(rule.clone());
                required.texts.push(text);
            }
            Sent::Request(Request::Control(control)) => {
                required.settings.push((control.clone(), text));
            }
            _ => {
                return Err(Problem {
                    at: place.span.range(),
                    message: "this line is no requirement".to_owned(),
                    help: Some(
                        "write rules of the lists exit and io_uring, and settings such as -e 2"
                            .to_owned(),
                    ),
                });
            }
        }
    }
    Ok(required)
}

/// Returns the text with spaces for the bytes of all other lines, so that places stay.
fn only_lines(source: &Source, lines: &[usize]) -> Vec<u8> {
    let mut text = Vec::with_capacity(source.text().len());
    for (index, line) in source.text().split_inclusive(|byte| *byte == b'\n').enumerate() {
        if lines.contains(&(index + 1)) {
            text.extend_from_slice(line);
        } else {
            text.extend(line.iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
        }
    }
    text
}

/// Writes commas over names of syscalls that the machine lacks, and spaces over rules that nothing can match there.
fn leave_out<'f>(text: &mut [u8], line: Span, faults: impl Iterator<Item = (&'f Fault, Span)>) {
    let mut fill = |place: Span, byte| {
        if let Some(bytes) = text.get_mut(place.range()) {
            bytes.fill(byte);
        }
    };
    let is_elsewhere = |name: &[u8]| {
        Arch::ALL.iter().any(|arch| {
            catalog::syscall_number(*arch, name).is_some()
                || catalog::kernel_syscall_number(*arch, name).is_some()
        })
    };
    for (fault, span) in faults {
        match fault {
            Fault::Syscall(SyscallFault::NoSuchSide { .. }) => return fill(line, b' '),
            Fault::Syscall(SyscallFault::Unknown { name, .. }) if is_elsewhere(name) => {
                fill(span, b',');
            }
            _ => {}
        }
    }
    let Some(bytes) = text.get_mut(line.range()) else { return };
    let words: Vec<&[u8]> =
        bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let lists: Vec<&[u8]> = words
        .windows(2)
        .filter_map(|pair| match pair {
            [option, list] => (*option == b"-S").then_some(*list),
            _ => None,
        })
        .collect();
    let is_left_out = |list: &&[u8]| list.iter().all(|byte| *byte == b',');
    if !lists.is_empty() && lists.iter().all(is_left_out) {
        bytes.fill(b' ');
    }
}

/// Returns the place of a line, counted from 1.
fn line_of(source: &Source, number: usize) -> Span {
    let mut start = 0;
    for (index, line) in source.text().split(|byte| *byte == b'\n').enumerate() {
        if index + 1 == number {
            return Span::new(start, start + line.len());
        }
        start += line.len() + 1;
    }
    Span::default()
}
