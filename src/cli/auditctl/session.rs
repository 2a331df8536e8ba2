//! A command line or a line of a file, carried out with auditctl's messages.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::write_out;
use crate::apply::{DeleteError, Tolerance, delete_all};
use crate::cli::exit::AuditctlExit;
use crate::cli::host::SystemHost;
use crate::cli::lock::ChangeLock;
use crate::cli::log::Log;
use crate::cli::names::SystemNames;
use crate::cli::operations::{self, Patience, SignalError};
use crate::cli::usage::{AUDITCTL_USAGE, VERSION};
use crate::compile::{End, Options, Program, Step, compile};
use crate::diag::auditctl::Priority;
use crate::diag::{CommandFault, Diagnostic, Fault, KeyFault, Level};
use crate::errno::Errno;
use crate::host::Host;
use crate::kernel::{AuditKernel, KernelError, Netlink};
use crate::report::{listing::Style, status};
use crate::rule::{Control, Request};
use crate::source::Source;
use crate::syntax::{Text, parse_words};
use crate::wire::Status;

/// The reason why a command ended early.
pub(super) enum Abort {
    /// The command is wrong or was refused; with the errno if the kernel refused it.
    Error(Option<Errno>),
    /// The program ends at once, with this status.
    Exit(AuditctlExit),
}

pub(super) type Outcome = Result<(), Abort>;

impl From<Errno> for Abort {
    fn from(errno: Errno) -> Self {
        Abort::Error(Some(errno))
    }
}

pub(super) struct AuditctlSession {
    pub(super) kernel: Netlink,
    pub(super) host: SystemHost,
    pub(super) log: Log,
    /// After an interpreted listing, all later listings in the file are interpreted too.
    interpret: bool,
    /// Whether the options carried out so far begin a rule.
    rule_begun: bool,
    pub(super) tolerance: Tolerance,
}

impl AuditctlSession {
    pub(super) fn new(kernel: Netlink, log: Log) -> Self {
        let host = SystemHost::auditctl();
        AuditctlSession {
            kernel,
            host,
            log,
            interpret: false,
            rule_begun: false,
            tolerance: Tolerance::default(),
        }
    }

    /// Carries out a command line; returns the exit status.
    pub(super) fn run_command(&mut self, arguments: &[OsString]) -> AuditctlExit {
        let words = arguments.iter().cloned().map(OsString::into_vec);
        let (source, spans) = Source::command_line(words);
        let texts = spans.iter().map(|span| {
            Text::plain(source.text().get(span.range()).unwrap_or_default(), span.start)
        });
        let options = Options::auditctl(None);
        let program = compile(&parse_words(texts.collect()), &self.host, options);
        let _lock = program.changes_kernel().then(ChangeLock::take);
        let outcome = match self.steps(&program) {
            Ok(()) if matches!(program.end, End::Deprecated) => return AuditctlExit::Done,
            // Even if the options are wrong, auditctl asks the kernel before it prints the error.
            outcome if self.rule_begun && !matches!(outcome, Err(Abort::Exit(_))) => {
                if !self.is_ready() {
                    return AuditctlExit::Error;
                }
                outcome
            }
            outcome => outcome,
        };
        match outcome.and_then(|()| self.end(&program)) {
            Ok(()) => AuditctlExit::Done,
            Err(Abort::Exit(status)) => status,
            Err(Abort::Error(Some(Errno::ECONNREFUSED))) => {
                self.log.error("The audit system is disabled");
                AuditctlExit::Done
            }
            Err(Abort::Error(_)) => {
                self.log.error("There was an error while processing parameters");
                AuditctlExit::Failed
            }
        }
    }

    /// Returns whether rules may be changed; prints the reason if not.
    pub(super) fn is_ready(&mut self) -> bool {
        match self.kernel.status() {
            Ok(status) if status.is_locked() => {
                let text = "The audit system is in immutable mode, no rule changes allowed";
                self.log.error(text);
                false
            }
            Err(error) if error.errno() == Errno::ECONNREFUSED => {
                self.log.error("The audit system is disabled");
                false
            }
            Err(error) => {
                self.status_error(&error);
                true
            }
            Ok(_) => true,
        }
    }

    fn status_error(&self, error: &KernelError) {
        // A kernel without audit refuses the connection; another message reports that.
        if error.errno() != Errno::ECONNREFUSED {
            let reason = error.errno();
            let text = format!("auditctl: Error sending status request ({reason})");
            self.log.say(Priority::Warning, text);
        }
    }

    /// Carries out the steps up to the first that fails. All diagnostics of the command are printed.
    pub(super) fn steps(&mut self, program: &Program) -> Outcome {
        let mut waiting = None;
        for (at, step) in program.steps.iter().enumerate() {
            self.rule_begun |= program.begins_rule_after == Some(at);
            match step {
                Step::Say(diagnostic) => self.say(diagnostic)?,
                Step::Send(request, _) => {
                    self.send(request)?;
                    if is_setting(request) {
                        let status = self.ask_status().ok();
                        waiting = waiting.or(status);
                    }
                }
                Step::List { interpret, key } => {
                    self.interpret |= interpret;
                    self.list(key).map_err(|failure| self.key_without_rule(key, failure))?;
                }
                Step::Status { interpret } => {
                    self.interpret |= interpret;
                    self.status(waiting.take())?;
                }
                Step::DeleteAll { key, .. } => {
                    self.delete_all(key).map_err(|failure| self.key_without_rule(key, failure))?;
                }
                Step::Signal(signal) => {
                    let sent = operations::signal(&mut self.kernel, *signal, Patience::Unlimited);
                    sent.map_err(|error| self.not_signaled(error))?;
                }
                Step::Ignore | Step::Continue => self.tolerance = self.tolerance.after(step),
                Step::Version => write_out(format!("auditctl version {VERSION}\n").as_bytes()),
                Step::Usage => write_out(AUDITCTL_USAGE.as_bytes()),
            }
        }
        self.rule_begun |= program.begins_rule();
        self.say_why_features_are_missing();
        if program.is_faulty() {
            return Err(Abort::Error(None));
        }
        // The first answer that nothing has read: the status after the first setting.
        if let (End::Reply, Some(status)) = (&program.end, waiting) {
            self.print_status(&status);
        }
        Ok(())
    }

    fn say(&self, diagnostic: &Diagnostic) -> Outcome {
        if diagnostic.level() == Level::Error {
            self.say_why_features_are_missing();
        }
        if let Some(message) = diagnostic.fault.auditctl() {
            self.log.message(&message);
        }
        match diagnostic.fault {
            Fault::Command(CommandFault::UnknownSignal(_)) => Err(Abort::Exit(AuditctlExit::Error)),
            _ => Ok(()),
        }
    }

    fn say_why_features_are_missing(&self) {
        if let Some(error) = self.host.take_refusal() {
            self.status_error(&error);
        }
    }

    fn list(&mut self, key: &[u8]) -> Outcome {
        let style = Style {
            interpret: self.interpret,
            machine: self.host.machine(),
            keep_arch: true,
            names: &SystemNames,
        };
        match operations::list(&mut self.kernel, style, key) {
            Ok(text) => {
                write_out(&text);
                Ok(())
            }
            Err(error) => Err(self.listing_error(&error)),
        }
    }

    fn listing_error(&self, error: &KernelError) -> Abort {
        let errno = error.errno();
        match errno {
            Errno::ECONNREFUSED => self.log.error("The audit system is disabled"),
            Errno::EINVAL => {}
            _ => {
                let text = format!("Error sending rule list data request ({errno})");
                self.log.say(Priority::Warning, text);
            }
        }
        errno.into()
    }

    fn delete_all(&mut self, key: &[u8]) -> Outcome {
        match delete_all(&mut self.kernel, key) {
            Ok(()) => self.list(key),
            Err(DeleteError::Listing(error)) => Err(self.listing_error(&error)),
            Err(DeleteError::Deleting(errno)) => {
                self.log.error(format!("Error deleting rule ({errno})"));
                if errno == Errno::ECONNREFUSED {
                    self.log.error("The audit system is disabled");
                }
                Err(errno.into())
            }
        }
    }

    /// Handles the key of a failed question: auditctl treats it as the key of a rule.
    fn key_without_rule(&self, key: &[u8], failure: Abort) -> Abort {
        if !key.is_empty()
            && let Some(message) = Fault::from(KeyFault::FieldMisplaced).auditctl()
        {
            self.log.message(&message);
        }
        failure
    }

    /// Asks for the status; prints an error if there is none.
    fn ask_status(&mut self) -> Result<Status, Errno> {
        self.kernel.status().map_err(|error| {
            self.status_error(&error);
            error.errno()
        })
    }

    fn print_status(&self, found: &Status) {
        write_out(status::status(found, self.interpret).as_bytes());
    }

    /// Carries out `-s`. Only a lack of permission is an error: auditctl compares with -1, which is
    /// EPERM.
    fn status(&mut self, waiting: Option<Status>) -> Outcome {
        let answer = self.ask_status();
        if let Some(first) = &waiting {
            self.print_status(first);
        }
        match answer {
            Ok(status) => self.print_status(&status),
            Err(Errno::EPERM) => return Err(Errno::EPERM.into()),
            Err(_) => {}
        }
        if waiting.is_some() {
            // auditctl reads an answer for each of its two questions, and the waiting one comes first.
            return Ok(());
        }
        match self.kernel.features() {
            Ok(features) => write_out(status::features(&features).as_bytes()),
            Err(error) => {
                let errno = error.errno();
                if errno != Errno::ECONNREFUSED {
                    let text = format!("Error getting feature ({errno})");
                    self.log.say(Priority::Warning, text);
                }
                if errno == Errno::EPERM {
                    return Err(errno.into());
                }
            }
        }
        Ok(())
    }

    fn not_signaled(&self, error: SignalError) -> Abort {
        match error {
            SignalError::Status(error) if error.errno() == Errno::EPERM => {
                self.status_error(&error);
                Abort::Exit(AuditctlExit::Error)
            }
            SignalError::Status(error) => {
                self.status_error(&error);
                let text = "Failed sending signal to auditd (timeout)";
                self.log.say(Priority::Warning, text);
                Abort::Exit(AuditctlExit::Error)
            }
            SignalError::NotRunning => {
                self.log.say(Priority::Info, "Auditd is not running");
                Abort::Exit(AuditctlExit::NoDaemon)
            }
            SignalError::Sending(errno) => {
                let text = format!("Failed sending signal to auditd ({errno})");
                self.log.say(Priority::Warning, text);
                Abort::Exit(AuditctlExit::Error)
            }
        }
    }

    pub(super) fn end(&mut self, program: &Program) -> Outcome {
        match &program.end {
            End::Failed => Err(Abort::Error(None)),
            End::Done | End::Deprecated | End::Reply => Ok(()),
            End::Usage => {
                write_out(AUDITCTL_USAGE.as_bytes());
                Err(Abort::Exit(AuditctlExit::Error))
            }
            End::Rule(request, _) => self.send_rule(request),
        }
    }
}

fn is_setting(request: &Request) -> bool {
    matches!(
        request,
        Request::Control(
            Control::Enabled(_)
                | Control::Failure(_)
                | Control::RateLimit(_)
                | Control::BacklogLimit(_)
                | Control::BacklogWaitTime(_)
        )
    )
}
