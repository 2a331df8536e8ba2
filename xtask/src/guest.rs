//! The programs that run in the guest of `tests/guest`, built as static binaries: the guest has no
//! libraries of the host.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the build, below the root. Its flags differ from those of the tests, and cargo locks
/// the folder of the tests while they run.
pub const BUILD: &str = "target/guest/build";

/// The variable with the path of a static `rauditctl` to test instead of a built one.
pub const BINARY: &str = "RAUDITCTL_GUEST_BINARY";

/// How the programs are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// In a fraction of the time of a release build.
    Quick,
    /// As for packages, for what measures `rauditctl`.
    Packaged,
}

impl Build {
    /// Returns the profile in `Cargo.toml`.
    const fn profile(self) -> &'static str {
        match self {
            Build::Quick => "guest",
            Build::Packaged => "dist",
        }
    }
}

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The programs for the guest.
#[derive(Debug)]
pub struct Programs {
    /// `rauditctl`.
    pub rauditctl: PathBuf,
    /// `in_guest`, which asks the guest's kernel for what `rauditctl` cannot.
    pub in_guest: PathBuf,
}

/// The command that builds the programs, except for the program that `RAUDITCTL_GUEST_BINARY` names.
pub fn build(root: &Path, build: Build) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--profile", build.profile()]);
    command.args(["--target", TARGET, "--target-dir", BUILD, "--package", "in_guest"]);
    if env::var_os(BINARY).is_none() {
        // Without the language server, which the tests of the guest do not use.
        command.args([
            "--package",
            "rauditctl",
            "--no-default-features",
            "--features",
            match build {
                Build::Quick => "rauditctl/cli",
                Build::Packaged => "rauditctl/cli,rauditctl/mimalloc",
            },
        ]);
    }
    command
        .current_dir(root)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", "-C target-feature=+crt-static");
    command
}

/// Where the programs are once they are built.
pub fn programs(root: &Path, build: Build) -> Programs {
    let built = root.join(BUILD).join(TARGET).join(build.profile());
    let given = env::var_os(BINARY).map(PathBuf::from);
    Programs {
        rauditctl: given.unwrap_or_else(|| built.join("rauditctl")),
        in_guest: built.join("in_guest"),
    }
}
