//! Signals that are held back while the kernel is between two sets of rules, or a file between two contents.

use nix::sys::signal::{SigSet, SigmaskHow, Signal, raise};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use super::report::Voice;

/// The signals that are not held back: those of a fault mean that the program is broken, and the others do nothing to a
/// program that does not ask for them.
const NOT_HELD: [Signal; 12] = [
    Signal::SIGILL,
    Signal::SIGTRAP,
    Signal::SIGABRT,
    Signal::SIGBUS,
    Signal::SIGFPE,
    Signal::SIGSEGV,
    Signal::SIGSYS,
    Signal::SIGPIPE,
    Signal::SIGCHLD,
    Signal::SIGCONT,
    Signal::SIGURG,
    Signal::SIGWINCH,
];

/// Holds signals back until it is released or dropped. If it is dropped, they take effect without a report.
pub(super) struct HeldSignals {
    /// The signals that were held back before.
    before: SigSet,
    /// The signals that arrive; without it, they take effect at the release and are not reported.
    arriving: Option<SignalFd>,
    arrived: Vec<Signal>,
}

/// The signals that arrived while they were held back.
pub(super) struct Arrived(Vec<Signal>);

impl HeldSignals {
    /// Holds signals back from now on. If the system refuses, they take effect as usual.
    pub(super) fn hold() -> Self {
        let mut held = SigSet::all();
        NOT_HELD.into_iter().for_each(|signal| held.remove(signal));
        let before =
            held.thread_swap_mask(SigmaskHow::SIG_BLOCK).unwrap_or_else(|_| SigSet::empty());
        // Real-time signals have no names; they take effect at the release.
        let named = Signal::iterator().filter(|signal| held.contains(*signal)).collect::<SigSet>();
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        let arriving = SignalFd::with_flags(&named, flags).ok();
        HeldSignals { before, arriving, arrived: Vec::new() }
    }

    /// Ends the holding; returns the signals that arrived. They take effect only with [`Arrived::take_effect`].
    pub(super) fn release(mut self) -> Arrived {
        self.receive();
        Arrived(std::mem::take(&mut self.arrived))
    }

    /// Returns whether a signal has arrived.
    pub(super) fn has_arrived(&mut self) -> bool {
        self.receive();
        !self.arrived.is_empty()
    }

    /// Returns whether this signal has arrived.
    pub(super) fn has_received(&mut self, signal: Signal) -> bool {
        self.receive();
        self.arrived.contains(&signal)
    }

    fn receive(&mut self) {
        while let Some(Ok(Some(found))) = self.arriving.as_ref().map(SignalFd::read_signal) {
            let number = i32::try_from(found.ssi_signo).unwrap_or_default();
            self.arrived.extend(Signal::try_from(number));
        }
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

    /// The signals whose default is to end or to stop a process (signal(7)), without those of a fault, SIGKILL and
    /// SIGSTOP, which nothing holds back, and SIGPIPE, which Rust programs ignore.
    #[test]
    fn holds_every_signal_that_ends_or_stops_a_process() {
        use Signal::*;
        let ending = [
            SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGIO, SIGPROF, SIGPWR,
            SIGSTKFLT, SIGVTALRM, SIGXCPU, SIGXFSZ, SIGTSTP, SIGTTIN, SIGTTOU,
        ];
        let thread = std::thread::spawn(|| {
            let _held = HeldSignals::hold();
            SigSet::thread_get_mask().unwrap()
        });
        let mask = thread.join().unwrap();
        let held: Vec<Signal> = Signal::iterator().filter(|one| mask.contains(*one)).collect();
        let sorted = |mut signals: Vec<Signal>| {
            signals.sort();
            signals
        };
        assert_eq!(sorted(held), sorted(ending.to_vec()));
    }

    #[test]
    fn signals_take_effect_again_after_the_drop() {
        let thread = std::thread::spawn(|| {
            drop(HeldSignals::hold());
            SigSet::thread_get_mask().unwrap()
        });
        let mask = thread.join().unwrap();
        assert!(Signal::iterator().all(|signal| !mask.contains(signal)));
    }
}
