//! `rauditctl compile`: what would be sent, sending nothing.

use std::io::{self, Write};

use super::{compiled, exit};
use crate::catalog::Arch;
use crate::cli::args::Compile;
use crate::cli::report;
use crate::cli::rules_file::RulesFile;
use crate::report::request::RequestReport;
use crate::rule::Request;
use crate::rule::compile::{End, Step};
use crate::wire::Frame;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Compile) -> u8 {
    let compiled = match compiled(&arguments.files, &arguments.target) {
        Ok(compiled) => compiled,
        Err(status) => return status,
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = compiled.files.iter().try_for_each(|file| match arguments.raw {
        true => write_raw(&mut out, file),
        false => write_json(&mut out, file, compiled.arch),
    });
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report::error(error);
            exit::USAGE
        }
        _ => exit::DONE,
    }
}

/// What a line sends.
enum Sent<'r> {
    Request(&'r Request),
    DeleteAll(&'r [u8]),
}

/// All that the file sends, with its line, in order.
fn sent(file: &RulesFile) -> impl Iterator<Item = (Sent<'_>, usize)> {
    file.lines.iter().filter(|line| !line.program.is_faulty()).flat_map(|line| {
        let steps = line.program.steps.iter().filter_map(|step| match step {
            Step::Send(request, span) => Some((Sent::Request(request), file.line_of(span.start))),
            Step::DeleteAll { key, span } => Some((Sent::DeleteAll(key), file.line_of(span.start))),
            _ => None,
        });
        let end = match &line.program.end {
            End::Rule(request, span) => Some((Sent::Request(request), file.line_of(span.start))),
            _ => None,
        };
        steps.chain(end)
    })
}

fn write_json(out: &mut impl Write, file: &RulesFile, arch: Option<Arch>) -> io::Result<()> {
    let name = file.source.name();
    for (sent, line) in sent(file) {
        let report = match sent {
            Sent::Request(request) => RequestReport::new(request, arch, name, line),
            Sent::DeleteAll(key) => RequestReport::delete_all(key, name, line),
        };
        serde_json::to_writer(&mut *out, &report)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The messages one after the other, with sequence numbers from 1. What `-D` sends depends on the
/// kernel, and is left out.
fn write_raw(out: &mut impl Write, file: &RulesFile) -> io::Result<()> {
    let requests = sent(file).filter_map(|(sent, _)| match sent {
        Sent::Request(request) => Some(request),
        Sent::DeleteAll(_) => None,
    });
    for (request, sequence) in requests.zip(1..) {
        out.write_all(&Frame::from(request).message(sequence))?;
    }
    Ok(())
}
