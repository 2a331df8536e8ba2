//! Loads each set into one kernel, and measures calls under it.

use std::fmt::Write;
use std::time::Duration;

use crate::harness::Guest;
use crate::job::Job;
use crate::sets::Set;
use crate::table::{Row, Table};

/// The number of calls of a syscall; a figure is their mean.
const CALLS: u32 = 100_000;

/// The options that make guest time count instructions and never wait.
const COUNT_INSTRUCTIONS: &[&str] = &["-icount", "shift=0,sleep=off"];

/// Loads the sets of rules one after the other. The measuring program starts after auditing was switched on, so it is audited
/// although the shell is not.
const SCRIPT: &str = "
uname -r
# Newer kernels work for some seconds after they have booted.
sleep 12
make_paths
auditctl -e 1 >/dev/null
while read -r number count; do
    auditctl -D >/dev/null 2>&1
    rauditctl -R /job/rules/$number >/tmp/output 2>&1 || cat /tmp/output
    loaded=$(auditctl -l | grep -c '^-')
    [ $loaded = $count ] || echo \"$number: $loaded of $count rules are loaded\"
    echo \"set $number $(in_guest calls $calls)\"
done </job/sets
";

/// Boots a kernel and measures all sets.
pub(crate) fn run(guest: &Guest, sets: &[Set]) -> Table {
    let mut list = String::new();
    for (number, set) in sets.iter().enumerate() {
        // Writing to a String does not fail.
        let _ = writeln!(
            list,
            "{number} {}",
            set.text.lines().filter(|line| !line.starts_with('#')).count()
        );
    }
    let files: Vec<(String, String)> = (0..)
        .zip(sets)
        .map(|(number, set): (usize, _)| (number.to_string(), set.text.clone()))
        .collect();
    let job = Job::new(&format!("calls={CALLS}\n{SCRIPT}")).rules(&files);
    let mut job = job.file("/job/sets", list.as_bytes()).timeout(Duration::from_secs(1800));
    job.machine = COUNT_INSTRUCTIONS;
    let outcome = guest.run(&job).unwrap_or_else(|failure| panic!("{failure}"));
    let mut lines = outcome.stdout.lines();
    let kernel = lines.next().unwrap_or_default().to_owned();
    let rows =
        lines.map(|line| row(sets, line).unwrap_or_else(|| panic!("the guest printed: {line}")));
    Table { kernel, rows: rows.collect() }
}

/// Parses `set NUMBER getpid=N getppid=N ...`.
fn row(sets: &[Set], line: &str) -> Option<Row> {
    let mut words = line.strip_prefix("set ")?.split(' ');
    let number: usize = words.next()?.parse().ok()?;
    let set = sets.get(number)?;
    let calls = words.map(|word| {
        word.split_once('=').and_then(|(name, n)| Some((name.to_owned(), n.parse().ok()?)))
    });
    Some(Row {
        set: set.name.clone(),
        form: set.form.name(),
        rules: set.text.lines().filter(|line| !line.starts_with('#')).count(),
        is_recorded: set.is_recorded,
        calls: calls.collect::<Option<_>>()?,
    })
}
