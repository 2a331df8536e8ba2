//! The options of `covers`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Configuration, Reading, Target, kernel_version};
use crate::catalog::KernelVersion;

/// The text of `covers --help` below the options.
const HELP: &str = "\
Examples:
  rauditctl covers stig-rhel9 /etc/audit/rules.d     the STIG for RHEL 9
  rauditctl covers --format navigator -o layer.json requirements.rules rules.d

A requirement is a comment `#@ id NAME` with rules below it. It is covered if the rules record every \
event that these record, in any form and order, and under any key. The exit status is 0 if every \
requirement is covered, accepted or not applicable, 1 if one is not, 2 if there is no answer, and 3 \
if no requirement is missed but one is undecided. docs/comparing-rules.md describes the answers.";

/// `rauditctl covers`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Covers {
    /// The file with the requirements, a directory of such files, or the name of requirements that come along: stig-rhel9,
    /// stig-ubuntu2204
    pub(in crate::cli) required: PathBuf,
    /// Rules files and directories, in load order; `kernel` is the running kernel, and `-` standard input
    #[arg(required = true)]
    pub(in crate::cli) rules: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
    /// Set the kernel version that the rules are for, such as 6.1 [default: the newest known]
    #[arg(long, value_name = "VERSION", value_parser = kernel_version)]
    pub(in crate::cli) kernel: Option<KernelVersion>,
    /// Require the keys of the requirements too, of those that have one
    #[arg(long)]
    pub(in crate::cli) keys: bool,
    /// Choose the output format
    #[arg(long, value_enum, default_value_t = CoversFormat::Text)]
    pub(in crate::cli) format: CoversFormat,
    /// Write the answers to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) choice: Configuration,
    /// Exit with 0 even if requirements are not covered
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,
    #[command(flatten)]
    pub(in crate::cli) reading: Reading,
}

/// The format of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CoversFormat {
    /// Text for people.
    Text,
    /// JSON for programs.
    Json,
    /// JUnit XML.
    Junit,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// A layer for the ATT&CK Navigator.
    Navigator,
}
