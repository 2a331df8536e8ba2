//! Compares the measurements with the recorded ones and with the estimates.

use rauditctl::analysis::cost::{Calibration, Point, Rules, cost};
use rauditctl::analysis::workload::Workload;
use rauditctl::analysis::{Load, Origin, arming};
use rauditctl::catalog::Arch;
use rauditctl::compile::{self, End};
use rauditctl::host::FixedHost;
use rauditctl::model::Profile;
use rauditctl::syntax;

use crate::points;

/// The maximum difference between a figure and the recorded figure.
const SAME: f64 = 0.01;

/// The maximum difference between an estimate and the measurement, for rules whose mask misses.
const CLOSE: f64 = 0.10;

/// The same for rules about directories and inodes.
const CLOSE_FILE: f64 = 0.02;

/// The numbers of rules whose estimates are checked. The coefficients do not depend on these points.
const CHECKED: [u32; 2] = [50, 200];

/// Returns how close the estimate of a call at a point must be; `None` if it is not checked.
fn margin(point: &Point, call: &str) -> Option<f64> {
    match point.rules {
        Rules::MaskMisses => CHECKED.contains(&point.count).then_some(CLOSE),
        // One rule adds too little to a call for 2 % of it.
        Rules::Dir | Rules::DirSecond | Rules::DirAfterPerm => {
            (point.count > 1).then_some(CLOSE_FILE)
        }
        // A getpid names no file: no rule is tested.
        Rules::InodeSecond => (call == "stat").then_some(CLOSE_FILE),
        _ => None,
    }
}

/// Prints both. Returns whether all figures agree within 1 %.
pub(crate) fn is_same(recorded: &Calibration, measured: &Calibration) -> bool {
    println!("recorded on {}, now on {}", recorded.kernel, measured.kernel);
    let head = ["getpid", "recorded", "stat", "recorded"];
    println!(
        "{:<20} {:>5} {:>10} {:>10} {:>10} {:>10}",
        "rules", "", head[0], head[1], head[2], head[3]
    );
    let mut are_same = true;
    for point in &measured.points {
        let Point { rules, count, getpid, stat } = point;
        let Some(old) = recorded.point(*rules, *count) else {
            println!("{:<20} {count:>5} is not recorded", rules.name());
            are_same = false;
            continue;
        };
        let is_same = off(*getpid, old.getpid).abs() <= SAME && off(*stat, old.stat).abs() <= SAME;
        let note = if is_same { "" } else { "  moved by more than 1 %" };
        println!(
            "{:<20} {count:>5} {getpid:>10.1} {:>10.1} {stat:>10.1} {:>10.1}{note}",
            rules.name(),
            old.getpid,
            old.stat
        );
        are_same &= is_same;
    }
    are_same
}

/// Prints the coefficients and their estimates for every point. Returns whether the checked estimates hold.
pub(crate) fn estimates_hold(profile: Profile, calibration: &Calibration) -> bool {
    println!("\n{:#?}", calibration.coefficients);
    println!("\nwhat rules add to a call, in instructions:");
    let head = ["measured", "estimate", "off"];
    println!("{:<20} {:>5} {:<7} {:>10} {:>10} {:>7}", "rules", "", "", head[0], head[1], head[2]);
    let unarmed = calibration.point(Rules::None, 0).expect("the point without rules");
    let mut hold = true;
    for point in &calibration.points {
        let Some([getpid, stat]) = estimates(point, profile, calibration) else { continue };
        let calls = [
            ("getpid", getpid, point.getpid - unarmed.getpid),
            ("stat", stat, point.stat - unarmed.stat),
        ];
        for (call, estimate, measured) in calls {
            let off = off(estimate, measured);
            let holds = margin(point, call).is_none_or(|margin| off.abs() <= margin);
            let note = match margin(point, call) {
                None => String::new(),
                Some(margin) => {
                    let not = if holds { "" } else { "NOT " };
                    format!("  {not}within {:.0} %", margin * 100.0)
                }
            };
            hold &= holds;
            println!(
                "{:<20} {:>5} {call:<7} {measured:>10.1} {estimate:>10.1} {:>6.1}%{note}",
                point.rules.name(),
                point.count,
                off * 100.0
            );
        }
    }
    hold
}

/// Returns the estimates for a getpid and a stat at a point, computed from the text of its rules; `None` if nothing
/// is armed, or if the estimate does not apply to these rules.
fn estimates(point: &Point, profile: Profile, calibration: &Calibration) -> Option<[f64; 2]> {
    // The estimate assumes that no directory is that of the file.
    if matches!(point.rules, Rules::NeverEnabled | Rules::None | Rules::DirHolds | Rules::DirInTree)
    {
        return None;
    }
    // The estimate assumes that rules by inode are spread over all lists; the measured ones are all in one list.
    let count = match point.rules {
        Rules::Inode | Rules::InodeMaskMisses | Rules::InodeSecond => 32 * point.count,
        _ => point.count,
    };
    let host = FixedHost::new(Arch::X86_64);
    let loads = (1..).zip(0..count).map(|(line, n)| {
        let text = points::rule(point.rules, n).replace(&format!("{}+", points::FILE), "");
        let command = syntax::parse_words(syntax::words(text.as_bytes(), 0));
        match compile::compile(&command, &host, compile::Options::default()).end {
            End::Rule(request, _) => Load::new(Origin { file: "point".into(), line }, request),
            _ => panic!("no rule: {text}"),
        }
    });
    let arming = arming(profile, &loads.collect::<Vec<_>>());
    let workload = Workload::parse("getpid,1\nnewfstatat,1\n").expect("a workload");
    let cost = cost(&arming, &workload, calibration);
    let of = |name| {
        let one = cost.syscalls.iter().find(|one| one.name == Some(name)).expect("a cost");
        one.instructions
    };
    Some([of("getpid"), of("newfstatat")])
}

/// Returns the error of a number, as a fraction of the right number.
fn off(number: f64, right: f64) -> f64 {
    (number - right) / right
}
