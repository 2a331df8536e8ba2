//! The kernels that the tests boot: those of Debian's releases.

use std::env;
use std::path::{Path, PathBuf};

use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::model::Profile;

use crate::harness::Unready;
use crate::packages;

/// A Debian release. Its kernel gets point releases, and that of sid new versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    /// Debian 12, with Linux 6.1.
    Bookworm,
    /// Debian 13, with Linux 6.12.
    Trixie,
    /// The next release, with the newest kernel: 7.2 in November 2026.
    Sid,
}

/// The variable that names the releases to test, separated by commas.
const VARIABLE: &str = "RAUDITCTL_GUEST_KERNELS";

/// The releases to test without the variable: the oldest and the newest.
const DEFAULT: [Release; 2] = [Release::Bookworm, Release::Sid];

/// A kernel of Debian's.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    /// Its image.
    pub(crate) image: PathBuf,
    /// Its version.
    pub(crate) version: KernelVersion,
}

impl Release {
    /// All releases, the oldest first.
    pub(crate) const ALL: [Release; 3] = [Release::Bookworm, Release::Trixie, Release::Sid];

    /// Returns the name in apt's sources.
    pub(crate) const fn suite(self) -> &'static str {
        match self {
            Release::Bookworm => "bookworm",
            Release::Trixie => "trixie",
            Release::Sid => "sid",
        }
    }

    /// Returns the releases to test.
    ///
    /// # Panics
    /// If the variable names an unknown release.
    pub(crate) fn tested() -> Vec<Release> {
        let named = |name: &str| {
            let release = Release::ALL.into_iter().find(|release| release.suite() == name.trim());
            release.unwrap_or_else(|| panic!("{VARIABLE}: `{name}` is not bookworm, trixie or sid"))
        };
        match env::var(VARIABLE) {
            Ok(names) => names.split(',').map(named).collect(),
            Err(_) => DEFAULT.to_vec(),
        }
    }

    /// Fetches the kernel of this release.
    pub(crate) fn kernel(self, home: &Path) -> Result<Kernel, Unready> {
        let image = packages::kernel(home, self)?;
        let unknown = || Unready::Broken(format!("{} names no version", image.display()));
        let version = version(&image).ok_or_else(unknown)?;
        Ok(Kernel { image, version })
    }
}

impl Kernel {
    /// Returns its profile for the model.
    pub(crate) fn profile(&self) -> Profile {
        let size = Arch::X86_64.nr_syscalls_at(self.version);
        size.map_or_else(|| Profile::newest(Arch::X86_64), |size| Profile::new(Arch::X86_64, size))
    }
}

/// Returns the version in the path of an image: `vmlinuz-VERSION` or `VERSION/vmlinuz`.
fn version(image: &Path) -> Option<KernelVersion> {
    let name = image.file_name()?.to_str()?;
    let release = match name.strip_prefix("vmlinuz-") {
        Some(version) => version,
        None => image.parent()?.file_name()?.to_str()?,
    };
    KernelVersion::of_release(release.as_bytes())
}

#[test]
fn reads_the_version_from_the_path() {
    let of = |path: &str| version(Path::new(path)).map(|version| version.to_string());
    assert_eq!(of("boot/vmlinuz-6.1.0-56-cloud-amd64").as_deref(), Some("6.1"));
    assert_eq!(of("modules/7.2.13+deb14-cloud-amd64/vmlinuz").as_deref(), Some("7.2"));
    assert_eq!(of("boot/vmlinuz"), None);
}
