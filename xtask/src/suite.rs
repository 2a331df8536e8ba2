//! Runs all tests of the workspace, after installing what they need where that can be done.

#![expect(clippy::print_stderr, reason = "it talks to the developer")]

use std::path::Path;
use std::process::{Command, ExitStatus};

/// A Debian package, and a program by which one sees that it is there.
const PACKAGES: [(&str, &str); 3] =
    [("qemu-system-x86", "qemu-system-x86_64"), ("python3-minimal", "python3"), ("gcc", "cc")];

/// Runs `cargo test`; says beforehand what will be skipped for lack of a package.
///
/// Packages are installed only by root and only where there is apt: the tests of a real kernel need
/// QEMU, and those against recorded data need Python and a C compiler. Without them the others run.
pub fn run() -> std::io::Result<ExitStatus> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(_, program)| !is_installed(program))
        .map(|(package, _)| *package)
        .collect();
    if !missing.is_empty() && is_root() && is_installed("apt-get") {
        install(&missing)?;
    } else if !missing.is_empty() {
        eprintln!("not installed, some tests are skipped: {}", missing.join(", "));
    }
    Command::new("cargo").args(["test", "--workspace"]).status()
}

fn install(packages: &[&str]) -> std::io::Result<()> {
    let apt = |words: &[&str]| {
        Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive").status()
    };
    apt(&["update", "-qq"])?;
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    let status = apt(&[&install, packages].concat())?;
    if !status.success() {
        eprintln!("could not install {}, some tests are skipped", packages.join(", "));
    }
    Ok(())
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// By the owner of this process: no library for one question.
fn is_root() -> bool {
    std::fs::metadata(Path::new("/proc/self"))
        .is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0)
}
