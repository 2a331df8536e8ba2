//! `rauditctl replay --suggest`: rules that would silence what fills a log.

use std::fs;

use rauditctl::rule::Action;
use serde_json::Value;

use super::against::against_of;
use super::shapes::compiled;
use super::{Folder, RULES, call};

/// A day, in seconds.
const DAY: u64 = 86_400;

/// Returns the events of a program, on each of some days.
pub(super) fn noise(exe: &str, auid: &str, days: u64, events: u32) -> String {
    let mut log = String::new();
    for day in 0..days {
        // No two programs have events of the same time and number.
        let time = 1_764_230_400 + day * DAY + exe.len() as u64;
        for serial in 0..events {
            let call = call(serial, 59, "\"exec\"", "\"/x\"")
                .replace("audit(1764230400.", &format!("audit({time}."))
                .replace("auid=1000", &format!("auid={auid}"))
                .replace("exe=\"/usr/bin/x\"", &format!("exe={exe}"));
            log += &call;
        }
    }
    log
}

/// Returns `--suggest` in JSON.
pub(super) fn suggested(folder: &Folder, more: &[&str]) -> Value {
    let first = ["audit.log", "--rules", "a.rules", "--suggest", "--format", "json"];
    let (exit, out, err) = folder.run(&[&first, more].concat());
    assert_eq!(exit, Some(0), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    crate::schema::check("replay", &report);
    report["suggest"].clone()
}

const LINE: &str = "-a never,exit -F arch=b64 -S execve -F exe=/opt/none/agent -F auid=unset";

fn agent_and_others() -> (String, usize) {
    let agent = noise("\"/opt/none/agent\"", "4294967295", 2, 100);
    let others = noise("\"/usr/bin/other\"", "1000", 2, 20);
    (format!("{agent}{others}"), agent.len())
}

/// The first suggestion, inserted at its place, drops from the log what the report shows, and nothing else is lost in general.
#[test]
fn a_suggestion_keeps_its_promise() {
    let (log, bytes) = agent_and_others();
    let folder = Folder::new(&log);
    let found = suggested(&folder, &[]);
    let first = &found["suggestions"][0];
    assert_eq!(first["line"], LINE, "{found}");
    assert_eq!(first["before"]["line"], 2, "{first}");
    assert_eq!(
        (first["events"].as_u64(), first["bytes"].as_u64()),
        (Some(200), Some(bytes as u64))
    );
    let mut rules: Vec<&str> = RULES.lines().collect();
    rules.insert(1, first["line"].as_str().unwrap());
    folder.write("new.rules", (rules.join("\n") + "\n").as_bytes());
    let against = against_of(&folder);
    assert_eq!(against["dropped"]["bytes"], bytes as u64, "{against}");
    assert_eq!(against["kept"]["bytes"], (log.len() - bytes) as u64, "{against}");
    // In general, it takes only from the rule that it comes before.
    let takes = first["takes"].as_array().unwrap();
    assert_eq!(takes.len(), 1, "{takes:?}");
    assert_eq!(takes[0]["from"]["line"], 2);
    let witness = takes[0]["witness"].as_str().unwrap();
    assert!(witness.contains("exe=/opt/none/agent") && witness.contains("auid=unset"), "{witness}");
    assert_eq!((&first["is_complete"], &first["is_checked"]), (&true.into(), &false.into()));
}

/// A draft comes before the rule that decided, also if that puts itself first. With `perm`, it has the syscalls of its permissions.
#[test]
fn places_and_permissions() {
    let agent = noise("\"/opt/none/agent\"", "4294967295", 2, 60);
    let chmod =
        agent.replace("syscall=59", "syscall=90").replace("key=\"exec\"", "key=\"perm_mod\"");
    let write = agent
        .replace("syscall=59", "syscall=87")
        .replace("key=\"exec\"", "key=\"etc\"")
        .replace("name=\"/x\"", "name=\"/etc/x\"");
    for (log, line, place) in [
        (
            chmod,
            "-A never,exit -F arch=b64 -S chmod -F exe=/opt/none/agent -F auid=unset",
            ("after", 2),
        ),
        (
            write,
            "-a never,exit -F arch=b64 -F dir=/etc -F perm=wa -F exe=/opt/none/agent -F auid=unset",
            ("before", 1),
        ),
    ] {
        let folder = Folder::new(&log);
        folder.write(
            "a.rules",
            b"-a always,exit -F dir=/etc -F perm=wa -k etc\n\
              -A always,exit -F arch=b64 -S chmod,fchmod -F auid!=1000 -k perm_mod\n",
        );
        let found = suggested(&folder, &[]);
        let first = &found["suggestions"][0];
        assert_eq!(
            (&first["line"], &first[place.0]["line"]),
            (&line.into(), &place.1.into()),
            "{found}"
        );
        assert_eq!(
            (&first["events"], &first["bytes"]),
            (&120.into(), &log.len().into()),
            "{found}"
        );
        assert_eq!(compiled(line).unwrap().action, Action::Never);
    }
}

/// A case that leaves out what decides between two keys still needs both.
#[test]
fn an_undecided_case_keeps_what_may_be_recorded() {
    let folder = Folder::new(&noise("\"/opt/none/agent\"", "4294967295", 2, 60));
    let rule = "-a always,exit -F arch=b64 -S execve";
    let rules = format!("{rule} -F euid=5 -k other\n{rule} -k exec\n");
    folder.write("a.rules", rules.as_bytes());
    assert_ne!(suggested(&folder, &[])["suggestions"], serde_json::json!([]));
    folder.write(
        "cases.toml",
        b"rules = [\"a.rules\"]\n[[case]]\nname = \"agent\"\n\
          event = { syscall = \"execve\", exe = \"/opt/none/agent\", auid = \"unset\" }\nexpect = \"recorded\"\n",
    );
    let found = suggested(&folder, &["--keep-tests", "cases.toml"]);
    assert_eq!(found["suggestions"], serde_json::json!([]), "{found}");
    let why = found["not_suggested"][0]["why"].as_str().expect("a reason");
    assert!(why.contains("the case `agent`"), "{why}");
}

/// A key, a case and a requirement that the rule does not touch make no difference.
#[test]
fn other_kept_things_do_not_matter() {
    let folder = Folder::new(&agent_and_others().0);
    folder.write("other.rules", b"#@ id ID-1\n-a always,exit -F arch=b64 -S execve -F auid=1000\n");
    folder.write(
        "cases.toml",
        b"rules = [\"a.rules\"]\n[[case]]\nname = \"other\"\n\
          event = { syscall = \"execve\", exe = \"/usr/bin/other\", auid = \"unset\" }\nexpect = \"recorded\"\n",
    );
    let more =
        ["--keep-key", "identity", "--keep-covers", "other.rules", "--keep-tests", "cases.toml"];
    assert_eq!(suggested(&folder, &more)["suggestions"][0]["line"], LINE);
}

/// A program that others than root can change is not silenced: they could do anything under its name.
#[test]
fn a_program_of_others_is_not_silenced() {
    let folder = Folder::new("");
    // The names of the kernel have no links.
    let path = fs::canonicalize(folder.0.path()).unwrap().join("agent");
    fs::write(&path, b"").unwrap();
    let log = noise(&format!("\"{}\"", path.display()), "4294967295", 2, 60);
    folder.write("audit.log", log.as_bytes());
    let found = suggested(&folder, &[]);
    assert_eq!(found["suggestions"], serde_json::json!([]), "{found}");
    let why = found["not_suggested"][0]["why"].as_str().unwrap();
    assert!(why.contains("others than root can change /"), "{why}");
}

/// Records of no rule are dropped by their type and program, if they show it.
#[test]
fn records_of_no_rule_are_excluded() {
    let of = |kind: &str, fields: &str, with_call: bool| {
        let log =
            noise("\"/opt/none/agent\"", "4294967295", 2, 60).replace("key=\"exec\"", "key=(null)");
        let mut text = String::new();
        for line in log.lines() {
            if line.starts_with("type=SYSCALL") {
                let stamp = &line[line.find("msg=").unwrap()..=line.find("):").unwrap() + 1];
                text += &format!("type={kind} {stamp} {fields}\n");
            }
            if with_call {
                text += line;
                text.push('\n');
            }
        }
        text
    };
    let log = of("BPF", "prog-id=1 op=LOAD", true);
    let folder = Folder::new(&log);
    // No rule of the set matches: the record makes that of the call appear.
    folder.write("a.rules", b"-a always,exit -F arch=b64 -S chmod -k perm_mod\n-e 2\n");
    let found = suggested(&folder, &[]);
    let first = &found["suggestions"][0];
    let line = "-a always,exclude -F msgtype=BPF -F exe=/opt/none/agent -F auid=unset";
    assert_eq!(first["line"], line, "{found}");
    // After `-e 2`, the kernel would refuse it.
    assert_eq!(first["after"]["line"], 1, "{first}");
    assert_eq!(first["bytes"], log.len() as u64, "{first}");
    for (log, why) in [
        (of("AVC", "avc:  denied  { read } for  pid=5", true), "denied access"),
        (of("BPF", "prog-id=1 op=LOAD", false), "do not show the program"),
        // What a program writes into its own message is no proof.
        (
            of("CRYPTO_LOGIN", "pid=1 uid=0 auid=4294967295 msg='exe=\"/opt/none/agent\"'", false),
            "only the program's own message names the program, which is no proof",
        ),
        (
            of("CRYPTO_LOGIN", "pid=1 uid=0 auid=4294967295 msg='op=x'", false),
            "the records do not show the program",
        ),
    ] {
        folder.write("audit.log", log.as_bytes());
        let found = suggested(&folder, &[]);
        assert_eq!(found["suggestions"], serde_json::json!([]), "{found}");
        let reason = found["not_suggested"][0]["why"].as_str().unwrap();
        assert!(reason.contains(why), "{reason}");
    }
}

/// A name that an attacker chooses becomes one word of the rule, or there is no rule.
#[test]
fn names_are_one_word() {
    for name in [
        "/opt/a -F auid=0",
        "/opt/a\n-D",
        "/opt/\u{1b}[2J",
        "/opt/'a\" \\x20-k",
        "/opt/a #",
        "/opt/\u{e4}",
    ] {
        let digits: String = name.bytes().map(|byte| format!("{byte:02X}")).collect();
        let folder = Folder::new(&noise(&digits, "4294967295", 2, 60));
        let (exit, out, err) = folder.run(&["audit.log", "--rules", "a.rules", "--suggest"]);
        assert_eq!(exit, Some(0), "{err}");
        assert!(!out.contains('\u{1b}') && !out.contains("\n-D"), "{out}");
        let found = suggested(&folder, &[]);
        let Some(line) = found["suggestions"][0]["line"].as_str() else {
            assert!(
                found["not_suggested"][0]["why"].as_str().unwrap().contains("no line"),
                "{found}"
            );
            continue;
        };
        let plain = "-a never,exit -F arch=b64 -S execve -F exe=/opt/a -F auid=unset";
        let mut expected = compiled(plain).unwrap();
        for field in expected.fields.iter_mut() {
            if let rauditctl::rule::Field::Text { text, .. } = field {
                *text = name.as_bytes().into();
            }
        }
        assert_eq!(compiled(line), Some(expected), "{line}");
    }
    // A space has an escape; a newline ends every line.
    let digits = |name: &str| name.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
    let first = |name: &str| {
        let folder = Folder::new(&noise(&digits(name), "4294967295", 2, 60));
        suggested(&folder, &[])["suggestions"].as_array().unwrap().len()
    };
    assert_eq!((first("/opt/no such"), first("/opt/a\n-D")), (1, 0));
}

/// At most five rules are suggested. The log has six programs, and seven.
#[test]
fn what_was_not_looked_at_is_counted() {
    let of = |programs: usize| {
        let names = (1..=programs).map(|name| format!("\"/opt/none/{}\"", "a".repeat(name)));
        let log = names.map(|name| noise(&name, "1000", 2, 50)).collect::<String>();
        Folder::new(&log).run(&["audit.log", "--rules", "a.rules", "--suggest"]).1
    };
    let one = "\n1 other combination of a rule, a program and a login user was not looked at; it makes 1% of the log or more.\n";
    let two = "\n2 other combinations of a rule, a program and a login user were not looked at; each makes 1% of the log or more.\n";
    assert!(of(6).contains(one), "{}", of(6));
    assert!(of(7).contains(two), "{}", of(7));
}

#[test]
fn standard_input_cannot_be_read_twice() {
    let folder = Folder::new("");
    let (exit, _, err) = folder.run(&["-", "--rules", "a.rules", "--suggest"]);
    assert_eq!(exit, Some(2));
    assert!(err.contains("twice"), "{err}");
}

/// The page shows what is printed.
#[test]
fn the_page_shows_a_suggestion() {
    let log = [
        noise("\"/opt/collector/agent\"", "4294967295", 3, 500),
        noise("\"/usr/bin/python3.11\"", "0", 3, 200),
        noise("\"/usr/bin/x\"", "1000", 1, 40),
    ];
    let folder = Folder::new(&log.concat());
    folder.write("site.rules", RULES.as_bytes());
    let (exit, out, err) = folder.run(&["audit.log", "--rules", "site.rules", "--suggest"]);
    assert_eq!(exit, Some(0), "{err}");
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/noisy-logs.md"));
    assert!(page.expect("the page").contains(&out), "docs/noisy-logs.md does not show\n{out}");
}
