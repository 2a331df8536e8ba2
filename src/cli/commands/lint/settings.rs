//! The settings of the lint: the configuration, then the options, which override it.

use std::path::{Path, PathBuf};

use crate::cli::args::Lint;
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::this_machine;
use crate::cli::read::is_stdin;
use crate::cli::report;
use crate::diag::Level;
use crate::host::Host;
use crate::lint::LintSettings;
use crate::lint::config::{Config, FILE_NAME};
use crate::report::lint::config_error;
use crate::source::Source;

/// Returns the settings, and the severity that makes the command fail.
pub(super) fn settings<'h>(
    arguments: &Lint,
    files: &[PathBuf],
    system: Option<&'h dyn Host>,
) -> Result<(LintSettings<'h>, Level), Stop> {
    let scope = &arguments.scope;
    let found = match (&scope.config, scope.no_config) {
        (_, true) => None,
        (Some(path), _) => Some(path.clone()),
        (None, _) => find(files)?,
    };
    let config = found.as_deref().map(read).transpose()?.unwrap_or_default();

    // Starts with any arch; without a known one the command ends with an error below.
    let mut settings = LintSettings::new(this_machine().unwrap_or(crate::catalog::Arch::X86_64));
    settings.scope.system = system;
    let folder = found.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let folder = if folder == Path::new("") { Path::new(".") } else { folder };
    let paths: Vec<PathBuf> = files.iter().map(|path| relative(path, folder)).collect();
    config.apply(&mut settings, paths.iter().map(PathBuf::as_path));
    if !scope.arch.is_empty() {
        settings.scope.arches.clone_from(&scope.arch);
    } else if config.arches.is_none() && this_machine().is_none() {
        return Err(Stop::unanswered(
            "the syscalls of this machine are unknown; set an arch with --arch",
        ));
    }
    settings.scope.kernels = scope.kernel.unwrap_or(settings.scope.kernels);
    settings.scope.max_walk = scope.max_walk.unwrap_or(settings.scope.max_walk);
    if !scope.select.is_empty() {
        settings.selection.select.clone_from(&scope.select);
    }
    settings.selection.ignore.extend(&scope.ignore);
    settings.selection.levels.extend(&scope.severity);
    let fail_on = arguments.fail_on.map(Level::from).or(config.fail_on);
    Ok((settings, fail_on.unwrap_or(Level::Warning)))
}

/// Returns the configuration of the files: one for all of them, since many findings are about the whole set.
fn find(files: &[PathBuf]) -> Result<Option<PathBuf>, Stop> {
    let mut found: Option<(&Path, Option<PathBuf>)> = None;
    for path in files {
        let config = if is_stdin(path) { above(Path::new(".")) } else { above(path) };
        match &found {
            Some((_, first)) if *first == config => {}
            Some((other, _)) => {
                return Err(Stop::unanswered(format_args!(
                    "`{}` and `{}` have different configurations; choose one with --config",
                    other.display(),
                    path.display()
                )));
            }
            None => found = Some((path, config)),
        }
    }
    Ok(found.and_then(|(_, config)| config))
}

/// Returns the configuration in a folder, or in the folder of a file, or else in the nearest parent.
pub(in crate::cli::commands) fn above(path: &Path) -> Option<PathBuf> {
    let path = std::fs::canonicalize(path).ok()?;
    let found =
        path.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())?;
    let here = std::env::current_dir().ok()?;
    Some(found.strip_prefix(here).map(Path::to_owned).unwrap_or(found))
}

fn read(path: &Path) -> Result<Config, Stop> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Stop::unanswered(format_args!("cannot read `{name}`: {error}")))?;
    Config::parse(&text).map_err(|errors| {
        let source = Source::new(name.to_string(), text.into_bytes());
        for error in &errors {
            report::note(config_error(&source, error));
        }
        Stop::after_report(Exit::Unanswered)
    })
}

/// Returns the path of a file relative to a folder; the path itself if the file is not in the folder.
pub(in crate::cli::commands) fn relative(path: &Path, folder: &Path) -> PathBuf {
    let absolute = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.strip_prefix(&folder).map_or_else(|_| path.to_owned(), Path::to_owned)
}
