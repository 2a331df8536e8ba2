//! The files of a log, in the order in which they were written.

use std::cmp::Reverse;
use std::fs::{self, File, Metadata};
use std::io::{self, BufRead, BufReader, IsTerminal, Read, stderr};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ruzstd::decoding::StreamingDecoder;

use super::beginning::Beginning;
use crate::cli::exit::Stop;
use crate::cli::report::{self, name_of};
use crate::errno::of_error;
use crate::ingest::Lines;
use crate::replay::suggest::Measure;
use crate::replay::{Table, Threads};
use crate::report::replay::Damaged;

/// The number of bytes that are read at once.
const BLOCK: usize = 1 << 18;

/// The bytes of a log that is read for a second or longer.
const LARGE: u64 = 250_000_000;

/// The name of the log in its directory. A rotated file has a number after it, the oldest the highest, or a date.
pub(super) const LOG: &str = "audit.log";

/// The first bytes of compressed files.
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// The last three of the four first bytes of a frame of zstd without text, as pzstd writes it; the first is 0x50 to 0x5f.
const ZSTD_SKIPPED: &[u8] = &[0x2a, 0x4d, 0x18];

/// Returns the files that paths name, the oldest of a directory first.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Stop> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let log = path.join(LOG);
        let found = Rotated::of(&log).map_err(|error| unreadable(path, &error))?;
        if found.files.is_empty() {
            return Err(Stop::unanswered(format_args!("there is no {LOG} in `{}`", name_of(path))));
        }
        found.note_others();
        files.extend(found.files);
    }
    Ok(once(files))
}

/// Leaves out files that are there before, perhaps under another name, and reports them.
fn once(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut seen: Vec<(Option<(u64, u64)>, PathBuf)> = Vec::new();
    for path in files {
        // What cannot be read is reported when it is read, and a pipe has its content only once.
        let found = fs::metadata(&path).ok().filter(Metadata::is_file);
        let identity = found.map(|file| (file.dev(), file.ino()));
        match seen.iter().find(|(other, _)| identity.is_some() && *other == identity) {
            Some((_, first)) if *first == path => {
                report::note(format_args!("`{}` is given twice, and is read once", name_of(&path)));
            }
            Some((_, first)) => report::note(format_args!(
                "`{}` is the same file as `{}`, and is read once",
                name_of(&path),
                name_of(first)
            )),
            None => seen.push((identity, path)),
        }
    }
    seen.into_iter().map(|(_, path)| path).collect()
}

/// The files of a log.
pub(super) struct Rotated {
    /// The log and its rotated files, the oldest first.
    pub(super) files: Vec<PathBuf>,
    /// What has a name that begins with that of the log, and is left out.
    others: Vec<(Why, PathBuf)>,
}

/// Why something is left out whose name begins with that of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// The name does not show its age, as that of `audit.log.2.bak`.
    NoAge,
    /// It is a link to nothing.
    LeadsNowhere,
    /// It is a directory, a FIFO, which would never end, or a device.
    NotAFile,
}

impl Why {
    const ALL: [Self; 3] = [Self::NoAge, Self::LeadsNowhere, Self::NotAFile];

    /// Returns the reason, and what to do about it.
    const fn text(self) -> &'static str {
        match self {
            Why::NoAge => {
                "the name shows no place among the rotated files; name a file itself to read it"
            }
            Why::LeadsNowhere => "a link to nothing, so the events of the file are missing here",
            Why::NotAFile => "a directory, a FIFO or a device, and no file",
        }
    }

    /// Returns why something is not read even if its name shows its age. What cannot be looked at for another reason is
    /// reported when it is read.
    fn of(path: &Path) -> Option<Self> {
        match fs::metadata(path) {
            Ok(found) => (!found.is_file()).then_some(Why::NotAFile),
            Err(_) => {
                let is_link = path.symlink_metadata().is_ok_and(|found| found.is_symlink());
                (is_link && !path.try_exists().unwrap_or(true)).then_some(Why::LeadsNowhere)
            }
        }
    }
}

impl Rotated {
    /// Finds the files of a log in its directory.
    pub(super) fn of(log: &Path) -> io::Result<Self> {
        let directory = log.parent().filter(|parent| *parent != Path::new(""));
        let own = log.file_name().unwrap_or_default().as_bytes();
        let (mut found, mut others) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(directory.unwrap_or(Path::new(".")))? {
            let name = entry?.file_name();
            if !name.as_bytes().starts_with(own) {
                continue;
            }
            let path = log.with_file_name(&name);
            match (Why::of(&path), age(name.as_bytes(), own)) {
                (Some(why), _) => others.push((why, path)),
                (None, Some(age)) => found.push((age, path)),
                (None, None) => others.push((Why::NoAge, path)),
            }
        }
        found.sort_unstable();
        others.sort_unstable();
        Ok(Rotated { files: found.into_iter().map(|(_, path)| path).collect(), others })
    }

    /// Notes what is left out.
    pub(super) fn note_others(&self) {
        for why in Why::ALL {
            let mut all = self.others.iter().filter(|(one, _)| *one == why);
            let Some((_, first)) = all.next() else { continue };
            let more = match all.count() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            report::note(format_args!("left out `{}`{more}: {}", name_of(first), why.text()));
        }
    }
}

/// Returns a log and its rotated files, the oldest first.
pub(super) fn rotated(log: &Path) -> io::Result<Vec<PathBuf>> {
    Rotated::of(log).map(|found| found.files)
}

/// How old a file of a log is. That of an older file is less.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    /// The date that logrotate has added (`dateext`).
    Dated(String),
    /// The number that auditd or logrotate has added, and 0 for the file that auditd writes to.
    Numbered(Reverse<u64>),
}

/// Returns the age of a file of the log by its name: `audit.log.3.gz`, `audit.log-20261127`.
fn age(name: &[u8], log: &[u8]) -> Option<Age> {
    let rest = std::str::from_utf8(name.strip_prefix(log)?).ok()?;
    let rest = rest.strip_suffix(".gz").or_else(|| rest.strip_suffix(".zst")).unwrap_or(rest);
    let numbered = |number| Age::Numbered(Reverse(number));
    match (rest.strip_prefix('.'), rest.strip_prefix('-')) {
        (Some(number), _) => number.parse().ok().map(numbered),
        (_, Some(date)) => is_date(date).then(|| Age::Dated(date.to_owned())),
        (None, None) => rest.is_empty().then_some(numbered(0)),
    }
}

/// Returns whether a text is a date as logrotate adds it, with or without a time: `20261127`, `2026-11-27`.
fn is_date(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Returns whether a file that begins so is compressed.
pub(super) fn is_compressed(first: &[u8]) -> bool {
    first.starts_with(GZIP) || first.starts_with(ZSTD) || is_skipped(first)
}

/// Returns whether a frame of zstd without text begins so.
fn is_skipped(first: &[u8]) -> bool {
    let split = first.split_first();
    split.is_some_and(|(byte, rest)| byte & 0xf0 == 0x50 && rest.starts_with(ZSTD_SKIPPED))
}

/// Returns a bar for the bytes of files that are read. It is hidden if they are read in a moment, or if nobody sees it.
pub(super) fn progress(files: &[PathBuf]) -> ProgressBar {
    let sizes = files.iter().filter_map(|file| Some(fs::metadata(file).ok()?.len()));
    let bytes = sizes.sum();
    if bytes < LARGE || !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bytes} of {total_bytes} {wide_bar} {eta}");
    style.map_or_else(|_| ProgressBar::hidden(), |style| bar.with_style(style))
}

/// Reads a file into a table. Returns what is damaged, if it was not read to its end, as a compressed file can be.
pub(super) fn read(
    path: &Path,
    table: &mut Table,
    threads: Threads,
    bar: &ProgressBar,
) -> Result<Option<Damaged>, Stop> {
    let before = (table.log.read_records, table.log.read_bytes);
    let mut text = opened(path, bar).map_err(|error| unreadable(path, &error))?;
    let beginning = Beginning::of(&mut text).map_err(|error| unreadable(path, &error))?;
    beginning.check(path)?;
    let mut lines = Lines::of(text);
    let read = table.read(&mut lines, threads);
    let has_records = table.log.read_records > before.0;
    match read {
        Ok(()) if has_records || table.log.read_bytes == before.1 => Ok(None),
        Ok(()) => Err(beginning.no_record(path)),
        Err(error) if has_records => {
            let why = reason(&error);
            let records = table.log.read_records - before.0;
            bar.suspend(|| {
                report::error(format_args!(
                    "`{}` is damaged, and what comes after {records} records is missing: {why}",
                    name_of(path)
                ));
            });
            Ok(Some(Damaged { file: name_of(path).to_string(), records, why }))
        }
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Reads a file again to measure drafts. What is damaged was reported.
pub(super) fn measure(path: &Path, measure: &mut Measure) -> Result<(), Stop> {
    let bar = ProgressBar::hidden();
    let mut lines = Lines::of(opened(path, &bar).map_err(|error| unreadable(path, &error))?);
    // An error ends the file where it ended before.
    let _ = lines.each(|line| measure.add(line));
    Ok(())
}

/// Opens a file; its first bytes show whether it is compressed.
fn opened(path: &Path, bar: &ProgressBar) -> io::Result<Box<dyn BufRead>> {
    let file: Box<dyn Read> = match path == Path::new("-") {
        true => Box::new(io::stdin()),
        false => Box::new(bar.wrap_read(File::open(path)?)),
    };
    let mut file = BufReader::with_capacity(BLOCK, file);
    let first = file.fill_buf()?;
    let text: Box<dyn BufRead> = if first.starts_with(GZIP) {
        Box::new(BufReader::with_capacity(BLOCK, MultiGzDecoder::new(file)))
    } else if first.starts_with(ZSTD) || is_skipped(first) {
        Box::new(BufReader::with_capacity(BLOCK, Zstd::of(file)?))
    } else {
        Box::new(file)
    };
    Ok(text)
}

/// A compressed file.
type Source = BufReader<Box<dyn Read>>;

/// A text that is compressed with zstd, in one or more frames.
struct Zstd {
    frame: Option<StreamingDecoder<Source, ruzstd::decoding::FrameDecoder>>,
}

impl Zstd {
    fn of(mut file: Source) -> io::Result<Self> {
        while is_skipped(file.fill_buf()?) {
            let mut head = [0; 8];
            file.read_exact(&mut head)?;
            let [.., a, b, c, d] = head;
            let len = u64::from(u32::from_le_bytes([a, b, c, d]));
            io::copy(&mut file.by_ref().take(len), &mut io::sink())?;
        }
        if file.fill_buf()?.is_empty() {
            return Ok(Zstd { frame: None });
        }
        Ok(Zstd { frame: Some(StreamingDecoder::new(file).map_err(io::Error::other)?) })
    }
}

impl Read for Zstd {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while let Some(frame) = &mut self.frame {
            let read = frame.read(to)?;
            if read > 0 || to.is_empty() {
                return Ok(read);
            }
            let Some(frame) = self.frame.take() else { break };
            *self = Zstd::of(frame.into_inner())?;
        }
        Ok(0)
    }
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Stop {
    Stop::unanswered(format_args!("cannot read `{}`: {}", name_of(path), reason(error)))
}

fn reason(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(_) => of_error(error).to_string(),
        None => error.to_string(),
    }
}
