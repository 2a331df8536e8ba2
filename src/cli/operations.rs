//! Requests that both modes send to a kernel.

use std::time::Duration;

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

/// Sends a signal to the audit daemon.
pub(super) fn signal(kernel: &mut dyn AuditKernel, signal: SignalName) -> Result<(), SignalError> {
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
        Ok(pid) => send_signal(Pid::from_raw(pid), signal)
            .map_err(|errno| SignalError::Sending(Errno::from_number(errno as i32))),
    }
}

/// Sends the signal; for TERM waits until the daemon is gone, so that a new one can start.
fn send_signal(daemon: Pid, signal: Signal) -> nix::Result<()> {
    kill(daemon, signal)?;
    while signal == Signal::SIGTERM && kill(daemon, None).is_ok() {
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Returns whether this process may change audit rules (`CAP_AUDIT_CONTROL`).
pub(super) fn may_control() -> bool {
    caps::has_cap(None, caps::CapSet::Effective, caps::Capability::CAP_AUDIT_CONTROL)
        .unwrap_or(false)
}
