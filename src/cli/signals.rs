//! Signals that are held back while the kernel is between two sets of rules, or a file between two contents.

use nix::sys::signal::{SigSet, SigmaskHow, Signal, raise};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use super::report::Voice;

/// The signals with which users and programs end or stop a process. Others, such as that of a fault, cannot be held
/// back, or mean that the program is broken.
const HELD: [Signal; 7] = [
    Signal::SIGHUP,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGTERM,
    Signal::SIGTSTP,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
];

/// Holds signals back until it is released or dropped. If it is dropped, they take effect without a report.
pub(super) struct HeldSignals {
    /// The signals that were held back before.
    before: SigSet,
    /// The signals that arrive; without it, they take effect at the release and are not reported.
    arriving: Option<SignalFd>,
}

/// The signals that arrived while they were held back.
pub(super) struct Arrived(Vec<Signal>);

impl HeldSignals {
    /// Holds signals back from now on. If the system refuses, they take effect as usual.
    pub(super) fn hold() -> Self {
        let held = HELD.into_iter().collect::<SigSet>();
        let before =
            held.thread_swap_mask(SigmaskHow::SIG_BLOCK).unwrap_or_else(|_| SigSet::empty());
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        HeldSignals { before, arriving: SignalFd::with_flags(&held, flags).ok() }
    }

    /// Ends the holding; returns the signals that arrived. They take effect only with [`Arrived::take_effect`].
    pub(super) fn release(self) -> Arrived {
        let mut arrived = Vec::new();
        while let Some(Ok(Some(found))) = self.arriving.as_ref().map(SignalFd::read_signal) {
            let number = i32::try_from(found.ssi_signo).unwrap_or_default();
            arrived.extend(Signal::try_from(number));
        }
        Arrived(arrived)
    }
}

impl Drop for HeldSignals {
    fn drop(&mut self) {
        let _ = self.before.thread_set_mask();
    }
}

impl Arrived {
    /// Reports the signals.
    pub(super) fn report(&self, voice: Voice) {
        for name in self.names() {
            voice.note(format_args!("{name} arrived meanwhile and was held back until now"));
        }
    }

    /// Returns the names of the signals, such as `SIGTERM`.
    fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|signal| signal.as_str()).collect()
    }

    /// Lets the signals take effect. A signal that ends the program does so here.
    pub(super) fn take_effect(self) {
        for signal in self.0 {
            let _ = raise(signal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_a_signal_back_and_reports_it() {
        // In a thread of its own: the signal is sent to it alone.
        let names = std::thread::spawn(|| {
            let held = HeldSignals::hold();
            raise(Signal::SIGTERM).unwrap();
            held.release().names()
        });
        assert_eq!(names.join().unwrap(), ["SIGTERM"]);
        let none = std::thread::spawn(|| HeldSignals::hold().release().names());
        assert!(none.join().unwrap().is_empty());
    }

    #[test]
    fn signals_take_effect_again_after_the_drop() {
        let thread = std::thread::spawn(|| {
            drop(HeldSignals::hold());
            SigSet::thread_get_mask().unwrap()
        });
        let mask = thread.join().unwrap();
        assert!(HELD.iter().all(|signal| !mask.contains(*signal)));
    }
}
