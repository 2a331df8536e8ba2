//! The rauditctl face's answers to questions, on standard output.

use std::io::Write;

use serde::Serialize;

use super::args::Format;
use super::names::SystemNames;
use super::native::Failure;
use super::operations;
use super::usage::AUDITCTL_USAGE;
use crate::catalog::Arch;
use crate::compile::Step;
use crate::kernel::AuditKernel;
use crate::report::listing::{Listing, Style};
use crate::report::state::{RulesReport, StatusReport};
use crate::report::status;

/// How questions are answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answers {
    machine: Option<Arch>,
    format: Format,
    /// Once a listing was interpreted, all that follow in the file are.
    interpret: bool,
}

impl Answers {
    /// Answers for this machine.
    pub(super) fn new(machine: Option<Arch>, format: Format) -> Self {
        Answers { machine, format, interpret: false }
    }

    /// Answers a question; other steps are for others.
    pub(super) fn give(
        &mut self,
        step: &Step,
        kernel: &mut dyn AuditKernel,
    ) -> Result<(), Failure> {
        match step {
            Step::List { interpret, key } => {
                self.interpret |= interpret;
                self.list(key, kernel)
            }
            Step::Status { interpret } => {
                self.interpret |= interpret;
                self.status(kernel)
            }
            Step::Signal(signal) => operations::signal(kernel, *signal).map_err(Failure::Signal),
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

    fn list(self, key: &[u8], kernel: &mut dyn AuditKernel) -> Result<(), Failure> {
        let style = Style {
            interpret: self.interpret,
            machine: self.machine,
            keep_arch: false,
            names: &SystemNames,
        };
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

    fn status(self, kernel: &mut dyn AuditKernel) -> Result<(), Failure> {
        let status = kernel.status()?;
        // Kernels before 3.13 have no features to tell.
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

/// Prints text; a closed pipe ends the output, and is no error.
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
