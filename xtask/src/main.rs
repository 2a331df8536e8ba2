//! `cargo xtask`: runs the generators and the tests.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::PathBuf;
use std::process::ExitCode;

use xtask::suite::Scope;
use xtask::tsv::Fault;
use xtask::{consumers, import, new_lint, package, root, suite, vocab};

const USAGE: &str = "\
usage: cargo xtask test [--fast]
           run all tests; root first installs the Debian packages that they need, and `consumers` is run. With
           --fast only those that need no guest, no browser, no consumers and little time, and nothing is installed
       cargo xtask consumers
           install the programs of tests/consumers from PyPI and npm into target/consumers
       cargo xtask package
           make a Debian package in target/debian, by cargo-deb
       cargo xtask new-lint [--group GROUP] NAME
           make the files of a lint and register it; GROUP is correctness (the default), performance,
           robustness or style
       cargo xtask vocab [--check]
           write src/catalog/generated and the grammar in grammar/editors from grammar/vocab, and
           src/analysis/cost/built_in.rs from data/calibration, or only show what is stale
       cargo xtask import-syscalls [--auditctl DUMPS] DIR...
           write grammar/vocab/syscalls from unpacked releases of the PyPI package system-calls, each in a
           directory system_calls-VERSION; DUMPS holds `ausyscall ARCH --dump` of an audit-userspace as ARCH.txt";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<ExitCode, Fault> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => Ok(test(Scope::All)),
        ["test", "--fast"] => Ok(test(Scope::Fast)),
        ["consumers"] => Ok(match consumers::install(&root()) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("target/consumers: {error}");
                ExitCode::FAILURE
            }
        }),
        ["package"] => Ok(match package::run(&root()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        }),
        ["new-lint", name] => Ok(make_lint("correctness", name)),
        ["new-lint", "--group", group, name] => Ok(make_lint(group, name)),
        ["vocab"] => {
            for path in vocab::write(&root())? {
                println!("wrote {}", path.display());
            }
            Ok(ExitCode::SUCCESS)
        }
        ["vocab", "--check"] => {
            let stale = vocab::stale(&root())?;
            for path in &stale {
                println!("stale: {}", path.display());
            }
            Ok(if stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        ["import-syscalls", "--auditctl", dumps, dirs @ ..] if !dirs.is_empty() => {
            import_syscalls(dirs, Some(PathBuf::from(dumps)))
        }
        ["import-syscalls", dirs @ ..] if !dirs.is_empty() => import_syscalls(dirs, None),
        _ => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}

fn test(scope: Scope) -> ExitCode {
    match suite::run(&root(), scope) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot run the tests: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make_lint(group: &str, name: &str) -> ExitCode {
    match new_lint::run(&root(), group, name) {
        Ok(paths) => {
            for path in &paths {
                println!("wrote {}", path.display());
            }
            println!(
                "Write the check, the page and the fixtures. Then `SNAPSHOTS=overwrite cargo test --test it lints` \
                 writes docs/lints."
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn import_syscalls(dirs: &[&str], dumps: Option<PathBuf>) -> Result<ExitCode, Fault> {
    let dirs: Vec<PathBuf> = dirs.iter().map(PathBuf::from).collect();
    for line in import::syscalls(&root(), &dirs, dumps.as_deref())? {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}
