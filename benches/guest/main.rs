//! Measures the cost of an armed syscall on a real kernel, in instructions: the calibration of `explain --workload`.
//!
//! ```text
//! cargo bench --bench guest              measures, and compares with data/calibration
//! cargo bench --bench guest -- --write   measures, and writes data/calibration
//! ```
//!
//! The kernels are those of Debian's releases, in QEMU with `-icount shift=0,sleep=off`. Its clock then counts instructions, so the
//! figures are almost the same on every machine and in every run. The guest is that of `tests/guest`, which lists its
//! requirements. Fails if a figure differs from the recorded one by more than 1 %, or if an estimate is wrong by more
//! than 10 %, or by more than 2 % for rules about directories and inodes.

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
#[path = "../../tests/guest/job.rs"]
mod job;
#[path = "../../tests/guest/kernels.rs"]
mod kernels;
#[path = "../../tests/guest/machine.rs"]
mod machine;
#[path = "../../tests/guest/packages.rs"]
mod packages;
#[path = "../../tests/guest/rules.rs"]
mod rules;

mod points;
mod verdict;

use std::path::Path;
use std::process::ExitCode;

use harness::Guest;
use kernels::Release;
use rauditctl::analysis::cost::{Calibration, Coefficients};

/// The command that writes the file; the file names it.
const COMMAND: &str = "cargo bench --bench guest -- --write";

fn main() -> ExitCode {
    let is_given = |wanted| std::env::args().any(|argument| argument == wanted);
    // `cargo test --all-targets` runs this program too.
    if !is_given("--bench") {
        return ExitCode::SUCCESS;
    }
    let is_written = is_given("--write");
    let guests = harness::ready(harness::prepare(&Release::ALL)).unwrap_or_default();
    let are_good: Vec<bool> = guests.iter().map(|guest| measure(guest, is_written)).collect();
    if are_good.contains(&false) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Measures a kernel. Returns whether its figures are the recorded ones, and its estimates hold.
fn measure(guest: &Guest, is_written: bool) -> bool {
    let (kernel, points) = points::measure(guest);
    println!("\nLinux {kernel}");
    let measured = Calibration {
        kernel,
        command: COMMAND.to_owned(),
        coefficients: Coefficients::of(&points).expect("all points that the coefficients need"),
        points,
    };
    let version = guest.kernel.version;
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("data/calibration/linux-{version}-debian.json"));
    let mut is_good = true;
    if is_written {
        std::fs::write(&path, measured.to_json().expect("JSON"))
            .expect("the calibration is written");
        println!("written: {}; `cargo xtask vocab` compiles it in", path.display());
    } else if let Ok(recorded) = std::fs::read_to_string(&path) {
        let recorded = Calibration::from_json(&recorded).expect("a calibration");
        is_good &= verdict::is_same(&recorded, &measured);
    } else {
        println!("there is no {}", path.display());
        is_good = false;
    }
    verdict::estimates_hold(guest.kernel.profile(), &measured) && is_good
}
