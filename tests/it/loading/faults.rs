//! Every single request of a load, and of its rollback, is refused once or loses its answer. The kernel then holds
//! exactly the old set or exactly the new one, and the events tell which.

use rauditctl::apply::{Client, Difference, Event, Outcome, RestoreError, Session};
use rauditctl::apply::{Unanswered, load};
use rauditctl::catalog::Arch;
use rauditctl::compile::Step;
use rauditctl::errno::Errno;
use rauditctl::host::FixedHost;
use rauditctl::kernel::{AuditKernel, InProcess};
use rauditctl::model::Profile;
use rauditctl::rule::{Control, Request, Rule};
use rauditctl::ruleset::{CheckedSet, Input, RuleSet};
use rauditctl::source::Source;

use super::faulty::{Fault, Faulty, State, state};

/// Rules on three lists, two of them equal, and settings.
const OLD: &str = "\
-b 1000
-f 2
-w /old/1 -p wa -k old
-w /old/2 -p wa -k old
-a always,exit -F arch=b64 -S openat -k old
-A always,exit -F arch=b64 -S openat -k old
-a never,exclude -F msgtype=CWD
-a never,user -F uid=7
-a never,user -F uid=8
-e 1
";

/// Another set with another order, one rule of the old one, and requests that cannot be undone.
const NEW: &str = "\
--reset-lost
-D
-b 2000
-f 0
-w /new/1 -p wa -k new
-w /old/2 -p wa -k old
-a never,exclude -F msgtype=PATH
-a always,exit -F arch=b64 -S unlinkat -k new
-A never,exit -F arch=b64 -S read -k new
--loginuid-immutable
-e 2
";

/// The end of a load, and what it said about the kernel.
#[derive(Debug, Default)]
struct Told {
    refusals: usize,
    not_tried: usize,
    permanent: usize,
    rolled_back: bool,
    error: Option<RestoreError>,
}

impl Client for Told {
    fn answer(&mut self, _: &Step, _: &mut Session<'_>) -> Result<(), Unanswered> {
        Ok(())
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Refused { .. } => self.refusals += 1,
            Event::NotTried(rules) => self.not_tried = rules,
            Event::RolledBack { permanent } => {
                self.rolled_back = true;
                self.permanent = permanent.len();
            }
            Event::NotRolledBack { permanent, error } => {
                self.permanent = permanent.len();
                self.error = Some(error);
            }
            _ => {}
        }
    }
}

fn run(kernel: &mut dyn AuditKernel, text: &str) -> (Outcome, Told) {
    let source = Source::new("a.rules", text.as_bytes().to_vec());
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));
    assert_eq!(checked.error_count(0), 0, "{text}");
    let mut told = Told::default();
    (load(kernel, &checked, &mut told), told)
}

fn loaded(text: &str) -> InProcess {
    let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
    let (outcome, _) = run(&mut kernel, text);
    assert!(matches!(outcome, Outcome::Loaded { .. }), "{outcome:?}");
    kernel
}

/// What a set does: the state after it, and the number of requests.
fn clean_run(text: &str) -> (State, usize) {
    let mut kernel = Faulty::new(loaded(OLD), |_, _| None);
    run(&mut kernel, text);
    (state(&mut kernel), kernel.sent)
}

/// A set that the kernel refuses at its end: a rule twice.
fn refused() -> String {
    let twice = "-w /new/1 -p wa -k new\n";
    NEW.replace("--loginuid-immutable\n", &format!("{twice}--loginuid-immutable\n"))
}

/// Runs a set with each single fault; `check` gets the outcome.
fn with_every_fault(text: &str, check: impl Fn(&str, Outcome, &Told, bool, bool)) {
    let old = state(&mut loaded(OLD));
    let (new, requests) = clean_run(text);
    // A fault leads to further requests, which can have it too.
    for place in 0..requests * 2 {
        for fault in
            [Fault::Refused(Errno::ENOMEM), Fault::Refused(Errno::EPERM), Fault::AnswerLost]
        {
            let faults = move |number, _: &Request| (number == place).then_some(fault);
            let mut kernel = Faulty::new(loaded(OLD), faults);
            let (outcome, told) = run(&mut kernel, text);
            let now = state(&mut kernel);
            let what = format!("{fault:?} at request {place}: {outcome:?}, {told:?}");
            check(&what, outcome, &told, now == old, now == new);
        }
    }
}

#[test]
fn one_fault_leaves_the_old_set_or_the_new_one() {
    with_every_fault(NEW, |what, outcome, told, is_old, is_new| match outcome {
        Outcome::Loaded { rules } => assert!(is_new && rules == 5, "{what}"),
        _ => assert!(is_old && told.rolled_back, "{what}"),
    });
}

/// The rollback after a refusal has faults too.
#[test]
fn one_fault_in_a_rollback_leaves_the_old_set() {
    with_every_fault(&refused(), |what, outcome, told, is_old, _| {
        assert_eq!(outcome, Outcome::Failed, "{what}");
        assert!(is_old && told.rolled_back && told.permanent == 0, "{what}");
    });
}

/// Nothing that cannot be undone is sent before the kernel has accepted everything else.
#[test]
fn permanent_requests_are_told_if_they_were_sent() {
    let refuse = |refused: Control| {
        let faults = move |_, request: &Request| match request {
            Request::Control(control) if *control == refused => Some(Fault::Refused(Errno::EPERM)),
            _ => None,
        };
        let mut kernel = Faulty::new(loaded(OLD), faults);
        let (outcome, told) = run(&mut kernel, NEW);
        assert_eq!((outcome, told.rolled_back), (Outcome::Failed, true));
        assert_eq!(state(&mut kernel), state(&mut loaded(OLD)));
        told.permanent
    };
    assert_eq!(refuse(Control::BacklogLimit(2000)), 0);
    assert_eq!(refuse(Control::ResetLost), 0);
    assert_eq!(refuse(Control::LoginuidImmutable), 1);
    assert_eq!(refuse(Control::Enabled(2)), 2);
}

#[test]
fn a_lock_whose_answer_is_lost_is_found_in_the_status() {
    let is_lock = |request: &Request| matches!(request, Request::Control(Control::Enabled(2)));
    let mut kernel =
        Faulty::new(loaded(OLD), move |_, request| is_lock(request).then_some(Fault::AnswerLost));
    let (outcome, _) = run(&mut kernel, NEW);
    assert_eq!(outcome, Outcome::Loaded { rules: 5 });
    assert_eq!(state(&mut kernel), clean_run(NEW).0);
    // Nothing shows whether a reset was carried out.
    let faults = |_, request: &Request| {
        matches!(request, Request::Control(Control::ResetLost)).then_some(Fault::AnswerLost)
    };
    let mut kernel = Faulty::new(loaded(OLD), faults);
    let (outcome, told) = run(&mut kernel, NEW);
    assert_eq!((outcome, told.rolled_back, told.permanent), (Outcome::Failed, true, 1));
}

/// Rules that the kernel takes back no more are missing; everything else is as it was, and the report is complete.
#[test]
fn reports_what_could_not_be_restored() {
    let rules = state(&mut loaded(OLD)).0;
    for lost in 0..rules.len() {
        let gone = rules[lost].clone();
        if rules.iter().filter(|rule| **rule == gone).count() > 1 {
            continue;
        }
        let faults = {
            let gone = gone.clone();
            move |_, request: &Request| match request {
                Request::Add(rule) if rule.fields == gone.fields && rule.list == gone.list => {
                    Some(Fault::Refused(Errno::ENOENT))
                }
                Request::Control(Control::Failure(2)) => Some(Fault::Refused(Errno::EINVAL)),
                _ => None,
            }
        };
        let mut kernel = Faulty::new(loaded(OLD), faults);
        let (outcome, told) = run(&mut kernel, &refused());
        assert_eq!(outcome, Outcome::Failed);
        let (now, settings) = state(&mut kernel);
        let expected: Vec<Rule> = rules.iter().filter(|rule| **rule != gone).cloned().collect();
        assert_eq!(now, expected, "without {gone:?}");
        assert_eq!(settings, [1, 0, 0, 1000, 60_000]);
        let Some(RestoreError::Different(Difference { missing, surplus, is_reordered, settings })) =
            told.error
        else {
            panic!("{told:?}")
        };
        assert!(surplus.is_empty() && !is_reordered);
        let missing: Vec<_> =
            missing.into_iter().map(|found| (found.what, found.refusal)).collect();
        assert_eq!(missing, [(gone, Some(Errno::ENOENT))]);
        let settings: Vec<_> =
            settings.into_iter().map(|found| (found.what, found.refusal)).collect();
        assert_eq!(settings, [(Control::Failure(2), Some(Errno::EINVAL))]);
    }
}

/// A rule that is gone when it is to be deleted, or there when it is to be added, is no error of a rollback; the first
/// is none of `-D` either.
#[test]
fn steps_that_are_done_already_are_no_errors() {
    // 7 rules are deleted, then 2 settings and 6 rules are sent.
    let is_rollback = |number: usize| number >= 15;
    let faults = move |number: usize, request: &Request| match request {
        Request::Delete(_) => Some(Fault::DoneByOthers),
        Request::Add(_) if is_rollback(number) => Some(Fault::DoneByOthers),
        _ => None,
    };
    let mut kernel = Faulty::new(loaded(OLD), faults);
    let (outcome, told) = run(&mut kernel, &refused());
    assert_eq!((outcome, told.rolled_back), (Outcome::Failed, true), "{told:?}");
    assert_eq!(state(&mut kernel), state(&mut loaded(OLD)));
}

/// A kernel that calls a rule absent and still lists it has not deleted it.
#[test]
fn a_rule_that_is_still_listed_was_not_deleted() {
    for number in 0..7 {
        let faults = move |sent: usize, request: &Request| {
            let is_it = sent == number && matches!(request, Request::Delete(_));
            is_it.then_some(Fault::Refused(Errno::ENOENT))
        };
        let mut kernel = Faulty::new(loaded(OLD), faults);
        let (outcome, told) = run(&mut kernel, NEW);
        assert_eq!((outcome, told.refusals, told.rolled_back), (Outcome::Failed, 1, true));
        assert_eq!(state(&mut kernel), state(&mut loaded(OLD)), "delete {number}");
    }
}

fn watches(count: usize) -> String {
    (0..count).map(|number| format!("-w /watch/{number} -p wa\n")).collect()
}

/// 731 rules that the kernel has, and a new rule.
#[test]
fn reports_every_refusal_as_long_as_refusals_come() {
    let mut kernel = loaded(&watches(731));
    let (outcome, told) = run(&mut kernel, &format!("{}-w /new -p wa\n", watches(731)));
    assert_eq!((outcome, told.refusals, told.not_tried), (Outcome::Failed, 731, 0));
}

#[test]
fn reports_how_many_rules_were_not_tried() {
    let mut kernel = loaded("-w /watch/7 -p wa\n-w /watch/150 -p wa\n-w /watch/400 -p wa\n");
    let (outcome, told) = run(&mut kernel, &watches(731));
    // Three datagrams were sent; the third had no refusal.
    assert_eq!((outcome, told.refusals, told.not_tried), (Outcome::Failed, 2, 431));
    assert!(told.rolled_back);
    let (outcome, told) = run(&mut kernel, &watches(8));
    assert_eq!((outcome, told.refusals, told.not_tried), (Outcome::Failed, 1, 0));
}
