//! The options of `rauditctl test`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Reading, Target};

/// The text of `test --help` below the options.
const EXAMPLES: &str = "\
Examples:
  rauditctl test                         the cases in this directory
  rauditctl test --coverage tests        also show the rules that no case tests
  rauditctl test --generate rules.d > tests/generated.toml

A case is a comment above a rule:
  #@ records syscall=openat path=/etc/shadow flags=O_WRONLY auid=1000
or a table in a TOML file. docs/testing-rules.md describes both.";

/// `rauditctl test`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Test {
    /// TOML files with cases, rules files with cases in comments, and directories of both
    #[arg(default_value = ".")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
    /// Run only the cases whose name contains this text
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) run: Option<String>,
    /// Show the rules that decide no case, and why
    #[arg(long)]
    pub(in crate::cli) coverage: bool,
    /// Exit with 1 if fewer rules, in percent, decide a case
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(in crate::cli) min_coverage: Option<usize>,
    /// Print a TOML file with events for each rule, on both sides of each boundary, and what the rules do with them
    #[arg(long, conflicts_with_all = ["run", "coverage", "min_coverage", "accept", "format"])]
    pub(in crate::cli) generate: bool,
    /// Rewrite the expectations of the cases that fail
    #[arg(long)]
    pub(in crate::cli) accept: bool,
    /// Choose the output format
    #[arg(long, value_enum, default_value_t = TestFormat::Text)]
    pub(in crate::cli) format: TestFormat,
    /// Write the results to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Exit with 0 even if cases fail
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,
    #[command(flatten)]
    pub(in crate::cli) reading: Reading,
}

/// The format of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TestFormat {
    /// Text for people.
    Text,
    /// JSON for programs.
    Json,
    /// JUnit XML.
    Junit,
    /// Commands for GitHub Actions.
    Github,
}

fn percent(text: &str) -> Result<usize, String> {
    let number = text.strip_suffix('%').unwrap_or(text).parse().ok();
    number
        .filter(|number| *number <= 100)
        .ok_or_else(|| "expected a number from 0 to 100".to_owned())
}
