//! `rauditctl compile`: prints what would be sent, without sending it.

use std::io::{self, Write};

use super::input::{ErrorCount, host_for};
use super::output;
use crate::catalog::Arch;
use crate::cli::args::Compile;
use crate::cli::exit::{Exit, Stop};
use crate::cli::read::Policy;
use crate::cli::report::Voice;
use crate::cli::rules_files::RulesFiles;
use crate::host::Host;
use crate::report::{self, request::RequestReport};
use crate::ruleset::{CheckedSet, RuleSet, Sent};
use crate::wire;

/// The number of bytes from which on messages are written.
const WRITTEN_TOGETHER: usize = 32 * 1024;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Compile) -> Exit {
    let exit = compile(arguments).unwrap_or_else(Exit::from);
    if arguments.exit_zero { exit.forgiven() } else { exit }
}

fn compile(arguments: &Compile) -> Result<Exit, Stop> {
    let host = host_for(&arguments.target);
    let policy = Policy::look_only(arguments.reading.max_size);
    let files = RulesFiles::read(&arguments.files, policy).map_err(Stop::unanswered)?;
    let set = RuleSet::new(files.inputs());
    let checked = CheckedSet::new(&set, &host);

    let mut errors = ErrorCount::default();
    errors.report(&checked);
    errors.stop(Exit::Findings)?;
    Voice::Stderr.walk(&checked);
    output::write(None, |out| match arguments.raw {
        true => write_raw(out, &checked),
        false => write_json(out, &checked, host.machine()),
    })?;
    let exit = errors.exit();
    // The program ends here, which frees all memory at once.
    std::mem::forget(checked);
    std::mem::forget(set);
    Ok(exit)
}

fn write_json(
    out: &mut dyn Write,
    checked: &CheckedSet<'_, '_>,
    arch: Option<Arch>,
) -> io::Result<()> {
    for (sent, place) in checked.sent() {
        let Some(source) = checked.set.source(place.file) else { continue };
        let (name, line) = (source.name(), source.location(place.span.start).line);
        let request = match sent {
            Sent::Request(request) => RequestReport::new(request, arch, name, line),
            Sent::DeleteAll(key) => RequestReport::delete_all(key, name, line),
        };
        report::write_json(out, &request)?;
    }
    Ok(())
}

/// Writes the messages one after the other, with sequence numbers from 1. The requests of `-D` are left out: they
/// depend on the kernel.
fn write_raw(out: &mut dyn Write, checked: &CheckedSet<'_, '_>) -> io::Result<()> {
    let requests = checked.sent().filter_map(|(sent, _)| match sent {
        Sent::Request(request) => Some(request),
        Sent::DeleteAll(_) => None,
    });
    let mut messages = Vec::new();
    for (request, sequence) in requests.zip(1..) {
        wire::append_request(request, sequence, &mut messages);
        if messages.len() > WRITTEN_TOGETHER {
            out.write_all(&messages)?;
            messages.clear();
        }
    }
    out.write_all(&messages)
}
