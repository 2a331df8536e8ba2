//! Preparing the guest, once per machine, and leaving politely where that cannot be done.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use nix::fcntl::{Flock, FlockArg};
use xtask::guest::{self, Programs};
use xtask::needs::{Need, leave_out};

use crate::{initramfs, packages};

/// Why there is no guest.
#[derive(Debug, Clone)]
pub(crate) enum Unready {
    /// This machine lacks something that the project does not bring along.
    Missing(String),
    /// Something of ours does not work, which is never a reason to skip.
    Broken(String),
}

/// A kernel and an initramfs, ready to run jobs.
#[derive(Debug)]
pub(crate) struct Guest {
    /// Debian's kernel image.
    pub(crate) kernel: PathBuf,
    /// The uncompressed base archive; a job's own archive is put behind it.
    pub(crate) base: Vec<u8>,
    /// Where jobs may write.
    pub(crate) scratch: PathBuf,
    /// The tree of Debian's packages.
    packages: PathBuf,
}

impl Guest {
    /// The guest, prepared at the first call.
    pub(crate) fn get() -> Result<&'static Guest, Unready> {
        static GUEST: OnceLock<Result<Guest, Unready>> = OnceLock::new();
        GUEST.get_or_init(prepare).as_ref().map_err(Clone::clone)
    }

    /// The rules files that come with Debian's auditd, by name, in order.
    pub(crate) fn debian_rules(&self) -> Vec<(String, String)> {
        rules_files(&self.packages.join("usr/share/doc/auditd/examples/rules"))
    }

    /// A file of Debian's packages, whether or not Debian has moved it below `/usr`.
    pub(crate) fn package_file(&self, path: &str) -> Vec<u8> {
        let places = [self.packages.join(path), self.packages.join("usr").join(path)];
        let found = places.iter().find_map(|place| fs::read(place).ok());
        found.unwrap_or_else(|| panic!("no {path} in Debian's packages"))
    }
}

/// The guest; `None` if the running test is skipped for lack of one.
///
/// # Panics
/// If something of ours is broken, or if something is missing and `RAUDITCTL_REQUIRE_GUEST=1`.
pub(crate) fn guest() -> Option<&'static Guest> {
    if leave_out() {
        return None;
    }
    match Guest::get() {
        Ok(guest) => Some(guest),
        Err(Unready::Broken(why)) => panic!("{why}"),
        Err(Unready::Missing(why)) => {
            Need::Guest.skip(why);
            None
        }
    }
}

/// The `*.rules` of a directory: name and text, in order of names.
pub(crate) fn rules_files(directory: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "rules"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read(&path).unwrap();
            (name, String::from_utf8_lossy(&text).into_owned())
        })
        .collect();
    files.sort();
    files
}

/// The reason to skip when a program is not there.
pub(crate) fn need(program: &str) -> Result<(), Unready> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&path).any(|directory| directory.join(program).is_file()) {
        return Ok(());
    }
    Err(Unready::Missing(format!("there is no {program} here")))
}

fn prepare() -> Result<Guest, Unready> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(Unready::Missing("this is not Linux on x86_64".into()));
    }
    need("qemu-system-x86_64")?;

    let home = home();
    let scratch = home.join("scratch");
    fs::create_dir_all(&scratch).map_err(|error| broken(&scratch, &error))?;
    let _alone = lock(&home)?;
    let packages = packages::fetch(&home)?;
    let ours = build()?;
    let base = initramfs::base(&packages, &ours).map_err(|error| broken(&packages, &error))?;
    let kernel = packages::kernel(&packages)?;
    Ok(Guest { kernel, base, scratch, packages })
}

/// Builds the programs, unless this has been done.
fn build() -> Result<Programs, Unready> {
    let root = xtask::root();
    let output = guest::build(&root)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Unready::Broken(format!("cargo cannot be run: {error}")))?;
    if !output.status.success() {
        let printed = String::from_utf8_lossy(&output.stderr);
        return Err(Unready::Broken(format!("the static build failed:\n{printed}")));
    }
    Ok(guest::programs(&root))
}

/// `target/guest`, beside the `target/tmp` that cargo names to integration tests.
fn home() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary).join("guest")
}

/// Keeps two test processes from preparing at the same time.
fn lock(home: &Path) -> Result<Flock<File>, Unready> {
    let path = home.join("lock");
    let file = File::create(&path).map_err(|error| broken(&path, &error))?;
    Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, error)| broken(&path, &error.into()))
}

fn broken(path: &Path, error: &std::io::Error) -> Unready {
    Unready::Broken(format!("{}: {error}", path.display()))
}
