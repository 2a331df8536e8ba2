//! `rauditctl replay`: which rule made which part of a log.
//!
//! | file | subject |
//! |---|---|
//! | `mod` | the command: read, decide, report |
//! | `logs` | the files of a log |

mod logs;

use std::path::PathBuf;

use super::explain::machine::Machine;
use super::explain::sources::{Source, loads, note_unknown_paths};
use super::output;
use crate::analysis::{Arming, arming};
use crate::catalog::KernelVersion;
use crate::cli::args::{Format, Replay, ReportFormat};
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::this_machine;
use crate::cli::read::check_stdin;
use crate::cli::report::name_of;
use crate::model::Profile;
use crate::replay::{Against, Makers, Table};
use crate::report::replay::{NewRules, ReplayReport, write_replay};

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Replay) -> Exit {
    replayed(arguments).unwrap_or_else(Exit::from)
}

fn replayed(arguments: &Replay) -> Result<Exit, Stop> {
    let target = output::target(arguments.output.as_deref());
    let Replay { logs, rules, against, .. } = arguments;
    let read = || logs.iter().chain(rules).chain(against).map(|path| path.as_path());
    output::check_unread(target, read())?;
    check_stdin(read()).map_err(Stop::unanswered)?;
    let version = arguments.kernel.unwrap_or(KernelVersion::NEWEST);
    let set = Set::of(arguments, version)?;
    let arming = set.load(rules)?;
    if !rules.is_empty() && arming.kernel().entries().next().is_none() {
        return Err(Stop::unanswered(
            "--rules has no rules; without it, the events are shown by key",
        ));
    }
    let new = if against.is_empty() { None } else { Some(set.load(against)?) };
    let files = logs::files(&arguments.logs)?;
    let makers = Makers::new(arming.kernel(), version);
    let mut table = match &new {
        None => Table::new(makers),
        Some(new) => Table::with_against(makers, Against::new(new.kernel(), version)),
    };
    let mut is_whole = true;
    for file in &files {
        is_whole &= logs::read(file, &mut table)?;
    }
    table.finish();
    if table.log.records == 0 {
        return Err(Stop::unanswered(
            "there is no record in this log; a record is a line such as `type=SYSCALL msg=audit(1764230400.123:45): ...`",
        ));
    }
    let names: Vec<String> = against.iter().map(|path| name_of(path).to_string()).collect();
    let mut report = ReplayReport::new(&table, &arming, files.len());
    if let Some(new) = &new {
        report = report.with_against(&table, &arming, &NewRules { names: &names, arming: new });
    }
    output::write(target, |out| match arguments.format {
        Format::Json => crate::report::write_json(out, &report),
        Format::Text => {
            let mut text = String::new();
            write_replay(&mut text, &report, arguments.unused).map_err(std::io::Error::other)?;
            out.write_all(text.as_bytes())
        }
    })?;
    Ok(if is_whole { Exit::Done } else { Exit::Unanswered })
}

/// How rules are read, and the kernel that takes them.
struct Set<'a> {
    arguments: &'a Replay,
    machine: Machine,
    profile: Profile,
}

impl<'a> Set<'a> {
    fn of(arguments: &'a Replay, version: KernelVersion) -> Result<Self, Stop> {
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
        let machine = Machine::of(&arguments.target);
        Ok(Set { arguments, machine, profile: Profile::new(arch, number) })
    }

    /// Loads rules into a kernel in memory.
    fn load(&self, paths: &[PathBuf]) -> Result<Arming, Stop> {
        let Set { arguments, machine, profile } = self;
        let sources: Vec<Source> = paths.iter().map(|path| Source::named(path)).collect();
        let loaded = loads(&sources, arguments.reading, ReportFormat::Text, machine)?;
        machine.note_unknown_accounts();
        note_unknown_paths(&loaded.loads);
        Ok(arming(*profile, &loaded.loads))
    }
}
