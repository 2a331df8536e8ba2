//! The texts that are linted.

use std::path::{Path, PathBuf};

use crate::cli::exit::Stop;
use crate::cli::rules_dir;
use crate::cli::rules_file::{Trust, read_source};
use crate::ruleset::Input;
use crate::source::Source;

/// A text, and the directory that augenrules would read it from.
pub(super) type Text = (Source, Option<usize>);

/// The texts that are linted, each with its file.
pub(super) struct Files {
    pub(super) texts: Vec<Text>,
    /// The name of a text is for people, and may not be the path byte for byte.
    pub(super) paths: Vec<PathBuf>,
}

impl Files {
    /// Reads the files, those of directories in the order in which augenrules joins them.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Self, Stop> {
        let mut files = Files { texts: Vec::new(), paths: Vec::new() };
        for (number, path) in paths.iter().enumerate() {
            if !path.is_dir() {
                files.push(path, None)?;
                continue;
            }
            let found = rules_dir::files(path).map_err(|error| {
                Stop::unanswered(format_args!("cannot read `{}`: {error}", path.display()))
            })?;
            if found.is_empty() {
                return Err(Stop::unanswered(format_args!(
                    "`{}` has no file named *.rules",
                    path.display()
                )));
            }
            found.iter().try_for_each(|path| files.push(path, Some(number)))?;
        }
        Ok(files)
    }

    fn push(&mut self, path: &Path, directory: Option<usize>) -> Result<(), Stop> {
        let source = read_source(path, Trust::LookOnly).map_err(Stop::unanswered)?;
        self.texts.push((source, directory));
        self.paths.push(path.to_owned());
        Ok(())
    }

    /// The texts for the linter.
    pub(super) fn inputs(&self) -> impl Iterator<Item = Input<'_>> {
        self.texts.iter().map(|(source, directory)| Input { source, directory: *directory })
    }

    /// Whether one of them was read from standard input.
    pub(super) fn have_stdin(&self) -> bool {
        self.paths.iter().any(|path| is_stdin(path))
    }

    /// The texts alone.
    pub(super) fn sources(&self) -> Vec<&Source> {
        self.texts.iter().map(|(source, _)| source).collect()
    }
}

/// Whether this is what standard input is asked for by.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}
