//! The options of `replay`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::{Reading, Target, kernel_version, size_limit};
use crate::catalog::KernelVersion;
use crate::cli::commands::replay::moment;
use crate::cli::read::SizeLimit;
use crate::replay::By;

/// The text of `replay --help` below the options.
const HELP: &str = "\
Examples:
  rauditctl replay /var/log/audit --rules /etc/audit/rules.d
  rauditctl replay audit.log --rules audit.rules --unused
  ausearch --raw -ts today | rauditctl replay - --rules kernel
  rauditctl replay audit.log --budget budget.toml       exit 1 over a limit
  rauditctl replay /var/log/audit --rules kernel --follow
  rauditctl replay audit.log --since yesterday --until today
  rauditctl replay audit.log --rules audit.rules --by exe
  rauditctl replay audit.log                            by key, without rules
  rauditctl replay audit.log --rules rules.d --against new.d
  rauditctl replay audit.log --rules rules.d --format html -o report.html
  rauditctl replay audit.log --rules rules.d --suggest --keep-covers stig-rhel9

An event is put together from its records, and the rules decide it again. The report names the rule that \
made it, or, where the log does not hold what decides, all rules that may have made it. The exit status is 0 if the log was read, 1 if \
it is over a budget, 2 if it was not read, and 3 if it does not show whether a budget holds: it is too short, it has too many \
keys, or it does not hold what decides under the rules of --against.";

/// The options that --suggest excludes.
const NOT_WITH_SUGGEST: [&str; 5] = ["against", "by", "budget", "auditd_conf", "follow"];

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
    /// Show what other rules would keep, drop and rename of this log: a rules file, a directory, or `kernel`; not with --by
    #[arg(long, value_name = "RULES", conflicts_with = "by")]
    pub(in crate::cli) against: Vec<PathBuf>,
    /// Suggest rules that would silence what fills the log; they are printed, and nothing is written. Not with --against,
    /// --by, --budget, --auditd-conf or --follow
    #[arg(
        long,
        requires = "rules",
        conflicts_with_all = NOT_WITH_SUGGEST
    )]
    pub(in crate::cli) suggest: bool,
    /// Suggest no rule that changes what happens to events with this key
    #[arg(long, value_name = "KEY", requires = "suggest", conflicts_with_all = NOT_WITH_SUGGEST)]
    pub(in crate::cli) keep_key: Vec<OsString>,
    /// Suggest no rule that changes the result of these test cases, as `test` reads them
    #[arg(long, value_name = "PATH", requires = "suggest", conflicts_with_all = NOT_WITH_SUGGEST)]
    pub(in crate::cli) keep_tests: Vec<PathBuf>,
    /// Suggest no rule that takes something from these requirements, as `covers` reads them
    #[arg(long, value_name = "FILE", requires = "suggest", conflicts_with_all = NOT_WITH_SUGGEST)]
    pub(in crate::cli) keep_covers: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
    /// Set the version of the kernel that wrote the log, such as 6.1 [default: the newest known]
    #[arg(long, value_name = "VERSION", value_parser = kernel_version)]
    pub(in crate::cli) kernel: Option<KernelVersion>,
    /// Choose what the rows are by
    #[arg(long, value_enum, default_value_t = RowsBy::Rule)]
    pub(in crate::cli) by: RowsBy,
    /// Count events from this time on: a date, a date and a time, `08:00` of today, `-3h`, `2 days ago`, the seconds of a
    /// record, or a word of ausearch: now, recent, this-hour, today, yesterday, this-week, week-ago, this-month, this-year.
    /// Without an offset such as `Z`, the time is in the zone of this machine
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    pub(in crate::cli) since: Option<Timestamp>,
    /// Count events up to this time; a word means the same as for `--since`
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    pub(in crate::cli) until: Option<Timestamp>,
    /// Compare the log with the limits of a TOML file: `[budget]`, and below it `total = "200 MB/day"` or
    /// `key.exec = "50 MB/day"`. With --against, the limits are for what those rules would keep
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) budget: Option<PathBuf>,
    /// Show how many days of this log auditd keeps with the settings of an auditd.conf
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) auditd_conf: Option<PathBuf>,
    /// Read on while the log grows, through rotations: the table again every ten seconds, and at Ctrl-C
    #[arg(long)]
    pub(in crate::cli) follow: bool,
    /// List the rules that made no event, which JSON and the page always do
    #[arg(long, requires = "rules")]
    pub(in crate::cli) unused: bool,
    /// Choose the output format
    #[arg(long, value_enum, default_value_t = ReplayFormat::Text)]
    pub(in crate::cli) format: ReplayFormat,
    /// Write the output to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Exit with 0 even if a budget does not hold
    #[arg(long, requires = "budget", conflicts_with = "suggest")]
    pub(in crate::cli) exit_zero: bool,
    /// Set the maximum size of a file of rules, test cases or requirements, in MiB; logs have none [default: 64]
    #[arg(long, value_name = "NUMBER", value_parser = size_limit)]
    pub(in crate::cli) max_size: Option<SizeLimit>,
}

/// The maximum size of a file, in MiB, if none is set.
const MOST_MEBIBYTES: u32 = 64;

impl Replay {
    /// Returns how rules are read.
    pub(in crate::cli) fn reading(&self) -> Reading {
        Reading { max_size: self.max_size.unwrap_or(SizeLimit::of_mebibytes(MOST_MEBIBYTES)) }
    }
}

/// The format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReplayFormat {
    /// Text for people.
    Text,
    /// JSON for programs.
    Json,
    /// A web page with a chart of the bytes over time, and the tables.
    Html,
}

/// What the rows are by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RowsBy {
    /// The rule that decided, or the key without rules.
    Rule,
    /// The program.
    Exe,
    /// The login user.
    User,
    /// The path.
    Path,
    /// The keys.
    Key,
    /// The syscall.
    Syscall,
    /// The machine that sent the event.
    Node,
}

impl From<RowsBy> for By {
    fn from(by: RowsBy) -> Self {
        match by {
            RowsBy::Rule => By::Rule,
            RowsBy::Exe => By::Exe,
            RowsBy::User => By::User,
            RowsBy::Path => By::Path,
            RowsBy::Key => By::Key,
            RowsBy::Syscall => By::Syscall,
            RowsBy::Node => By::Node,
        }
    }
}
