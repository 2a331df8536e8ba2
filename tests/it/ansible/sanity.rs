//! `ansible-test sanity` on the collection.

use std::fs;
use std::path::Path;

use xtask::needs::Need;

use super::ansible;

/// The tests that read this collection. Each has its own packages, which `ansible-test` installs once.
const TESTS: [&str; 6] =
    ["ansible-doc", "compile", "ignores", "pep8", "validate-modules", "yamllint"];

/// `ansible-test` downloads a program that installs pip. Python has one, too.
const GET_PIP: &str = "import ensurepip\nensurepip.bootstrap()\n";

/// What it prints if it cannot install the packages of a test.
const NOT_INSTALLED: [&str; 4] = [
    "Download failed",
    "does not have pip available",
    "No matching distribution found",
    "requirements/sanity.",
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).expect("a file")),
        }
    }
}

#[test]
fn ansible_finds_nothing() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let collection = folder.path().join("ansible_collections/rauditctl/audit");
    copy(&xtask::root().join("packaging/ansible"), &collection);
    let Some(mut test) = ansible("ansible-test", &collection) else { return };
    // The packages stay there for the next run.
    let home = xtask::root().join("target/consumers/home");
    let cache = home.join(".ansible/test/cache");
    fs::create_dir_all(&cache).expect("a folder");
    fs::write(cache.join("get_pip_24_2.py"), GET_PIP).expect("a file");
    test.args(["sanity", "--color", "no", "--python", "default"]).env("HOME", home);
    test.env_remove("ANSIBLE_HOME").env_remove("ANSIBLE_COLLECTIONS_PATH");
    let output = test.args(TESTS.iter().flat_map(|name| ["--test", name])).output();
    let output = output.expect("it runs");
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    let is_error = |line: &&str| line.starts_with("ERROR: ") || line.starts_with("FATAL: ");
    let errors: Vec<&str> = printed.lines().filter(is_error).collect();
    if errors.iter().any(|line| NOT_INSTALLED.iter().any(|text| line.contains(text))) {
        Need::Consumers.skip("ansible-test cannot install the packages of its tests");
        return;
    }
    assert!(output.status.success() && errors.is_empty(), "{printed}");
}
