//! Logs that mislead: text that looks like fields, names whose directory is not in the log, and events of any size.

use serde_json::{Value, json};

use super::against::against_of;
use super::suggest::{noise, suggested};
use super::{Folder, call, decided_by};

/// Returns the records of an unlinkat or openat of a name that is relative to a directory.
fn relative(serial: u32, syscall: u32, directory: &str, name: &str) -> String {
    call(serial, syscall, "\"id\"", &format!("\"{name}\""))
        .replace("a0=1 ", &format!("a0={directory} "))
        .replace("cwd=\"/\"", "cwd=\"/etc\"")
}

fn one_of(row: &Value) -> (&Value, usize) {
    let by = &row["decided_by"];
    (&by["depends_on"], by["rules"].as_array().map_or(0, Vec::len))
}

/// `openat(5, "shadow")` of a process in /etc can be a file of any directory.
#[test]
fn a_name_that_is_relative_to_a_descriptor_is_of_any_directory() {
    let rules =
        b"-w /etc/shadow -p wa -k id\n-w /srv/shadow -p wa -k id\n-w /srv/other -p wa -k id\n";
    let current = Folder::new(&relative(1, 257, "ffffff9c", "shadow"));
    current.write("a.rules", rules);
    assert_eq!(decided_by(&current.json("audit.log")), [("a.rules:1".to_owned(), 1)]);
    let opened = relative(1, 257, "5", "shadow");
    // The kernel writes the directory of the process as that of the name.
    let deleted = relative(1, 263, "5", "shadow").replace("items=1", "items=2").replace(
        "type=PATH msg=audit(1764230400.001:1): item=0",
        "type=PATH msg=audit(1764230400.001:1): item=0 name=\"/etc\" inode=9 nametype=PARENT\n\
         type=PATH msg=audit(1764230400.001:1): item=1",
    );
    // The third rule has another name, but its file can be the directory.
    for (lines, number, by_other) in [(opened, 2, "dropped"), (deleted, 3, "undecided")] {
        let folder = Folder::new(&lines);
        folder.write("a.rules", rules);
        let report = folder.json("audit.log");
        assert_eq!(one_of(&report["rows"][0]), (&json!(["files"]), number), "{report}");
        for (new, outcome) in [
            ("-w /srv/shadow -p wa -k id\n", "undecided"),
            ("-a always,exit -F dir=/etc -F perm=wa -k id\n", "undecided"),
            ("-w /srv/other -p wa -k id\n", by_other),
        ] {
            folder.write("new.rules", new.as_bytes());
            assert_eq!(against_of(&folder)[outcome]["events"], 1, "{new}");
        }
    }
}

/// The rules made an event by a link, and would make it again.
#[test]
fn the_same_rules_drop_nothing() {
    let log = [
        call(1, 257, "\"identity\"", "\"/tmp/link\""),
        call(2, 257, "\"identity\"", "\"/etc/shadow\""),
        call(3, 59, "\"exec\"", "\"/bin/x\""),
    ];
    let folder = Folder::new(&log.concat());
    folder.write("new.rules", super::RULES.as_bytes());
    let found = against_of(&folder);
    let events = |outcome: &str| found[outcome]["events"].as_u64().unwrap();
    assert_eq!((events("kept"), events("undecided"), events("dropped")), (3, 0, 0), "{found}");
}

/// auditd writes its own records: no list of the kernel sees them.
#[test]
fn no_rule_drops_records_of_auditd() {
    let log = "type=DAEMON_ROTATE msg=audit(1764230400.001:8): op=rotate-logs auid=0 pid=0 uid=0 res=success\n\
               type=BPF msg=audit(1764230400.002:9): prog-id=1 op=LOAD\n";
    let folder = Folder::new(log);
    folder.write("new.rules", b"-a always,exclude -F msgtype>=1000\n");
    let found = against_of(&folder);
    assert_eq!((&found["kept"]["events"], &found["dropped"]["events"]), (&json!(1), &json!(1)));
}

/// What is in the message of a program is no field of the kernel, even if the message is cut off or has the byte that
/// auditd puts before the names that it adds.
#[test]
fn a_message_has_no_fields_of_the_kernel() {
    let message = |serial: u32, text: &str| {
        format!(
            "type=USER_CMD msg=audit(1764230400.000:{serial}): pid=7 uid=0 auid=1000 ses=3 msg={text}\n"
        )
    };
    let log = [
        message(1, "'op=x auid=0 exe=\"/a\"\u{1d}'"),
        message(2, "'op=x auid=0 exe=\"/a\""),
        message(3, "'it's auid=0 exe=\"/a\"\u{1d}AUID=\"ann\""),
        message(4, "'op=x auid=0 exe=\"/a\"'\u{1d}AUID=\"ann\""),
    ];
    let folder = Folder::new(&log.concat());
    folder.write("new.rules", b"-a always,exclude -F msgtype=USER_CMD -F auid=0\n");
    assert_eq!(against_of(&folder)["kept"]["events"], 4);
    let report = folder.json("audit.log");
    assert_eq!(report["rows"][0]["auid"], json!([{ "value": "1000", "events": 4 }]));
}

/// The number of names is that of the record of the call, or the names are unknown.
#[test]
fn names_that_are_missing_are_unknown() {
    let rules = b"-w /etc/shadow -p wa -k id\n-w /etc/gshadow -p wa -k id\n";
    for items in ["", "items=2 ", "items=99999999999999999999 ", "items=-1 "] {
        let folder =
            Folder::new(&call(1, 257, "\"id\"", "\"/etc/shadow\"").replace("items=1 ", items));
        folder.write("a.rules", rules);
        let report = folder.json("audit.log");
        assert_eq!(one_of(&report["rows"][0]), (&json!(["names"]), 2), "{items}: {report}");
    }
}

/// Windows ends lines with two characters.
#[test]
fn lines_can_end_with_cr_lf() {
    let log =
        call(1, 257, "(null)", "\"/etc/shadow\"") + &call(2, 263, "\"id\"", "\"/etc/shadow\"");
    let folder = Folder::new(&log.replace("NORMAL", "DELETE"));
    folder.write(
        "a.rules",
        b"-a always,exit -F arch=b64 -F path=/etc/shadow\n-w /etc/shadow -k id\n",
    );
    let lf = decided_by(&folder.json("audit.log"));
    folder.write("audit.log", log.replace("NORMAL", "DELETE").replace('\n', "\r\n").as_bytes());
    assert_eq!(decided_by(&folder.json("audit.log")), lf);
}

/// What an attacker can put into every field reaches no terminal, and the report has its form.
#[test]
fn no_field_reaches_the_terminal() {
    let hostile = "\u{1b}[31m\u{7}\u{202e}\r\u{200b}\u{feff}\u{600}\u{2028}";
    let digits: String = hostile.bytes().map(|byte| format!("{byte:02X}")).collect();
    let one = call(1, 59, "\"exec\"", "\"/bin/x\"");
    let mut log = String::new();
    for (field, value) in [
        ("exe=\"/usr/bin/x\"", format!("exe={digits}")),
        ("exe=\"/usr/bin/x\"", format!("exe=\"{hostile}\"")),
        ("key=\"exec\"", format!("key={digits}")),
        ("key=\"exec\"", format!("key=\"{hostile}\"")),
        ("name=\"/bin/x\"", format!("name={digits}")),
        ("cwd=\"/\"", format!("cwd=\"{hostile}\"")),
        ("auid=1000", format!("auid={hostile}")),
        ("syscall=59", format!("syscall={hostile}")),
        ("arch=c000003e", format!("arch={hostile}")),
        ("exit=0", format!("exit={hostile}")),
        ("type=SYSCALL", format!("node={hostile} type=SYSCALL")),
        ("type=CWD", format!("type={hostile}")),
    ] {
        assert!(one.contains(field), "{field}");
        log += &one.replace(field, &value);
    }
    let folder = Folder::new(&log);
    folder.write("new.rules", b"-a always,exit -F arch=b64 -S execve -F auid=0 -k new\n");
    for by in ["rule", "exe", "user", "path", "key", "syscall", "node"] {
        let arguments = ["audit.log", "--rules", "a.rules", "--by", by];
        let (exit, out, err) = folder.run(&arguments);
        assert_eq!(exit, Some(0), "{err}");
        let is_hostile = |text: &str| {
            let hidden = ['\u{200b}', '\u{feff}', '\u{600}', '\u{2028}'];
            text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\r']) || text.contains(hidden)
        };
        assert!(!is_hostile(&out) && !is_hostile(&err), "{by}: {out}{err}");
        folder.json_with(&["audit.log", "--by", by]);
        let (_, page, _) = folder.run(&[&arguments[..], &["--format", "html"]].concat());
        assert!(!is_hostile(&page), "{by}: {page}");
    }
    against_of(&folder);
}

/// Programs that differ only at the end of a long name are two.
#[test]
fn long_values_that_begin_alike_stay_apart() {
    let program = |serial: u32, end: &str| {
        let name = format!("/{}{end}", "x".repeat(2_000));
        call(serial, 59, "\"exec\"", "\"/bin/x\"").replace("/usr/bin/x", &name)
    };
    let log = [program(1, "a"), program(2, "b"), program(3, "b")].concat();
    let folder = Folder::new(&log);
    let report = folder.json_with(&["audit.log", "--by", "exe"]);
    let rows = report["rows"].as_array().unwrap();
    let events: Vec<_> = rows.iter().map(|row| row["events"].as_u64().unwrap()).collect();
    assert_eq!(events, [2, 1], "{report}");
    let value = rows[0]["value"].as_str().unwrap();
    assert!(value.contains("xx\u{2026} (2002 bytes, hash "), "{value}");
}

/// A log with more keys than anyone uses has no row for each.
#[test]
fn keys_without_number_take_no_memory_without_end() {
    let log: Vec<String> = (0..20_000)
        .map(|serial| {
            format!(
                "type=SYSCALL msg=audit({}.000:{serial}): arch=c000003e syscall=59 success=yes exit=0 items=0 \
                 auid=1000 exe=\"/x\" key=\"k{serial}\"\n",
                1_764_230_400 + serial
            )
        })
        .collect();
    let folder = Folder::new(&log.concat());
    folder.write("new.rules", b"-a always,exit -F arch=b64 -S execve -k new\n");
    let report = folder.json("audit.log");
    let rows = report["rows"].as_array().unwrap();
    assert!(rows.len() < 17_000, "{}", rows.len());
    let events: u64 = rows.iter().map(|row| row["events"].as_u64().unwrap()).sum();
    assert_eq!(events, 20_000);
    assert_eq!(rows[0]["decided_by"], json!({ "kind": "other-rule", "keys": [], "first": null }));
    let renamed = against_of(&folder);
    assert_eq!(renamed["renamed"]["events"], 20_000);
    // Whether a key is among those that were not kept is unknown.
    folder.write("budget.toml", b"[budget]\nkey.gone = \"9 MB/day\"\n");
    let arguments = ["audit.log", "--rules", "a.rules", "--budget", "budget.toml"];
    let (exit, out, _) = folder.run(&arguments);
    assert!(exit == Some(3) && out.contains("  other keys  ") && !out.contains("an hour"), "{out}");
    assert!(out.contains("key gone: not known, since the log has too many keys"), "{out}");
}

/// A value that another program has changed is unknown, and the reason names it.
#[test]
fn a_value_that_is_no_number_is_a_reason() {
    let log = call(1, 90, "\"id\"", "\"/x\"").replace("auid=1000", "auid=ann");
    let folder = Folder::new(&log);
    let rule = |auid: u32| format!("-a always,exit -F arch=b64 -S chmod -F auid={auid} -k id\n");
    folder.write("a.rules", (0..7).map(rule).collect::<String>().as_bytes());
    let report = folder.json("audit.log");
    assert_eq!(one_of(&report["rows"][0]), (&json!(["auid"]), 7), "{report}");
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    let shown = "a.rules:1 or a.rules:2 or a.rules:3 or a.rules:4 or 3 more  id (the log does not hold auid)";
    assert!(out.contains(shown), "{out}");
}

/// A rule that made events by a link loses none of them to a draft that cannot match them.
#[test]
fn a_draft_takes_no_event_that_it_cannot_match() {
    let agent = noise("\"/opt/none/agent\"", "4294967295", 2, 100);
    let by_link = agent
        .replace("audit(1764", "audit(1765")
        .replace("key=\"exec\"", "key=\"tree\"")
        .replace("name=\"/x\"", "name=\"/tmp/link\"")
        .replace("a0=1 ", "a0=9 ");
    let folder = Folder::new(&(agent.clone() + &by_link));
    folder.write(
        "a.rules",
        b"-a always,exit -F arch=b64 -S execve -F dir=/srv/data -k tree\n\
          -a always,exit -F arch=b64 -S execve -F a0=1 -k exec\n",
    );
    let found = suggested(&folder, &[]);
    let all = found["suggestions"].as_array().unwrap();
    let mut of_exec = all.iter().filter(|one| one["of"]["decided_by"]["rule"]["line"] == 2);
    let first = of_exec.next().expect("a suggestion");
    assert_eq!((&first["events"], &first["undecided"]), (&json!(200), &json!(0)), "{found}");
    assert_eq!(first["bytes"], agent.len(), "{found}");
}

/// A directory beside the log has the name of a rotated file; a pipe would stop the command for ever.
#[test]
fn only_files_are_read_of_a_directory() {
    let folder = Folder::new(&call(1, 59, "\"exec\"", "\"/bin/x\""));
    std::fs::create_dir(folder.0.path().join("audit.log.1")).expect("a directory");
    nix::unistd::mkfifo(&folder.0.path().join("audit.log.2"), nix::sys::stat::Mode::S_IRWXU)
        .expect("a pipe");
    let report = folder.json(".");
    assert_eq!(report["log"]["files"], 1);
}
