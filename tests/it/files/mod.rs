//! What the program does with files: names, links, owners and sizes. Nothing here needs a kernel.

mod config;
mod links;
mod names;
mod replaced;

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in a directory.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rauditctl"));
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1").env_remove("COLUMNS");
    command.output().expect("the program runs")
}

/// Returns standard output and standard error.
fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}
