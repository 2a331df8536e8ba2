//! `rauditctl lsp`: the language server.

use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use super::config::{self, Found};
use crate::catalog::Arch;
use crate::cli::exit::Exit;
use crate::cli::host::this_machine;
use crate::cli::read::{Policy, SizeLimit};
use crate::cli::{report, rules_dir};
use crate::lint::LintSettings;
use crate::lsp::{Configured, End, Surroundings, run as converse};

/// Runs the command.
pub(in crate::cli) fn run() -> Exit {
    match converse(&Disk, BufReader::new(io::stdin()), &mut io::stdout().lock()) {
        Ok(End::Orderly) => Exit::Done,
        Ok(End::Sudden) => Exit::Findings,
        Err(error) => {
            report::error(format_args!("cannot communicate with the editor: {error}"));
            Exit::Findings
        }
    }
}

/// The files of this machine.
struct Disk;

impl Surroundings for Disk {
    fn rules_files(&self, directory: &Path, open: &[PathBuf]) -> Vec<PathBuf> {
        rules_dir::files_with(directory, open)
    }

    fn read(&self, path: &Path) -> Option<Vec<u8>> {
        Policy::look_only(SizeLimit::default()).read(path).ok()
    }

    fn settings(&self, files: &[PathBuf]) -> Configured<'_> {
        let mut settings = LintSettings::new(this_machine().unwrap_or(Arch::X86_64));
        let folder = files.first().and_then(|file| file.parent());
        let Found { path, ignored } = folder.map(config::find).unwrap_or_default();
        let mut fault = (!ignored.is_empty()).then(|| ignored.join("; "));
        match path.as_deref().map(|path| (path, config::read(path))) {
            Some((path, Ok(config))) => {
                let files: Vec<PathBuf> =
                    files.iter().map(|file| config::relative(file, path)).collect();
                config.apply(&mut settings, files.iter().map(PathBuf::as_path));
            }
            Some((_, Err(error))) => fault = Some(error.first_line()),
            None => {}
        }
        Configured { settings, file: path, fault }
    }
}
