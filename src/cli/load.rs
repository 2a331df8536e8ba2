//! `rauditctl -R FILE`: all of the file, or none of it.
//!
//! The whole file is compiled before anything is sent. If an error shows only later, [`apply::load`] rolls everything
//! back.

use std::path::Path;

use super::answers::{Answers, QuestionError};
use super::args::Format;
use super::exit::AuditctlExit;
use super::host::{For, SystemHost};
use super::native::{kernel_error, ready};
use super::report::{self, Voice};
use super::rules_files::{Trust, read_source};
use crate::apply::{self, Client, Event, Outcome, Session, Unanswered};
use crate::compile::Step;
use crate::host::Host;
use crate::kernel::AuditKernel;
use crate::ruleset::{CheckedSet, Input, RuleSet};
use crate::source::Source;

/// Loads a file.
pub(super) fn run(kernel: &mut dyn AuditKernel, path: &Path) -> AuditctlExit {
    let voice = Voice::of_load();
    if let Err(exit) = ready(kernel, voice) {
        return exit;
    }
    let host = SystemHost::this_machine(For::ThisKernel);
    let source = match read_source(path, Trust::Load) {
        Ok(source) => source,
        Err(error) => {
            voice.error(error);
            return AuditctlExit::Error;
        }
    };
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let checked = CheckedSet::new(&set, &host);
    if !report_faults(voice, &source, &checked) {
        return AuditctlExit::Error;
    }
    let answers = Answers::new(host.machine(), Format::Text);
    let mut console = Console { voice, source: &source, answers };
    match apply::load(kernel, &checked.lines, &mut console) {
        Outcome::Loaded => AuditctlExit::Done,
        Outcome::LoadedWithErrors | Outcome::Failed => AuditctlExit::Error,
    }
}

/// Prints the faults of a file. Returns whether it can be loaded.
fn report_faults(voice: Voice, source: &Source, checked: &CheckedSet<'_, '_>) -> bool {
    voice.diagnostics(source, checked.diagnostics(0));
    let forgiven = checked.forgiven_count();
    if forgiven > 0 {
        let lines = report::count(forgiven, "line");
        voice.note(format_args!("{lines} with errors skipped after `-i` or `-c`"));
    }
    let errors = checked.error_count(0);
    if errors > 0 {
        let errors = report::count(errors, "error");
        let name = source.name();
        voice.note(format_args!("{errors} in {name}; nothing was sent to the kernel"));
        return false;
    }
    voice.slow_rules(source, checked.diagnostics(0));
    true
}

/// Prints the events and answers of a load.
struct Console<'s> {
    voice: Voice,
    source: &'s Source,
    answers: Answers,
}

impl Client for Console<'_> {
    fn answer(&mut self, question: &Step, session: &mut Session<'_>) -> Result<(), Unanswered> {
        self.answers.give(question, session).map_err(|error| match error {
            QuestionError::Kernel(error) => {
                self.voice.error(kernel_error(&error));
                Unanswered::NoKernel
            }
            QuestionError::Signal(_) => {
                self.voice.error("the audit daemon could not be signaled");
                Unanswered::Error
            }
        })
    }

    fn event(&mut self, event: Event) {
        let voice = self.voice;
        match event {
            Event::Refused { diagnostic, .. } => voice.diagnostic(self.source, &diagnostic),
            Event::NoAnswer(error) => voice.error(kernel_error(&error)),
            Event::RolledBack => {
                voice.note("nothing was changed: the kernel holds the rules it had before");
            }
            Event::NotRolledBack(error) => {
                voice.error(format_args!("the previous rules could not be restored: {error}"));
            }
        }
    }
}
