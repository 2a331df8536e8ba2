//! `rauditctl lsp`: the language server.

use std::path::{Path, PathBuf};

use super::lint::settings::{above, relative};
use crate::catalog::Arch;
use crate::cli::exit::Exit;
use crate::cli::host::this_machine;
use crate::cli::read::{Policy, SizeLimit};
use crate::cli::{report, rules_dir};
use crate::lint::LintSettings;
use crate::lint::config::Config;
use crate::lsp::{End, Surroundings, run as converse};
use crate::source::Source;

/// Runs the command.
pub(in crate::cli) fn run() -> Exit {
    match converse(&Disk) {
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

    fn settings(&self, files: &[PathBuf]) -> (LintSettings<'_>, Option<String>) {
        let mut settings = LintSettings::new(this_machine().unwrap_or(Arch::X86_64));
        let found = files.first().and_then(|file| file.parent()).and_then(above);
        let Some(found) = found else { return (settings, None) };
        match read(&found) {
            Ok(config) => {
                let folder = found.parent().unwrap_or(Path::new("."));
                let files: Vec<PathBuf> = files.iter().map(|file| relative(file, folder)).collect();
                config.apply(&mut settings, files.iter().map(PathBuf::as_path));
                (settings, None)
            }
            Err(fault) => (settings, Some(fault)),
        }
    }
}

/// Returns the configuration in a file, or its first error.
fn read(path: &Path) -> Result<Config, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    Config::parse(&text).map_err(|errors| {
        let Some(error) = errors.first() else { return name.to_string() };
        let line = Source::new(name.to_string(), text.into_bytes()).location(error.span.start).line;
        format!("{name}:{line}: {}", error.message)
    })
}
