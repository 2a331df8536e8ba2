//! Runs the scripts and configurations of `docs/ci.md` with the programs that users run them with: bash, git,
//! pre-commit and Ansible. Checks the jobs with the published schemas of GitHub and GitLab.

mod ansible;
mod document;
mod jobs;
mod page;
mod pre_commit;

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::consumers;

/// Returns bash or a program of `consumers`. It finds the rauditctl under test, and ignores this machine's git
/// configuration.
fn command(program: &str, home: &Path) -> Option<Command> {
    let mut command = match program {
        "bash" => consumers::shell()?,
        _ => consumers::command(program)?,
    };
    let set = command.get_envs().find_map(|(name, value)| (name == "PATH").then_some(value?));
    let path = set.unwrap_or_default().to_owned();
    let program = Path::new(env!("CARGO_BIN_EXE_rauditctl")).parent().expect("a folder");
    let path = [program.to_owned()].into_iter().chain(env::split_paths(&path));
    command.env("PATH", env::join_paths(path).expect("a path")).env("HOME", home);
    for (name, _) in env::vars_os().filter(|(name, _)| is_of_the_machine(name)) {
        command.env_remove(name);
    }
    for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"]
    {
        command.env(name, "newcomer@example.org");
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1");
    Some(command)
}

/// Returns whether a variable configures git, pre-commit or Ansible.
fn is_of_the_machine(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    ["GIT_", "PRE_COMMIT", "ANSIBLE_"].iter().any(|prefix| name.starts_with(prefix))
        || name == "SKIP"
}

/// Runs a script in a folder. The script ends at the first command that fails.
fn run(script: &str, folder: &Path, home: &Path) -> Option<Output> {
    let mut bash = command("bash", home)?;
    Some(bash.args(["-e", "-c", script]).current_dir(folder).output().expect("bash runs"))
}

/// Runs a script that must succeed.
fn run_well(script: &str, folder: &Path, home: &Path) -> Option<String> {
    let output = run(script, folder, home)?;
    let printed = printed(&output);
    assert!(output.status.success(), "{script}\n{printed}");
    Some(printed)
}

fn printed(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    format!("{out}{err}")
}

/// Writes a file, and creates its parent folders.
fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders are made");
    std::fs::write(&path, text).expect("a file is written");
    path
}
