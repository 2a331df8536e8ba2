//! Exit statuses.

use std::fmt::Display;
use std::process::ExitCode;

use super::report;

/// The exit status of our own commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Exit {
    /// The command succeeded, and all checks passed.
    Done = 0,
    /// A check failed: the rules have errors, a gate fails, or files differ.
    Findings = 1,
    /// There is no answer: the command line is wrong, or a file cannot be read or written.
    Unanswered = 2,
    /// The answer is unknown: the facts that are available do not decide it.
    Undecided = 3,
    /// The rules are locked: the change takes effect at the next boot.
    NextBoot = 4,
}

/// The exit status of auditctl, and of auditctl's options when called as rauditctl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum AuditctlExit {
    /// The command succeeded.
    Done = 0,
    /// An error.
    Error = 1,
    /// There is no audit daemon to signal.
    NoDaemon = 2,
    /// The caller is not root.
    NotRoot = 4,
    /// The command line is wrong, or the kernel refused it: auditctl's `main` returns -1.
    Failed = 255,
}

impl Exit {
    /// Returns the status with `--exit-zero`: only the lack of an answer counts.
    pub(super) fn forgiven(self) -> Self {
        match self {
            Exit::Findings | Exit::Undecided | Exit::NextBoot => Exit::Done,
            other => other,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

impl From<AuditctlExit> for ExitCode {
    fn from(exit: AuditctlExit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// A command ended early. The reason has been printed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop(Exit);

impl Stop {
    /// Prints why there is no answer.
    pub(super) fn unanswered(why: impl Display) -> Self {
        report::error(why);
        Stop(Exit::Unanswered)
    }

    /// Ends a command for a reason that has been printed before.
    pub(super) fn after_report(exit: Exit) -> Self {
        Stop(exit)
    }
}

impl From<Stop> for Exit {
    fn from(stop: Stop) -> Self {
        stop.0
    }
}
