//! Rules files as text: what the guest must have for them, and how two listings compare.

use std::collections::BTreeSet;

/// The paths that a rules file names; those of `dir=` and those written so end with a slash.
pub(crate) fn paths(text: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let words: Vec<_> = line.split_whitespace().collect();
        for pair in words.windows(2) {
            match (pair[0], pair[1].split_once('=')) {
                ("-w", _) => paths.insert(pair[1].to_owned()),
                ("-F", Some(("path" | "exe" | "exe!", path))) => paths.insert(path.to_owned()),
                ("-F", Some(("dir", path))) => paths.insert(format!("{path}/")),
                _ => false,
            };
        }
    }
    paths.retain(|path| path.starts_with('/'));
    paths
}

/// Whether a line locks the rules until the next boot.
pub(crate) fn is_lock(line: &str) -> bool {
    line.split_whitespace().eq(["-e", "2"])
}

/// The text with empty lines for those that lock, so that the others keep their numbers.
pub(crate) fn without_locks(text: &str) -> String {
    text.lines().map(|line| if is_lock(line) { "\n".into() } else { format!("{line}\n") }).collect()
}

/// A listing without the syscalls of rules that have both an arch and a perm.
///
/// There auditctl 4.2.2, which we follow, sets the syscalls that perm is about, and 3.0.9 sets all.
pub(crate) fn without_perm_syscalls(listing: &str) -> Vec<String> {
    listing
        .lines()
        .map(|line| {
            let words: Vec<_> = line.split(' ').collect();
            let has = |start: &str| words.iter().any(|word| word.starts_with(start));
            match words.iter().position(|word| *word == "-S") {
                Some(at) if has("arch=") && has("perm=") => {
                    [&words[..at], &words[at + 2..]].concat().join(" ")
                }
                _ => line.to_owned(),
            }
        })
        .collect()
}

/// The lines of a state (`-s`), of the counters only their names: those move by themselves.
pub(crate) fn settings(state: &str) -> Vec<String> {
    const COUNTERS: [&str; 4] = ["pid", "lost", "backlog", "backlog_wait_time_actual"];
    let name = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    state
        .lines()
        .map(|line| if COUNTERS.contains(&&*name(line)) { name(line) } else { line.to_owned() })
        .collect()
}

#[test]
fn paths_are_found() {
    let text =
        "# -w /comment\n-w /etc/ssh/ -p wa\n-a always,exit -F path=/a/b -F dir=/c -F perm=x\n";
    assert_eq!(paths(text).into_iter().collect::<Vec<_>>(), ["/a/b", "/c/", "/etc/ssh/"]);
}

#[test]
fn locks_leave_their_line() {
    assert_eq!(without_locks("-b 8\n  -e 2\n-e 1\n"), "-b 8\n\n-e 1\n");
}

#[test]
fn only_perm_syscalls_are_dropped() {
    let listing =
        "-a always,exit -F arch=b64 -S open -F perm=wa\n-a always,exit -F arch=b64 -S open";
    assert_eq!(
        without_perm_syscalls(listing),
        ["-a always,exit -F arch=b64 -F perm=wa", "-a always,exit -F arch=b64 -S open"]
    );
}
