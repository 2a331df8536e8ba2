//! The program under test and the one that asks the guest's kernel for more, as static binaries: the
//! guest has no libraries of the host.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::Unready;

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The programs that are built for the guest.
#[derive(Debug)]
pub(crate) struct Binaries {
    /// `rauditctl`.
    pub(crate) rauditctl: PathBuf,
    /// `examples/in_guest`.
    pub(crate) in_guest: PathBuf,
}

/// A release build of this source; for `rauditctl`, the program named by `RAUDITCTL_GUEST_BINARY` if
/// there is one.
pub(crate) fn build(home: &Path) -> Result<Binaries, Unready> {
    let directory = home.join("build");
    let ours = std::env::var_os("RAUDITCTL_GUEST_BINARY").map(PathBuf::from);
    let programs: &[&str] = match ours {
        Some(_) => &["--example", "in_guest"],
        None => &["--example", "in_guest", "--bin", "rauditctl"],
    };
    run_cargo(&directory, programs)?;
    let built = directory.join(TARGET).join("release");
    Ok(Binaries {
        rauditctl: ours.unwrap_or_else(|| built.join("rauditctl")),
        in_guest: built.join("examples/in_guest"),
    })
}

/// Builds into a target directory of its own: the flags differ from those of the tests, and the
/// directory of the tests is locked while cargo runs them.
fn run_cargo(directory: &Path, programs: &[&str]) -> Result<(), Unready> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--target", TARGET])
        .args(programs)
        .arg("--target-dir")
        .arg(directory)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", "-C target-feature=+crt-static")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Unready::Broken(format!("cargo cannot be run: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Unready::Broken(format!("the static build failed:\n{said}")));
    }
    Ok(())
}
