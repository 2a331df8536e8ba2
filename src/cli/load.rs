//! `rauditctl -R FILE`: all of the file, or nothing of it.
//!
//! The file is compiled whole before anything is sent. What the compiler cannot know, a path that
//! does not exist or a rule the kernel has already, shows only then: in that case the kernel is brought
//! back to what it held before. An `-i` or `-c` in the file keeps its meaning: from there on, lines
//! that fail are passed over.

use std::path::Path;

use super::answers::Answers;
use super::args::Format;
use super::exit::AuditctlExit;
use super::host::{For, SystemHost};
use super::native::{Failure, Session, kernel_error, ready, refused};
use super::report::{self, Voice};
use super::rules_file::{RulesFile, Trust};
use super::tolerance::Tolerance;
use crate::compile::{End, Step};
use crate::diag::Diagnostic;
use crate::host::Host;
use crate::kernel::{AuditKernel, BATCH_LEN, KernelError, Snapshot};
use crate::rule::{Control, Request};
use crate::ruleset::CheckedLine;
use crate::span::Span;

/// Loads a file.
pub(super) fn run(kernel: &mut dyn AuditKernel, path: &Path) -> AuditctlExit {
    let voice = Voice::of_load();
    if let Err(status) = ready(kernel, voice) {
        return status;
    }
    let host = SystemHost::this_machine(For::ThisKernel);
    let file = match RulesFile::read(path, Trust::Load, &host) {
        Ok(file) => file,
        Err(error) => {
            voice.error(error);
            return AuditctlExit::Error;
        }
    };
    voice.diagnostics(&file.source, file.diagnostics());
    let forgiven = file.forgiven_count();
    if forgiven > 0 {
        let lines = report::count(forgiven, "line");
        voice.note(format_args!("{lines} with errors passed over: `-i` or `-c` stands before"));
    }
    let faults = file.fault_count();
    if faults > 0 {
        let errors = report::count(faults, "error");
        let name = file.source.name();
        voice.note(format_args!("{errors} in {name}; nothing was sent to the kernel"));
        return AuditctlExit::Error;
    }
    voice.slow_rules(&file.source, file.diagnostics());
    let before = match Snapshot::take(kernel) {
        Ok(snapshot) => snapshot,
        Err(error) => {
            voice.error(kernel_error(&error));
            return AuditctlExit::Error;
        }
    };
    let session = Session { kernel, answers: Answers::new(host.machine(), Format::Text) };
    let mut load =
        Load { session, voice, file: &file, pending: Vec::new(), tolerance: Tolerance::default() };
    match load.lines() {
        Ok(()) if load.tolerance == Tolerance::Remembered => AuditctlExit::Error,
        Ok(()) => AuditctlExit::Done,
        Err(Stopped) => take_back(&before, load.session.kernel, voice),
    }
}

fn take_back(before: &Snapshot, kernel: &mut dyn AuditKernel, voice: Voice) -> AuditctlExit {
    match before.restore(kernel) {
        Ok(()) => voice.note("nothing was changed: the kernel holds the rules it had before"),
        Err(error) => voice.error(format_args!(
            "the rules that were there before could not be brought back: {error}"
        )),
    }
    AuditctlExit::Error
}

/// The load cannot go on; why has been said.
struct Stopped;

struct Load<'k, 'f> {
    session: Session<'k>,
    voice: Voice,
    file: &'f RulesFile,
    /// Requests that have not been sent yet, with their places: many go out together.
    pending: Vec<(&'f Request, Span)>,
    tolerance: Tolerance,
}

impl<'f> Load<'_, 'f> {
    fn lines(&mut self) -> Result<(), Stopped> {
        let file = self.file;
        for line in &file.lines {
            if line.program.is_faulty() {
                self.judge()?;
            } else {
                self.line(line)?;
            }
        }
        self.flush()
    }

    fn line(&mut self, line: &'f CheckedLine) -> Result<(), Stopped> {
        for step in &line.program.steps {
            match step {
                Step::Send(request, span) if !can_be_undone(request) => {
                    // What was sent before must have been taken by then.
                    self.flush()?;
                    self.pending.push((request, *span));
                    self.flush()?;
                }
                Step::Send(request, span) => self.pending.push((request, *span)),
                Step::Ignore | Step::Continue => {
                    // What came before is still judged by the rules from before.
                    self.flush()?;
                    self.tolerance = self.tolerance.after(step);
                }
                Step::BeginRule | Step::Say(_) => {}
                Step::DeleteAll { key, span } => {
                    self.flush()?;
                    let deleted = self.session.delete_all(key, *span);
                    self.settle(deleted)?;
                }
                question => {
                    self.flush()?;
                    let Session { kernel, answers } = &mut self.session;
                    let asked = answers.give(question, *kernel);
                    self.settle(asked)?;
                }
            }
        }
        if let End::Rule(request, span) = &line.program.end {
            self.pending.push((request, *span));
        }
        Ok(())
    }

    /// Sends what is pending, a datagram at a time, up to one with a refusal that is not forgiven.
    fn flush(&mut self) -> Result<(), Stopped> {
        let pending = std::mem::take(&mut self.pending);
        pending.chunks(BATCH_LEN).try_for_each(|batch| self.send(batch))
    }

    /// Sends some requests together and reports each refusal at its place.
    fn send(&mut self, batch: &[(&Request, Span)]) -> Result<(), Stopped> {
        let requests: Vec<&Request> = batch.iter().map(|(request, _)| *request).collect();
        let answers = match self.session.kernel.send(&requests) {
            Ok(answers) => answers,
            Err(error) => return self.no_answer(&error),
        };
        let mut result = Ok(());
        for ((request, span), answer) in batch.iter().zip(answers) {
            if let Err(errno) = answer {
                let stopped = self.refusal(&refused(request, errno, *span));
                result = result.and(stopped);
            }
        }
        result
    }

    fn settle(&mut self, done: Result<(), Failure>) -> Result<(), Stopped> {
        match done {
            Ok(()) => Ok(()),
            Err(Failure::Refused(diagnostic)) => self.refusal(&diagnostic),
            Err(Failure::Kernel(error)) => self.no_answer(&error),
            Err(Failure::Signal(_)) => {
                self.voice.error("the audit daemon could not be signalled");
                self.judge()
            }
            Err(Failure::Usage) => self.judge(),
        }
    }

    fn no_answer(&mut self, error: &KernelError) -> Result<(), Stopped> {
        self.voice.error(kernel_error(error));
        Err(Stopped)
    }

    fn refusal(&mut self, diagnostic: &Diagnostic) -> Result<(), Stopped> {
        self.voice.diagnostic(&self.file.source, diagnostic);
        self.judge()
    }

    fn judge(&mut self) -> Result<(), Stopped> {
        self.tolerance = self.tolerance.after_error().ok_or(Stopped)?;
        Ok(())
    }
}

/// Whether the kernel can be brought back to what it was before this.
fn can_be_undone(request: &Request) -> bool {
    match request {
        Request::Add(_) | Request::Delete(_) => true,
        Request::Control(control) => match control {
            Control::Enabled(_) => !control.locks(),
            Control::Failure(_)
            | Control::RateLimit(_)
            | Control::BacklogLimit(_)
            | Control::BacklogWaitTime(_) => true,
            Control::ResetLost
            | Control::ResetBacklogWaitTimeActual
            | Control::LoginuidImmutable
            | Control::Trim
            | Control::MakeEquivalent { .. }
            | Control::UserMessage(_) => false,
        },
    }
}
