//! Decisions after other events: files are made, moved, removed and linked, and mounts cover them. Linux 6.1 and 7.2
//! decided so when a program made these calls (`tests/guest/events/sequences.rs`).

use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::eval::{History, Reader, Verdict};

use super::known::evaluator;

/// Two directories with a file each, and an empty one.
const FILES: &str = r#"[
    {"path": "/s", "inode": 1, "dev": [0, 5]},
    {"path": "/s/d", "inode": 2, "dev": [0, 5]},
    {"path": "/s/m", "inode": 3, "dev": [0, 5]},
    {"path": "/s/d/a", "inode": 10, "dev": [0, 5]},
    {"path": "/s/b", "inode": 11, "dev": [0, 5]},
    {"path": "/s/c", "exists": false},
    {"path": "/bin/x", "inode": 12, "dev": [0, 5]}
]"#;

/// Removes the file at a path, and makes it again.
const MADE_AGAIN: [&str; 2] = [
    "syscall=unlink path=/s,/s/b nametype=PARENT,DELETE inode=1,11 dev=0:5,0:5 exit=0 uid=0",
    "syscall=creat path=/s,/s/b nametype=PARENT,CREATE inode=1,20 dev=0:5,0:5 exit=3 uid=0",
];

/// Returns the keys of the last event after the others; `None` if it is not recorded.
fn keys_of_last(rules: &[&str], events: &[&str]) -> Option<String> {
    keys_of_last_on(FILES, rules, events)
}

/// The same on a machine with these files.
fn keys_of_last_on(files: &str, rules: &[&str], events: &[&str]) -> Option<String> {
    let evaluator = evaluator(KernelVersion::NEWEST, rules, files);
    let reader = Reader::new(Arch::X86_64);
    let mut history = History::default();
    let mut last = None;
    for event in events {
        let event = reader.read(event.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        let decision = evaluator.decide_after(&history, &event);
        assert_ne!(decision.verdict, Verdict::Undecided, "{decision:?}");
        let keys = decision.keys.iter().map(|key| String::from_utf8_lossy(key)).collect();
        last = (decision.verdict == Verdict::Recorded).then_some(keys);
        evaluator.advance(&mut history, &event);
    }
    last
}

#[test]
fn a_file_that_is_made_again_reverses_the_rules_of_its_path() {
    let rules = ["-a never,exit -F path=/s/b -F uid=0", "-a always,exit -F path=/s/b -F key=k"];
    let opened = "syscall=open path=/s/b inode=20 dev=0:5 nametype=NORMAL flags=O_RDONLY uid=0";
    let first = opened.replace("inode=20", "inode=11");
    assert_eq!(keys_of_last(&rules, &[&first]), None);
    let [removed, made] = MADE_AGAIN;
    assert_eq!(keys_of_last(&rules, &[removed, made, opened]).as_deref(), Some("k"));
    // A call that fails changes nothing.
    let failed = removed.replace("exit=0", "exit=-13");
    assert_eq!(keys_of_last(&rules, &[&failed, &first]), None);
}

#[test]
fn rules_at_the_front_are_moved_in_the_order_in_which_they_were_added() {
    let rules =
        ["-a always,exit -F path=/s/b -F key=added", "-A always,exit -F path=/s/b -F key=front"];
    let opened = "syscall=open path=/s/b inode=20 dev=0:5 nametype=NORMAL";
    let first = opened.replace("inode=20", "inode=11");
    let [removed, made] = MADE_AGAIN;
    let replaced = "syscall=rename path=/s,/s/c,/s/b nametype=PARENT,DELETE,CREATE inode=1,20,20 \
                    dev=0:5,0:5,0:5 exit=0";
    assert_eq!(keys_of_last(&rules, &[&first]).as_deref(), Some("front"));
    assert_eq!(keys_of_last(&rules, &[replaced, opened]).as_deref(), Some("added"));
    assert_eq!(keys_of_last(&rules, &[removed, made, opened]).as_deref(), Some("front"));
}

#[test]
fn a_file_that_is_made_again_is_watched() {
    let rules = ["-a always,exit -F path=/s/b -F key=k"];
    let [removed, made] = MADE_AGAIN;
    let opened = |inode| format!("syscall=open path=/s/b inode={inode} dev=0:5 nametype=NORMAL");
    assert_eq!(keys_of_last(&rules, &[removed, made, &opened(20)]).as_deref(), Some("k"));
    // The removed file may still have another name.
    let other = opened(11).replace("/s/b", "/s/c");
    assert_eq!(keys_of_last(&rules, &[removed, made, &other]), None);
}

#[test]
fn rules_of_the_path_that_changed_last_come_first() {
    let rules = ["-a never,exit -F path=/s/b", "-a always,exit -F path=/s/c -F key=c"];
    let linked = "syscall=link path=/s,/s/b,/s/c nametype=PARENT,NORMAL,CREATE inode=1,11,11 \
                  dev=0:5,0:5,0:5 exit=0";
    let chmod = "syscall=chmod path=/s/b inode=11 dev=0:5 nametype=NORMAL exit=0";
    assert_eq!(keys_of_last(&rules, &[linked, chmod]).as_deref(), Some("c"));
    // Another link makes the name again: its rules move to the front.
    let removed =
        "syscall=unlink path=/s,/s/b nametype=PARENT,DELETE inode=1,11 dev=0:5,0:5 exit=0";
    let again = "syscall=link path=/s,/s/c,/s/b nametype=PARENT,NORMAL,CREATE inode=1,11,11 \
                 dev=0:5,0:5,0:5 exit=0";
    assert_eq!(keys_of_last(&rules, &[linked, removed, again, chmod]), None);
}

#[test]
fn a_mount_over_a_file_hides_it_from_its_watch() {
    let rules = ["-a always,exit -F arch=b64 -S open -F path=/s/b -F key=b"];
    let mount =
        "syscall=mount path=/s/b,/s/d/a inode=11,10 dev=0:5,0:5 nametype=NORMAL,NORMAL exit=0";
    let below = "syscall=open path=/s/b inode=11 dev=0:5 nametype=NORMAL";
    let covering = "syscall=open path=/s/b inode=10 dev=0:5 nametype=NORMAL";
    assert_eq!(keys_of_last(&rules, &[below]).as_deref(), Some("b"));
    assert_eq!(keys_of_last(&rules, &[mount, covering]), None);
    // Another name of the file below is watched as before.
    let linked = below.replace("path=/s/b", "path=/s/c");
    assert_eq!(keys_of_last(&rules, &[mount, &linked]).as_deref(), Some("b"));
    let umount = "syscall=umount2 path=/s/b inode=10 dev=0:5 nametype=NORMAL exit=0";
    assert_eq!(keys_of_last(&rules, &[mount, umount, below]).as_deref(), Some("b"));
    // The same if no file is known.
    let (mount, umount) = ("syscall=mount path=/s/b exit=0", "syscall=umount2 path=/s/b exit=0");
    let opened = "syscall=open path=/s/b";
    assert_eq!(keys_of_last_on("", &rules, &[opened]).as_deref(), Some("b"));
    assert_eq!(keys_of_last_on("", &rules, &[mount, opened]), None);
    assert_eq!(keys_of_last_on("", &rules, &[mount, umount, opened]).as_deref(), Some("b"));
}

#[test]
fn a_mount_over_a_directory_hides_its_entries_from_watches() {
    let rules = ["-a always,exit -F path=/s/d/a -F key=a", "-a always,exit -F dir=/s/d -F key=d"];
    let mount = "syscall=mount path=/s/d inode=2 dev=0:5 nametype=NORMAL exit=0";
    let made = "syscall=creat path=/s/d,/s/d/a nametype=PARENT,CREATE inode=1,2 dev=0:9,0:9 exit=3";
    assert_eq!(keys_of_last(&rules, &[mount, made]), None);
    // The same in the directory itself.
    let removed =
        "syscall=unlink path=/s/d,/s/d/a nametype=PARENT,DELETE inode=2,10 dev=0:5,0:5 exit=0";
    let made =
        "syscall=creat path=/s/d,/s/d/a nametype=PARENT,CREATE inode=2,20 dev=0:5,0:5 exit=3";
    assert_eq!(keys_of_last(&rules[..1], &[removed, made]).as_deref(), Some("a"));
    assert_eq!(keys_of_last(&rules[1..], &[removed, made]).as_deref(), Some("d"));
}

#[test]
fn an_entry_is_watched_at_every_place_of_its_directory() {
    let rules = ["-a always,exit -F path=/s/d/a -F key=a"];
    let mount = "syscall=mount path=/s/m,/s/d inode=3,2 dev=0:5,0:5 nametype=NORMAL,NORMAL exit=0";
    let removed =
        "syscall=unlink path=/s/m,/s/m/a nametype=PARENT,DELETE inode=2,10 dev=0:5,0:5 exit=0";
    let made =
        "syscall=creat path=/s/m,/s/m/a nametype=PARENT,CREATE inode=2,20 dev=0:5,0:5 exit=3";
    assert_eq!(keys_of_last(&rules, &[mount, removed]).as_deref(), Some("a"));
    assert_eq!(keys_of_last(&rules, &[mount, removed, made]).as_deref(), Some("a"));
    // The directory below the mount is another one.
    let other = made.replace("inode=2,20", "inode=3,20");
    assert_eq!(keys_of_last(&rules, &[&other]), None);
}

#[test]
fn a_link_is_not_made_where_its_target_is() {
    let rules =
        ["-a always,exit -F path=/s/d/a -F key=target", "-a always,exit -F path=/s/a -F key=link"];
    // Linux 7.2 gives the new entry the name of the target, whose last part is the same.
    let linked =
        "syscall=symlink path=/s/d/a,/s/ nametype=CREATE,PARENT inode=20,1 dev=0:5,0:5 exit=0";
    assert_eq!(keys_of_last(&rules, &[linked]).as_deref(), Some("link"));
    assert_eq!(keys_of_last(&rules[..1], &[linked]), None);
    let made = linked.replace("inode=20,1", "inode=20,2").replace("/s/ ", "/s/d/ ");
    assert_eq!(keys_of_last(&rules, &[&made]).as_deref(), Some("target"));
}
