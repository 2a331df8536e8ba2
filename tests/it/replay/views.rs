//! `--by`: the rows of the table by other values.

use serde_json::{Value, json};

use super::{Folder, call, log};

/// Returns the values of the rows with their events, sorted.
fn rows(report: &Value) -> Vec<(Option<&str>, u64)> {
    let rows = report["rows"].as_array().expect("rows").iter();
    let mut rows: Vec<_> = rows
        .map(|row| (row["value"].as_str(), row["events"].as_u64().expect("a number")))
        .collect();
    rows.sort_unstable();
    rows
}

/// Calls of two programs, users and machines, one of them by a 32-bit program, and an event that is no call.
fn mixed() -> String {
    let other = |line: String| {
        line.replace("exe=\"/usr/bin/x\"", "exe=\"/usr/bin/y\"")
            .replace("auid=1000", "auid=4294967295")
    };
    let on_node =
        |line: String| line.lines().map(|line| format!("node=web {line}\n")).collect::<String>();
    [
        call(1, 59, "\"exec\"", "\"/bin/x\""),
        other(call(2, 59, "\"exec\"", "\"/bin/x\"")),
        on_node(call(3, 257, "610162", "\"shadow\"")),
        call(4, 10, "\"exec\"", "(null)").replace("arch=c000003e", "arch=40000003"),
        "type=BPF msg=audit(1764230400.900:9): prog-id=1 op=LOAD\n".to_owned(),
    ]
    .concat()
}

#[test]
fn shows_rows_by_each_value() {
    let folder = Folder::new(&mixed());
    for (by, expected) in [
        ("exe", vec![(None, 1), (Some("/usr/bin/x"), 3), (Some("/usr/bin/y"), 1)]),
        ("user", vec![(None, 1), (Some("1000"), 3), (Some("unset"), 1)]),
        // The call by descriptor has no path. That of `openat(1, "shadow")` is relative to an unknown directory.
        ("path", vec![(None, 2), (Some("/bin/x"), 2), (Some("shadow"), 1)]),
        ("key", vec![(None, 1), (Some("a, b"), 1), (Some("exec"), 3)]),
        (
            "syscall",
            vec![(None, 1), (Some("b32:unlink"), 1), (Some("execve"), 2), (Some("openat"), 1)],
        ),
        ("node", vec![(None, 4), (Some("web"), 1)]),
    ] {
        let report = folder.json_with(&["audit.log", "--by", by]);
        assert_eq!(report["by"], by);
        assert_eq!(rows(&report), expected, "{by}");
        let sum = |of: &str| -> u64 {
            let rows = report["rows"].as_array().expect("rows").iter();
            rows.map(|row| row[of].as_u64().expect("a number")).sum()
        };
        assert_eq!((sum("events"), sum("bytes")), (5, mixed().len() as u64), "{by}");
    }
}

/// Each row of a value has what decided, and the unused rules are the same as in the table by rule.
#[test]
fn a_row_of_a_value_has_what_decided() {
    let folder = Folder::new(&log());
    let by_rule = folder.json("audit.log");
    let by_exe = folder.json_with(&["audit.log", "--by", "exe"]);
    for name in ["log", "unused", "other_keys"] {
        assert_eq!(by_rule[name], by_exe[name]);
    }
    let row = &by_exe["rows"][0];
    assert_eq!(row["value"], "/usr/bin/x");
    // The rules have decided 2, 1, 1 and 1 of its events.
    let deciders = row["deciders"].as_array().expect("deciders");
    assert_eq!(deciders.len(), 4);
    assert_eq!(deciders[0]["events"], 2);
    assert_eq!(deciders[0]["decided_by"]["rule"]["line"], 2);
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules", "--by", "exe"]);
    assert!(out.contains("/usr/bin/x  a.rules:2 exec 40%, auid 1000 100%\n"), "{out}");
    assert!(out.contains("no program  no rule: BPF 100%\n"), "{out}");
}

/// A rule by path: the path that it tests counts. Without one, the first that is no parent.
#[test]
fn a_row_has_its_paths() {
    let path = |item: u32, name: &str, role: &str| {
        format!(
            "type=PATH msg=audit(1764230400.001:1): item={item} name=\"{name}\" inode=7 dev=08:01 mode=0100640 ouid=0 \
             ogid=0 rdev=00:00 nametype={role}\n"
        )
    };
    let renamed = call(1, 82, "\"identity\"", "\"/etc/\"").replace("items=1", "items=3");
    let renamed = renamed.replace("nametype=NORMAL", "nametype=PARENT");
    let (head, end) = renamed.split_at(renamed.find("type=PROCTITLE").expect("the end"));
    let [from, to] = [path(1, "/etc/nshadow", "DELETE"), path(2, "/etc/shadow", "CREATE")];
    let folder = Folder::new(&[head, &from, &to, end].concat());
    let paths = |report: &Value| report["rows"][0]["path"].clone();
    let report = folder.json("audit.log");
    assert_eq!(report["rows"][0]["decided_by"]["rule"]["line"], 1, "{report}");
    assert_eq!(paths(&report), json!([{"value": "/etc/shadow", "events": 1}]));
    folder.write("a.rules", b"-a always,exit -F arch=b64 -S rename -k identity\n");
    let report = folder.json("audit.log");
    assert_eq!(paths(&report), json!([{"value": "/etc/nshadow", "events": 1}]));
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    assert!(out.contains("auid 1000 100%, path /etc/nshadow 100%\n"), "{out}");
}

/// The kernel writes the record of a call for rules only, so a rule without a key made it.
#[test]
fn a_call_without_a_key_has_a_rule() {
    let folder = Folder::new(&call(1, 90, "(null)", "\"/x\""));
    let (_, text, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    assert!(text.contains("  an unknown rule without a key  "), "{text}");
    let (_, text, _) = folder.run(&["audit.log"]);
    assert!(text.contains("  rules without a key  "), "{text}");
}

/// Who swaps the log and the rules learns that, and not what is wrong with each line of the log.
#[test]
fn a_log_is_no_rules_file() {
    let folder = Folder::new(&log());
    for swapped in [["a.rules", "--rules", "audit.log"], ["audit.log", "--against", "audit.log"]] {
        let rules: &[&str] = if swapped[1] == "--rules" { &[] } else { &["--rules", "a.rules"] };
        let (exit, out, err) = folder.run(&[&swapped[..], rules].concat());
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
        let expected =
            "`audit.log` is a log and no rules file; logs come before --rules and --against";
        assert!(err.contains(expected) && err.lines().count() == 1, "{err}");
    }
}

/// A share is 100% only if it is all, and 0% only if it is nothing.
#[test]
fn shares_are_not_rounded_to_all_or_nothing() {
    let mut log: String =
        (1..300).map(|serial| call(serial, 59, "\"exec\"", "\"/bin/x\"")).collect();
    log += &call(300, 59, "\"exec\"", "\"/bin/x\"").replace("/usr/bin/x", "/usr/bin/y");
    log += "type=BPF msg=audit(1764230400.900:999): prog-id=1 op=LOAD\n";
    let folder = Folder::new(&log);
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    let line = |name: &str| out.lines().find(|line| line.contains(name)).unwrap_or_default();
    let exec = line("a.rules:2");
    assert!(exec.contains(" >99% ") && exec.contains("/usr/bin/x >99%, auid 1000 100%"), "{out}");
    assert!(line("no rule: BPF").contains("  <1% "), "{out}");
    let (_, page, _) = folder.run(&["audit.log", "--rules", "a.rules", "--format", "html"]);
    assert!(page.contains("&gt;99%</span>") && page.contains("&lt;1%</span>"), "{page}");
}

/// The kernel writes a name with a space as hexadecimal digits (`audit_log_untrustedstring`).
#[test]
fn spaces_at_the_ends_of_a_value_are_seen() {
    // "/tmp/a " as a path, and " /x" as a program.
    let log = call(1, 257, "\"id\"", "2F746D702F6120").replace("\"/usr/bin/x\"", "202F78");
    let folder = Folder::new(&log);
    let (_, out, _) = folder.run(&["audit.log"]);
    assert!(out.contains("\" /x\" 100%, auid 1000 100%, path \"/tmp/a \" 100%\n"), "{out}");
    let (_, out, _) = folder.run(&["audit.log", "--by", "path"]);
    assert!(out.contains("  \"/tmp/a \"  "), "{out}");
    let (_, page, _) = folder.run(&["audit.log", "--format", "html"]);
    assert!(page.contains("path <code>&quot;/tmp/a &quot;</code>"), "{page}");
    // The JSON has the value itself.
    assert_eq!(folder.json("audit.log")["rows"][0]["path"][0]["value"], "/tmp/a ");
}
