//! Debian packages, downloaded and taken apart, never installed: installing auditd could start a daemon
//! on this machine.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::apt::Apt;
use crate::harness::{Unready, need};
use crate::kernels::Release;

/// The package that depends on the current kernel of a release.
const KERNEL: &str = "linux-image-cloud-amd64";

/// The packages besides the kernel: a shell, Debian's auditctl, and the libraries that it loads.
const PROGRAMS: [&str; 6] =
    ["busybox-static", "auditd", "libaudit1", "libauparse0", "libcap-ng0", "libc6"];

/// The packages of the libraries that only Debian's auditd loads.
const DAEMON: [&str; 9] = [
    "libwrap0",
    "libnsl2",
    "libtirpc3",
    "libgssapi-krb5-2",
    "libkrb5-3",
    "libk5crypto3",
    "libkrb5support0",
    "libcom-err2",
    "libkeyutils1",
];

/// Returns the tree of the libraries that only auditd loads, which is fetched if it does not exist.
pub(crate) fn daemon(home: &Path) -> Result<PathBuf, Unready> {
    let packages = |_: &Apt| Ok(DAEMON.map(str::to_owned).to_vec());
    fetch(home, &home.join("daemon"), Release::Bookworm, packages)
}

/// Returns the tree of the unpacked programs, which is fetched if it does not exist.
pub(crate) fn programs(home: &Path) -> Result<PathBuf, Unready> {
    let packages = |_: &Apt| Ok(PROGRAMS.map(str::to_owned).to_vec());
    fetch(home, &home.join("packages"), Release::Bookworm, packages)
}

/// Returns the kernel image of a release, which is fetched if it does not exist.
pub(crate) fn kernel(home: &Path, release: Release) -> Result<PathBuf, Unready> {
    let tree = home.join(format!("kernel-{}", release.suite()));
    fetch(home, &tree, release, |apt| Ok(vec![kernel_package(apt)?]))?;
    image(&tree)
}

/// Fetches packages into the folder `tree`, unless it exists.
fn fetch(
    home: &Path,
    tree: &Path,
    release: Release,
    packages: impl Fn(&Apt) -> Result<Vec<String>, Unready>,
) -> Result<PathBuf, Unready> {
    if tree.is_dir() {
        return Ok(tree.to_owned());
    }
    for program in ["apt-get", "apt-cache", "dpkg"] {
        need(program)?;
    }
    let apt = Apt::of(release, home).map_err(|error| missing(home, &error))?;
    let attempt = || try_fetch(home, tree, &apt, &packages(&apt)?);
    // The lists may be empty, or name versions that the mirror has replaced.
    if attempt().is_err() {
        apt.update().and_then(|()| attempt()).map_err(explain)?;
    }
    Ok(tree.to_owned())
}

/// Downloads and unpacks into a temporary folder, and renames it to `tree` at the end.
fn try_fetch(home: &Path, tree: &Path, apt: &Apt, packages: &[String]) -> Result<(), Unready> {
    let partial = tempfile::Builder::new()
        .prefix("packages-")
        .tempdir_in(home)
        .map_err(|error| missing(home, &error))?;
    apt.download(packages, partial.path())?;

    let whole = partial.path().join("tree");
    for entry in fs::read_dir(partial.path()).map_err(|error| missing(home, &error))?.flatten() {
        if name(&entry.path()).ends_with(".deb") {
            Apt::unpack(&entry.path(), &whole)?;
        }
    }
    fs::rename(&whole, tree).map_err(|error| missing(tree, &error))
}

/// Returns the name of the package with the current kernel. Since Debian 14, the image is in a package that the package
/// of the kernel's name depends on.
fn kernel_package(apt: &Apt) -> Result<String, Unready> {
    let found = |of: &str, part: &str| {
        let mut depends = apt.depends(of)?.into_iter();
        Ok(depends.find(|name| name.contains(part)))
    };
    let kernel = found(KERNEL, "linux-image-")?;
    let kernel = kernel.ok_or_else(|| Unready::Missing(format!("apt has no {KERNEL}")))?;
    Ok(found(&kernel, "linux-binary-")?.unwrap_or(kernel))
}

/// Returns the kernel image in a tree.
fn image(tree: &Path) -> Result<PathBuf, Unready> {
    let modules = entries(tree.join("usr/lib/modules")).map(|version| version.join("vmlinuz"));
    let mut images = entries(tree.join("boot")).chain(modules);
    let image = images.find(|path| name(path).starts_with("vmlinuz") && path.is_file());
    image.ok_or_else(|| Unready::Broken(format!("no kernel in {}", tree.display())))
}

fn entries(folder: PathBuf) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()))
}

/// Adds what apt was used for.
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
