//! Answers to questions (`-l`, `-s`, …) in our own mode, on standard output.

use std::io::Write;

use serde::Serialize;

use super::args::Format;
use super::names::SystemNames;
use super::operations::{self, SignalError};
use super::usage::AUDITCTL_USAGE;
use crate::apply::Session;
use crate::catalog::Arch;
use crate::compile::Step;
use crate::kernel::{AuditKernel, KernelError};
use crate::report::listing::{Listing, Style};
use crate::report::state::{RulesReport, StatusReport};
use crate::report::status;

/// The reason why a question has no answer.
pub(super) enum QuestionError {
    /// The kernel does not answer.
    Kernel(KernelError),
    /// The daemon did not get its signal.
    Signal(SignalError),
}

impl From<KernelError> for QuestionError {
    fn from(error: KernelError) -> Self {
        QuestionError::Kernel(error)
    }
}

/// Answers questions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answers {
    machine: Option<Arch>,
    format: Format,
    /// After an interpreted listing, all later listings in the file are interpreted too.
    interpret: bool,
}

impl Answers {
    /// Creates answers for this machine.
    pub(super) fn new(machine: Option<Arch>, format: Format) -> Self {
        Answers { machine, format, interpret: false }
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

    /// Answers a question; other steps are ignored.
    pub(super) fn give(
        &mut self,
        step: &Step,
        session: &mut Session<'_>,
    ) -> Result<(), QuestionError> {
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
                operations::signal(kernel, *signal).map_err(QuestionError::Signal)
            }
            Step::Version => {
                print(concat!("rauditctl ", env!("CARGO_PKG_VERSION"), "\n"));
                Ok(())
            }
            Step::Usage => {
                print(AUDITCTL_USAGE);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn list(self, key: &[u8], kernel: &mut dyn AuditKernel) -> Result<(), KernelError> {
        let style = self.style();
        if self.format == Format::Text {
            print_bytes(&operations::list(kernel, style, key)?);
            return Ok(());
        }
        let rules = kernel.rules()?;
        let wanted = rules.iter().filter(|rule| rule.has_key_containing(key));
        let listed = wanted.map(|rule| (rule, Listing::of(style, [rule])));
        print_json(&RulesReport::new(listed, self.machine));
        Ok(())
    }

    fn status(self, kernel: &mut dyn AuditKernel) -> Result<(), KernelError> {
        let status = kernel.status()?;
        // Kernels before 3.13 have no features.
        let features = kernel.features().ok();
        if self.format == Format::Json {
            print_json(&StatusReport::new(status, features));
            return Ok(());
        }
        print(&status::status(&status, self.interpret));
        if let Some(features) = features {
            print(&status::features(&features));
        }
        Ok(())
    }
}

/// Prints text; a closed pipe ends the output without an error.
pub(super) fn print(text: &str) {
    print_bytes(text.as_bytes());
}

fn print_bytes(text: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text).and_then(|()| out.flush());
}

fn print_json(value: &impl Serialize) {
    let mut out = std::io::stdout().lock();
    let _ = serde_json::to_writer(&mut out, value);
    let _ = out.write_all(b"\n").and_then(|()| out.flush());
}
