//! auditctl's options in `rauditctl` mode: the whole command line is checked before anything is sent, and errors are
//! printed with their place and a hint.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use clap::ValueEnum;

use super::answers::{Answers, QuestionError, print};
use super::args::{Format, size_limit};
use super::commands::apply::warn_if_one_waits;
use super::exit::AuditctlExit;
use super::host::{For, SystemHost};
use super::operations::{self, SignalError};
use super::report::Voice;
use super::signals::HeldSignals;
use super::{load, loaded_from, report};
use crate::apply::{self, Session};
use crate::compile::{End, Options, Program, Step, compile};
use crate::errno::Errno;
use crate::host::Host;
use crate::kernel::{AuditKernel, KernelError, Netlink};
use crate::report::loaded_from::SourceMap;
use crate::report::status;
use crate::rule::{Control, Request};
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
    match arguments.first().and_then(|first| first.to_str()) {
        Some("-R") => run_file(&mut kernel, arguments),
        Some("-l" | "-s") => run_question(&mut kernel, arguments),
        _ => run_command(&mut kernel, arguments, Form::default()),
    }
}

/// The form of answers.
#[derive(Clone, Copy, Debug, Default)]
struct Form<'s> {
    format: Format,
    /// The file that was loaded, for a listing that names it.
    source: Option<&'s SourceMap>,
}

/// Loads a file. `--max-size` is an option that auditctl does not have.
fn run_file(kernel: &mut Netlink, arguments: &[OsString]) -> AuditctlExit {
    let (size, rest) = without_option(arguments, "--max-size");
    let limit = match size.map(|size| size_limit(&size)).transpose() {
        Ok(limit) => limit.unwrap_or_default(),
        Err(error) => {
            report::error(format_args!("`--max-size`: {error}"));
            return AuditctlExit::Failed;
        }
    };
    match rest.as_slice() {
        [_, path] => load::run(kernel, Path::new(path), limit),
        _ => run_command(kernel, &rest, Form::default()),
    }
}

/// Answers `-l` or `-s`. auditctl has neither `--format` nor `--source`.
fn run_question(kernel: &mut Netlink, arguments: &[OsString]) -> AuditctlExit {
    let (format, rest) = without_option(arguments, "--format");
    let (source, rest) = without_option(&rest, "--source");
    let format = format.unwrap_or_else(|| "text".to_owned());
    let Ok(format) = Format::from_str(&format, false) else {
        report::error(format_args!("`--format` must be text or json, not `{format}`"));
        return AuditctlExit::Failed;
    };
    let Some(path) = source else {
        return run_command(kernel, &rest, Form { format, source: None });
    };
    if rest.first().is_none_or(|first| first != "-l") {
        report::error("`--source` is an option of `-l`");
        return AuditctlExit::Failed;
    }
    match loaded_from::read(Path::new(&path)) {
        Ok(map) => run_command(kernel, &rest, Form { format, source: Some(&map) }),
        Err(_) => AuditctlExit::Failed,
    }
}

/// Removes an option; returns its value, which is empty if it is missing, and the other words.
fn without_option(arguments: &[OsString], name: &str) -> (Option<String>, Vec<OsString>) {
    let joined = |word: &OsString| {
        let value = word.as_bytes().strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
        Some(OsStr::from_bytes(value).to_owned())
    };
    let mut rest = arguments.to_vec();
    let Some(place) = rest.iter().position(|word| word == name || joined(word).is_some()) else {
        return (None, rest);
    };
    let word = rest.remove(place);
    let value = match joined(&word) {
        Some(value) => value,
        None if place < rest.len() => rest.remove(place),
        None => OsString::new(),
    };
    (Some(value.to_string_lossy().into_owned()), rest)
}

fn run_command(kernel: &mut Netlink, arguments: &[OsString], form: Form<'_>) -> AuditctlExit {
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
        && let Err(status) = ready(kernel)
    {
        return status;
    }
    let answers = Answers::new(host.machine(), form.format).with_source(form.source);
    let mut command = NativeCommand { session: Session::new(kernel), answers, output: Vec::new() };
    if !program.changes_kernel() {
        let result = command.carry_out(&program);
        return command.close(result, &source);
    }
    let Ok(_lock) = load::lock(Voice::Stderr) else { return AuditctlExit::Error };
    warn_if_one_waits(Voice::Stderr);
    let held = HeldSignals::hold();
    let result = command.carry_out(&program);
    let arrived = held.release();
    let exit = command.close(result, &source);
    arrived.report(Voice::Stderr);
    arrived.take_effect();
    exit
}

/// The message for a change of locked rules.
pub(super) const LOCKED: &str =
    "the rules are immutable until the next boot (`-e 2`); nothing was changed";

/// The message if the audit daemon does not end.
pub(super) const STILL_RUNNING: &str =
    "the audit daemon has received SIGTERM and still runs after 30 seconds";

/// Checks that rules may be changed; returns the exit status if not.
fn ready(kernel: &mut dyn AuditKernel) -> Result<(), AuditctlExit> {
    match kernel.status() {
        Ok(status) if status.is_locked() => {
            report::error(LOCKED);
            Err(AuditctlExit::Error)
        }
        Ok(_) => Ok(()),
        Err(error) => {
            report::error(kernel_error(&error));
            Err(AuditctlExit::Error)
        }
    }
}

/// Returns the message for a kernel's failure.
pub(super) fn kernel_error(error: &KernelError) -> String {
    match error.errno() {
        Errno::ECONNREFUSED => "the audit system is disabled: the kernel has it switched off, or \
             this is a container"
            .into(),
        Errno::EPERM => "the kernel does not allow this: only root of the host may ask".into(),
        _ => error.to_string(),
    }
}

/// The reason why a command ended early.
enum CommandError {
    /// A request was not carried out.
    Request(apply::Failure),
    /// A question has no answer.
    Question(QuestionError),
    /// The command had nothing to do.
    Usage,
}

impl From<apply::Failure> for CommandError {
    fn from(failure: apply::Failure) -> Self {
        CommandError::Request(failure)
    }
}

impl From<QuestionError> for CommandError {
    fn from(error: QuestionError) -> Self {
        CommandError::Question(error)
    }
}

/// A command line that is carried out.
struct NativeCommand<'k> {
    session: Session<'k>,
    answers: Answers<'k>,
    /// The text for standard output. It waits until no signal is held back: a terminal or pipe may take no more text.
    output: Vec<u8>,
}

impl NativeCommand<'_> {
    /// Carries out a command without faults.
    fn carry_out(&mut self, program: &Program) -> Result<(), CommandError> {
        self.steps(program).and_then(|()| self.end(program))
    }

    /// Prints the output and the error; returns the exit status.
    fn close(self, result: Result<(), CommandError>, source: &Source) -> AuditctlExit {
        print(self.output);
        match result {
            Ok(()) => AuditctlExit::Done,
            Err(CommandError::Request(apply::Failure::Refused(diagnostic))) => {
                Voice::Stderr.diagnostic(source, &diagnostic);
                AuditctlExit::Failed
            }
            Err(
                CommandError::Request(apply::Failure::NoAnswer(error))
                | CommandError::Question(QuestionError::Kernel(error)),
            ) => {
                report::error(kernel_error(&error));
                AuditctlExit::Failed
            }
            Err(CommandError::Question(QuestionError::Signal(error))) => not_signaled(&error),
            Err(CommandError::Question(QuestionError::DaemonStillRunning)) => {
                report::error(STILL_RUNNING);
                AuditctlExit::Error
            }
            Err(CommandError::Usage) => AuditctlExit::Error,
        }
    }

    fn answer(&mut self, question: &Step) -> Result<(), CommandError> {
        self.output.extend(self.answers.give(question, &mut self.session)?);
        Ok(())
    }

    /// Carries out the steps of a command without faults.
    fn steps(&mut self, program: &Program) -> Result<(), CommandError> {
        for step in &program.steps {
            match step {
                Step::Send(request, span) => self.send(request, *span)?,
                Step::DeleteAll { key, span } => {
                    self.session.delete_all(key, *span)?;
                    let left = Step::List { interpret: false, key: key.clone() };
                    self.answer(&left)?;
                }
                _ => self.answer(step)?,
            }
        }
        Ok(())
    }

    fn end(&mut self, program: &Program) -> Result<(), CommandError> {
        match &program.end {
            End::Rule(request, span) => self.send(request, *span),
            End::Reply if program.steps.iter().any(|step| matches!(step, Step::Send(..))) => {
                let found = self.session.kernel().status().map_err(QuestionError::Kernel)?;
                self.output.extend(status::status(&found, false).into_bytes());
                Ok(())
            }
            End::Usage => Err(CommandError::Usage),
            _ => Ok(()),
        }
    }

    fn send(&mut self, request: &Request, span: Span) -> Result<(), CommandError> {
        let count = self.session.send(request, span)?;
        match request {
            Request::Control(Control::ResetLost) => {
                self.output.extend(format!("lost: {count}\n").into_bytes());
            }
            Request::Control(Control::ResetBacklogWaitTimeActual) => {
                self.output.extend(format!("backlog_wait_time_actual: {count}\n").into_bytes());
            }
            _ => {}
        }
        Ok(())
    }
}

fn not_signaled(error: &SignalError) -> AuditctlExit {
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
            report::error(format_args!("the audit daemon cannot be signaled: {errno}"));
            AuditctlExit::Error
        }
    }
}
