//! The oldest Rust that builds rauditctl: `rust-version` in `Cargo.toml`.
//!
//! A job in `.github/workflows/ci.yml` builds with that version. Here clippy finds newer functions by its lint
//! `incompatible_msrv`; these tests check that the lint is active.

use std::fs;
use std::process::Command;

use serde_json::Value;
use xtask::needs::skip;

use crate::dependencies::{Metadata, json};

fn manifest() -> Value {
    json(&fs::read_to_string(xtask::root().join("Cargo.toml")).expect("Cargo.toml"))
}

fn rust_version() -> String {
    let version = &manifest()["workspace"]["package"]["rust-version"];
    version.as_str().expect("a version").to_owned()
}

/// Returns numbers that compare as versions do.
fn numbers(version: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> =
        version.split('.').map(|part| part.parse().expect("a number")).collect();
    numbers.resize(3, 0);
    numbers
}

#[test]
fn no_dependency_needs_a_newer_rust() {
    let ours = rust_version();
    let packages = Metadata::read().packages;
    let with_version =
        packages.iter().filter_map(|one| Some((&one.name, one.rust_version.as_ref()?)));
    let newer: Vec<_> =
        with_version.filter(|(_, version)| numbers(version) > numbers(&ours)).collect();
    assert!(newer.is_empty(), "newer than {ours}: {newer:?}");
}

#[test]
fn workflow_builds_with_the_oldest_rust() {
    let path = xtask::root().join(".github/workflows/ci.yml");
    let workflow = fs::read_to_string(path).expect("the workflow");
    let version = rust_version();
    assert!(workflow.contains(&format!("rustup toolchain install {version} ")), "{version}");
    assert!(workflow.contains(&format!("cargo +{version} check ")), "{version}");
}

#[test]
fn clippy_finds_what_the_oldest_rust_lacks() {
    let version = Command::new(env!("CARGO")).args(["clippy", "--version"]).output();
    if !version.expect("cargo runs").status.success() {
        return skip("clippy is not installed; `rustup component add clippy` installs it");
    }
    // Stable since 1.91.
    let newer = "std::time::Duration::from_mins(1)";
    let older = "std::time::Duration::from_secs(60)";
    assert_eq!(clippy(older), "");
    let printed = clippy(newer);
    assert!(printed.contains("current MSRV"), "{printed}");
    assert!(printed.contains("could not compile"), "clippy only warns: {printed}");
}

/// Returns clippy's report on a library with this expression, with the lints and the `rust-version` of this workspace.
fn clippy(expression: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = format!(
        "[package]\nname = \"probe\"\nedition = \"2024\"\nrust-version = \"{}\"\n\n{}",
        rust_version(),
        lints()
    );
    let source = format!(
        "//! A probe.\n\n/// A minute.\npub fn minute() -> std::time::Duration {{\n    {expression}\n}}\n"
    );
    fs::create_dir(folder.path().join("src")).expect("a folder");
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(folder.path().join("src/lib.rs"), source).expect("a source");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["clippy", "--quiet", "--offline"]).current_dir(folder.path());
    cargo.env("CARGO_TARGET_DIR", folder.path().join("target"));
    let output = cargo.output().expect("clippy runs");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Returns the lints of the workspace as the lints of a package.
fn lints() -> String {
    let text = fs::read_to_string(xtask::root().join("Cargo.toml")).expect("Cargo.toml");
    let from = text.find("[workspace.lints.rust]").expect("lints");
    let until = text[from..].find("\n[package]").map_or(text.len(), |length| from + length);
    text[from..until].replace("[workspace.lints.", "[lints.")
}
