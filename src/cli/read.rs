//! Reads the files that a user names: regular files up to a size, without waiting for the other end of a FIFO.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use memchr::{memchr_iter, memmem};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::statfs::{FsType, fstatfs};
use thiserror::Error;

use crate::diag::escaped;
use crate::errno::of_error;

/// The name of standard input in messages.
pub(super) const STDIN: &str = "<stdin>";

/// The file system of pipes (`PIPEFS_MAGIC`, include/uapi/linux/magic.h). A FIFO with a name is on another one.
const PIPEFS: FsType = FsType(0x5049_5045);

/// The bits of a file's mode that let others than its owner write to it.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Maximum number of lines in a file. Each takes a few kilobytes of memory, and a kernel that walks such a list is of no use.
const MOST_LINES: usize = 250_000;

/// The reason why a file cannot be read.
#[derive(Debug, Error)]
pub(super) enum ReadError {
    #[error("cannot read `{}`: {}", escaped(path), of_error(error))]
    Io { path: String, error: io::Error },
    #[error("`{}` is not a regular file; write `-` to read standard input", escaped(.0))]
    NotRegular(String),
    #[error("`{}` is larger than {limit}; set another limit with `--max-size`", escaped(path))]
    TooLarge { path: String, limit: SizeLimit },
    #[error(
        "`{path}` belongs to user {uid}, not to root, so its rules are not loaded; check it and run \
         `chown root {path}`",
        path = escaped(path)
    )]
    NotRoots { path: String, uid: u32 },
    #[error(
        "`{path}` can be written by others than root, so its rules are not loaded; check it and run \
         `chmod go-w {path}`",
        path = escaped(path)
    )]
    Writable { path: String },
    #[error("`{}` has more than {MOST_LINES} lines", escaped(.0))]
    TooManyLines(String),
    #[error("`{}` has no file named *.rules", escaped(.0))]
    EmptyDirectory(String),
    #[error(
        "`{path}` is a saved plan and not a rules file; show it with `rauditctl plan --show {path}`",
        path = escaped(.0)
    )]
    SavedPlan(String),
    #[error(
        "`-` is there twice, but standard input can be read only once; name a file instead of one of them"
    )]
    StdinTwice,
}

/// The largest size of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SizeLimit {
    mebibytes: u32,
}

/// The files that may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Any file, also the pipe of a process substitution: its rules are not loaded.
    LookOnly,
    /// Only a file that nobody except root can change. Standard input is as trusted as who calls the program.
    Load,
}

/// The conditions under which a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    pub(super) trust: Trust,
    pub(super) limit: SizeLimit,
}

impl SizeLimit {
    /// Creates a limit of this number of MiB.
    pub(super) fn of_mebibytes(mebibytes: u32) -> Self {
        SizeLimit { mebibytes }
    }

    fn bytes(self) -> u64 {
        u64::from(self.mebibytes) << 20
    }
}

impl Default for SizeLimit {
    fn default() -> Self {
        SizeLimit { mebibytes: 64 }
    }
}

impl std::fmt::Display for SizeLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} MiB", self.mebibytes)
    }
}

impl Policy {
    /// For rules that are not loaded.
    pub(super) fn look_only(limit: SizeLimit) -> Self {
        Policy { trust: Trust::LookOnly, limit }
    }

    /// Reads a file, or standard input for `-`.
    pub(super) fn read(self, path: &Path) -> Result<Vec<u8>, ReadError> {
        if is_stdin(path) {
            return self.read_all(io::stdin().lock(), 0, path);
        }
        let fail = |error| ReadError::Io { path: name(path), error };
        // A FIFO would wait for its other end, and a terminal would become that of the process.
        let flags = (OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits();
        let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(fail)?;
        let metadata = file.metadata().map_err(fail)?;
        if !metadata.is_file() {
            if self.trust == Trust::Load || !is_pipe(&file, &metadata) {
                return Err(ReadError::NotRegular(name(path)));
            }
            // Its writer may still be at work.
            fcntl(&file, FcntlArg::F_SETFL(OFlag::empty())).map_err(|errno| fail(errno.into()))?;
        }
        self.check_owner(path, &metadata)?;
        self.read_all(file, metadata.len(), path)
    }

    /// Reads a file of rules. A saved plan would be an error in each of its lines.
    pub(super) fn read_rules(self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let text = self.read(path)?;
        match is_saved_plan(&text) {
            true => Err(ReadError::SavedPlan(name(path))),
            false => Ok(text),
        }
    }

    /// Checks a directory whose files are read.
    pub(super) fn check_directory(self, path: &Path) -> Result<(), ReadError> {
        let metadata = std::fs::metadata(path);
        let metadata = metadata.map_err(|error| ReadError::Io { path: name(path), error })?;
        self.check_owner(path, &metadata)
    }

    fn check_owner(self, path: &Path, metadata: &Metadata) -> Result<(), ReadError> {
        if self.trust == Trust::LookOnly {
            return Ok(());
        }
        match metadata.uid() {
            0 if metadata.mode() & WRITABLE_BY_OTHERS == 0 => Ok(()),
            0 => Err(ReadError::Writable { path: name(path) }),
            uid => Err(ReadError::NotRoots { path: name(path), uid }),
        }
    }

    /// Reads up to one byte more than the limit, since the size of a pipe is unknown and that of a file may change.
    fn read_all(self, from: impl Read, size: u64, path: &Path) -> Result<Vec<u8>, ReadError> {
        let mut text =
            Vec::with_capacity(size.min(self.limit.bytes()).try_into().unwrap_or_default());
        let size = from
            .take(self.limit.bytes() + 1)
            .read_to_end(&mut text)
            .map_err(|error| ReadError::Io { path: name(path), error })?;
        if size as u64 > self.limit.bytes() {
            return Err(ReadError::TooLarge { path: name(path), limit: self.limit });
        }
        if memchr_iter(b'\n', &text).count() > MOST_LINES {
            return Err(ReadError::TooManyLines(name(path)));
        }
        Ok(text)
    }
}

/// Returns whether a text is a plan of `rauditctl plan -o`, perhaps cut off. No rules file begins so.
fn is_saved_plan(text: &[u8]) -> bool {
    let has = |name: &[u8]| memmem::find(text, name).is_some();
    let rest = text.trim_ascii_start().strip_prefix(b"{");
    rest.is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""))
        && has(b"\"format_version\"")
        && has(b"\"requests\"")
}

/// Returns whether the path means standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Checks that at most one of the paths means standard input.
pub(super) fn check_stdin<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<(), ReadError> {
    match paths.into_iter().filter(|path| is_stdin(path)).nth(1) {
        Some(_) => Err(ReadError::StdinTwice),
        None => Ok(()),
    }
}

/// Returns the name of a file in messages.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) { STDIN.to_owned() } else { path.display().to_string() }
}

/// Returns whether a file is a pipe that the caller of the program has opened, such as that of a process substitution.
fn is_pipe(file: &File, metadata: &Metadata) -> bool {
    let is_on_pipefs = || fstatfs(file).is_ok_and(|found| found.filesystem_type() == PIPEFS);
    metadata.file_type().is_fifo() && is_on_pipefs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    fn policy(trust: Trust) -> Policy {
        Policy { trust, limit: SizeLimit::of_mebibytes(1) }
    }

    #[test]
    fn reads_a_file_of_the_largest_size_but_no_larger_one() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&vec![b'#'; 1 << 20]).unwrap();
        let read = policy(Trust::LookOnly).read(file.path());
        assert_eq!(read.unwrap().len(), 1 << 20);
        file.write_all(b"#").unwrap();
        let read = policy(Trust::LookOnly).read(file.path());
        assert!(matches!(read, Err(ReadError::TooLarge { .. })), "{read:?}");
    }

    #[test]
    fn reads_a_file_of_the_most_lines_but_no_longer_one() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&vec![b'\n'; MOST_LINES]).unwrap();
        assert!(policy(Trust::LookOnly).read(file.path()).is_ok());
        file.write_all(b"\n").unwrap();
        let read = policy(Trust::LookOnly).read(file.path());
        assert!(matches!(read, Err(ReadError::TooManyLines(_))), "{read:?}");
    }

    #[test]
    fn loads_only_files_that_nobody_else_can_write() {
        if !nix::unistd::geteuid().is_root() {
            return;
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        let load = |mode| {
            std::fs::set_permissions(file.path(), PermissionsExt::from_mode(mode)).unwrap();
            policy(Trust::Load).read(file.path())
        };
        assert!(load(0o640).is_ok() && load(0o444).is_ok());
        for mode in [0o660, 0o602] {
            let read = load(mode);
            assert!(matches!(read, Err(ReadError::Writable { .. })), "{mode:o}: {read:?}");
            assert!(policy(Trust::LookOnly).read(file.path()).is_ok());
        }
        std::os::unix::fs::chown(file.path(), Some(4711), None).unwrap();
        let read = load(0o640);
        assert!(matches!(read, Err(ReadError::NotRoots { uid: 4711, .. })), "{read:?}");
    }
}
