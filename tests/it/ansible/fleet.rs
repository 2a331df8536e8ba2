//! A play on 20 hosts. One is locked, two lack a path, and one refuses every rule.

use super::{Fleet, Results, ansible, install};
use crate::golden::kernel::with_kernel;

const LOCKED: &str = "host17";
/// Leaves out the rule with the path.
const LENIENT: &str = "host18";
/// Does not.
const STRICT: &str = "host19";
const REFUSING: &str = "host20";

const WANTED: &str = "\
-w /etc/passwd -p wa -k identity
-w /etc/app.conf -p wa -k app
-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=-1 -F key=exec
";
const OLD: &str = "-w /etc/old -p wa -k old\n";

const PLAY: &str = include_str!("fleet.yml");
const VARIABLES: [(&str, &str); 3] = [
    (LENIENT, "place=/no/such/folder skip_absent=true"),
    (STRICT, "place=/no/such/folder"),
    (LOCKED, ""),
];

fn is_usual(host: &str) -> bool {
    ![LOCKED, LENIENT, STRICT, REFUSING].contains(&host)
}

/// Checks the results of the hosts that do not depend on whether the play ran before.
#[track_caller]
fn check_others(fleet: &Fleet<'_>, results: &Results) {
    let of = |host: &str| &results[&(host.to_owned(), "rules".to_owned())];

    let (end, result) = of(LOCKED);
    assert_eq!((end.as_str(), &result["exit_status"]), ("ok", &4.into()), "{result:#}");
    assert_eq!(result["changed"], false);
    for name in ["reboot_required", "immutable"] {
        assert_eq!(result[name], true, "{name}");
        assert_eq!(result["ansible_facts"][format!("rauditctl_{name}")], true, "{name}");
    }
    assert_eq!(result["plan"]["state"], "next-boot");
    assert_eq!(fleet.changes(LOCKED), 0);

    for (host, refused) in [(STRICT, "<stdin>:3"), (REFUSING, "<stdin>:2")] {
        let (end, result) = of(host);
        assert_eq!(end, "failed", "{result:#}");
        let message = result["msg"].as_str().expect("a message");
        assert!(message.contains(refused), "{message}");
        assert!(message.contains("had before"), "{message}");
        assert_eq!((result["exit_status"].as_i64(), fleet.listing(host).as_str()), (Some(2), OLD));
    }
    let (_, result) = of(LENIENT);
    assert_eq!(result["left_out"], serde_json::json!(["<stdin>:3"]), "{result:#}");
    let without = WANTED.replace("-w /etc/app.conf -p wa -k app\n", "");
    assert_eq!(fleet.listing(LENIENT), without);
}

#[test]
fn twenty_hosts_get_the_rules_once() {
    if ansible("ansible-playbook", std::path::Path::new(".")).is_none() {
        return;
    }
    with_kernel(|kernel| {
        let fleet = Fleet::new(kernel, 20);
        install(kernel.folder.path());
        fleet.run(LOCKED, &["-e", "2"]);
        fleet.program(STRICT, "rauditctl", "FAKE_KERNEL_AT=1011:2:refuse:2");
        fleet.program(REFUSING, "rauditctl", "FAKE_KERNEL_FAIL=1011:12");

        let few = format!("host01,{LOCKED},{LENIENT}");
        let planned = fleet.play(PLAY, &VARIABLES, &["--check", "--diff", "--limit", &few]);
        assert_eq!(planned.len(), 3);
        for ((host, _), (end, result)) in &planned {
            assert_eq!(end, "ok", "{result:#}");
            assert_eq!(result["changed"], host != LOCKED, "{host}");
            let diff = &result["diff"];
            let before = diff["before"].as_str().expect("a text");
            assert_eq!(before, "backlog_limit 1000\n-w /etc/old -p wa -k old  # loaded rule 1\n");
            let after = diff["after"].as_str().expect("a text");
            assert!(
                after.starts_with(
                    "backlog_limit 8192\n-w /etc/passwd -p wa -k identity  # <stdin>:2\n"
                ),
                "{after}"
            );
            assert_eq!(fleet.changes(host), 0, "{host}");
        }

        let first = fleet.play(PLAY, &VARIABLES, &[]);
        assert_eq!(first.len(), 20);
        check_others(&fleet, &first);
        let second = fleet.play(PLAY, &VARIABLES, &["--diff"]);
        assert_eq!(second.len(), 20);
        for ((host, _), (end, result)) in &second {
            if is_usual(host) || host == LENIENT {
                assert_eq!((end.as_str(), &result["changed"]), ("ok", &false.into()), "{result:#}");
                assert_eq!(fleet.changes(host), 0, "{host}");
                assert_eq!(result["diff"]["before"], result["diff"]["after"]);
            }
        }
        check_others(&fleet, &second);
        for ((host, _), (end, result)) in first.iter().filter(|((host, _), _)| is_usual(host)) {
            assert_eq!((end.as_str(), &result["changed"]), ("ok", &true.into()), "{result:#}");
            assert_eq!(
                (&result["reboot_required"], &result["immutable"]),
                (&false.into(), &false.into())
            );
            assert_eq!(
                (&result["plan"]["count"]["add"], &result["plan"]["count"]["delete"]),
                (&3.into(), &1.into())
            );
            assert_eq!(fleet.listing(host), WANTED);
        }
    });
}
