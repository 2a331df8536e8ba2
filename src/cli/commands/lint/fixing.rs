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
use crate::diag::Level;
use crate::lint::LintSettings;
use crate::lint::fix::{Allowed, fix_from};

/// Applies the fixes. Files that change are written; the text of standard input goes to standard output.
pub(super) fn make(
    files: &mut RulesFiles,
    settings: &LintSettings<'_>,
    (allowed, least): (Allowed, Level),
) -> Result<(), Stop> {
    let before = files.texts.clone();
    let count = fix_from(&mut files.texts, settings, allowed, least);
    for (path, old, new) in changes(files, &before) {
        if is_stdin(path) {
            output::write(None, |out| out.write_all(new))?;
        } else if old != new {
            replace(path, old, new).map_err(|error| {
                Stop::unanswered(format_args!("cannot write `{}`: {error}", report::name_of(path)))
            })?;
        }
    }
    if count.made > 0 {
        report::note(format_args!("{} fixed", count.made));
    }
    note_left(count.left);
    Ok(())
}

/// Shows what the fixes would change, as a diff.
pub(super) fn show(
    files: &mut RulesFiles,
    settings: &LintSettings<'_>,
    (allowed, least): (Allowed, Level),
) -> Result<Exit, Stop> {
    let before = files.texts.clone();
    let count = fix_from(&mut files.texts, settings, allowed, least);
    let differ = changes(files, &before).any(|(_, old, new)| old != new);
    output::write(None, |out| {
        let name = |path: &Path| path.as_os_str().as_bytes().to_vec();
        changes(files, &before).try_for_each(|(path, old, new)| diff(&name(path), old, new, out))
    })?;
    note_left(count.left);
    Ok(if differ { Exit::Findings } else { Exit::Done })
}

/// Prints how many fixes were not made, because their findings are not shown.
fn note_left(left: usize) {
    if left > 0 {
        let fixes = if left == 1 { "fix of an info" } else { "fixes of infos" };
        report::note(format_args!(
            "{left} {fixes} not made; --show info or --select makes them too"
        ));
    }
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
