//! Loads the set in each way, with audit off and on.

use std::fmt::Write;
use std::time::Duration;

use crate::harness::Guest;
use crate::job::Job;

/// The number of rules in the set.
const RULES: u32 = 1_000;

/// The options that make guest time count instructions and never wait.
const COUNT_INSTRUCTIONS: &[&str] = &["-icount", "shift=0,sleep=off"];

/// The measured changes: the rules that the kernel holds before, and the ways of a change, each with the number of rules
/// that it deletes and the command that prints how long it takes. `auditctl` deletes all rules first where there are any, as rules files ask it to.
pub(crate) const CHANGES: [Change; 4] = [
    Change {
        name: "start",
        title: "nothing: the start of a program",
        before: "",
        after: 0,
        ways: &[
            ("auditctl", 0, "in_guest time auditctl -v"),
            ("rauditctl", 0, "in_guest time rauditctl -v"),
        ],
    },
    Change {
        name: "first",
        title: "first load of 1,000 rules",
        before: "",
        after: RULES,
        ways: &[
            ("auditctl", 0, "in_guest time auditctl -R /job/rules/set"),
            ("load", 0, "in_guest time rauditctl -R /job/rules/set"),
            ("apply", 0, "in_guest time rauditctl apply /job/rules/set"),
            ("floor", 0, "in_guest floor /tmp/messages"),
        ],
    },
    Change {
        name: "unchanged",
        title: "the same 1,000 rules again",
        before: "/job/rules/set",
        after: RULES,
        ways: &[
            ("auditctl", RULES, "in_guest time auditctl -R /job/rules/set-again"),
            ("apply", 0, "in_guest time rauditctl apply /job/rules/set"),
        ],
    },
    Change {
        name: "ten",
        title: "10 of 1,000 rules changed",
        before: "/job/rules/set",
        after: RULES,
        ways: &[
            ("auditctl", RULES, "in_guest time auditctl -R /job/rules/ten-again"),
            ("apply", 10, "in_guest time rauditctl apply /job/rules/ten"),
        ],
    },
];

/// A change, and the ways to make it.
pub(crate) struct Change {
    pub(crate) name: &'static str,
    title: &'static str,
    before: &'static str,
    /// The number of rules that the kernel holds afterwards.
    after: u32,
    ways: &'static [(&'static str, u32, &'static str)],
}

/// Makes each change in each way. Programs start after auditing was switched on, so they are audited although the shell
/// is not.
const SCRIPT: &str = "
uname -r
rauditctl compile --raw /job/rules/set >/tmp/messages
for state in off on; do
    while read -r change way before rules command; do
        # Deleting waits for all CPUs, rule by rule; here that is not measured.
        echo 1 >/sys/kernel/rcu_expedited
        auditctl -e 0 >/dev/null
        auditctl -D >/dev/null 2>&1
        [ $before = - ] || auditctl -R $before >/dev/null
        echo 0 >/sys/kernel/rcu_expedited
        [ $state = off ] || auditctl -e 1 >/dev/null
        time=$($command)
        loaded=$(auditctl -l | grep -c '^-')
        [ $loaded = $rules ] || echo \"$way: $loaded of $rules rules are loaded: $time\"
        echo \"$change $way $state $time\"
    done </job/ways
done
";

/// Deletes rules on a machine with two CPUs, where each deletion waits until the other one has left the list
/// (`synchronize_rcu`): while they have nothing else to do, and while a program runs on each. This machine does not count
/// instructions: with two CPUs, such a machine does not boot.
const WAITS: &str = "
uname -r
# Deletions wait again, as on a usual machine: jobs begin without.
echo 0 >/sys/kernel/rcu_expedited
auditctl -R /job/rules/waits >/dev/null
in_guest time auditctl -D
auditctl -R /job/rules/waits >/dev/null
programs=
for cpu in 0 1; do
    while :; do :; done &
    programs=\"$programs $!\"
done
in_guest time auditctl -D
kill $programs
";

/// The number of rules whose deletions are timed.
const WAITED: u32 = 100;

/// Whether audit is on while the rules are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Off,
    On,
}

impl State {
    pub(crate) const ALL: [State; 2] = [State::Off, State::On];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            State::Off => "off",
            State::On => "on",
        }
    }
}

/// The measured times.
pub(crate) struct Figures {
    kernel: String,
    /// Each change, way and state, with its instructions.
    times: Vec<([String; 3], f64)>,
    waits: Waits,
}

/// The nanoseconds that a deletion waits on a machine with two CPUs.
struct Waits {
    kernel: String,
    idle: f64,
    busy: f64,
}

impl Figures {
    /// Returns how many times the time of `other` the time of `way` is.
    pub(crate) fn ratio(&self, change: &str, way: &str, other: &str, state: State) -> f64 {
        self.time(change, way, state) / self.time(change, other, state)
    }

    /// Returns the same on a machine with two busy CPUs, at one nanosecond for an instruction.
    pub(crate) fn ratio_if_busy(&self, change: &str, way: &str, other: &str, state: State) -> f64 {
        let [time, other] = [way, other].map(|way| {
            self.time(change, way, state) + self.waits.busy * f64::from(deletions(change, way))
        });
        time / other
    }

    /// Returns how many times the time of the floor a first load takes, without the start of the program: the floor is
    /// measured in a program that runs.
    pub(crate) fn above_floor(&self, way: &str, state: State) -> f64 {
        let load = self.time("first", way, state) - self.time("start", "rauditctl", state);
        load / self.time("first", "floor", state)
    }

    fn time(&self, change: &str, way: &str, state: State) -> f64 {
        let sought = [change, way, state.name()];
        let found = self.times.iter().find(|(names, _)| *names == sought);
        found.unwrap_or_else(|| panic!("{sought:?} was not measured")).1
    }

    /// Returns the tables.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("Linux {}, in millions of instructions\n", self.kernel);
        // Writing to a String does not fail.
        for change in &CHANGES {
            let _ = write!(text, "\n{:<28}", change.title);
            for state in State::ALL {
                let title = format!("audit {}", state.name());
                let _ = write!(text, "{title:>12}{:>12}", "faster");
            }
            for (way, ..) in change.ways {
                let _ = write!(text, "\n{way:<28}");
                for state in State::ALL {
                    let millions = self.time(change.name, way, state) / 1e6;
                    let faster = self.ratio(change.name, "auditctl", way, state);
                    let _ = write!(text, "{millions:>12.1}{faster:>12.2}");
                }
            }
            text.push('\n');
        }
        for way in ["load", "apply"] {
            let [off, on] = State::ALL.map(|state| self.above_floor(way, state));
            let _ = write!(
                text,
                "\n{way} without the start takes {off:.2} and {on:.2} times the floor"
            );
        }
        let Waits { kernel, idle, busy } = &self.waits;
        let [idle, busy] = [idle, busy].map(|wait| wait / 1e6);
        let _ = write!(
            text,
            "\na deletion on Linux {kernel} waits {idle:.1} ms where there are two idle CPUs, {busy:.1} ms where a program \
             runs on each; with the latter, apply is"
        );
        for change in CHANGES.iter().filter(|change| deletions(change.name, "auditctl") > 0) {
            let faster = self.ratio_if_busy(change.name, "auditctl", "apply", State::On);
            let _ = write!(text, "\n{faster:.0} times as fast as auditctl: {}", change.title);
        }
        text
    }
}

fn deletions(change: &str, way: &str) -> u32 {
    let ways = CHANGES.iter().filter(|one| one.name == change).flat_map(|one| one.ways);
    ways.filter(|(name, ..)| *name == way).map(|(_, deletions, _)| *deletions).sum()
}

/// Boots a kernel and measures all ways, and boots another one, in which deletions wait.
pub(crate) fn run(guest: &Guest, waiting: &Guest) -> Figures {
    let rule =
        |n: u32| format!("-a always,exit -F arch=b64 -S openat,unlinkat -F auid={n} -F key=k{n}\n");
    let set: String = (0..RULES).map(rule).collect();
    let changed = |n: u32| if n % (RULES / 10) == 50 { n + RULES } else { n };
    let ten: String = (0..RULES).map(|n| rule(changed(n))).collect();
    let ways: String = CHANGES
        .iter()
        .flat_map(|change| change.ways.iter().map(move |way| (change, way)))
        .map(|(change, (way, _, command))| {
            let before = if change.before.is_empty() { "-" } else { change.before };
            format!("{} {way} {before} {} {command}\n", change.name, change.after)
        })
        .collect();
    let mut job = Job::new(SCRIPT).file("/job/ways", ways.as_bytes());
    for (name, text) in [("set", &set), ("ten", &ten)] {
        job = job.file(&format!("/job/rules/{name}"), text.as_bytes());
        job = job.file(&format!("/job/rules/{name}-again"), format!("-D\n{text}").as_bytes());
    }
    let mut job = job.timeout(Duration::from_secs(1800));
    job.machine = COUNT_INSTRUCTIONS;
    let outcome = guest.run(&job).unwrap_or_else(|failure| panic!("{failure}"));
    let mut lines = outcome.stdout.lines();
    let kernel = lines.next().unwrap_or_default().to_owned();
    let times = lines.map(|line| time(line).unwrap_or_else(|| panic!("the guest printed: {line}")));
    Figures { kernel, times: times.collect(), waits: waits(waiting, &set) }
}

/// Measures the waits.
fn waits(guest: &Guest, set: &str) -> Waits {
    let rules: Vec<&str> = set.lines().take(WAITED as usize).collect();
    let mut job = Job::new(WAITS).file("/job/rules/waits", rules.join("\n").as_bytes());
    job.machine = &["-smp", "2"];
    let outcome = guest.run(&job).unwrap_or_else(|failure| panic!("{failure}"));
    let mut lines = outcome.stdout.lines();
    let kernel = lines.next().unwrap_or_default().to_owned();
    let times: Vec<f64> = lines.filter_map(|line| line.parse().ok()).collect();
    let [idle, busy] = times[..] else { panic!("the guest printed: {}", outcome.stdout) };
    let [idle, busy] = [idle, busy].map(|time| time / f64::from(WAITED));
    Waits { kernel, idle, busy }
}

/// Parses `CHANGE WAY STATE TIME`.
fn time(line: &str) -> Option<([String; 3], f64)> {
    let words: Vec<&str> = line.split(' ').collect();
    let [change, way, state, time] = words.as_slice() else { return None };
    Some(([change, way, state].map(|name| (*name).to_owned()), time.parse().ok()?))
}
