//! The commands that auditctl does not have, one a file.

pub(super) mod compile;
pub(super) mod completions;
pub(super) mod explain;

use std::path::PathBuf;

use super::args::Target;
use super::host::{For, SystemHost, this_machine};
use super::report::{self, Voice};
use super::rules_file::{RulesFile, Trust};
use crate::catalog::Arch;

/// What these commands exit with.
pub(super) mod exit {
    /// Done.
    pub(in crate::cli) const DONE: u8 = 0;
    /// The rules have errors.
    pub(in crate::cli) const FAULTS: u8 = 1;
    /// The command line is wrong, or a file cannot be read.
    pub(in crate::cli) const USAGE: u8 = 2;
}

/// The files of a command, compiled.
struct Compiled {
    files: Vec<RulesFile>,
    arch: Option<Arch>,
}

/// Reads and compiles all files, and says everything that is wrong with them; the exit status if
/// something is.
fn compiled(paths: &[PathBuf], target: &Target) -> Result<Compiled, u8> {
    let host = match target.arch {
        Some(arch) => SystemHost::of_arch(arch),
        None => SystemHost::this_machine(For::AnyKernel),
    };
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        match RulesFile::read(path, Trust::LookOnly, &host) {
            Ok(file) => files.push(file),
            Err(error) => {
                report::error(error);
                return Err(exit::USAGE);
            }
        }
    }
    for file in &files {
        report::diagnostics(&file.source, file.diagnostics());
    }
    let faults: usize = files.iter().map(RulesFile::fault_count).sum();
    if faults > 0 {
        let bad = files.iter().filter(|file| file.fault_count() > 0).count();
        let of = if files.len() > 1 { format!("{bad} of ") } else { String::new() };
        let (errors, of_files) =
            (report::count(faults, "error"), report::count(files.len(), "file"));
        report::note(format_args!("{errors} in {of}{of_files}"));
        return Err(exit::FAULTS);
    }
    files.iter().for_each(|file| Voice::Stderr.slow_rules(&file.source, file.diagnostics()));
    Ok(Compiled { files, arch: target.arch.or_else(this_machine) })
}
