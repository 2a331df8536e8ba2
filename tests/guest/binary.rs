//! The program under test, as a static binary: the guest has no libraries of the host.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::Unready;

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The program named by `RAUDITCTL_GUEST_BINARY`, or a release build of this source.
pub(crate) fn find_or_build(home: &Path) -> Result<PathBuf, Unready> {
    match std::env::var_os("RAUDITCTL_GUEST_BINARY") {
        Some(path) => Ok(PathBuf::from(path)),
        None => build(&home.join("build")),
    }
}

/// Builds into a target directory of its own: the flags differ from those of the tests, and the
/// directory of the tests is locked while cargo runs them.
fn build(directory: &Path) -> Result<PathBuf, Unready> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--bin", "rauditctl", "--target", TARGET])
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
    Ok(directory.join(TARGET).join("release").join("rauditctl"))
}
