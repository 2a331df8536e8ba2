//! The options of `plan` and `apply`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Format, Reading, Target, kernel_version};
use crate::catalog::KernelVersion;
use crate::cli::own_rules::OwnKeys;

/// The text of `plan --help` below the options.
const PLAN_HELP: &str = "\
Examples:
  rauditctl plan /etc/audit/rules.d                   what `apply` would change
  rauditctl plan rules.d -o change.plan               save it for `apply`
  rauditctl plan --show change.plan
  rauditctl plan rules.d --against web3.txt           output of `auditctl -l`
  rauditctl plan rules.d --summary --against hosts/*  many hosts in one table

The signs: + is added, - is deleted, ^ gets another place. A rule moves over a bridge: another rule records \
the same events while it is deleted and added again.

The exit status is 0 if there is nothing to do, 1 if something differs, 2 if there is no answer, 3 if a \
listing does not show enough, and 4 if the change takes effect at the next boot.";

/// The text of `apply --help` below the options.
const APPLY_HELP: &str = "\
Examples:
  rauditctl apply /etc/audit/rules.d     these rules, and no others
  rauditctl apply rules.d --confirm 60s  back to the rules before, unless...
  rauditctl apply --keep                 ...this comes in time
  rauditctl apply change.plan            what `plan -o change.plan` has saved
  rauditctl apply --undo                 the rules before the last change

The kernel gets all changes or none. Rules that stay are not touched, and no event that the old and the new \
rules record is missed. The exit status is 0 if the kernel has the rules, 1 if the rules of a saved plan have \
changed or if --keep-going left out rules, 2 if nothing was changed because of an error, and 4 if the change \
takes effect at the next boot.";

/// What is read, and what counts as a difference.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Planning {
    /// Show rules that are written differently and mean the same as differences, too
    #[arg(long)]
    pub(in crate::cli) exact: bool,
    /// Show rules in another order as differences even if the order cannot matter
    #[arg(long)]
    pub(in crate::cli) exact_order: bool,
    /// Allow a moment in which events of rules that move are missed: fewer requests
    #[arg(long)]
    pub(in crate::cli) allow_gap: bool,
    /// Leave all rules alone but those with such a key, such as 'site-*'; can be repeated, and takes several with commas.
    /// Settings are those of everybody
    #[arg(long, value_name = "KEYS", value_delimiter = ',', value_parser = OwnKeys::parse)]
    pub(in crate::cli) own_keys: Vec<OwnKeys>,
    /// Leave out rules whose path or account this machine lacks, and list them
    #[arg(long)]
    pub(in crate::cli) skip_absent: bool,
    #[command(flatten)]
    pub(in crate::cli) reading: Reading,
}

/// An option with several values takes what comes after it, so the files come first.
const PLAN_USAGE: &str = "rauditctl plan <FILES>... [OPTIONS]\n       rauditctl plan --show <FILE>";

/// `rauditctl plan`
#[derive(Debug, Args)]
#[command(after_help = PLAN_HELP, override_usage = PLAN_USAGE)]
pub(in crate::cli) struct Plan {
    /// Rules files and directories, in load order; `-` is standard input
    #[arg(required_unless_present_any = ["show", "against"])]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Compare with saved listings of kernels, not with the kernel of this machine: the output of `auditctl -l`, or of
    /// `rauditctl -l --format json`. Takes all words after it, so that the rules files come before it
    #[arg(long, value_name = "LISTING", num_args = 1..)]
    pub(in crate::cli) against: Vec<PathBuf>,
    /// Show which of the kernels of --against differ, and in what
    #[arg(long, requires = "against", conflicts_with_all = ["output", "show"])]
    pub(in crate::cli) summary: bool,
    /// Save the plan for `apply`
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["against", "show"])]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Show a saved plan
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "against", "exact", "exact_order", "allow_gap", "own_keys",
          "skip_absent", "arch", "kernel"])]
    pub(in crate::cli) show: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) planning: Planning,
    #[command(flatten)]
    pub(in crate::cli) target: Target,
    /// Set the kernel version that decides which differences matter, such as 6.1 [default: the running version]
    #[arg(long, value_name = "VERSION", value_parser = kernel_version, requires = "against", conflicts_with = "output")]
    pub(in crate::cli) kernel: Option<KernelVersion>,
    /// Choose the output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
    /// Exit with 0 even if something differs
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,
}

/// The options that are about rules files.
const NOT_WITH_KEEP_OR_UNDO: [&str; 10] = [
    "files",
    "confirm",
    "keep_going",
    "expedite",
    "exact",
    "exact_order",
    "allow_gap",
    "own_keys",
    "skip_absent",
    "max_size",
];

/// `rauditctl apply`
#[derive(Debug, Args)]
#[command(after_help = APPLY_HELP)]
pub(in crate::cli) struct Apply {
    /// Rules files and directories, in load order, or a plan that `plan -o` has saved
    #[arg(required_unless_present_any = ["keep", "undo", "revert"])]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Go back to the rules before after this time, such as 60s or 5m, unless `apply --keep` comes first
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(in crate::cli) confirm: Option<Duration>,
    /// Keep the rules of `apply --confirm`
    #[arg(long, conflicts_with_all = NOT_WITH_KEEP_OR_UNDO, conflicts_with_all = ["undo", "list", "verbose"])]
    pub(in crate::cli) keep: bool,
    /// Go back to the rules before the last change
    #[arg(long, conflicts_with_all = NOT_WITH_KEEP_OR_UNDO)]
    pub(in crate::cli) undo: bool,
    /// List the states that --undo goes back to, and change nothing
    // clap waives what is required if it conflicts with another option that is given.
    #[arg(long, requires = "undo", conflicts_with_all = NOT_WITH_KEEP_OR_UNDO, conflicts_with_all = ["keep", "verbose", "revert"])]
    pub(in crate::cli) list: bool,
    /// Leave out rules that the kernel refuses, as auditctl's -c does
    #[arg(long)]
    pub(in crate::cli) keep_going: bool,
    /// Delete rules faster: other work of the kernel is interrupted meanwhile (`/sys/kernel/rcu_expedited`)
    #[arg(long)]
    pub(in crate::cli) expedite: bool,
    /// Show each request
    #[arg(short, long)]
    pub(in crate::cli) verbose: bool,
    #[command(flatten)]
    pub(in crate::cli) planning: Planning,
    /// Choose the output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
    /// Waits and goes back: the process that `--confirm` starts
    #[arg(long, hide = true, value_name = "SECONDS", conflicts_with_all = ["files", "keep", "undo"])]
    pub(in crate::cli) revert: Option<u64>,
}

/// Reads a time such as `60s`, `5m` or `1h`.
fn time(text: &str) -> Result<Duration, String> {
    let expected = || "expected a time such as 60s, 5m or 1h".to_owned();
    let number = text.trim_end_matches(['s', 'm', 'h']);
    let unit = match text.get(number.len()..) {
        Some("s") => 1,
        Some("m") => 60,
        Some("h") => 3600,
        _ => return Err(expected()),
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    match seconds {
        Some(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
        Some(_) => Err("expected a time from 1s to 24h".to_owned()),
        None => Err(expected()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times() {
        assert_eq!(time("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(time("5m"), Ok(Duration::from_secs(300)));
        assert!(["60", "s", "0s", "25h", "1ss", "-1s"].iter().all(|text| time(text).is_err()));
    }
}
