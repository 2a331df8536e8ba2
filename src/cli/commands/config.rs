//! `rauditctl.toml`: which file is in force, and its text.
//!
//! The file changes what the lint finds, so only this user, or root, may decide it: `/tmp/rauditctl.toml` of somebody
//! else must not silence findings in the rules below `/tmp`.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use thiserror::Error;

use crate::cli::args::Configuration;
use crate::cli::exit::{Exit, Stop};
use crate::cli::read::is_stdin;
use crate::cli::report::{self, name_of};
use crate::cli::rules_dir::root_of;
#[cfg(feature = "lsp")]
use crate::diag::escaped;
use crate::errno::of_error;
use crate::lint::config::{Config, ConfigError, FILE_NAME};
use crate::report::lint::config_error;
use crate::source::Source;

/// Maximum size of a configuration, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// The configuration of some files, found by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The configuration in force.
    pub(super) path: Option<PathBuf>,
    /// Why nearer files of this name are not used, as notes.
    pub(super) ignored: Vec<String>,
}

/// Looks for the configuration of a file or a folder of rules: in the folder, and in its parents up to the root of its
/// repository, or outside of a repository up to the current folder.
pub(super) fn find(path: &Path) -> Found {
    find_from(path, &std::env::current_dir().unwrap_or_default())
}

/// Looks for the configuration where `here` is the current folder.
fn find_from(path: &Path, here: &Path) -> Found {
    let mut found = Found::default();
    let Ok(path) = fs::canonicalize(path) else { return found };
    let folder = if path.is_dir() { &*path } else { path.parent().unwrap_or(&path) };
    let above = Some(here).filter(|here| here.is_absolute() && folder.starts_with(here));
    let root = root_of(folder).or(above).unwrap_or(folder);
    for folder in folder.ancestors().take_while(|folder| folder.starts_with(root)) {
        let file = folder.join(FILE_NAME);
        let Ok(link) = fs::symlink_metadata(&file) else { continue };
        let shown = file.strip_prefix(here).unwrap_or(&file);
        let owners = [Some(link.uid()), fs::metadata(&file).ok().map(|file| file.uid())];
        if owners.into_iter().flatten().all(is_trusted) {
            found.path = Some(shown.to_owned());
            break;
        }
        let name = name_of(shown);
        found.ignored.push(format!(
            "ignored `{name}`, which belongs to another user; to use it, pass --config {name}"
        ));
    }
    found
}

/// Returns the configuration that options choose, or else that of the files: one for all of them, since an answer is about
/// the whole set. Prints which one is in force, and which ones are not.
pub(super) fn of_files(choice: &Configuration, files: &[PathBuf]) -> Result<Option<PathBuf>, Stop> {
    if choice.no_config || choice.config.is_some() {
        return Ok(choice.config.clone());
    }
    let mut found: Option<(&Path, Found)> = None;
    for path in files {
        let config = find(if is_stdin(path) { Path::new(".") } else { path });
        match &found {
            Some((_, first)) if first.path == config.path => {}
            Some((other, _)) => {
                return Err(Stop::unanswered(format_args!(
                    "`{}` and `{}` have different configurations; choose one with --config",
                    name_of(other),
                    name_of(path)
                )));
            }
            None => found = Some((path, config)),
        }
    }
    let Some((_, Found { path, ignored })) = found else { return Ok(None) };
    ignored.iter().for_each(report::note);
    if let Some(path) = &path {
        report::note(format_args!("settings: {}", name_of(path)));
    }
    Ok(path)
}

/// Reads a configuration. Errors in it are printed, and end the command.
pub(super) fn loaded(path: &Path) -> Result<Config, Stop> {
    parsed(path, Config::parse)
}

/// Reads a file with settings of any form. Errors in it are printed, and end the command.
pub(super) fn parsed<T>(
    path: &Path,
    parse: impl FnOnce(&str) -> Result<T, Vec<ConfigError>>,
) -> Result<T, Stop> {
    read_with(path, parse).map_err(|error| match &error {
        ReadError::Invalid(..) => {
            error.texts().iter().for_each(report::note);
            Stop::after_report(Exit::Unanswered)
        }
        other => Stop::unanswered(other),
    })
}

/// Returns whether a user may change the settings of this one.
fn is_trusted(owner: u32) -> bool {
    owner == 0 || owner == nix::unistd::geteuid().as_raw()
}

/// The reason why a configuration cannot be used.
#[derive(Debug, Error)]
pub(super) enum ReadError {
    #[error("cannot read `{path}`: {}", of_error(error))]
    Io { path: String, error: io::Error },
    #[error("`{0}` is not a regular file")]
    NotRegular(String),
    #[error("`{0}` has more than {MOST_BYTES} bytes")]
    TooLarge(String),
    #[error("{} errors", .1.len())]
    Invalid(Box<Source>, Vec<ConfigError>),
}

impl ReadError {
    /// Returns each error in the file with its line, or the reason why there is none.
    fn texts(&self) -> Vec<String> {
        match self {
            ReadError::Invalid(source, errors) => {
                errors.iter().map(|error| config_error(source, error)).collect()
            }
            other => vec![other.to_string()],
        }
    }

    /// Returns the first error in the file with its line, or the reason why there is none.
    #[cfg(feature = "lsp")]
    pub(super) fn first_line(&self) -> String {
        match self {
            ReadError::Invalid(source, errors) => {
                let first = errors.first();
                let line = first.map_or(1, |error| source.location(error.span.start).line);
                let message = first.map_or("", |error| &error.message);
                format!("{}:{line}: {}", escaped(source.name()), escaped(message))
            }
            other => other.to_string(),
        }
    }
}

/// Reads a configuration.
#[cfg(feature = "lsp")]
pub(super) fn read(path: &Path) -> Result<Config, ReadError> {
    read_with(path, Config::parse)
}

fn read_with<T>(
    path: &Path,
    parse: impl FnOnce(&str) -> Result<T, Vec<ConfigError>>,
) -> Result<T, ReadError> {
    let name = name_of(path);
    let fail = |error| ReadError::Io { path: name.clone(), error };
    // Without the flag, opening a FIFO waits for a writer.
    let flags = OFlag::O_NONBLOCK.bits();
    let file = File::options().read(true).custom_flags(flags).open(path).map_err(fail)?;
    if !file.metadata().map_err(fail)?.is_file() {
        return Err(ReadError::NotRegular(name));
    }
    let mut text = String::new();
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(fail)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(ReadError::TooLarge(name));
    }
    parse(&text).map_err(|errors| {
        let source = Source::new(path.display().to_string(), text.into_bytes());
        ReadError::Invalid(Box::new(source), errors)
    })
}

/// Returns the path of a file relative to the folder of a configuration; the path itself if the file is not in the
/// folder.
pub(super) fn relative(path: &Path, config: &Path) -> PathBuf {
    let folder = config.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    let absolute = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.strip_prefix(&folder).map_or_else(|_| path.to_owned(), Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_up_to_the_repository_or_the_current_folder() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        let rules = top.join("project/etc/rules.d");
        fs::create_dir_all(&rules).unwrap();
        for place in ["", "project"] {
            fs::write(top.join(place).join(FILE_NAME), "").unwrap();
        }
        let from = |here: &Path| find_from(&rules, here).path;
        let name = Some(PathBuf::from(FILE_NAME));
        assert_eq!(from(&top.join("project")), name);
        // From elsewhere, below the file too, nobody has chosen its folder.
        for here in [&top.join("project/etc"), &rules, Path::new("/usr"), Path::new("")] {
            assert_eq!(from(here), None, "{}", here.display());
        }
        // A repository ends the search, also below the current folder.
        fs::create_dir(top.join("project/etc/.git")).unwrap();
        assert_eq!(from(&top.join("project")), None);
        fs::rename(top.join("project/etc/.git"), top.join("project/.git")).unwrap();
        assert_eq!(from(&top), Some(PathBuf::from("project/rauditctl.toml")));
        assert_eq!(from(&rules), Some(top.join("project/rauditctl.toml")));
    }
}
