//! Measures the cost of a syscall: with QEMU's `-icount shift=0,sleep=off` the guest's clock counts instructions, one
//! per nanosecond.

use std::hint::black_box;
use std::time::Instant;

use nix::sys::stat::stat;
use nix::unistd::getpid;

/// The file that stat looks up.
const FILE: &std::ffi::CStr = c"/etc/passwd";

/// Calls before the clock starts, which fill the caches of paths and of translated code.
const WARM_UP: u32 = 2_000;

/// Prints the number of instructions of `count` calls of each syscall, including the loop around them.
pub(crate) fn run(count: u32) {
    let getpid = measure(count, || {
        black_box(getpid());
    });
    let stat = measure(count, || {
        black_box(stat(FILE)).expect("a file");
    });
    println!("getpid={getpid} stat={stat}");
}

/// Returns the number of instructions of `count` calls.
fn measure(count: u32, call: impl Fn()) -> u128 {
    (0..WARM_UP).for_each(|_| call());
    let start = Instant::now();
    (0..count).for_each(|_| call());
    start.elapsed().as_nanos()
}
