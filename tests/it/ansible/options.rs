//! Each state and option of the module, on one host.

use std::fs;

use serde_json::Value;

use super::{Fleet, ansible, install, succeeds};
use crate::golden::kernel::with_kernel;

const SITE: &str = "-w /etc/passwd -p wa -k identity\n-w /etc/shadow -p wa -k identity\n";

#[test]
fn every_state_and_option() {
    if ansible("ansible-playbook", std::path::Path::new(".")).is_none() {
        return;
    }
    with_kernel(|kernel| {
        let fleet = Fleet::new(kernel, 1);
        install(kernel.folder.path());
        fleet.program("host01", "refusing", "FAKE_KERNEL_FAIL=1011:12");
        fs::write(kernel.path("site.rules"), SITE).expect("a file");
        let results = fleet.play(include_str!("options.yml"), &[], &[]);
        let of = |task: &str| &results[&("host01".to_owned(), task.to_owned())];
        let ok = |task: &str| -> &Value {
            let (end, result) = of(task);
            assert_eq!(end, "ok", "{task}: {result:#}");
            result
        };
        for (task, is_changed) in [
            ("confirm", true),
            ("keep", true),
            ("keep again", false),
            ("undo", true),
            ("own keys", true),
            ("refused and left out", false),
        ] {
            assert_eq!(ok(task)["changed"], is_changed, "{task}: {:#}", ok(task));
            assert_eq!(ok(task)["immutable"], false, "{task}");
        }
        assert_eq!(ok("own keys")["plan"]["count"]["delete"], 0);
        let warning = ok("refused and left out")["warnings"][0].to_string();
        assert!(warning.contains("<stdin>:3"), "{warning}");
        for (task, message) in [
            ("keep without rules", "no change waits to be kept"),
            ("keep what is undone", "no change waits to be kept"),
            ("a rule without a key", "rule without a key that `--own-keys` matches"),
            ("no rules", "content is empty"),
            ("no keys", "own_keys is empty"),
            ("a relative path", "not an absolute path"),
            ("an unknown syscall", "E020"),
            ("no program", "/no/such/rauditctl"),
        ] {
            let (end, result) = of(task);
            let text = result["msg"].as_str().unwrap_or_default();
            assert!(end == "failed" && text.contains(message), "{task}: {result:#}");
        }
        let expected = "-w /etc/old -p wa -k old\n-w /etc/hosts -p wa -k site-1\n";
        assert_eq!(fleet.listing("host01"), expected);
    });
}

#[test]
fn the_module_is_documented() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let Some(mut doc) = ansible("ansible-doc", folder.path()) else { return };
    install(folder.path());
    let text = succeeds(doc.args(["--json", "rauditctl.audit.audit_rules"]));
    let text: Value = serde_json::from_str(&text).expect("JSON");
    let module = &text["rauditctl.audit.audit_rules"];
    let options = module["doc"]["options"].as_object().expect("options");
    let source = xtask::root().join("packaging/ansible/plugins/modules/audit_rules.py");
    let source = fs::read_to_string(source).expect("the module");
    for name in options.keys() {
        assert!(source.contains(&format!("            \"{name}\": {{\"type\"")), "{name}");
    }
    let read = source.lines().filter(|line| line.contains("\": {\"type\": ")).count();
    assert_eq!(options.len(), read);
    for name in ["plan", "reboot_required", "immutable", "left_out", "ansible_facts"] {
        assert!(
            module["return"][name]["description"].is_array()
                || module["return"][name]["description"].is_string(),
            "{name}"
        );
    }
}
