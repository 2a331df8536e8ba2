//! The plays of the documents, and the commands for Salt and Puppet.

use std::fs;
use std::process::Command;

use super::{Fleet, ansible, install, succeeds};
use crate::golden::kernel::with_kernel;

fn read(path: &str) -> String {
    fs::read_to_string(xtask::root().join(path)).expect("a document")
}

/// Returns the blocks of a language in a document.
fn blocks(path: &str, language: &str) -> Vec<String> {
    let text = read(path);
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts.filter_map(|part| Some(part.split("```").next()?.to_owned())).collect()
}

#[test]
fn ansible_accepts_the_plays() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    if ansible("ansible-playbook", folder.path()).is_none() {
        return;
    }
    install(folder.path());
    let shown = [blocks("packaging/ansible/README.md", "yaml"), blocks("docs/applying.md", "yaml")];
    let plays: Vec<String> =
        shown.concat().into_iter().filter(|text| text.starts_with("- hosts:")).collect();
    assert_eq!(plays.len(), 3, "{plays:?}");
    let module = read("packaging/ansible/plugins/modules/audit_rules.py");
    let examples =
        module.split("EXAMPLES = r\"\"\"\n").nth(1).and_then(|text| text.split("\"\"\"").next());
    let examples = examples.expect("examples").lines().map(|line| format!("    {line}\n"));
    let examples = format!("- hosts: all\n  tasks:\n{}", examples.collect::<String>());
    let paths = plays.iter().chain([&examples]).enumerate().map(|(number, play)| {
        let name = format!("{number}.yml");
        fs::write(folder.path().join(&name), play).expect("a file");
        name
    });
    let mut playbook = ansible("ansible-playbook", folder.path()).expect("it was there");
    succeeds(playbook.args(["--inventory", "localhost,", "--syntax-check"]).args(paths));
}

/// Returns the command and its condition, as the document shows them for a program.
fn shown(language: &str, command: &str, condition: &str) -> [String; 2] {
    let blocks = blocks("docs/applying.md", language);
    let block = blocks.iter().find(|block| block.contains("unless")).expect("a block");
    [command, condition].map(|before| {
        let line = block.lines().find_map(|line| line.trim().strip_prefix(before)).expect("a line");
        line.trim_start_matches('\'').trim_end_matches([':', '\'', ',']).to_owned()
    })
}

/// Both programs run the command if its condition fails.
#[test]
fn the_commands_for_salt_and_puppet_change_once() {
    let salt = shown("yaml", "rauditctl apply", "- unless: rauditctl");
    let puppet = shown("puppet", "exec { 'rauditctl apply", "unless => 'rauditctl");
    assert_eq!(salt, puppet);
    assert_eq!(salt, [" /etc/audit/rules.d", " plan /etc/audit/rules.d"]);
    with_kernel(|kernel| {
        let fleet = Fleet::new(kernel, 1);
        fs::create_dir(kernel.path("rules.d")).expect("a folder");
        fs::write(kernel.path("rules.d/a.rules"), "-w /etc/new -p wa -k new\n").expect("a file");
        let rules = kernel.path("rules.d");
        let rules = rules.to_str().expect("a name");
        let holds = || {
            let mut plan = Command::new(fleet.path("host01", "rauditctl"));
            plan.args(["plan", rules]).output().expect("it runs").status.success()
        };
        assert!(!holds());
        fleet.run("host01", &["apply", rules]);
        assert!(holds());
    });
}
