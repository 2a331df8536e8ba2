//! `--budget` and `--auditd-conf`.

use serde_json::{Value, json};

use super::over_time::{at, exec};
use super::{Folder, RULES, call};

/// Two calls with the key exec and one with the key identity, in half a day: 86,400 s have twice their bytes.
fn log() -> String {
    let at = |seconds: u64, line: String| {
        line.replace("1764230400.001", &format!("{}.000", 1_764_230_400 + seconds))
    };
    [
        at(0, call(1, 59, "\"exec\"", "\"/bin/x\"")),
        at(5, call(1, 257, "\"identity\"", "\"/etc/shadow\"")),
        at(43_200, call(1, 59, "\"exec\"", "\"/bin/x\"")),
    ]
    .concat()
}

fn budget(folder: &Folder, text: &str) -> (Option<i32>, Value) {
    folder.write("budget.toml", text.as_bytes());
    let arguments = ["audit.log", "--rules", "a.rules", "--budget", "budget.toml"];
    let (exit, out, err) = folder.run(&[&arguments[..], &["--format", "json"]].concat());
    assert!(!out.is_empty(), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    crate::schema::check("replay", &report);
    (exit, report["budget"].clone())
}

/// An event of another century makes no rate small.
#[test]
fn a_wrong_clock_does_not_make_a_budget_hold() {
    let of_day = |day: u32| {
        let event = |at: u32| call(at, 59, "\"exec\"", "\"/usr/bin/x\"");
        let second = |at: u32| (1_764_230_400 + day * 86_400 + at * 600).to_string();
        let events = (0..100).map(|at| event(at).replace("1764230400", &second(at)));
        events.collect::<String>()
    };
    let log = of_day(0) + &of_day(1);
    let wrong = |year: &str| call(7, 59, "\"exec\"", "\"/usr/bin/x\"").replace("1764230400", year);
    let limit = "[budget]\ntotal = \"50 kB/day\"\n";
    let (exit, right) = budget(&Folder::new(&log), limit);
    assert_eq!((exit, &right["verdict"]), (Some(1), &json!("over")));
    for (year, first) in [("4102444800", false), ("0", true)] {
        let folder = Folder::new(&(wrong(year) + &log));
        let (exit, found) = budget(&folder, limit);
        assert_eq!((exit, &found["verdict"]), (Some(1), &json!("over")), "{found}");
        // The one event more, and a time to the end of an interval.
        let rates =
            [&right, &found].map(|found| found["limits"][0]["rate"].as_f64().expect("a rate"));
        assert!((rates[1] / rates[0] - 1.0).abs() < 0.02, "{rates:?}");
        let (_, text, _) = folder.run(&["audit.log", "--rules", "a.rules"]);
        let note =
            "far from the rest of the log, as if a clock was wrong. Rates are without this time.";
        assert!(text.contains(note), "{text}");
        assert_eq!(text.contains("From 1970-01-01 00:00:00 to 2025-11-29"), first, "{text}");
    }
}

#[test]
fn a_budget_holds_or_not() {
    let folder = Folder::new(&log());
    let all = log().len() as u64 * 2;
    let (exit, found) = budget(&folder, &format!("[budget]\ntotal = \"{all} B/day\"\n"));
    assert_eq!((exit, &found["verdict"]), (Some(0), &json!("holds")));
    assert_eq!(found["limits"][0]["rate"], json!(all as f64));
    let (exit, found) = budget(&folder, &format!("[budget]\ntotal = \"{} B/day\"\n", all - 1));
    assert_eq!((exit, &found["verdict"]), (Some(1), &json!("over")));
    // By key: the other limit holds, and no event has the key mounts.
    let text = "[budget]\nkey.exec = \"1 kB/day\"\nkey.identity = \"1 MB/day\"\nkey.mounts = \"1 B/day\"\n";
    let (exit, found) = budget(&folder, text);
    assert_eq!(exit, Some(1));
    let limits = found["limits"].as_array().expect("limits").iter();
    let limits: Vec<_> =
        limits.map(|limit| json!([limit["key"], limit["events"], limit["verdict"]])).collect();
    let expected = [
        json!(["exec", 2, "over"]),
        json!(["identity", 1, "holds"]),
        json!(["mounts", 0, "holds"]),
    ];
    assert_eq!(limits, expected);
    let (exit, out, _) = folder.run(&["audit.log", "--budget", "budget.toml", "--exit-zero"]);
    assert_eq!(exit, Some(0));
    assert!(out.contains("holds  key mounts: no event has it, limit 1 B/day\n"), "{out}");
    // With rules, a key that is misspelled can be told from one without events.
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules", "--budget", "budget.toml"]);
    assert!(out.contains("holds  key mounts: neither an event nor a rule has it"), "{out}");
    let other = RULES.replace("perm_mod", "mounts");
    folder.write("a.rules", other.as_bytes());
    let (_, out, _) = folder.run(&["audit.log", "--rules", "a.rules", "--budget", "budget.toml"]);
    assert!(out.contains("holds  key mounts: no event has it, limit"), "{out}");
}

/// A file that is rotated every day ends with the last event before that. The rates are those of 24 hours.
#[test]
fn a_day_may_lack_half_an_hour() {
    let text = |seconds: u64| {
        let folder = Folder::new(&at(&[0, seconds], &exec()));
        let (exit, out, err) = folder.run(&["audit.log", "--rules", "a.rules"]);
        assert_eq!(exit, Some(0), "{err}");
        out
    };
    // 978 bytes in 84,599 s are 998.8 in 86,400 s, and in 86,396 s they are 978.05.
    assert_eq!(at(&[0, 1], &exec()).len(), 978);
    for (seconds, head, rate) in [
        (86_396, ", 978 B, 1.0 days. 2 events.", "\n      978 B   100%           2.0  a.rules:2"),
        (84_600, ", 978 B, 1.0 days. 2 events.", "\n      999 B   100%           2.0  a.rules:2"),
        (84_599, ", 978 B, 23.5 hours. 2 events.", "\n      978 B   100%             2  a.rules:2"),
    ] {
        let out = text(seconds);
        assert!(out.contains(head) && out.contains(rate), "{seconds}: {out}");
        assert_eq!(out.contains("bytes/day  share    events/day"), head.contains("days"), "{out}");
    }
    // A budget has the same rate: 978.05 bytes are more than 978.
    let folder = Folder::new(&at(&[0, 86_396], &exec()));
    for (limit, verdict) in [("978 B/day", "over"), ("979 B/day", "holds")] {
        let (_, found) = budget(&folder, &format!("[budget]\ntotal = \"{limit}\"\n"));
        assert_eq!(found["verdict"], verdict, "{found}");
    }
}

/// A minute shows no rate of a day, unless it has more than a day may have.
#[test]
fn a_short_log_decides_only_what_is_certain() {
    let folder = Folder::new(&log().replace("1764273600.000", "1764230460.000"));
    let (exit, found) = budget(&folder, "[budget]\ntotal = \"1 GB/day\"\n");
    assert_eq!((exit, &found["verdict"]), (Some(3), &json!("unknown")));
    assert_eq!(found["limits"][0]["rate"], Value::Null);
    let (exit, found) = budget(&folder, "[budget]\ntotal = \"1 kB/day\"\n");
    assert_eq!((exit, &found["verdict"]), (Some(1), &json!("over")));
    let (_, out, _) = folder.run(&["audit.log", "--budget", "budget.toml"]);
    assert!(out.contains("over  total: "), "{out}");
}

#[test]
fn errors_in_settings_have_places() {
    let folder = Folder::new(&log());
    for (option, text, expected) in [
        ("--budget", "[budget]\ntotl = \"1 MB/day\"\n", ["x.conf:2:1", "did you mean `total`?"]),
        ("--budget", "[budget]\nkey.exec = \"1 MB\"\n", ["x.conf:2:12", "\"200 MB/day\""]),
        ("--budget", "[lint]\n", ["`x.conf` has no limit", "[budget]"]),
        ("--auditd-conf", "num_logs = five\n", ["x.conf:1:12", "write a whole number up to 999"]),
        // A rules file. auditd stops at such a line (`nv_split` in auditd-config.c of audit 4.0).
        (
            "--auditd-conf",
            "# rules\n-w /etc/shadow -p wa -k x\n-w /etc/passwd -p wa\n",
            ["x.conf:2:1", "expected a setting of auditd.conf, `NAME = VALUE`"],
        ),
    ] {
        folder.write("x.conf", text.as_bytes());
        let (exit, out, err) = folder.run(&["audit.log", option, "x.conf"]);
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{text}");
        assert!(expected.iter().all(|part| err.contains(part)), "{err}");
    }
}

/// auditd stops with `Unknown keyword` (`load_config` in auditd-config.c of audit 3.0.9).
#[test]
fn unknown_names_in_auditd_conf_are_noted() {
    let folder = Folder::new(&log());
    let conf = "max_log_file = 8\nnum_log = 5\nmax_log_file_action = rotate\nx\u{1b} = 1\n";
    folder.write("auditd.conf", conf.as_bytes());
    let (exit, out, err) = folder.run(&["audit.log", "--auditd-conf", "auditd.conf"]);
    assert_eq!(exit, Some(0), "{err}");
    assert!(!out.is_empty());
    let first = "auditd.conf:2: auditd does not know `num_log` and does not start; did you mean `num_logs`?\n";
    let second = "auditd.conf:4: auditd does not know `x\\u{1b}` and does not start\n";
    assert_eq!(err, format!("{first}{second}"));
}

/// auditd keeps `num_logs` files of `max_log_file` megabytes of 1,048,576 bytes.
#[test]
fn retention_follows_from_the_rate() {
    let folder = Folder::new(&log());
    let run = |conf: &str| {
        folder.write("auditd.conf", conf.as_bytes());
        let report = folder.json_with(&["audit.log", "--auditd-conf", "auditd.conf"]);
        let (_, out, _) = folder.run(&["audit.log", "--auditd-conf", "auditd.conf"]);
        (report["retention"].clone(), out)
    };
    let days = |files: f64| files * 50.0 * 1_048_576.0 / (log().len() as f64 * 2.0);
    let (found, out) = run("max_log_file = 50\nnum_logs = 5\nmax_log_file_action = ROTATE\n");
    let near = |field: &str, days: f64| {
        let seconds = found[field].as_f64().expect("a number");
        assert!((seconds / 86_400.0 - days).abs() < 1e-6 * days, "{seconds} {days}");
    };
    near("seconds", days(5.0));
    near("least_seconds", days(4.0));
    let shown = out.split("auditd keeps 5 x 50 MiB: ").nth(1).expect("a line");
    let (shown, _) = shown.split_once(" days at this rate, ").expect("days");
    let shown: f64 = shown.replace(',', "").parse().expect("a number");
    assert!((shown - days(5.0)).abs() <= 0.5, "{out}");
    for (conf, expected) in [
        (
            "num_logs = 1\nmax_log_file_action = ROTATE\n",
            "does not rotate with num_logs = 1: the log grows",
        ),
        (
            "max_log_file_action = KEEP_LOGS\n",
            "keeps all files (KEEP_LOGS): they grow without end by ",
        ),
        ("max_log_file_action = IGNORE\n", "has no limit (IGNORE): the log grows"),
        ("max_log_file_action = SYSLOG\n", "only warns when the log has 8 MiB (SYSLOG): it grows"),
        ("max_log_file_action = SUSPEND\n", "stops writing when the log has 8 MiB (SUSPEND): "),
        ("write_logs = no\n", "writes no log"),
    ] {
        let (found, out) = run(&format!("max_log_file = 8\n{conf}"));
        assert!(out.contains(expected), "{out}");
        assert_eq!(found["seconds"].is_null(), !conf.contains("SUSPEND"), "{conf}");
    }
}
