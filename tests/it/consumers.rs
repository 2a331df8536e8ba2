//! Programs by others that take what rauditctl writes: those of `tests/consumers`, which `cargo xtask
//! consumers` installs. A test asks for one here, and ends where there is none.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use xtask::consumers::Registry;
use xtask::needs::{Need, leave_out};

/// Python, with the packages of `tests/consumers/requirements.txt`.
pub(crate) fn python() -> Option<Command> {
    command("python")
}

/// Node, which finds those of `tests/consumers/package.json` by `require`.
pub(crate) fn node() -> Option<Command> {
    let program = || Registry::Node.is_fresh(&xtask::root()).then(|| PathBuf::from("node"));
    found("node", program()).map(|mut node| {
        node.env("NODE_PATH", Registry::Node.folder(&xtask::root()).join("node_modules"));
        node
    })
}

/// A program of one of these packages, `ansible-playbook` say. It finds the others in its `PATH`, and
/// has a home directory of its own.
pub(crate) fn command(program: &str) -> Option<Command> {
    let root = xtask::root();
    let fresh = Registry::ALL.into_iter().filter(|registry| registry.is_fresh(&root));
    let mut places = fresh.map(|registry| registry.programs(&root).join(program));
    found(program, places.find(|path| path.is_file()))
}

/// A shell that finds all those from PyPI.
pub(crate) fn shell() -> Option<Command> {
    found("bash", Registry::Python.is_fresh(&xtask::root()).then(|| PathBuf::from("bash")))
}

fn found(name: &str, program: Option<PathBuf>) -> Option<Command> {
    if leave_out() {
        return None;
    }
    let Some(program) = program else {
        Need::Consumers.skip(format_args!(
            "there is no {name} as pinned in tests/consumers; `cargo xtask consumers` installs it"
        ));
        return None;
    };
    let root = xtask::root();
    let home = root.join("target/consumers/home");
    fs::create_dir_all(&home).expect("a directory");
    let before = Registry::ALL.map(|registry| registry.programs(&root));
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(before.into_iter().chain(env::split_paths(&path))).expect("a path");
    let mut command = Command::new(program);
    // Ansible wants UTF-8.
    command.env("PATH", path).env("HOME", home).env("LC_ALL", "C.UTF-8");
    command.env_remove("XDG_CACHE_HOME").env_remove("XDG_CONFIG_HOME").env_remove("PYTHONPATH");
    Some(command)
}

#[test]
fn every_version_is_pinned() {
    let read = |path: &str| fs::read_to_string(xtask::root().join(path)).expect("a file");
    let [requirements, package, lock] = [
        "tests/consumers/requirements.txt",
        "tests/consumers/package.json",
        "tests/consumers/package-lock.json",
    ]
    .map(read);
    let is_version = |text: &str| text.split('.').all(|part| part.parse::<u32>().is_ok());
    for line in requirements.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        assert!(line.split_once("==").is_some_and(|(_, version)| is_version(version)), "{line}");
    }
    let [package, lock] =
        [package, lock].map(|text| serde_json::from_str::<serde_json::Value>(&text).unwrap());
    for (name, version) in package["dependencies"].as_object().expect("some") {
        assert!(version.as_str().is_some_and(is_version), "{name} {version}");
    }
    assert_eq!(lock["packages"][""]["dependencies"], package["dependencies"]);
    // Where a package came from is the machine's business; what it is, is not.
    for (name, locked) in lock["packages"].as_object().expect("some").iter().skip(1) {
        assert!(locked["integrity"].is_string(), "{name}");
        assert!(locked.get("resolved").is_none(), "{name}");
    }
}

#[test]
fn the_programs_run() {
    for (program, version) in [("ansible-playbook", "[core 2."), ("pre-commit", "pre-commit 4.")] {
        let Some(mut command) = command(program) else { return };
        let output = command.arg("--version").output().expect("it runs");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains(version), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    }
    let imports = "import check_jsonschema, junitparser, sarif.loader, xmlschema, yaml";
    let Some(mut python) = python() else { return };
    assert!(python.args(["-c", imports]).status().expect("it runs").success());
    let requires =
        "require('@actions/core'); require('vscode-textmate'); require('vscode-oniguruma')";
    let Some(mut node) = node() else { return };
    assert!(node.args(["-e", requires]).status().expect("it runs").success());
}
