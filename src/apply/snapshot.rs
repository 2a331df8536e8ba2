//! What a kernel held before a change, and how to restore it.

use thiserror::Error;

use super::difference::{Difference, Refusals, without};
use crate::kernel::{AuditKernel, BATCH_LEN, KernelError};
use crate::plan::{Gaps, Plan};
use crate::rule::{Control, Request, Rule};
use crate::wire::Status;

/// The number of attempts to restore a kernel. The first does everything, unless answers are lost or the kernel
/// refuses a step that it accepts a moment later.
const ATTEMPTS: usize = 3;

/// The rules and settings of a kernel at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    rules: Vec<Rule>,
    status: Status,
}

/// The reason why a kernel could not be restored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It does not answer: its state is unknown.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// It has been locked since (`-e 2`).
    #[error("rules and settings are locked until the next boot (`-e 2`)")]
    Locked(Difference),
    /// It does not hold the same rules and settings as before. It refuses a step, for example to add a rule whose path
    /// is gone, or another program changes them too.
    #[error("the kernel does not hold the same rules and settings as before")]
    Different(Difference),
}

impl Snapshot {
    /// Returns what the kernel holds now.
    ///
    /// # Errors
    /// [`KernelError`] if it does not answer.
    pub fn take(kernel: &mut dyn AuditKernel) -> Result<Self, KernelError> {
        Ok(Snapshot { rules: kernel.rules()?, status: kernel.status()? })
    }

    /// Returns a state with these rules, in the order in which a kernel lists them, and the settings of a status.
    pub fn new(rules: Vec<Rule>, status: Status) -> Self {
        Snapshot { rules, status }
    }

    /// Returns the rules, in the order in which the kernel lists them.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns the settings and counters.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Restores the kernel: adds missing rules, each in its place, and deletes new rules, without a gap, then restores the
    /// settings. Every step is tried, even if the kernel refuses one before. The result is read back and compared.
    ///
    /// # Errors
    /// [`RestoreError`], with everything that differs.
    pub fn restore(&self, kernel: &mut dyn AuditKernel) -> Result<(), RestoreError> {
        let mut refusals = Refusals::default();
        let mut result = self.compare(kernel, &refusals);
        for _ in 0..ATTEMPTS {
            if matches!(result, Ok(()) | Err(RestoreError::Locked(_))) {
                break;
            }
            // An answer may be lost; what counts is what the kernel holds in the end.
            let _ = self.restore_rules(kernel, &mut refusals);
            self.restore_settings(kernel, &mut refusals);
            result = self.compare(kernel, &refusals);
        }
        result
    }

    /// Compares the kernel with this state.
    fn compare(
        &self,
        kernel: &mut dyn AuditKernel,
        refusals: &Refusals,
    ) -> Result<(), RestoreError> {
        let now = Snapshot::take(kernel)?;
        let settings = self.settings_changed_in(&now.status);
        let difference = Difference {
            settings: refusals.beside(settings, Request::Control),
            ..Difference::of_rules(&self.rules, &now.rules, refusals)
        };
        match difference {
            none if none.is_empty() => Ok(()),
            found if now.status.is_locked() => Err(RestoreError::Locked(found)),
            found => Err(RestoreError::Different(found)),
        }
    }

    fn restore_rules(
        &self,
        kernel: &mut dyn AuditKernel,
        refusals: &mut Refusals,
    ) -> Result<(), KernelError> {
        // If the kernel still refuses a rule, the rules after it need not move.
        send_all(kernel, refusals.rules().into_iter().map(Request::Add), refusals);
        let wanted = without(&self.rules, &refusals.rules());
        let plan = Plan::new(&kernel.rules()?, &wanted, Gaps::Avoided);
        send_all(kernel, plan.steps.into_iter().map(|step| step.request), refusals);
        Ok(())
    }

    fn restore_settings(&self, kernel: &mut dyn AuditKernel, refusals: &mut Refusals) {
        let changed = match kernel.status() {
            Ok(now) => self.settings_changed_in(&now),
            Err(_) => self.settings().collect(),
        };
        send_all(kernel, changed.into_iter().map(Request::Control), refusals);
    }

    /// Returns the settings, each as the request that restores it.
    fn settings(&self) -> impl Iterator<Item = Control> + use<> {
        let Status { failure, rate_limit, backlog_limit, backlog_wait_time, enabled, .. } =
            self.status;
        [
            Control::Failure(failure),
            Control::RateLimit(rate_limit),
            Control::BacklogLimit(backlog_limit),
            Control::BacklogWaitTime(backlog_wait_time),
            Control::Enabled(enabled),
        ]
        .into_iter()
    }

    /// Returns the settings whose values are others in `now`.
    fn settings_changed_in(&self, now: &Status) -> Vec<Control> {
        let now = Snapshot { rules: Vec::new(), status: *now };
        let pairs = self.settings().zip(now.settings());
        pairs.filter(|(before, now)| before != now).map(|(before, _)| before).collect()
    }
}

/// Sends requests together and notes the refusals. Goes on after lost answers.
fn send_all(
    kernel: &mut dyn AuditKernel,
    requests: impl Iterator<Item = Request>,
    refusals: &mut Refusals,
) {
    let requests: Vec<Request> = requests.collect();
    for batch in requests.chunks(BATCH_LEN) {
        let Ok(answers) = kernel.send(&batch.iter().collect::<Vec<_>>()) else { continue };
        for (request, answer) in batch.iter().zip(answers) {
            refusals.note(request, answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::rule_for as rule;
    use crate::catalog::Arch;
    use crate::kernel::InProcess;
    use crate::model::Profile;
    use crate::rule::{Action, FilterList, Placement};

    fn front(rule: Rule) -> Request {
        Request::Add(Rule { placement: Placement::Prepend, ..rule })
    }

    fn accept(kernel: &mut InProcess, requests: &[Request]) {
        let answers = kernel.send(&requests.iter().collect::<Vec<_>>()).unwrap();
        assert!(answers.iter().all(Result::is_ok));
    }

    fn kernel_with(requests: &[Request]) -> InProcess {
        let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
        accept(&mut kernel, requests);
        kernel
    }

    #[test]
    fn restores_rules_and_settings() {
        let mut kernel = kernel_with(&[rule(1), rule(2), rule(3)].map(Request::Add));
        let snapshot = Snapshot::take(&mut kernel).unwrap();
        let changes = [
            Request::Delete(rule(2)),
            Request::Add(rule(7)),
            front(rule(9)),
            Request::Control(Control::BacklogLimit(8192)),
        ];
        accept(&mut kernel, &changes);
        assert_ne!(Snapshot::take(&mut kernel).unwrap(), snapshot);

        snapshot.restore(&mut kernel).unwrap();
        assert_eq!(Snapshot::take(&mut kernel).unwrap(), snapshot);
    }

    /// `-A` of a rule that is there makes a second equal one.
    #[test]
    fn restores_equal_rules_in_their_places() {
        let add = [Request::Add(rule(1)), Request::Add(rule(2)), front(rule(2)), front(rule(1))];
        let mut kernel = kernel_with(&add);
        let snapshot = Snapshot::take(&mut kernel).unwrap();
        assert_eq!(snapshot.rules, [rule(1), rule(2), rule(1), rule(2)]);

        accept(&mut kernel, &[Request::Delete(rule(1)), Request::Add(rule(3))]);
        snapshot.restore(&mut kernel).unwrap();
        assert_eq!(Snapshot::take(&mut kernel).unwrap(), snapshot);
    }

    /// The rules of another list need not move.
    #[test]
    fn leaves_other_lists_alone() {
        let other = Rule::new(FilterList::Exclude, Action::Always);
        let mut kernel = kernel_with(&[rule(1), rule(2), other.clone()].map(Request::Add));
        let snapshot = Snapshot::take(&mut kernel).unwrap();
        accept(&mut kernel, &[Request::Delete(rule(1))]);
        let plan = Plan::new(&kernel.rules().unwrap(), &snapshot.rules, Gaps::Avoided);
        assert_eq!(plan.stays, 2);
        snapshot.restore(&mut kernel).unwrap();
        assert_eq!(Snapshot::take(&mut kernel).unwrap(), snapshot);
    }
}
