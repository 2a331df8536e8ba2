//! `--budget` with `--against`: the limits are for what the other rules would keep.

use serde_json::{Value, json};

use super::{Folder, call};

/// An event with the key exec, and half a day later one with the key identity: a day has twice their bytes.
fn log() -> (String, String) {
    let exec = call(1, 59, "\"exec\"", "\"/bin/x\"").replace("1764230400.001", "1764230400.000");
    let identity = call(2, 257, "\"identity\"", "\"/etc/shadow\"");
    (exec, identity.replace("1764230400.002", "1764273600.000"))
}

fn budget(folder: &Folder, limits: &str) -> (Option<i32>, Value) {
    folder.write("budget.toml", format!("[budget]\n{limits}").as_bytes());
    let (exit, out, err) = folder.run(&arguments("json"));
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    crate::schema::check("replay", &report);
    (exit, report["budget"].clone())
}

fn arguments(format: &str) -> [&str; 9] {
    let (rules, new, limits) = ("a.rules", "new.rules", "budget.toml");
    ["audit.log", "--rules", rules, "--against", new, "--budget", limits, "--format", format]
}

/// The numbers of each limit: its key, bytes a day, undecided bytes and verdict.
fn limits(budget: &Value) -> Vec<Value> {
    let limits = budget["limits"].as_array().expect("limits").iter();
    let of = |limit: &Value| {
        json!([limit["key"], limit["rate"], limit["undecided_bytes"], limit["verdict"]])
    };
    limits.map(of).collect()
}

/// One event is dropped, and the other gets another key and loses a record.
#[test]
fn what_is_dropped_needs_no_budget() {
    let (exec, identity) = log();
    let folder = Folder::new(&(exec.clone() + &identity));
    let new = "-w /etc/shadow -p wa -k files\n-a always,exclude -F msgtype=PROCTITLE\n";
    folder.write("new.rules", new.as_bytes());
    let (kept, _) = identity.split_at(identity.find("type=PROCTITLE").expect("a record"));
    let day = kept.len() * 2;
    let (exit, found) = budget(
        &folder,
        &format!("total = \"{day} B/day\"\nkey.exec = \"1 B/day\"\nkey.files = \"{day} B/day\"\n"),
    );
    assert_eq!((exit, &found["of"], &found["verdict"]), (Some(0), &json!("kept"), &json!("holds")));
    let rate = day as f64;
    let expected = [
        json!([null, rate, 0, "holds"]),
        json!(["exec", 0.0, 0, "holds"]),
        json!(["files", rate, 0, "holds"]),
    ];
    assert_eq!(limits(&found), expected);
    let title = "Budget, of what new.rules would keep:";
    for format in ["text", "html"] {
        let (_, out, _) = folder.run(&arguments(format));
        assert!(out.contains(title) && out.contains("neither an event nor a rule has it"), "{out}");
    }
    // A byte less is too few, and so is the same for the log as it is.
    let less = format!("total = \"{} B/day\"\n", day - 1);
    assert_eq!(budget(&folder, &less).0, Some(1));
    folder.write("budget.toml", format!("[budget]\ntotal = \"{day} B/day\"\n").as_bytes());
    let (exit, out, _) =
        folder.run(&["audit.log", "--rules", "a.rules", "--budget", "budget.toml"]);
    let all = format!(
        "\nBudget:\n     over  total: {:.1} kB/day",
        ((exec + &identity).len() * 2) as f64 / 1e3
    );
    assert!(exit == Some(1) && out.contains(&all), "{all}: {out}");
}

/// Events that the new rules may keep count only if they decide.
#[test]
fn what_is_undecided_is_no_guess() {
    let (exec, identity) = log();
    let all = (exec.len() + identity.len()) * 2;
    let folder = Folder::new(&(exec.clone() + &identity));
    // The log does not hold the types of files.
    let new = "-w /etc/shadow -p wa -k identity\n-a always,exit -F arch=b64 -S execve -F obj_type=x -k exec\n";
    folder.write("new.rules", new.as_bytes());
    let (kept, may_be) = ((identity.len() * 2) as f64, exec.len());
    for (limit, exit, verdict) in [
        (all, 0, "holds"),
        (all - 1, 3, "unknown"),
        (identity.len() * 2, 3, "unknown"),
        (identity.len() * 2 - 1, 1, "over"),
    ] {
        let (found_exit, found) = budget(&folder, &format!("total = \"{limit} B/day\"\n"));
        assert_eq!(limits(&found), [json!([null, kept, may_be, verdict])]);
        assert_eq!(found_exit, Some(exit));
    }
    // They may get a key that a rule has, and no other.
    let (exit, found) = budget(&folder, "key.exec = \"1 B/day\"\nkey.old = \"1 B/day\"\n");
    let expected = [json!(["exec", 0.0, may_be, "unknown"]), json!(["old", 0.0, 0, "holds"])];
    assert_eq!((exit, limits(&found)), (Some(3), expected.to_vec()));
    let (_, out, _) = folder.run(&arguments("text"));
    let undecided =
        format!("unknown  key exec: no event has it, and up to {} B/day undecided", exec.len() * 2);
    assert!(out.contains(&undecided) && !out.contains("an hour"), "{undecided}: {out}");
}

/// Another subsystem has written a record of a call: it stays, and the record with the key does not.
#[test]
fn a_key_goes_with_the_record_that_has_it() {
    let (exec, identity) = log();
    let denied =
        "type=AVC msg=audit(1764230400.000:1): avc:  denied  { execute } for  pid=5 comm=\"x\"\n";
    let folder = Folder::new(&(denied.to_owned() + &exec + &identity));
    let new =
        "-a always,exit -F arch=b64 -S execve -k exec\n-a always,exclude -F msgtype=SYSCALL\n";
    folder.write("new.rules", new.as_bytes());
    let (_, found) = budget(&folder, "total = \"1 MB/day\"\nkey.exec = \"1 B/day\"\n");
    let rate = (denied.len() * 2) as f64;
    let expected = [json!([null, rate, 0, "holds"]), json!(["exec", 0.0, 0, "holds"])];
    assert_eq!(limits(&found), expected);
}
