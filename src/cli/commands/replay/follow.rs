//! `--follow`: the table of a log that grows, again and again.

use std::fs::File;
use std::io::{self, BufReader, Read, stdout};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use super::beginning::Beginning;
use super::logs::{self, Rotated, is_compressed, unreadable};
use crate::cli::exit::Stop;
use crate::cli::read::is_stdin;
use crate::cli::report::{self, name_of};
use crate::replay::{Growing, Table, Wake, follow};

/// A log that grows, and what came before it.
pub(super) struct Log {
    growing: Growing,
    /// The file that auditd writes to.
    path: PathBuf,
    /// The other files, the oldest first.
    pub(super) before: Vec<PathBuf>,
    /// The number of files that were written to, one after the other.
    begun: usize,
}

impl Log {
    /// Opens the log: a file, or a directory with audit.log.
    pub(super) fn open(paths: &[PathBuf]) -> Result<Self, Stop> {
        let [path] = paths else {
            return Err(Stop::unanswered("--follow takes one log: a file, or its directory"));
        };
        let is_directory = path.is_dir();
        let path = if is_directory { path.join(logs::LOG) } else { path.clone() };
        check(&path)?;
        // The file is opened before the others are looked for: a rotation between the two steps is found.
        let growing = Growing::open(&path).map_err(|error| unreadable(&path, &error))?;
        let mut before = Vec::new();
        if is_directory {
            let all = Rotated::of(&path).map_err(|error| unreadable(&path, &error))?;
            all.note_others();
            before.extend(all.files.into_iter().take_while(|other| !growing.is(other)));
        }
        Ok(Log { growing, path, before, begun: 1 })
    }

    /// Reads what has come. Returns whether something has.
    fn read(&mut self, table: &mut Table) -> Result<bool, Stop> {
        let Log { growing, path, begun, .. } = self;
        let look = growing.look(|| logs::rotated(path), &mut |line| table.add(line));
        let look = look.map_err(|error| unreadable(path, &error))?;
        *begun += look.new_files;
        if look.may_miss {
            report::note(format_args!(
                "`{}` was cut short or deleted; what was written at that moment may be missing",
                name_of(path)
            ));
        }
        Ok(look.has_grown)
    }

    /// Reads the log, and calls `show` with the number of files every ten seconds if it has grown, and at the end: after a
    /// signal, or when nobody reads standard output. Returns what the last call has returned.
    pub(super) fn follow<T>(
        self,
        table: &mut Table,
        mut show: impl FnMut(&Table, usize) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let signals = Signals::hold().map_err(Stop::unanswered)?;
        follow(
            &mut (self, table),
            |time| signals.wait(time),
            |(log, table)| log.read(table),
            |(log, table), wake| {
                if wake == Wake::Stop {
                    table.finish();
                }
                show(table, log.before.len() + log.begun)
            },
        )
    }
}

/// Stops if a log cannot grow line by line.
fn check(path: &Path) -> Result<(), Stop> {
    if is_stdin(path) {
        return Err(Stop::unanswered(
            "--follow cannot read standard input; name the file, or leave out --follow",
        ));
    }
    let refuse = |why: &str| {
        Err(Stop::unanswered(format_args!("--follow cannot read `{}`: {why}", name_of(path))))
    };
    let found = path.metadata().map_err(|error| unreadable(path, &error))?;
    if !found.is_file() {
        return refuse("it is no file");
    }
    let mut first = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(4).read_to_end(&mut first).map_err(|error| unreadable(path, &error))?;
    if is_compressed(&first) {
        return refuse("it is compressed, so nothing is added to it");
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let beginning = Beginning::of(&mut BufReader::new(file));
    beginning.map_err(|error| unreadable(path, &error))?.check(path)
}

/// The signals that end the following, held back so that the table can be shown once more.
struct Signals {
    arriving: SignalFd,
    before: SigSet,
}

impl Signals {
    fn hold() -> io::Result<Self> {
        let held = SigSet::from_iter([Signal::SIGINT, Signal::SIGTERM]);
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        let arriving = SignalFd::with_flags(&held, flags)?;
        let before = held.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        Ok(Signals { arriving, before })
    }

    /// Waits for a signal, or until nobody can read standard output any more.
    fn wait(&self, time: Duration) -> Wake {
        let stdout = stdout();
        let mut watched = [
            PollFd::new(self.arriving.as_fd(), PollFlags::POLLIN),
            PollFd::new(stdout.as_fd(), PollFlags::empty()),
        ];
        let time = PollTimeout::try_from(time).unwrap_or(PollTimeout::MAX);
        match poll(&mut watched, time) {
            Ok(0) | Err(Errno::EINTR | Errno::EAGAIN) => Wake::Time,
            Ok(_) | Err(_) => Wake::Stop,
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        // A signal that has arrived has had its effect.
        while let Ok(Some(_)) = self.arriving.read_signal() {}
        let _ = self.before.thread_set_mask();
    }
}
