//! Debian packages, downloaded and taken apart, never installed: installing auditd could start a daemon
//! on this machine.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::{Unready, need};

/// The package that depends on the kernel of the day.
const KERNEL: &str = "linux-image-cloud-amd64";

/// What is needed beside the kernel: a shell, Debian's auditctl, and the libraries that it loads.
const PROGRAMS: [&str; 6] =
    ["busybox-static", "auditd", "libaudit1", "libauparse0", "libcap-ng0", "libc6"];

/// The tree of all packages taken apart, fetched unless it is there.
pub(crate) fn fetch(home: &Path) -> Result<PathBuf, Unready> {
    let tree = home.join("packages");
    if tree.is_dir() {
        return Ok(tree);
    }
    for program in ["apt-get", "apt-cache", "dpkg"] {
        need(program)?;
    }
    // The lists may be empty, or name versions that the mirror has since replaced.
    if try_fetch(home, &tree).is_err() {
        run(Command::new("apt-get").args(["-q", "update"]))
            .and_then(|_| try_fetch(home, &tree))
            .map_err(explain)?;
    }
    Ok(tree)
}

/// The kernel image in the tree.
pub(crate) fn kernel(tree: &Path) -> Result<PathBuf, Unready> {
    let boot = tree.join("boot");
    fs::read_dir(&boot)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| name(path).starts_with("vmlinuz-"))
        .ok_or_else(|| Unready::Broken(format!("no kernel in {}", boot.display())))
}

/// Downloads and unpacks into a directory beside `tree`, which becomes `tree` once it is whole.
fn try_fetch(home: &Path, tree: &Path) -> Result<(), Unready> {
    let partial = tempfile::Builder::new()
        .prefix("packages-")
        .tempdir_in(home)
        .map_err(|error| missing(home, &error))?;
    let kernel = kernel_package()?;
    run(Command::new("apt-get")
        .args(["-q", "download", &kernel])
        .args(PROGRAMS)
        .current_dir(partial.path()))?;

    let whole = partial.path().join("tree");
    for entry in fs::read_dir(partial.path()).map_err(|error| missing(home, &error))?.flatten() {
        if name(&entry.path()).ends_with(".deb") {
            run(Command::new("dpkg").arg("-x").arg(entry.path()).arg(&whole))?;
        }
    }
    fs::rename(&whole, tree).map_err(|error| missing(tree, &error))
}

/// The name of the kernel package of the day, which carries a version.
fn kernel_package() -> Result<String, Unready> {
    let depends = run(Command::new("apt-cache").args(["depends", KERNEL]))?;
    depends
        .lines()
        .find_map(|line| line.trim().strip_prefix("Depends: ").filter(|to| to.contains("-cloud-")))
        .map(str::to_owned)
        .ok_or_else(|| Unready::Missing(format!("apt knows no {KERNEL}")))
}

/// The standard output of a command that succeeds.
fn run(command: &mut Command) -> Result<String, Unready> {
    let output = command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Unready::Missing(format!("{command:?}: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Unready::Missing(format!("{command:?} failed: {}", said.trim())))
}

/// Says what was wanted from apt.
fn explain(reason: Unready) -> Unready {
    match reason {
        Unready::Missing(why) => {
            Unready::Missing(format!("Debian's packages cannot be downloaded: {why}"))
        }
        broken => broken,
    }
}

fn missing(path: &Path, error: &std::io::Error) -> Unready {
    Unready::Missing(format!("{}: {error}", path.display()))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(OsStr::new("")).to_string_lossy().into_owned()
}
