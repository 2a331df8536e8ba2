//! A kernel in memory that refuses requests, or loses the answers to them.

use rauditctl::apply::Snapshot;
use rauditctl::errno::Errno;
use rauditctl::kernel::{Answer, AuditKernel, InProcess, KernelError};
use rauditctl::rule::{Request, Rule};
use rauditctl::wire::{FeatureSet, Status};

/// What happens to a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// It is refused, and not carried out.
    Refused(Errno),
    /// It is carried out, but the answers to its datagram are lost.
    AnswerLost,
    /// It is accepted, but a moment later the kernel does not hold what it asks for: another program undoes it.
    Undone,
    /// Another program was faster: the rule is there, or gone, and the kernel refuses to add or delete it again.
    DoneByOthers,
}

type Faults = Box<dyn FnMut(usize, &Request) -> Option<Fault>>;

pub(super) struct Faulty {
    pub(super) kernel: InProcess,
    /// The number of requests so far.
    pub(super) sent: usize,
    faults: Faults,
}

impl Faulty {
    /// A kernel where `faults` decides about each request, by its number from 0.
    pub(super) fn new(
        kernel: InProcess,
        faults: impl FnMut(usize, &Request) -> Option<Fault> + 'static,
    ) -> Self {
        Faulty { kernel, sent: 0, faults: Box::new(faults) }
    }
}

impl AuditKernel for Faulty {
    fn send(&mut self, requests: &[&Request]) -> Result<Vec<Answer>, KernelError> {
        let mut is_lost = false;
        let mut answers = Vec::new();
        for request in requests {
            let fault = (self.faults)(self.sent, request);
            self.sent += 1;
            is_lost |= matches!(fault, Some(Fault::AnswerLost));
            answers.push(match fault {
                Some(Fault::Refused(errno)) => Err(errno),
                Some(Fault::AnswerLost) | None => self.kernel.send_one(request),
                Some(Fault::Undone) => Ok(0),
                Some(Fault::DoneByOthers) => {
                    self.kernel.send_one(request).expect("it is accepted");
                    Err(if matches!(request, Request::Add(_)) {
                        Errno::EEXIST
                    } else {
                        Errno::ENOENT
                    })
                }
            });
        }
        if is_lost { Err(KernelError::AnswersLost) } else { Ok(answers) }
    }

    fn status(&mut self) -> Result<Status, KernelError> {
        self.kernel.status()
    }

    fn features(&mut self) -> Result<FeatureSet, KernelError> {
        self.kernel.features()
    }

    fn rules(&mut self) -> Result<Vec<Rule>, KernelError> {
        self.kernel.rules()
    }
}

/// The rules and settings of a kernel.
pub(super) type State = (Vec<Rule>, [u32; 5]);

/// The rules and settings; counters and features do not count.
pub(super) fn state(kernel: &mut dyn AuditKernel) -> State {
    let now = Snapshot::take(kernel).expect("it answers");
    let status = now.status();
    let settings = [
        status.enabled,
        status.failure,
        status.rate_limit,
        status.backlog_limit,
        status.backlog_wait_time,
    ];
    (now.rules().to_vec(), settings)
}
