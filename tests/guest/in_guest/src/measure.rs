//! Measures the cost of a syscall: with QEMU's `-icount shift=0,sleep=off` the guest's clock counts instructions, one
//! per nanosecond.

use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::process::Command;
use std::time::Instant;

use nix::fcntl::{OFlag, open};
use nix::sys::stat::{Mode, stat};
use nix::unistd::{getpid, getppid};

/// The file that stat looks up.
const FILE: &std::ffi::CStr = c"/etc/passwd";

/// Calls before the clock starts, which fill the caches of paths and of translated code.
const WARM_UP: u32 = 2_000;

/// Prints the number of instructions of `count` calls of each syscall, including the loop around them.
pub(crate) fn run(count: u32) {
    let getpid = measure(count, || black_box(getpid()));
    let stat = measure(count, || black_box(stat(FILE)).expect("a file"));
    println!("getpid={getpid} stat={stat}");
}

/// Prints the number of instructions of one of `count` calls of each syscall that the benchmark of optimized rules shows.
pub(crate) fn run_calls(count: u32) {
    let zeros = File::open("/dev/zero").expect("a device");
    let mut byte = [0];
    let mut read = || (&zeros).read(&mut byte).expect("a byte");
    let calls = [
        ("getpid", measure(count, || black_box(getpid()))),
        ("getppid", measure(count, || black_box(getppid()))),
        ("stat", measure(count, || black_box(stat(FILE)).expect("a file"))),
        ("read", measure(count, || black_box(read()))),
        ("open", measure(count, || open(FILE, OFlag::O_RDONLY, Mode::empty()).expect("a file"))),
    ];
    let words = calls.map(|(name, all)| format!("{name}={:.1}", all as f64 / f64::from(count)));
    println!("{}", words.join(" "));
}

/// Runs a program, and prints how long that takes.
pub(crate) fn run_program(program: &str, arguments: &[&str]) -> Result<(), String> {
    let start = Instant::now();
    let output =
        Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
    let time = start.elapsed().as_nanos();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    println!("{time}");
    Ok(())
}

/// Returns the number of instructions of `count` calls.
fn measure<T>(count: u32, mut call: impl FnMut() -> T) -> u128 {
    (0..WARM_UP).for_each(|_| drop(call()));
    let start = Instant::now();
    (0..count).for_each(|_| drop(call()));
    start.elapsed().as_nanos()
}
