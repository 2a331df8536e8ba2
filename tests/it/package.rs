//! The package for crates.io has the files that users and distributions need, and builds.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use xtask::needs::leave_out;

/// The files that cargo adds.
const ADDED: [&str; 3] = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml.orig"];

/// The files and folders that `include` in `Cargo.toml` names, and the manifest.
const CONTENTS: [&str; 13] = [
    "CHANGELOG.md",
    "COMPAT.md",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "data",
    "docs",
    "examples",
    "grammar",
    "man",
    "src",
];

const PACKAGE: [&str; 5] =
    ["package", "--package=rauditctl", "--offline", "--locked", "--allow-dirty"];

/// Returns a cargo with a target folder of its own, because other tests run the program in `target/debug`; `None` if
/// only fast tests run.
pub(crate) fn separate_cargo() -> Option<(Command, PathBuf)> {
    if leave_out() {
        return None;
    }
    let target = xtask::root().join("target/separate");
    std::fs::create_dir_all(&target).expect("a folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(xtask::root()).env("CARGO_TARGET_DIR", &target);
    cargo.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    Some((cargo, target))
}

fn listed() -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(PACKAGE).args(["--no-verify", "--list"]).current_dir(xtask::root());
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).expect("names");
    list.lines().map(str::to_owned).collect()
}

#[test]
fn has_what_a_user_needs_and_no_more() {
    let listed = listed();
    let tops = listed.iter().map(|path| path.split('/').next().unwrap_or_default());
    let tops: BTreeSet<&str> = tops.filter(|top| !ADDED.contains(top)).collect();
    assert_eq!(tops, BTreeSet::from(CONTENTS));
    assert!(listed.len() < 900, "{} files", listed.len());
    for path in ["src/main.rs", "man/rauditctl.8", "docs/schema/lint.schema.json"] {
        assert!(listed.contains(path), "{path}");
    }
}

#[test]
fn has_every_embedded_file() {
    let listed = listed();
    let mut embedded = BTreeSet::new();
    for path in listed.iter().filter(|path| path.ends_with(".rs")) {
        let text = std::fs::read_to_string(xtask::root().join(path)).expect("a source");
        let folder = Path::new(path).parent().expect("a folder");
        for mark in ["include_str!(\"", "include_bytes!(\""] {
            let names = text.split(mark).skip(1).filter_map(|after| after.split('"').next());
            embedded.extend(names.map(|name| resolved(folder, name)));
        }
    }
    assert!(embedded.len() >= 3, "{embedded:?}");
    for path in embedded {
        assert!(listed.contains(&path), "{path} is embedded, but not in the package");
    }
}

/// Returns a path without `..`.
fn resolved(folder: &Path, name: &str) -> String {
    let mut path = PathBuf::new();
    for component in folder.join(name).components() {
        match component {
            Component::ParentDir => assert!(path.pop(), "{name} is outside"),
            other => path.push(other),
        }
    }
    path.to_str().expect("a name").to_owned()
}

#[test]
fn builds_from_its_own_package() {
    let Some((mut cargo, target)) = separate_cargo() else { return };
    let output = cargo.args(PACKAGE).output().expect("cargo runs");
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    assert!(!printed.contains("warning: `rauditctl`"), "{printed}");

    let program = Command::new(target.join("debug/rauditctl")).arg("--version").output();
    let printed = String::from_utf8(program.expect("it runs").stdout).expect("text");
    assert!(printed.contains(env!("CARGO_PKG_VERSION")), "{printed}");
}
