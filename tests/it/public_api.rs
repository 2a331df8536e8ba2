//! `public_api.txt` lists the public API, so that a change of the API changes that file.
//!
//! `SNAPSHOTS=overwrite cargo test --test it public_api` writes the file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::needs::skip;

use crate::package::separate_cargo;
use crate::snapshots::assert_recorded;

/// The version of rustdoc's JSON that the crate `public-api` reads. Rust 1.95 writes it.
const FORMAT: u64 = 57;

#[test]
fn matches_the_recorded_api() {
    let Some(path) = documented() else { return };
    let json: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
    let format = json["format_version"].as_u64().expect("a version");
    if format != FORMAT {
        return skip(format_args!(
            "this rustdoc writes JSON of format {format}, the test reads {FORMAT}"
        ));
    }
    let api = public_api::Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .expect("an API");
    let recorded = xtask::root().join("tests/it/public_api.txt");
    assert_recorded(&api.to_string(), &recorded);
}

/// Documents the library as JSON. Returns the file; `None` if only fast tests run.
fn documented() -> Option<PathBuf> {
    let (mut cargo, target) = separate_cargo()?;
    cargo.args(["rustdoc", "--lib", "--package=rauditctl", "--all-features", "--offline"]);
    cargo.args(["--locked", "--", "-Z", "unstable-options", "--output-format=json"]);
    let output = cargo.env("RUSTDOC", unstable_rustdoc(&target)).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(target.join("doc/rauditctl.json"))
}

/// JSON is an unstable output. A wrapper enables it in rustdoc alone: the variable in the environment of cargo would
/// build the dependencies again.
fn unstable_rustdoc(folder: &Path) -> PathBuf {
    let rustdoc = Path::new(env!("CARGO")).with_file_name("rustdoc");
    let script = folder.join("rustdoc");
    let text = format!("#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec '{}' \"$@\"\n", rustdoc.display());
    fs::write(&script, text).expect("a script");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("a mode");
    script
}
