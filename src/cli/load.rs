//! `rauditctl -R FILE`: all of the file, or none of it.
//!
//! The whole file is compiled before anything is sent. If an error shows only later, [`apply::load`] rolls everything
//! back. From the first change until then, signals are held back, and messages wait: a terminal or pipe that takes no
//! more text must not keep the kernel between two sets of rules, nor the program from its signals.

use std::path::PathBuf;

use super::answers::{Answers, QuestionError, print};
use super::args::Format;
use super::commands::apply::warn_if_one_waits;
use super::exit::AuditctlExit;
use super::host::{For, SystemHost};
use super::lock::{ChangeLock, NoLock};
use super::native::{LOCKED, STILL_RUNNING, kernel_error};
use super::read::{Policy, SizeLimit, Trust};
use super::report::{self, Voice};
use super::restored::{not_held, unrestored};
use super::rules_files::RulesFiles;
use super::signals::HeldSignals;
use crate::apply::{self, Client, Event, Outcome, RestoreError, Session, Unanswered};
use crate::compile::Step;
use crate::diag::{Diagnostic, escaped};
use crate::host::Host;
use crate::kernel::AuditKernel;
use crate::ruleset::{CheckedSet, FileSpan, RuleSet};
use crate::source::Source;

/// Loads a file, or the files of a directory.
pub(super) fn run(
    kernel: &mut dyn AuditKernel,
    path: &std::path::Path,
    limit: SizeLimit,
) -> AuditctlExit {
    let voice = Voice::of_load();
    if let Err(error) = kernel.status() {
        voice.error(kernel_error(&error));
        return AuditctlExit::Error;
    }
    let policy = Policy { trust: Trust::Load, limit };
    let files = match RulesFiles::read(&[PathBuf::from(path)], policy) {
        Ok(files) => files,
        Err(error) => {
            voice.error(error);
            return AuditctlExit::Error;
        }
    };
    let host = SystemHost::this_machine(For::ThisKernel);
    let set = RuleSet::new(files.inputs());
    let checked = CheckedSet::new(&set, &host);
    let name = report::name_of(path);
    if !report_faults(voice, &checked, &name) {
        return AuditctlExit::Error;
    }
    let Ok(_lock) = lock(voice) else { return AuditctlExit::Error };
    warn_if_one_waits(voice);
    let answers = Answers::new(host.machine(), Format::Text);
    let sources = files.sources();
    let mut console =
        Console { voice, sources: &sources, answers, held: None, messages: Vec::new() };
    let outcome = apply::load(kernel, &checked, &mut console);
    let exit = console.close(outcome, &name);
    // The program ends here, which frees all memory at once.
    std::mem::forget(checked);
    std::mem::forget(set);
    exit
}

/// Takes the lock; `None` if there cannot be one. Prints why.
///
/// # Errors
/// If another program has it.
pub(super) fn lock(voice: Voice) -> Result<Option<ChangeLock>, ()> {
    match ChangeLock::take() {
        Ok(lock) => Ok(Some(lock)),
        Err(busy @ NoLock::Busy(_)) => {
            voice.error(busy);
            Err(())
        }
        Err(unavailable @ NoLock::Unavailable(_)) => {
            voice.note(format_args!(
                "{unavailable}; make sure that nothing else changes the audit rules meanwhile"
            ));
            Ok(None)
        }
    }
}

/// Prints the faults of a set. Returns whether it can be loaded.
pub(super) fn report_faults(voice: Voice, checked: &CheckedSet<'_, '_>, name: &str) -> bool {
    let files: Vec<&Source> = checked.set.files().iter().map(|file| file.source).collect();
    for (index, source) in files.iter().enumerate() {
        voice.diagnostics(source, checked.diagnostics(index));
    }
    voice.forgiven(checked.forgiven_count());
    let errors: usize = (0..files.len()).map(|index| checked.error_count(index)).sum();
    if errors > 0 {
        let errors = report::count(errors, "error");
        voice.note(format_args!("{errors} in {name}; nothing was sent to the kernel"));
        return false;
    }
    voice.walk(checked);
    true
}

/// A message or an answer that waits for the end of the load.
enum Message {
    Answer(Vec<u8>),
    Diagnostic(usize, Diagnostic),
    Error(String),
    Note(String),
}

/// Keeps the answers and messages of a load until its end, and prints them then.
struct Console<'s> {
    voice: Voice,
    sources: &'s [&'s Source],
    answers: Answers<'static>,
    held: Option<HeldSignals>,
    messages: Vec<Message>,
}

impl Client for Console<'_> {
    fn answer(&mut self, question: &Step, session: &mut Session<'_>) -> Result<(), Unanswered> {
        match self.answers.give(question, session) {
            Ok(text) => {
                self.messages.push(Message::Answer(text));
                Ok(())
            }
            Err(QuestionError::Kernel(error)) => {
                self.error(kernel_error(&error));
                Err(Unanswered::NoKernel)
            }
            // It has the signal, which cannot be taken back.
            Err(QuestionError::DaemonStillRunning) => {
                self.note(STILL_RUNNING);
                Ok(())
            }
            Err(QuestionError::Signal(_)) => {
                self.error("the audit daemon could not be signaled");
                Err(Unanswered::Error)
            }
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::FirstChange => self.held = Some(HeldSignals::hold()),
            Event::Refused { file, diagnostic } => {
                self.messages.push(Message::Diagnostic(file, diagnostic));
            }
            Event::NotTried(rules) => {
                let rules = report::count(rules, "more rule");
                self.note(format!("{rules} not tried after these errors"));
            }
            Event::NoAnswer(error) => self.error(kernel_error(&error)),
            Event::NotHeld(found) => {
                let (error, lines) = not_held(&found, self.answers.style());
                self.error(error);
                lines.into_iter().for_each(|line| self.note(line));
            }
            Event::Locked => self.error(LOCKED),
            Event::RolledBack { permanent } => match self.texts(&permanent) {
                None => self.note(
                    "nothing was changed: the kernel holds the rules and settings it had before",
                ),
                Some(texts) => self.note(format!(
                    "the kernel holds the rules and settings it had before, but {texts} cannot be undone"
                )),
            },
            Event::NotRolledBack { permanent, error } => self.not_rolled_back(&permanent, &error),
        }
    }
}

impl Console<'_> {
    fn error(&mut self, text: impl Into<String>) {
        self.messages.push(Message::Error(text.into()));
    }

    fn note(&mut self, text: impl Into<String>) {
        self.messages.push(Message::Note(text.into()));
    }

    fn not_rolled_back(&mut self, permanent: &[FileSpan], error: &RestoreError) {
        self.error(match error {
            RestoreError::Kernel(_) => format!(
                "it is unknown which rules and settings the kernel holds ({error}); \
                 `rauditctl -l` and `rauditctl -s` show them"
            ),
            _ => format!("the previous rules and settings could not all be restored: {error}"),
        });
        for line in unrestored(error, self.answers.style()) {
            self.note(line);
        }
        if let Some(texts) = self.texts(permanent) {
            self.note(format!("{texts} cannot be undone either"));
        }
    }

    /// Returns the requests at these places as they are written; `None` if there are none.
    fn texts(&self, places: &[FileSpan]) -> Option<String> {
        let text = |place: &FileSpan| {
            let source = self.sources.get(place.file)?;
            let text = source.text().get(place.span.range())?;
            let line = source.location(place.span.start).line;
            Some(format!("{} ({}:{line})", crate::diag::quote(text), escaped(source.name())))
        };
        let texts: Vec<String> = places.iter().filter_map(text).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }

    /// Prints the messages and the result, then lets the signals take effect that were held back.
    fn close(self, outcome: Outcome, name: &str) -> AuditctlExit {
        let voice = self.voice;
        let arrived = self.held.map(HeldSignals::release);
        for message in self.messages {
            match message {
                Message::Diagnostic(file, diagnostic) => {
                    if let Some(source) = self.sources.get(file) {
                        voice.diagnostic(source, &diagnostic);
                    }
                }
                Message::Answer(text) => print(text),
                Message::Error(text) => voice.error(text),
                Message::Note(text) => voice.note(text),
            }
        }
        let exit = match outcome {
            Outcome::Unchanged { rules } => {
                let rules = report::count(rules, "rule");
                voice.note(format_args!(
                    "{name}: the kernel already holds {rules} and the settings; nothing was sent"
                ));
                AuditctlExit::Done
            }
            Outcome::Loaded { rules } => {
                voice.note(format_args!("{name}: {} loaded", report::count(rules, "rule")));
                AuditctlExit::Done
            }
            Outcome::LoadedWithErrors { rules } => {
                let rules = report::count(rules, "rule");
                voice.note(format_args!("{name}: {rules} loaded, with errors"));
                AuditctlExit::Error
            }
            Outcome::Failed => AuditctlExit::Error,
        };
        if let Some(arrived) = arrived {
            arrived.report(voice);
            arrived.take_effect();
        }
        exit
    }
}
