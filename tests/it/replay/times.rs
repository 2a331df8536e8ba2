//! `--since` and `--until`.

use serde_json::{Value, json};

use super::{Folder, call};

/// Three events, a minute apart: at 08:00:00, 08:01:00 and 08:02:00 UTC on 2025-11-27.
fn log() -> String {
    [0, 60, 120]
        .map(|seconds| {
            let line = call(1, 59, "\"exec\"", "\"/bin/x\"");
            line.replace("1764230400.001", &format!("{}.000", 1_764_230_400 + seconds))
        })
        .concat()
}

fn counted(report: &Value) -> [&Value; 3] {
    let log = &report["log"];
    [&log["events"], &log["left_out"]["events"], &log["seconds"]]
}

#[test]
fn counts_a_part_of_the_log() {
    let folder = Folder::new(&log());
    let third = log().len() as u64 / 3;
    for (arguments, expected) in [
        (&[][..], [3, 0, 120]),
        (&["--since", "2025-11-27T08:01:00Z"], [2, 1, 60]),
        // Nothing is missing before the window or after it, so its whole length counts.
        (&["--since", "2025-11-27T08:00:30Z"], [2, 1, 90]),
        (&["--until", "2025-11-27T08:00:00Z"], [1, 2, 0]),
        (&["--since", "2025-11-27T08:00:30Z", "--until", "2025-11-27T08:01:30Z"], [1, 2, 60]),
        (&["--since", "2025-11-27T07:00Z", "--until", "2025-11-27T09:00Z"], [3, 0, 120]),
        (&["--since", "2025-11-27T08:00:10Z", "--until", "2025-11-27T08:00:20Z"], [0, 3, 10]),
        (&["--until", "-1h"], [3, 0, 120]),
    ] {
        let report = folder.json_with(&[&["audit.log"][..], arguments].concat());
        let [events, left_out, seconds] = counted(&report);
        assert_eq!(json!([events, left_out]), json!(expected[..2]), "{arguments:?}");
        assert_eq!(seconds.as_f64(), Some(f64::from(expected[2])), "{arguments:?}");
        let log = &report["log"];
        let of = |number: i32| json!(third * u64::try_from(number).expect("a number of events"));
        assert_eq!(
            (&log["bytes"], &log["left_out"]["bytes"]),
            (&of(expected[0]), &of(expected[1]))
        );
        let rows: u64 = report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["bytes"].as_u64().unwrap())
            .sum();
        assert_eq!(json!(rows), log["bytes"], "{arguments:?}");
    }
}

/// A time of a record, and the next millisecond.
#[test]
fn reads_the_seconds_of_a_record() {
    let folder = Folder::new(&log());
    for (since, events) in
        [("1764230460.000", 2), ("@1764230460", 2), ("1764230460.001", 1), ("@1764230460.001", 1)]
    {
        let report = folder.json_with(&["audit.log", "--since", since]);
        assert_eq!(report["log"]["events"], events, "{since}");
    }
}

/// In Berlin, it is an hour later than in UTC; in New York, five hours earlier.
#[test]
fn a_time_without_an_offset_is_in_the_zone_of_the_machine() {
    let folder = Folder::new(&log());
    for (zone, since) in [
        ("UTC0", "2025-11-27 08:00:30"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2025-11-27 09:00:30"),
        ("EST5EDT,M3.2.0,M11.1.0", "2025-11-27T03:00:30"),
    ] {
        let arguments = ["audit.log", "--since", since, "--format", "json"];
        let (exit, out, err) = folder.run_in_zone(zone, &arguments);
        assert_eq!(exit, Some(0), "{err}");
        let report: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(report["log"]["since"], json!(1_764_230_430.0), "{zone}");
        assert_eq!(report["log"]["events"], 2, "{zone}");
    }
}

#[test]
fn other_times_are_errors() {
    let folder = Folder::new(&log());
    for (arguments, expected) in [
        (&["--since", "today", "--until", "yesterday"][..], "--since is after --until"),
        (&["--since", "soon"], "write a time such as 2026-11-20"),
        (&["--since", "3h"], "write a time such as"),
        (&["--since", "2026-02-30"], "there is no such day"),
        (&["--until", "25:00"], "there is no such time; those of a day are 00:00 to 23:59:59"),
        (&["--since", "--until", "now"], "write a time such as"),
    ] {
        let (exit, out, err) = folder.run(&[&["audit.log"][..], arguments].concat());
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.contains(expected), "{err}");
    }
}
