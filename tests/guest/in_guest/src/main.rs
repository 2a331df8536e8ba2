//! Helper of the guest tests: talks to the guest's kernel in ways that `rauditctl` does not.
//!
//! ```text
//! in_guest load FILE          adds rules: for each its length (native u32), then its bytes
//! in_guest floor FILE         adds the rules of a file of `compile --raw`, and lists them, as fast as the kernel allows
//! in_guest time PROGRAM ...   prints how long a run of a program takes, in nanoseconds
//! in_guest model SEED COUNT   sends COUNT random sequences of requests to the kernel and to the model
//! in_guest events SETS OUT    makes calls under rule sets, and writes what the kernel records of them
//! in_guest messages SETS OUT   sends messages of programs under rule sets, and writes which the kernel records
//! in_guest sequences FILE OUT  makes calls one after the other on the same files, under rule sets
//! in_guest operations SETS OUT  runs operations of io_uring under rule sets
//! in_guest witnesses FILE OUT  makes the calls of witnesses, each under three rule sets
//! in_guest count PROGRAM...     runs a program, and prints how many syscalls it makes while it changes rules
//! in_guest kill AT PROGRAM...   kills a program before such a syscall, and prints the signal that ended it
//! in_guest measure COUNT      prints how long COUNT calls of getpid and of stat take, in nanoseconds
//! in_guest calls COUNT        prints how long a call of each of five syscalls takes, in nanoseconds
//! ```
//!
//! After an error it prints the error and exits with 1. Outside of the guest it does nothing: it requires
//! `rauditctl.guest` on the kernel command line.

#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used
)]

mod events;
mod floor;
mod killed;
mod load;
mod measure;
mod model;
#[path = "../../random.rs"]
mod random;
mod requests;
mod show;

use std::process::ExitCode;

use rauditctl::kernel::Netlink;

fn main() -> ExitCode {
    let kernel = std::fs::read_to_string("/proc/cmdline").unwrap_or_default();
    if !kernel.split_whitespace().any(|word| word == "rauditctl.guest=1") {
        eprintln!("this is not the guest: its rules are not touched");
        return ExitCode::FAILURE;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut kernel = Netlink::open().expect("a socket to the kernel");
    let done = match arguments.as_slice() {
        ["load", file] => load::run(&mut kernel, file.as_ref()),
        ["floor", file] => floor::run(file.as_ref()),
        ["time", program, arguments @ ..] => measure::run_program(program, arguments),
        ["events", sets, out] => events::run(&mut kernel, sets.as_ref(), out.as_ref()),
        ["messages", sets, out] => events::run_messages(&mut kernel, sets.as_ref(), out.as_ref()),
        ["sequences", file, out] => events::run_sequences(&mut kernel, file.as_ref(), out.as_ref()),
        ["operations", sets, out] => {
            events::run_operations(&mut kernel, sets.as_ref(), out.as_ref())
        }
        ["witnesses", file, out] => events::run_witnesses(&mut kernel, file.as_ref(), out.as_ref()),
        ["model", seed, count] => {
            model::run(&mut kernel, seed.parse().expect("a seed"), count.parse().expect("a number"))
        }
        ["count", program @ ..] => killed::count(program).map_err(|error| error.to_string()),
        ["kill", at, program @ ..] => {
            killed::kill(at.parse().expect("a number"), program).map_err(|error| error.to_string())
        }
        ["measure", count] => {
            measure::run(count.parse().expect("a number"));
            Ok(())
        }
        ["calls", count] => {
            measure::run_calls(count.parse().expect("a number"));
            Ok(())
        }
        _ => Err(
            "usage: in_guest load FILE | floor FILE | time PROGRAM... | model SEED COUNT | events SETS OUT \
                 | messages SETS OUT | sequences FILE OUT | operations SETS OUT | witnesses FILE OUT \
                 | count PROGRAM... | kill AT PROGRAM... | measure COUNT | calls COUNT"
                .into(),
        ),
    };
    // The end of a process without a parent interrupts process 1, which may be writing its last bytes.
    while nix::sys::wait::wait().is_ok() {}
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            println!("{what}");
            ExitCode::FAILURE
        }
    }
}
