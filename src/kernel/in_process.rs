//! A kernel in memory, based on the model: for dry runs and tests.

use super::{Answer, AuditKernel, KernelError};
use crate::catalog::Features;
use crate::errno::Errno;
use crate::model::{KernelModel, Profile};
use crate::rule::{Control, LOCKED, Request, Rule};
use crate::wire::{FeatureSet, Status};

/// The maximum of `--backlog_wait_time` in jiffies: ten minutes at 1000 per second
/// (`10 * AUDIT_BACKLOG_WAIT_TIME`, kernel/audit.c).
const MAX_WAIT_TIME: u32 = 600_000;

/// A kernel that holds rules and settings like a real kernel, but cannot access paths and records
/// nothing.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::kernel::{AuditKernel, InProcess};
/// use rauditctl::model::Profile;
/// use rauditctl::rule::{Control, Request};
///
/// let mut kernel = InProcess::new(Profile::newest(Arch::X86_64));
/// assert_eq!(kernel.send_one(&Request::Control(Control::Enabled(2))), Ok(0));
/// assert!(kernel.send_one(&Request::Control(Control::Failure(1))).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct InProcess {
    model: KernelModel,
    status: Status,
    features: FeatureSet,
}

impl InProcess {
    /// Creates a kernel in its state after boot: enabled, and without rules.
    pub fn new(profile: Profile) -> Self {
        InProcess {
            model: KernelModel::new(profile),
            status: Status {
                enabled: 1,
                failure: 1,
                backlog_limit: 64,
                feature_bitmap: Features::ALL.0,
                backlog_wait_time: 60_000,
                backlog_wait_time_actual: Some(0),
                ..Status::default()
            },
            features: FeatureSet { mask: 0x03, features: 0, lock: 0 },
        }
    }

    /// Returns the model with the rules and what they arm.
    pub fn model(&self) -> &KernelModel {
        &self.model
    }

    fn answer(&mut self, request: &Request) -> Answer {
        match request {
            Request::Add(_) | Request::Delete(_) if self.status.is_locked() => Err(Errno::EPERM),
            Request::Add(rule) => self.model.add(rule).map(|()| 0).map_err(refused),
            Request::Delete(rule) => self.model.delete(rule).map(|()| 0).map_err(refused),
            Request::Control(control) => self.control(control),
        }
    }

    fn control(&mut self, control: &Control) -> Answer {
        let status = &mut self.status;
        let unlocked = !status.is_locked();
        let set = |member: &mut u32, value, max| match value <= max {
            _ if !unlocked => Err(Errno::EPERM),
            true => {
                *member = value;
                Ok(0)
            }
            false => Err(Errno::EINVAL),
        };
        match *control {
            Control::Enabled(value) => set(&mut status.enabled, value, LOCKED),
            Control::Failure(value) => set(&mut status.failure, value, 2),
            Control::RateLimit(value) => set(&mut status.rate_limit, value, u32::MAX),
            Control::BacklogLimit(value) => set(&mut status.backlog_limit, value, u32::MAX),
            Control::BacklogWaitTime(value) => {
                set(&mut status.backlog_wait_time, value, MAX_WAIT_TIME)
            }
            Control::ResetLost => Ok(std::mem::take(&mut status.lost)),
            Control::ResetBacklogWaitTimeActual => {
                Ok(status.backlog_wait_time_actual.replace(0).unwrap_or(0))
            }
            Control::LoginuidImmutable => self.lock_loginuid(),
            Control::Trim | Control::MakeEquivalent { .. } | Control::UserMessage(_) => Ok(0),
        }
    }

    fn lock_loginuid(&mut self) -> Answer {
        let bit = FeatureSet::LOGINUID_IMMUTABLE;
        if self.features.lock & bit != 0 && self.features.features & bit == 0 {
            return Err(Errno::EPERM);
        }
        self.features.features |= bit;
        self.features.lock |= bit;
        Ok(0)
    }
}

fn refused(refusal: crate::model::Refusal) -> Errno {
    Errno::from_number(refusal.errno())
}

impl AuditKernel for InProcess {
    fn send(&mut self, requests: &[&Request]) -> Result<Vec<Answer>, KernelError> {
        Ok(requests.iter().map(|request| self.answer(request)).collect())
    }

    fn status(&mut self) -> Result<Status, KernelError> {
        Ok(self.status)
    }

    fn features(&mut self) -> Result<FeatureSet, KernelError> {
        Ok(self.features)
    }

    fn rules(&mut self) -> Result<Vec<Rule>, KernelError> {
        Ok(self.model.rules().cloned().collect())
    }
}
