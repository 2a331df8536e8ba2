//! Counts the instructions that a rule takes from its text to its message.
//!
//! `cargo bench --bench instructions`, or, as packages are built, `cargo bench --profile dist --bench instructions`
//!
//! Valgrind counts them, in a run of this program with 10,000 rules and in one with a single rule: the difference is
//! almost the same on every machine and in every run. Without Valgrind, the program only prints that. It uses no framework:
//! that of gungraun consists of a library and a program of exactly its version, which a developer must install.
//!
//! Fails if a rule takes more than [`LIMIT`].

#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod generated;

use std::hint::black_box;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, ExitCode};

use generated::rules_file;
use rauditctl::catalog::Arch;
use rauditctl::compile::{End, Options, Step, compile};
use rauditctl::host::FixedHost;
use rauditctl::syntax::{Content, lines, parse_line};
use rauditctl::wire::append_request;

/// The number of rules.
const RULES: usize = 10_000;
/// The maximum number of instructions for a rule from text to message, in the library.
const LIMIT: usize = 8_000;
/// The number of bytes that are sent together at most.
const SENT_TOGETHER: usize = 128 * 1024;
/// The argument that makes this program do what is measured, with the file of the next argument.
const MEASURED: &str = "--measured";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, MEASURED, file] => {
            let text = std::fs::read(file).expect("the rules");
            messages(&text);
            ExitCode::SUCCESS
        }
        // `cargo test --all-targets` runs this program too.
        [_, rest @ ..] if !rest.contains(&"--bench") => ExitCode::SUCCESS,
        _ => measure(),
    }
}

/// Compiles text to messages, as many at once as are sent together.
fn messages(text: &[u8]) {
    let host = FixedHost::new(Arch::X86_64);
    let mut messages = Vec::with_capacity(SENT_TOGETHER);
    for (line, sequence) in lines(text).zip(1..) {
        let Content::Command(command) = parse_line(&line) else { continue };
        let options = Options { line: Some(line.number), ..Options::default() };
        let program = compile(&command, &host, options);
        let settings = program.steps.iter().filter_map(|step| match step {
            Step::Send(request, _) => Some(&**request),
            _ => None,
        });
        let rule = match &program.end {
            End::Rule(request, _) => Some(request),
            _ => None,
        };
        for request in settings.chain(rule) {
            append_request(request, sequence, &mut messages);
        }
        if messages.len() > SENT_TOGETHER / 2 {
            black_box(&messages);
            messages.clear();
        }
    }
    black_box(&messages);
}

/// Measures the library and the program. Returns whether the library stays below the limit.
fn measure() -> ExitCode {
    let this = std::env::current_exe().expect("a program has a path");
    let program = Path::new(env!("CARGO_BIN_EXE_rauditctl"));
    let Some(library) = per_rule(&this, &[MEASURED]) else {
        println!("there is no valgrind here: nothing is measured");
        return ExitCode::SUCCESS;
    };
    println!("text to messages, in the library: {library} instructions a rule, at most {LIMIT}");
    let raw = per_rule(program, &["compile", "--raw", "--arch", "x86_64"]);
    println!("`rauditctl compile --raw`: {} instructions a rule", raw.unwrap_or_default());
    if library <= LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns the number of instructions that a rule takes in a program; `None` without Valgrind.
fn per_rule(program: &Path, arguments: &[&str]) -> Option<usize> {
    let [one, all] = [1, RULES].map(|rules| {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(rules_file(rules).as_bytes()).expect("the file is written");
        instructions(program, arguments, file.path())
    });
    Some((all? - one?) / (RULES - 1))
}

/// Returns the number of instructions of a run; `None` without Valgrind.
fn instructions(program: &Path, arguments: &[&str], file: &Path) -> Option<usize> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    let output = match valgrind.arg(program).args(arguments).arg(file).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        output => output.expect("valgrind runs"),
    };
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{printed}");
    let count = printed.lines().find_map(|line| line.split("Collected : ").nth(1)?.parse().ok());
    Some(count.unwrap_or_else(|| panic!("valgrind printed: {printed}")))
}
