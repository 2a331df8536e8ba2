//! Rules files: read and compiled whole, all faults at once.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use thiserror::Error;

use crate::diag::{Diagnostic, Level};
use crate::errno::of_error;
use crate::host::Host;
use crate::model::Profile;
use crate::ruleset::{CheckedLine, LineChecker};
use crate::source::Source;
use crate::syntax::{Content, lines, parse_line};

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub(super) enum ReadError {
    #[error("cannot read `{path}`: {}", of_error(error))]
    Io { path: String, error: io::Error },
    #[error("`{0}` is not a regular file")]
    NotRegular(String),
    #[error("`{0}` can be written by anyone; rules are not read from such a file")]
    WorldWritable(String),
}

/// A file and what its lines say.
#[derive(Debug)]
pub(super) struct RulesFile {
    pub(super) source: Source,
    pub(super) lines: Vec<CheckedLine>,
}

/// What may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Anything: it is only looked at.
    LookOnly,
    /// What auditctl takes rules from: a regular file that others cannot write.
    Load,
}

/// What standard input is called where files are named.
pub(super) const STDIN: &str = "<stdin>";

/// The text of a file, or of standard input for `-`.
pub(super) fn read_source(path: &Path, trust: Trust) -> Result<Source, ReadError> {
    let name = path.display().to_string();
    let fail = |error| ReadError::Io { path: name.clone(), error };
    let mut text = Vec::new();
    if path == Path::new("-") {
        io::stdin().read_to_end(&mut text).map_err(fail)?;
        return Ok(Source::new(STDIN, text));
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

impl RulesFile {
    /// Reads a file, or standard input for `-`.
    pub(super) fn read(path: &Path, trust: Trust, host: &dyn Host) -> Result<Self, ReadError> {
        Ok(Self::compile(read_source(path, trust)?, host))
    }

    fn compile(source: Source, host: &dyn Host) -> Self {
        let mut checker = LineChecker::new(host, host.machine().map(Profile::newest));
        let mut checked = Vec::new();
        for line in lines(source.text()) {
            if let Content::Command(command) = parse_line(&line) {
                checked.push(checker.line(&command, line.number));
            }
        }
        RulesFile { source, lines: checked }
    }

    /// Everything that is said about the file, in order.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.lines.iter().flat_map(|line| line.program.diagnostics())
    }

    /// How many faults keep the file from being loaded.
    pub(super) fn fault_count(&self) -> usize {
        let lines = self.lines.iter().filter(|line| !line.forgiven);
        lines
            .flat_map(|line| line.program.diagnostics())
            .filter(|diagnostic| diagnostic.level() == Level::Error)
            .count()
    }

    /// How many lines have faults that are passed over.
    pub(super) fn forgiven_count(&self) -> usize {
        self.lines.iter().filter(|line| line.forgiven && line.program.is_faulty()).count()
    }

    /// The line, as an editor counts, that a place is on.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.source.location(offset).line
    }
}
