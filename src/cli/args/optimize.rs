//! The options of `optimize`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Reading, Target, kernel_version};
use crate::catalog::KernelVersion;
use crate::rewrite::optimize::Step;

/// The text of `optimize --help` below the options.
const HELP: &str = "\
Examples:
  rauditctl optimize /etc/audit/rules.d -o audit.rules --kernel 6.1
  rauditctl optimize rules.d > audit.rules              the report goes to standard error
  rauditctl optimize --skip merge-arch rules.d -o audit.rules
  rauditctl optimize --keep identity,logins rules.d -o audit.rules

The steps, in order:
  drop            rules that decide nothing
  merge-perm      rules that differ only in `perm`
  merge-syscalls  rules that differ only in their syscalls
  merge-arch      rules for each word size that need no `arch`
  narrow          syscalls that a rule cannot match
  order           conditions that fail early and cost little first

The new rules record the same events under the same keys. Each step is proved, and what is not
proved is not done. The exit status is 0 if the rules are written, and 2 if there is no answer.";

/// `rauditctl optimize`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Optimize {
    /// Rules files and directories, in load order; `-` is standard input
    #[arg(required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
    /// Set the kernel version that the rules are for, such as 6.1 [default: the newest known]
    #[arg(long, value_name = "VERSION", value_parser = kernel_version)]
    pub(in crate::cli) kernel: Option<KernelVersion>,
    /// Make only these steps
    #[arg(
        long,
        value_name = "STEPS",
        value_delimiter = ',',
        value_parser = step,
        conflicts_with = "skip"
    )]
    pub(in crate::cli) only: Vec<Step>,
    /// Leave out these steps
    #[arg(long, value_name = "STEPS", value_delimiter = ',', value_parser = step)]
    pub(in crate::cli) skip: Vec<Step>,
    /// Leave rules with these keys as they are, for programs that look for their text
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    pub(in crate::cli) keep: Vec<String>,
    /// Write the rules to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Choose the format of the report
    #[arg(long, value_enum, default_value_t = OptimizeFormat::Text)]
    pub(in crate::cli) format: OptimizeFormat,
    #[command(flatten)]
    pub(in crate::cli) reading: Reading,
}

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OptimizeFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

fn step(text: &str) -> Result<Step, String> {
    Step::from_name(text).ok_or_else(|| {
        let names = Step::ALL.map(Step::name).join(", ");
        format!("the steps are {names}")
    })
}
