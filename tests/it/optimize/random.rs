//! Random sets: every proof holds, the estimated cost never rises, and a second optimization changes nothing.

use rauditctl::analysis::cost::{Calibration, cost};
use rauditctl::analysis::workload::Workload;
use rauditctl::analysis::{Arming, Load, Origin, arming};
use rauditctl::catalog::{KernelVersion, field};
use rauditctl::model::KernelModel;
use rauditctl::relate::sets::{Keys, Relation, compare};
use rauditctl::rewrite::optimize::{Kind, Optimized, Step, Whole};
use rauditctl::rewrite::rule_line;
use rauditctl::rule::{Action, Field, Mask, Op, Request, TextId};

use super::steps::{armed, optimized, optimized_for, texts};
use crate::relations::universe::Random;

/// The variable with the number of sets, and its default.
const VARIABLE: &str = "RAUDITCTL_OPTIMIZE_SETS";
const FEW: u64 = 150;

const VERSION: KernelVersion = KernelVersion::new(6, 1);

fn pick<'t>(random: &mut Random, texts: &[&'t str]) -> &'t str {
    texts[random.below(texts.len())]
}

/// Returns a line with a rule of the exit list.
fn rule(random: &mut Random) -> String {
    let watches = ["/etc", "/etc/ssh", "/etc/shadow"];
    if random.below(3) == 0 {
        let (path, perm) = (pick(random, &watches), pick(random, &["wa", "r", "x", "w", "rwxa"]));
        return format!("-w {path} -p {perm} -k {}", pick(random, &["k", "l"]));
    }
    let action = pick(random, &["always", "always", "always", "never"]);
    let arch = pick(random, &["-F arch=b64 ", "-F arch=b32 ", ""]);
    let names =
        ["open", "openat,unlink", "chmod,fchmod", "rename,unlink", "execve", "getpid,kill", "read"];
    let mut line = format!("-a {action},exit {arch}-S {}", pick(random, &names));
    for _ in 0..random.below(4) {
        line.push(' ');
        line.push_str(pick(
            random,
            &[
                "-F auid>=1000",
                "-F auid!=unset",
                "-F uid=0",
                "-F euid!=0",
                "-F exit=-EACCES",
                "-F success=1",
                "-F obj_uid=0",
                "-F filetype=file",
                "-F a1=2",
                "-F pers=0",
            ],
        ));
    }
    match random.below(5) {
        0 => line.push_str(" -F path=/etc/shadow"),
        1 => line.push_str(" -F dir=/etc"),
        2 => line.push_str(" -F perm=wa"),
        3 => line.push_str(" -F perm=w -F dir=/etc/ssh"),
        _ => {}
    }
    line + pick(random, &["", " -k k", " -k l"])
}

fn set(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut rules: Vec<String> = (0..2 + random.below(9)).map(|_| rule(&mut random)).collect();
    // The kernel refuses a rule that is there already.
    let mut seen = std::collections::HashSet::new();
    rules.retain(|rule| seen.insert(rule.clone()));
    rules.join("\n") + "\n"
}

/// Returns what a call of each of these syscalls costs.
fn costs(arming: &Arming) -> Vec<f64> {
    let calibration = Calibration::of_kernel(Some(VERSION));
    let names = ["getpid", "getppid", "read", "stat", "openat", "chmod", "execve", "b32:open"];
    let cost_of = |name: &&str| {
        let workload = Workload::parse(&format!("{name},1\n")).expect("a workload");
        cost(arming, &workload, &calibration).stock.instructions
    };
    names.iter().map(cost_of).collect()
}

fn armed_again(before: &Arming, optimized: &Optimized) -> Arming {
    let load = |(line, optimal): (usize, &rauditctl::rewrite::optimize::Optimal)| {
        let origin = Origin { file: "optimized".into(), line };
        Load::new(origin, Request::Add(optimal.rule.clone()))
    };
    let loads: Vec<Load> = (1..).zip(&optimized.rules).map(load).collect();
    arming(before.kernel().profile(), &loads)
}

#[test]
fn random_sets_stay_the_same_for_less() {
    let count = std::env::var(VARIABLE).map_or(FEW, |count| count.parse().expect("a number"));
    let exact: Vec<Step> = Step::exact().collect();
    let (mut changed, mut undecided) = (0, 0);
    for seed in 0..count {
        let text = set(seed);
        let before = armed(&text, VERSION);
        let made = optimized(&before, &exact);
        assert_ne!(made.whole, Whole::NotCompared);
        undecided += u64::from(made.whole == Whole::Undecided);
        changed += u64::from(made.rules.iter().any(|rule| !rule.steps.is_empty()));
        for optimal in &made.rules {
            assert!(rule_line(&optimal.rule, before.arch).is_some(), "{seed}: {optimal:?}");
        }
        let after = armed_again(&before, &made);
        assert!(after.refused.is_empty(), "{seed}: {:?}", after.refused);
        for (old, new) in costs(&before).into_iter().zip(costs(&after)) {
            assert!(new <= old + 0.01, "{seed}: {old} -> {new}\n{text}\n{:#?}", texts(&made));
        }
        let again = optimized(&after, &exact);
        assert_eq!(texts(&again), texts(&made), "{seed}: {text}");
    }
    assert!(changed * 2 > count, "{changed} of {count} sets changed");
    assert!(undecided * 20 <= count, "{undecided} of {count} sets undecided");
}

/// The `never` rules silence nothing that is recorded.
#[test]
fn random_sets_with_a_fast_path_record_the_same() {
    let with_price: Vec<Step> = Step::exact().chain([Step::FastPath]).collect();
    let mut shorter = 0;
    for seed in 0..FEW {
        let text = set(seed);
        let before = armed(&text, VERSION);
        let made = optimized(&before, &with_price);
        assert!(matches!(made.whole, Whole::Same | Whole::Undecided), "{seed}: {text}");
        let after = armed_again(&before, &made);
        assert!(after.refused.is_empty(), "{seed}: {:?}", after.refused);
        for (old, new) in costs(&before).into_iter().zip(costs(&after)).take(5) {
            assert!(new <= old + 1.0, "{seed}: {old} -> {new}\n{text}\n{:#?}", texts(&made));
        }
        shorter += u64::from(made.rules.iter().any(|rule| rule.from.is_empty()));
    }
    assert!(shorter * 10 > FEW, "{shorter} sets have a fast path");
}

/// A kernel with the bitmap arms no syscall more.
#[test]
fn random_sets_arm_no_more() {
    let exact: Vec<Step> = Step::exact().collect();
    let mut fewer = 0;
    for seed in 0..FEW {
        let text = set(seed);
        let before = armed(&text, VERSION);
        let after = armed_again(&before, &optimized(&before, &exact));
        let numbers = |arming: &Arming| -> Vec<u32> {
            arming.bitmap.syscalls.iter().map(|syscall| syscall.nr).collect()
        };
        let (old, new) = (numbers(&before), numbers(&after));
        assert!(new.iter().all(|number| old.contains(number)), "{seed}: {text}");
        fewer += u64::from(new.len() < old.len());
    }
    assert!(fewer > FEW / 10, "{fewer} sets arm fewer syscalls");
}

/// Returns a kernel with the same rules, none of which has a syscall in its mask.
fn without(kernel: &KernelModel, number: u32) -> KernelModel {
    let mut fewer = KernelModel::new(kernel.profile());
    for rule in kernel.rules() {
        let mut rule = rule.clone();
        let others: Vec<u32> = rule.mask.iter().filter(|other| *other != number).collect();
        rule.mask = Mask::EMPTY;
        assert!(others.into_iter().all(|other| rule.mask.insert(other)));
        if !rule.mask.is_empty() {
            fewer.add(&rule).expect("the kernel takes the rule");
        }
    }
    fewer
}

/// Returns a kernel with the same rules, of which each `never` records under a key of its own.
fn recording(kernel: &KernelModel) -> KernelModel {
    let mut all = KernelModel::new(kernel.profile());
    for (at, rule) in kernel.rules().enumerate() {
        let mut rule = rule.clone();
        if rule.action == Action::Never {
            rule.action = Action::Always;
            let key = format!("never-{at}").into_bytes();
            rule.fields.retain(|field| field.number() != field::KEY);
            rule.fields.push(Field::Text { id: TextId::KEY, op: Op::EQUAL, text: key.into() });
        }
        all.add(&rule).expect("the kernel takes the rule");
    }
    all
}

/// A kernel with the bitmap arms as few syscalls as possible: without any of them, a rule misses a call that it decides.
/// A rule that silences is needed, too: it takes the record of the syscall from events of other subsystems.
#[test]
fn random_sets_arm_the_fewest() {
    let exact: Vec<Step> = Step::exact().collect();
    for seed in 0..FEW / 5 {
        let text = set(seed);
        let before = armed(&text, VERSION);
        let after = armed_again(&before, &optimized_for(Kind::Bitmap, &before, &exact));
        let all = recording(after.kernel());
        for syscall in &after.bitmap.syscalls {
            let comparison = compare(&all, &without(&all, syscall.nr), VERSION, Keys::Count);
            let is_needed = comparison.relation() != Relation::Same;
            assert!(is_needed, "{seed}: {} in\n{text}", syscall.nr);
        }
    }
}
