//! Rules files, one by one or by directory.

use std::path::{Path, PathBuf};

use super::read::{Policy, ReadError, Trust, check_stdin, is_stdin, name};
use super::report;
use super::rules_dir::{self, RulesDir};
use crate::ruleset::Input;
use crate::source::Source;

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
    pub(super) fn read(paths: &[PathBuf], policy: Policy) -> Result<Self, ReadError> {
        check_stdin(paths.iter().map(PathBuf::as_path))?;
        let mut files = RulesFiles::default();
        for (number, path) in paths.iter().enumerate() {
            if !path.is_dir() {
                files.push(path, None, policy)?;
                continue;
            }
            policy.check_directory(path)?;
            let found = files_in(path, policy.trust)?;
            found.iter().try_for_each(|path| files.push(path, Some(number), policy))?;
        }
        Ok(files)
    }

    fn push(
        &mut self,
        path: &Path,
        directory: Option<usize>,
        policy: Policy,
    ) -> Result<(), ReadError> {
        let source = Source::new(name(path), policy.read_rules(path)?);
        self.texts.push((source, directory));
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

/// Returns the rules files of a directory, in order. A directory without any is an error: its path is probably wrong.
///
/// For a load, everything with the name of a rules file must be readable: a host must not lack the rules of a link that
/// leads nowhere. Otherwise such names, and links that lead out of the directory, are reported and not read: see
/// [`rules_dir`].
pub(super) fn files_in(directory: &Path, trust: Trust) -> Result<Vec<PathBuf>, ReadError> {
    let found = match trust {
        Trust::Load => rules_dir::files(directory),
        Trust::LookOnly => rules_dir::read(directory).map(|RulesDir { files, skipped }| {
            skipped.iter().for_each(|(path, reason)| report::skipped(path, *reason));
            files
        }),
    };
    let found = found.map_err(|error| ReadError::Io { path: name(directory), error })?;
    if found.is_empty() {
        return Err(ReadError::EmptyDirectory(name(directory)));
    }
    Ok(found)
}
