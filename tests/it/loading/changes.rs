//! Every single request of a planned change, and of its rollback, is refused or loses its answer, and every pause between
//! them is interrupted. The kernel then holds exactly the old rules or exactly the new ones, and the events tell which.

use rauditctl::apply::{
    Applied, Change, Observer, Progress, Refused, RestoreError, Snapshot, carry_out, make_permanent,
};
use rauditctl::catalog::Arch;
use rauditctl::errno::Errno;
use rauditctl::host::FixedHost;
use rauditctl::kernel::{AuditKernel, InProcess};
use rauditctl::model::Profile;
use rauditctl::plan::{Gaps, Plan, SettingChange};
use rauditctl::rule::Request;
use rauditctl::ruleset::{CheckedSet, Input, RuleSet, Wanted};
use rauditctl::source::Source;

use super::faulty::{Fault, Faulty, State, state};

const OLD: &str = "\
-b 1000
-f 2
-w /old/1 -p wa -k old
-w /both/1 -p wa -k both
-a always,exit -F arch=b64 -S openat -k both
-a never,exit -F arch=b64 -S read -k both
-a never,exclude -F msgtype=CWD
-a never,user -F uid=7
";

/// Rules that are new, that move and that stay.
pub(super) const NEW: &str = "\
-b 2000
-f 0
-a never,exit -F arch=b64 -S read -k both
-w /new/1 -p wa -k new
-a always,exit -F arch=b64 -S openat -k both
-w /both/1 -p wa -k both
-a never,exclude -F msgtype=PATH
-a never,exclude -F msgtype=CWD
--loginuid-immutable
-e 2
";

/// What a change reports.
#[derive(Debug, Default)]
pub(super) struct Told {
    refused: usize,
    pub(super) rolled_back: bool,
    pub(super) error: Option<RestoreError>,
    /// The number of pauses until an interruption.
    pauses: Option<usize>,
}

impl Observer for Told {
    fn event(&mut self, event: Progress<'_>) {
        match event {
            Progress::Answered(_, Err(_)) | Progress::Set(_, Err(_)) => self.refused += 1,
            Progress::RolledBack => self.rolled_back = true,
            Progress::NotRolledBack(error) => self.error = Some(error),
            _ => {}
        }
    }

    fn is_interrupted(&mut self) -> bool {
        let Some(pauses) = self.pauses.as_mut() else { return false };
        let is_now = *pauses == 0;
        *pauses = pauses.saturating_sub(1);
        is_now
    }
}

fn wanted(text: &str) -> Wanted {
    let source = Source::new("a.rules", text.as_bytes().to_vec());
    let set = RuleSet::new([Input { source: &source, directory: None }]);
    let checked = CheckedSet::new(&set, &FixedHost::new(Arch::X86_64));
    assert_eq!(checked.error_count(0), 0, "{text}");
    Wanted::of(&checked).expect("a known machine")
}

pub(super) fn planned(kernel: &mut dyn AuditKernel, text: &str, gaps: Gaps) -> (Snapshot, Change) {
    let before = Snapshot::take(kernel).expect("it answers");
    let wanted = wanted(text);
    let controls = wanted.besides.controls();
    let change = Change {
        settings: SettingChange::between(before.status(), Some(false), &controls),
        plan: Plan::new(before.rules(), &wanted.rules, gaps),
        wanted: wanted.rules,
    };
    (before, change)
}

pub(super) fn loaded() -> InProcess {
    let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
    let (before, change) = planned(&mut kernel, OLD, Gaps::Avoided);
    let applied = carry_out(&mut kernel, &before, &change, Refused::RollBack, &mut Told::default());
    assert_eq!(applied, Applied::Done { refused: 0 });
    kernel
}

/// Carries out the change to the new set.
fn changed(kernel: &mut dyn AuditKernel, gaps: Gaps, refused: Refused, told: &mut Told) -> Applied {
    let (before, change) = planned(kernel, NEW, gaps);
    carry_out(kernel, &before, &change, refused, told)
}

/// The state before, the state after, and the number of requests.
pub(super) fn clean_run(gaps: Gaps) -> (State, State, usize) {
    let before = state(&mut loaded());
    let mut kernel = Faulty::new(loaded(), |_, _| None);
    let applied = changed(&mut kernel, gaps, Refused::RollBack, &mut Told::default());
    assert_eq!(applied, Applied::Done { refused: 0 });
    let sent = kernel.sent;
    (before, state(&mut kernel), sent)
}

/// The kernel holds one of both states, and the events tell which; or they tell what it lacks.
#[track_caller]
fn is_told(kernel: &mut Faulty, applied: Applied, told: &Told, states: (&State, &State)) {
    let now = state(kernel);
    match applied {
        Applied::Done { refused: 0 } => assert_eq!(&now, states.1, "{told:?}"),
        Applied::Done { .. } => panic!("nothing is left out: {told:?}"),
        Applied::Failed if told.rolled_back => assert_eq!(&now, states.0, "{told:?}"),
        Applied::Failed => match &told.error {
            Some(RestoreError::Different(difference)) => {
                assert!(!difference.is_empty() && &now != states.0, "{told:?}");
            }
            other => panic!("the state is not told: {other:?}"),
        },
    }
}

const FAULTS: [Fault; 7] = [
    Fault::Refused(Errno::ENOENT),
    Fault::Refused(Errno::ENOMEM),
    Fault::Refused(Errno::EPERM),
    Fault::Refused(Errno::EINVAL),
    Fault::Refused(Errno::EEXIST),
    Fault::AnswerLost,
    Fault::DoneByOthers,
];

fn is_possible(fault: Fault, request: &Request) -> bool {
    !matches!((fault, request), (Fault::DoneByOthers, Request::Control(_)))
}

#[test]
fn every_request_can_fail() {
    for gaps in [Gaps::Avoided, Gaps::Allowed] {
        let (before, after, requests) = clean_run(gaps);
        assert!(requests > 8, "{requests}");
        for fault in FAULTS {
            for at in 0..requests {
                let is_it = move |sent: usize, request: &Request| {
                    (sent == at && is_possible(fault, request)).then_some(fault)
                };
                let mut kernel = Faulty::new(loaded(), is_it);
                let mut told = Told::default();
                let applied = changed(&mut kernel, gaps, Refused::RollBack, &mut told);
                is_told(&mut kernel, applied, &told, (&before, &after));
                // One fault: the way back is free.
                assert!(told.error.is_none(), "{fault:?} at {at}: {told:?}");
            }
        }
    }
}

#[test]
fn every_request_of_the_rollback_can_fail() {
    let (before, after, requests) = clean_run(Gaps::Avoided);
    for second in FAULTS {
        for at in [2, 5, requests - 1] {
            for later in 0..requests {
                let is_it = move |sent: usize, request: &Request| match sent {
                    _ if sent == at => Some(Fault::Refused(Errno::ENOMEM)),
                    _ if sent == at + 1 + later => {
                        Some(second).filter(|it| is_possible(*it, request))
                    }
                    _ => None,
                };
                let mut kernel = Faulty::new(loaded(), is_it);
                let mut told = Told::default();
                let applied = changed(&mut kernel, Gaps::Avoided, Refused::RollBack, &mut told);
                is_told(&mut kernel, applied, &told, (&before, &after));
            }
        }
    }
}

/// A request that is always refused: the rules are the old ones, or the message names what is missing.
#[test]
fn a_request_can_fail_for_good() {
    let (before, after, requests) = clean_run(Gaps::Avoided);
    for first in 0..requests {
        let is_it = move |sent: usize, request: &Request| {
            let is_addition = matches!(request, Request::Add(_));
            (sent >= first && is_addition).then_some(Fault::Refused(Errno::ENOMEM))
        };
        let mut kernel = Faulty::new(loaded(), is_it);
        let mut told = Told::default();
        let applied = changed(&mut kernel, Gaps::Avoided, Refused::RollBack, &mut told);
        is_told(&mut kernel, applied, &told, (&before, &after));
    }
}

#[test]
fn every_pause_can_be_interrupted() {
    let (before, after, _) = clean_run(Gaps::Avoided);
    for pauses in 0..20 {
        let mut kernel = Faulty::new(loaded(), |_, _| None);
        let mut told = Told { pauses: Some(pauses), ..Told::default() };
        let applied = changed(&mut kernel, Gaps::Avoided, Refused::RollBack, &mut told);
        is_told(&mut kernel, applied, &told, (&before, &after));
        if applied != Applied::Failed {
            assert!(pauses > 4, "{pauses}");
            return;
        }
    }
    panic!("a change has a number of pauses");
}

/// With --keep-going, a refused rule is left out, and all others are there.
#[test]
fn refused_rules_can_be_left_out() {
    let (_, after, _) = clean_run(Gaps::Avoided);
    for lost in 0..after.0.len() {
        let rule = after.0[lost].clone();
        let left_out = rule.clone();
        let is_it = move |_: usize, request: &Request| match request {
            Request::Add(added)
                if added.fields == left_out.fields && added.mask == left_out.mask =>
            {
                Some(Fault::Refused(Errno::ENOENT))
            }
            _ => None,
        };
        let mut kernel = Faulty::new(loaded(), is_it);
        let mut told = Told::default();
        let applied = changed(&mut kernel, Gaps::Avoided, Refused::LeaveOut, &mut told);
        let Applied::Done { refused } = applied else { panic!("{told:?}") };
        let mut expected = after.0.clone();
        if refused == 1 {
            expected.remove(lost);
        }
        assert_eq!(state(&mut kernel).0, expected, "{told:?}");
    }
}

/// What cannot be undone is not part of the change, and comes last.
#[test]
fn locks_come_last() {
    let mut kernel = loaded();
    let (before, change) = planned(&mut kernel, NEW, Gaps::Avoided);
    let mut told = Told::default();
    assert_ne!(
        carry_out(&mut kernel, &before, &change, Refused::RollBack, &mut told),
        Applied::Failed
    );
    assert_eq!(kernel.status().expect("it answers").enabled, 1);
    assert!(make_permanent(&mut kernel, &change, &mut told), "{told:?}");
    assert!(kernel.status().expect("it answers").is_locked());
    assert!(!make_permanent(&mut kernel, &change, &mut told));
}
