//! Suggestions for random rules and logs: nothing else is lost.

use std::cell::Cell;

use rauditctl::analysis::{Load, Origin, arming};
use rauditctl::catalog::KernelVersion;
use rauditctl::eval::{Evaluator, Files, Verdict};
use rauditctl::model::KernelModel;
use rauditctl::relate::sets::Change;
use rauditctl::replay::suggest::{Measure, Set, propose};
use rauditctl::replay::{By, Makers, Table, Window};
use rauditctl::rule::{Action, Request, Rule};

use super::shapes::{compiled, event, kernel, written};
use crate::no_panic::{cases_or, for_each_of};

/// A day, in seconds.
const DAY: u64 = 86_400;

/// Returns what loads these rules, each from a line of its own.
fn loads(kernel: &KernelModel) -> Vec<Load> {
    let origin = |line| Origin { file: "random.rules".into(), line };
    let rules = (1..).zip(kernel.rules().cloned());
    rules.map(|(line, rule)| Load::new(origin(line), Request::Add(rule))).collect()
}

/// A suggestion for random rules loses only events that match it, and drops what it is made for.
#[test]
fn nothing_else_is_lost() {
    let (proposed, dropped) = (Cell::new(0_usize), Cell::new(0_u64));
    for_each_of(cases_or(60), 2_000, |choices| {
        let kernel = kernel(choices);
        let loads = loads(&kernel);
        let profile = kernel.profile();
        let rules = arming(profile, &loads);
        let mut log = String::new();
        for serial in 0..12 {
            let text = event(serial, choices);
            for copy in 0..120 {
                let time = 1 + u64::from(copy % 2_u32) * DAY;
                let number = serial * 1_000 + copy as usize;
                log += &text.replace(
                    &format!("audit(1.000:{serial}):"),
                    &format!("audit({time}.000:{number}):"),
                );
            }
        }
        let version = KernelVersion::NEWEST;
        let mut table =
            Table::new(Makers::new(rules.kernel(), version), Window::default(), By::Rule)
                .with_combinations();
        log.lines().for_each(|line| table.add(Ok(line.as_bytes())));
        table.finish();
        let set = Set { loads: &loads, arming: &rules, version, kept_keys: &[] };
        let combinations = table.combinations().expect("they were counted");
        for of in combinations.largest() {
            let maker = &table.makers().all()[of.maker];
            let Ok(found) = propose(&set, maker, of) else { continue };
            let rule = &found.draft.rule;
            let shown = || format!("{}\n{}", found.draft.line, written(kernel.rules().cloned()));
            assert_eq!(compiled(&found.draft.line).as_ref(), Some(rule), "{}", shown());
            let mut alone = KernelModel::new(profile);
            alone.add(&Rule { action: Action::Always, ..rule.clone() }).expect("it is loaded");
            let alone = Evaluator::new(&alone, version, Files::default());
            for one in &found.comparison.differences {
                assert_eq!(one.change, Change::Lost, "{}", shown());
                assert_eq!(alone.decide(&one.event).verdict, Verdict::Recorded, "{}", shown());
            }
            let mut measure =
                Measure::new(rules.kernel(), &[(&found.draft, maker)], version, Window::default());
            log.lines().for_each(|line| measure.add(Ok(line.as_bytes())));
            let measured = &measure.finish().all[0];
            // An event is in the log because all conditions of its rule hold, even those on what the log does not hold.
            assert!(maker.rule().is_some(), "{}", shown());
            assert_eq!(measured.by.get(maker), Some(&of.events), "{of:?}\n{}", shown());
            proposed.set(proposed.get() + 1);
            dropped.set(dropped.get() + measured.events);
        }
    });
    assert!(proposed.get() > 20 && dropped.get() > 1_000, "{proposed:?} {dropped:?}");
}
