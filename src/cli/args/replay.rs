//! The options of `replay`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::{Format, Reading, Target, kernel_version};
use crate::catalog::KernelVersion;

/// The text of `replay --help` below the options.
const HELP: &str = "\
Examples:
  rauditctl replay /var/log/audit --rules /etc/audit/rules.d
  rauditctl replay audit.log --rules audit.rules --unused
  ausearch --raw -ts today | rauditctl replay - --rules kernel
  rauditctl replay audit.log                            by key, without rules
  rauditctl replay audit.log --rules rules.d --against new.d
  rauditctl replay audit.log --rules rules.d --suggest --keep-covers stig-rhel9

An event is put together from its records, and the rules decide it again. The report names the rule that
made it, or, where the log does not hold what decides, all rules that may have made it. The exit status is 0 if the log was read, and 2 if it was not.";

/// `rauditctl replay`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Replay {
    /// Logs of auditd or of the kernel, and directories with audit.log and its rotated files; `-` is standard input. Files
    /// may be compressed with gzip or zstd
    #[arg(required = true, value_name = "LOG")]
    pub(in crate::cli) logs: Vec<PathBuf>,
    /// The rules that made the log: a rules file, a directory, or `kernel` for the rules of the running kernel
    #[arg(long, value_name = "RULES")]
    pub(in crate::cli) rules: Vec<PathBuf>,
    /// Show what other rules would keep, drop and rename of this log: a rules file, a directory, or `kernel`
    #[arg(long, value_name = "RULES")]
    pub(in crate::cli) against: Vec<PathBuf>,
    /// Suggest rules that would silence what fills the log; they are printed, and nothing is written
    #[arg(long, requires = "rules", conflicts_with = "against")]
    pub(in crate::cli) suggest: bool,
    /// Suggest no rule that changes what happens to events with this key
    #[arg(long, value_name = "KEY", requires = "suggest")]
    pub(in crate::cli) keep_key: Vec<OsString>,
    /// Suggest no rule that changes the result of these test cases, as `test` reads them
    #[arg(long, value_name = "PATH", requires = "suggest")]
    pub(in crate::cli) keep_tests: Vec<PathBuf>,
    /// Suggest no rule that takes something from these requirements, as `covers` reads them
    #[arg(long, value_name = "FILE", requires = "suggest")]
    pub(in crate::cli) keep_covers: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
    /// Set the version of the kernel that wrote the log, such as 6.1 [default: the newest known]
    #[arg(long, value_name = "VERSION", value_parser = kernel_version)]
    pub(in crate::cli) kernel: Option<KernelVersion>,
    /// List the rules that made no event
    #[arg(long)]
    pub(in crate::cli) unused: bool,
    /// Choose the output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
    /// Write the output to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) reading: Reading,
}
