//! The options of `compare`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Reading, ReportFormat, Target, kernel_version};
use crate::catalog::KernelVersion;

/// The text of `compare --help` below the options.
const HELP: &str = "\
Examples:
  rauditctl compare /etc/audit/rules.d new/rules.d
  rauditctl compare --deny lost old.rules new.rules     only lost events fail
  rauditctl compare --arming old.rules new.rules        what each set arms

The exit status is 0 if both sets record the same, 1 if they differ in what --deny names, 2 if \
there is no answer, and 3 if that is not known. Every example is an event that both sets decide \
differently; `rauditctl explain --event` shows why.";

/// `rauditctl compare`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Compare {
    /// The old rules: a file or a directory; `kernel` is the running kernel
    pub(in crate::cli) old: PathBuf,
    /// The new rules
    pub(in crate::cli) new: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
    /// Set the kernel version that the rules are for, such as 6.1 [default: the newest known]
    #[arg(long, value_name = "VERSION", value_parser = kernel_version)]
    pub(in crate::cli) kernel: Option<KernelVersion>,
    /// Show every pair of rules with its example, not one for each cause
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// Show what changes in the syscalls that the rules arm instead, and exit with 0
    #[arg(long, conflicts_with_all = ["all", "ignore_keys", "deny"])]
    pub(in crate::cli) arming: bool,
    /// Do not compare keys
    #[arg(long)]
    pub(in crate::cli) ignore_keys: bool,
    /// Exit with 1 only for these changes
    #[arg(
        long,
        value_enum,
        value_name = "CHANGES",
        value_delimiter = ',',
        default_value = "lost,gained,keys"
    )]
    pub(in crate::cli) deny: Vec<Deny>,
    /// Exit with 0 also if the sets differ
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,
    /// Choose the output format; html only with --arming
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(in crate::cli) format: ReportFormat,
    /// Write the output to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) reading: Reading,
}

/// A change that a comparison can refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Deny {
    /// Events that only the old set records.
    Lost,
    /// Events that only the new set records.
    Gained,
    /// Events under other keys.
    Keys,
}
