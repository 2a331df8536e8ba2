//! `rauditctl apply` in real kernels: random sets in place of others, and programs that are killed half way.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use rauditctl::catalog::{Arch, KernelVersion};
use rauditctl::host::FixedHost;
use rauditctl::listing;
use rauditctl::model::{KernelModel, Profile};
use rauditctl::relate::sets::{Keys, Relation, compare};
use rauditctl::rule::Rule;
use rauditctl::ruleset::{CheckedSet, Input, RuleSet, Wanted};
use rauditctl::source::Source;

use crate::harness::Guest;
use crate::job::{Job, Outcome};
use crate::random::Random;
use crate::shared::outcomes;

/// The variable with the number of pairs of sets, and its default.
const PAIRS: (&str, usize) = ("RAUDITCTL_APPLIED_PAIRS", 5);
/// The same for programs that are killed.
const KILLED: (&str, usize) = ("RAUDITCTL_KILLED_PROGRAMS", 10);
/// Maximum number of rules in a set.
const MOST: u32 = 200;

fn number((variable, few): (&str, usize)) -> usize {
    std::env::var(variable).map_or(few, |number| number.parse().expect("a number"))
}

/// Brings the kernel from the first set of each pair to the second, exactly and as near as possible, and compares with a
/// fresh load by Debian's auditctl.
const SCRIPT: &str = "
i=0
while [ $i -lt $pairs ]; do
    a=/job/rules/$i-a.rules
    b=/job/rules/$i-b.rules
    rauditctl -D >/dev/null
    record $i.first rauditctl apply --exact --exact-order $a
    record $i.exact rauditctl apply --exact --exact-order $b
    record $i.exact-rules auditctl -l
    record $i.again rauditctl apply --exact --exact-order $b
    rauditctl -D >/dev/null
    record $i.before rauditctl apply $a
    record $i.near rauditctl apply $b
    record $i.near-rules rauditctl -l --format json
    record $i.near-again rauditctl apply $b
    rauditctl -D >/dev/null
    record $i.fresh auditctl -R $b
    record $i.fresh-rules auditctl -l
    i=$((i + 1))
done
";

pub(crate) fn pairs(_: &Guest) -> Job {
    let pairs = number(PAIRS);
    let files = (0..pairs as u64).flat_map(|seed| {
        let [a, b] = pair(seed);
        [(format!("{seed}-a.rules"), a), (format!("{seed}-b.rules"), b)]
    });
    let files: Vec<_> = files.collect();
    Job::new(&format!("pairs={pairs}\n{SCRIPT}")).rules(&files).timeout(Duration::from_secs(600))
}

/// Returns two sets that have many rules in common.
fn pair(seed: u64) -> [String; 2] {
    let mut random = Random::new(seed);
    let count = 5 + random.below(MOST - 20);
    let mut lines: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    while lines.len() < count as usize {
        let line = line(&mut random);
        if seen.insert(line.clone()) {
            lines.push(line);
        }
    }
    let old = lines.clone();
    for _ in 0..1 + random.below(12) {
        let at = random.index(lines.len());
        match random.below(3) {
            0 => {
                let new = line(&mut random);
                if seen.insert(new.clone()) {
                    lines.insert(at, new);
                }
            }
            1 if lines.len() > 1 => drop(lines.remove(at)),
            _ => {
                let moved = lines.remove(at);
                let to = random.index(lines.len() + 1);
                lines.insert(to, moved);
            }
        }
    }
    [old, lines].map(|lines| lines.join("\n") + "\n")
}

fn line(random: &mut Random) -> String {
    let key = random.pick(&["one", "two", "three"]);
    match random.below(6) {
        0 | 1 => format!(
            "-w /etc/file{} -p {} -k {key}",
            random.below(400),
            random.pick(&["wa", "r", "rwxa"])
        ),
        2 => format!("-a never,exclude -F uid={} -F msgtype=CWD", random.below(500)),
        3 => format!("-a never,user -F uid={}", random.below(500)),
        _ => {
            let action = random.pick(&["always", "always", "always", "never"]);
            let names = random.pick(&["openat,open", "chmod", "unlink,rename", "execve", "kill"]);
            let arch = random.pick(&["b64", "b32"]);
            let mut line = format!("-a {action},exit -F arch={arch} -S {names}");
            let _ = write!(line, " -F auid>={} -F uid!={}", random.below(300), random.below(300));
            line + " -k " + key
        }
    }
}

#[test]
fn random_sets_are_applied() {
    for (guest, outcome) in outcomes("applied::random_sets_are_applied") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        let version = guest.kernel.version;
        for seed in 0..number(PAIRS) as u64 {
            check(outcome, seed, version);
        }
    }
}

fn check(outcome: &Outcome, seed: u64, version: KernelVersion) {
    let step = |name: &str| outcome.step(&format!("{seed}.{name}"));
    for name in ["first", "exact", "before", "near", "fresh"] {
        assert_eq!(step(name).status, 0, "{seed}.{name}: {:?}", step(name));
    }
    assert_eq!(step("exact-rules").out, step("fresh-rules").out, "{seed}: {:?}", step("exact"));
    for name in ["again", "near-again"] {
        let again = step(name);
        assert!(again.status == 0 && again.err.ends_with("Nothing to do.\n"), "{seed}: {again:?}");
    }
    let held = listing::read(
        step("near-rules").out.as_bytes(),
        Arch::X86_64,
        &FixedHost::new(Arch::X86_64),
    );
    let held = kernel(&held.expect("a listing").into_rules());
    let wanted = kernel(&wanted(&pair(seed)[1]));
    let relation = compare(&wanted, &held, version, Keys::Count).relation();
    assert_eq!(relation, Relation::Same, "{seed}: {:?}", step("near"));
}

fn wanted(text: &str) -> Vec<Rule> {
    let source = Source::new("b.rules", text.as_bytes().to_vec());
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));
    Wanted::of(&checked).expect("a known machine").rules
}

fn kernel(rules: &[Rule]) -> KernelModel {
    let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
    for rule in rules {
        kernel.add(rule).expect("the kernel takes the rule");
    }
    kernel
}

/// Kills programs at every moment of a change in turn, and applies the set again.
const KILLING: &str = "
echo 0 >/sys/kernel/rcu_expedited
record b rauditctl apply --exact-order /job/rules/b.rules
record b-rules auditctl -l
a_moments=$(in_guest count rauditctl apply --exact-order /job/rules/a.rules)
record a-rules auditctl -l
b_moments=$(in_guest count rauditctl apply --exact-order /job/rules/b.rules)

holds=b
i=0
while [ $i -lt $killed ]; do
    next=a moments=$a_moments
    [ $holds = a ] && next=b moments=$b_moments
    # Two kills in a row have the same moment, one for each direction.
    at=$((1 + i / 2 % moments))
    record $i.kill in_guest kill $at rauditctl apply --exact-order /job/rules/$next.rules
    record $i.between auditctl -l
    record $i.apply rauditctl apply --exact-order /job/rules/$next.rules
    record $i.rules auditctl -l
    holds=$next
    echo $next >/out/$i.set
    i=$((i + 1))
done
echo moments $a_moments $b_moments
echo 1 >/sys/kernel/rcu_expedited
";

pub(crate) fn kills(_: &Guest) -> Job {
    let set = |name: &str| {
        let lines = (0..60).map(|number| {
            let both = format!("-a always,exit -F arch=b64 -S kill -F auid={number} -k both\n");
            format!("-w /etc/{name}{number} -p wa -k {name}\n{both}")
        });
        let lines: Vec<String> = lines.collect();
        if name == "a" { lines.concat() } else { lines.into_iter().rev().collect() }
    };
    let files = ["a", "b"].map(|name| (format!("{name}.rules"), set(name)));
    Job::new(&format!("killed={}\n{KILLING}", number(KILLED)))
        .rules(&files)
        .timeout(Duration::from_secs(900))
}

#[test]
fn killed_programs_are_made_up_for() {
    for (_, outcome) in outcomes("applied::killed_programs_are_made_up_for") {
        assert_eq!(outcome.status, 0, "{}", outcome.stdout);
        println!("{}", outcome.stdout);
        let killed = number(KILLED);
        let mut half_done = 0;
        for moment in 0..killed {
            let step = |name: &str| outcome.step(&format!("{moment}.{name}"));
            let set =
                String::from_utf8_lossy(&outcome.files[&format!("{moment}.set")]).into_owned();
            let wanted = outcome.step(&format!("{}-rules", set.trim())).out;
            assert_eq!(step("kill").out, "9\n", "{moment}: {:?}", step("kill"));
            assert_eq!(step("apply").status, 0, "{moment}: {:?}", step("apply"));
            assert_eq!(step("rules").out, wanted, "{moment}: {:?}", step("apply"));
            let others = ["a-rules", "b-rules"].map(|name| outcome.step(name).out);
            half_done += usize::from(!others.contains(&step("between").out));
        }
        // The last moment is after the change.
        assert!(half_done * 10 >= killed * 9, "{half_done} of {killed} changes were half done");
    }
}
