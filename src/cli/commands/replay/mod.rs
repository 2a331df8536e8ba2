//! `rauditctl replay`: which rule made which part of a log.
//!
//! | file | subject |
//! |---|---|
//! | `mod` | the command: read, decide, report |
//! | `logs` | the files of a log |
//! | `follow` | `--follow` |
//! | `limits` | `--budget` and `--auditd-conf` |
//! | `times` | `--since` and `--until` |

mod follow;
mod limits;
mod logs;
mod times;

pub(in crate::cli) use times::moment;

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::explain::machine::Machine;
use super::explain::sources::{Source, loads, note_unknown_paths};
use super::output;
use crate::analysis::{Arming, arming};
use crate::catalog::KernelVersion;
use crate::cli::args::{Format, Replay, ReportFormat};
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::this_machine;
use crate::cli::read::check_stdin;
use crate::model::Profile;
use crate::replay::{Makers, Table, Window};
use crate::report::replay::{ReplayReport, Verdict, write_replay};
use limits::Limits;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Replay) -> Exit {
    let exit = replayed(arguments).unwrap_or_else(Exit::from);
    if arguments.exit_zero { exit.forgiven() } else { exit }
}

fn replayed(arguments: &Replay) -> Result<Exit, Stop> {
    let target = output::target(arguments.output.as_deref());
    let read = || arguments.logs.iter().chain(&arguments.rules).map(|path| path.as_path());
    let settings = [&arguments.budget, &arguments.auditd_conf].into_iter().flatten();
    output::check_unread(target, read().chain(settings.map(|path| path.as_path())))?;
    check_stdin(read()).map_err(Stop::unanswered)?;
    let Some(window) = window(arguments) else {
        return Err(Stop::unanswered("--since is after --until"));
    };
    let version = arguments.kernel.unwrap_or(KernelVersion::NEWEST);
    let limits = Limits::read(arguments)?;
    let arming = rules(arguments, version)?;
    let makers = Makers::new(arming.kernel(), version);
    let mut table = Table::new(makers, window, arguments.by.into());
    let show = Show { arguments, arming: &arming, limits: &limits };
    if arguments.follow {
        return followed(&mut table, &show);
    }
    let files = logs::files(&arguments.logs)?;
    let is_whole = read_all(&files, &mut table)?;
    table.finish();
    if table.log.all_records() == 0 {
        return Err(Stop::unanswered(
            "there is no record in this log; a record is a line such as `type=SYSCALL msg=audit(1764230400.123:45): ...`",
        ));
    }
    let verdict = show.write(&table, files.len(), "")?;
    Ok(if is_whole { verdict } else { Exit::Unanswered })
}

/// Reads a log that grows, and writes the report again and again.
fn followed(table: &mut Table, show: &Show<'_>) -> Result<Exit, Stop> {
    let log = follow::Log::open(&show.arguments.logs)?;
    let files = log.before.len() + 1;
    let is_whole = read_all(&log.before, table)?;
    let mut lead = "";
    let verdict = log.follow(table, |table| {
        let verdict = show.write(table, files, lead)?;
        lead = "\n";
        Ok(verdict)
    })?;
    Ok(if is_whole { verdict } else { Exit::Unanswered })
}

/// Reads files into a table. Returns whether all were read to their ends.
fn read_all(files: &[PathBuf], table: &mut Table) -> Result<bool, Stop> {
    let bar = logs::progress(files);
    let mut is_whole = true;
    for file in files {
        is_whole &= logs::read(file, table, &bar)?;
    }
    bar.finish_and_clear();
    Ok(is_whole)
}

/// What a report of a table needs.
struct Show<'s> {
    arguments: &'s Replay,
    arming: &'s Arming,
    limits: &'s Limits,
}

impl Show<'_> {
    /// Writes the report, in a text after `lead`. Returns whether the budget holds.
    fn write(&self, table: &Table, files: usize, lead: &str) -> Result<Exit, Stop> {
        let Show { arguments, arming, limits } = self;
        let mut report = ReplayReport::new(table, arming, files);
        if let Some(budget) = &limits.budget {
            report.add_budget(budget, table);
        }
        if let Some(retention) = &limits.retention {
            report.add_retention(retention);
        }
        output::write(output::target(arguments.output.as_deref()), |out| match arguments.format {
            Format::Json => crate::report::write_json(out, &report),
            Format::Text => {
                let mut text = lead.to_owned();
                write_replay(&mut text, &report, arguments.unused)
                    .map_err(std::io::Error::other)?;
                out.write_all(text.as_bytes())
            }
        })?;
        Ok(match report.verdict() {
            Verdict::Holds => Exit::Done,
            Verdict::Over => Exit::Findings,
            Verdict::Unknown => Exit::Undecided,
        })
    }
}

/// Returns the time of the events that count; `None` if it ends before it begins.
fn window(arguments: &Replay) -> Option<Window> {
    let millis = |time: Option<Timestamp>| time.map(Timestamp::as_millisecond);
    Window::new(millis(arguments.since), millis(arguments.until))
}

/// Loads the rules into a kernel in memory.
fn rules(arguments: &Replay, version: KernelVersion) -> Result<Arming, Stop> {
    let Some(arch) = arguments.target.arch.or_else(this_machine) else {
        return Err(Stop::unanswered(
            "the syscalls of this machine are unknown; set an arch with --arch",
        ));
    };
    let Some(number) = arch.nr_syscalls_at(version) else {
        return Err(Stop::unanswered(format_args!(
            "the syscalls of Linux {version} are unknown: the oldest known is 5.13"
        )));
    };
    let sources: Vec<Source> =
        arguments.rules.iter().map(|path| Source::named(Path::new(path))).collect();
    let machine = Machine::of(&arguments.target);
    let loaded = loads(&sources, arguments.reading, ReportFormat::Text, &machine)?;
    machine.note_unknown_accounts();
    note_unknown_paths(&loaded.loads);
    let arming = arming(Profile::new(arch, number), &loaded.loads);
    if !sources.is_empty() && arming.kernel().entries().next().is_none() {
        return Err(Stop::unanswered(
            "--rules has no rules; without it, the events are shown by key",
        ));
    }
    Ok(arming)
}
