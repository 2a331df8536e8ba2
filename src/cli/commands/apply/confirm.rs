//! `--confirm`: a process of its own session goes back to the rules before, unless `--keep` comes first.
//!
//! It starts before the first request, so it also goes back if the terminal or this process is lost.

use std::ffi::{CStr, OsStr};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::store::{History, Pending, now};
use crate::apply::Snapshot;
use crate::cli::exit::{Exit, Stop};
use crate::cli::lock::ChangeLock;
use crate::cli::own_rules::{OwnRules, own_keys, own_rules};
use crate::cli::process::start_of;
use crate::cli::report::{self, Voice};
use crate::cli::running;
use crate::cli::signals::HeldSignals;
use crate::report::plan::SavedError;

/// How often the process looks whether the change is kept.
const INTERVAL: Duration = Duration::from_millis(100);
/// How long it waits for another program that changes rules.
const LOCK: Duration = Duration::from_secs(60);
/// What it prints when it is ready.
const READY: &[u8] = b"ready\n";
/// Its name in a list of processes, which is otherwise that of `/proc/self/exe`.
const NAME: &CStr = c"rauditctl";

/// The process that goes back.
pub(super) struct Reverter {
    process: Child,
    /// When it started, in clock ticks after the boot.
    started: u64,
}

impl Reverter {
    /// Starts the process, which waits for [`Pending`] to be written.
    pub(super) fn start(after: Duration) -> Result<Self, Stop> {
        let fail = |why: &dyn std::fmt::Display| {
            Stop::unanswered(format_args!(
                "cannot start the process that goes back to the rules before: {why}; nothing was changed"
            ))
        };
        // Also if the file of the program was replaced.
        let mut command = Command::new("/proc/self/exe");
        command
            .arg0(OsStr::from_bytes(NAME.to_bytes()))
            .args(["apply", "--revert", &after.as_secs().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .current_dir("/");
        let mut process = command.spawn().map_err(|error| fail(&error))?;
        let mut ready = [0; READY.len()];
        let said = process.stdout.take().map(|mut out| out.read_exact(&mut ready));
        if !matches!(said, Some(Ok(()))) || ready != READY {
            return Err(fail(&"it does not answer"));
        }
        let started = start_of(process.id()).ok_or_else(|| fail(&"it has ended"))?;
        Ok(Reverter { process, started })
    }

    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(super) fn started(&self) -> u64 {
        self.started
    }

    /// Lets it wait: from now on, only the end of the waiting stops it.
    pub(super) fn go(mut self) {
        if let Some(mut input) = self.process.stdin.take() {
            let _ = input.write_all(b"go\n");
        }
    }
}

/// Is the process that goes back.
pub(super) fn revert(seconds: u64) -> Exit {
    // The signals of the terminal, and its end, do not reach a session of its own.
    if nix::unistd::setsid().is_err() {
        return Exit::Unanswered;
    }
    let mut held = HeldSignals::hold();
    let _ = nix::sys::prctl::set_name(NAME);
    let start = Instant::now();
    {
        let mut out = std::io::stdout();
        if out.write_all(READY).and_then(|()| out.flush()).is_err() {
            return Exit::Unanswered;
        }
    }
    let mut word = [0; 3];
    if std::io::stdin().read_exact(&mut word).is_err() {
        // The other process ended before it has changed anything.
        if let Ok(Some(pending)) = Pending::read()
            && pending.process == std::process::id()
        {
            Pending::end();
        }
        return Exit::Done;
    }
    let Ok(Some(pending)) = Pending::read() else { return Exit::Done };
    // The end of the login session or of the machine comes with SIGTERM: then nobody keeps the change.
    while start.elapsed() < Duration::from_secs(seconds) && !held.has(Signal::SIGTERM) {
        if !pending.waits() {
            return Exit::Done;
        }
        std::thread::sleep(INTERVAL);
    }
    let Some(lock) = lock() else {
        Voice::StderrAndSyslog.error(
            "the rules before were not restored in time: another program changes the rules; `rauditctl apply --undo` \
             goes back",
        );
        return Exit::Unanswered;
    };
    if !pending.waits() {
        return Exit::Done;
    }
    let result = go_back(&pending);
    Pending::end();
    if result.is_ok() {
        History::open().forget(&pending.before);
    }
    // The next change need not wait for the system log.
    drop(lock);
    match result {
        Ok(()) => {
            Voice::StderrAndSyslog
                .note("the change was not kept in time: the kernel holds the rules before again");
            Exit::Done
        }
        Err(why) => {
            Voice::StderrAndSyslog
                .error(format_args!("the rules before could not be restored: {why}"));
            Exit::Unanswered
        }
    }
}

impl Pending {
    /// Returns whether the process that goes back still waits.
    pub(super) fn is_awaited(&self) -> bool {
        self.has_process() && self.deadline + LOCK.as_secs() >= now()
    }
}

/// Waits for the lock.
fn lock() -> Option<ChangeLock> {
    let start = Instant::now();
    loop {
        match ChangeLock::take() {
            Ok(lock) => return Some(lock),
            Err(_) if start.elapsed() < LOCK => std::thread::sleep(INTERVAL),
            Err(_) => return None,
        }
    }
}

fn go_back(pending: &Pending) -> Result<(), String> {
    let text = |error: SavedError| error.to_string();
    let own_keys = own_keys(&pending.own_keys).map_err(|_| "its keys are unknown".to_owned())?;
    let (rules, _) = own_rules(&pending.before.rules().map_err(text)?, &own_keys);
    let before = Snapshot::new(rules, pending.before.status());
    let mut kernel = running::open().map_err(|_| "the kernel does not answer".to_owned())?;
    let mut own = OwnRules { kernel: &mut kernel, own_keys: &own_keys };
    before.restore(&mut own).map_err(|error| error.to_string())
}

/// Warns if a change waits for its confirmation: what is loaded meanwhile goes with it.
pub(in crate::cli) fn warn_if_one_waits(voice: Voice) {
    let Ok(Some(pending)) = Pending::read() else { return };
    if !pending.is_awaited() {
        return note_gone(voice);
    }
    voice.note(format_args!(
        "a change waits for `rauditctl apply --keep`; without it, the rules before that change come back in {}, and \
         this change is undone too",
        report::span_of(pending.seconds_left())
    ));
}

/// Reports how a change that waits ends, or that it does not end any more.
pub(super) fn note_waiting(voice: Voice) -> Result<(), Stop> {
    match Pending::read()? {
        Some(pending) if pending.is_awaited() => note_going_back(voice, pending.seconds_left()),
        Some(_) => note_gone(voice),
        None => {}
    }
    Ok(())
}

/// Reports when a change goes back.
pub(super) fn note_going_back(voice: Voice, seconds: u64) {
    voice.note(format_args!(
        "goes back in {} unless: rauditctl apply --keep",
        report::span_of(seconds)
    ));
}

/// Stops if a change waits for its confirmation.
pub(super) fn check_none_waits() -> Result<(), Stop> {
    match Pending::read()? {
        Some(pending) if pending.is_awaited() => Err(Stop::unanswered(format_args!(
            "another change waits for `rauditctl apply --keep`, and is undone in {}; nothing was changed",
            report::span_of(pending.seconds_left())
        ))),
        Some(_) => {
            note_gone(Voice::of_load());
            Pending::end();
            Ok(())
        }
        None => Ok(()),
    }
}

fn note_gone(voice: Voice) {
    voice.note(
        "the process that was to undo an earlier change is gone, so that change stays; `rauditctl apply --undo` goes back",
    );
}
