//! Sending requests, with auditctl's messages if the kernel refuses one.

use super::refusals::{reset_error, rule_refusal, second_refusal, sending_error};
use super::session::{AuditctlSession, Outcome};
use crate::cli::log::Log;
use crate::diag::auditctl::Priority;
use crate::errno::Errno;
use crate::kernel::AuditKernel;
use crate::rule::{Control, Field, Request, Rule, TextId};

impl AuditctlSession {
    /// Sends a setting.
    pub(super) fn send(&mut self, request: &Request) -> Outcome {
        let Request::Control(control) = request else { return Ok(()) };
        match self.kernel.send_one(request) {
            Ok(count) => {
                match control {
                    Control::ResetLost => self.log.say(Priority::Info, format!("lost: {count}")),
                    Control::ResetBacklogWaitTimeActual => {
                        let text = format!("backlog_wait_time_actual: {count}");
                        self.log.say(Priority::Info, text);
                    }
                    _ => {}
                }
                Ok(())
            }
            Err(errno) => {
                if let Some(text) = sending_error(control, errno) {
                    self.log.say(Priority::Warning, text);
                }
                if let Some(message) = reset_error(control, errno) {
                    self.log.message(&message);
                }
                // Printed here and again at the end of the program, except for the options that end
                // the program.
                let ends_itself = matches!(
                    control,
                    Control::Failure(_)
                        | Control::RateLimit(_)
                        | Control::BacklogLimit(_)
                        | Control::BacklogWaitTime(_)
                );
                if errno == Errno::ECONNREFUSED && !ends_itself {
                    self.log.error("The audit system is disabled");
                }
                Err(errno.into())
            }
        }
    }

    /// Sends a rule.
    pub(super) fn send_rule(&mut self, request: &Request) -> Outcome {
        let (verb, as_path) = match request {
            Request::Add(rule) => ("add", watch_of_dir(rule).map(Request::Add)),
            Request::Delete(rule) => ("delete", watch_of_dir(rule).map(Request::Delete)),
            Request::Control(_) => return Ok(()),
        };
        let answer = self.kernel.send_one(request);
        self.log = Log::Stderr;
        match (answer, as_path) {
            (Ok(_), _) => Ok(()),
            // Old kernels do not support directories; libaudit prints the second refusal.
            (Err(Errno::EINVAL), Some(request)) => match self.kernel.send_one(&request) {
                Ok(_) => Ok(()),
                Err(errno) => {
                    if errno != Errno::ECONNREFUSED {
                        self.log.say(Priority::Warning, second_refusal(&request, errno));
                    }
                    Err(errno.into())
                }
            },
            (Err(errno), _) => {
                self.log.error(rule_refusal(verb, errno));
                Err(errno.into())
            }
        }
    }
}

/// Returns the rule with its first field, a directory, as a path.
fn watch_of_dir(rule: &Rule) -> Option<Rule> {
    let mut rule = rule.clone();
    match rule.fields.first_mut() {
        Some(Field::Text { id, .. }) if *id == TextId::DIR => {
            *id = TextId::PATH;
            Some(rule)
        }
        _ => None,
    }
}
