//! Measures what a syscall costs under sets of rules, as written and optimized, on real kernels, in instructions.
//!
//! ```text
//! cargo bench --bench optimize              measures, and compares with data/benchmark
//! cargo bench --bench optimize -- --write   measures, and writes data/benchmark
//! ```
//!
//! The kernels are the oldest and the newest of Debian's releases, in QEMU with `-icount shift=0,sleep=off`: their clock counts
//! instructions. The guest is that of `tests/guest`, which lists its requirements. No rule matches a measured call, except
//! for those that end the walk. Fails if a figure differs by more than 2 % from the figure that was recorded on the same version
//! of the kernel, or if an optimized set costs more than it promises.
//!
//! `RAUDITCTL_RULE_SETS=FOLDER` adds the sets of the `*.rules` files of a folder; their figures are not recorded.

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
#[path = "../../tests/guest/products.rs"]
mod products;
#[path = "../../tests/guest/rules.rs"]
mod rules;

mod measure;
mod sets;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use harness::Guest;
use kernels::Release;
use table::Table;

/// The kernels that are measured.
const RELEASES: [Release; 2] = [Release::Bookworm, Release::Sid];

fn main() -> ExitCode {
    let is_given = |wanted| std::env::args().any(|argument| argument == wanted);
    // `cargo test --all-targets` runs this program too.
    if !is_given("--bench") {
        return ExitCode::SUCCESS;
    }
    let is_written = is_given("--write");
    let guests = harness::ready(harness::prepare(&RELEASES)).unwrap_or_default();
    let faults: Vec<String> = guests.iter().flat_map(|guest| run(guest, is_written)).collect();
    faults.iter().for_each(|fault| println!("NOT MET: {fault}"));
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures a kernel. Returns what is not as it must be.
fn run(guest: &Guest, is_written: bool) -> Vec<String> {
    let table = measure::run(guest, &sets::all(guest));
    let path = recorded(guest);
    let old = std::fs::read_to_string(&path).ok().map(|text| Table::from_json(&text));
    println!("\n{}", table.text(old.as_ref()));
    let mut faults = table.broken_promises();
    if is_written {
        std::fs::write(&path, table.to_json()).expect("the table is written");
        println!("written: {}", path.display());
    } else {
        faults.extend(match old {
            Some(old) => table.moved_from(&old),
            None => vec![format!("there is no {}", path.display())],
        });
    }
    faults
}

/// Returns the file with the recorded table of a kernel.
fn recorded(guest: &Guest) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/benchmark");
    folder.join(format!("optimize-linux-{}-debian.json", guest.kernel.version))
}
