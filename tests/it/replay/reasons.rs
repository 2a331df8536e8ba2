//! `rauditctl replay --suggest`: why there is no rule.

use super::Folder;
use super::suggest::{noise, suggested};

/// Returns why the first combination of a log has no suggestion.
#[track_caller]
fn refused(log: &str, more: &[&str]) -> String {
    let folder = Folder::new(log);
    folder.write("exec.rules", b"#@ id ID-1\n-a always,exit -F arch=b64 -S execve -F auid=unset\n");
    folder.write(
        "cases.toml",
        b"rules = [\"a.rules\"]\n[[case]]\nname = \"agent\"\n\
          event = { syscall = \"execve\", exe = \"/opt/none/agent\", auid = \"unset\" }\nexpect = \"recorded\"\n",
    );
    let found = suggested(&folder, more);
    assert_eq!(found["suggestions"], serde_json::json!([]), "{found}");
    found["not_suggested"][0]["why"].as_str().expect("a reason").to_owned()
}

#[test]
fn what_must_not_be_silenced_has_its_reason() {
    let of = |exe: &str| noise(&format!("\"{exe}\""), "4294967295", 2, 60);
    for (exe, why) in [
        ("/usr/bin/python3.11", "an interpreter runs anything"),
        ("/bin/sh", "a shell runs any command"),
        ("/usr/bin/sudo", "it runs other programs"),
        ("/opt/none/agent (deleted)", "was deleted"),
        ("agent", "do not show the path of the program"),
    ] {
        // The kernel writes names with spaces in digits.
        let digits: String = exe.bytes().map(|byte| format!("{byte:02X}")).collect();
        let log = if exe.contains(' ') { noise(&digits, "4294967295", 2, 60) } else { of(exe) };
        let found = refused(&log, &[]);
        assert!(found.contains(why), "{exe}: {found}");
    }
    let agent = of("/opt/none/agent");
    for (more, why) in [
        (["--keep-key", "exec"], "--keep-key exec"),
        (["--keep-covers", "exec.rules"], "the requirement `ID-1`"),
        (["--keep-tests", "cases.toml"], "the case `agent`"),
    ] {
        let found = refused(&agent, &more);
        assert!(found.contains(why), "{more:?}: {found}");
    }
}

/// A day with many events is not enough, nor are the minutes before and after midnight. The reason is the condition that
/// does not hold.
#[test]
fn events_that_do_not_last_have_their_reason() {
    let few = "less than 50 events on each of two days (UTC)";
    let short = "less than a day from the first event to the last";
    let of = |days, events| noise("\"/opt/none/agent\"", "4294967295", days, events);
    // Four seconds less than a day count as a day.
    let daily = of(2, 60).replace("audit(1764316817.", "audit(1764316813.");
    assert_eq!(suggested(&Folder::new(&daily), &[])["suggestions"][0]["events"], 120);
    for (log, why) in [
        (of(1, 300), short),
        // 23 hours, 29 minutes and 59 seconds do not.
        (of(2, 60).replace("audit(1764316817.", "audit(1764315016."), short),
        (of(2, 49), few),
        // 60 events each before and after a midnight of UTC.
        (
            of(2, 60)
                .replace("audit(1764230417.", "audit(1764287999.")
                .replace("audit(1764316817.", "audit(1764288000."),
            short,
        ),
    ] {
        assert_eq!(refused(&log, &[]), why);
    }
}

/// Each reason is what is missing.
#[test]
fn what_the_records_do_not_show_is_named() {
    let agent = noise("\"/opt/none/agent\"", "4294967295", 2, 60);
    let without = |field: &str| agent.replace(field, "");
    for (log, why) in [
        (without(" exe=\"/opt/none/agent\""), "the records do not show the program"),
        (without(" auid=4294967295"), "the records do not show the number of the login user"),
    ] {
        let folder = Folder::new(&log);
        folder.write("a.rules", b"-a always,exit -F arch=b64 -S execve -k exec\n");
        let found = suggested(&folder, &[]);
        assert_eq!(found["not_suggested"][0]["why"], why, "{found}");
    }
    // The condition of the rule, and not the program, has bytes that need escapes.
    let folder = Folder::new(&agent.replace("\"/x\"", "2FC3A42F78"));
    folder.write(
        "a.rules",
        "-a always,exit -F arch=b64 -S execve -F dir=/\u{e4} -k exec\n".as_bytes(),
    );
    let why = "no line of a rules file has the conditions of the rule";
    let found = suggested(&folder, &[]);
    assert_eq!(found["not_suggested"][0]["why"], why, "{found}");
}
