//! auditctl's options, called as rauditctl: the whole command line is checked before anything is
//! sent, and what is wrong is shown with its place and a hint.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use clap::ValueEnum;

use super::answers::{Answers, print};
use super::args::Format;
use super::exit::AuditctlExit;
use super::host::{For, SystemHost};
use super::operations::{self, DeleteError, SignalError};
use super::report::Voice;
use super::{load, report};
use crate::compile::{End, Options, Program, Step, compile};
use crate::diag::{Bytes, Diagnostic, KernelFault};
use crate::errno::Errno;
use crate::host::Host;
use crate::kernel::{AuditKernel, KernelError, Netlink};
use crate::report::status;
use crate::rule::{Control, Field, Request, TextId};
use crate::source::Source;
use crate::span::Span;
use crate::syntax::{Text, parse_words};

/// Runs auditctl's options.
pub(super) fn run(arguments: &[OsString]) -> AuditctlExit {
    if !operations::may_control() {
        report::error("You must be root to run this program: it needs CAP_AUDIT_CONTROL");
        report::note(
            "  `rauditctl explain FILE` and `rauditctl compile FILE` check rules without it",
        );
        return AuditctlExit::NotRoot;
    }
    let mut kernel = match Netlink::open() {
        Ok(kernel) => kernel,
        Err(Errno::EINVAL | Errno::EPROTONOSUPPORT | Errno::EAFNOSUPPORT) => {
            report::error("this kernel has no audit support");
            return AuditctlExit::Error;
        }
        Err(errno) => {
            report::error(format_args!("cannot open an audit socket: {}", errno));
            return AuditctlExit::Error;
        }
    };
    match arguments {
        [option, path] if option == OsStr::new("-R") => load::run(&mut kernel, Path::new(path)),
        _ => match format_of(arguments) {
            Ok((format, rest)) => run_command(&mut kernel, &rest, format),
            Err(other) => {
                report::error(format_args!("`--format` takes text or json, not `{other}`"));
                AuditctlExit::Failed
            }
        },
    }
}

/// Takes `--format` out of a question, `-l` or `-s`: the only option here that auditctl does not have.
fn format_of(arguments: &[OsString]) -> Result<(Format, Vec<OsString>), String> {
    let is_question = arguments.first().is_some_and(|first| first == "-l" || first == "-s");
    let place = arguments
        .iter()
        .position(|word| word == "--format" || word.as_bytes().starts_with(b"--format="));
    let Some(place) = place.filter(|_| is_question) else {
        return Ok((Format::Text, arguments.to_vec()));
    };
    let mut rest = arguments.to_vec();
    let option = rest.remove(place);
    let value = match option.as_bytes().strip_prefix(b"--format=") {
        Some(joined) => OsStr::from_bytes(joined).to_owned(),
        None if place < rest.len() => rest.remove(place),
        None => OsString::new(),
    };
    let name = value.to_string_lossy();
    Format::from_str(&name, false).map(|format| (format, rest)).map_err(|_| name.into_owned())
}

fn run_command(kernel: &mut Netlink, arguments: &[OsString], format: Format) -> AuditctlExit {
    let words = arguments.iter().cloned().map(OsString::into_vec);
    let (source, spans) = Source::command_line(words);
    let texts = spans
        .iter()
        .map(|span| Text::plain(source.text().get(span.range()).unwrap_or_default(), span.start));
    let host = SystemHost::this_machine(For::ThisKernel);
    let program = compile(&parse_words(texts.collect()), &host, Options::default());
    program.diagnostics().for_each(|diagnostic| Voice::Stderr.diagnostic(&source, diagnostic));
    if program.is_faulty() {
        return AuditctlExit::Failed;
    }
    if program.begins_rule()
        && let Err(status) = ready(kernel, Voice::Stderr)
    {
        return status;
    }
    let mut session = Session { kernel, answers: Answers::new(host.machine(), format) };
    match session.steps(&program).and_then(|()| session.end(&program)) {
        Ok(()) => AuditctlExit::Done,
        Err(Failure::Refused(diagnostic)) => {
            Voice::Stderr.diagnostic(&source, &diagnostic);
            AuditctlExit::Failed
        }
        Err(Failure::Kernel(error)) => {
            report::error(kernel_error(&error));
            AuditctlExit::Failed
        }
        Err(Failure::Signal(error)) => not_signalled(&error),
        Err(Failure::Usage) => AuditctlExit::Error,
    }
}

/// Whether rules may be changed; the exit status if not.
pub(super) fn ready(kernel: &mut dyn AuditKernel, voice: Voice) -> Result<(), AuditctlExit> {
    match kernel.status() {
        Ok(status) if status.is_locked() => {
            voice
                .error("the rules are immutable until the next boot (`-e 2`); nothing was changed");
            Err(AuditctlExit::Error)
        }
        Ok(_) => Ok(()),
        Err(error) => {
            voice.error(kernel_error(&error));
            Err(AuditctlExit::Error)
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
    pub(super) answers: Answers,
}

impl Session<'_> {
    /// Carries out the steps of a command without faults.
    fn steps(&mut self, program: &Program) -> Result<(), Failure> {
        for step in &program.steps {
            match step {
                Step::Send(request, span) => self.send(request, *span)?,
                Step::DeleteAll { key, span } => {
                    self.delete_all(key, *span)?;
                    let left = Step::List { interpret: false, key: key.clone() };
                    self.answers.give(&left, self.kernel)?;
                }
                _ => self.answers.give(step, self.kernel)?,
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
                let fault =
                    KernelFault::Refused { errno: errno.number(), adding: false, path: None };
                Failure::Refused(Diagnostic::new(fault, span))
            }
        })
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
    Diagnostic::new(KernelFault::Refused { errno: errno.number(), adding, path }, span)
}

fn not_signalled(error: &SignalError) -> AuditctlExit {
    match error {
        SignalError::NotRunning => {
            report::error("the audit daemon is not running");
            AuditctlExit::NoDaemon
        }
        SignalError::Status(error) => {
            report::error(kernel_error(error));
            AuditctlExit::Error
        }
        SignalError::Sending(errno) => {
            report::error(format_args!("the audit daemon cannot be signalled: {errno}"));
            AuditctlExit::Error
        }
    }
}
