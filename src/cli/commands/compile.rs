//! `rauditctl compile`: prints what would be sent, without sending it.

use std::io::{self, Write};

use super::input::{ErrorCount, host_for};
use super::output;
use crate::catalog::Arch;
use crate::cli::args::Compile;
use crate::cli::exit::{Exit, Stop};
use crate::cli::report::Voice;
use crate::cli::rules_files::{Trust, read_source};
use crate::host::Host;
use crate::report::request::RequestReport;
use crate::ruleset::{CheckedSet, Input, RuleSet, Sent};
use crate::source::Source;
use crate::wire::Frame;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Compile) -> Exit {
    compile(arguments).map_or_else(Exit::from, |()| Exit::Done)
}

fn compile(arguments: &Compile) -> Result<(), Stop> {
    let host = host_for(&arguments.target);
    let sources = arguments.files.iter().map(|path| read_source(path, Trust::LookOnly));
    let sources: Vec<Source> = sources.collect::<Result<_, _>>().map_err(Stop::unanswered)?;
    let sets: Vec<RuleSet<'_>> =
        sources.iter().map(|source| RuleSet::new([Input { source, directory: None }])).collect();
    let checked: Vec<CheckedSet<'_, '_>> =
        sets.iter().map(|set| CheckedSet::new(set, &host)).collect();

    let mut errors = ErrorCount::default();
    checked.iter().for_each(|file| errors.report(file));
    errors.stop()?;
    for (source, file) in sources.iter().zip(&checked) {
        Voice::Stderr.slow_rules(source, file.diagnostics(0));
    }
    output::write(None, |out| {
        sources.iter().zip(&checked).try_for_each(|(source, file)| match arguments.raw {
            true => write_raw(out, file),
            false => write_json(out, source, file, host.machine()),
        })
    })
}

fn write_json(
    out: &mut dyn Write,
    source: &Source,
    file: &CheckedSet<'_, '_>,
    arch: Option<Arch>,
) -> io::Result<()> {
    let name = source.name();
    for (sent, place) in file.sent() {
        let line = source.location(place.span.start).line;
        let report = match sent {
            Sent::Request(request) => RequestReport::new(request, arch, name, line),
            Sent::DeleteAll(key) => RequestReport::delete_all(key, name, line),
        };
        serde_json::to_writer(&mut *out, &report)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes the messages one after the other, with sequence numbers from 1. The requests of `-D` are left out: they
/// depend on the kernel.
fn write_raw(out: &mut dyn Write, file: &CheckedSet<'_, '_>) -> io::Result<()> {
    let requests = file.sent().filter_map(|(sent, _)| match sent {
        Sent::Request(request) => Some(request),
        Sent::DeleteAll(_) => None,
    });
    for (request, sequence) in requests.zip(1..) {
        out.write_all(&Frame::from(request).message(sequence))?;
    }
    Ok(())
}
