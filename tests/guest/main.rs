//! Tests on a real kernel: Debian's, in QEMU by software emulation, with `rauditctl` and Debian's own
//! `auditctl` side by side in it. The audit system of the machine that runs the tests is never touched.
//!
//! # How a test runs
//!
//! [`harness::guest`] prepares once: it downloads a few Debian packages and takes them apart (nothing is
//! installed), builds `rauditctl` statically, and packs both into an initramfs, with `in_guest`,
//! which loads rules that neither program can express. A test describes a
//! [`job::Job`] (a shell script and files) and gets a [`job::Outcome`] back: the script's status and
//! output, and every file it left in `/out`. Tests judge the outcome in Rust. A boot takes seconds, so most
//! tests share one: [`shared`] lists them. A test that is run alone boots for its own job only.
//!
//! # Variables
//!
//! | variable | effect |
//! |---|---|
//! | `RAUDITCTL_REQUIRE_GUEST=1` | the tests fail if QEMU, apt or the network is missing; otherwise they are skipped |
//! | `RAUDITCTL_GUEST_KERNELS=NAMES` | tests the kernels of these Debian releases: `bookworm` (Linux 6.1), `trixie` (6.12), `sid` (7.2 or later); without it, of `bookworm` and `sid` |
//! | `RAUDITCTL_EVENT_SETS=NUMBER` | makes calls under this number of rule sets in `events`; without it, under eight |
//! | `RAUDITCTL_MESSAGE_SETS=NUMBER` | sends messages of programs under this number of rule sets; without it, under 30 |
//! | `RAUDITCTL_OPERATION_SETS=NUMBER` | runs operations of io_uring under this number of rule sets; without it, under 20 |
//! | `RAUDITCTL_SEQUENCES=NUMBER` | makes this number of sequences of calls on the same files; without it, 30 |
//! | `RAUDITCTL_OPTIMIZED_SETS=NUMBER` | makes calls under this number of rule sets as written and optimized, and under those of all files; without it, under four and two files |
//! | `RAUDITCTL_RULE_SETS=FOLDER` | makes them under the sets of the `*.rules` files of a folder too |
//! | `RAUDITCTL_WITNESSES=NUMBER` | makes the calls of the witnesses of this number of pairs of rule sets; without it, of 40 |
//! | `RAUDITCTL_GUEST_BINARY=PATH` | tests this static program instead of building one |
//!
//! Downloads, build and scratch files are in `guest/` in cargo's target directory. Deleting that
//! directory is always safe: the next run downloads the current versions of the kernel and `auditctl`.

// The whole crate is a test, helpers included.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod harness;
mod job;
mod kernels;
mod machine;
mod shared;

mod applied;
mod apt;
mod cpio;
mod initramfs;
mod older;
mod packages;
mod products;
mod random;
mod rules;

mod boot;
mod events;
mod interrupted;
mod listings;
mod loads;
mod model;
mod optimized;
mod refusals;
mod smoke;
mod special;
mod suggested;
