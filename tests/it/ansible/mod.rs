//! The collection in `packaging/ansible`: it is built, installed, and used by Ansible on hosts that are fake kernels.

mod fleet;
mod options;
mod sanity;
mod shown;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::consumers;
use crate::golden::kernel::Kernel;

/// The rules and settings that each host has at first.
const OLD: &str = "-b 1000\n-w /etc/old -p wa -k old\n";

/// Succeeds if a process that root starts cannot get CAP_AUDIT_CONTROL, bit 30: if the fake kernel is not loaded, the
/// kernel of this machine refuses the requests.
const CANNOT_REACH_AUDIT: &str = "while read name value; do case $name in CapBnd:|CapEff:|CapPrm:) \
                                  test $((0x$value >> 30 & 1)) = 0 || exit 98;; esac; done < /proc/self/status";

/// The result of a task on a host, and how it ended.
type Results = BTreeMap<(String, String), (String, Value)>;

/// Returns a program of Ansible that reads no configuration of this machine.
fn ansible(program: &str, folder: &Path) -> Option<Command> {
    let mut command = consumers::command(program)?;
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ANSIBLE_") {
            command.env_remove(name);
        }
    }
    command
        .env("HOME", folder)
        .env("ANSIBLE_HOME", folder.join("ansible"))
        .env("ANSIBLE_COLLECTIONS_PATH", folder.join("collections"))
        .env("ANSIBLE_NOCOLOR", "1")
        .current_dir(folder);
    Some(command)
}

#[track_caller]
fn succeeds(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(output.status.success(), "{command:?}\n{out}{err}");
    out.into_owned()
}

/// Builds the collection and installs it below a folder.
fn install(folder: &Path) {
    let galaxy = || {
        let mut galaxy = ansible("ansible-galaxy", folder).expect("it was there");
        galaxy.arg("collection");
        galaxy
    };
    let source = xtask::root().join("packaging/ansible");
    succeeds(galaxy().arg("build").arg(source).arg("--output-path").arg(folder));
    let built = folder.join(format!("rauditctl-audit-{}.tar.gz", env!("CARGO_PKG_VERSION")));
    succeeds(galaxy().arg("install").arg("--offline").arg(built));
}

/// Some hosts, with a folder for each of them.
struct Fleet<'k> {
    kernel: &'k Kernel,
    names: Vec<String>,
}

impl<'k> Fleet<'k> {
    /// Hosts with the old rules.
    fn new(kernel: &'k Kernel, count: usize) -> Self {
        let names = (1..=count).map(|number| format!("host{number:02}")).collect();
        let fleet = Fleet { kernel, names };
        fs::write(kernel.path("old.rules"), OLD).expect("a file");
        fs::create_dir(kernel.path("callbacks")).expect("a folder");
        fs::write(kernel.path("callbacks/results.py"), include_str!("results.py")).expect("a file");
        for name in &fleet.names {
            fs::create_dir(kernel.path(name)).expect("a folder");
            fleet.program(name, "rauditctl", "");
            let old = kernel.path("old.rules");
            fleet.run(name, &["apply", old.to_str().expect("a name")]);
        }
        fleet
    }

    /// Writes the program of a host: ours, under the kernel of the host, with more variables of the fake kernel.
    fn program(&self, host: &str, name: &str, variables: &str) {
        let folder = self.kernel.path(host);
        let (folder, library) = (folder.display(), self.kernel.library.display());
        let program = env!("CARGO_BIN_EXE_rauditctl");
        let text = format!(
            "#!/bin/sh\n\
             test -s {library} || exit 99\n\
             {CANNOT_REACH_AUDIT} || exit 98\n\
             export LD_PRELOAD={library} FAKE_KERNEL_LOG={folder}/log FAKE_KERNEL_STATE={folder}/state\n\
             export FAKE_KERNEL_MACHINE=x86_64 STATE_DIRECTORY={folder}/lib RUNTIME_DIRECTORY={folder}/run {variables}\n\
             exec {program} \"$@\"\n"
        );
        let path = self.path(host, name);
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    fn path(&self, host: &str, name: &str) -> PathBuf {
        self.kernel.path(host).join(name)
    }

    /// Runs the program of a host, which must succeed.
    fn run(&self, host: &str, arguments: &[&str]) -> String {
        succeeds(Command::new(self.path(host, "rauditctl")).args(arguments))
    }

    fn listing(&self, host: &str) -> String {
        self.run(host, &["-l"])
    }

    /// Returns the number of requests that change the kernel of a host since its log was removed. The program was run.
    fn changes(&self, host: &str) -> usize {
        let log = fs::read_to_string(self.path(host, "log")).expect("a log");
        assert!(log.starts_with("START"), "{host}: {log}");
        let is_change = |line: &&str| {
            let kinds = ["1001", "1011", "1012"];
            kinds.iter().any(|kind| line.starts_with(&format!("REQ\t{kind}\t")))
        };
        log.lines().filter(is_change).count()
    }

    /// Runs a play. Returns the result of each task on each host.
    fn play(&self, play: &str, variables: &[(&str, &str)], options: &[&str]) -> Results {
        let folder = self.kernel.folder.path();
        let mut inventory = String::new();
        for name in &self.names {
            let _ = fs::remove_file(self.path(name, "log"));
            inventory.push_str(&format!("{name} ansible_connection=local"));
            for (_, more) in variables.iter().filter(|(host, _)| host == name) {
                inventory.push_str(&format!(" {more}"));
            }
            inventory.push('\n');
        }
        fs::write(folder.join("hosts"), inventory).expect("a file");
        fs::write(folder.join("play.yml"), play).expect("a file");
        let mut ansible = ansible("ansible-playbook", folder).expect("it was there");
        ansible
            .args(["--inventory", "hosts", "--forks", "2", "play.yml"])
            .args(["--extra-vars", "ansible_python_interpreter=python"])
            .arg("--extra-vars")
            .arg(format!("folder={}", folder.display()))
            .args(options)
            .env("ANSIBLE_CALLBACK_PLUGINS", folder.join("callbacks"))
            .env("ANSIBLE_STDOUT_CALLBACK", "results")
            .env("ANSIBLE_PIPELINING", "1")
            .env("ANSIBLE_REMOTE_TEMP", folder.join("remote"));
        let output = ansible.output().expect("Ansible runs");
        let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
        let text = |line: &Value, name: &str| line[name].as_str().expect("a text").to_owned();
        let lines = out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let results: Results = lines
            .map(|mut line| {
                let key = (text(&line, "host"), text(&line, "task"));
                (key, (text(&line, "end"), line["result"].take()))
            })
            .collect();
        assert!(!results.is_empty(), "{out}{err}");
        results
    }
}

#[test]
fn the_collection_has_the_version_of_the_program() {
    let path = xtask::root().join("packaging/ansible/galaxy.yml");
    let text = fs::read_to_string(path).expect("a file");
    let version = format!("version: {}", env!("CARGO_PKG_VERSION"));
    assert!(text.lines().any(|line| line == version), "{text}");
}
