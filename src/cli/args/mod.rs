//! The command line of the rauditctl face, as far as it is not auditctl's.

mod lint;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::catalog::{Arch, KernelVersion};

pub(super) use lint::{Lint, LintFormat};

/// The two ways to call it.
const USAGE: &str = "rauditctl <COMMAND> ...\n       rauditctl <AUDITCTL OPTION>...";

/// What `--help` says below the commands.
const AUDITCTL_OPTIONS: &str = "\
auditctl's options work too, without a command:
  -R <file>            load a rules file: all of it, or nothing
  -l [-i | -k <key>]   list the kernel's rules; also with --format json
  -s [-i]              show settings and counters; also with --format json
  -D [-k <key>]        delete rules
  -a, -A, -d, -w, -W   add and delete single rules
  -e, -f, -b, -r       change settings
  --signal <name>      signal the audit daemon
See rauditctl(8) for all of them. Called by the name `auditctl`, the program behaves as
auditctl 4.2.2 does.

Try it without root and without touching a kernel:
  rauditctl --explain-bitmap /etc/audit/audit.rules";

/// What `explain --help` says below the options.
const EXPLAIN_HELP: &str = "\
Examples:
  rauditctl explain /etc/audit/rules.d              a directory, as augenrules would join it
  rauditctl explain --kernel 6.1 --view grid,walk audit.rules
  rauditctl explain --syscall openat audit.rules
  rauditctl explain --format html -o report.html audit.rules
  rauditctl explain --diff /etc/audit/rules.d new.rules
  strace -c -f -o counts make; rauditctl explain --workload counts audit.rules
  rauditctl explain --deny-arm read,write,futex,b32:read --max-walk 40 audit.rules";

/// What `fmt --help` says below the options.
const FMT_HELP: &str = "\
Examples:
  rauditctl fmt /etc/audit/rules.d       write all rules files there in one form
  rauditctl fmt --diff audit.rules       show what that would change
  rauditctl fmt --check rules.d          for CI
  rauditctl fmt - < audit.rules          print the form";

/// A compiler for Linux audit rules: checks a rules file, shows which syscalls it arms, loads it.
#[derive(Debug, Parser)]
#[command(name = "rauditctl", version, after_help = AUDITCTL_OPTIONS, override_usage = USAGE, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands that auditctl does not have.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show which syscalls a rules file arms, and because of which rule [also: --explain-bitmap]
    Explain(Box<Explain>),
    /// Print what would be sent to the kernel, sending nothing
    Compile(Compile),
    /// Find what is wrong, unsafe, slow, dead or not portable in rules files
    Lint(Box<Lint>),
    /// Write rules files in one form, without changing a byte of what they send
    Fmt(Fmt),
    /// Talk with an editor: a language server on standard input and output
    Lsp,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// `rauditctl explain`
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_HELP)]
pub(super) struct Explain {
    /// Rules files and directories of them, in the order in which they are loaded; `-` is standard input [default:
    /// the rules of the running kernel]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) target: Target,
    /// The version of the kernel that the rules are for, such as 6.1 [default: the running one for its own rules,
    /// else the newest known]
    #[arg(long, value_name = "VERSION", value_parser = kernel_version)]
    pub(super) kernel: Option<KernelVersion>,
    /// Entries in the kernel's syscall table [default: those of the kernel]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=2048))]
    pub(super) nr_syscalls: Option<u32>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(super) format: ReportFormat,
    /// Where to write it [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// What to show, whole [default: summary, advice, table and notes, cut where they are long]
    #[arg(long, value_enum, value_name = "VIEW", value_delimiter = ',')]
    pub(super) view: Vec<View>,
    /// Show everything about one syscall: its walk, the rules that can match it, and which one wins
    #[arg(long, value_name = "SYSCALL", conflicts_with_all = ["view", "diff"])]
    pub(super) syscall: Option<String>,
    /// Show what changes from one set of rules to another: two files or directories; `kernel` is
    /// the running one
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["files", "view"])]
    pub(super) diff: Vec<PathBuf>,
    /// Weigh the rules with counts of syscalls, and estimate what they cost: the output of `strace -c`
    /// or `perf trace -s`, or lines of `name,count`; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["syscall", "diff"])]
    pub(super) workload: Option<PathBuf>,
    /// How long the workload was watched, for figures a second
    #[arg(long, value_name = "NUMBER", requires = "workload", value_parser = seconds)]
    pub(super) seconds: Option<f64>,
    #[command(flatten)]
    pub(super) gates: Gates,
}

/// What `explain` fails for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Exit with 1 if")]
pub(super) struct Gates {
    /// one of these is armed on a kernel with the bitmap: names or numbers, such as read,b32:write,257
    #[arg(long, value_name = "SYSCALLS", value_delimiter = ',')]
    pub(super) deny_arm: Vec<String>,
    /// more syscalls are armed on a kernel with the bitmap
    #[arg(long, value_name = "NUMBER")]
    pub(super) max_armed: Option<usize>,
    /// more rules of the exit list are tested for some syscall, on any kernel
    #[arg(long, value_name = "NUMBER")]
    pub(super) max_walk: Option<usize>,
    /// a stock kernel arms at all
    #[arg(long)]
    pub(super) deny_stock_arm: bool,
}

/// A part of the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum View {
    /// What is counted, and what it arms with and without the bitmap.
    Summary,
    /// The rules that arm everything, and what to write instead.
    Advice,
    /// The armed syscalls and their rules.
    Table,
    /// One cell a syscall number, shaded by its rules.
    Grid,
    /// How many rules are tested for each syscall.
    Walk,
    /// What surprises.
    Notes,
    /// What the rules cost the calls of --workload.
    Cost,
}

/// `rauditctl compile`
#[derive(Debug, Args)]
pub(super) struct Compile {
    /// Rules files, in the order in which they are loaded; `-` is standard input
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) target: Target,
    /// Write the netlink messages themselves, one after the other, instead of JSON
    #[arg(long)]
    pub(super) raw: bool,
}

/// `rauditctl fmt`
#[derive(Debug, Args)]
#[command(after_help = FMT_HELP)]
pub(super) struct Fmt {
    /// Rules files, and directories whose `.rules` files are meant; `-` is standard input, formatted to standard
    /// output
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Write nothing; name the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(super) check: bool,
    /// Write nothing; show what would change as a unified diff, and exit with 1 if anything would
    #[arg(long)]
    pub(super) diff: bool,
}

/// The machine that rules are for.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// The machine the rules are for, which `b64` and `b32` follow [default: this one]
    #[arg(long, value_name = "ARCH", value_parser = arch)]
    pub(super) arch: Option<Arch>,
}

/// How something is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How an explanation is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// One page for a browser, with a map of the syscalls and the rules.
    Html,
}

fn seconds(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_normal() && *number > 0.0);
    number.ok_or_else(|| "a number above 0".to_owned())
}

fn kernel_version(text: &str) -> Result<KernelVersion, String> {
    KernelVersion::parse(text.as_bytes()).ok_or_else(|| "two numbers, such as 6.1".to_owned())
}

fn arch(name: &str) -> Result<Arch, String> {
    Arch::from_name(name.as_bytes()).ok_or_else(|| {
        let known: Vec<&str> = Arch::ALL.iter().map(|arch| arch.common_name()).collect();
        format!("expected one of {}", known.join(", "))
    })
}
