//! Reads rules files, one by one or by directory.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::rules_dir;
use crate::errno::of_error;
use crate::ruleset::Input;
use crate::source::Source;

/// The name of standard input in messages.
pub(super) const STDIN: &str = "<stdin>";

/// The reason why a file cannot be read.
#[derive(Debug, Error)]
pub(super) enum ReadError {
    #[error("cannot read `{path}`: {}", of_error(error))]
    Io { path: String, error: io::Error },
    #[error("`{0}` is not a regular file")]
    NotRegular(String),
    #[error("`{0}` can be written by anyone; rules are not read from such a file")]
    WorldWritable(String),
    #[error("`{0}` has no file named *.rules")]
    EmptyDirectory(String),
}

/// The files that may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Any file: its rules are not loaded.
    LookOnly,
    /// A file that auditctl accepts: a regular file that others cannot write.
    Load,
}

/// A text, and the number of its directory.
pub(super) type Text = (Source, Option<usize>);

/// The texts that were read, each with its path.
#[derive(Debug, Default)]
pub(super) struct RulesFiles {
    pub(super) texts: Vec<Text>,
    /// The name of a text is for messages and may differ from the path.
    pub(super) paths: Vec<PathBuf>,
}

impl RulesFiles {
    /// Reads files, and all rules files of directories in the order in which augenrules joins them.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Self, ReadError> {
        let mut files = RulesFiles::default();
        for (number, path) in paths.iter().enumerate() {
            if !path.is_dir() {
                files.push(path, None)?;
                continue;
            }
            let name = || path.display().to_string();
            let found =
                rules_dir::files(path).map_err(|error| ReadError::Io { path: name(), error })?;
            if found.is_empty() {
                return Err(ReadError::EmptyDirectory(name()));
            }
            found.iter().try_for_each(|path| files.push(path, Some(number)))?;
        }
        Ok(files)
    }

    fn push(&mut self, path: &Path, directory: Option<usize>) -> Result<(), ReadError> {
        self.texts.push((read_source(path, Trust::LookOnly)?, directory));
        self.paths.push(path.to_owned());
        Ok(())
    }

    /// Returns the texts for a rule set.
    pub(super) fn inputs(&self) -> impl Iterator<Item = Input<'_>> {
        self.texts.iter().map(|(source, directory)| Input { source, directory: *directory })
    }

    /// Returns the texts without their directories.
    pub(super) fn sources(&self) -> Vec<&Source> {
        self.texts.iter().map(|(source, _)| source).collect()
    }

    /// Returns whether one of the texts was read from standard input.
    pub(super) fn have_stdin(&self) -> bool {
        self.paths.iter().any(|path| is_stdin(path))
    }
}

/// Returns whether the path means standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads a file, or standard input for `-`.
pub(super) fn read_source(path: &Path, trust: Trust) -> Result<Source, ReadError> {
    let name = if is_stdin(path) { STDIN.to_owned() } else { path.display().to_string() };
    let fail = |error| ReadError::Io { path: name.clone(), error };
    let mut text = Vec::new();
    if is_stdin(path) {
        io::stdin().read_to_end(&mut text).map_err(fail)?;
        return Ok(Source::new(name, text));
    }
    let mut file = File::open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if trust == Trust::Load && !metadata.is_file() {
        return Err(ReadError::NotRegular(name));
    }
    if trust == Trust::Load && metadata.permissions().mode() & 0o002 != 0 {
        return Err(ReadError::WorldWritable(name));
    }
    file.read_to_end(&mut text).map_err(fail)?;
    Ok(Source::new(name, text))
}
