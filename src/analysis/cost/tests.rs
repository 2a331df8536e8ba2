//! Expected values are derived by hand from measurements of a separate C program: Debian's kernel 6.1
//! takes 485 instructions for a getpid and 7,384 for a stat without rules, 843 and 8,611 with one rule
//! for another syscall, and about 19 more for each further rule.

use proptest::prelude::*;

use super::*;
use crate::analysis::tests::{add, armed_by, for_arch, rule};
use crate::catalog::KernelVersion;
use crate::catalog::field;
use crate::rule::{Field, FieldId, FilterList, Mask, NumberId, Op, TextId};

/// A calibration from these figures alone.
const BY_HAND: Calibration = Calibration {
    kernel: String::new(),
    command: String::new(),
    coefficients: Coefficients {
        armed: 843.0 - 485.0 - 19.0,
        path: (8611.0 - 7384.0) - (843.0 - 485.0),
        mask_misses: 19.0,
        mask_holds: 68.0,
        field: 50.0,
        perm: 100.0,
        dir: 36.0,
        file: 44.0,
    },
    points: Vec::new(),
};

/// The kernel of these figures.
const LINUX_6_1: Option<KernelVersion> = Some(KernelVersion::new(6, 1));

const GETPID: u32 = 39;
const STAT: u32 = 4;

fn auid(mut rule: Rule, value: u32) -> Rule {
    let FieldId::Number(id) = FieldId::of(field::AUID) else { panic!() };
    rule.fields.push(Field::Number { id, op: Op::EQUAL, value });
    rule
}

fn workload(calls: &[(&str, u64)]) -> Workload {
    let calls = calls.iter().map(|(name, count)| Call { name: (*name).to_owned(), count: *count });
    Workload { calls: calls.collect(), seconds: None }
}

/// Returns the cost of one armed getpid and one armed stat.
fn a_call(rules: Vec<Rule>) -> (f64, f64) {
    let arming = armed_by(rules.into_iter().map(add).collect());
    let cost = cost(&arming, &workload(&[("getpid", 1), ("stat", 1)]), &BY_HAND);
    let of = |nr| cost.syscalls.iter().find(|one| one.nr == nr).unwrap().instructions;
    (of(GETPID), of(STAT))
}

fn near(number: f64, expected: f64, percent: f64) {
    assert!((number - expected).abs() <= expected * percent / 100.0, "{number} for {expected}");
}

#[test]
fn one_rule_costs_the_measured_instructions() {
    let (getpid, stat) = a_call(vec![rule(FilterList::Exit, &[59])]);
    near(getpid, 843.0 - 485.0, 0.1);
    near(stat, 8611.0 - 7384.0, 0.1);
}

#[test]
fn ten_rules_cost_the_measured_instructions() {
    // Measured with the ten benchmark rules, which name neither: 1,015 and 8,785.
    let (getpid, stat) = a_call((0..10).map(|n| auid(for_arch(Arch::X86_64, &[257]), n)).collect());
    near(getpid, 1015.0 - 485.0, 1.0);
    near(stat, 8785.0 - 7384.0, 1.0);
}

#[test]
fn calibration_agrees_with_these_figures() {
    let own = Calibration::of_kernel(LINUX_6_1).coefficients;
    let by_hand = BY_HAND.coefficients;
    // Another run of the separate program gave 335 for the 339 instructions of `armed`.
    near(own.armed, by_hand.armed, 2.0);
    near(own.path, by_hand.path, 1.0);
    near(own.mask_misses, by_hand.mask_misses, 1.0);
    near(own.mask_holds + own.field, by_hand.mask_holds + by_hand.field, 1.0);
}

#[test]
fn coefficients_follow_from_the_points() {
    for own in Calibration::built_in() {
        assert_eq!(Coefficients::of(&own.points), Some(own.coefficients), "{}", own.kernel);
        for point in &own.points {
            assert_eq!(Rules::from_name(point.rules.name()), Some(point.rules));
        }
    }
}

#[cfg(feature = "serde")]
#[test]
fn built_in_calibrations_are_the_measured_ones() {
    let measured = [
        include_str!("../../../data/calibration/linux-6.1-debian.json"),
        include_str!("../../../data/calibration/linux-6.12-debian.json"),
        include_str!("../../../data/calibration/linux-7.2-debian.json"),
    ];
    assert_eq!(Calibration::built_in().count(), measured.len());
    for (own, measured) in Calibration::built_in().zip(measured) {
        assert_eq!(Calibration::from_json(measured).unwrap(), own);
        assert_eq!(own.to_json().unwrap(), measured);
    }
}

#[test]
fn takes_the_calibration_of_the_newest_kernel_that_is_not_newer() {
    let kernel = |version: Option<(u16, u16)>| {
        let version = version.map(|(major, minor)| KernelVersion::new(major, minor));
        Calibration::of_kernel(version).kernel
    };
    for (version, measured) in [
        (Some((5, 15)), "6.1."),
        (Some((6, 1)), "6.1."),
        (Some((6, 11)), "6.1."),
        (Some((6, 12)), "6.12."),
        (Some((7, 1)), "6.12."),
        (Some((7, 2)), "7.2."),
        (Some((8, 0)), "7.2."),
        (None, "7.2."),
    ] {
        assert!(kernel(version).starts_with(measured), "{version:?}");
    }
}

/// Instructions of a getpid and a stat, measured by a separate C program: without rules, with a rule for another
/// syscall, and with ten rules of two conditions for others.
#[test]
fn calibrations_agree_with_a_separate_measurement() {
    for (version, none, one, ten) in [
        ((6, 1), [494.0, 7388.0], [848.0, 8614.0], [1015.0, 8784.0]),
        ((6, 12), [483.0, 4065.0], [899.0, 5390.0], [1005.0, 5489.0]),
        ((7, 2), [470.0, 3031.0], [862.0, 4300.0], [941.0, 4377.0]),
    ] {
        let own = Calibration::of_kernel(Some(KernelVersion::new(version.0, version.1)));
        for (missed, measured) in [(1, one), (10, ten)] {
            for (paths, [without, with]) in
                [(0, [none[0], measured[0]]), (1, [none[1], measured[1]])]
            {
                let walk = Tested { missed, ..Tested::default() };
                let work = CallWork { walk, paths, ..CallWork::default() };
                near(work.instructions(&own.coefficients), with - without, 5.0);
            }
        }
    }
}

#[test]
fn estimates_points_outside_the_fit_within_ten_percent() {
    for own in Calibration::built_in() {
        let unarmed = own.point(Rules::None, 0).unwrap();
        for count in [50, 200] {
            let point = own.point(Rules::MaskMisses, count).unwrap();
            for (paths, measured) in
                [(0, point.getpid - unarmed.getpid), (1, point.stat - unarmed.stat)]
            {
                let walk = Tested { missed: count as usize, ..Tested::default() };
                let work = CallWork { walk, paths, ..CallWork::default() };
                near(work.instructions(&own.coefficients), measured, 10.0);
            }
        }
    }
}

#[test]
fn rule_by_inode_costs_only_calls_with_paths() {
    let mut watch = rule(FilterList::Exit, &[]);
    watch.mask = Mask::ALL;
    watch.fields.push(Field::Text { id: TextId::PATH, op: Op::EQUAL, text: (*b"/etc/a").into() });
    let rules: Vec<Rule> = (0..64).map(|n| auid(watch.clone(), n)).collect();
    // Two of the 64 share the list of the file; the path does not hold.
    let (getpid, stat) = a_call(rules.clone());
    assert_eq!((getpid, stat), (339.0, 339.0 + 869.0 + 2.0 * 112.0));
    let arming = armed_by(rules.into_iter().map(add).collect());
    let cost = cost(&arming, &workload(&[("getpid", 3), ("stat", 1)]), &BY_HAND);
    // A getpid names no file, so no rule can record it on either kernel.
    assert_eq!((cost.stock.armed, cost.stock.needless), (4, 3));
    assert_eq!((cost.bitmap.armed, cost.bitmap.needless), (4, 3));
    assert_eq!(cost.stock.tests, 2.0);
}

#[test]
fn directory_field_never_matches() {
    // Of arch, dir and perm, perm is not compared.
    let mut watch = for_arch(Arch::X86_64, &[STAT]);
    watch.fields.push(Field::Text { id: TextId::DIR, op: Op::EQUAL, text: (*b"/etc").into() });
    watch.fields.push(Field::Number { id: NumberId::PERM, op: Op::EQUAL, value: 4 });
    let (getpid, stat) = a_call(vec![watch]);
    assert_eq!(getpid, 339.0 + 19.0);
    assert_eq!(stat, 339.0 + 869.0 + 68.0 + 50.0 + 36.0);
}

#[test]
fn conditions_before_the_file_of_a_rule_by_inode_count() {
    // 32 rules: one on the list of the file. `arch` holds, the path does not, and `perm` is not compared.
    let with_path = |mut rule: Rule| {
        let path = Field::Text { id: TextId::PATH, op: Op::EQUAL, text: (*b"/etc/a").into() };
        rule.fields.push(path);
        rule.fields.push(Field::Number { id: NumberId::PERM, op: Op::EQUAL, value: 4 });
        rule
    };
    let rules = (0..32).map(|n| auid(with_path(for_arch(Arch::X86_64, &[STAT])), n)).collect();
    assert_eq!(a_call(rules), (339.0, 339.0 + 869.0 + 68.0 + 50.0 + 44.0));
    // The list of the file also has rules for other syscalls.
    let rules = (0..32).map(|n| auid(with_path(for_arch(Arch::X86_64, &[GETPID])), n)).collect();
    assert_eq!(a_call(rules), (339.0, 339.0 + 869.0 + 19.0));
}

/// Instructions of a getpid and a stat of a file in none of 40 directories, measured on 6.1 by a separate C program: one
/// rule for execve, and one rule for each directory with `dir` before `perm`, and `perm` before `dir`, with every syscall.
/// Reading is no access that the rules ask for.
#[test]
fn the_order_of_dir_and_perm_costs_the_measured_instructions() {
    let own = Calibration::of_kernel(LINUX_6_1);
    let rules = |is_dir_first: bool| {
        let rules = (0..40u8).map(|n| {
            let mut made = rule(FilterList::Exit, &[]);
            made.mask = Mask::ALL;
            let perm = Field::Number { id: NumberId::PERM, op: Op::EQUAL, value: 2 };
            let text = format!("/srv/{n}").into_bytes().into();
            let dir = Field::Text { id: TextId::DIR, op: Op::EQUAL, text };
            made.fields = if is_dir_first { vec![dir, perm] } else { vec![perm, dir] }.into();
            add(made)
        });
        let arming = armed_by(rules.collect());
        let cost = cost(&arming, &workload(&[("getpid", 1), ("stat", 1)]), &own);
        let of = |nr| cost.syscalls.iter().find(|one| one.nr == nr).unwrap().instructions;
        [of(GETPID), of(STAT)]
    };
    for (is_dir_first, measured) in [(true, [5000.0, 12758.0]), (false, [7629.0, 15399.0])] {
        let estimates = rules(is_dir_first);
        for (estimate, (without, with)) in
            estimates.into_iter().zip([494.0, 7388.0].into_iter().zip(measured))
        {
            near(estimate, with - without, 2.0);
        }
    }
}

#[test]
fn counts_calls_that_no_rule_records_as_needless() {
    let arming = armed_by(vec![
        add(auid(for_arch(Arch::X86_64, &[59]), 1000)),
        // 3 is read on i386 and close on x86_64: the mask ignores the arch.
        add(for_arch(Arch::I386, &[3])),
    ]);
    let calls = [("execve", 1), ("close", 10), ("getpid", 100), ("b32:read", 1000), ("nothing", 5)];
    let cost = cost(&arming, &workload(&calls), &BY_HAND);
    assert_eq!(cost.calls, 1111);
    assert_eq!((cost.stock.armed, cost.stock.needless), (1111, 110));
    // The bitmap does not arm getpid, but it arms close.
    assert_eq!((cost.bitmap.armed, cost.bitmap.needless), (1011, 10));
    assert_eq!(cost.stock.tests, 2222.0);
    assert_eq!(cost.unknown, [Call { name: "nothing".to_owned(), count: 5 }]);
}

#[test]
fn no_rules_cost_nothing() {
    let cost = cost(&armed_by(vec![]), &workload(&[("read", 7)]), &BY_HAND);
    assert_eq!((cost.stock, cost.bitmap), (Total::default(), Total::default()));
    assert_eq!(cost.stock.needless_share(cost.calls), 0.0);
}

/// Returns a rule for few or all syscalls, kept by inode or not, for one arch or all.
fn any_rule() -> impl Strategy<Value = Rule> {
    let mask = prop_oneof![
        4 => proptest::collection::vec(0u32..8, 0..4).prop_map(Some),
        1 => Just(None),
    ];
    (mask, any::<[bool; 4]>(), 0u32..50).prop_map(|(mask, [arch, path, dir, field], value)| {
        let mut made = rule(FilterList::Exit, mask.as_deref().unwrap_or_default());
        if mask.is_none() {
            made.mask = Mask::ALL;
        }
        if arch {
            let elf = if value % 2 == 0 { Arch::X86_64 } else { Arch::I386 }.elf();
            made.fields.push(Field::Number { id: NumberId::ARCH, op: Op::EQUAL, value: elf });
        }
        if path || dir {
            let id = if path { TextId::PATH } else { TextId::DIR };
            made.fields.push(Field::Text { id, op: Op::EQUAL, text: (*b"/etc").into() });
        }
        if field { auid(made, value) } else { made }
    })
}

fn rule_of_tasks() -> Rule {
    rule(FilterList::Task, &[])
}

/// One execve of 64-bit programs costs a stock kernel 339 for being armed and 869 for its path.
#[test]
fn the_last_rule_that_arms_a_call_saves_the_whole_call() {
    let arming = armed_by(vec![
        add(auid(for_arch(Arch::X86_64, &[59]), 1000)),
        add(auid(rule(FilterList::Exit, &[GETPID]), 1000)),
    ]);
    let costs = rule_costs(&arming, &workload(&[("execve", 1)]), &BY_HAND);
    let of = |line| costs.rules.iter().find(|one| one.origin.line == line).unwrap();
    // `arch` and `auid` are compared; of the other rule only the mask is tested.
    let (entered, missed) = (68.0 + 50.0 + 50.0, 19.0);
    assert_eq!(of(1).stock, Share { tested: entered, saved: entered });
    let whole = 339.0 + 869.0 + entered + missed;
    assert_eq!(of(1).bitmap, Share { tested: entered, saved: whole });
    assert_eq!(of(2).stock, Share { tested: missed, saved: missed });
    assert_eq!(of(2).bitmap, Share { tested: missed, saved: missed });
    assert_eq!((of(1).recordable, of(2).recordable), (1, 0));
    assert_eq!((costs.stock, costs.bitmap), (whole, whole));
}

#[test]
fn a_never_that_ends_the_walk_saves_what_comes_after_it() {
    let mut never = rule(FilterList::Exit, &[GETPID]);
    never.action = Action::Never;
    let mut rules = vec![add(never)];
    rules.extend((0..10).map(|n| add(auid(rule(FilterList::Exit, &[GETPID]), n))));
    let costs = rule_costs(&armed_by(rules), &workload(&[("getpid", 1)]), &BY_HAND);
    let never = costs.rules.iter().find(|one| one.origin.line == 1).unwrap();
    assert_eq!(never.stock, Share { tested: 68.0, saved: 68.0 - 10.0 * 118.0 });
    assert!(costs.rules.iter().all(|one| one.recordable == 0));
    assert_eq!(costs.stock, 339.0 + 68.0);
}

proptest! {
    #[test]
    fn more_rules_and_more_calls_never_cost_less(
        rules in proptest::collection::vec(any_rule(), 1..12),
        counts in proptest::collection::vec(0u64..1000, 3),
        more in 0u64..1000,
    ) {
        let names = ["read", "stat", "b32:unlink"];
        let calls = |extra: u64| {
            let pairs: Vec<_> =
                names.into_iter().zip(&counts).map(|(name, count)| (name, count + extra)).collect();
            workload(&pairs)
        };
        let arming = |count: usize| armed_by(rules[..count].iter().cloned().map(add).collect());
        let figures = |cost: &Cost| {
            let of = |total: &Total| [total.armed as f64, total.tests, total.instructions];
            [of(&cost.stock), of(&cost.bitmap)].concat()
        };
        let few = cost(&arming(rules.len() - 1), &calls(0), &BY_HAND);
        let with_rule = cost(&arming(rules.len()), &calls(0), &BY_HAND);
        let with_calls = cost(&arming(rules.len()), &calls(more), &BY_HAND);
        for ((few, rule), calls) in
            figures(&few).into_iter().zip(figures(&with_rule)).zip(figures(&with_calls))
        {
            prop_assert!(few <= rule && rule <= calls, "{few} {rule} {calls}");
        }
    }

    /// What is saved without a rule is what the rules cost with and without it.
    #[test]
    fn shares_agree_with_the_cost_without_each_rule(
        rules in proptest::collection::vec((any_rule(), 0u32..6), 1..8),
        counts in proptest::collection::vec(0u64..1000, 3),
    ) {
        let names = ["read", "stat", "b32:unlink"];
        let calls = workload(&names.into_iter().zip(counts).collect::<Vec<_>>());
        let rules: Vec<Rule> = rules.into_iter().map(|(rule, kind)| match kind {
            0 => Rule { action: Action::Never, ..rule },
            1 => Rule { fields: Vec::new().into(), ..rule },
            2 => auid(rule_of_tasks(), 7),
            _ => rule,
        }).collect();
        let arming = armed_by(rules.into_iter().map(add).collect());
        let costs = rule_costs(&arming, &calls, &BY_HAND);
        let all = cost(&arming, &calls, &BY_HAND);
        let near = |a: f64, b: f64| (a - b).abs() < 0.001 * (1.0 + a.abs());
        prop_assert!(near(costs.stock, all.stock.instructions));
        prop_assert!(near(costs.bitmap, all.bitmap.instructions));
        for share in &costs.rules {
            let others = arming.rules().filter(|other| *other.origin != share.origin);
            let others = armed_by(others.map(|other| add(other.rule.clone())).collect());
            let less = cost(&others, &calls, &BY_HAND);
            let saved = [all.stock, all.bitmap].into_iter().zip([less.stock, less.bitmap]);
            let saved: Vec<f64> = saved.map(|(a, b)| a.instructions - b.instructions).collect();
            prop_assert!(near(share.stock.saved, saved[0]), "{share:?} {saved:?}");
            prop_assert!(near(share.bitmap.saved, saved[1]), "{share:?} {saved:?}");
        }
    }
}
