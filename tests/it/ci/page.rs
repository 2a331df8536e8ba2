//! Follows the page word for word: runs every block of `sh` in order, in one shell, with an empty home. A block of
//! `text` directly after a block of `sh` is its output.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::document::{Block, blocks};
use super::{command, pre_commit, run_well};
use crate::docs::fits;

/// The block that installs the programs, which the test does not run.
const INSTALLS: &str = "cargo install --locked --path .\npipx install pre-commit\n";

/// Marks the start of each block's output.
const MARK: &str = "@@@ ";

#[test]
fn prints_what_the_page_shows() {
    let folder = TempDir::new().expect("a folder");
    let (work, home) = (folder.path().join("work"), folder.path().join("home"));
    for folder in [&work, &home] {
        fs::create_dir(folder).expect("a folder");
    }
    let Some(_) = pre_commit::project(&work, &home) else { return };

    let blocks = blocks();
    let shown: Vec<(&Block, Option<&Block>)> =
        (blocks.iter().zip(blocks.iter().skip(1).map(Some).chain([None])))
            .filter(|(block, _)| block.language == "sh" && block.text != INSTALLS)
            .map(|(block, next)| (block, next.filter(|next| next.language == "text")))
            .collect();
    assert_eq!(blocks.iter().filter(|block| block.text == INSTALLS).count(), 1);

    let output = in_one_shell(&shown, &work, &home);
    let answers: Vec<&str> = output.split(MARK).skip(1).collect();
    assert_eq!(answers.len(), shown.len(), "{output}");
    for ((block, prints), answer) in shown.iter().zip(answers) {
        let (printed, failed) = answer.rsplit_once("failed=").expect("how it ended");
        let is_to_fail = prints.is_some_and(|prints| prints.text.contains("error["));
        assert_eq!(failed.trim() == "yes", is_to_fail, "{}\n{printed}", block.text);
        if let Some(prints) = prints {
            assert!(fits(&prints.text, printed), "{}\nprints\n{printed}", block.text);
        }
    }

    // Only the last commit of the quick start succeeds: the hooks reject the others.
    let history = "git log --reverse --format=%s; git show HEAD:rules.d/30-access.rules";
    let history = run_well(history, &work.join("audit-rules"), &home).expect("a shell");
    assert!(
        history.starts_with("Record failed attempts to open files\nAdd the source of rauditctl\n#"),
        "{history}"
    );
    assert!(history.contains("-S openat -F exit=-EACCES"), "{history}");
    let stopped = "git log --all --format= --patch -- rules.d";
    let stopped = run_well(stopped, &work.join("audit-rules"), &home).expect("a shell");
    assert!(!stopped.contains("opennat") && !stopped.contains("open,openat"), "{stopped}");
}

/// Runs the blocks. Returns their output, with a mark before each block and its result after it.
fn in_one_shell(blocks: &[(&Block, Option<&Block>)], folder: &Path, home: &Path) -> String {
    let mut script = String::from("exec 2>&1\ntrap 'failed=yes' ERR\n");
    for (block, _) in blocks {
        script += &format!("failed=no; printf '{MARK}'\n{}\necho failed=$failed\n", block.text);
    }
    let mut bash = command("bash", home).expect("it was there");
    let output = bash.args(["-c", &script]).current_dir(folder).output().expect("bash runs");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn configuration_and_comment_have_the_described_effect() {
    let lint = |options: &[&str], files: &[(&str, &str)]| {
        let folder = TempDir::new().expect("a folder");
        fs::create_dir(folder.path().join(".git")).expect("a repository");
        for (name, text) in files {
            super::write(folder.path(), name, text);
        }
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_rauditctl"));
        let output =
            program.arg("lint").args(options).arg("rules.d").current_dir(folder.path()).output();
        let output = output.expect("it runs");
        (output.status.code(), super::printed(&output))
    };
    let section = "Deciding what counts";
    let (config, comment) = (super::document::block(section, "toml"), text_of_comment(section));
    let watch = "-w /etc/shadow -p wa -k identity\n";
    assert!(comment.ends_with(watch), "{comment}");

    let [of_watch, of_vendor] = ["rules.d/30-site.rules", "rules.d/99-vendor.rules"]
        .map(|name| lint(&["--select", "P101"], &[("rauditctl.toml", &config), (name, watch)]));
    assert_eq!(of_watch.0, Some(1), "{}", of_watch.1);
    assert!(of_watch.1.starts_with("error[P101]"), "{}", of_watch.1);
    assert_eq!(of_vendor.0, Some(0), "{}", of_vendor.1);

    let options = ["--arch", "x86_64", "--select", "P101,S190", "--fail-on", "info"];
    let (status, printed) = lint(&options, &[("rules.d/30-site.rules", &comment)]);
    assert_eq!(status, Some(0), "{printed}");
    let (status, printed) = lint(&options, &[("rules.d/30-site.rules", watch)]);
    assert_eq!(status, Some(1), "{printed}");
}

fn text_of_comment(section: &str) -> String {
    super::document::block(section, "text")
}
