//! The program: two faces, one engine.
//!
//! | file | what |
//! |---|---|
//! | `auditctl` | called as auditctl: what auditctl does, to the letter |
//! | `direct` | called as rauditctl with auditctl's options: the same, checked first |
//! | `load` | `rauditctl -R` |
//! | `args`, `commands` | called as rauditctl with a command of its own |
//! | `rules_file`, `tolerance` | files, read and compiled whole; what `-i` and `-c` forgive |
//! | `rules_dir`, `version_sort` | directories of rules files, as augenrules joins them |
//! | `operations` | what all of them ask of a kernel |
//! | `host`, `accounts`, `names` | the machine this runs on |
//! | `log`, `report`, `usage` | what is said |

mod accounts;
mod answers;
mod args;
mod auditctl;
mod commands;
mod host;
mod load;
mod log;
mod names;
mod native;
mod operations;
mod report;
mod rules_dir;
mod rules_file;
mod tolerance;
mod usage;
mod version_sort;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Arguments, Command};

/// Runs the program with the arguments of this process; what it returns is its exit status.
pub fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    let arguments: Vec<OsString> = arguments.collect();
    let is_auditctl = Path::new(&name).file_name() == Some(OsStr::new("auditctl"));
    ExitCode::from(match is_auditctl {
        true => auditctl::run(&arguments),
        false => rauditctl(&arguments),
    })
}

/// Whether the first word is a command of ours, or auditctl's options follow.
fn rauditctl(arguments: &[OsString]) -> u8 {
    let is_ours = |word: &OsString| {
        let ours = ["--explain-bitmap", "--version", "-V", "--help", "-h"];
        ours.iter().any(|option| word == option) || !word.as_bytes().starts_with(b"-")
    };
    match arguments.first() {
        None => {
            let _ = Arguments::command().print_help();
            native::exit::ERROR
        }
        Some(first) if is_ours(first) || explains(arguments) => our_command(arguments),
        Some(_) => native::run(arguments),
    }
}

/// `--explain-bitmap` may stand anywhere among its own options.
fn explains(arguments: &[OsString]) -> bool {
    arguments.iter().any(|word| word == "--explain-bitmap")
}

fn our_command(arguments: &[OsString]) -> u8 {
    let mut words = vec![OsString::from("rauditctl")];
    if explains(arguments) {
        words.push("explain".into());
    }
    words.extend(arguments.iter().filter(|word| *word != "--explain-bitmap").cloned());
    match Arguments::try_parse_from(words) {
        Ok(arguments) => match arguments.command {
            Command::Explain(explain) => commands::explain::run(&explain),
            Command::Compile(compile) => commands::compile::run(&compile),
            Command::Lint(lint) => commands::lint::run(&lint),
            Command::Fmt(fmt) => commands::fmt::run(&fmt),
            Command::Lsp => commands::lsp::run(),
            Command::Completions { shell } => commands::completions::run(shell),
        },
        Err(error) => {
            let _ = error.print();
            u8::try_from(error.exit_code()).unwrap_or(commands::exit::USAGE)
        }
    }
}
