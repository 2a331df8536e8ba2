//! `rauditctl replay`: a log, and the rules that made it.

mod against;
mod archs;
mod deduced;
mod follow;
mod hostile;
mod kept;
mod limits;
mod links;
mod lost;
mod many;
mod options;
mod over_time;
mod page;
mod reasons;
mod shapes;
mod silenced;
mod suggest;
mod times;
mod together;
mod twice;
mod unlike;
mod unused;
mod views;
mod wrong_files;

pub(crate) use page::page_of_a_day;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rauditctl");

const RULES: &str = "\
-w /etc/shadow -p wa -k identity
-a always,exit -F arch=b64 -S execve -k exec
-a always,exit -F arch=b64 -S chmod -F uid=0 -k perm_mod
-a always,exit -F arch=b64 -S chmod -F suid=7 -k perm_mod
";

/// Returns the records of a call.
fn call(serial: u32, syscall: u32, key: &str, path: &str) -> String {
    let stamp = format!("audit(1764230400.{:03}:{serial}):", serial % 1000);
    format!(
        "type=SYSCALL msg={stamp} arch=c000003e syscall={syscall} success=yes exit=0 a0=1 a1=2 a2=2 a3=4 items=1 ppid=1 \
         pid=5 auid=1000 uid=1000 gid=1000 euid=0 suid=0 fsuid=0 egid=1000 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"x\" \
         exe=\"/usr/bin/x\" key={key}\n\
         type=CWD msg={stamp} cwd=\"/\"\n\
         type=PATH msg={stamp} item=0 name={path} inode=7 dev=08:01 mode=0100640 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n\
         type=PROCTITLE msg={stamp} proctitle=78\n"
    )
}

/// A folder with a log and rules.
struct Folder(TempDir);

impl Folder {
    fn new(log: &str) -> Self {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        folder.write("a.rules", RULES.as_bytes());
        folder.write("audit.log", log.as_bytes());
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.path().join(name), bytes).expect("it is written");
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        self.run_in_zone("UTC0", arguments)
    }

    /// Runs the command on a machine of this time zone.
    fn run_in_zone(&self, zone: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
        results(self.command(zone, arguments).output().expect("it runs"))
    }

    fn command(&self, zone: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(["replay", "--arch", "x86_64"]).args(arguments);
        command.env("TZ", zone).current_dir(self.0.path());
        command
    }

    /// Runs the command with this text as standard input.
    fn run_with_input(&self, input: &[u8], arguments: &[&str]) -> (Option<i32>, String, String) {
        self.write("standard.input", input);
        let input = fs::File::open(self.0.path().join("standard.input")).expect("it opens");
        // A pipe, as that of a shell.
        let mut cat = Command::new("cat").stdin(input).stdout(Stdio::piped()).spawn().expect("cat");
        let output =
            self.command("UTC0", arguments).stdin(cat.stdout.take().expect("a pipe")).output();
        cat.wait().expect("it ends");
        results(output.expect("it runs"))
    }

    fn json(&self, log: &str) -> Value {
        self.json_with(&[log])
    }

    fn json_with(&self, arguments: &[&str]) -> Value {
        let all = [arguments, &["--rules", "a.rules", "--format", "json"]].concat();
        let (exit, out, err) = self.run(&all);
        assert_eq!(exit, Some(0), "{err}");
        let report = serde_json::from_str(&out).expect("JSON");
        crate::schema::check("replay", &report);
        report
    }
}

/// Returns the exit status and what was written to standard output and standard error.
fn results(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn log() -> String {
    [
        call(1, 59, "\"exec\"", "\"/bin/x\""),
        call(2, 59, "\"exec\"", "\"/bin/x\""),
        call(3, 257, "\"identity\"", "\"/etc/shadow\""),
        // Neither uid is 0 nor suid 7: another set of rules made this one.
        call(4, 90, "\"perm_mod\"", "\"/x\""),
        call(5, 90, "\"old\"", "\"/x\""),
        "type=BPF msg=audit(1764230400.900:9): prog-id=1 op=LOAD\n".to_owned(),
    ]
    .concat()
}

fn decided_by(report: &Value) -> Vec<(String, u64)> {
    let rows = report["rows"].as_array().expect("rows").iter();
    let name = |row: &Value| {
        let by = &row["decided_by"];
        match by["kind"].as_str().expect("a kind") {
            "rule" => format!("{}:{}", by["rule"]["file"].as_str().unwrap(), by["rule"]["line"]),
            "no-rule" => by["name"].as_str().expect("a name").to_owned(),
            "other-rule" => format!("other {}", by["keys"][0].as_str().unwrap()),
            other => other.to_owned(),
        }
    };
    let mut found: Vec<_> =
        rows.map(|row| (name(row), row["events"].as_u64().expect("a number"))).collect();
    found.sort();
    found
}

#[test]
fn names_the_rule_of_each_event() {
    let report = Folder::new(&log()).json("audit.log");
    let expected =
        [("BPF", 1), ("a.rules:1", 1), ("a.rules:2", 2), ("other old", 1), ("other perm_mod", 1)];
    let found = decided_by(&report);
    assert_eq!(found, expected.map(|(name, events)| (name.to_owned(), events)));
    let keys: Vec<&str> = report["other_keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["old"]);
    assert_eq!(report["unused"].as_array().unwrap().len(), 2);
    let bytes: u64 =
        report["rows"].as_array().unwrap().iter().map(|row| row["bytes"].as_u64().unwrap()).sum();
    assert_eq!((bytes, report["log"]["bytes"].as_u64()), (log().len() as u64, Some(bytes)));
}

/// Several rules have the key, and what decides between them is not in the log.
#[test]
fn names_all_rules_that_may_have_made_an_event() {
    let folder = Folder::new(&call(1, 90, "\"k\"", "\"/x\""));
    for (condition, attribute) in [("obj_type=etc_t", "obj"), ("gid=0", "groups")] {
        let all = "-a always,exit -F arch=b64 -S chmod";
        folder.write("a.rules", format!("{all} -F {condition} -k k\n{all} -k k\n").as_bytes());
        let report = folder.json("audit.log");
        let by = &report["rows"][0]["decided_by"];
        assert_eq!(by["kind"], "one-of", "{report}");
        assert_eq!(by["rules"].as_array().unwrap().len(), 2);
        assert_eq!(by["depends_on"], serde_json::json!([attribute]));
    }
    // A rule that matches a group of the process also matches a supplementary group, which no record has.
    let rules = "-a always,exit -F arch=b64 -S chmod -F gid=0 -k k\n";
    folder.write("a.rules", rules.as_bytes());
    assert_eq!(decided_by(&folder.json("audit.log")), [("a.rules:1".to_owned(), 1)]);
}

/// logrotate adds a date with `dateext`, in a format of the administrator.
#[test]
fn reads_files_with_dates_in_order() {
    let event = call(2, 59, "\"exec\"", "\"/b\"");
    let (begin, end) = event.split_at(event.find("type=CWD").unwrap());
    let folder = Folder::new(&call(3, 59, "\"exec\"", "\"/bin/x\""));
    folder.write("audit.log-20261126", end.as_bytes());
    let older = [&call(1, 59, "\"exec\"", "\"/a\""), begin].concat();
    folder.write("audit.log-20261125", older.as_bytes());
    folder.write("audit.log-old", b"not of the log\n");
    let (_, _, err) = folder.run(&["."]);
    assert!(err.contains("left out `./audit.log-old`: "), "{err}");
    folder.write("audit.log.2.bak", b"not of the log\n");
    folder.write("audit.log.xz", b"not of the log\n");
    let (_, _, err) = folder.run(&["."]);
    assert!(err.contains("left out `./audit.log-old` and 2 more: "), "{err}");
    let report = folder.json(".");
    assert_eq!(decided_by(&report), [("a.rules:2".to_owned(), 3)]);
    assert_eq!(
        (report["log"]["files"].as_u64(), report["log"]["incomplete"].as_u64()),
        (Some(3), Some(0))
    );
}

/// Rotated and compressed files are read in the order in which they were written.
#[test]
fn reads_a_directory_with_compressed_files() {
    let folder = Folder::new(&call(3, 59, "\"exec\"", "\"/bin/x\""));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    // Two members, as `cat a.gz b.gz` makes them; an event goes on in the next file.
    let [first, second] = [call(1, 59, "\"exec\"", "\"/a\""), call(2, 59, "\"exec\"", "\"/b\"")];
    let (begin, end) = second.split_at(second.find("type=CWD").unwrap());
    gzip.write_all(first.as_bytes()).unwrap();
    let mut member = GzEncoder::new(Vec::new(), Compression::default());
    member.write_all(begin.as_bytes()).unwrap();
    let gzip = [gzip.finish().unwrap(), member.finish().unwrap()].concat();
    folder.write("audit.log.2.gz", &gzip);
    let zstd = ruzstd::encoding::compress_to_vec(
        end.as_bytes(),
        ruzstd::encoding::CompressionLevel::Fastest,
    );
    // Frames without text, as pzstd writes them.
    let skipped = *b"\x50\x2a\x4d\x18\x04\0\0\0abcd";
    folder.write("audit.log.1.zst", &[&skipped, &zstd[..], &skipped, &skipped].concat());
    folder.write("audit.log.bak", b"not of the log\n");
    let report = folder.json(".");
    assert_eq!(decided_by(&report), [("a.rules:2".to_owned(), 3)]);
    assert_eq!(
        (report["log"]["files"].as_u64(), report["log"]["other_lines"].as_u64()),
        (Some(3), Some(0))
    );
    // A file that the disk has cut off: the others are reported.
    folder.write("audit.log.2.gz", &gzip[..gzip.len() - 20]);
    let (exit, out, err) = folder.run(&[".", "--rules", "a.rules"]);
    assert_eq!(exit, Some(2));
    assert!(err.contains("audit.log.2.gz") && out.contains("a.rules:2"), "{out}{err}");
    // The second member is cut off, and the first has four records.
    let (exit, out, _) = folder.run(&[".", "--rules", "a.rules", "--format", "json"]);
    assert_eq!(exit, Some(2));
    let report: Value = serde_json::from_str(&out).expect("JSON");
    crate::schema::check("replay", &report);
    let damaged = report["log"]["damaged"].as_array().expect("files");
    assert_eq!(damaged.len(), 1);
    assert_eq!(damaged[0]["file"], "./audit.log.2.gz");
    assert_eq!(damaged[0]["records"], 4, "{report}");
    let (exit, page, _) = folder.run(&[".", "--rules", "a.rules", "--format", "html"]);
    assert_eq!(exit, Some(2));
    let note =
        "<code>./audit.log.2.gz</code> is damaged, and what comes after 4 records is missing: ";
    assert!(page.contains(note), "{page}");
}

/// What an attacker puts into a value neither breaks the output nor makes a record.
#[test]
fn values_stay_values() {
    let name = "\u{1b}]0;x\u{7}\ntype=SYSCALL msg=audit(1764230400.001:1): key=\"identity\"";
    let digits: String = name.bytes().map(|byte| format!("{byte:02X}")).collect();
    let log =
        call(1, 59, "\"exec\"", &digits).replace("exe=\"/usr/bin/x\"", &format!("exe={digits}"));
    let folder = Folder::new(&log);
    let (exit, out, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
    assert_eq!(exit, Some(0));
    assert!(!out.contains('\u{1b}') && out.contains("a.rules:2"), "{out}");
    assert_eq!(decided_by(&folder.json("audit.log")), [("a.rules:2".to_owned(), 1)]);
}

#[test]
fn a_log_without_records_is_an_error() {
    let folder = Folder::new("one\ntwo\n");
    for log in ["audit.log", "missing.log", "/dev/null"] {
        let (exit, out, err) = folder.run(&[log, "--rules", "a.rules"]);
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
    }
    let empty = Path::new("empty.d");
    fs::create_dir(folder.0.path().join(empty)).expect("a directory");
    let (exit, _, err) = folder.run(&["empty.d"]);
    assert_eq!(exit, Some(2));
    assert!(err.contains("no audit.log"), "{err}");
}

/// Without rules, the events are shown by key.
#[test]
fn rules_are_not_needed() {
    let (exit, out, err) = Folder::new(&log()).run(&["audit.log"]);
    assert_eq!(exit, Some(0), "{err}");
    for key in ["key exec ", "key identity ", "key perm_mod ", "key old ", "no rule: BPF"] {
        assert!(out.contains(key), "{key}: {out}");
    }
    // A rules file is no log, as in `--rules *.rules`.
    let folder = Folder::new(&log());
    let (exit, _, err) = folder.run(&["audit.log", "a.rules", "--rules", "a.rules"]);
    assert_eq!(exit, Some(2));
    assert!(err.contains("`a.rules` has no record"), "{err}");
    folder.write("empty.rules", b"# nothing\n");
    assert_eq!(folder.run(&["audit.log", "--rules", "empty.rules"]).0, Some(2));
}
