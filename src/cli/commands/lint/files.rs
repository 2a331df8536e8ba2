//! The texts that are linted.

use std::path::{Path, PathBuf};

use super::usage;
use crate::cli::commands::input::Stop;
use crate::cli::rules_dir;
use crate::cli::rules_file::{Trust, read_source};
use crate::source::Source;

/// A text, and the directory that augenrules would read it from.
pub(super) type File = (Source, Option<usize>);

/// Reads the files, those of directories in the order in which augenrules joins them.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<File>, Stop> {
    let mut files = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        if !path.is_dir() {
            files.push((read_one(path)?, None));
            continue;
        }
        let found = rules_dir::files(path)
            .map_err(|error| usage(format_args!("cannot read `{}`: {error}", path.display())))?;
        if found.is_empty() {
            return Err(usage(format_args!("`{}` has no file named *.rules", path.display())));
        }
        for path in found {
            files.push((read_one(&path)?, Some(number)));
        }
    }
    Ok(files)
}

fn read_one(path: &Path) -> Result<Source, Stop> {
    read_source(path, Trust::LookOnly).map_err(usage)
}
