//! `rauditctl explain`, also `--explain-bitmap`: what a rules file arms.

use std::io::{self, Write};
use std::sync::Arc;

use super::{compiled, exit};
use crate::analysis::{Arming, Load, Origin, Step as LoadStep, arming};
use crate::catalog::Arch;
use crate::cli::args::{Explain, Format};
use crate::cli::report;
use crate::cli::rules_file::{RulesFile, RulesLine};
use crate::model::Profile;
use crate::report::{explain, json_explain};
use crate::rule::compile::{End, Step};

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Explain) -> u8 {
    let compiled = match compiled(&arguments.files, &arguments.target) {
        Ok(compiled) => compiled,
        Err(status) => return status,
    };
    let Some(arch) = compiled.arch else {
        report::error("the syscalls of this machine are not known; name one with --arch");
        return exit::USAGE;
    };
    let arming = arming(profile(arch, arguments.nr_syscalls), &loads(&compiled.files));
    match print(&arming, arguments.format) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report::error(error);
            exit::USAGE
        }
        _ => exit::DONE,
    }
}

fn profile(arch: Arch, nr_syscalls: Option<u32>) -> Profile {
    nr_syscalls.map_or_else(|| Profile::newest(arch), |number| Profile::new(arch, number))
}

/// All that the files load, in order.
fn loads(files: &[RulesFile]) -> Vec<Load> {
    files.iter().flat_map(file_loads).collect()
}

fn file_loads(file: &RulesFile) -> Vec<Load> {
    let name: Arc<str> = file.source.name().into();
    let origin = |offset| Origin { file: Arc::clone(&name), line: file.line_of(offset) };
    let is_sound = |line: &&RulesLine| !line.program.is_faulty();
    let mut loads = Vec::new();
    for line in file.lines.iter().filter(is_sound) {
        loads.extend(line.program.steps.iter().filter_map(|step| match step {
            Step::Send(request, span) => Some(Load::new(origin(span.start), request.clone())),
            Step::DeleteAll { key, span } => Some(Load {
                origin: origin(span.start),
                step: LoadStep::DeleteAll { key: (!key.is_empty()).then(|| key.clone()) },
            }),
            _ => None,
        }));
        if let End::Rule(request, span) = &line.program.end {
            loads.push(Load::new(origin(span.start), request.clone()));
        }
    }
    loads
}

fn print(arming: &Arming, format: Format) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match format {
        Format::Text => {
            let mut text = String::new();
            explain::write_explanation(&mut text, arming).map_err(io::Error::other)?;
            out.write_all(text.as_bytes())?;
        }
        Format::Json => {
            serde_json::to_writer(&mut out, &json_explain::Explanation::new(arming))?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}
