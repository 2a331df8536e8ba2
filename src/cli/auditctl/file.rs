//! `auditctl -R FILE`: line by line, up to the first error.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::session::{Abort, AuditctlSession};
use crate::apply::Tolerance;
use crate::cli::exit::AuditctlExit;
use crate::cli::lock::ChangeLock;
use crate::compile::{Options, compile};
use crate::errno::Errno;
use crate::syntax::{Content, lines, parse_line};

impl AuditctlSession {
    /// Carries out a file; returns the exit status.
    pub(super) fn run_file(&mut self, path: &[u8]) -> AuditctlExit {
        if !self.is_ready() {
            return AuditctlExit::Error;
        }
        let Some(text) = self.read(path) else { return AuditctlExit::Error };
        // A program called as rauditctl respects it; auditctl knows no lock and waits for nobody.
        let _lock = ChangeLock::take();
        for line in lines(&text) {
            let Content::Command(command) = parse_line(&line) else { continue };
            let options = Options::auditctl(Some(line.number));
            let program = compile(&command, &self.host, options);
            match self.steps(&program).and_then(|()| self.end(&program)) {
                Ok(()) => {}
                Err(Abort::Exit(status)) => return status,
                Err(Abort::Error(Some(Errno::ECONNREFUSED))) => {
                    self.log.error("The audit system is disabled");
                    break;
                }
                Err(Abort::Error(_)) => {
                    let place = format!("There was an error in line {} of ", line.number);
                    self.log.error([place.as_bytes(), path].concat());
                    let Some(tolerance) = self.tolerance.after_error() else {
                        return AuditctlExit::Error;
                    };
                    self.tolerance = tolerance;
                }
            }
        }
        if self.tolerance == Tolerance::Remembered {
            AuditctlExit::Error
        } else {
            AuditctlExit::Done
        }
    }

    fn read(&self, path: &[u8]) -> Option<Vec<u8>> {
        let name = |before: &str, after: &str| [before.as_bytes(), path, after.as_bytes()].concat();
        let opening = |error: io::Error| {
            let errno = Errno::of(&error);
            self.log.error(match errno {
                Errno::ENOENT => name("audit rules file ", " doesn't exist"),
                _ => name("Error opening ", &format!(" ({errno})")),
            });
        };
        let mut file = File::open(Path::new(OsStr::from_bytes(path))).map_err(opening).ok()?;
        let metadata = file.metadata().map_err(opening).ok()?;
        if !metadata.is_file() {
            self.log.error(name("Error - ", " is not a regular file"));
            return None;
        }
        if metadata.permissions().mode() & 0o002 != 0 {
            self.log.error(name("Error - ", " is world writable"));
            return None;
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(opening).ok()?;
        Some(text)
    }
}
