//! The command line of our own commands. [`super::native`] handles auditctl's options.

mod compare;
mod covers;
mod groups;
mod lint;
mod optimize;
mod plan;
mod replay;
mod test;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::read::SizeLimit;
use crate::catalog::{self, Arch, KernelVersion};

pub(super) use compare::{Compare, Deny};
pub(super) use covers::{Covers, CoversFormat};
pub(super) use groups::command;
pub(super) use lint::{Lint, LintFormat};
pub(super) use optimize::{Optimize, OptimizeFormat};
pub(super) use plan::{Apply, Plan, Planning};
pub(super) use replay::{Replay, ReplayFormat};
pub(super) use test::{Test, TestFormat};

/// The two ways to call it.
const USAGE: &str = "rauditctl <COMMAND> ...\n       rauditctl <AUDITCTL OPTION>...";

/// The text of `--help` below the commands.
const AUDITCTL_OPTIONS: &str = "\
auditctl's options work too, without a command:
  -R <file or directory>
                       load rules files: all of them, or none of them
  -l [-i | -k <key>]   list the kernel's rules; add --format json for programs,
                       or --source <file> to name the source of rules that
                       optimize made
  -s [-i]              show settings and counters, also with --format json
  -D [-k <key>]        delete rules
  -a, -A, -d, -w, -W   add and delete single rules
  -e, -f, -b, -r       change settings
  --signal <name>      signal the audit daemon
rauditctl(8) describes all of them. Called as `auditctl`, the program behaves as auditctl 4.2.2 \
does.

A rule arms a syscall if it makes the kernel test rules each time that syscall ends. \
docs/terms.md explains the terms.

Try it without root and without changing a kernel:
  rauditctl --explain-bitmap /etc/audit/audit.rules";

/// The text of `explain --help` below the options.
const EXPLAIN_HELP: &str = "\
Examples:
  rauditctl explain /etc/audit/rules.d              in the order of augenrules
  rauditctl explain --kernel 6.1 --view grid,walk audit.rules
  rauditctl explain --syscall openat audit.rules
  rauditctl explain --format html -o report.html audit.rules
  rauditctl explain --never /etc/audit/rules.d      what each `never` silences
  strace -c -f -o counts make; rauditctl explain --workload counts audit.rules
  rauditctl explain --deny-arm read,write,b32:read --max-walk 40 audit.rules

A syscall is armed if the kernel tests rules each time it ends; these tests are its walk. A stock \
kernel arms every syscall as soon as it counts one rule. A kernel with the bitmap patch arms only \
the syscalls in the masks of the exit rules. docs/terms.md explains the terms.";

/// The text of `fmt --help` below the options.
const FMT_HELP: &str = "\
Examples:
  rauditctl fmt /etc/audit/rules.d       format all rules files in a directory
  rauditctl fmt --diff audit.rules       show the changes without making them
  rauditctl fmt --check rules.d          fail in CI if a file is not formatted
  rauditctl fmt - < audit.rules          print the formatted text";

/// Check Linux audit rules, show which syscalls they arm, and load them.
#[derive(Debug, Parser)]
#[command(name = "rauditctl", version, after_help = AUDITCTL_OPTIONS, override_usage = USAGE, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands that auditctl does not have.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show which syscalls the rules arm, and which rule arms each [alias: --explain-bitmap]
    Explain(Box<Explain>),
    /// Show what a new rule set no longer records, or records in addition
    Compare(Box<Compare>),
    /// Show which requirements rules cover, and what they miss
    Covers(Box<Covers>),
    /// Write rules that record the same for less work of the kernel
    Optimize(Box<Optimize>),
    /// Print the messages for the kernel without sending them
    Compile(Compile),
    /// Show what `apply` would change in a kernel
    Plan(Box<Plan>),
    /// Show which rule made which part of a log
    Replay(Box<Replay>),
    /// Bring the kernel to the rules of files: all changes or none, and without a gap
    Apply(Box<Apply>),
    /// Find rules that are wrong, unsafe, slow, unused or not portable
    Lint(Box<Lint>),
    /// Format rules files without changing the messages for the kernel
    Fmt(Fmt),
    /// Run the test cases of rules: events, and what the rules should do with them
    Test(Box<Test>),
    /// Run a language server for editors on standard input and output
    #[cfg(feature = "lsp")]
    Lsp,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// The options of `explain` that --event excludes.
const NOT_WITH_EVENT: [&str; 6] = ["view", "syscall", "diff", "workload", "never", "rule_cost"];

/// `rauditctl explain`
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_HELP)]
pub(super) struct Explain {
    /// Rules files and directories, in load order; `-` is standard input [default: the rules of the running kernel]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) target: Target,
    /// Set the kernel version that the rules are for, such as 6.1 [default: the running version for the kernel's own
    /// rules, otherwise the newest known]
    #[arg(long, value_name = "VERSION", value_parser = kernel_version)]
    pub(super) kernel: Option<KernelVersion>,
    /// Set the number of entries in the kernel's syscall table [default: that of the kernel version]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=2048))]
    pub(super) nr_syscalls: Option<u32>,
    /// Choose the output format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(super) format: ReportFormat,
    /// Write the output to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Show these parts in full [default: summary, advice, table and notes, shortened if long]
    #[arg(long, value_enum, value_name = "VIEW", value_delimiter = ',')]
    pub(super) view: Vec<View>,
    /// Show everything about one syscall, such as openat, b32:openat or 257: its walk, the rules that can match, and the
    /// rule that decides
    #[arg(long, value_name = "SYSCALL", conflicts_with_all = ["view", "diff"])]
    pub(super) syscall: Option<String>,
    /// Show what `compare --arming` shows; this name goes with the next release
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["files", "view"])]
    pub(super) diff: Vec<PathBuf>,
    /// Estimate what the rules cost a workload, from counts of its syscalls: the output of `strace -c` or
    /// `perf trace -s`, or lines of `name,count`; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["syscall", "diff"])]
    pub(super) workload: Option<PathBuf>,
    /// Set how long the workload was measured, for costs per second
    #[arg(long, value_name = "NUMBER", requires = "workload", value_parser = seconds, conflicts_with_all = ["syscall", "diff",
          "event", "never"])]
    pub(super) seconds: Option<f64>,
    /// Decide one event, such as 'syscall=openat path=/etc/shadow flags=O_WRONLY auid=1000'; `-` reads events from
    /// standard input, one JSON object a line, and writes one JSON decision a line
    #[arg(long, value_name = "EVENT", conflicts_with_all = NOT_WITH_EVENT)]
    pub(super) event: Option<String>,
    /// Set what the paths of the machine are, for --event: a JSON list of path, inode, dev, mode, owner and link
    #[arg(long = "files", value_name = "FILE", requires = "event", conflicts_with_all = NOT_WITH_EVENT)]
    pub(super) machine_files: Option<PathBuf>,
    /// Take the events of --event - as one history since the rules were loaded
    #[arg(long, requires = "event", conflicts_with_all = NOT_WITH_EVENT)]
    pub(super) sequence: bool,
    #[command(flatten)]
    pub(super) reading: Reading,
    /// Show what each `never` rule and each rule of the list exclude silences: the rules that it takes events from, and
    /// those that it comes too late for, each with an example
    #[arg(long, conflicts_with_all = ["view", "syscall", "diff", "workload", "event", "deny_arm", "max_armed",
          "max_walk", "deny_stock_arm"])]
    pub(super) never: bool,
    /// Show what each rule costs the workload, the most expensive first, and what would be saved without it. Without
    /// --workload, for one call of each of the syscalls that `optimize` shows
    #[arg(long, conflicts_with_all = ["view", "syscall", "diff", "seconds", "event", "never", "deny_arm", "max_armed",
          "max_walk", "deny_stock_arm"])]
    pub(super) rule_cost: bool,
    /// Exit with 0 even if a limit is exceeded or an answer is undecided
    #[arg(long)]
    pub(super) exit_zero: bool,
    #[command(flatten)]
    pub(super) gates: Gates,
}

/// The conditions under which `explain` fails.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Exit with 1 if")]
pub(super) struct Gates {
    /// a kernel with the bitmap arms one of these: names or numbers, such as read,b32:write,257
    #[arg(long, value_name = "SYSCALLS", value_delimiter = ',')]
    pub(super) deny_arm: Vec<String>,
    /// a kernel with the bitmap arms more syscalls than this
    #[arg(long, value_name = "NUMBER")]
    pub(super) max_armed: Option<usize>,
    /// the walk of a syscall has more rules than this, on any kernel
    #[arg(long, value_name = "NUMBER")]
    pub(super) max_walk: Option<usize>,
    /// a stock kernel arms any syscall
    #[arg(long)]
    pub(super) deny_stock_arm: bool,
}

/// A part of the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum View {
    /// The number of rules, and the armed syscalls with and without the bitmap.
    Summary,
    /// The rules that arm every syscall, with replacements.
    Advice,
    /// The armed syscalls and their rules.
    Table,
    /// One cell per syscall number, shaded by the number of rules.
    Grid,
    /// The number of rules that are tested for each syscall.
    Walk,
    /// Facts that are easy to miss.
    Notes,
    /// The cost of the rules for the calls of --workload.
    Cost,
}

/// `rauditctl compile`
#[derive(Debug, Args)]
pub(super) struct Compile {
    /// Rules files and directories, in load order; `-` is standard input
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) target: Target,
    #[command(flatten)]
    pub(super) reading: Reading,
    /// Write the raw netlink messages, one after the other, instead of JSON
    #[arg(long)]
    pub(super) raw: bool,
    /// Exit with 0 even if the rules have errors
    #[arg(long)]
    pub(super) exit_zero: bool,
}

/// The files that are read.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Reading {
    /// Set the maximum size of a file, in MiB
    #[arg(long, value_name = "NUMBER", default_value = "64", value_parser = size_limit)]
    pub(super) max_size: SizeLimit,
}

/// The configuration that is read.
#[derive(Debug, Args)]
pub(super) struct Configuration {
    /// Read this configuration [default: rauditctl.toml in the directory of the rules, or above it up to the repository or
    /// the current directory]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Do not read a configuration
    #[arg(long)]
    pub(super) no_config: bool,
}

/// `rauditctl fmt`
#[derive(Debug, Args)]
#[command(after_help = FMT_HELP)]
pub(super) struct Fmt {
    /// Rules files, and directories with `.rules` files; `-` formats standard input to standard output
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Write nothing: print the names of files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(super) check: bool,
    /// Write nothing: show the changes as a unified diff, and exit with 1 if there are any
    #[arg(long)]
    pub(super) diff: bool,
    /// Exit with 0 even if files would change
    #[arg(long)]
    pub(super) exit_zero: bool,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// The machine that rules are for.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Target {
    /// Set the arch that the rules are for, which decides what `b64` and `b32` mean [default: that of this machine]
    #[arg(long, value_name = "ARCH", value_parser = arch)]
    pub(super) arch: Option<Arch>,
}

/// The format of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text for people.
    #[default]
    Text,
    /// JSON for programs.
    Json,
}

/// The format of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// Text for people.
    Text,
    /// JSON for programs.
    Json,
    /// A web page with a map of the syscalls and the rules.
    Html,
}

/// Reads the value of `--max-size`.
pub(super) fn size_limit(text: &str) -> Result<SizeLimit, String> {
    let number = text.parse().ok().filter(|number: &u32| *number > 0);
    number.map(SizeLimit::of_mebibytes).ok_or_else(|| "expected a number above 0".to_owned())
}

fn seconds(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_normal() && *number > 0.0);
    number.ok_or_else(|| "expected a number above 0".to_owned())
}

fn kernel_version(text: &str) -> Result<KernelVersion, String> {
    KernelVersion::parse(text.as_bytes())
        .ok_or_else(|| "expected one version, such as 6.1".to_owned())
}

fn arch(name: &str) -> Result<Arch, String> {
    Arch::from_any_name(name.as_bytes()).ok_or_else(|| {
        if let Some(near) = catalog::nearest_arch(name.as_bytes())
            .filter(|near| Arch::from_name(near.as_bytes()).is_some())
        {
            return format!("did you mean `{near}`?");
        }
        let known: Vec<&str> = Arch::ALL.iter().map(|arch| arch.common_name()).collect();
        format!("expected one of {}", known.join(", "))
    })
}
