//! The options of `rauditctl lint`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Configuration, Reading, arch};
use crate::catalog::{Arch, AuditctlVersion};
use crate::diag::Level;
use crate::lint::{KernelRange, Selector, nearest};

/// The text of `lint --help` below the options.
const EXAMPLES: &str = "\
Examples:
  rauditctl lint /etc/audit/rules.d                in the order of augenrules
  rauditctl lint --arch x86_64,aarch64 --kernel 5.10..6.12 rules.d
  rauditctl lint --fix rules.d                     make the safe fixes
  rauditctl lint --diff --unsafe-fixes rules.d     show all possible fixes
  rauditctl lint --format sarif -o lint.sarif rules.d
  rauditctl lint --explain P101

rauditctl.toml holds the settings of a repository. The comment `# rauditctl: allow(P101) reason` \
before a rule suppresses the findings of a code. docs/terms.md explains the terms.";

/// `rauditctl lint`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Lint {
    /// Rules files and directories, in load order; `-` is standard input
    #[arg(required_unless_present = "explain")]
    pub(in crate::cli) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) reading: Reading,
    #[command(flatten)]
    pub(in crate::cli) scope: Scope,
    #[command(flatten)]
    pub(in crate::cli) fixing: Fixing,
    /// Choose the output format
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    pub(in crate::cli) format: LintFormat,
    /// Write the findings to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Print the findings of this severity and higher, and count the others [default: warning; info with --select or
    /// --fail-on info; all with --format concise]
    #[arg(long, value_enum, value_name = "SEVERITY", conflicts_with = "statistics")]
    pub(in crate::cli) show: Option<Severity>,
    /// Print each finding by itself, not the findings of one code together
    #[arg(long, conflicts_with = "statistics")]
    pub(in crate::cli) all: bool,
    /// Print only the number of findings for each code
    #[arg(long, conflicts_with = "format")]
    pub(in crate::cli) statistics: bool,
    /// Exit with 1 for findings of this severity or higher [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(in crate::cli) fail_on: Option<Severity>,
    /// Exit with 0 even if there are findings, or fixes with --diff
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,
    /// Explain a code, with an example and a fix; for the letter of a group, or ALL, list the codes
    #[arg(long, value_name = "CODE", value_parser = selector)]
    pub(in crate::cli) explain: Option<Selector>,
}

/// What the lint checks.
#[derive(Debug, Args)]
#[command(next_help_heading = "Checks")]
pub(in crate::cli) struct Scope {
    /// Set the arches that the rules are for, such as x86_64,aarch64 [default: that of this machine]
    #[arg(long, value_name = "ARCHES", value_delimiter = ',', value_parser = arch)]
    pub(in crate::cli) arch: Vec<Arch>,
    /// Set the kernel versions that the rules are for: one, such as 6.1, or a range, such as 5.10..6.8 [default: any]
    #[arg(long, value_name = "RANGE", value_parser = kernel_range)]
    pub(in crate::cli) kernel: Option<KernelRange>,
    /// Set the oldest auditctl that loads the rules, such as 3.0.7 [default: the newest]
    #[arg(long, value_name = "VERSION", value_parser = auditctl_version)]
    pub(in crate::cli) auditctl: Option<AuditctlVersion>,
    /// Run only these checks: codes, names, the letter of a group, or ALL
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = selector)]
    pub(in crate::cli) select: Vec<Selector>,
    /// Skip these checks
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = selector)]
    pub(in crate::cli) ignore: Vec<Selector>,
    /// Set the severity of a code: CODE=error, warning or info
    #[arg(long, value_name = "CODE=SEVERITY", value_delimiter = ',', value_parser = severity)]
    pub(in crate::cli) severity: Vec<(Selector, Level)>,
    /// Set how many rules the kernel may test each time a syscall ends [default: 100]
    #[arg(long, value_name = "NUMBER")]
    pub(in crate::cli) max_walk: Option<usize>,
    /// Check that accounts and paths exist on this machine
    #[arg(long)]
    pub(in crate::cli) host: bool,
    #[command(flatten)]
    pub(in crate::cli) choice: Configuration,
}

/// What the lint fixes.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub(in crate::cli) struct Fixing {
    /// Apply the fixes that do not change the kernel's rules; those of infos only with --show info or --select
    #[arg(long)]
    pub(in crate::cli) fix: bool,
    /// With --fix or --diff, also apply the fixes that change them
    #[arg(long)]
    pub(in crate::cli) unsafe_fixes: bool,
    /// Write nothing: show the changes of --fix as a unified diff, and exit with 1 if there are any
    #[arg(long, conflicts_with = "fix")]
    pub(in crate::cli) diff: bool,
}

/// The format of the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LintFormat {
    /// Text for people.
    Text,
    /// One line for each finding.
    Concise,
    /// JSON for programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// JUnit XML.
    Junit,
    /// The Code Quality report of GitLab.
    Gitlab,
}

/// A severity: that which makes the command fail, or which it prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Severity {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// Anything.
    Info,
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Info => Level::Info,
        }
    }
}

fn kernel_range(text: &str) -> Result<KernelRange, String> {
    KernelRange::parse(text).ok_or_else(|| {
        "expected one version, such as 6.1, or the oldest and the newest, such as 5.10..6.12"
            .to_owned()
    })
}

fn auditctl_version(text: &str) -> Result<AuditctlVersion, String> {
    AuditctlVersion::parse(text)
        .ok_or_else(|| "expected two or three numbers, such as 3.0.7".to_owned())
}

fn selector(text: &str) -> Result<Selector, String> {
    Selector::parse(text).ok_or_else(|| {
        let near = nearest(text).map(|near| format!("; did you mean `{near}`?"));
        let near =
            near.unwrap_or_else(|| "; `rauditctl lint --explain ALL` lists the codes".into());
        format!("unknown lint{near}")
    })
}

fn severity(text: &str) -> Result<(Selector, Level), String> {
    let (code, level) = text.split_once('=').ok_or("expected CODE=SEVERITY")?;
    let level =
        Severity::from_str(level, true).map_err(|_| "expected one of error, warning, info")?;
    Ok((selector(code)?, level.into()))
}
