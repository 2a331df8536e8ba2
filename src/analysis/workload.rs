//! Counts of the syscalls of a workload, read from the output of other programs.
//!
//! The format is detected: tables of `strace -c` or `perf trace -s`, which are added up, or lines of
//! `name,count`.

use std::collections::BTreeMap;

use thiserror::Error;

use super::arming::Arming;
use super::inspect::number_of;
use crate::catalog::Arch;

/// Syscalls that most programs make.
const COMMON: [&str; 20] = [
    "close",
    "connect",
    "epoll_wait",
    "execve",
    "fstat",
    "futex",
    "getpid",
    "getppid",
    "lseek",
    "mmap",
    "newfstatat",
    "openat",
    "poll",
    "read",
    "recvfrom",
    "rt_sigaction",
    "sendto",
    "stat",
    "statx",
    "write",
];

/// Calls by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workload {
    /// Each name once, in alphabetical order.
    pub calls: Vec<Call>,
    /// The time of observation, if known.
    pub seconds: Option<f64>,
}

/// A syscall and the number of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name or number. The name of another arch and a colon come first: `read`, `i386:read`,
    /// `b32:read`.
    pub name: String,
    /// The number of calls.
    pub count: u64,
}

/// The reason why a text is not a workload.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BadWorkload {
    /// It has no counts.
    #[error(
        "no counts of syscalls: neither a table of `strace -c` or `perf trace -s`, nor lines of `name,count`"
    )]
    Empty,
    /// A line is malformed.
    #[error("line {line}: expected {expected}")]
    Line {
        /// The line, counted from 1.
        line: usize,
        /// The expected content of the line.
        expected: &'static str,
    },
}

impl Workload {
    /// Returns one call of each syscall that most programs make.
    pub fn common() -> Self {
        let call = |name: &&str| Call { name: (*name).to_owned(), count: 1 };
        Workload { calls: COMMON.iter().map(call).collect(), seconds: None }
    }

    /// Parses the output of another program.
    ///
    /// ```
    /// # use rauditctl::analysis::workload::Workload;
    /// let workload = Workload::parse("openat,10\nread,5\nread,2\n")?;
    /// assert_eq!(workload.calls[1].count, 7);
    /// # Ok::<(), rauditctl::analysis::workload::BadWorkload>(())
    /// ```
    ///
    /// # Errors
    /// [`BadWorkload`] if it has no counts or a malformed line.
    pub fn parse(text: &str) -> Result<Self, BadWorkload> {
        let is_table = text.lines().any(|line| Columns::of(line).is_some());
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut add = |name: &str, count: u64| {
            let sum = counts.entry(name.to_owned()).or_default();
            *sum = sum.saturating_add(count);
        };
        match is_table {
            true => read_tables(text, &mut add)?,
            false => read_lines(text, &mut add)?,
        }
        if counts.is_empty() {
            return Err(BadWorkload::Empty);
        }
        let calls = counts.into_iter().map(|(name, count)| Call { name, count }).collect();
        Ok(Workload { calls, seconds: None })
    }

    /// Returns the counts by arch and number, and the calls to syscalls that this kernel does not have.
    pub fn numbered(&self, arming: &Arming) -> (BTreeMap<(Arch, u32), u64>, Vec<Call>) {
        let mut numbered = BTreeMap::new();
        let mut unknown = Vec::new();
        for call in &self.calls {
            match number(arming, &call.name) {
                Some(syscall) => {
                    let sum: &mut u64 = numbered.entry(syscall).or_default();
                    *sum = sum.saturating_add(call.count);
                }
                None => unknown.push(call.clone()),
            }
        }
        (numbered, unknown)
    }
}

/// Returns the arch and number of the syscall, if this kernel has it.
fn number(arming: &Arming, text: &str) -> Option<(Arch, u32)> {
    let (arch, name) = match text.split_once(':') {
        None => (arming.arch, text),
        Some(("b32", name)) => (arming.arch.b32()?, name),
        Some(("b64", name)) => (arming.arch.b64()?, name),
        Some((arch, name)) => (Arch::from_name(arch.as_bytes())?, name),
    };
    let nr = number_of(arch, name)?;
    (nr < arming.nr_syscalls && arming.arches().any(|runs| runs == arch)).then_some((arch, nr))
}

/// The columns of a table.
#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    calls: usize,
    /// Empty in rows without errors.
    errors: Option<usize>,
    count: usize,
}

impl Columns {
    /// Returns the columns of a header line: `% time seconds usecs/call calls errors syscall` of
    /// strace, `syscall calls errors total min avg max stddev` of perf.
    fn of(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().filter(|word| *word != "%").collect();
        let find = |wanted| words.iter().position(|word| *word == wanted);
        Some(Columns {
            name: find("syscall")?,
            calls: find("calls")?,
            errors: find("errors"),
            count: words.len(),
        })
    }

    /// Returns the name and the count of a row.
    fn read(self, line: &str) -> Option<(&str, u64)> {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if let Some(errors) = self.errors
            && words.len() + 1 == self.count
        {
            words.insert(errors, "");
        }
        if words.len() != self.count {
            return None;
        }
        Some((words.get(self.name)?, words.get(self.calls)?.parse().ok()?))
    }
}

/// Adds up the tables; ignores the text between them.
fn read_tables(text: &str, add: &mut impl FnMut(&str, u64)) -> Result<(), BadWorkload> {
    let mut columns: Option<Columns> = None;
    for (at, line) in (1..).zip(text.lines()) {
        if let Some(head) = Columns::of(line) {
            columns = Some(head);
            continue;
        }
        let Some(table) = columns else { continue };
        let begin = line.trim_start();
        if begin.is_empty() {
            columns = None;
        } else if begin.starts_with("---") || begin.starts_with('(') {
            // The lines around the rows, and perf's line of units.
        } else {
            match table.read(line) {
                Some(("total", _)) => columns = None,
                Some((name, count)) => add(name, count),
                None => {
                    let expected = "a row of the table above: a syscall and its calls";
                    return Err(BadWorkload::Line { line: at, expected });
                }
            }
        }
    }
    Ok(())
}

/// Adds up lines of `name,count`. The first line may be a header.
fn read_lines(text: &str, add: &mut impl FnMut(&str, u64)) -> Result<(), BadWorkload> {
    let mut is_first = true;
    for (at, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split(',').map(|cell| cell.trim().trim_matches('"')).collect();
        match cells.as_slice() {
            [name, count] if !name.is_empty() => match count.parse() {
                Ok(count) => add(name, count),
                Err(_) if is_first && !count.starts_with(|c: char| c.is_ascii_digit()) => {}
                Err(_) => return Err(BadWorkload::Line { line: at, expected: "a whole number" }),
            },
            _ if is_first => return Err(BadWorkload::Empty),
            _ => return Err(BadWorkload::Line { line: at, expected: "`name,count`" }),
        }
        is_first = false;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(text: &str) -> Vec<(String, u64)> {
        let workload = Workload::parse(text).unwrap();
        workload.calls.into_iter().map(|call| (call.name, call.count)).collect()
    }

    fn of(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
        expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    #[test]
    fn reads_strace_rows_without_errors() {
        let text = "\
a.txt  b.txt
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.000300           9        34        13 openat
 40.00    0.000200          28         7           read
------ ----------- ----------- --------- --------- ----------------
100.00    0.000500          12        41        13 total
";
        assert_eq!(counts(text), of(&[("openat", 34), ("read", 7)]));
    }

    #[test]
    fn reads_strace_with_selected_columns() {
        let text = "\
syscall              calls    errors
---------------- --------- ---------
read                     7
openat                  34        13
---------------- --------- ---------
total                   41        13
";
        assert_eq!(counts(text), of(&[("openat", 34), ("read", 7)]));
    }

    #[test]
    fn adds_up_the_threads_of_perf() {
        let text = "
 Summary of events:

 sh (101), 30 events, 60.0%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   read                   9      1     0.031     0.002     0.003     0.006     10.21%
   wait4                  2      0     1.500     0.700     0.750     0.800      6.67%


 cat (102), 20 events, 40.0%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   read                   4      0     0.011     0.002     0.003     0.004      9.00%

";
        assert_eq!(counts(text), of(&[("read", 13), ("wait4", 2)]));
    }

    #[test]
    fn accepts_a_header_line() {
        let text = "syscall,calls\n# a comment\nread, 7\n\"openat\",34\nread,1\n";
        assert_eq!(counts(text), of(&[("openat", 34), ("read", 8)]));
        assert_eq!(counts("read,7\n"), of(&[("read", 7)]));
    }

    #[test]
    fn reports_malformed_lines() {
        let error = |text| Workload::parse(text).unwrap_err();
        assert_eq!(error(""), BadWorkload::Empty);
        assert_eq!(error("name,count\n"), BadWorkload::Empty);
        assert_eq!(error("-a always,exit -S open\n"), BadWorkload::Empty);
        assert_eq!(
            error("read,1\nopen,-1\n"),
            BadWorkload::Line { line: 2, expected: "a whole number" }
        );
        assert!(matches!(error("read,1\nopen\n"), BadWorkload::Line { line: 2, .. }));
        assert!(matches!(error("calls syscall\n1\n"), BadWorkload::Line { line: 2, .. }));
    }
}
