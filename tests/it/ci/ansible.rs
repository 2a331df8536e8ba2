//! Runs the play of the page with Ansible on folders of the test. A script that counts its calls replaces the
//! program that loads the rules.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::document::block;
use super::{command, printed, write};

const LOAD: &str = "augenrules --load";
const GOOD: &str =
    "# For {{ inventory_hostname }}.\n-a always,exit -F arch=b64 -S execve -F key=exec\n";

struct Host {
    folder: TempDir,
}

impl Host {
    /// Returns a host with base rules and a play that installs more; `None` without Ansible.
    fn new() -> Option<Self> {
        let host = Host { folder: TempDir::new().expect("a folder") };
        command("ansible-playbook", host.path())?;
        let load = write(host.path(), "load", "#!/bin/sh\necho loaded >> \"$0.log\"\n");
        let load = load.to_str().expect("text");
        let status = Command::new("chmod").args(["755", load]).status().expect("chmod runs");
        assert!(status.success());
        let play = block("Ansible", "yaml");
        assert_eq!(
            play.matches("augenrules").count(),
            1,
            "the test must replace every command that loads rules"
        );
        assert_eq!(play.matches("/etc/audit").count(), 1, "the test must replace every path");
        let play = play
            .replace(LOAD, load)
            .replace("/etc/audit/rules.d", &host.rules_d().display().to_string());
        assert!(play.contains(load));
        write(host.path(), "play.yml", &play);
        write(host.path(), "rules.d/10-base.rules", "-D\n-b 8192\n-f 1\n");
        Some(host)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn rules_d(&self) -> PathBuf {
        self.path().join("rules.d")
    }

    /// Runs the play with a template. Returns whether it succeeds, and its output.
    fn play(&self, template: &str, options: &[&str]) -> (bool, String) {
        write(self.path(), "30-site.rules.j2", template);
        let mut ansible = command("ansible-playbook", self.path()).expect("it was there");
        ansible.args([
            "-i",
            "localhost,",
            "-c",
            "local",
            "-e",
            "ansible_python_interpreter=python",
        ]);
        ansible.env("ANSIBLE_NOCOLOR", "1").env("ANSIBLE_GATHERING", "explicit");
        let output = ansible.args(options).arg("play.yml").current_dir(self.path()).output();
        let output = output.expect("Ansible runs");
        (output.status.success(), printed(&output))
    }

    fn installed(&self) -> Option<String> {
        fs::read_to_string(self.rules_d().join("30-site.rules")).ok()
    }

    /// Returns how often the rules were loaded.
    fn loads(&self) -> usize {
        fs::read_to_string(self.path().join("load.log")).map_or(0, |log| log.lines().count())
    }
}

#[test]
fn installs_a_good_template_and_loads_it_once() {
    let Some(host) = Host::new() else { return };
    let (is_done, printed) = host.play(GOOD, &[]);
    assert!(is_done && printed.contains("changed=2 "), "{printed}");
    assert_eq!(host.installed(), Some(GOOD.replace("{{ inventory_hostname }}", "localhost")));
    assert_eq!(host.loads(), 1);
    let (is_done, printed) = host.play(GOOD, &[]);
    assert!(is_done && printed.contains("changed=0 "), "{printed}");
    assert_eq!(host.loads(), 1);
}

#[test]
fn keeps_the_old_file_if_the_template_is_bad() {
    let Some(host) = Host::new() else { return };
    assert!(host.play(GOOD, &[]).0);
    let before = host.installed();
    let of_another_host = GOOD.replace("-F key", "-F uid=no-such-user-here -F key");
    for (bad, code) in [(GOOD.replace("execve", "execv"), "E020"), (of_another_host, "E042")] {
        let (is_done, printed) = host.play(&bad, &[]);
        assert!(
            !is_done && printed.contains("failed to validate") && printed.contains(code),
            "{printed}"
        );
        assert_eq!(host.installed(), before);
        assert_eq!(host.loads(), 1);
    }
}

/// The page warns that check mode does not validate a template.
#[test]
fn check_mode_changes_nothing_and_finds_nothing() {
    let Some(host) = Host::new() else { return };
    let (is_done, printed) = host.play(&GOOD.replace("execve", "execv"), &["--check"]);
    assert!(is_done && printed.contains("changed=1 "), "{printed}");
    assert_eq!(host.installed(), None);
    assert_eq!(host.loads(), 0);
}

#[test]
fn loads_nothing_if_another_file_is_bad() {
    let Some(host) = Host::new() else { return };
    write(host.path(), "rules.d/20-old.rules", "-a always,exit -F arch=b64 -S nosuchcall -k old\n");
    let (is_done, printed) = host.play(GOOD, &[]);
    assert!(!is_done && printed.contains("nosuchcall"), "{printed}");
    assert!(host.installed().is_some());
    assert_eq!(host.loads(), 0);
}
