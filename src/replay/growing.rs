//! A log that grows: what is new in its files.

use std::fs::{self, File};
use std::io::{self, BufReader, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::ingest::{Fault, Lines};

/// How often files are opened that are renamed meanwhile.
const TRIES: u32 = 100;

/// The number of bytes that are read at once.
const BLOCK: usize = 1 << 18;

/// What a look at a growing log has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Lines have come.
    pub has_grown: bool,
    /// The number of files that were begun: after a rotation, the log goes on in another file.
    pub new_files: usize,
    /// Lines may be missing: the file was cut short, or is gone, and with it perhaps others that were written after it.
    pub may_miss: bool,
}

/// Returns the device and the inode of a file.
fn identity(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

/// A file that another program appends to, and that can be renamed, as auditd does when it rotates its log, while a new file
/// gets its name.
#[derive(Debug)]
pub struct Growing {
    path: PathBuf,
    /// The file that is read; it can have another name by now.
    file: OpenFile,
}

/// An open file, and the part of a line that has arrived.
#[derive(Debug)]
struct OpenFile {
    lines: Lines<BufReader<File>>,
    file: File,
    /// The device and the inode.
    identity: (u64, u64),
}

impl OpenFile {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let found = file.metadata()?;
        let lines = Lines::of(BufReader::with_capacity(BLOCK, file.try_clone()?));
        Ok(OpenFile { lines, file, identity: (found.dev(), found.ino()) })
    }

    /// Passes the lines that have come.
    fn read(&mut self, take: &mut impl FnMut(Result<&[u8], Fault>)) -> io::Result<Look> {
        // The descriptors share their offset, and all that was read has been passed.
        let mut look = Look::default();
        let (start, len) = (self.file.stream_position()?, self.file.metadata()?.len());
        if len < start {
            look.may_miss = true;
            self.end(take);
            self.file.seek(SeekFrom::Start(0))?;
        }
        self.lines.each(|line| {
            look.has_grown = true;
            take(line);
        })?;
        Ok(look)
    }

    /// Passes a fault if the last line has no end.
    fn end(&mut self, take: &mut impl FnMut(Result<&[u8], Fault>)) {
        self.lines.end(|fault| take(Err(fault)));
    }
}

impl Growing {
    /// Opens a file. Its lines come with the first look.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Growing { path: path.to_owned(), file: OpenFile::open(path)? })
    }

    /// Returns whether the file that is read has this path now.
    pub fn is(&self, path: &Path) -> bool {
        identity(path).is_ok_and(|found| found == self.file.identity)
    }

    /// Passes all lines that have come since the last look to `take`. If the file was renamed, its end comes first, then the
    /// files that were written after it, then the file that has its name now. `rotated` returns the other files of the log,
    /// the oldest first.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn look(
        &mut self,
        rotated: impl Fn() -> io::Result<Vec<PathBuf>>,
        take: &mut impl FnMut(Result<&[u8], Fault>),
    ) -> io::Result<Look> {
        // Between the two steps of a rotation, no file has the name.
        let now = match identity(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.file.identity,
            other => other?,
        };
        // This comes after the look at the name: what is written until the file is renamed is read.
        let mut all = self.file.read(take)?;
        if now == self.file.identity {
            return Ok(all);
        }
        self.file.end(take);
        let (mut files, is_there) = self.newer(rotated)?;
        all.may_miss |= !is_there;
        all.new_files = files.len();
        let Some(mut last) = files.pop() else { return Ok(all) };
        for mut file in files {
            all.has_grown |= file.read(take)?.has_grown;
            file.end(take);
        }
        all.has_grown |= last.read(take)?.has_grown;
        self.file = last;
        Ok(all)
    }

    /// Opens the files that were written after that which is read, the oldest first. Returns whether that file still has a
    /// name.
    fn newer(
        &self,
        rotated: impl Fn() -> io::Result<Vec<PathBuf>>,
    ) -> io::Result<(Vec<OpenFile>, bool)> {
        let mut tries = 0;
        loop {
            tries += 1;
            let found = self.opened(&rotated);
            let again = self.opened(&rotated);
            let identities = |files: &[OpenFile]| -> Vec<(u64, u64)> {
                files.iter().map(|file| file.identity).collect()
            };
            match (found, again) {
                // No file was renamed meanwhile.
                (Ok(mut files), Ok(again)) if identities(&files) == identities(&again) => {
                    let own = files.iter().position(|file| file.identity == self.file.identity);
                    // Without it, the order of the others is unknown. The last is the one with the name.
                    let skipped = own.map_or(files.len().saturating_sub(1), |own| own + 1);
                    return Ok((files.split_off(skipped.min(files.len())), own.is_some()));
                }
                (Err(error), _) | (_, Err(error)) if tries == TRIES => return Err(error),
                (Ok(_), Ok(_)) if tries == TRIES => {
                    return Err(io::Error::other("its files are renamed all the time"));
                }
                _ => {}
            }
        }
    }

    /// Opens all files of the log, the oldest first.
    fn opened(&self, rotated: impl Fn() -> io::Result<Vec<PathBuf>>) -> io::Result<Vec<OpenFile>> {
        let mut paths = rotated()?;
        paths.retain(|path| *path != self.path);
        paths.push(self.path.clone());
        paths.iter().map(|path| OpenFile::open(path)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A log in a directory, as auditd writes it.
    struct Log {
        folder: tempfile::TempDir,
        lines: Vec<String>,
    }

    impl Log {
        fn new() -> Self {
            let log = Log { folder: tempfile::tempdir().unwrap(), lines: Vec::new() };
            log.write("one\n");
            log
        }

        fn path(&self, number: u32) -> PathBuf {
            let name =
                if number == 0 { "audit.log".to_owned() } else { format!("audit.log.{number}") };
            self.folder.path().join(name)
        }

        fn write(&self, text: &str) {
            let mut file = File::options().create(true).append(true).open(self.path(0)).unwrap();
            file.write_all(text.as_bytes()).unwrap();
        }

        /// Renames all files, and deletes those after the number.
        fn rotate(&self, most: u32) {
            for number in (0..=most).rev().filter(|number| self.path(*number).exists()) {
                fs::rename(self.path(number), self.path(number + 1)).unwrap();
            }
            let _ = fs::remove_file(self.path(most + 1));
        }

        fn all(&self) -> Vec<PathBuf> {
            let numbers = (0..9).rev().map(|number| self.path(number));
            numbers.filter(|path| path.exists()).collect()
        }

        fn look(&mut self, growing: &mut Growing) -> Look {
            let mut lines = Vec::new();
            let mut take = |line: Result<&[u8], Fault>| {
                lines.push(line.map_or_else(
                    |fault| fault.to_string(),
                    |line| String::from_utf8_lossy(line).into_owned(),
                ));
            };
            let look = growing.look(|| Ok(self.all()), &mut take).unwrap();
            self.lines.extend(lines);
            look
        }
    }

    #[test]
    fn reads_what_comes() {
        let mut log = Log::new();
        let mut growing = Growing::open(&log.path(0)).unwrap();
        assert!(log.look(&mut growing).has_grown);
        assert_eq!(log.look(&mut growing), Look::default());
        log.write("two\nth");
        log.look(&mut growing);
        assert_eq!(log.lines, ["one", "two"]);
        log.write("ree\n");
        assert_eq!(log.look(&mut growing), Look { has_grown: true, ..Look::default() });
        assert_eq!(log.lines, ["one", "two", "three"]);
    }

    /// The end of the old file, a file that was current only between two looks, and the new file.
    #[test]
    fn rotations_lose_nothing() {
        let mut log = Log::new();
        log.rotate(5);
        log.write("two\n");
        let mut growing = Growing::open(&log.path(0)).unwrap();
        log.look(&mut growing);
        log.write("three\n");
        log.rotate(5);
        log.write("four\n");
        log.rotate(5);
        log.write("five\n");
        let look = log.look(&mut growing);
        assert_eq!((look.may_miss, look.new_files), (false, 2));
        assert_eq!(log.lines, ["two", "three", "four", "five"]);
        // The moment in which the file has been renamed, and the new one is not yet there.
        log.write("six\n");
        log.rotate(5);
        log.look(&mut growing);
        log.write("seven\n");
        assert!(!log.look(&mut growing).may_miss);
        assert_eq!(log.lines[4..], ["six", "seven"]);
    }

    #[test]
    fn a_file_that_is_deleted_is_read_to_its_end() {
        let mut log = Log::new();
        let mut growing = Growing::open(&log.path(0)).unwrap();
        log.look(&mut growing);
        log.write("two\nno end");
        fs::remove_file(log.path(0)).unwrap();
        log.write("three\n");
        assert!(log.look(&mut growing).may_miss);
        assert_eq!(log.lines, ["one", "two", "cut off", "three"]);
    }

    #[test]
    fn a_file_that_is_cut_short_is_read_from_its_beginning() {
        let mut log = Log::new();
        let mut growing = Growing::open(&log.path(0)).unwrap();
        log.look(&mut growing);
        File::create(log.path(0)).unwrap();
        log.write("2\n");
        assert_eq!(log.look(&mut growing), Look { has_grown: true, may_miss: true, new_files: 0 });
        assert_eq!(log.lines, ["one", "2"]);
    }
}
