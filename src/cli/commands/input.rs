//! The machine that a command compiles rules for, and the errors in them.

use crate::cli::args::Target;
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::{For, SystemHost};
use crate::cli::report::{self, Voice};
use crate::ruleset::CheckedSet;

/// Returns the machine that rules are compiled for.
pub(super) fn host_for(target: &Target) -> SystemHost {
    match target.arch {
        Some(arch) => SystemHost::of_arch(arch),
        None => SystemHost::this_machine(For::AnyKernel),
    }
}

/// The number of errors in files.
#[derive(Default)]
pub(super) struct ErrorCount {
    files: usize,
    faulty_files: usize,
    errors: usize,
}

impl ErrorCount {
    /// Prints errors and warnings of the files of a set, and counts the errors.
    pub(super) fn report(&mut self, checked: &CheckedSet<'_, '_>) {
        for (index, file) in checked.set.files().iter().enumerate() {
            Voice::Stderr.diagnostics(file.source, checked.diagnostics(index));
            let errors = checked.error_count(index);
            self.files += 1;
            self.faulty_files += usize::from(errors > 0);
            self.errors += errors;
        }
    }

    /// Ends the command if there were errors.
    pub(super) fn stop(&self) -> Result<(), Stop> {
        if self.errors == 0 {
            return Ok(());
        }
        let of = if self.files > 1 { format!("{} of ", self.faulty_files) } else { String::new() };
        report::note(format_args!(
            "{} in {of}{}",
            report::count(self.errors, "error"),
            report::count(self.files, "file")
        ));
        Err(Stop::after_report(Exit::Findings))
    }
}
