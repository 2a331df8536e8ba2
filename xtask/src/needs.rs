//! What tests need and a machine may lack. A test that cannot run reports it on stderr and passes; the
//! summary of `cargo xtask test` counts it as skipped.

use std::env;
use std::ffi::OsStr;
use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::{self, Write};

/// The variable with the file to which skipped tests are added, one `TEST<tab>REASON` a line.
pub const SKIPPED: &str = "RAUDITCTL_SKIPPED";

/// The variable that `cargo xtask test --fast` sets to 1.
pub const FAST: &str = "RAUDITCTL_FAST";

/// What `--fast` leaves out, and a variable can require.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A real kernel in QEMU.
    Guest,
    /// Chromium.
    Browser,
    /// The programs of `tests/consumers`.
    Consumers,
}

impl Need {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Guest, Self::Browser, Self::Consumers];

    /// The variable that makes a test fail where this is missing, if it is 1.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Guest => "RAUDITCTL_REQUIRE_GUEST",
            Self::Browser => "RAUDITCTL_REQUIRE_BROWSER",
            Self::Consumers => "RAUDITCTL_REQUIRE_CONSUMERS",
        }
    }

    /// Skips the running test because this is missing.
    ///
    /// # Panics
    /// If this is required.
    pub fn skip(self, why: impl Display) {
        assert!(!is_set(self.variable()), "{} is set, but {why}", self.variable());
        skip(why);
    }
}

/// Skips the running test in `cargo xtask test --fast`; returns whether it did.
pub fn leave_out() -> bool {
    let is_fast = is_fast();
    if is_fast {
        skip("left out by --fast");
    }
    is_fast
}

/// Whether `cargo xtask test --fast` runs the test.
pub fn is_fast() -> bool {
    is_set(FAST)
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| value == "1")
}

/// Announces that the running test is skipped. Call it in the thread of the test, which has the test's name.
///
/// It does not use `eprintln!`, whose output the test runner hides when a test passes.
pub fn skip(why: impl Display) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Nothing depends on whether either can be written.
    let _ = writeln!(io::stderr(), "skipped: {test}: {why}");
    if let Some(path) = env::var_os(SKIPPED) {
        let _ = add(&path, &format!("{test}\t{why}\n"));
    }
}

/// Appends a line in one write, since tests run side by side.
fn add(path: &OsStr, line: &str) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(line.as_bytes())
}
