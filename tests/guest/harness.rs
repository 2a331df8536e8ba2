//! Preparing the guest, once per machine, and leaving politely where that cannot be done.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, OnceLock};

use nix::fcntl::{Flock, FlockArg};
use xtask::guest::{self, Build, Programs};
use xtask::needs::{Need, leave_out};

use crate::kernels::{Kernel, Release};
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
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    /// Debian's kernel.
    pub(crate) kernel: Kernel,
    /// The uncompressed base archive. A job's own archive is appended to it.
    pub(crate) base: Arc<[u8]>,
    /// Where jobs may write.
    pub(crate) scratch: PathBuf,
    /// The trees of Debian's packages.
    packages: [PathBuf; 2],
}

impl Guest {
    /// Returns a guest for each tested release, all prepared at the first call.
    pub(crate) fn tested() -> Result<&'static [Guest], Unready> {
        static GUESTS: OnceLock<Result<Vec<Guest>, Unready>> = OnceLock::new();
        let guests = GUESTS.get_or_init(|| prepare(&Release::tested()));
        guests.as_ref().map(Vec::as_slice).map_err(Clone::clone)
    }

    /// The rules files that come with Debian's auditd, by name, in order.
    pub(crate) fn debian_rules(&self) -> Vec<(String, String)> {
        rules_files(&self.packages[0].join("usr/share/doc/auditd/examples/rules"))
    }

    /// A file of Debian's packages, whether or not Debian has moved it below `/usr`.
    pub(crate) fn package_file(&self, path: &str) -> Vec<u8> {
        let mut places =
            self.packages.iter().flat_map(|tree| [tree.join(path), tree.join("usr").join(path)]);
        let found = places.find_map(|place| fs::read(place).ok());
        found.unwrap_or_else(|| panic!("no {path} in Debian's packages"))
    }
}

/// Returns a guest for each tested release. There is none if the running test is skipped.
///
/// # Panics
/// If something of ours is broken, or if something is missing and `RAUDITCTL_REQUIRE_GUEST=1`.
pub(crate) fn guests() -> &'static [Guest] {
    if leave_out() {
        return &[];
    }
    ready(Guest::tested()).unwrap_or_default()
}

/// Returns the first of [`guests`].
pub(crate) fn guest() -> Option<&'static Guest> {
    guests().first()
}

/// Returns what is ready, or skips the running test.
///
/// # Panics
/// As [`guests`] does.
pub(crate) fn ready<T>(found: Result<T, Unready>) -> Option<T> {
    match found {
        Ok(ready) => Some(ready),
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

/// Returns a guest for each release.
pub(crate) fn prepare(releases: &[Release]) -> Result<Vec<Guest>, Unready> {
    prepare_with(releases, Build::Quick)
}

/// Returns a guest for each release, with programs that are built like this.
pub(crate) fn prepare_with(releases: &[Release], programs: Build) -> Result<Vec<Guest>, Unready> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(Unready::Missing("this is not Linux on x86_64".into()));
    }
    need("qemu-system-x86_64")?;

    let home = home();
    let scratch = home.join("scratch");
    fs::create_dir_all(&scratch).map_err(|error| broken(&scratch, &error))?;
    let _alone = lock(&home)?;
    let packages = [packages::programs(&home)?, packages::daemon(&home)?];
    let kernels: Vec<Kernel> =
        releases.iter().map(|release| release.kernel(&home)).collect::<Result<_, _>>()?;
    let ours = build(programs)?;
    let base =
        initramfs::base(&packages[0], &ours).map_err(|error| broken(&packages[0], &error))?;
    let base: Arc<[u8]> = base.into();
    let guest = |kernel| Guest {
        kernel,
        base: Arc::clone(&base),
        scratch: scratch.clone(),
        packages: packages.clone(),
    };
    Ok(kernels.into_iter().map(guest).collect())
}

/// Builds the programs, unless this has been done.
fn build(programs: Build) -> Result<Programs, Unready> {
    let root = xtask::root();
    let output = guest::build(&root, programs)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Unready::Broken(format!("cargo cannot be run: {error}")))?;
    if !output.status.success() {
        let printed = String::from_utf8_lossy(&output.stderr);
        return Err(Unready::Broken(format!("the static build failed:\n{printed}")));
    }
    Ok(guest::programs(&root, programs))
}

/// Returns the folder of what is fetched and built: `target/guest`, beside the `target/tmp` that cargo names to tests.
pub(crate) fn home() -> PathBuf {
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
