//! Loads lines as one: after an error the kernel is rolled back to the rules and settings that it held before.
//!
//! The compiler cannot know everything: a path may not exist, or the kernel may hold an equal rule. Such errors show
//! only when a rule is sent. An `-i` or `-c` among the lines keeps its meaning: later lines with errors are skipped.

use super::session::{Failure, Session};
use super::snapshot::{RestoreError, Snapshot};
use super::tolerance::Tolerance;
use crate::compile::{End, Step};
use crate::diag::Diagnostic;
use crate::kernel::{AuditKernel, BATCH_LEN, KernelError};
use crate::rule::{Control, Request};
use crate::ruleset::{CompiledLine, FileSpan};
use crate::span::Span;

/// The caller of a load: answers its questions and receives its events.
pub trait Client {
    /// Answers a question among the lines, such as `-l`.
    ///
    /// # Errors
    /// [`Unanswered`], after the client has reported why.
    fn answer(&mut self, question: &Step, session: &mut Session<'_>) -> Result<(), Unanswered>;

    /// Receives an event.
    fn event(&mut self, event: Event);
}

/// A question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// An error of the line, which `-i` and `-c` forgive.
    Error,
    /// The kernel does not answer: the load cannot go on.
    NoKernel,
}

/// An event of a load.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The kernel refused a request.
    Refused {
        /// The file of the request, as index into [`crate::ruleset::RuleSet::files`].
        file: usize,
        /// The refusal, with its place in the file.
        diagnostic: Diagnostic,
    },
    /// The kernel does not answer: the load ends.
    NoAnswer(KernelError),
    /// The kernel was rolled back to the rules and settings that it held before.
    RolledBack,
    /// The kernel could not be rolled back.
    NotRolledBack(RestoreError),
}

/// The end of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every line was carried out, or its error ignored (`-i`).
    Loaded,
    /// Lines with errors were skipped (`-c`).
    LoadedWithErrors,
    /// An error ended the load; an event reported whether the kernel was rolled back.
    Failed,
}

/// Loads lines into `kernel`: all of them, or none.
pub fn load(
    kernel: &mut dyn AuditKernel,
    lines: &[CompiledLine<'_, '_>],
    client: &mut dyn Client,
) -> Outcome {
    let before = match Snapshot::take(kernel) {
        Ok(snapshot) => snapshot,
        Err(error) => {
            client.event(Event::NoAnswer(error));
            return Outcome::Failed;
        }
    };
    let mut load = Load {
        session: Session::new(kernel),
        client,
        pending: Vec::new(),
        tolerance: Tolerance::default(),
    };
    match load.lines(lines) {
        Ok(()) if load.tolerance == Tolerance::Remembered => Outcome::LoadedWithErrors,
        Ok(()) => Outcome::Loaded,
        Err(Stopped) => {
            load.roll_back(&before);
            Outcome::Failed
        }
    }
}

/// The load cannot go on. The client knows why.
struct Stopped;

struct Load<'k, 'c, 'l> {
    session: Session<'k>,
    client: &'c mut dyn Client,
    /// Requests that have not been sent yet, with their places: many are sent together.
    pending: Vec<(&'l Request, FileSpan)>,
    tolerance: Tolerance,
}

impl<'l> Load<'_, '_, 'l> {
    fn lines(&mut self, lines: &'l [CompiledLine<'_, '_>]) -> Result<(), Stopped> {
        for line in lines {
            if line.checked.program.is_faulty() {
                self.forgive()?;
            } else {
                self.line(line)?;
            }
        }
        self.flush()
    }

    fn line(&mut self, line: &'l CompiledLine<'_, '_>) -> Result<(), Stopped> {
        for step in &line.checked.program.steps {
            match step {
                Step::Send(request, span) if !can_be_undone(request) => {
                    // The kernel must have accepted everything before this.
                    self.flush()?;
                    self.pending.push((request, line.place(*span)));
                    self.flush()?;
                }
                Step::Send(request, span) => self.pending.push((request, line.place(*span))),
                Step::Ignore | Step::Continue => {
                    // The tolerance does not apply to earlier requests.
                    self.flush()?;
                    self.tolerance = self.tolerance.after(step);
                }
                Step::BeginRule | Step::Say(_) => {}
                Step::DeleteAll { key, span } => self.delete_all(key, line.place(*span))?,
                question => self.ask(question)?,
            }
        }
        if let End::Rule(request, span) = &line.checked.program.end {
            self.pending.push((request, line.place(*span)));
        }
        Ok(())
    }

    fn delete_all(&mut self, key: &[u8], place: FileSpan) -> Result<(), Stopped> {
        self.flush()?;
        match self.session.delete_all(key, place.span) {
            Ok(()) => Ok(()),
            Err(Failure::Refused(diagnostic)) => self.refused(place.file, diagnostic),
            Err(Failure::NoAnswer(error)) => Err(self.no_answer(error)),
        }
    }

    fn ask(&mut self, question: &Step) -> Result<(), Stopped> {
        self.flush()?;
        match self.client.answer(question, &mut self.session) {
            Ok(()) => Ok(()),
            Err(Unanswered::Error) => self.forgive(),
            Err(Unanswered::NoKernel) => Err(Stopped),
        }
    }

    /// Sends the pending requests, one datagram at a time, up to the datagram with a refusal that ends the load.
    fn flush(&mut self) -> Result<(), Stopped> {
        let pending = std::mem::take(&mut self.pending);
        pending.chunks(BATCH_LEN).try_for_each(|batch| self.send(batch))
    }

    /// Sends requests together and reports every refusal.
    fn send(&mut self, batch: &[(&Request, FileSpan)]) -> Result<(), Stopped> {
        let requests: Vec<(&Request, Span)> =
            batch.iter().map(|(request, place)| (*request, place.span)).collect();
        let refusals = match self.session.send_together(&requests) {
            Ok(refusals) => refusals,
            Err(error) => return Err(self.no_answer(error)),
        };
        let mut result = Ok(());
        for (index, diagnostic) in refusals {
            let file = batch.get(index).map_or(0, |(_, place)| place.file);
            result = result.and(self.refused(file, diagnostic));
        }
        result
    }

    fn refused(&mut self, file: usize, diagnostic: Diagnostic) -> Result<(), Stopped> {
        self.client.event(Event::Refused { file, diagnostic });
        self.forgive()
    }

    fn no_answer(&mut self, error: KernelError) -> Stopped {
        self.client.event(Event::NoAnswer(error));
        Stopped
    }

    fn forgive(&mut self) -> Result<(), Stopped> {
        self.tolerance = self.tolerance.after_error().ok_or(Stopped)?;
        Ok(())
    }

    fn roll_back(&mut self, before: &Snapshot) {
        self.client.event(match before.restore(self.session.kernel()) {
            Ok(()) => Event::RolledBack,
            Err(error) => Event::NotRolledBack(error),
        });
    }
}

/// Returns whether the kernel can be restored after this.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Arch;
    use crate::host::FixedHost;
    use crate::kernel::InProcess;
    use crate::model::Profile;
    use crate::ruleset::{CheckedSet, Input, RuleSet};
    use crate::source::Source;

    const OLD: &str = "-w /old -p wa\n-b 64\n";

    /// Records the questions and events that it receives.
    #[derive(Default)]
    struct Recorder(Vec<String>);

    impl Client for Recorder {
        fn answer(&mut self, question: &Step, _: &mut Session<'_>) -> Result<(), Unanswered> {
            self.0.push("question".into());
            match question {
                Step::Version => Err(Unanswered::Error),
                Step::Status { .. } => Err(Unanswered::NoKernel),
                _ => Ok(()),
            }
        }

        fn event(&mut self, event: Event) {
            self.0.push(match event {
                Event::Refused { file, diagnostic } => {
                    format!("refused {file}:{}", diagnostic.span.start)
                }
                Event::NoAnswer(error) => error.to_string(),
                Event::RolledBack => "rolled back".into(),
                Event::NotRolledBack(error) => error.to_string(),
            });
        }
    }

    fn run(kernel: &mut InProcess, text: &str) -> (Outcome, Vec<String>) {
        let source = Source::new("a.rules", text.as_bytes().to_vec());
        let set = RuleSet::new([Input { source: &source, directory: None }]);
        let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));
        let mut recorder = Recorder::default();
        (load(kernel, &checked.lines, &mut recorder), recorder.0)
    }

    /// Loads a text into a kernel with other rules. Also returns whether the kernel holds the same rules as before.
    fn replaced(text: &str) -> (Outcome, Vec<String>, bool) {
        let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
        assert_eq!(run(&mut kernel, OLD), (Outcome::Loaded, Vec::new()));
        let before = Snapshot::take(&mut kernel).unwrap();
        let (outcome, events) = run(&mut kernel, text);
        (outcome, events, Snapshot::take(&mut kernel).unwrap() == before)
    }

    fn events_of(events: &[&str]) -> Vec<String> {
        events.iter().map(|event| (*event).to_owned()).collect()
    }

    #[test]
    fn loads_every_line() {
        let text = "-D\n-l\n-w /new -p wa\n";
        assert_eq!(replaced(text), (Outcome::Loaded, events_of(&["question"]), false));
    }

    #[test]
    fn rolls_back_after_a_refusal() {
        let text = "-D\n-b 8192\n-w /new -p wa\n-w /new -p wa\n";
        let events = events_of(&["refused 0:25", "rolled back"]);
        assert_eq!(replaced(text), (Outcome::Failed, events, true));
    }

    #[test]
    fn reports_every_refusal_of_a_batch() {
        let text = "-w /old -p wa\n-w /old -p wa\n";
        let events = events_of(&["refused 0:0", "refused 0:14", "rolled back"]);
        assert_eq!(replaced(text), (Outcome::Failed, events, true));
    }

    #[test]
    fn ignores_and_remembers_refusals() {
        let (refused, later) = ("-w /old -p wa\n", "-w /new -p wa\n");
        let events = events_of(&["refused 0:3"]);
        let ignored = replaced(&format!("-i\n{refused}{later}"));
        assert_eq!(ignored, (Outcome::Loaded, events.clone(), false));
        let remembered = replaced(&format!("-c\n{refused}{later}"));
        assert_eq!(remembered, (Outcome::LoadedWithErrors, events, false));
    }

    #[test]
    fn tolerance_does_not_apply_to_earlier_lines() {
        let events = events_of(&["refused 0:0", "rolled back"]);
        assert_eq!(replaced("-w /old -p wa\n-i\n"), (Outcome::Failed, events, true));
    }

    #[test]
    fn forgives_a_failed_question_but_not_a_missing_kernel() {
        let failed = replaced("-i\n-v\n-w /new -p wa\n");
        assert_eq!(failed, (Outcome::Loaded, events_of(&["question"]), false));
        let missing = replaced("-i\n-w /new -p wa\n-s\n");
        assert_eq!(missing, (Outcome::Failed, events_of(&["question", "rolled back"]), true));
    }

    #[test]
    fn reports_that_a_locked_kernel_cannot_be_rolled_back() {
        let (outcome, events, is_old) = replaced("-w /new -p wa\n-e 2\n-s\n");
        let locked = "rules and settings are locked until the next boot (`-e 2`)";
        assert_eq!(
            (outcome, events, is_old),
            (Outcome::Failed, events_of(&["question", locked]), false)
        );
    }
}
