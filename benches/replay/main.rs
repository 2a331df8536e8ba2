//! Measures how fast `replay` reads a log of 1 GB with 400 rules, beside Debian's aureport.
//!
//! ```text
//! cargo bench --bench replay
//! ```
//!
//! aureport keeps each event open for two seconds, and compares each record with all that are open: its time depends on how
//! many events a second the log has. So it reads three logs, which differ in that alone. Both programs' counts are compared
//! with what the logs were made of. Fails if they differ, if `replay` reads fewer than 400 MB/s on one CPU or takes more than
//! 200 MB, or if it is not 20 times as fast as aureport where a host is flooded. aureport comes from Debian's package, as
//! for `tests/guest`.

// A program for developers.
#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used
)]
// Parts of tests/guest are not used here.
#![allow(dead_code)]

#[path = "../../tests/guest/apt.rs"]
mod apt;
#[path = "../../tests/guest/cpio.rs"]
mod cpio;
#[path = "../../tests/guest/harness.rs"]
mod harness;
#[path = "../../tests/guest/initramfs.rs"]
mod initramfs;
#[path = "../../tests/guest/kernels.rs"]
mod kernels;
#[path = "../../tests/guest/packages.rs"]
mod packages;

mod log;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use log::Counts;
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::Value;

/// The bytes of a log.
const BYTES: usize = 1_000_000_000;
/// Events a second of a quiet host, and of two that are flooded.
const RATES: [u64; 3] = [50, 1_000, 3_000];
/// From which rate on a host is flooded, so that aureport is slow.
const FLOODED: u64 = 1_000;
/// How many times as fast as aureport `replay` must be then.
const FASTER: f64 = 20.0;
/// The least megabytes a second on one CPU.
const ONE_CPU: f64 = 400.0;
/// The most megabytes of memory.
const MEMORY: f64 = 200.0;
/// `replay` runs this often, and the fastest run counts.
const RUNS: usize = 3;

fn main() -> ExitCode {
    // `cargo test --all-targets` runs this program too.
    if !std::env::args().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let Some(aureport) = harness::ready(packages::programs(&harness::home())).map(Aureport::of)
    else {
        return ExitCode::SUCCESS;
    };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let rules = folder.path().join("audit.rules");
    fs::write(&rules, log::rules()).expect("the rules are written");
    let measured = RATES.map(|rate| {
        let path = folder.path().join(format!("{rate}.log"));
        let counts = log::write(&path, BYTES, rate).expect("the log is written");
        Measured::of(rate, path, &rules, counts)
    });
    // The memory of the children is that of the greatest, so aureport comes after all runs of `replay`.
    let memory =
        getrusage(UsageWho::RUSAGE_CHILDREN).expect("it is counted").max_rss() as f64 / 1e3;
    println!("replay takes at most {memory:.0} MB of memory");
    let mut faults = Vec::new();
    if memory > MEMORY {
        faults.push(format!("at most {MEMORY} MB"));
    }
    for log in measured {
        faults.extend(log.compare(&aureport));
    }
    faults.iter().for_each(|fault| println!("NOT MET: {fault}"));
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A log, and how fast `replay` has read it.
struct Measured {
    /// Events a second.
    rate: u64,
    path: PathBuf,
    /// The events with a key.
    events: u64,
    /// Its size.
    megabytes: f64,
    /// Seconds on all CPUs, and on one.
    all: f64,
    one: f64,
}

impl Measured {
    fn of(rate: u64, path: PathBuf, rules: &Path, counts: Counts) -> Self {
        // Reads the file into memory, too.
        assert_eq!(replayed(&path, rules), counts, "replay counts what the log was made of");
        Measured {
            rate,
            events: counts.values().sum(),
            megabytes: fs::metadata(&path).expect("the log exists").len() as f64 / 1e6,
            all: fastest(|| replay(&path, rules, None)).as_secs_f64(),
            one: fastest(|| replay(&path, rules, Some("0"))).as_secs_f64(),
            path,
        }
    }

    /// Prints the times beside that of aureport. Returns what is slower than it must be.
    fn compare(&self, aureport: &Aureport) -> Vec<String> {
        let Measured { rate, path, events, megabytes, all, one } = self;
        let theirs = aureport.time(path, *events).as_secs_f64();
        let (speed, alone, ratio) = (megabytes / all, megabytes / one, theirs / all);
        println!(
            "{rate:5} events a second: replay {all:.2} s ({speed:.0} MB/s), on one CPU {one:.2} s ({alone:.0} MB/s); \
             aureport -k {theirs:.1} s, {ratio:.1} times as long",
        );
        let is_too_near = *rate >= FLOODED && ratio < FASTER;
        let faults = [
            (alone < ONE_CPU).then(|| format!("{rate}: {ONE_CPU} MB/s on one CPU")),
            is_too_near.then(|| format!("{rate}: {FASTER} times as fast as aureport")),
        ];
        faults.into_iter().flatten().collect()
    }
}

/// Returns the shortest time of some runs.
fn fastest(run: impl Fn() -> Duration) -> Duration {
    (0..RUNS).map(|_| run()).min().expect("it runs")
}

/// Returns how long `replay` takes, on one CPU if one is given.
fn replay(path: &Path, rules: &Path, cpu: Option<&str>) -> Duration {
    let ours = env!("CARGO_BIN_EXE_rauditctl");
    let mut command = Command::new(if cpu.is_some() { "taskset" } else { ours });
    command.args(cpu.iter().flat_map(|cpu| ["-c", cpu, ours]));
    time(command.args(["replay", "--arch", "x86_64"]).arg(path).arg("--rules").arg(rules)).0
}

/// Returns the events of each key as `replay` counts them.
fn replayed(path: &Path, rules: &Path) -> Counts {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
    command.args(["replay", "--arch", "x86_64", "--format", "json"]).arg(path);
    let (_, printed) = time(command.arg("--rules").arg(rules));
    let report: Value = serde_json::from_slice(&printed).expect("the report is JSON");
    let rows = report["rows"].as_array().expect("it has rows");
    let of_rule = |row: &Value| {
        let key = row["decided_by"]["rule"]["keys"][0].as_str()?.to_owned();
        Some((key, row["events"].as_u64()?))
    };
    rows.iter().filter_map(of_rule).collect()
}

/// Runs a program. Returns its time, and what it prints.
fn time(command: &mut Command) -> (Duration, Vec<u8>) {
    let start = Instant::now();
    let output = command.output().expect("the program runs");
    let time = start.elapsed();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {errors}");
    (time, output.stdout)
}

/// Debian's aureport, with the libraries of its release.
struct Aureport {
    tree: PathBuf,
}

impl Aureport {
    fn of(tree: PathBuf) -> Self {
        Aureport { tree }
    }

    /// Returns how long the report by key takes, which has a line for each event with a key.
    fn time(&self, path: &Path, events: u64) -> Duration {
        let file = |name: &str| {
            let places = [self.tree.join(name), self.tree.join("usr").join(name)];
            places.into_iter().find(|path| path.exists()).expect("the package has it")
        };
        let libraries = ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"];
        let libraries = libraries.map(|folder| self.tree.join(folder));
        let libraries = libraries.each_ref().map(|folder| folder.as_os_str());
        let libraries = libraries.join(OsStr::new(":"));
        // The loader is that of the same release, too.
        let mut command = Command::new(file("lib64/ld-linux-x86-64.so.2"));
        command.arg("--library-path").arg(libraries);
        command.arg(file("sbin/aureport")).args(["-k", "-if"]).arg(path).env("LC_ALL", "C");
        let (time, printed) = time(&mut command);
        let lines = printed.split(|byte| *byte == b'\n');
        let counted = lines.filter(|line| line.first().is_some_and(u8::is_ascii_digit)).count();
        assert_eq!(counted as u64, events, "aureport counts what the log was made of");
        time
    }
}
