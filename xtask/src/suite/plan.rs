//! What `cargo xtask test` does, in order.

use std::collections::BTreeSet;
use std::io::{Error, Result};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Scope;
use super::packages::Packages;
use super::stage::Stage;
use crate::guest;

/// The test binary that boots a kernel.
const GUEST: &str = "guest";

/// A step of the run.
pub(super) enum Step {
    /// Installs Debian packages.
    Packages,
    /// Installs the programs of `tests/consumers`.
    Consumers,
    /// Builds something.
    Build(Build),
    /// Runs tests.
    Tests(Stage),
}

/// What is built before the tests run.
pub(super) enum Build {
    /// The tests, by `cargo test` with these arguments.
    Tests(Vec<String>),
    /// The programs that run in the guest.
    Guest,
}

impl Build {
    /// Builds it; returns whether it was built.
    pub(super) fn run(&self, root: &Path) -> Result<bool> {
        match self {
            Self::Tests(arguments) => {
                let status = Command::new("cargo").args(arguments).current_dir(root).status()?;
                Ok(status.success())
            }
            Self::Guest => Ok(guest::build(root, guest::Build::Quick).status()?.success()),
        }
    }
}

impl Step {
    /// The name in the list of steps.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Packages => "packages",
            Self::Consumers => "consumers",
            Self::Build(Build::Tests(_)) => "build",
            Self::Build(Build::Guest) => "build for the guest",
            Self::Tests(stage) => &stage.name,
        }
    }

    /// What the step does.
    pub(super) fn description(&self, packages: &Packages) -> String {
        match self {
            Self::Packages => format!("apt-get install {}", packages.names()),
            Self::Consumers => {
                "install the packages that tests/consumers names into target/consumers, from PyPI and npm"
                    .to_owned()
            }
            Self::Build(Build::Tests(arguments)) => format!("cargo {}", arguments.join(" ")),
            Self::Build(Build::Guest) => {
                format!("static programs, into {}", guest::BUILD)
            }
            Self::Tests(stage) if stage.name == guest_name() => format!(
                "{}; downloads a kernel and auditctl from Debian into target/guest if they are not there",
                stage.command_line()
            ),
            Self::Tests(stage) => stage.command_line(),
        }
    }
}

fn guest_name() -> String {
    format!("tests/{GUEST}")
}

/// The steps that build and test.
pub(super) fn steps(root: &Path, scope: Scope) -> Result<Vec<Step>> {
    let binaries = test_binaries(root)?;
    let binaries = binaries.iter().filter(|name| scope == Scope::All || *name != GUEST);
    let binaries: Vec<&str> = binaries.map(String::as_str).collect();

    let tests = ["test", "--workspace", "--no-run"];
    let only: Vec<&str> = match scope {
        Scope::All => Vec::new(),
        Scope::Fast => {
            let tests = binaries.iter().flat_map(|name| ["--test", *name]);
            ["--lib", "--bins"].into_iter().chain(tests).collect()
        }
    };
    let arguments = tests.into_iter().chain(only).map(str::to_owned).collect();
    let mut steps = vec![Step::Build(Build::Tests(arguments))];
    if binaries.contains(&GUEST) {
        steps.push(Step::Build(Build::Guest));
    }
    let mut stages = vec![Stage::new("unit tests", &["--lib", "--bins"])];
    let test = |name: &&str| Stage::new(&format!("tests/{name}"), &["--test", *name]);
    stages.extend(binaries.iter().map(test));
    stages.push(Stage::new("documentation", &["--doc"]));
    steps.extend(stages.into_iter().map(Step::Tests));
    Ok(steps)
}

/// The names of all integration test binaries of the workspace.
fn test_binaries(root: &Path) -> Result<BTreeSet<String>> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let output = Command::new("cargo").args(arguments).current_dir(root).output()?;
    if !output.status.success() {
        return Err(Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let list = |value: &Value, name| value.get(name).and_then(Value::as_array).cloned();
    let packages = list(&metadata, "packages").unwrap_or_default();
    let targets = packages.iter().filter_map(|package| list(package, "targets")).flatten();
    let is_test = |target: &Value| {
        let kind = target.pointer("/kind/0").and_then(Value::as_str);
        kind == Some("test") && target.get("test") == Some(&Value::Bool(true))
    };
    let name = |target: Value| target.get("name")?.as_str().map(str::to_owned);
    Ok(targets.filter(is_test).filter_map(name).collect())
}
