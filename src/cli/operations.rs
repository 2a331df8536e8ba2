//! Requests that both modes send to a kernel.

use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::compile::SignalName;
use crate::errno::Errno;
use crate::kernel::{AuditKernel, KernelError};
use crate::report::listing::{Listing, Style};

/// Returns the rules of the kernel as text. Only rules whose keys contain `key` are listed; an empty `key` lists all.
pub(super) fn list(
    kernel: &mut dyn AuditKernel,
    style: Style,
    key: &[u8],
) -> Result<Vec<u8>, KernelError> {
    let rules = kernel.rules()?;
    if rules.is_empty() {
        return Ok(b"No rules\n".to_vec());
    }
    Ok(Listing::of(style, rules.iter().filter(|rule| rule.has_key_containing(key))))
}

/// The reason why the audit daemon did not get a signal.
pub(super) enum SignalError {
    /// The kernel does not report its process ID.
    Status(KernelError),
    /// There is no daemon.
    NotRunning,
    /// The signal cannot be sent.
    Sending(Errno),
}

/// What the audit daemon does after it got a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Daemon {
    /// It has ended, or need not end.
    Signaled,
    /// It still runs after the time to wait for its end.
    StillRunning,
}

/// How long a program waits for the end of the audit daemon after SIGTERM.
#[derive(Clone, Copy, Debug)]
pub(super) enum Patience {
    /// As long as it takes, as auditctl does.
    Unlimited,
    /// At most so long.
    Limited(Duration),
}

/// Sends a signal to the audit daemon.
pub(super) fn signal(
    kernel: &mut dyn AuditKernel,
    signal: SignalName,
    patience: Patience,
) -> Result<Daemon, SignalError> {
    let status = kernel.status().map_err(SignalError::Status)?;
    let signal = match signal {
        SignalName::Term => Signal::SIGTERM,
        SignalName::Hup => Signal::SIGHUP,
        SignalName::Usr1 => Signal::SIGUSR1,
        SignalName::Usr2 => Signal::SIGUSR2,
        SignalName::Cont => Signal::SIGCONT,
    };
    match i32::try_from(status.pid) {
        Ok(0) | Err(_) => Err(SignalError::NotRunning),
        Ok(pid) => send_signal(Pid::from_raw(pid), signal, patience),
    }
}

/// Sends the signal; for TERM waits until the daemon is gone, so that a new one can start.
fn send_signal(daemon: Pid, signal: Signal, patience: Patience) -> Result<Daemon, SignalError> {
    kill(daemon, signal).map_err(|errno| SignalError::Sending(Errno::from_number(errno as i32)))?;
    let start = Instant::now();
    while signal == Signal::SIGTERM && kill(daemon, None).is_ok() {
        match patience {
            Patience::Limited(limit) if start.elapsed() >= limit => {
                return Ok(Daemon::StillRunning);
            }
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    Ok(Daemon::Signaled)
}

/// Returns whether this process may change audit rules (`CAP_AUDIT_CONTROL`).
pub(super) fn may_control() -> bool {
    caps::has_cap(None, caps::CapSet::Effective, caps::Capability::CAP_AUDIT_CONTROL)
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command};

    use super::*;

    fn stop(daemon: u32, patience: Patience) -> Option<Daemon> {
        let pid = Pid::from_raw(daemon.try_into().unwrap());
        send_signal(pid, Signal::SIGTERM, patience).ok()
    }

    fn daemon() -> Child {
        Command::new("sleep").arg("60").spawn().unwrap()
    }

    #[test]
    fn waits_for_the_end_of_the_daemon_for_a_limited_time() {
        // A process that has ended still exists until its parent asks for its status.
        let mut daemon = daemon();
        let limit = Patience::Limited(Duration::from_millis(50));
        assert_eq!(stop(daemon.id(), limit), Some(Daemon::StillRunning));
        daemon.wait().unwrap();
    }

    #[test]
    fn returns_when_the_daemon_is_gone() {
        let mut daemon = daemon();
        let id = daemon.id();
        let parent = std::thread::spawn(move || daemon.wait());
        assert_eq!(stop(id, Patience::Unlimited), Some(Daemon::Signaled));
        assert!(!parent.join().unwrap().unwrap().success());
    }
}
