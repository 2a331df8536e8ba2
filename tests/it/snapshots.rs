//! Files with recorded output. A test that finds a difference prints the command that rewrites them.

use std::path::Path;
use std::thread;

use snapbox::Data;
use snapbox::assert::{Assert, DEFAULT_ACTION_ENV};
use snapbox::data::DataFormat;

/// Compares a text with a file, or writes the file if `SNAPSHOTS=overwrite`.
pub(crate) fn assert_recorded(text: &str, path: &Path) {
    let recorded = Data::read_from(path, Some(DataFormat::Text)).raw();
    let compared = Assert::new().action_env(DEFAULT_ACTION_ENV).try_eq(
        Some(&path.display()),
        Data::text(text).raw(),
        recorded,
    );
    if let Err(difference) = compared {
        panic!("{difference}\n{}", hint());
    }
}

/// Returns the command that rewrites the snapshots of the running test.
pub(crate) fn hint() -> String {
    let thread = thread::current();
    let test = thread.name().unwrap_or_default();
    format!("to rewrite the snapshot: SNAPSHOTS=overwrite cargo test --test it {test}")
}

#[test]
fn prints_the_command_that_rewrites() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("recorded.txt");
    std::fs::write(&path, "old\n").expect("a file");
    if std::env::var_os(DEFAULT_ACTION_ENV).is_some() {
        return;
    }
    let test = "snapshots::prints_how_to_rewrite";
    let failing = thread::Builder::new().name(test.to_owned());
    let failing = failing.spawn(move || assert_recorded("new\n", &path)).expect("a thread");
    let panic = failing.join().expect_err("a difference");
    let message = panic.downcast_ref::<String>().expect("a message");
    assert!(message.contains("new"), "{message}");
    assert!(message.ends_with(&format!("cargo test --test it {test}")), "{message}");
}
