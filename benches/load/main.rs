//! Measures how long a kernel's rules take to load and to change, in instructions, beside Debian's auditctl and beside
//! the least that any program needs.
//!
//! ```text
//! cargo bench --bench load
//! ```
//!
//! The kernel is that of Debian 12, in QEMU with `-icount shift=0,sleep=off`: its clock counts instructions. All is
//! measured in one run of the guest, which is that of `tests/guest` and lists its requirements. Such a machine has one CPU,
//! so a deletion does not wait for others; how long it waits where there are two, idle or busy, is measured in a second run,
//! with the kernel of Debian sid: that of Debian 12 waits only in some versions. Fails if a ratio is not what it must be,
//! with the waits of busy CPUs.

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

mod measure;

use std::process::ExitCode;

use kernels::Release;
use measure::{Figures, State};
use xtask::guest::Build;

/// How many times as fast as Debian's auditctl `rauditctl -R` and `rauditctl apply` must be.
const FASTER: [(&str, &str, State, f64); 6] = [
    ("first", "load", State::Off, 1.2),
    ("first", "load", State::On, 2.4),
    ("first", "apply", State::Off, 1.15),
    ("first", "apply", State::On, 2.4),
    ("unchanged", "apply", State::On, 300.0),
    ("ten", "apply", State::On, 50.0),
];
/// How long `rauditctl -R` may take after its start, compared with the least that a load takes.
const ABOVE_FLOOR: f64 = 1.2;

fn main() -> ExitCode {
    // `cargo test --all-targets` runs this program too.
    if !std::env::args().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let guests = harness::prepare_with(&[Release::Bookworm, Release::Sid], Build::Packaged);
    let guests = harness::ready(guests).unwrap_or_default();
    let [guest, waiting] = guests.as_slice() else { return ExitCode::SUCCESS };
    let figures = measure::run(guest, waiting);
    println!("{}", figures.text());
    let faults = faults(&figures);
    for fault in &faults {
        println!("NOT MET: {fault}");
    }
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns the ratios that are not as they must be.
fn faults(figures: &Figures) -> Vec<String> {
    let mut faults = Vec::new();
    for (change, way, state, wanted) in FASTER {
        let faster = figures.ratio_if_busy(change, "auditctl", way, state);
        if faster < wanted {
            let state = state.name();
            faults.push(format!(
                "{change}, {way}, audit {state}: {faster:.2} times as fast, not {wanted}"
            ));
        }
    }
    for state in State::ALL {
        let above = figures.above_floor("load", state);
        if above > ABOVE_FLOOR {
            let state = state.name();
            faults.push(format!(
                "first, load, audit {state}: {above:.2} times the least, not {ABOVE_FLOOR}"
            ));
        }
    }
    faults
}
