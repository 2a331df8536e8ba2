//! Checks the rules of `deny.toml` on the output of `cargo metadata`, and with cargo-deny if it is installed.

mod license;
mod metadata;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use xtask::needs::skip;

pub(crate) use metadata::Metadata;
use metadata::Package;
use rules::Rules;
pub(crate) use rules::json;

#[test]
fn allows_every_license() {
    let (rules, metadata) = (Rules::read(), Metadata::read());
    let wrong = metadata.packages.iter().filter(|package| !has_allowed_license(package, &rules));
    let wrong: Vec<_> = wrong.map(|package| (&package.name, &package.license)).collect();
    assert!(wrong.is_empty(), "not in [licenses] of deny.toml: {wrong:?}");
}

#[test]
fn needs_every_license_and_exception() {
    let metadata = Metadata::read();
    let all = || Rules::read();
    let fails =
        |rules: &Rules| metadata.packages.iter().any(|one| !has_allowed_license(one, rules));
    for index in 0..all().licenses.allow.len() {
        let mut fewer = all();
        let removed = fewer.licenses.allow.remove(index);
        assert!(fails(&fewer), "no package needs {removed}: remove it from deny.toml");
    }
    for index in 0..all().licenses.exceptions.len() {
        let mut fewer = all();
        let removed = fewer.licenses.exceptions.remove(index);
        assert!(fails(&fewer), "{} needs no exception: remove it from deny.toml", removed.name);
    }
}

#[test]
fn takes_packages_from_allowed_registries_only() {
    let (rules, metadata) = (Rules::read(), Metadata::read());
    let from = |source: &String| {
        let is_allowed = |allowed: &String| source == &format!("registry+{allowed}");
        rules.sources.allow_registry.iter().any(is_allowed)
    };
    let wrong =
        metadata.packages.iter().filter(|package| !package.source.as_ref().is_none_or(from));
    let wrong: Vec<_> = wrong.map(|package| (&package.name, &package.source)).collect();
    assert!(wrong.is_empty(), "not in [sources] of deny.toml: {wrong:?}");
    // A package without a source is a folder of this repository.
    let root = xtask::root();
    for package in metadata.packages.iter().filter(|package| package.source.is_none()) {
        assert!(package.manifest_path.starts_with(&root), "{} is outside", package.name);
    }
}

#[test]
fn uses_no_banned_crate() {
    let (rules, metadata) = (Rules::read(), Metadata::read());
    for banned in &rules.bans.deny {
        let is_used = metadata.packages.iter().any(|package| package.name == banned.name);
        assert!(!is_used, "{} is banned: {}", banned.name, banned.reason);
    }
}

#[test]
fn has_one_version_of_each_crate_in_the_program() {
    let metadata = Metadata::read();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in metadata.shipped() {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    assert!(versions.len() > 20, "the walk through the packages ends early: {versions:?}");
    versions.retain(|_, versions| versions.len() > 1);
    assert!(versions.is_empty(), "{versions:?}");
}

#[test]
fn names_a_version_of_every_crate() {
    for package in Metadata::read().packages.iter().filter(|package| package.source.is_none()) {
        for dependency in &package.dependencies {
            let is_path = dependency.path.is_some();
            assert!(
                is_path || dependency.req != "*",
                "{} takes any {}",
                package.name,
                dependency.name
            );
        }
    }
}

#[test]
fn satisfies_cargo_deny() {
    let mut cargo = Command::new(env!("CARGO"));
    let version = cargo.args(["deny", "--version"]).output().expect("cargo runs");
    if !version.status.success() {
        return skip(
            "cargo-deny is not installed; `cargo install --locked cargo-deny` installs it",
        );
    }
    let mut cargo = Command::new(env!("CARGO"));
    // One target, so that no crates of other systems have to be downloaded.
    cargo.args(["deny", "--offline", "--locked", "--target=x86_64-unknown-linux-gnu", "check"]);
    cargo.args(["bans", "licenses", "sources"]);
    let output = cargo.current_dir(xtask::root()).output().expect("cargo-deny runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn has_allowed_license(package: &Package, rules: &Rules) -> bool {
    let Some(expression) = &package.license else { return false };
    let exceptions = rules.licenses.exceptions.iter().filter(|one| one.name == package.name);
    let allowed: Vec<&String> =
        rules.licenses.allow.iter().chain(exceptions.flat_map(|one| &one.allow)).collect();
    license::is_satisfied(expression, &|license| allowed.iter().any(|one| *one == license))
}
