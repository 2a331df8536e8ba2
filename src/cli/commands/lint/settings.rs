//! The settings of the lint: the configuration, then the options, which override it.

use std::path::{Path, PathBuf};

use crate::cli::args::Lint;
use crate::cli::commands::config;
use crate::cli::exit::Stop;
use crate::cli::host::this_machine;
use crate::cli::report;
use crate::diag::{Level, escaped};
use crate::host::Host;
use crate::lint::LintSettings;
use crate::lint::config::FILE_NAME;

/// Returns the settings, and the severity that makes the command fail.
pub(super) fn settings<'h>(
    arguments: &Lint,
    files: &[PathBuf],
    system: Option<&'h dyn Host>,
) -> Result<(LintSettings<'h>, Level), Stop> {
    let scope = &arguments.scope;
    let found = config::of_files(&scope.choice, files)?;
    let config = found.as_deref().map(config::loaded).transpose()?.unwrap_or_default();

    // Starts with any arch; without a known one the command ends with an error below.
    let mut settings = LintSettings::new(this_machine().unwrap_or(crate::catalog::Arch::X86_64));
    settings.scope.system = system;
    let file = found.as_deref().unwrap_or(Path::new(FILE_NAME));
    let paths: Vec<PathBuf> = files.iter().map(|path| config::relative(path, file)).collect();
    config.apply(&mut settings, paths.iter().map(PathBuf::as_path));
    if arguments.files.iter().any(|path| path.is_dir()) {
        // A run over single files leaves others out.
        for pattern in config.idle_patterns(paths.iter().map(PathBuf::as_path)) {
            report::note(format_args!(
                "`{}` in per-file-ignores matches no file",
                escaped(pattern)
            ));
        }
    }
    if !scope.arch.is_empty() {
        settings.scope.arches.clone_from(&scope.arch);
    } else if config.arches.is_none() && this_machine().is_none() {
        return Err(Stop::unanswered(
            "the syscalls of this machine are unknown; set an arch with --arch",
        ));
    }
    settings.scope.kernels = scope.kernel.unwrap_or(settings.scope.kernels);
    report::note_newer_kernel(settings.scope.kernels.max);
    report::note_older_kernel(settings.scope.kernels.oldest());
    settings.scope.auditctl = scope.auditctl.or(settings.scope.auditctl);
    report::note_newer_auditctl(settings.scope.auditctl);
    settings.scope.max_walk = scope.max_walk.unwrap_or(settings.scope.max_walk);
    if !scope.select.is_empty() {
        settings.selection.select.clone_from(&scope.select);
    }
    settings.selection.ignore.extend(&scope.ignore);
    settings.selection.levels.extend(&scope.severity);
    let fail_on = arguments.fail_on.map(Level::from).or(config.fail_on);
    Ok((settings, fail_on.unwrap_or(Level::Warning)))
}
