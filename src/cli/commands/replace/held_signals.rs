//! Signals that are held back.

use nix::sys::signal::{SigSet, SigmaskHow, Signal};

/// While this exists, signals that end the program wait.
pub(super) struct HeldSignals(SigSet);

impl HeldSignals {
    /// Holds signals back.
    pub(super) fn hold() -> Self {
        let signals = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM];
        let signals: SigSet = signals.into_iter().collect();
        // This thread is the only one of `lint` and `fmt`. The call fails only for an invalid argument.
        HeldSignals(signals.thread_swap_mask(SigmaskHow::SIG_BLOCK).unwrap_or(SigSet::empty()))
    }
}

impl Drop for HeldSignals {
    fn drop(&mut self) {
        let _ = self.0.thread_set_mask();
    }
}

#[cfg(test)]
mod tests {
    use nix::sys::signal::raise;

    use super::*;

    #[test]
    fn a_signal_waits() {
        let held = HeldSignals::hold();
        // Without the hold, this would end the test.
        raise(Signal::SIGTERM).unwrap();
        let waiting: SigSet = [Signal::SIGTERM].into_iter().collect();
        assert_eq!(waiting.wait(), Ok(Signal::SIGTERM));
        drop(held);
        assert!(!SigSet::thread_get_mask().unwrap().contains(Signal::SIGTERM));
    }
}
