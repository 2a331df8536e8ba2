//! The options of `optimize`.

use std::borrow::Cow;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Reading, Target, kernel_version};
use crate::catalog::{Arch, KernelVersion};
use crate::diag::escaped;
use crate::report::optimize::Words;
use crate::rewrite::optimize::{Kind, Step};

/// The text of `optimize --help` below the options.
const HELP: &str = "\
Examples:
  rauditctl optimize /etc/audit/rules.d -o audit.rules --kernel 6.1
  rauditctl optimize rules.d > audit.rules              report: standard error
  rauditctl optimize --skip merge-arch rules.d -o audit.rules
  rauditctl optimize --keep identity,logins rules.d -o audit.rules
  rauditctl optimize --check audit.rules rules.d        fails if one has changed

The steps, in order:
  drop            rules that decide nothing
  merge-perm      rules that differ only in `perm`
  merge-syscalls  rules that differ only in their syscalls
  merge-ranges    rules whose ranges of numbers join
  merge-arch      rules for each word size that need no `arch`
  narrow          syscalls that a rule cannot match
  order           conditions that fail early and cost little first
  lead            `never` for whole syscalls before rules that cannot match them

The steps that `--allow` adds, each with its price:
  merge-keys      rules that differ only in their syscalls and keys
                  an event has the keys of all the rules that were merged
  fast-path       `never` rules for syscalls that no later rule can record
                  records of other subsystems, such as AVC and LOGIN, lose their
                  SYSCALL record there; --keep-companions names syscalls in
                  which they keep it
  skip-daemons    a rule that takes tasks without a login user out of auditing
                  only if every rule that records asks for a login user; a
                  process that sets its own is not recorded until it makes
                  another one

Without --allow, the new rules record the same events under the same keys. Each step is proved, and what is not \
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
    /// Make these steps too, which have a price
    #[arg(long, value_name = "STEPS", value_delimiter = ',', value_parser = priced_step)]
    pub(in crate::cli) allow: Vec<Step>,
    /// With `--allow fast-path`: leave these syscalls as they are
    #[arg(long, value_name = "SYSCALLS", value_delimiter = ',')]
    pub(in crate::cli) keep_companions: Vec<String>,
    /// Choose the kind of kernel that the rules are for: `stock`, or `bitmap` with the counters for each syscall
    #[arg(long = "for", value_name = "KIND", value_parser = kind, default_value = "stock")]
    pub(in crate::cli) kind: Kind,
    /// Leave rules with these keys as they are, for programs that look for their text
    #[arg(long, value_name = "KEYS", value_delimiter = ',', value_parser = key)]
    pub(in crate::cli) keep: Vec<String>,
    /// Write the rules to a file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Show what the rules cost these calls before and after: counts as for `explain --workload`
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) workload: Option<PathBuf>,
    /// Check that this earlier output still belongs to its source, with the options in its head; write nothing
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = [
            "arch",
            "kernel",
            "only",
            "skip",
            "allow",
            "keep_companions",
            "kind",
            "keep",
            "output",
            "workload"
        ]
    )]
    pub(in crate::cli) check: Option<PathBuf>,
    /// Choose the format of the report
    #[arg(long, value_enum, default_value_t = OptimizeFormat::Text)]
    pub(in crate::cli) format: OptimizeFormat,
    #[command(flatten)]
    pub(in crate::cli) reading: Reading,
}

impl Optimize {
    /// Returns the options that decide what the rules are, for a known machine and kernel.
    pub(in crate::cli) fn deciding(&self, arch: Arch, version: KernelVersion) -> Words {
        let mut words: Vec<String> = Vec::new();
        let mut option =
            |name: &str, value: &str| words.extend([name.to_owned(), value.to_owned()]);
        option("--arch", arch.common_name());
        option("--kernel", &version.to_string());
        option("--for", self.kind.name());
        self.only.iter().for_each(|step| option("--only", step.name()));
        self.skip.iter().for_each(|step| option("--skip", step.name()));
        self.allow.iter().for_each(|step| option("--allow", step.name()));
        self.keep_companions.iter().for_each(|name| option("--keep-companions", name));
        self.keep.iter().for_each(|key| option("--keep", key));
        Words::escaped(words)
    }
}

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OptimizeFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::from_name(text).ok_or_else(|| {
        let names = Kind::ALL.map(Kind::name).join(" and ");
        format!("the kinds are {names}")
    })
}

fn step(text: &str) -> Result<Step, String> {
    one_of(text, Step::exact())
}

fn priced_step(text: &str) -> Result<Step, String> {
    one_of(text, Step::priced())
}

fn one_of(text: &str, mut steps: impl Iterator<Item = Step> + Clone) -> Result<Step, String> {
    let names = steps.clone();
    steps.find(|step| step.name() == text).ok_or_else(|| {
        let names: Vec<&str> = names.map(Step::name).collect();
        format!("the steps are {}", names.join(", "))
    })
}

fn key(text: &str) -> Result<String, String> {
    match escaped(text) {
        Cow::Borrowed(key) => Ok(key.to_owned()),
        Cow::Owned(_) => Err("the head of the file holds printable keys only".to_owned()),
    }
}
