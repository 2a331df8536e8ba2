//! The features of the library: each combination builds, and the core needs few crates.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::package::separate_cargo;
use crate::snapshots::assert_recorded;

/// The combinations that make sense. Each implies what it needs.
const COMBINATIONS: [&str; 10] = [
    "",
    "relate",
    "netlink",
    "serde",
    "lint",
    "cli",
    "lsp",
    "netlink,serde",
    "lint,netlink",
    "default",
];

/// The maximum number of crates that the core builds from, with its own and those of its macros.
const MOST_CRATES: usize = 25;

const EXAMPLES: [&str; 3] = ["compile_rule", "what_is_armed", "load_in_memory"];

/// A cargo with a target directory of its own, so that the combinations stay built.
fn cargo() -> Option<Command> {
    let (mut cargo, target) = separate_cargo()?;
    cargo.env("CARGO_TARGET_DIR", target.with_file_name("features"));
    Some(cargo)
}

/// Runs a program and returns what it prints.
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the program runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{errors}");
    assert!(!errors.contains("warning: unused"), "{command:?}\n{errors}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn builds_with_each_combination() {
    for features in COMBINATIONS {
        let Some(mut cargo) = cargo() else { return };
        cargo.env("RUSTFLAGS", "-D warnings");
        cargo.args(["check", "--package=rauditctl", "--offline", "--locked"]);
        output(cargo.args(["--no-default-features", "--features", features]));
    }
}

#[test]
fn core_needs_few_crates() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(xtask::root()).args(["tree", "--edges=normal", "--prefix=none"]);
    let tree = output(cargo.args(["--no-default-features", "--offline", "--locked"]));
    let crates: BTreeSet<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    assert!(crates.iter().any(|name| name.starts_with("nom ")), "{crates:?}");
    assert!(crates.len() <= MOST_CRATES, "{} crates: {crates:?}", crates.len());
    let heavy = ["clap", "netlink", "nix", "serde", "tempfile"];
    let found = crates.iter().find(|name| heavy.iter().any(|heavy| name.starts_with(heavy)));
    assert_eq!(found, None);
}

/// Without the crates that only tests use: an example sees what a user's program sees.
#[test]
fn examples_run_with_the_core() {
    let Some(mut cargo) = cargo() else { return };
    let root = xtask::root();
    let built = root.join("target/features/debug");
    cargo.env("RUSTFLAGS", "-D warnings");
    cargo.args(["build", "--lib", "--package=rauditctl", "--no-default-features"]);
    output(cargo.args(["--offline", "--locked"]));
    for name in EXAMPLES {
        let program = built.join(name);
        compile(&root.join(format!("examples/{name}.rs")), &program, &built);
        let printed = output(&mut Command::new(&program));
        assert_recorded(&printed, &root.join(format!("tests/it/features/{name}.txt")));
    }
}

/// Compiles a program that uses the library.
fn compile(source: &Path, program: &Path, built: &Path) {
    let mut rustc = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"));
    rustc.args(["--edition=2024", "-D", "warnings"]).arg(source).arg("-o").arg(program);
    rustc.arg("--extern").arg(format!("rauditctl={}", built.join("librauditctl.rlib").display()));
    output(rustc.arg("-L").arg(format!("dependency={}", built.join("deps").display())));
}
