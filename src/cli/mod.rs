//! The program: two modes, one engine.
//!
//! | file | what |
//! |---|---|
//! | `auditctl` | called as auditctl: behaves as auditctl does |
//! | `native`, `answers` | called as rauditctl with auditctl's options: the same, checked first |
//! | `load`, `restored` | `rauditctl -R` |
//! | `lock`, `signals` | keep others from interrupting a change of the rules |
//! | `args`, `commands` | called as rauditctl with a command of its own |
//! | `read` | reads the files that a user names |
//! | `rules_files` | rules files and directories |
//! | `desired` | the rules that a kernel shall hold, for `plan` and `apply` |
//! | `running` | the kernel of this machine |
//! | `own_rules` | a kernel of which only the rules of one owner are seen |
//! | `planned` | what must change in a kernel |
//! | `other_commands` | words that are not commands |
//! | `rules_dir`, `version_sort` | directories of rules files, in augenrules' order |
//! | `operations` | requests that both modes send to a kernel |
//! | `host`, `accounts`, `names` | the machine that the program runs on |
//! | `log`, `report`, `usage`, `exit` | messages and exit statuses |

mod absent;
mod accounts;
mod answers;
mod args;
mod auditctl;
mod commands;
mod desired;
mod exit;
mod host;
mod load;
mod loaded_from;
mod lock;
mod log;
mod names;
mod native;
mod operations;
mod other_commands;
mod overtaken;
mod own_rules;
mod planned;
mod process;
mod read;
mod report;
mod restored;
mod rules_dir;
mod rules_files;
mod running;
mod signals;
mod usage;
mod version_sort;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::ExitCode;

use clap::FromArgMatches;

use args::{Arguments, Command};
use exit::{AuditctlExit, Exit};

/// Runs the program with the arguments of this process; returns its exit status.
pub fn main() -> ExitCode {
    // The kernel clears a huge page when the allocator touches it first. That takes as long as compiling hundreds of rules.
    let _ = nix::sys::prctl::set_thp_disable(true);
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    let arguments: Vec<OsString> = arguments.collect();
    let is_auditctl = Path::new(&name).file_name() == Some(OsStr::new("auditctl"));
    match is_auditctl {
        true => auditctl::run(&arguments).into(),
        false => rauditctl(&arguments),
    }
}

/// Runs a command of our own, or auditctl's options, depending on the first word.
fn rauditctl(arguments: &[OsString]) -> ExitCode {
    let is_ours = |word: &OsString| {
        let ours = ["--explain-bitmap", "--version", "-V", "--help", "-h"];
        ours.iter().any(|option| word == option) || !word.as_bytes().starts_with(b"-")
    };
    match arguments.first() {
        None => {
            let _ = args::command().print_help();
            AuditctlExit::Error.into()
        }
        Some(first) if is_ours(first) || explains(arguments) => our_command(arguments).into(),
        Some(_) => native::run(arguments).into(),
    }
}

/// Returns whether the arguments are those of `explain`: `--explain-bitmap` may be anywhere among
/// its options.
fn explains(arguments: &[OsString]) -> bool {
    arguments.iter().any(|word| word == "--explain-bitmap")
}

fn our_command(arguments: &[OsString]) -> Exit {
    let mut words = vec![OsString::from("rauditctl")];
    if explains(arguments) {
        words.push("explain".into());
    }
    words.extend(arguments.iter().filter(|word| *word != "--explain-bitmap").cloned());
    let parsed = args::command().try_get_matches_from(words);
    match parsed.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => match arguments.command {
            Command::Explain(explain) => commands::explain::run(&explain),
            Command::Compare(compare) => commands::compare::run(&compare),
            Command::Covers(covers) => commands::covers::run(&covers),
            Command::Optimize(optimize) => commands::optimize::run(&optimize),
            Command::Replay(replay) => commands::replay::run(&replay),
            Command::Plan(plan) => commands::plan::run(&plan),
            Command::Apply(apply) => commands::apply::run(&apply),
            Command::Compile(compile) => commands::compile::run(&compile),
            Command::Lint(lint) => commands::lint::run(&lint),
            Command::Fmt(fmt) => commands::fmt::run(&fmt),
            Command::Test(test) => commands::test::run(&test),
            #[cfg(feature = "lsp")]
            Command::Lsp => commands::lsp::run(),
            Command::Completions { shell } => commands::completions::run(shell),
        },
        Err(mut error) => {
            other_commands::suggest(&mut error);
            let _ = error.print();
            if error.use_stderr() { Exit::Unanswered } else { Exit::Done }
        }
    }
}
