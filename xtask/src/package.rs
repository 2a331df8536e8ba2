//! Builds a Debian package and an RPM package: the program, its man pages, completions and documents.

#![expect(clippy::print_stderr, reason = "messages for the developer")]

use std::io::{Error, Result};
use std::path::Path;
use std::process::Command;

/// The profile of the program in packages. cargo-deb and cargo-generate-rpm replace `target/release` in the assets by its
/// folder.
const PROFILE: &str = "dist";

/// The directory and file name of the completions of each shell; the assets in `Cargo.toml` take the files from
/// `target/package`.
const COMPLETIONS: [(&str, &str); 3] =
    [("bash", "rauditctl.bash"), ("zsh", "_rauditctl"), ("fish", "rauditctl.fish")];

/// Builds the program, writes its completions, and runs cargo-deb and cargo-generate-rpm.
pub fn run(root: &Path) -> Result<()> {
    call(root, "cargo", &["build", "--profile", PROFILE, "--locked", "--package", "rauditctl"])?;
    let folder = root.join("target/package");
    std::fs::create_dir_all(&folder)?;
    for (shell, file) in COMPLETIONS {
        let program = root.join("target").join(PROFILE).join("rauditctl");
        let output = Command::new(program).args(["completions", shell]).output()?;
        if !output.status.success() {
            return Err(Error::other(format!("no completions for {shell}")));
        }
        std::fs::write(folder.join(file), output.stdout)?;
    }
    call(root, "cargo", &["deb", "--no-build", "--profile", PROFILE]).inspect_err(|_| {
        eprintln!("building packages requires cargo-deb: cargo install cargo-deb");
    })?;
    call(root, "cargo", &["generate-rpm", "--profile", PROFILE]).inspect_err(|_| {
        eprintln!(
            "building packages requires cargo-generate-rpm: cargo install cargo-generate-rpm"
        );
    })
}

fn call(root: &Path, program: &str, words: &[&str]) -> Result<()> {
    // Otherwise cargo-deb takes files from other folders.
    let status = Command::new(program)
        .args(words)
        .current_dir(root)
        .env_remove("CARGO_TARGET_DIR")
        .status()?;
    if status.success() { Ok(()) } else { Err(Error::other(format!("{program} {words:?} failed"))) }
}
