//! `rauditctl compile`: what would be sent, sending nothing.

use std::io::{self, Write};
use std::path::PathBuf;

use super::input::{Faults, host_for, read};
use crate::catalog::Arch;
use crate::cli::args::Compile;
use crate::cli::exit::{Exit, Stop};
use crate::cli::report::{self, Voice};
use crate::cli::rules_file::RulesFile;
use crate::host::Host;
use crate::report::request::RequestReport;
use crate::ruleset::{CheckedLine, Sent};
use crate::wire::Frame;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Compile) -> Exit {
    let host = host_for(&arguments.target);
    let files = match compiled(&arguments.files, &host) {
        Ok(files) => files,
        Err(stop) => return stop.into(),
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = files.iter().try_for_each(|file| match arguments.raw {
        true => write_raw(&mut out, file),
        false => write_json(&mut out, file, host.machine()),
    });
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report::error(error);
            Exit::Unanswered
        }
        _ => Exit::Done,
    }
}

/// All that the file sends, in order, each with its line.
fn sent(file: &RulesFile) -> impl Iterator<Item = (Sent<'_>, usize)> {
    let sent = file.lines.iter().flat_map(CheckedLine::sent);
    sent.map(|(sent, span)| (sent, file.line_of(span.start)))
}

/// Reads and compiles all files; what is wrong with them is said, and ends it.
fn compiled(paths: &[PathBuf], host: &dyn Host) -> Result<Vec<RulesFile>, Stop> {
    let mut faults = Faults::default();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let file = read(path, host)?;
        faults.note(&file);
        files.push(file);
    }
    faults.stop()?;
    for file in &files {
        Voice::Stderr.slow_rules(&file.source, file.diagnostics());
    }
    Ok(files)
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
