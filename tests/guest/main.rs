//! Tests on a real kernel: Debian's, in QEMU by software emulation, with `rauditctl` and Debian's own
//! `auditctl` side by side in it. The audit system of the machine that runs the tests is never touched.
//!
//! # The way of a test
//!
//! [`harness::guest`] prepares once: it downloads a few Debian packages and takes them apart (nothing is
//! installed), builds `rauditctl` statically, and packs both into an initramfs, with `in_guest`,
//! which asks the kernel for what neither can: rules that nobody can write down. A test describes a
//! [`job::Job`] (a shell script and files) and gets a [`job::Outcome`] back: the script's status and
//! output, and every file it left in `/out`. Tests judge the outcome in Rust. A boot takes seconds, so most
//! tests share one: [`shared`] lists them. A test that is run alone boots for its own job only.
//!
//! # What decides whether they run
//!
//! | variable | effect |
//! |---|---|
//! | `RAUDITCTL_REQUIRE_GUEST=1` | what is missing (QEMU, apt, the network) fails the tests instead of skipping them |
//! | `RAUDITCTL_GUEST_BINARY=PATH` | tests this static program instead of building one |
//!
//! Downloads, build and scratch files live in `guest/` in cargo's target directory. Deleting that
//! directory is always safe; the kernel and `auditctl` are then fetched anew, in today's versions.

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
mod machine;
mod shared;

mod cpio;
mod initramfs;
mod older;
mod packages;
mod random;
mod rules;

mod boot;
mod listings;
mod loads;
mod model;
mod refusals;
mod smoke;
