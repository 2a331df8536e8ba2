//! The measured points: loaded rules, and the instructions of a getpid and a stat with them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use rauditctl::analysis::cost::{Point, Rules};

use crate::harness::Guest;
use crate::job::Job;

/// The number of calls per point; a point is their mean.
const CALLS: u64 = 20_000;

/// What stands for the inode of the measured file in the text of a rule.
pub(crate) const FILE: &str = "@INODE@";

/// The options that make guest time count instructions and never wait.
const COUNT_INSTRUCTIONS: &[&str] = &["-icount", "shift=0,sleep=off"];

/// The kinds of rules, each with the numbers of rules that are loaded.
const COUNTS: [(Rules, &[u32]); 15] = [
    (Rules::None, &[0]),
    (Rules::MaskMisses, &[1, 10, 50, 100, 200, 400]),
    (Rules::FirstFieldMisses, &[1, 10, 50, 100]),
    (Rules::SecondFieldMisses, &[100]),
    (Rules::ThirdFieldMisses, &[100]),
    (Rules::PermMisses, &[100]),
    (Rules::Inode, &[1, 100]),
    (Rules::InodeMaskMisses, &[100]),
    (Rules::InodeSecond, &[100]),
    (Rules::Path, &[1, 10, 100, 400]),
    (Rules::Dir, &[1, 10, 40, 100, 400]),
    (Rules::DirSecond, &[100]),
    (Rules::DirAfterPerm, &[40]),
    (Rules::DirHolds, &[100]),
    (Rules::DirInTree, &[100]),
];

/// Loads the sets of rules one after the other into one kernel. The measuring program starts after auditing was
/// switched on, so it is audited although the shell is not.
const SCRIPT: &str = "
uname -r
# Newer kernels work for some seconds after they have booted.
sleep 12
# One kind after the other, for inodes in a row.
mkdir -p /cal/dir
for i in $(seq 0 399); do : >/cal/file$i; done
for i in $(seq 0 399); do mkdir /cal/dir/$i; done
echo \"point never-enabled 0 $(in_guest measure $calls)\"
auditctl -e 1 >/dev/null
while read -r kind count file; do
    auditctl -D >/dev/null 2>&1
    sed \"s/@INODE@/$(stat -c %i /etc/passwd)/\" $file | while read -r line; do
        case $line in
        *inode=*+*) echo \"${line%%inode=*}inode=$((${line##*inode=}))\" ;;
        *) echo \"$line\" ;;
        esac
    done >/tmp/rules
    rauditctl -R /tmp/rules >/tmp/output 2>&1 || cat /tmp/output
    # auditctl lists a watch whose perm comes first as ` -p`.
    [ $(auditctl -l | grep -vc '^No rules') = $count ] || echo \"$kind $count: not all rules loaded\"
    echo \"point $kind $count $(in_guest measure $calls)\"
done </job/points
";

/// Boots a kernel and measures all points. Returns the version of the kernel, and the points in order.
pub(crate) fn measure(guest: &Guest) -> (String, Vec<Point>) {
    let mut list = String::new();
    let mut job = Job::new(&format!("calls={CALLS}\n{SCRIPT}"));
    for (rules, counts) in COUNTS {
        for count in counts {
            let file = format!("/job/{}.{count}", rules.name());
            // Writing to a String does not fail.
            let _ = writeln!(list, "{} {count} {file}", rules.name());
            let lines: String = (0..*count).map(|n| rule(rules, n) + "\n").collect();
            job = job.file(&file, lines.as_bytes());
        }
    }
    let mut job = job.file("/job/points", list.as_bytes()).timeout(Duration::from_secs(600));
    job.machine = COUNT_INSTRUCTIONS;
    let outcome = guest.run(&job).unwrap_or_else(|failure| panic!("{failure}"));
    let mut lines = outcome.stdout.lines();
    let version = lines.next().unwrap_or_default().to_owned();
    let points =
        lines.map(|line| point(line).unwrap_or_else(|| panic!("the guest printed: {line}")));
    (version, points.collect())
}

/// Returns the `n`th rule of its kind. No such rule matches a measured call.
pub(crate) fn rule(rules: Rules, n: u32) -> String {
    const MEASURED: &str = "-S getpid,stat,newfstatat";
    let id = 1000 + n;
    match rules {
        Rules::NeverEnabled | Rules::None => String::new(),
        Rules::MaskMisses => format!("-a always,exit -S execve -F auid={id}"),
        Rules::FirstFieldMisses => format!("-a always,exit {MEASURED} -F auid={id}"),
        Rules::SecondFieldMisses => format!("-a always,exit -F arch=b64 {MEASURED} -F auid={id}"),
        Rules::ThirdFieldMisses => {
            format!("-a always,exit -F arch=b64 {MEASURED} -F uid=0 -F auid={id}")
        }
        Rules::PermMisses => {
            format!("-a always,exit -F arch=b64 {MEASURED} -F perm=wa -F auid={id}")
        }
        Rules::Inode => format!("-a always,exit -S all -F inode={}", inode(n)),
        Rules::InodeMaskMisses => format!("-a always,exit -S execve -F inode={}", inode(n)),
        Rules::InodeSecond => format!("-a always,exit -F arch=b64 -S all -F inode={}", inode(n)),
        Rules::Path => format!("-w /cal/file{n} -p wa"),
        Rules::DirInTree if n == 0 => format!("-a always,exit -F dir=/etc -F auid={id}"),
        Rules::Dir | Rules::DirInTree => {
            format!("-a always,exit -F dir=/cal/dir/{n} -F perm=wa")
        }
        Rules::DirSecond => {
            format!("-a always,exit -F arch=b64 -S all -F dir=/cal/dir/{n} -F perm=wa")
        }
        Rules::DirAfterPerm => format!("-a always,exit -S all -F perm=wa -F dir=/cal/dir/{n}"),
        Rules::DirHolds => format!("-a always,exit -S all -F dir=/etc -F auid={id}"),
    }
}

/// Returns the inode of the `n`th rule. The kernel keeps rules in 32 lists by inode: these share the list of the file.
fn inode(n: u32) -> String {
    format!("{FILE}+{}", 32 * (n + 1))
}

/// Parses `point KIND COUNT getpid=N stat=N`.
fn point(line: &str) -> Option<Point> {
    let mut words = line.strip_prefix("point ")?.split(' ');
    let rules = Rules::from_name(words.next()?)?;
    let count = words.next()?.parse().ok()?;
    let taken: BTreeMap<&str, f64> = words
        .map(|word| word.split_once('=').and_then(|(name, n)| Some((name, n.parse().ok()?))))
        .collect::<Option<_>>()?;
    let a_call = |name| Some(rounded(*taken.get(name)? / CALLS as f64));
    Some(Point { rules, count, getpid: a_call("getpid")?, stat: a_call("stat")? })
}

/// Rounds to a tenth of an instruction.
fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
