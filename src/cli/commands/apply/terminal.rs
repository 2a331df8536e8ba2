//! The terminal from which a change was made. The process that goes back has none, and reports the end there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write, stderr};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

use nix::fcntl::OFlag;
use serde::{Deserialize, Serialize};

/// A terminal, by its device. It is not held open meanwhile: a program that started the change on a terminal of its own,
/// such as `docker exec -t`, may wait until nobody has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terminal {
    path: PathBuf,
    /// The number of the device.
    device: u64,
    /// Who has it: after a logout, another user can get the same device.
    owner: u32,
}

impl Terminal {
    /// Returns the terminal that standard error is, if it is one.
    pub(super) fn of_stderr() -> Option<Self> {
        Self::of(stderr().as_fd()).ok().flatten()
    }

    fn of(file: BorrowedFd<'_>) -> io::Result<Option<Self>> {
        if !file.is_terminal() {
            return Ok(None);
        }
        let path = nix::unistd::ttyname(file)?;
        let found = File::from(file.try_clone_to_owned()?).metadata()?;
        Ok(Some(Terminal { path, device: found.rdev(), owner: found.uid() }))
    }

    /// Writes a line, if the terminal still belongs to the same user. Errors are ignored: the system log has the line, too.
    pub(super) fn print(&self, text: &str) {
        if let Ok(Some(mut file)) = self.open() {
            // A program on it may have switched off that a line begins at the left.
            let _ = file.write_all(format!("\r\nrauditctl: {text}\r\n").as_bytes());
        }
    }

    fn open(&self) -> io::Result<Option<File>> {
        // Not as the terminal of this process, whose signals would reach it, and without waiting for a terminal that is held.
        let flags = OFlag::O_NOCTTY | OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW;
        let is_it = |found: &fs::Metadata| (found.rdev(), found.uid()) == (self.device, self.owner);
        if !is_it(&fs::symlink_metadata(&self.path)?) {
            return Ok(None);
        }
        let file = OpenOptions::new().write(true).custom_flags(flags.bits()).open(&self.path)?;
        Ok((file.is_terminal() && is_it(&file.metadata()?)).then_some(file))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use nix::pty::openpty;

    use super::*;

    #[test]
    fn prints_only_for_the_same_user_on_the_same_terminal() {
        let pty = openpty(None, None).unwrap();
        let terminal = Terminal::of(pty.slave.as_fd()).unwrap().unwrap();
        Terminal { owner: terminal.owner + 1, ..terminal.clone() }.print("to another user");
        Terminal { device: terminal.device + 1, ..terminal.clone() }.print("to another terminal");
        terminal.print("undone");
        let mut text = [0; 64];
        let read = File::from(pty.master).read(&mut text).unwrap();
        // The terminal makes \r\n of \n, as it does by default.
        assert_eq!(String::from_utf8_lossy(&text[..read]).trim(), "rauditctl: undone");
    }

    #[test]
    fn a_file_is_no_terminal() {
        let file = tempfile::tempfile().unwrap();
        assert_eq!(Terminal::of(file.as_fd()).unwrap(), None);
    }
}
