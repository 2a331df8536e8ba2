//! `--confirm`: a process of its own session goes back to the rules before, unless `--keep` comes first.
//!
//! It starts before the first request, so it also goes back if the terminal or this process is lost. Of the signals
//! that can be held back, only SIGTERM counts: a shutdown sends it, and the process goes back at once.

use std::ffi::{CStr, OsStr};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

use super::pending::{Pending, Waits, unusable};
use super::store::History;
use super::terminal::Terminal;
use crate::apply::Snapshot;
use crate::cli::exit::{Exit, Stop};
use crate::cli::lock::ChangeLock;
use crate::cli::own_rules::{OwnRules, own_keys, own_rules};
use crate::cli::process::start_of;
use crate::cli::report::{self, Voice};
use crate::cli::running;
use crate::cli::signals::HeldSignals;
use crate::diag::escaped;
use crate::errno::of_error;
use crate::report::plan::{ConfirmEnd, SavedError};

/// How often the process looks whether the change is kept.
const INTERVAL: Duration = Duration::from_millis(100);
/// How long it waits for another program that changes rules.
const LOCK: Duration = Duration::from_secs(60);
/// What it prints when it is ready.
const READY: &[u8] = b"ready\n";
/// Its name in a list of processes, which is otherwise that of `/proc/self/exe`.
const NAME: &CStr = c"rauditctl";
/// Why a change stays whose process has ended.
pub(super) const GONE: &str = "the process that was to undo it is gone";

/// What the process that goes back is told.
#[derive(Serialize, Deserialize)]
struct Order {
    pending: Pending,
    /// Where it reports the end.
    terminal: Option<Terminal>,
}

/// The process that goes back.
pub(super) struct Reverter {
    process: Child,
    /// When it started, in clock ticks after the boot.
    pub(super) started: u64,
}

impl Reverter {
    /// Starts the process, which waits for [`Pending`] to be written.
    pub(super) fn start(after: Duration) -> Result<Self, Stop> {
        // Also if the file of the program was replaced.
        let mut command = Command::new("/proc/self/exe");
        command
            .arg0(OsStr::from_bytes(NAME.to_bytes()))
            .args(["apply", "--revert", &after.as_secs().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .current_dir("/");
        let mut process = command.spawn().map_err(fail)?;
        let mut ready = [0; READY.len()];
        let said = process.stdout.take().map(|mut out| out.read_exact(&mut ready));
        match start_of(process.id()) {
            Some(started) if matches!(said, Some(Ok(()))) && ready == READY => {
                Ok(Reverter { process, started })
            }
            _ => Err(fail("it does not answer")),
        }
    }

    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Lets it wait: from now on, only the end of the waiting stops it. It gets the rules before from here, since the
    /// file of the change may be damaged.
    pub(super) fn go(mut self, pending: &Pending) -> Result<(), Stop> {
        let input = self.process.stdin.take();
        let order = Order { pending: pending.clone(), terminal: Terminal::of_stderr() };
        let sent = serde_json::to_vec(&order)
            .map_err(io::Error::from)
            .and_then(|text| input.map_or(Ok(()), |mut input| input.write_all(&text)));
        sent.map_err(|error: io::Error| fail(of_error(&error)))
    }
}

fn fail(why: impl std::fmt::Display) -> Stop {
    Stop::unanswered(format_args!(
        "cannot start the process that goes back to the rules before: {why}; nothing was changed"
    ))
}

/// Is the process that goes back.
pub(super) fn revert(seconds: u64) -> Exit {
    // The signals of the terminal, and its end, do not reach a session of its own.
    if nix::unistd::setsid().is_err() {
        return Exit::Unanswered;
    }
    let _ = nix::sys::prctl::set_name(NAME);
    let mut signals = HeldSignals::hold();
    let start = Instant::now();
    {
        let mut out = std::io::stdout();
        if out.write_all(READY).and_then(|()| out.flush()).is_err() {
            return Exit::Unanswered;
        }
    }
    let mut text = Vec::new();
    let read = std::io::stdin().read_to_end(&mut text);
    let Ok(order) = read.and_then(|_| Ok(serde_json::from_slice::<Order>(&text)?)) else {
        // The other process ended before it has changed anything.
        if let Ok(Some(pending)) = Pending::read()
            && pending.process == std::process::id()
        {
            Pending::forget();
        }
        return Exit::Done;
    };
    let pending = &order.pending;
    let mut reason = "it was not kept in time";
    while start.elapsed() < Duration::from_secs(seconds) {
        if matches!(pending.waits(), Waits::No) {
            return Exit::Done;
        }
        if signals.has(Signal::SIGTERM) {
            reason = "the process that waited received SIGTERM, as at a shutdown";
            break;
        }
        std::thread::sleep(INTERVAL);
    }
    end(&order, reason)
}

/// Goes back, and reports it.
fn end(Order { pending, terminal }: &Order, reason: &str) -> Exit {
    let report_there = |text: &str| terminal.iter().for_each(|terminal| terminal.print(text));
    let Some(lock) = lock() else {
        if matches!(pending.waits(), Waits::No) {
            return Exit::Done;
        }
        pending.end(ConfirmEnd::NotUndone, Some("another program changed the rules".to_owned()));
        let why = "the rules before were not restored in time: another program changes the rules; `rauditctl apply \
                   --undo` goes back";
        Voice::StderrAndSyslog.error(why);
        report_there(why);
        return Exit::Unanswered;
    };
    let reason = match pending.waits() {
        Waits::Yes => reason.to_owned(),
        Waits::Unknown(error) => format!("{reason}; {error}"),
        Waits::No => return Exit::Done,
    };
    let result = go_back(pending);
    match &result {
        Ok(()) => {
            pending.end(ConfirmEnd::Undone, Some(reason.clone()));
            History::open().forget(&pending.before);
        }
        Err(why) => pending.end(ConfirmEnd::NotUndone, Some(why.clone())),
    }
    // The next change need not wait for the system log.
    drop(lock);
    match result {
        Ok(()) => {
            let text = format!(
                "the change of {} was undone: {reason}; the kernel holds the rules before again",
                pending.change()
            );
            Voice::StderrAndSyslog.note(&text);
            report_there(&text);
            Exit::Done
        }
        Err(why) => {
            let text = format!("the rules before could not be restored: {}", escaped(&why));
            Voice::StderrAndSyslog.error(&text);
            report_there(&text);
            Exit::Unanswered
        }
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
    match Pending::read() {
        Ok(Some(pending)) if pending.has_process() => {
            let undone = match pending.own_keys.as_slice() {
                [] => "this change is undone too".to_owned(),
                keys => format!(
                    "what this changes in rules with keys {} is undone too",
                    escaped(&keys.join(","))
                ),
            };
            voice.note(format_args!(
                "a change waits for `rauditctl apply --keep`; without it, the rules before that change come back in {}, \
                 and {undone}",
                report::span_of(pending.seconds_left())
            ));
        }
        Ok(Some(pending)) => note_gone(voice, &pending),
        Ok(None) => {}
        Err(error) => {
            voice.note(format_args!("{}; this change may be undone too", unusable(&error)))
        }
    }
}

/// Notes that nothing undoes a change.
pub(super) fn note_gone(voice: Voice, pending: &Pending) {
    voice.note(format_args!(
        "the process that was to undo the change of {} is gone, so that change stays: `rauditctl apply --keep` keeps it, \
         and `rauditctl apply --undo` goes back",
        pending.change()
    ));
}

/// Stops if a change waits for its confirmation.
pub(super) fn check_none_waits(voice: Voice) -> Result<(), Stop> {
    match Pending::read().map_err(|error| {
        Stop::unanswered(format_args!("{}; nothing was changed", unusable(&error)))
    })? {
        Some(pending) if pending.has_process() => Err(Stop::unanswered(format_args!(
            "another change waits for `rauditctl apply --keep`, and is undone in {}; nothing was changed",
            report::span_of(pending.seconds_left())
        ))),
        Some(pending) => {
            voice.note(format_args!(
                "the process that was to undo the change of {} is gone, so that change stays; `rauditctl apply --undo` \
                 goes back, one change after the other",
                pending.change()
            ));
            pending.end(ConfirmEnd::NotUndone, Some(GONE.to_owned()));
            Ok(())
        }
        None => Ok(()),
    }
}
