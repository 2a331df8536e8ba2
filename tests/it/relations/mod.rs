//! Comparing whole sets of rules: every answer against all events of a small universe.

mod accounts;
mod covering;
mod deciding;
pub(crate) mod events;
pub(crate) mod judged;
mod printed;
mod recorded_names;
mod silencing;
pub(crate) mod universe;

use judged::{Answer, VERSION, compared, judge};
use rauditctl::relate::sets::Relation;
use universe::{Case, Random};

use crate::no_panic::cases_or;

/// Default number of pairs of sets; `RAUDITCTL_FUZZ_CASES` sets it, and `RAUDITCTL_FUZZ_SEED` the first pair. A release
/// build decides some fifty pairs a second.
const FEW: u32 = 30;
/// Number of events that are enumerated, and then taken at random.
const EVENTS: usize = 1_000;

#[test]
fn answers_are_those_of_all_events() {
    are_those_of_all_events(Case::random);
}

/// The flags with which a file is opened are an argument of some calls, and decide the access.
#[test]
fn answers_about_opening_are_those_of_all_events() {
    are_those_of_all_events(Case::of_opening);
}

fn are_those_of_all_events(case: fn(&mut Random) -> Case) {
    let cases = cases_or(FEW);
    let first: u64 =
        std::env::var("RAUDITCTL_FUZZ_SEED").map_or(1, |seed| seed.parse().expect("a number"));
    let mut undecided = 0;
    for seed in first..first + u64::from(cases) {
        let case = case(&mut Random::new(seed));
        match judge(&case, EVENTS) {
            Ok(Answer::Undecided) => undecided += 1,
            Ok(_) => {}
            Err(why) => panic!("{seed}: {why}"),
        }
    }
    assert!(undecided * 33 <= cases.max(100), "{undecided} of {cases} are undecided");
}

/// Pairs for which earlier versions missed a difference: conditions on several names, on the directory of a removed
/// file, on owners that are compared with ids, calls without names, three names of which the first only raises the
/// list's match, names of which another decides, a watch of one set only, a key that
/// a `never` takes, a name that would be at the path of another, a rule that another name keeps from deciding, and a
/// call that can only fail.
#[test]
fn differences_of_several_names_are_found() {
    const SEEDS: [u64; 11] = [
        11_133, 35_469, 38_036, 39_143, 107_406, 3_000_517, 3_001_477, 3_035_735, 3_118_665,
        4_021_481, 4_031_398,
    ];
    for seed in SEEDS {
        let case = Case::random(&mut Random::new(seed));
        assert_eq!(judge(&case, EVENTS), Ok(Answer::Different), "{seed}");
    }
}

/// A set with one rule against no rules, and against the rule without its key: some call shows the difference.
#[test]
fn rules_that_match_some_call_are_missed() {
    for rule in [
        "-a always,exit -F arch=b64 -S creat -F dir=/ -F key=k",
        "-a always,exit -F arch=b64 -S openat,unlink -F dir=/ -F key=k",
        "-a always,exit -F arch=b64 -S chmod -F dir=/ -F obj_uid>0 -F key=k",
        "-a always,exit -F dir=/ -F perm=wa -F key=k",
        "-a always,exit -F arch=b64 -S chmod -C auid!=obj_uid -F obj_uid=1000 -k k",
        "-a always,exit -F arch=b64 -S chmod -C auid!=obj_uid -F obj_uid=1000 -F suid<=33 -k k",
        "-a always,exit -F arch=b64 -S chmod -C auid=obj_uid -F obj_uid=500 -k k",
        "-a always,exit -F arch=b64 -S chown -C egid=obj_gid -F obj_gid=7 -k k",
    ] {
        let with = printed::rules_of(rule.as_bytes());
        assert_eq!(with.len(), 1, "{rule}");
        assert_eq!(compared(&with, &[]).relation(), Relation::Less, "{rule}");
        let keyless = rule.replace("-F key=k", "").replace("-k k", "");
        let keyless = printed::rules_of(keyless.as_bytes());
        assert_eq!(compared(&with, &keyless).relation(), Relation::Neither, "{rule}");
    }
}

/// An argument that another rule asks for is that with the flags of the call that is missed.
#[test]
fn calls_with_flags_are_missed_beside_rules_for_arguments() {
    let argument = "-a always,exit -F arch=b64 -S openat -F a1=0x2\n";
    let [both, one] = ["5,openat", "openat"].map(|names| {
        let watch = format!("-a always,exit -S {names} -F path=/etc/shadow -F perm=w -k k");
        printed::rules_of((argument.to_owned() + &watch).as_bytes())
    });
    assert_eq!(compared(&both, &one).relation(), Relation::Less);
}

/// The kernel tests the rules of a path in another order once the path gets a file (`audit_update_watch`).
#[test]
fn the_order_in_which_rules_of_a_path_were_added_counts() {
    let [front, end] = ["-A exit,never -F path=/s -F perm=w", "-a always,exit -F path=/s -k k"];
    let of = |lines: [&str; 2]| printed::rules_of(lines.join("\n").as_bytes());
    let comparison = compared(&of([end, front]), &of([front, end]));
    assert_ne!(comparison.relation(), Relation::Same);
}
