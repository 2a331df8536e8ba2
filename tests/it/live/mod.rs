//! Debian's own auditctl beside ours, on commands made up here.
//!
//! Both run as `auditctl` under a kernel played in user space; neither can reach the machine's. Debian's is
//! 3.0.9, so that only commands are made on which 4.2.2 and 3.0.9 agree: no `perm` beside an arch or
//! syscalls, no io_uring list, no fields on the exclude list that only new kernels take. What they say
//! differently all the same is left out: two lines that 3.0.9 does not have, and a word it spells its own way.
//!
//! The packages are downloaded and taken apart below `target`, never installed. Without network or a C compiler
//! the test is skipped.

mod commands;
pub(crate) mod programs;

use std::collections::BTreeMap;

use programs::{Programs, Run};
use xtask::needs::skip;

/// Commands to try.
const COMMANDS: usize = 500;

/// Lines that only 4.2.2 has.
const NEW_LINES: [&str; 3] = [
    "Old style watch rules are slower",
    "There was an error while processing parameters",
    "perm used without an arch is slower",
];

#[test]
fn debians_auditctl_does_the_same() {
    // Capabilities belong to a thread; in one of its own they can be given up.
    let compared = std::thread::spawn(|| Programs::prepare().map(|programs| compare(&programs)))
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    if let Err(why) = compared {
        skip(why);
    }
}

fn compare(programs: &Programs) {
    let mut differences = Vec::new();
    let mut accepted = 0;
    for command in commands::made_up(COMMANDS) {
        let (theirs, ours) = (programs.theirs(&command), programs.ours(&command));
        accepted += usize::from(theirs.exit == Some(0));
        let aspects = [
            ("requests", theirs.requests == ours.requests),
            ("exit status", theirs.exit == ours.exit),
            ("standard output", theirs.stdout == ours.stdout),
            ("messages", messages(&theirs) == messages(&ours)),
        ];
        let wrong: Vec<_> =
            aspects.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect();
        if !wrong.is_empty() {
            differences.push(format!(
                "auditctl {}\n  differs in {}\n  theirs {theirs:?}\n  ours   {ours:?}",
                command.join(" "),
                wrong.join(", ")
            ));
        }
    }
    assert!(
        differences.is_empty(),
        "{} of {COMMANDS} commands:\n{}",
        differences.len(),
        differences.join("\n")
    );
    // A generator that makes only errors, or none, would prove little.
    assert!(accepted * 4 > COMMANDS && accepted * 10 < COMMANDS * 9, "{accepted} were accepted");
}

/// Counts each line of standard error and of the system log.
fn messages(run: &Run) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    for line in run.stderr.lines().chain(run.syslog.iter().flat_map(|text| text.lines())) {
        if !line.is_empty() && !NEW_LINES.contains(&line) {
            *lines.entry(line.replace("preceeded", "preceded")).or_default() += 1;
        }
    }
    lines
}
