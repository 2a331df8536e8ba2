//! The command line of the rauditctl face, as far as it is not auditctl's.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::catalog::Arch;

/// What `--help` says below the commands.
const AUDITCTL_OPTIONS: &str = "\
auditctl's options work too, without a command:
  -R <file>            load a rules file: all of it, or nothing
  -l [-i | -k <key>]   list the kernel's rules
  -s [-i]              show settings and counters
  -D [-k <key>]        delete rules
  -a, -A, -d, -w, -W   add and delete single rules
  -e, -f, -b, -r       change settings
See rauditctl(8) for all of them. Called by the name `auditctl`, the program behaves as
auditctl 4.2.2 does.

Try it without root and without touching a kernel:
  rauditctl --explain-bitmap /etc/audit/audit.rules";

/// A compiler for Linux audit rules: checks a rules file, shows which syscalls it arms, loads it.
#[derive(Debug, Parser)]
#[command(name = "rauditctl", version, after_help = AUDITCTL_OPTIONS, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands that auditctl does not have.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show which syscalls a rules file arms, and because of which rule [also: --explain-bitmap]
    Explain(Explain),
    /// Print what would be sent to the kernel, sending nothing
    Compile(Compile),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// `rauditctl explain`
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Rules files, in the order in which they are loaded; `-` is standard input
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) target: Target,
    /// Entries in the kernel's syscall table [default: those of the newest kernel known]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=2048))]
    pub(super) nr_syscalls: Option<u32>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
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

fn arch(name: &str) -> Result<Arch, String> {
    Arch::from_name(name.as_bytes()).ok_or_else(|| {
        let known: Vec<&str> = Arch::ALL.iter().map(|arch| arch.common_name()).collect();
        format!("one of {}", known.join(", "))
    })
}
