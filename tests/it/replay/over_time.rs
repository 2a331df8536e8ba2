//! The bytes of a log over time.

use serde_json::{Value, json};

use super::{Folder, call};

/// 2025-11-27 08:00:00 UTC.
const START: u64 = 1_764_230_400;

/// Returns an event with its time at these seconds after [`START`], in this order.
pub(super) fn at(seconds: &[u64], event: &str) -> String {
    let of = |seconds: &u64| event.replace("1764230400.001", &format!("{}.001", START + seconds));
    seconds.iter().map(of).collect()
}

pub(super) fn exec() -> String {
    call(1, 59, "\"exec\"", "\"/bin/x\"")
}

pub(super) fn identity() -> String {
    call(1, 257, "\"identity\"", "\"/etc/shadow\"")
}

/// Returns the sizes of events in an array of intervals.
fn sizes(events: &[usize], event: &str) -> Value {
    json!(events.iter().map(|number| number * event.len()).collect::<Vec<_>>())
}

#[test]
fn each_row_has_its_bytes_over_time() {
    // The third exec is out of order, and a minute has no event.
    let log = at(&[0, 130, 10], &exec()) + &at(&[65], &identity()) + &at(&[299], &exec());
    let report = Folder::new(&log).json("audit.log");
    let volume = &report["volume"];
    // 300 intervals of a second are too many; 60 of five seconds are not.
    assert_eq!((&volume["interval"], &volume["start"]), (&json!(5), &json!(START)));
    assert_eq!((&volume["before"], &volume["after"]), (&Value::Null, &Value::Null));
    let mut execs = [0; 60];
    for interval in [0, 2, 26, 59] {
        execs[interval] = 1;
    }
    let mut identities = [0; 60];
    identities[13] = 1;
    let rows = report["rows"].as_array().expect("rows");
    assert_eq!(rows[0]["volume"], sizes(&execs, &exec()));
    assert_eq!(rows[1]["volume"], sizes(&identities, &identity()));
    let numbers = |value: &Value| -> Vec<u64> {
        value.as_array().expect("numbers").iter().map(|number| number.as_u64().unwrap()).collect()
    };
    let [one, other, all] = [&rows[0]["volume"], &rows[1]["volume"], &volume["bytes"]].map(numbers);
    assert_eq!(one.iter().zip(&other).map(|(one, other)| one + other).collect::<Vec<_>>(), all);
    assert_eq!(all.iter().sum::<u64>(), log.len() as u64);
}

#[test]
fn other_rules_have_their_bytes_over_time() {
    let log = at(&[0, 1], &exec()) + &at(&[1, 3], &identity());
    let folder = Folder::new(&log);
    let new = b"-w /etc/shadow -p wa -k secrets\n-a always,exclude -F msgtype=PROCTITLE\n";
    folder.write("new.rules", new);
    let report = folder.json_with(&["audit.log", "--against", "new.rules"]);
    let proctitle = identity().lines().last().expect("a record").len() + 1;
    let volume = &report["against"]["volume"];
    let kept = identity().len() - proctitle;
    assert_eq!(volume["dropped"], sizes(&[1, 1, 0, 0], &exec()));
    assert_eq!(volume["renamed"], json!([0, kept, 0, kept]));
    assert_eq!(volume["left_out"], json!([0, proctitle, 0, proctitle]));
    for nothing in ["kept", "undecided"] {
        assert_eq!(volume[nothing], json!([0, 0, 0, 0]), "{nothing}");
    }
}

/// The values that have no rows are in the sum of all.
#[test]
fn rows_of_values_have_their_bytes_over_time() {
    let other = exec().replace("/usr/bin/x", "/usr/bin/y");
    let log = at(&[0, 1], &exec()) + &at(&[1], &other);
    let report = Folder::new(&log).json_with(&["audit.log", "--by", "exe"]);
    let rows = report["rows"].as_array().expect("rows");
    assert_eq!(rows[0]["volume"], sizes(&[1, 1], &exec()));
    assert_eq!(rows[1]["volume"], sizes(&[0, 1], &other));
}

/// A clock that was reset, and one of a far year: the second in which things happen stays one.
#[test]
fn wrong_clocks_are_apart() {
    let stamp = |seconds: &str| exec().replace("1764230400.001", &format!("{seconds}.001"));
    let far = [stamp("7"), stamp("16725225600"), stamp("99999999999999")].concat();
    let log = at(&[0, 1, 1], &exec()) + &far;
    let report = Folder::new(&log).json("audit.log");
    let volume = &report["volume"];
    assert_eq!((&volume["interval"], &volume["start"]), (&json!(1), &json!(START)));
    assert_eq!(volume["bytes"], sizes(&[1, 2], &exec()));
    assert_eq!(volume["before"]["first"], 7);
    assert_eq!(volume["after"]["first"], 16_725_225_600_u64);
    let [before, after] = ["before", "after"].map(|side| volume[side]["bytes"].clone());
    assert_eq!(before, stamp("7").len());
    assert_eq!(after, stamp("16725225600").len() + stamp("99999999999999").len());
}

/// Without --rules too; and a log whose events are all outside has no intervals.
#[test]
fn a_log_without_events_has_none() {
    let folder = Folder::new(&exec());
    let report = folder.json_with(&["audit.log", "--since", "2026-01-01"]);
    assert!(report.get("volume").is_none(), "{report}");
    let (exit, out, err) = folder.run(&["audit.log", "--format", "json"]);
    assert_eq!(exit, Some(0), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["rows"][0]["volume"], sizes(&[1], &exec()));
}
