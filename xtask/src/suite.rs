//! Runs all tests of the workspace, after installing what they need where that can be done.

#![expect(clippy::print_stderr, reason = "it talks to the developer")]

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::consumers;

/// A Debian package, and a command by which one sees that it is there.
const PACKAGES: [(&str, &str); 6] = [
    ("qemu-system-x86", "qemu-system-x86_64 --version"),
    ("python3-minimal", "python3 --version"),
    ("python3-venv", "python3 -m ensurepip --version"),
    ("gcc", "cc --version"),
    ("nodejs", "node --version"),
    ("npm", "npm --version"),
];

/// Runs `cargo test`; says beforehand what will be skipped for lack of a package.
///
/// Packages are installed only by root and only where there is apt: the tests of a real kernel need
/// QEMU, those against recorded data need Python and a C compiler, and those with programs by others
/// what installs them. Without them the others run.
pub fn run(root: &Path) -> std::io::Result<ExitStatus> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(_, command)| !works(command))
        .map(|(package, _)| *package)
        .collect();
    if !missing.is_empty() && is_root() && works("apt-get --version") {
        install(&missing)?;
    } else if !missing.is_empty() {
        eprintln!("not installed, some tests are skipped: {}", missing.join(", "));
    }
    consumers::install(root)?;
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

fn works(command: &str) -> bool {
    let mut words = command.split(' ');
    let program = words.next().unwrap_or_default();
    let quiet =
        Command::new(program).args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// By the owner of this process: no library for one question.
fn is_root() -> bool {
    std::fs::metadata(Path::new("/proc/self"))
        .is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0)
}
