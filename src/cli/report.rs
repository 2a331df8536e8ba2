//! Messages for people, in our own mode.

use std::fmt::Display;
use std::io::{IsTerminal, Write, stderr};
use std::path::Path;
use std::sync::Arc;

use anstream::{AutoStream, ColorChoice};

use super::log::to_syslog;
use super::rules_dir::Skipped;
use crate::analysis::{KernelRule, Origin, arming, loads};
use crate::catalog::{AuditctlVersion, KernelVersion};
use crate::diag::auditctl::Priority;
use crate::diag::{Diagnostic, Level, escaped};
use crate::eval::Problem;
use crate::model::Home;
use crate::report::decision::render_problem;
use crate::report::diagnostic::{one_line, render};
use crate::rule::FilterList;
use crate::ruleset::{CheckedSet, CompiledLine};
use crate::source::Source;

/// Maximum number of errors and warnings in one line that are printed. The others are counted.
const MOST_IN_A_LINE: usize = 20;
/// The same for a file.
const MOST_IN_A_FILE: usize = 1000;

/// The destination of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// To standard error.
    Stderr,
    /// Also to the system log, one line each: at boot nobody reads standard error.
    StderrAndSyslog,
}

impl Voice {
    /// Returns the voice for loading a file: the log too, unless standard error is a terminal.
    pub(super) fn of_load() -> Self {
        if stderr().is_terminal() { Voice::Stderr } else { Voice::StderrAndSyslog }
    }

    /// Prints a diagnostic.
    pub(super) fn diagnostic(self, source: &Source, diagnostic: &Diagnostic) {
        line(render(source, diagnostic));
        let priority = match diagnostic.level() {
            Level::Error => Priority::Error,
            Level::Warning => Priority::Warning,
            Level::Info => Priority::Info,
        };
        self.log(priority, &one_line(source, diagnostic));
    }

    /// Prints errors and warnings, but not diagnostics of a lower level.
    pub(super) fn diagnostics<'d>(
        self,
        source: &Source,
        all: impl IntoIterator<Item = &'d Diagnostic>,
    ) {
        let printed = all.into_iter().filter(|found| found.level() > Level::Info);
        let (mut shown, mut left_out) = (0, 0);
        let mut here = (0, 0);
        for found in printed {
            let line = source.location(found.span.start).line;
            here = if here.0 == line { (line, here.1 + 1) } else { (line, 1) };
            if here.1 > MOST_IN_A_LINE || shown == MOST_IN_A_FILE {
                left_out += 1;
                continue;
            }
            self.diagnostic(source, found);
            shown += 1;
        }
        if left_out > 0 {
            let (name, more) = (escaped(source.name()), count(left_out, "more message"));
            self.note(format_args!(
                "{name}: {more}; at most {MOST_IN_A_LINE} are shown for a line, and {MOST_IN_A_FILE} for a file"
            ));
        }
    }

    /// Prints how long the walk of every syscall is, if some of the rules are for every syscall. In a file of watches,
    /// one message for each rule would hide everything else.
    pub(super) fn walk(self, checked: &CheckedSet<'_, '_>) {
        let Some(profile) = checked.profile() else { return };
        if !checked.lines.iter().any(may_be_walked_for_all) {
            return;
        }
        let file: Arc<str> = "".into();
        let origin = |_, _| Origin { file: Arc::clone(&file), line: 0 };
        let arming = arming(profile, &loads(&checked.lines, origin));
        let walked = || arming.exit_rules().filter(KernelRule::is_walked);
        let for_all = walked().filter(|one| one.rule.mask.is_all()).count();
        if for_all == 0 {
            return;
        }
        let (rules, have) =
            (count(walked().count(), "rule"), if for_all == 1 { "has" } else { "have" });
        self.note(format_args!(
            "with the accounts and paths of this machine, the kernel walks {rules} each time a syscall ends, of which \
             {for_all} {have} every syscall in the mask; see `rauditctl explain`"
        ));
    }

    /// Prints how many lines with errors are skipped; nothing if there are none.
    pub(super) fn forgiven(self, lines: usize) {
        if lines > 0 {
            let lines = count(lines, "line");
            self.note(format_args!("{lines} with errors skipped after `-i` or `-c`"));
        }
    }

    /// Prints a mistake at its place.
    pub(super) fn problem(self, source: &Source, problem: &Problem) {
        line(render_problem(source, problem));
        let (name, at) = (escaped(source.name()), source.location(problem.at.start).line);
        self.log(Priority::Error, &format!("{name}:{at}: error: {}", problem.message));
    }

    /// Prints an error that is not about a rule.
    pub(super) fn error(self, text: impl Display) {
        let style = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
        line(format_args!("{style}error{style:#}: {text}"));
        self.log(Priority::Error, &format!("error: {text}"));
    }

    /// Prints a note about the result.
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

/// Returns whether a line adds a rule that the kernel walks at the end of every syscall, if the kernel accepts it. Loading
/// the rules into a model shows that for certain, but takes as long as everything else that is done with them.
fn may_be_walked_for_all(line: &CompiledLine<'_, '_>) -> bool {
    line.checked.kernel_rule.as_ref().is_some_and(|rule| {
        rule.list == FilterList::Exit && rule.mask.is_all() && Home::of(rule) == Home::List
    })
}

/// Writes a line to standard error. Ignores errors: there is no other place to report them.
fn line(text: impl Display) {
    let _ = write_line(&mut stderr(), AutoStream::choice(&stderr()), text);
}

/// Writes a line with one `write`: a signal that ends the program, and a program that writes to the same file, leave no
/// part of a line.
fn write_line(out: &mut impl Write, color: ColorChoice, text: impl Display) -> std::io::Result<()> {
    let mut line = AutoStream::new(Vec::new(), color);
    writeln!(line, "{text}")?;
    out.write_all(&line.into_inner())
}

/// Prints an error that is not about a rule to standard error.
pub(super) fn error(text: impl Display) {
    Voice::Stderr.error(text);
}

/// Prints a text that is rendered for a terminal.
pub(super) fn rendered(text: impl Display) {
    line(text);
}

/// Prints a note about the result to standard error.
pub(super) fn note(text: impl Display) {
    Voice::Stderr.note(text);
}

/// Prints that something in a directory has the name of a rules file and is not read.
pub(super) fn skipped(path: &Path, reason: Skipped) {
    let reason = match reason {
        Skipped::LeadsOut => {
            "leads out of its directory and is not read; name the file itself to read it too"
        }
        Skipped::LeadsNowhere => "is a link to nothing, so its rules are missing here",
        Skipped::NotAFile => "is not a file and is not read",
    };
    note(format_args!("`{}` {reason}", name_of(path)));
}

/// Returns a path as messages show it.
pub(super) fn name_of(path: &Path) -> String {
    escaped(&path.display().to_string()).into_owned()
}

/// Notes a kernel that is newer than those in the tables of this build.
pub(super) fn note_newer_kernel(version: Option<KernelVersion>) {
    let newest = KernelVersion::NEWEST;
    if let Some(version) = version.filter(|version| *version > newest) {
        note(format_args!(
            "Linux {version} is newer than {newest}, the newest known version: newer syscalls and fields are missing \
             from the answer"
        ));
    }
}

/// Notes a kernel that is older than those in the tables of this build.
pub(super) fn note_older_kernel(version: Option<KernelVersion>) {
    let oldest = KernelVersion::OLDEST;
    if let Some(version) = version.filter(|version| *version < oldest) {
        note(format_args!(
            "Linux {version} is older than {oldest}, the oldest known version: what it lacks is not reported"
        ));
    }
}

/// Notes an auditctl that is newer than those in the tables of this build.
pub(super) fn note_newer_auditctl(version: Option<AuditctlVersion>) {
    let newest = AuditctlVersion::NEWEST;
    if let Some(version) = version.filter(|version| *version > newest) {
        note(format_args!("auditctl {version} is newer than {newest}, the newest known release"));
    }
}

/// Returns `1 error`, `3 errors`.
pub(super) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// Returns a length of time as words: short ones in seconds, others as `10 min` or `1 h 30 min`.
pub(super) fn span_of(seconds: u64) -> String {
    if seconds < 120 {
        return count(usize::try_from(seconds).unwrap_or(usize::MAX), "second");
    }
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    parts.map(|(number, unit)| format!("{number} {unit}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps what each `write` was given.
    #[derive(Default)]
    struct Writes(Vec<String>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.push(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn writes_a_line_at_once() {
        let bold = anstyle::Style::new().bold();
        let text = format_args!("{bold}error{bold:#}: {}: {}", "a.rules", count(3, "rule"));
        for (color, line) in [
            (ColorChoice::Never, "error: a.rules: 3 rules\n"),
            (ColorChoice::AlwaysAnsi, "\x1b[1merror\x1b[0m: a.rules: 3 rules\n"),
        ] {
            let mut writes = Writes::default();
            write_line(&mut writes, color, text).unwrap();
            assert_eq!(writes.0, [line]);
        }
    }

    #[test]
    fn spans_have_the_units_that_people_use() {
        let spans = [0, 1, 60, 119, 120, 600, 605, 3600, 5400, 86_400, 3601].map(span_of);
        let expected = [
            "0 seconds",
            "1 second",
            "60 seconds",
            "119 seconds",
            "2 min",
            "10 min",
            "10 min 5 s",
            "1 h",
            "1 h 30 min",
            "24 h",
            "1 h 1 s",
        ];
        assert_eq!(spans, expected);
    }
}
