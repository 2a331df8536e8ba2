//! auditctl's options, called as rauditctl: the whole command line is checked before anything is
//! sent, and what is wrong is shown with its place and a hint.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use nix::errno::Errno;

use super::host::{For, SystemHost};
use super::names::SystemNames;
use super::operations::{self, DeleteError, SignalError};
use super::{load, report};
use crate::diag::{Bytes, Diagnostic, Fault};
use crate::host::Host;
use crate::kernel::{AuditKernel, KernelError, Netlink};
use crate::report::{listing::Style, status};
use crate::rule::compile::{End, Program, Settings, Step, compile};
use crate::rule::{Control, Field, Request, TextId};
use crate::source::Source;
use crate::span::Span;
use crate::syntax::{Text, parse_words};

/// What rauditctl exits with: as auditctl does.
pub(super) mod exit {
    pub(in crate::cli) const DONE: u8 = 0;
    pub(in crate::cli) const ERROR: u8 = 1;
    pub(in crate::cli) const NO_DAEMON: u8 = 2;
    pub(in crate::cli) const NOT_ROOT: u8 = 4;
    pub(in crate::cli) const FAILED: u8 = 255;
}

/// Runs auditctl's options.
pub(super) fn run(arguments: &[OsString]) -> u8 {
    if !operations::may_control() {
        report::error("you must be root to run this program (CAP_AUDIT_CONTROL is needed)");
        anstream::eprintln!(
            "  `rauditctl explain FILE` and `rauditctl compile FILE` check rules without it"
        );
        anstream::eprintln!("You must be root to run this program.");
        return exit::NOT_ROOT;
    }
    let mut kernel = match Netlink::open() {
        Ok(kernel) => kernel,
        Err(Errno::EINVAL | Errno::EPROTONOSUPPORT | Errno::EAFNOSUPPORT) => {
            report::error("this kernel has no audit support");
            return exit::ERROR;
        }
        Err(errno) => {
            report::error(format_args!("cannot open an audit socket: {}", errno.desc()));
            return exit::ERROR;
        }
    };
    match arguments {
        [option, path] if option == OsStr::new("-R") => load::run(&mut kernel, Path::new(path)),
        _ => run_command(&mut kernel, arguments),
    }
}

fn run_command(kernel: &mut Netlink, arguments: &[OsString]) -> u8 {
    let words = arguments.iter().cloned().map(OsString::into_vec);
    let (source, spans) = Source::command_line(words);
    let texts = spans
        .iter()
        .map(|span| Text::plain(source.text().get(span.range()).unwrap_or_default(), span.start));
    let host = SystemHost::this_machine(For::ThisKernel);
    let program = compile(&parse_words(texts.collect()), &host, Settings::default());
    program.diagnostics().for_each(|diagnostic| report::diagnostic(&source, diagnostic));
    if program.is_faulty() {
        return exit::FAILED;
    }
    if program.begins_rule
        && let Err(status) = ready(kernel)
    {
        return status;
    }
    let mut session = Session { kernel, machine: host.machine(), interpret: false };
    match session.steps(&program).and_then(|()| session.end(&program)) {
        Ok(()) => exit::DONE,
        Err(Failure::Refused(diagnostic)) => {
            report::diagnostic(&source, &diagnostic);
            exit::FAILED
        }
        Err(Failure::Kernel(error)) => {
            report::error(kernel_error(&error));
            exit::FAILED
        }
        Err(Failure::Signal(error)) => not_signalled(&error),
        Err(Failure::Usage) => exit::ERROR,
    }
}

/// Whether rules may be changed; the exit status if not.
pub(super) fn ready(kernel: &mut dyn AuditKernel) -> Result<(), u8> {
    match kernel.status() {
        Ok(status) if status.enabled == 2 => {
            report::error(
                "the rules are immutable until the next boot (`-e 2`); nothing was changed",
            );
            Err(exit::ERROR)
        }
        Ok(_) => Ok(()),
        Err(error) => {
            report::error(kernel_error(&error));
            Err(exit::ERROR)
        }
    }
}

/// A kernel's failure, for a person.
pub(super) fn kernel_error(error: &KernelError) -> String {
    match error.errno() {
        Errno::ECONNREFUSED => "the audit system is disabled: this kernel has it switched off, or \
             this is a container"
            .into(),
        Errno::EPERM => "the kernel does not allow it: only root of the host may ask".into(),
        _ => error.to_string(),
    }
}

/// Why a command did not come to its end.
pub(super) enum Failure {
    /// The kernel said no to a request.
    Refused(Diagnostic),
    /// The kernel does not answer a question.
    Kernel(KernelError),
    /// The daemon did not get its signal.
    Signal(SignalError),
    /// There was nothing to do, and the usage has been shown.
    Usage,
}

impl From<KernelError> for Failure {
    fn from(error: KernelError) -> Self {
        Failure::Kernel(error)
    }
}

/// A command being carried out.
pub(super) struct Session<'k> {
    pub(super) kernel: &'k mut dyn AuditKernel,
    pub(super) machine: Option<crate::catalog::Arch>,
    pub(super) interpret: bool,
}

impl Session<'_> {
    /// Carries out the steps of a command without faults.
    fn steps(&mut self, program: &Program) -> Result<(), Failure> {
        for step in &program.steps {
            match step {
                Step::Send(request, span) => self.send(request, *span)?,
                Step::DeleteAll { key, span } => {
                    self.delete_all(key, *span)?;
                    self.ask(&Step::List { interpret: false, key: key.clone() })?;
                }
                _ => self.ask(step)?,
            }
        }
        Ok(())
    }

    fn end(&mut self, program: &Program) -> Result<(), Failure> {
        match &program.end {
            End::Rule(request, span) => self.send(request, *span),
            End::Reply if program.steps.iter().any(|step| matches!(step, Step::Send(..))) => {
                print(&status::status(&self.kernel.status()?, false));
                Ok(())
            }
            End::Usage => Err(Failure::Usage),
            _ => Ok(()),
        }
    }

    fn send(&mut self, request: &Request, span: Span) -> Result<(), Failure> {
        let count = self
            .kernel
            .send_one(request)
            .map_err(|errno| Failure::Refused(refused(request, errno, span)))?;
        match request {
            Request::Control(Control::ResetLost) => print(&format!("lost: {count}\n")),
            Request::Control(Control::ResetBacklogWaitTimeActual) => {
                print(&format!("backlog_wait_time_actual: {count}\n"));
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn delete_all(&mut self, key: &[u8], span: Span) -> Result<(), Failure> {
        operations::delete_all(self.kernel, key).map_err(|error| match error {
            DeleteError::Listing(error) => Failure::Kernel(error),
            DeleteError::Deleting(errno) => {
                let fault = Fault::Refused { errno: errno as i32, adding: false, path: None };
                Failure::Refused(Diagnostic { fault, span })
            }
        })
    }

    /// Answers a question on standard output; other steps are for others.
    pub(super) fn ask(&mut self, step: &Step) -> Result<(), Failure> {
        match step {
            Step::List { interpret, key } => {
                self.interpret |= interpret;
                let style = Style {
                    interpret: self.interpret,
                    machine: self.machine,
                    keep_arch: false,
                    names: &SystemNames,
                };
                print_bytes(&operations::list(self.kernel, style, key)?);
            }
            Step::Status { interpret } => {
                self.interpret |= interpret;
                print(&status::status(&self.kernel.status()?, self.interpret));
                // Kernels before 3.13 have no features to tell.
                if let Ok(features) = self.kernel.features() {
                    print(&status::features(&features));
                }
            }
            Step::Signal(signal) => {
                operations::signal(self.kernel, *signal).map_err(Failure::Signal)?;
            }
            Step::Version => print(concat!("rauditctl ", env!("CARGO_PKG_VERSION"), "\n")),
            Step::Usage => print(super::usage::AUDITCTL_USAGE),
            _ => {}
        }
        Ok(())
    }
}

/// The kernel's refusal as a fault of the rule.
pub(super) fn refused(request: &Request, errno: Errno, span: Span) -> Diagnostic {
    let path = match request {
        Request::Add(rule) | Request::Delete(rule) => {
            rule.fields.iter().find_map(|field| match field {
                Field::Text { id, text, .. } if *id != TextId::KEY => Some(Bytes::clone(text)),
                _ => None,
            })
        }
        Request::Control(_) => None,
    };
    let adding = matches!(request, Request::Add(_));
    Diagnostic { fault: Fault::Refused { errno: errno as i32, adding, path }, span }
}

fn not_signalled(error: &SignalError) -> u8 {
    match error {
        SignalError::NotRunning => {
            report::error("the audit daemon is not running");
            exit::NO_DAEMON
        }
        SignalError::Status(error) => {
            report::error(kernel_error(error));
            exit::ERROR
        }
        SignalError::Sending(errno) => {
            report::error(format_args!("the audit daemon cannot be signalled: {}", errno.desc()));
            exit::ERROR
        }
    }
}

fn print(text: &str) {
    print_bytes(text.as_bytes());
}

/// A closed pipe ends the output, and is no error.
fn print_bytes(text: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text).and_then(|()| out.flush());
}
