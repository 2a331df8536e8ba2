//! What the rauditctl face tells a person.

use std::fmt::Display;
use std::io::{IsTerminal, Write, stderr};

use super::log::to_syslog;
use crate::diag::auditctl::Priority;
use crate::diag::{Code, Diagnostic, Level};
use crate::report::diagnostic::{one_line, render};
use crate::source::Source;

/// Who listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// Who reads standard error.
    Stderr,
    /// The system log too, a line each: at boot nobody reads standard error.
    StderrAndSyslog,
}

impl Voice {
    /// For loading a file: the log is told too, unless a person sits at a terminal.
    pub(super) fn of_load() -> Self {
        if stderr().is_terminal() { Voice::Stderr } else { Voice::StderrAndSyslog }
    }

    /// Tells a diagnostic.
    pub(super) fn diagnostic(self, source: &Source, diagnostic: &Diagnostic) {
        line(render(source, diagnostic));
        let priority = match diagnostic.level() {
            Level::Error => Priority::Error,
            Level::Warning => Priority::Warning,
            Level::Info => Priority::Info,
        };
        self.log(priority, &one_line(source, diagnostic));
    }

    /// Tells errors and warnings in full, and not what is only worth knowing.
    pub(super) fn diagnostics<'d>(
        self,
        source: &Source,
        all: impl IntoIterator<Item = &'d Diagnostic>,
    ) {
        let told = all.into_iter().filter(|found| found.level() > Level::Info);
        told.for_each(|found| self.diagnostic(source, found));
    }

    /// Counts slow rules in a line: told one by one, those of a file of watches would drown everything
    /// else.
    pub(super) fn slow_rules<'d>(
        self,
        source: &Source,
        all: impl IntoIterator<Item = &'d Diagnostic>,
    ) {
        let (rules, are) = match all.into_iter().filter(|found| is_slow(found.code())).count() {
            0 => return,
            1 => ("1 rule".to_owned(), "is"),
            many => (format!("{many} rules"), "are"),
        };
        let name = source.name();
        self.note(format_args!(
            "{name}: {rules} {are} tested at every syscall; see `rauditctl explain`"
        ));
    }

    /// Tells what went wrong outside of any rule.
    pub(super) fn error(self, text: impl Display) {
        let style = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
        line(format_args!("{style}error{style:#}: {text}"));
        self.log(Priority::Error, &format!("error: {text}"));
    }

    /// Tells how it stands.
    pub(super) fn note(self, text: impl Display) {
        line(&text);
        self.log(Priority::Info, &text.to_string());
    }

    fn log(self, priority: Priority, text: &str) {
        if self == Voice::StderrAndSyslog {
            to_syslog(priority, text.as_bytes());
        }
    }
}

/// What cannot be written is lost: there is nowhere else to say it.
fn line(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

fn is_slow(code: Code) -> bool {
    matches!(code, Code::SlowWatch | Code::SlowPerm)
}

/// Tells who reads standard error what went wrong outside of any rule.
pub(super) fn error(text: impl Display) {
    Voice::Stderr.error(text);
}

/// Tells who reads standard error how it stands.
pub(super) fn note(text: impl Display) {
    Voice::Stderr.note(text);
}

/// `1 error`, `3 errors`.
pub(super) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
