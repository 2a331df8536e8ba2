//! The files that a command is given: read, compiled, and what is wrong with them.

use std::path::Path;

use crate::cli::args::Target;
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::{For, SystemHost};
use crate::cli::report::{self, Voice};
use crate::cli::rules_file::{RulesFile, Trust};
use crate::host::Host;

/// The machine that rules are compiled for.
pub(super) fn host_for(target: &Target) -> SystemHost {
    match target.arch {
        Some(arch) => SystemHost::of_arch(arch),
        None => SystemHost::this_machine(For::AnyKernel),
    }
}

/// Reads and compiles a file.
pub(super) fn read(path: &Path, host: &dyn Host) -> Result<RulesFile, Stop> {
    RulesFile::read(path, Trust::LookOnly, host).map_err(Stop::unanswered)
}

/// What is wrong with the files, counted.
#[derive(Default)]
pub(super) struct Faults {
    files: usize,
    faulty_files: usize,
    faults: usize,
}

impl Faults {
    /// Says what is wrong with a file.
    pub(super) fn note(&mut self, file: &RulesFile) {
        Voice::Stderr.diagnostics(&file.source, file.diagnostics());
        let faults = file.fault_count();
        self.files += 1;
        self.faulty_files += usize::from(faults > 0);
        self.faults += faults;
    }

    pub(super) fn stop(&self) -> Result<(), Stop> {
        if self.faults == 0 {
            return Ok(());
        }
        let of = if self.files > 1 { format!("{} of ", self.faulty_files) } else { String::new() };
        report::note(format_args!(
            "{} in {of}{}",
            report::count(self.faults, "error"),
            report::count(self.files, "file")
        ));
        Err(Stop::after_report(Exit::Findings))
    }
}
