//! The machine that a command compiles rules for, and the errors in them.

use crate::apply::Tolerance;
use crate::catalog::{Arch, KernelVersion};
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

/// Returns the number of entries in the syscall table of a kernel.
///
/// # Errors
/// If the tables of this build do not know the version.
pub(in crate::cli) fn nr_syscalls_at(arch: Arch, version: KernelVersion) -> Result<u32, Stop> {
    arch.nr_syscalls_at(version).ok_or_else(|| {
        Stop::unanswered(format_args!(
            "the syscalls of Linux {version} are unknown: the oldest known is 5.13"
        ))
    })
}

/// The number of errors in files.
#[derive(Default)]
pub(super) struct ErrorCount {
    files: usize,
    faulty_files: usize,
    errors: usize,
    /// The lines with errors that are skipped.
    forgiven: usize,
    tolerance: Tolerance,
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
        self.forgiven += checked.forgiven_count();
        for line in &checked.lines {
            let is_skipped = line.checked.forgiven && line.checked.program.is_faulty();
            let after_error = self.tolerance.after_error().filter(|_| is_skipped);
            self.tolerance = after_error.unwrap_or(self.tolerance);
            let steps = line.checked.program.steps.iter();
            self.tolerance = steps.fold(self.tolerance, Tolerance::after);
        }
    }

    /// Returns the exit status of a command that does what loading the files would do: as auditctl, 1 for errors that
    /// `-c` skips, and 0 for those that `-i` skips.
    pub(super) fn exit(&self) -> Exit {
        match self.tolerance {
            Tolerance::Remembered => Exit::Findings,
            Tolerance::None | Tolerance::Ignore | Tolerance::Continue => Exit::Done,
        }
    }

    /// Counts the errors, and ends the command with this status if they prevent the files from being loaded.
    pub(super) fn stop(&self, exit: Exit) -> Result<(), Stop> {
        Voice::Stderr.forgiven(self.forgiven);
        if self.errors == 0 {
            return Ok(());
        }
        let of = if self.files > 1 { format!("{} of ", self.faulty_files) } else { String::new() };
        report::note(format_args!(
            "{} in {of}{}",
            report::count(self.errors, "error"),
            report::count(self.files, "file")
        ));
        Err(Stop::after_report(exit))
    }
}
