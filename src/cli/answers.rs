//! Answers to questions (`-l`, `-s`, …) in our own mode.

use std::io::Write;
use std::time::Duration;

use serde::Serialize;

use super::args::Format;
use super::names::SystemNames;
use super::operations::{self, Daemon, Patience, SignalError};
use super::usage::AUDITCTL_USAGE;
use crate::apply::Session;
use crate::catalog::Arch;
use crate::compile::Step;
use crate::kernel::{AuditKernel, KernelError};
use crate::report::listing::{Listing, Style};
use crate::report::loaded_from::SourceMap;
use crate::report::state::{RulesReport, StatusReport};
use crate::report::status;
use crate::report::write_json;

/// How long `--signal TERM` waits for the end of the audit daemon. In the middle of a load, no signal ends the waiting.
const DAEMON_ENDS: Duration = Duration::from_secs(30);

/// The reason why a question has no answer.
pub(super) enum QuestionError {
    /// The kernel does not answer.
    Kernel(KernelError),
    /// The daemon did not get its signal.
    Signal(SignalError),
    /// The daemon got the signal to end and still runs.
    DaemonStillRunning,
}

impl From<KernelError> for QuestionError {
    fn from(error: KernelError) -> Self {
        QuestionError::Kernel(error)
    }
}

/// Answers questions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answers<'m> {
    machine: Option<Arch>,
    format: Format,
    /// The file that was loaded, for listings that name it.
    source: Option<&'m SourceMap>,
    /// After an interpreted listing, all later listings in the file are interpreted too.
    interpret: bool,
}

impl<'m> Answers<'m> {
    /// Creates answers for this machine.
    pub(super) fn new(machine: Option<Arch>, format: Format) -> Self {
        Answers { machine, format, source: None, interpret: false }
    }

    /// Returns answers whose listings name where in a file each rule comes from.
    pub(super) fn with_source(self, source: Option<&'m SourceMap>) -> Self {
        Answers { source, ..self }
    }

    /// Returns how rules are listed.
    pub(super) fn style(self) -> Style<'static> {
        Style {
            interpret: self.interpret,
            machine: self.machine,
            keep_arch: false,
            names: &SystemNames,
        }
    }

    /// Answers a question; returns the text for standard output. Other steps have none.
    pub(super) fn give(
        &mut self,
        step: &Step,
        session: &mut Session<'_>,
    ) -> Result<Vec<u8>, QuestionError> {
        let kernel = session.kernel();
        match step {
            Step::List { interpret, key } => {
                self.interpret |= interpret;
                Ok(self.list(key, kernel)?)
            }
            Step::Status { interpret } => {
                self.interpret |= interpret;
                Ok(self.status(kernel)?)
            }
            Step::Signal(signal) => {
                let patience = Patience::Limited(DAEMON_ENDS);
                let sent = operations::signal(kernel, *signal, patience);
                match sent.map_err(QuestionError::Signal)? {
                    Daemon::Signaled => Ok(Vec::new()),
                    Daemon::StillRunning => Err(QuestionError::DaemonStillRunning),
                }
            }
            Step::Version => Ok(concat!("rauditctl ", env!("CARGO_PKG_VERSION"), "\n").into()),
            Step::Usage => Ok(AUDITCTL_USAGE.into()),
            _ => Ok(Vec::new()),
        }
    }

    fn list(self, key: &[u8], kernel: &mut dyn AuditKernel) -> Result<Vec<u8>, KernelError> {
        let style = self.style();
        if self.format == Format::Text && self.source.is_none() {
            return operations::list(kernel, style, key);
        }
        let rules = kernel.rules()?;
        if let Some(map) = self.source {
            return Ok(match self.format {
                Format::Text => map.listing(&rules, style, key),
                Format::Json => json(&RulesReport::with_source(&rules, map, style, key)),
            });
        }
        let wanted = rules.iter().filter(|rule| rule.has_key_containing(key));
        let listed = wanted.map(|rule| (rule, Listing::of(style, [rule])));
        Ok(json(&RulesReport::new(listed, self.machine)))
    }

    fn status(self, kernel: &mut dyn AuditKernel) -> Result<Vec<u8>, KernelError> {
        let status = kernel.status()?;
        // Kernels before 3.13 have no features.
        let features = kernel.features().ok();
        if self.format == Format::Json {
            return Ok(json(&StatusReport::new(status, features)));
        }
        let mut text = status::status(&status, self.interpret);
        if let Some(features) = features {
            text.push_str(&status::features(&features));
        }
        Ok(text.into())
    }
}

/// Prints text; a closed pipe ends the output without an error.
pub(super) fn print(text: impl AsRef<[u8]>) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_ref()).and_then(|()| out.flush());
}

fn json(value: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::new();
    // Memory takes everything.
    let _ = write_json(&mut text, value);
    text
}
