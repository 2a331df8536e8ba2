//! The play of the page, run by Ansible against folders of a test. What it would load the rules with is
//! a script here that only counts.

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
    /// A host with a base of rules and a play to install more; `None` without Ansible.
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
            "only what is replaced may load anything"
        );
        assert_eq!(play.matches("/etc/audit").count(), 1, "and only where it is replaced");
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

    /// Whether the play succeeds with this template, and what it prints.
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

    /// How often the rules were loaded.
    fn loads(&self) -> usize {
        fs::read_to_string(self.path().join("load.log")).map_or(0, |log| log.lines().count())
    }
}

#[test]
fn a_good_template_is_installed_and_loaded_once() {
    let Some(host) = Host::new() else { return };
    let (is_done, said) = host.play(GOOD, &[]);
    assert!(is_done && said.contains("changed=2 "), "{said}");
    assert_eq!(host.installed(), Some(GOOD.replace("{{ inventory_hostname }}", "localhost")));
    assert_eq!(host.loads(), 1);
    let (is_done, said) = host.play(GOOD, &[]);
    assert!(is_done && said.contains("changed=0 "), "{said}");
    assert_eq!(host.loads(), 1);
}

#[test]
fn a_bad_template_leaves_the_old_file() {
    let Some(host) = Host::new() else { return };
    assert!(host.play(GOOD, &[]).0);
    let before = host.installed();
    let of_another_host = GOOD.replace("-F key", "-F uid=no-such-user-here -F key");
    for (bad, code) in [(GOOD.replace("execve", "execv"), "E020"), (of_another_host, "E042")] {
        let (is_done, said) = host.play(&bad, &[]);
        assert!(!is_done && said.contains("failed to validate") && said.contains(code), "{said}");
        assert_eq!(host.installed(), before);
        assert_eq!(host.loads(), 1);
    }
}

/// As the page warns: a template is not validated then.
#[test]
fn check_mode_changes_nothing_and_finds_nothing() {
    let Some(host) = Host::new() else { return };
    let (is_done, said) = host.play(&GOOD.replace("execve", "execv"), &["--check"]);
    assert!(is_done && said.contains("changed=1 "), "{said}");
    assert_eq!(host.installed(), None);
    assert_eq!(host.loads(), 0);
}

#[test]
fn nothing_is_loaded_where_other_files_are_wrong() {
    let Some(host) = Host::new() else { return };
    write(host.path(), "rules.d/20-old.rules", "-a always,exit -F arch=b64 -S nosuchcall -k old\n");
    let (is_done, said) = host.play(GOOD, &[]);
    assert!(!is_done && said.contains("nosuchcall"), "{said}");
    assert!(host.installed().is_some());
    assert_eq!(host.loads(), 0);
}
