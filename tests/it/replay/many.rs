//! Events with as many names as a log can hold, and rules for all of them: a forged log must not stop the command. The
//! time must not be that of all names with all names for each rule.

use std::fmt::Write;

use super::{Folder, call, decided_by};

const MANY: usize = 1_000;

/// Returns an event of rename with many names, each of which has its own inode and the role that `role` returns.
fn event(name: impl Fn(usize) -> String, role: impl Fn(usize) -> &'static str) -> String {
    let one = call(1, 82, "\"k\"", "\"/x\"").replace("items=1", &format!("items={MANY}"));
    let (head, _) = one.split_once("type=PATH").expect("a name");
    let mut log = head.to_owned();
    for item in 0..MANY {
        writeln!(
            log,
            "type=PATH msg=audit(1764230400.001:1): item={item} name=\"{}\" inode={} dev=08:01 mode=0100644 ouid=0 ogid=0 \
             rdev=00:00 nametype={}",
            name(item),
            item + 5,
            role(item)
        )
        .expect("text");
    }
    log
}

#[test]
fn many_names_and_many_rules() {
    let watched = |item: usize| format!("/etc/w{item}");
    let last = "-a always,exit -F arch=b64 -S rename -k k\n";
    let path =
        |item: usize| format!("-a always,exit -F path=/etc/w{item} -F uid={} -k z\n", 5_000 + item);
    let dir =
        |item: usize| format!("-a always,exit -F dir=/etc/w{item} -F uid={} -k z\n", 5_000 + item);
    let rules: [String; 2] = [(0..MANY).map(path).collect(), (0..MANY).map(dir).collect()];
    let mixed = |item: usize| ["DELETE", "CREATE", "NORMAL", "PARENT"][item % 4];
    let below = |item: usize| format!("/etc/w{item}/x");
    for rules in rules {
        for log in [
            event(watched, |_| "DELETE"),
            event(watched, |_| "CREATE"),
            event(watched, |_| "NORMAL"),
            event(watched, mixed),
            // Each name is removed and made.
            event(|item| watched(item / 2), |item| ["DELETE", "CREATE"][item % 2]),
            event(below, mixed),
        ] {
            let folder = Folder::new(&log);
            folder.write("a.rules", (rules.clone() + last).as_bytes());
            let found = decided_by(&folder.json("audit.log"));
            assert_eq!(found, [(format!("a.rules:{}", MANY + 1), 1)]);
        }
    }
}
