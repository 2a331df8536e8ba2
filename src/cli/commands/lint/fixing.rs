//! Fixes: applied, or only shown.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::cli::commands::diff::diff;
use crate::cli::commands::output;
use crate::cli::commands::replace::replace;
use crate::cli::exit::{Exit, Stop};
use crate::cli::read::is_stdin;
use crate::cli::report;
use crate::cli::rules_files::{RulesFiles, Text};
use crate::lint::LintSettings;
use crate::lint::fix::{Allowed, fix_all};

/// Applies the fixes. Files that change are written; the text of standard input goes to standard output.
pub(super) fn make(
    files: &mut RulesFiles,
    settings: &LintSettings<'_>,
    allowed: Allowed,
) -> Result<(), Stop> {
    let before = files.texts.clone();
    let made = fix_all(&mut files.texts, settings, allowed);
    for (path, old, new) in changes(files, &before) {
        if is_stdin(path) {
            output::write(None, |out| out.write_all(new))?;
        } else if old != new {
            replace(path, old, new).map_err(|error| {
                Stop::unanswered(format_args!("cannot write `{}`: {error}", report::name_of(path)))
            })?;
        }
    }
    if made > 0 {
        report::note(format_args!("{made} fixed"));
    }
    Ok(())
}

/// Shows what the fixes would change, as a diff.
pub(super) fn show(
    files: &mut RulesFiles,
    settings: &LintSettings<'_>,
    allowed: Allowed,
) -> Result<Exit, Stop> {
    let before = files.texts.clone();
    fix_all(&mut files.texts, settings, allowed);
    let differ = changes(files, &before).any(|(_, old, new)| old != new);
    output::write(None, |out| {
        let name = |path: &Path| path.as_os_str().as_bytes().to_vec();
        changes(files, &before).try_for_each(|(path, old, new)| diff(&name(path), old, new, out))
    })?;
    Ok(if differ { Exit::Findings } else { Exit::Done })
}

/// Returns each file with its old and its new text.
fn changes<'f>(
    files: &'f RulesFiles,
    before: &'f [Text],
) -> impl Iterator<Item = (&'f Path, &'f [u8], &'f [u8])> {
    let texts = before.iter().zip(&files.texts);
    let paths = files.paths.iter().map(|path| path.as_path());
    paths.zip(texts).map(|(path, ((old, _), (new, _)))| (path, old.text(), new.text()))
}
