//! 300 rules are loaded in place of 300 others, and a signal arrives at 20 moments of that.

use std::fmt::Write;
use std::time::Duration;

use crate::harness::Guest;
use crate::job::{Job, Outcome};
use crate::rules;
use crate::shared::outcomes;

/// Moments at which the signal arrives, spread over the deletion of the old rules, which takes most of the time.
const MOMENTS: usize = 20;

/// Every fourth set ends in a rule that the kernel refuses.
const REFUSED: usize = 4;

/// Loads both sets and keeps what they look like. Then loads the set that the kernel does not hold, again and again, and
/// sends a signal to the program.
const SCRIPT: &str = "
# Deletes wait for other processors again, as on a usual machine.
echo 0 >/sys/kernel/rcu_expedited

record a rauditctl -R /job/rules/a.rules
record a-rules auditctl -l
record a-state auditctl -s
record b rauditctl -R /job/rules/b.rules
record b-rules auditctl -l
record b-state auditctl -s
record again rauditctl -R /job/rules/b.rules

holds=b
i=0
while [ $i -lt $moments ]; do
    next=a
    [ $holds = a ] && next=b
    file=$next
    [ $((i % $refused)) -eq 3 ] && file=$next-refused
    rauditctl -R /job/rules/$file.rules 2>/out/$i.load.err >/out/$i.load.out &
    pid=$!
    left=$((300 - 300 * i / moments))
    while kill -0 $pid 2>/dev/null && [ $(auditctl -l | wc -l) -gt $left ]; do usleep 20000; done
    kill -TERM $pid
    wait $pid
    echo $? >/out/$i.load.status
    record $i.rules auditctl -l
    record $i.state auditctl -s
    echo $holds $file >/out/$i.sets
    cmp -s /out/$i.rules.out /out/$next-rules.out && holds=$next
    i=$((i + 1))
done
echo 1 >/sys/kernel/rcu_expedited
";

pub(crate) fn signals(_: &Guest) -> Job {
    let files = ["a", "b"].into_iter().flat_map(|name| {
        let set = set(name);
        // The first rule again: the kernel has it then.
        let refused = format!("{set}-w /etc/{name}0 -p wa -k {name}\n");
        [(format!("{name}.rules"), set), (format!("{name}-refused.rules"), refused)]
    });
    let script = format!("moments={MOMENTS}\nrefused={REFUSED}\n{SCRIPT}");
    Job::new(&script).rules(&files.collect::<Vec<_>>()).timeout(Duration::from_secs(400))
}

/// A set of 300 rules of several kinds.
fn set(name: &str) -> String {
    let base = if name == "a" { 1000 } else { 2000 };
    let mut text = format!("-D\n-b {base}\n");
    for number in 0..100 {
        let _ = writeln!(text, "-w /etc/{name}{number} -p wa -k {name}");
        let _ = writeln!(text, "-a always,exit -F arch=b64 -S openat -F auid={number} -k {name}");
        let _ = match number % 3 {
            0 => writeln!(text, "-A never,exit -F arch=b64 -S read -F pid={number} -k {name}"),
            1 => writeln!(text, "-a never,exclude -F msgtype=CWD -F uid={}", base + number),
            _ => writeln!(text, "-a never,user -F uid={}", base + number),
        };
    }
    text
}

#[test]
fn signals_leave_one_set_or_the_other() {
    for (_, outcome) in outcomes("interrupted::signals_leave_one_set_or_the_other") {
        check(outcome);
    }
}

fn check(outcome: &Outcome) {
    println!("{}", outcome.stdout);
    assert_eq!(outcome.status, 0, "{}", outcome.stdout);
    for name in ["a", "b"] {
        let load = outcome.step(name);
        assert_eq!(load.status, 0, "{load:?}");
        assert!(load.err.contains(": 300 rules loaded\n"), "{load:?}");
        assert!(!load.err.contains("cannot lock"), "{load:?}");
        assert_eq!(outcome.step(&format!("{name}-rules")).out.lines().count(), 300);
    }
    let again = outcome.step("again");
    assert_eq!(again.status, 0, "{again:?}");
    assert!(again.err.contains("the kernel already holds 300 rules and the settings"), "{again:?}");

    let ends: Vec<End> = (0..MOMENTS).map(|moment| end(outcome, moment)).collect();
    println!("{ends:?}");
    // Most of the moments are in the middle of the changes.
    let count = |end: End| ends.iter().filter(|found| **found == end).count();
    assert!(count(End::New) >= 5 && count(End::RolledBack) >= 2, "{ends:?}");
}

/// The end of a load to which a signal was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The signal ended the program before it changed anything.
    Untouched,
    /// The new set was loaded, and the signal waited.
    New,
    /// The kernel refused the set, the old one was restored, and the signal waited.
    RolledBack,
    /// The signal ended the program after the load, before it reported the result.
    Unreported,
    /// The program had reported the result before.
    Late,
}

/// Compares what the program said with what the kernel holds.
fn end(outcome: &Outcome, moment: usize) -> End {
    let load = outcome.step(&format!("{moment}.load"));
    let sets = String::from_utf8_lossy(&outcome.files[&format!("{moment}.sets")]).into_owned();
    let (old, file) = sets.trim().split_once(' ').expect("two names");
    let is_refused = file.ends_with("-refused");
    let holds = |set: &str| {
        let part = |of: &str, what: &str| outcome.step(&format!("{of}{what}")).out;
        let now = moment.to_string();
        part(&now, ".rules") == part(set, "-rules")
            && rules::settings(&part(&now, ".state")) == rules::settings(&part(set, "-state"))
    };
    let has_waited = load.err.contains("SIGTERM arrived meanwhile and was held back until now\n");
    let is_killed = load.status == 128 + 15;
    let what = format!("moment {moment}, {file} in place of {old}: {load:?}");
    if load.err.contains(": 300 rules loaded\n") {
        assert!(!is_refused && holds(file), "{what}");
        // A signal that comes after the report ends the program, too.
        assert!(is_killed || !has_waited, "{what}");
        return if has_waited { End::New } else { End::Late };
    }
    let is_unreported = is_killed && !has_waited && load.err.is_empty();
    if is_unreported && !is_refused && holds(file) {
        return End::Unreported;
    }
    assert!(holds(old), "{what}");
    if load
        .err
        .contains("nothing was changed: the kernel holds the rules and settings it had before\n")
    {
        assert!(is_refused, "{what}");
        return if has_waited { End::RolledBack } else { End::Late };
    }
    assert!(is_killed && !has_waited, "{what}");
    End::Untouched
}
