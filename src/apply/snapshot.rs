//! What a kernel held before a change, and how to restore it.

use thiserror::Error;

use crate::errno::Errno;
use crate::kernel::{AuditKernel, KernelError};
use crate::rule::{Control, Request, Rule};
use crate::wire::Status;

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
    /// It does not answer.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// It has been locked since (`-e 2`).
    #[error("rules and settings are locked until the next boot (`-e 2`)")]
    Locked,
    /// It refuses a step of the rollback: it does not accept a rule that it had, for example because the path is
    /// gone, or does not delete a rule.
    #[error("the kernel refuses a step of the rollback ({0})")]
    Refused(Errno),
    /// It accepted every step but does not hold the same rules as before; another program may change them too.
    #[error("the kernel does not hold the same rules as before")]
    Different,
}

impl Snapshot {
    /// Returns what the kernel holds now.
    ///
    /// # Errors
    /// [`KernelError`] if it does not answer.
    pub fn take(kernel: &mut dyn AuditKernel) -> Result<Self, KernelError> {
        Ok(Snapshot { rules: kernel.rules()?, status: kernel.status()? })
    }

    /// Restores the kernel: deletes new rules, then adds missing rules, each in its place, then restores the
    /// settings.
    ///
    /// # Errors
    /// [`RestoreError`]; the kernel may then hold anything between both states.
    pub fn restore(&self, kernel: &mut dyn AuditKernel) -> Result<(), RestoreError> {
        if kernel.status()?.is_locked() {
            return if kernel.rules()? == self.rules { Ok(()) } else { Err(RestoreError::Locked) };
        }
        let added = without(&kernel.rules()?, &self.rules);
        all_accepted(kernel, added.into_iter().map(Request::Delete).collect())?;
        // Rules can only be added at an end, so that all from the first missing rule on are added again.
        let left = kernel.rules()?;
        let kept = self.rules.iter().zip(&left).take_while(|(before, now)| before == now).count();
        let later = left.into_iter().skip(kept).map(Request::Delete).collect();
        all_accepted(kernel, later)?;
        let missing = self.rules.iter().skip(kept).cloned().map(Request::Add).collect();
        all_accepted(kernel, missing)?;
        self.restore_settings(kernel)?;
        if kernel.rules()? == self.rules { Ok(()) } else { Err(RestoreError::Different) }
    }

    fn restore_settings(&self, kernel: &mut dyn AuditKernel) -> Result<(), RestoreError> {
        let (before, now) = (&self.status, kernel.status()?);
        let settings = [
            (before.failure, now.failure, Control::Failure(before.failure)),
            (before.rate_limit, now.rate_limit, Control::RateLimit(before.rate_limit)),
            (before.backlog_limit, now.backlog_limit, Control::BacklogLimit(before.backlog_limit)),
            (
                before.backlog_wait_time,
                now.backlog_wait_time,
                Control::BacklogWaitTime(before.backlog_wait_time),
            ),
            (before.enabled, now.enabled, Control::Enabled(before.enabled)),
        ];
        let changed = settings.into_iter().filter(|(before, now, _)| before != now);
        all_accepted(kernel, changed.map(|(.., control)| Request::Control(control)).collect())
    }
}

/// Returns the rules of `all` that are not in `some`. If `all` has more equal rules than `some`, returns the surplus.
fn without(all: &[Rule], some: &[Rule]) -> Vec<Rule> {
    let mut spare: Vec<Option<&Rule>> = some.iter().map(Some).collect();
    let is_new = |rule: &&Rule| {
        let known = spare.iter_mut().find(|known| known.is_some_and(|known| known == *rule));
        known.is_none_or(|known| known.take().is_none())
    };
    all.iter().filter(is_new).cloned().collect()
}

fn all_accepted(kernel: &mut dyn AuditKernel, requests: Vec<Request>) -> Result<(), RestoreError> {
    let answers = kernel.send(&requests.iter().collect::<Vec<_>>())?;
    let refused = answers.into_iter().find_map(Result::err);
    refused.map_or(Ok(()), |errno| Err(RestoreError::Refused(errno)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Arch;
    use crate::kernel::InProcess;
    use crate::model::Profile;
    use crate::rule::{Action, FilterList, Placement};

    fn rule(number: u32) -> Rule {
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        assert!(rule.mask.insert(number));
        rule
    }

    #[test]
    fn restores_rules_and_settings() {
        let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
        let before = [rule(1), rule(2), rule(3)].map(Request::Add);
        kernel.send(&before.iter().collect::<Vec<_>>()).unwrap();
        let snapshot = Snapshot::take(&mut kernel).unwrap();

        let front = Request::Add(Rule { placement: Placement::Prepend, ..rule(9) });
        let changes = [
            Request::Delete(rule(2)),
            Request::Add(rule(7)),
            front,
            Request::Control(Control::BacklogLimit(8192)),
        ];
        let answers = kernel.send(&changes.iter().collect::<Vec<_>>()).unwrap();
        assert!(answers.iter().all(Result::is_ok));
        assert_ne!(Snapshot::take(&mut kernel).unwrap(), snapshot);

        snapshot.restore(&mut kernel).unwrap();
        assert_eq!(Snapshot::take(&mut kernel).unwrap(), snapshot);
    }

    #[test]
    fn counts_equal_rules() {
        let (one, two) = (rule(1), rule(2));
        let all = [one.clone(), one.clone(), two.clone()];
        assert_eq!(without(&all, std::slice::from_ref(&one)), [one, two]);
    }
}
