//! Loads lines as one: after an error the kernel is rolled back to the rules and settings that it held before.
//!
//! The compiler cannot know everything: a path may not exist, or the kernel may hold an equal rule. Such errors show
//! only when a rule is sent. An `-i` or `-c` among the lines keeps its meaning: later lines with errors are skipped.
//!
//! Requests that cannot be undone are sent last, when the kernel has accepted everything else.

use super::client::{Client, Event, Outcome, Unanswered};
use super::expected::Expected;
use super::held::is_held;
use super::permanent::{is_done, is_permanent};
use super::session::{Failure, Session};
use super::snapshot::Snapshot;
use super::tolerance::Tolerance;
use crate::compile::{End, Step};
use crate::diag::Diagnostic;
use crate::kernel::{AuditKernel, BATCH_LEN, KernelError};
use crate::rule::{Request, Rule};
use crate::ruleset::{CheckedSet, CompiledLine, FileSpan};
use crate::span::Span;

/// Loads a set into `kernel`: all of it, or nothing. If the kernel already holds the rules and settings, nothing is
/// sent.
pub fn load(
    kernel: &mut dyn AuditKernel,
    set: &CheckedSet<'_, '_>,
    client: &mut dyn Client,
) -> Outcome {
    let before = match Snapshot::take(kernel) {
        Ok(snapshot) => snapshot,
        Err(error) => {
            client.event(Event::NoAnswer(error));
            return Outcome::Failed;
        }
    };
    if is_held(set, &before, kernel) {
        return Outcome::Unchanged { rules: before.rules().len() };
    }
    if before.status().is_locked() {
        client.event(Event::Locked);
        return Outcome::Failed;
    }
    let expected = Expected::of(before.rules(), set.profile());
    let mut load = Load::new(kernel, client, expected);
    let result = load.lines(&set.lines);
    load.close(result, &before, &set.lines)
}

/// The load cannot go on. The client knows why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stopped {
    /// A line has an error, or its request was refused.
    Error,
    /// The kernel does not answer.
    NoKernel,
}

/// A step that waits until everything else is done.
enum Last<'l> {
    /// A request that cannot be undone.
    Request(&'l Request),
    /// A signal to the audit daemon, or a question after something that waits.
    Question(&'l Step),
}

/// A request that has not been sent yet.
#[derive(Clone, Copy)]
struct Pending<'l> {
    request: &'l Request,
    place: FileSpan,
    /// The rule that it adds, in the form that the kernel keeps.
    added: Option<&'l Rule>,
}

struct Load<'k, 'c, 'l> {
    session: Session<'k>,
    client: &'c mut dyn Client,
    /// The rules that the kernel holds, by its answers.
    expected: Expected<'l>,
    /// Requests that have not been sent yet: many are sent together.
    pending: Vec<Pending<'l>>,
    /// The steps that wait, with their places, and the tolerance there.
    last: Vec<(Last<'l>, FileSpan, Tolerance)>,
    tolerance: Tolerance,
    is_changed: bool,
    is_locked: bool,
    /// The places of requests that were sent and cannot be undone.
    permanent: Vec<FileSpan>,
    /// The number of rules that were sent.
    tried: usize,
    /// The number of rules that the kernel accepted since the last `-D`.
    rules: usize,
}

impl<'k, 'c, 'l> Load<'k, 'c, 'l> {
    fn new(
        kernel: &'k mut dyn AuditKernel,
        client: &'c mut dyn Client,
        expected: Expected<'l>,
    ) -> Self {
        Load {
            session: Session::new(kernel),
            client,
            expected,
            pending: Vec::new(),
            last: Vec::new(),
            tolerance: Tolerance::default(),
            is_changed: false,
            is_locked: false,
            permanent: Vec::new(),
            tried: 0,
            rules: 0,
        }
    }

    fn lines(&mut self, lines: &'l [CompiledLine<'_, '_>]) -> Result<(), Stopped> {
        self.pending.reserve(lines.len());
        for line in lines {
            if line.checked.program.is_faulty() {
                self.forgive(self.tolerance)?;
            } else {
                self.line(line)?;
            }
        }
        self.flush()?;
        self.check()?;
        let last = std::mem::take(&mut self.last);
        last.into_iter().try_for_each(|(step, place, tolerance)| match step {
            Last::Request(request) => self.send_for_good(request, place, tolerance),
            Last::Question(question) => self.ask(question, place, tolerance),
        })
    }

    fn line(&mut self, line: &'l CompiledLine<'_, '_>) -> Result<(), Stopped> {
        for step in &line.checked.program.steps {
            match step {
                Step::Send(request, span) if is_permanent(request) => {
                    self.wait(Last::Request(request), line.place(*span));
                }
                Step::Send(request, span) => {
                    let place = line.place(*span);
                    self.pending.push(Pending { request, place, added: None });
                }
                Step::Ignore | Step::Continue => {
                    // The tolerance does not apply to earlier requests.
                    self.flush()?;
                    self.tolerance = self.tolerance.after(step);
                }
                Step::Say(_) => {}
                Step::DeleteAll { key, span } => self.delete_all(key, line.place(*span))?,
                // The answer must show what the waiting steps change.
                question if matches!(question, Step::Signal(_)) || !self.last.is_empty() => {
                    self.wait(Last::Question(question), line.whole());
                }
                question => {
                    self.flush()?;
                    self.ask(question, line.whole(), self.tolerance)?;
                }
            }
        }
        if let End::Rule(request, span) = &line.checked.program.end {
            let (place, added) = (line.place(*span), line.checked.kernel_rule.as_ref());
            self.pending.push(Pending { request, place, added });
        }
        Ok(())
    }

    fn wait(&mut self, step: Last<'l>, place: FileSpan) {
        self.last.push((step, place, self.tolerance));
    }

    fn delete_all(&mut self, key: &[u8], place: FileSpan) -> Result<(), Stopped> {
        self.flush()?;
        self.change();
        match self.session.delete_all(key, place.span) {
            Ok(()) => {
                self.expected.deleted_all(key);
                if key.is_empty() {
                    self.rules = 0;
                }
                Ok(())
            }
            Err(Failure::Refused(diagnostic)) => {
                self.refused(place.file, diagnostic);
                self.forgive(self.tolerance)
            }
            Err(Failure::NoAnswer(error)) => Err(self.no_answer(error)),
        }
    }

    fn ask(
        &mut self,
        question: &Step,
        place: FileSpan,
        tolerance: Tolerance,
    ) -> Result<(), Stopped> {
        match self.client.answer(question, &mut self.session) {
            Ok(()) => {
                if matches!(question, Step::Signal(_)) {
                    self.permanent.push(place);
                }
                Ok(())
            }
            Err(Unanswered::Error) => self.forgive(tolerance),
            Err(Unanswered::NoKernel) => Err(Stopped::NoKernel),
        }
    }

    /// Sends a request that cannot be undone.
    fn send_for_good(
        &mut self,
        request: &'l Request,
        place: FileSpan,
        tolerance: Tolerance,
    ) -> Result<(), Stopped> {
        match self.answers(&[Pending { request, place, added: None }]) {
            Ok(refusals) => match refusals.into_iter().next() {
                Some((file, diagnostic)) => {
                    self.refused(file, diagnostic);
                    return self.forgive(tolerance);
                }
                None => self.permanent.push(place),
            },
            Err(error) => match is_done(self.session.kernel(), request) {
                Some(true) => self.permanent.push(place),
                Some(false) => return Err(self.no_answer(error)),
                None => {
                    self.permanent.push(place);
                    return Err(self.no_answer(error));
                }
            },
        }
        self.is_locked |= matches!(request, Request::Control(control) if control.locks());
        Ok(())
    }

    /// Sends the pending requests, one datagram at a time, up to the datagram with a refusal that ends the load.
    fn flush(&mut self) -> Result<(), Stopped> {
        let pending = std::mem::take(&mut self.pending);
        let mut batches = pending.chunks(BATCH_LEN);
        while let Some(batch) = batches.next() {
            if let Err(stopped) = self.send(batch) {
                if stopped == Stopped::Error {
                    self.find_more_refusals(batches);
                }
                return Err(stopped);
            }
        }
        Ok(())
    }

    /// Sends requests together and reports every refusal.
    fn send(&mut self, batch: &[Pending<'l>]) -> Result<(), Stopped> {
        let refusals = self.answers(batch).map_err(|error| self.no_answer(error))?;
        let mut result = Ok(());
        for (file, diagnostic) in refusals {
            self.refused(file, diagnostic);
            result = result.and(self.forgive(self.tolerance));
        }
        result
    }

    /// Sends more rules of a load that has failed, so that the user gets as many refusals at once as possible. Ends
    /// after a datagram without a refusal: each rule that the kernel accepts must be deleted again, which takes time.
    fn find_more_refusals<'b>(&mut self, batches: impl Iterator<Item = &'b [Pending<'l>]>)
    where
        'l: 'b,
    {
        for batch in batches {
            let is_rule = |pending: &&Pending<'_>| matches!(pending.request, Request::Add(_));
            let rules: Vec<_> = batch.iter().filter(is_rule).copied().collect();
            match self.answers(&rules) {
                Ok(refusals) if !refusals.is_empty() => {
                    refusals.into_iter().for_each(|(file, refusal)| self.refused(file, refusal));
                }
                _ => return,
            }
        }
    }

    /// Sends requests together; returns the refusals, each with its file.
    fn answers(&mut self, batch: &[Pending<'l>]) -> Result<Vec<(usize, Diagnostic)>, KernelError> {
        self.change();
        let requests: Vec<(&Request, Span)> =
            batch.iter().map(|pending| (pending.request, pending.place.span)).collect();
        let answers = self.session.send_together(&requests)?;
        let mut refusals = Vec::new();
        for (Pending { request, place, added }, answer) in batch.iter().zip(answers) {
            let is_rule = usize::from(matches!(request, Request::Add(_)));
            self.tried += is_rule;
            match answer {
                Ok(_) => {
                    self.rules += is_rule;
                    self.expected.done(request, *added);
                }
                Err(diagnostic) => refusals.push((place.file, diagnostic)),
            }
        }
        Ok(refusals)
    }

    /// Reads the rules back and compares them with what the kernel has accepted.
    fn check(&mut self) -> Result<(), Stopped> {
        if !self.is_changed {
            return Ok(());
        }
        let compared = self.expected.compare(self.session.kernel());
        match compared.map_err(|error| self.no_answer(error))? {
            Some(found) => {
                self.client.event(Event::NotHeld(found));
                Err(Stopped::Error)
            }
            None => Ok(()),
        }
    }

    /// Announces the first change.
    fn change(&mut self) {
        if !self.is_changed {
            self.is_changed = true;
            self.client.event(Event::FirstChange);
        }
    }

    fn refused(&mut self, file: usize, diagnostic: Diagnostic) {
        self.client.event(Event::Refused { file, diagnostic });
    }

    fn no_answer(&mut self, error: KernelError) -> Stopped {
        self.client.event(Event::NoAnswer(error));
        Stopped::NoKernel
    }

    /// Skips an error where the tolerance is `at`.
    fn forgive(&mut self, at: Tolerance) -> Result<(), Stopped> {
        match at.after_error().ok_or(Stopped::Error)? {
            Tolerance::Remembered => self.tolerance = Tolerance::Remembered,
            Tolerance::None | Tolerance::Ignore | Tolerance::Continue => {}
        }
        Ok(())
    }

    fn close(
        self,
        result: Result<(), Stopped>,
        before: &Snapshot,
        lines: &[CompiledLine<'_, '_>],
    ) -> Outcome {
        let rules = self.rules;
        match result {
            Ok(()) if self.tolerance == Tolerance::Remembered => {
                Outcome::LoadedWithErrors { rules }
            }
            Ok(()) => Outcome::Loaded { rules },
            // The lock comes last: only questions after it are unanswered.
            Err(_) if self.is_locked => Outcome::LoadedWithErrors { rules },
            Err(stopped) => {
                let rules = lines.iter().filter(|line| adds_rule(line)).count();
                let left = rules.saturating_sub(self.tried);
                if stopped == Stopped::Error && left > 0 {
                    self.client.event(Event::NotTried(left));
                }
                self.roll_back(before);
                Outcome::Failed
            }
        }
    }

    fn roll_back(self, before: &Snapshot) {
        let Load { mut session, client, permanent, .. } = self;
        client.event(match before.restore(session.kernel()) {
            Ok(()) => Event::RolledBack { permanent },
            Err(error) => Event::NotRolledBack { permanent, error },
        });
    }
}

fn adds_rule(line: &CompiledLine<'_, '_>) -> bool {
    let program = &line.checked.program;
    matches!(program.end, End::Rule(Request::Add(_), _)) && !program.is_faulty()
}
