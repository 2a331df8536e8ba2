//! Options of `rauditctl replay` together with others.

use serde_json::{Value, json};

use super::suggest::{noise, suggested};
use super::{Folder, RULES, call};

/// New rules that drop events with the key exec.
const NEW: &[u8] = b"-w /etc/shadow -p wa -k identity\n";

/// 2025-11-27 08:00:00 UTC.
const START: u64 = 1_764_230_400;

/// A day, in seconds.
const DAY: u64 = 86_400;

/// Returns events at these seconds after [`START`].
fn at(seconds: &[u64], event: &str) -> String {
    let of = |seconds: &u64| event.replace("1764230400.001", &format!("{}.000", START + seconds));
    seconds.iter().map(of).collect()
}

fn exec() -> String {
    call(1, 59, "\"exec\"", "\"/bin/x\"")
}

fn identity() -> String {
    call(1, 257, "\"identity\"", "\"/etc/shadow\"")
}

/// Two execs and one event with the key identity count. An exec before and one after do not.
#[test]
fn a_part_of_the_log_is_judged_by_other_rules() {
    let log = at(&[0, 60, 120, 180], &exec()) + &at(&[70], &identity());
    let folder = Folder::new(&log);
    folder.write("new.rules", NEW);
    let window = ["--since", "2025-11-27T08:00:30Z", "--until", "2025-11-27T08:02:30Z"];
    let report =
        folder.json_with(&[&["audit.log", "--against", "new.rules"][..], &window].concat());
    let against = &report["against"];
    let sum = |events: usize, bytes: usize| json!({ "events": events, "bytes": bytes });
    assert_eq!(against["dropped"], sum(2, 2 * exec().len()), "{against}");
    assert_eq!(against["kept"], sum(1, identity().len()), "{against}");
    assert_eq!(report["log"]["left_out"]["events"], 2);
    // The example is the first event that counts.
    let rows = against["rows"].as_array().expect("rows");
    let dropped = rows.iter().find(|row| row["outcome"] == "dropped").expect("a row");
    assert_eq!(dropped["example"]["id"], format!("audit({}.000:1)", START + 60));
}

/// Two days of three count, with 2 execs a day. The whole log has other rates.
#[test]
fn rates_are_of_one_time() {
    let seconds = [0, DAY + 60, DAY + 120, 2 * DAY, 2 * DAY + 60, 3 * DAY + 60, 3 * DAY + 120];
    let folder = Folder::new(&at(&seconds, &exec()));
    folder.write("new.rules", b"-a always,exit -F arch=b64 -S execve -k exec\n");
    let window = ["--since", "2025-11-28T08:00:00Z", "--until", "2025-11-30T08:00:00Z"];
    let rate = format!("{} B", 2 * exec().len());
    for more in [&[][..], &["--against", "new.rules"]] {
        let all = [&["audit.log", "--rules", "a.rules"], &window[..], more].concat();
        let (exit, out, err) = folder.run(&all);
        assert_eq!(exit, Some(0), "{err}");
        let row = format!("{rate:>11}   100%  {:>12}", 2);
        assert!(out.contains("bytes/day") && out.contains(&row), "{row}: {out}");
    }
}

/// Both passes of `--suggest` count the same part of the log: two days of four.
#[test]
fn a_suggestion_is_of_a_part_of_the_log() {
    let agent = noise("\"/opt/none/agent\"", "4294967295", 4, 60);
    let folder = Folder::new(&agent);
    let two_days = ["--since", "2025-11-28T00:00:00Z", "--until", "2025-11-29T23:59:59Z"];
    let found = suggested(&folder, &two_days);
    let first = &found["suggestions"][0];
    let half = agent.len() / 2;
    for counted in [first, &first["of"]] {
        assert_eq!([&counted["events"], &counted["bytes"]], [&json!(120), &json!(half)], "{found}");
    }
    assert_eq!(first["share"], 1.0, "{found}");
    let found = suggested(&folder, &["--since", "2025-11-30T00:00:00Z"]);
    assert_eq!(found["suggestions"], json!([]));
    let why = found["not_suggested"][0]["why"].as_str().expect("a reason");
    assert!(why.contains("less than a day"), "{why}");
}

/// A budget is for what other rules would keep, and the days that auditd keeps are for the log as it is.
#[test]
fn a_budget_is_for_what_other_rules_would_keep() {
    let folder = Folder::new(&at(&[0, DAY], &exec()));
    folder.write("new.rules", NEW);
    folder.write("budget.toml", b"[budget]\nkey.exec = \"500 B/day\"\n");
    folder.write("auditd.conf", b"max_log_file = 8\nnum_logs = 5\nmax_log_file_action = ROTATE\n");
    let all = [
        "audit.log",
        "--rules",
        "a.rules",
        "--against",
        "new.rules",
        "--budget",
        "budget.toml",
        "--auditd-conf",
        "auditd.conf",
    ];
    let (exit, out, err) = folder.run(&[&all[..], &["--format", "json"]].concat());
    assert_eq!(exit, Some(0), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    crate::schema::check("replay", &report);
    assert_eq!(report["against"]["dropped"]["events"], 2, "{report}");
    assert_eq!(report["budget"]["verdict"], "holds", "{report}");
    assert_eq!(report["retention"]["rate"], report["log"]["bytes"].as_f64().unwrap(), "{report}");
    let as_it_is = "For the log as it is, auditd keeps 5 x 8 MiB: ";
    let (_, out, _) = folder.run(&all);
    assert!(out.contains(&format!("\n{as_it_is}")), "{out}");
    let (_, page, _) = folder.run(&[&all[..], &["--format", "html"]].concat());
    assert!(page.contains(as_it_is), "{page}");
    let (_, out, _) = folder.run(&["audit.log", "--auditd-conf", "auditd.conf"]);
    assert!(out.contains("\nauditd keeps 5 x 8 MiB: "), "{out}");
    // Rules that keep the events change nothing.
    folder.write("new.rules", RULES.as_bytes());
    let (exit, out, _) = folder.run(&all);
    assert!(exit == Some(1) && out.contains("    over  key exec"), "{out}");
    let (exit, _, err) = folder.run(&[&all[..], &["--exit-zero"]].concat());
    assert_eq!(exit, Some(0), "{err}");
}

#[test]
fn options_that_exclude_each_other_are_errors() {
    let folder = Folder::new(&exec());
    folder.write("new.rules", NEW);
    for (one, other) in [
        (&["--suggest"][..], &["--against", "new.rules"][..]),
        (&["--suggest"], &["--by", "exe"]),
        (&["--suggest"], &["--budget", "budget.toml"]),
        (&["--suggest"], &["--auditd-conf", "auditd.conf"]),
        (&["--suggest"], &["--follow"]),
        (&["--against", "new.rules"], &["--by", "exe"]),
    ] {
        let arguments = [&["audit.log", "--rules", "a.rules"][..], one, other].concat();
        let (exit, out, err) = folder.run(&arguments);
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{arguments:?}");
        let is_named = |option: &[&str]| option.first().is_some_and(|name| err.contains(name));
        assert!(err.contains("cannot be used with") && is_named(one) && is_named(other), "{err}");
    }
}
