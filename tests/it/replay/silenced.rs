//! Events with the key of a rule that another rule decides before.

use serde_json::Value;

use super::{Folder, call};

const NEVER: &str = "-a never,exit -F arch=b64 -S execve,openat -F exe=/usr/bin/x\n";

/// Returns the keys of each row of other rules, with the line of the rule that decides first.
fn found(report: &Value) -> Vec<(String, Option<u64>)> {
    let rows = report["rows"].as_array().expect("rows").iter().map(|row| &row["decided_by"]);
    let others = rows.filter(|by| by["kind"] == "other-rule");
    let mut found: Vec<_> = others
        .map(|by| (by["keys"][0].as_str().expect("a key").to_owned(), by["first"]["line"].as_u64()))
        .collect();
    found.sort();
    found
}

fn of(rules: &str, log: &str) -> (Folder, Vec<(String, Option<u64>)>) {
    let folder = Folder::new(log);
    folder.write("a.rules", rules.as_bytes());
    let rows = found(&folder.json("audit.log"));
    (folder, rows)
}

#[test]
fn names_the_rule_that_decides_first() {
    let rules = NEVER.to_owned()
        + "-a always,exit -F arch=b64 -S execve -k exec\n\
           -a always,exit -F arch=b64 -S chmod -k first\n\
           -a always,exit -F arch=b64 -S chmod -k late\n\
           -a always,exit -F arch=b64 -S openat -F exe=/usr/bin/y -k other\n";
    let log = [
        call(1, 59, "\"exec\"", "\"/bin/x\""),
        call(2, 90, "\"late\"", "\"/x\""),
        // A rule silences it, but the rule with its key is for another program.
        call(3, 257, "\"other\"", "\"/x\""),
        call(4, 59, "\"old\"", "\"/x\""),
    ]
    .concat();
    let (folder, rows) = of(&rules, &log);
    let expected = [("exec", Some(1)), ("late", Some(3)), ("old", None), ("other", None)];
    assert_eq!(rows, expected.map(|(key, line)| (key.to_owned(), line)));
    let (_, text, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    for name in [
        "key exec, silenced by a.rules:1  ",
        "key late, decided before by a.rules:3  first  ",
        "key other, whose rules do not match  ",
        "key old, of no rule  ",
    ] {
        assert!(text.contains(name), "{name}: {text}");
    }
    let (_, page, _) = folder.run(&["audit.log", "--rules", "a.rules", "--format", "html"]);
    let table = page.split("id=\"rows\"").nth(1).expect("the table");
    let row = table.split("silenced by a.rules:1").nth(1).expect("its row");
    let row = row.split("</th>").next().unwrap_or_default();
    assert!(row.contains("never,exit") && row.contains("/usr/bin/x"), "{row}");
}

/// A rule that drops the main record silences the event, too.
#[test]
fn a_rule_of_the_list_exclude_decides_first() {
    let log = call(1, 59, "\"exec\"", "\"/bin/x\"");
    let rules =
        "-a always,exit -F arch=b64 -S execve -k exec\n-a always,exclude -F msgtype=SYSCALL\n";
    let (folder, rows) = of(rules, &log);
    assert_eq!(rows, [("exec".to_owned(), Some(2))]);
    let (_, text, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    assert!(text.contains("key exec, silenced by a.rules:2"), "{text}");
}

/// The rule with the key matches the file, and the record has the name of a link.
#[test]
fn the_name_of_a_link_does_not_hide_it() {
    let rules = NEVER.to_owned() + "-w /etc/shadow -p wa -k identity\n";
    let log = call(1, 257, "\"identity\"", "\"/srv/link\"");
    assert_eq!(of(&rules, &log).1, [("identity".to_owned(), Some(1))]);
    // Another program is not silenced, so only the link explains the event.
    let log = log.replace("/usr/bin/x", "/usr/bin/y");
    assert_eq!(of(&rules, &log).1, []);
}

/// The list task judges a process when it is made, with the users of that moment (`audit_alloc`, kernel/auditsc.c).
#[test]
fn who_made_a_process_is_not_in_a_log() {
    let exec = "-a always,exit -F arch=b64 -S execve -k exec\n";
    let task = "-a never,task -F uid=1000\n";
    let log = call(1, 59, "\"exec\"", "\"/bin/x\"");
    let folder = Folder::new(&log);
    // The rule has not matched: the event is there.
    folder.write("a.rules", (task.to_owned() + exec).as_bytes());
    assert_eq!(super::decided_by(&folder.json("audit.log")), [("a.rules:2".to_owned(), 1)]);
    let outcome = |old: &str, new: &str| {
        folder.write("a.rules", old.as_bytes());
        folder.write("new.rules", new.as_bytes());
        let report = folder.json_with(&["audit.log", "--against", "new.rules"]);
        let row = &report["against"]["rows"][0];
        (row["outcome"].clone(), row["depends_on"].clone())
    };
    let both = task.to_owned() + exec;
    assert_eq!(outcome(exec, &both), ("undecided".into(), ["at_entry"].into()));
    // The same rule took nothing from the log.
    assert_eq!(outcome(&both, &both).0, "kept");
    // No process that is made under this rule is recorded.
    assert_eq!(outcome(exec, &("-a never,task\n".to_owned() + exec)).0, "dropped");
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules", "--against", "new.rules"]);
    assert!(out.contains("dropped by new.rules:1"), "{out}");
}
