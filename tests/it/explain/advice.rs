//! The advice of `explain` and the steps of `optimize` agree.

use rauditctl::analysis::cost::Calibration;
use rauditctl::analysis::narrowing;
use rauditctl::analysis::workload::Workload;
use rauditctl::catalog::KernelVersion;
use rauditctl::rewrite::optimize::{Kind, Step, Task, optimize};
use rauditctl::rule::Rule;

use super::arming_of_lines;

/// Returns what two steps of `optimize` make of a rule.
fn optimized(line: &str) -> Rule {
    let task = Task {
        version: KernelVersion::new(6, 1),
        kind: Kind::Stock,
        steps: &[Step::Narrow, Step::Order],
        kept: &[],
        companions: &[],
        workload: &Workload::default(),
        calibration: &Calibration::of_kernel(None),
    };
    let optimized = optimize(&arming_of_lines(&[line]), &task).expect("no step is refuted");
    let [one] = optimized.rules.try_into().expect("one rule");
    one.rule
}

#[test]
fn advice_for_a_rule_without_arch_is_what_optimize_makes_of_it() {
    for line in [
        "-w /etc/audit -p wa -k tree",
        "-w /etc/passwd -p wa -k file",
        "-w /usr/bin/su -p x",
        "-a always,exit -F perm=wa -F auid>=1000 -F dir=/srv -k late-file",
        "-a always,exit -F auid=0 -F perm=r -k no-file",
        "-a never,exit -F perm=rwxa -F uid=33 -F path=/srv/log",
    ] {
        let narrowing = narrowing(&arming_of_lines(&[line]));
        let [advice] = narrowing.advice.as_slice() else { panic!("{line}") };
        let remedy = advice.remedy.as_ref().unwrap_or_else(|| panic!("{line}"));
        assert_eq!(remedy.rule.as_ref(), Some(&optimized(line)), "{line}");
        assert_eq!(narrowing.would_arm, remedy.arms, "{line}");
    }
}
