//! Carries out a plan: all of it, or nothing.

use std::collections::BTreeSet;

use super::difference::NotHeld;
use super::permanent::is_done;
use super::session::refusal_of;
use super::snapshot::{RestoreError, Snapshot};
use crate::diag::KernelFault;
use crate::errno::Errno;
use crate::kernel::{Answer, AuditKernel, BATCH_LEN, KernelError};
use crate::plan::{About, Plan, SettingChange, Stage, Step, Wave};
use crate::rule::{Request, Rule};

/// A change of a kernel: settings, and a plan of rules.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The settings that change.
    pub settings: Vec<SettingChange>,
    /// The rules.
    pub plan: Plan,
    /// The rules that the kernel holds afterwards, in order.
    pub wanted: Vec<Rule>,
}

/// What to do with a rule that the kernel refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refused {
    /// The kernel is rolled back.
    #[default]
    RollBack,
    /// The rule is left out.
    LeaveOut,
}

/// The caller of a change.
pub trait Observer {
    /// Receives an event.
    fn event(&mut self, event: Progress<'_>);

    /// Returns whether the change must end: it is rolled back.
    fn is_interrupted(&mut self) -> bool;
}

/// An event of a change.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress<'c> {
    /// The first request is sent next.
    FirstChange,
    /// The kernel answered a request of the plan.
    Answered(&'c Step, Answer),
    /// The kernel answered a setting.
    Set(&'c SettingChange, Answer),
    /// This number of rules was not tried after a refusal.
    NotTried(usize),
    /// The kernel does not answer.
    NoAnswer(KernelError),
    /// The change was interrupted.
    Interrupted,
    /// The kernel accepted everything, but does not hold the rules.
    NotHeld(NotHeld),
    /// The kernel was rolled back to the rules and settings that it held before.
    RolledBack,
    /// The kernel could not be rolled back.
    NotRolledBack(RestoreError),
}

/// The end of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The kernel holds the wanted rules, apart from the refused ones, and was asked for them.
    Done {
        /// The number of rules that the kernel refused.
        refused: usize,
    },
    /// An error ended the change; an event reported whether the kernel was rolled back.
    Failed,
}

/// The change cannot go on. The observer knows why.
struct Stopped;

/// Carries out a change of a kernel that holds what `before` has, apart from what [cannot be undone](make_permanent).
pub fn carry_out(
    kernel: &mut dyn AuditKernel,
    before: &Snapshot,
    change: &Change,
    refused: Refused,
    observer: &mut dyn Observer,
) -> Applied {
    let moved = change.plan.moves.iter().map(|one| one.wanted).collect();
    let mut carrier = Carrier { kernel, observer, refused, moved, left_out: Vec::new() };
    carrier.observer.event(Progress::FirstChange);
    match carrier.all(change) {
        Ok(()) => Applied::Done { refused: carrier.left_out.len() },
        Err(Stopped) => {
            carrier.observer.event(match before.restore(carrier.kernel) {
                Ok(()) => Progress::RolledBack,
                Err(error) => Progress::NotRolledBack(error),
            });
            Applied::Failed
        }
    }
}

/// Changes the settings that cannot be undone. Returns whether the kernel has accepted all.
pub fn make_permanent(
    kernel: &mut dyn AuditKernel,
    change: &Change,
    observer: &mut dyn Observer,
) -> bool {
    let last = change.settings.iter().filter(|setting| setting.stage() == Stage::Last);
    let (refused, moved) = (Refused::default(), BTreeSet::new());
    let mut carrier = Carrier { kernel, observer, refused, moved, left_out: Vec::new() };
    // Nothing can be rolled back here, so a signal waits.
    last.into_iter().all(|setting| carrier.send_setting(setting).is_ok())
}

struct Carrier<'k, 'o> {
    kernel: &'k mut dyn AuditKernel,
    observer: &'o mut dyn Observer,
    refused: Refused,
    /// The rules that move, as indexes into the wanted rules.
    moved: BTreeSet<usize>,
    /// The rules that the kernel refused, as indexes into the wanted rules.
    left_out: Vec<usize>,
}

impl Carrier<'_, '_> {
    fn all(&mut self, change: &Change) -> Result<(), Stopped> {
        self.settings(change, Stage::BeforeRules)?;
        for wave in [Wave::Bridges, Wave::Moving, Wave::Adding, Wave::Deleting] {
            let steps: Vec<&Step> =
                change.plan.steps.iter().filter(|step| step.wave == wave).collect();
            self.wave(&steps)?;
        }
        self.settings(change, Stage::AfterRules)?;
        self.check(change)
    }

    fn settings(&mut self, change: &Change, stage: Stage) -> Result<(), Stopped> {
        let mut meant = change.settings.iter().filter(|setting| setting.stage() == stage);
        meant.try_for_each(|setting| self.set(setting))
    }

    fn set(&mut self, setting: &SettingChange) -> Result<(), Stopped> {
        self.check_interruption()?;
        self.send_setting(setting)
    }

    fn send_setting(&mut self, setting: &SettingChange) -> Result<(), Stopped> {
        let request = Request::Control(setting.control.clone());
        match self.kernel.send(&[&request]) {
            Ok(answers) => {
                let answer = answers.into_iter().next().unwrap_or(Err(Errno::EAGAIN));
                self.observer.event(Progress::Set(setting, answer));
                answer.map(|_| ()).map_err(|_| Stopped)
            }
            // The answer was lost; what counts is what the kernel did.
            Err(_) if is_done(self.kernel, &request) == Some(true) => Ok(()),
            Err(error) => Err(self.no_answer(error)),
        }
    }

    /// Sends the requests of a wave, many together.
    fn wave(&mut self, steps: &[&Step]) -> Result<(), Stopped> {
        let mut batches = steps.chunks(BATCH_LEN);
        while let Some(batch) = batches.next() {
            self.check_interruption()?;
            if self.batch(batch)? {
                self.find_more_refusals(batches);
                return Err(Stopped);
            }
        }
        Ok(())
    }

    /// Sends requests together. Returns whether one of them ends the change.
    fn batch(&mut self, batch: &[&Step]) -> Result<bool, Stopped> {
        let requests: Vec<&Request> = batch.iter().map(|step| &step.request).collect();
        let answers = self.kernel.send(&requests).map_err(|error| self.no_answer(error))?;
        let mut ends = false;
        for (step, answer) in batch.iter().zip(answers) {
            self.observer.event(Progress::Answered(step, answer));
            ends |= match (&step.request, answer, step.about) {
                (_, Ok(_), _) => false,
                // The kernel drops a rule by itself when its path is gone. The rules are compared at the end.
                (Request::Delete(_), Err(Errno::ENOENT), _) => false,
                // A rule that moves was loaded before, and must not get lost because memory was short.
                (Request::Add(_), Err(errno), About::Wanted(at))
                    if self.refused == Refused::LeaveOut
                        && !(is_passing(errno) && self.moved.contains(&at)) =>
                {
                    self.left_out.push(at);
                    false
                }
                _ => true,
            };
        }
        Ok(ends)
    }

    /// Sends more rules of a change that has failed, so that the user gets as many refusals at once as possible. Ends
    /// after a datagram without a refusal: each rule that the kernel accepts must be deleted again, which takes time.
    fn find_more_refusals<'b>(&mut self, batches: std::slice::Chunks<'b, &'b Step>) {
        let mut left: usize = batches.clone().map(<[&Step]>::len).sum();
        for batch in batches {
            let is_addition = |step: &&&Step| matches!(step.request, Request::Add(_));
            let steps: Vec<&Step> = batch.iter().filter(is_addition).copied().collect();
            match self.batch(&steps) {
                Ok(true) => left -= batch.len(),
                _ => {
                    left -= batch.len();
                    break;
                }
            }
        }
        if left > 0 {
            self.observer.event(Progress::NotTried(left));
        }
    }

    /// Reads the rules back and compares them with the wanted ones.
    fn check(&mut self, change: &Change) -> Result<(), Stopped> {
        let all = change.wanted.iter().enumerate();
        let wanted = all.filter(|(at, _)| !self.left_out.contains(at)).map(|(_, rule)| rule);
        let wanted: Vec<&Rule> = wanted.collect();
        if self.kernel.holds(&wanted).map_err(|error| self.no_answer(error))? {
            return Ok(());
        }
        let held = self.kernel.rules().map_err(|error| self.no_answer(error))?;
        match NotHeld::between(wanted.into_iter(), &held) {
            Some(found) => {
                self.observer.event(Progress::NotHeld(found));
                Err(Stopped)
            }
            None => Ok(()),
        }
    }

    fn check_interruption(&mut self) -> Result<(), Stopped> {
        if self.observer.is_interrupted() {
            self.observer.event(Progress::Interrupted);
            return Err(Stopped);
        }
        Ok(())
    }

    fn no_answer(&mut self, error: KernelError) -> Stopped {
        self.observer.event(Progress::NoAnswer(error));
        Stopped
    }
}

/// Returns whether the kernel may accept the same request a moment later.
fn is_passing(errno: Errno) -> bool {
    matches!(errno, Errno::ENOMEM | Errno::ENOBUFS | Errno::EAGAIN | Errno::EINTR)
}

/// Returns the fault of a refused request.
pub fn refusal(request: &Request, errno: Errno) -> KernelFault {
    refusal_of(request, errno)
}
