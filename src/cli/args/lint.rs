//! The options of `rauditctl lint`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arch;
use crate::catalog::Arch;
use crate::diag::Level;
use crate::lint::{KernelRange, Selector, nearest};

/// What `lint --help` says below the options.
const EXAMPLES: &str = "\
Examples:
  rauditctl lint /etc/audit/rules.d                a directory, as augenrules would join it
  rauditctl lint --arch x86_64,aarch64 --kernel 5.10..6.12 rules.d
  rauditctl lint --fix rules.d                     mend what does not change the kernel's rules
  rauditctl lint --diff --unsafe-fixes rules.d     show all that could be mended
  rauditctl lint --format sarif -o lint.sarif rules.d
  rauditctl lint --explain P101

What a repository has decided stands in rauditctl.toml; `# rauditctl: allow(P101) reason` above a rule allows one
finding.";

/// `rauditctl lint`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Lint {
    /// Rules files and directories of them, in the order in which they are loaded; `-` is standard input
    #[arg(required_unless_present = "explain")]
    pub(in crate::cli) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) scope: Scope,
    #[command(flatten)]
    pub(in crate::cli) fixing: Fixing,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    pub(in crate::cli) format: LintFormat,
    /// Where to write them [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Print how often each code was found, and nothing else
    #[arg(long, conflicts_with = "format")]
    pub(in crate::cli) statistics: bool,
    /// Exit with 1 for findings this bad or worse [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(in crate::cli) fail_on: Option<FailOn>,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,
    /// Say what a code means, with an example and how to mend it; for the letter of a group, or ALL, list
    /// the codes
    #[arg(long, value_name = "CODE", value_parser = selector)]
    pub(in crate::cli) explain: Option<Selector>,
}

/// What is looked for.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is looked for")]
pub(in crate::cli) struct Scope {
    /// The machines the rules are for, such as x86_64,aarch64 [default: this one]
    #[arg(long, value_name = "ARCHES", value_delimiter = ',', value_parser = arch)]
    pub(in crate::cli) arch: Vec<Arch>,
    /// The kernels the rules are for: one, such as 6.1, or a range, such as 5.10..6.8 [default: any]
    #[arg(long, value_name = "RANGE", value_parser = kernel_range)]
    pub(in crate::cli) kernel: Option<KernelRange>,
    /// Look for these only: codes, names, the letter of a group, or ALL
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = selector)]
    pub(in crate::cli) select: Vec<Selector>,
    /// Do not look for these
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = selector)]
    pub(in crate::cli) ignore: Vec<Selector>,
    /// How bad something is: CODE=error, warning or info
    #[arg(long, value_name = "CODE=SEVERITY", value_delimiter = ',', value_parser = severity)]
    pub(in crate::cli) severity: Vec<(Selector, Level)>,
    /// How many rules may be walked at every exit of a syscall [default: 100]
    #[arg(long, value_name = "NUMBER")]
    pub(in crate::cli) max_walk: Option<usize>,
    /// Look for accounts and paths on this machine
    #[arg(long)]
    pub(in crate::cli) host: bool,
    /// The configuration [default: rauditctl.toml in the folder of the rules, or above it]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long)]
    pub(in crate::cli) no_config: bool,
}

/// Which fixes to make.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "What is mended")]
pub(in crate::cli) struct Fixing {
    /// Mend what can be mended without a change to the kernel's rules
    #[arg(long)]
    pub(in crate::cli) fix: bool,
    /// With --fix or --diff, mend too what changes them
    #[arg(long)]
    pub(in crate::cli) unsafe_fixes: bool,
    /// Write nothing; show what --fix would change as a unified diff, and exit with 1 if anything would
    #[arg(long, conflicts_with = "fix")]
    pub(in crate::cli) diff: bool,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LintFormat {
    /// For people.
    Text,
    /// For programs of one's own.
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

/// How bad findings must be to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailOn {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// Anything.
    Info,
}

impl From<FailOn> for Level {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Level::Error,
            FailOn::Warning => Level::Warning,
            FailOn::Info => Level::Info,
        }
    }
}

fn kernel_range(text: &str) -> Result<KernelRange, String> {
    KernelRange::parse(text).ok_or_else(|| "one version, or two with `..` between them".to_owned())
}

fn selector(text: &str) -> Result<Selector, String> {
    Selector::parse(text).ok_or_else(|| {
        let near = nearest(text).map(|near| format!("; did you mean `{near}`?"));
        format!("no lint is called so{}", near.unwrap_or_default())
    })
}

fn severity(text: &str) -> Result<(Selector, Level), String> {
    let (code, level) = text.split_once('=').ok_or("write CODE=SEVERITY")?;
    let level = FailOn::from_str(level, true).map_err(|_| "one of error, warning, info")?;
    Ok((selector(code)?, level.into()))
}
