//! `rauditctl replay`: which rule made which part of a log.
//!
//! | file | subject |
//! |---|---|
//! | `mod` | the command: read, decide, report |
//! | `logs` | the files of a log |
//! | `suggest` | rules that would silence what fills it |
//! | `keep` | what no suggested rule may silence |
//! | `owned` | whether only root can change a program |

mod keep;
mod logs;
mod owned;
mod suggest;

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::explain::machine::Machine;
use super::explain::sources::{Loaded, Source, loads, note_unknown_paths};
use super::output;
use crate::analysis::{Arming, arming};
use crate::catalog::KernelVersion;
use crate::cli::args::{Format, Replay, ReportFormat};
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::this_machine;
use crate::cli::read::check_stdin;
use crate::cli::report::name_of;
use crate::model::Profile;
use crate::replay::suggest::{Set, Suggestions};
use crate::replay::{Against, Makers, Table};
use crate::report::replay::{NewRules, ReplayReport, write_replay};
use keep::Kept;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Replay) -> Exit {
    replayed(arguments).unwrap_or_else(Exit::from)
}

fn replayed(arguments: &Replay) -> Result<Exit, Stop> {
    let target = output::target(arguments.output.as_deref());
    let Replay { logs, rules, against, .. } = arguments;
    let kept = arguments.keep_tests.iter().chain(&arguments.keep_covers);
    let read = logs.iter().chain(rules).chain(against).chain(kept).map(|path| path.as_path());
    output::check_unread(target, read.clone())?;
    check_stdin(read).map_err(Stop::unanswered)?;
    let version = arguments.kernel.unwrap_or(KernelVersion::NEWEST);
    let reader = Reader::of(arguments, version)?;
    let (loaded, arming) = reader.load(rules)?;
    if !rules.is_empty() && arming.kernel().entries().next().is_none() {
        return Err(Stop::unanswered(
            "--rules has no rules; without it, the events are shown by key",
        ));
    }
    let new = if against.is_empty() { None } else { Some(reader.load(against)?.1) };
    let files = logs::files(logs)?;
    if arguments.suggest {
        suggest::check_files(&files)?;
    }
    let makers = Makers::new(arming.kernel(), version);
    let mut table = match &new {
        Some(new) => Table::with_against(makers, Against::new(new.kernel(), version)),
        None if arguments.suggest => Table::with_combinations(makers),
        None => Table::new(makers),
    };
    let is_whole = read_all(&files, &mut table)?;
    let suggestions = match arguments.suggest {
        true => Some(reader.suggestions(&table, &loaded, &arming, &files)?),
        false => None,
    };
    let names: Vec<String> = against.iter().map(|path| name_of(path).to_string()).collect();
    let mut report = ReplayReport::new(&table, &arming, files.len());
    if let Some(new) = &new {
        report = report.with_against(&table, &arming, &NewRules { names: &names, arming: new });
    }
    if let Some(suggestions) = &suggestions {
        report = report.with_suggestions(&table, &arming, suggestions);
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

/// Reads files into a table. Returns whether all were read to their ends.
fn read_all(files: &[PathBuf], table: &mut Table) -> Result<bool, Stop> {
    let mut is_whole = true;
    for file in files {
        is_whole &= logs::read(file, table)?;
    }
    table.finish();
    match table.log.records {
        0 => Err(Stop::unanswered(
            "there is no record in this log; a record is a line such as `type=SYSCALL msg=audit(1764230400.123:45): ...`",
        )),
        _ => Ok(is_whole),
    }
}

/// How rules are read, and the kernel that takes them.
struct Reader<'a> {
    arguments: &'a Replay,
    machine: Machine,
    profile: Profile,
    version: KernelVersion,
}

impl<'a> Reader<'a> {
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
        Ok(Reader { arguments, machine, profile: Profile::new(arch, number), version })
    }

    /// Returns what is suggested for a log that these rules made.
    fn suggestions(
        &self,
        table: &Table,
        loaded: &Loaded,
        arming: &Arming,
        files: &[PathBuf],
    ) -> Result<Suggestions, Stop> {
        let Reader { arguments, machine, version, .. } = self;
        let keys = arguments.keep_key.iter();
        let keys: Vec<Vec<u8>> = keys.map(|key| key.as_bytes().to_vec()).collect();
        let kept = Kept::read(arguments, machine, arming.kernel(), *version)?;
        let set = Set { loads: &loaded.loads, arming, version: *version, kept_keys: &keys };
        suggest::suggestions(table, &set, &kept, files)
    }

    /// Loads rules into a kernel in memory.
    fn load(&self, paths: &[PathBuf]) -> Result<(Loaded, Arming), Stop> {
        let Reader { arguments, machine, profile, .. } = self;
        let sources: Vec<Source> = paths.iter().map(|path| Source::named(path)).collect();
        let loaded = loads(&sources, arguments.reading, ReportFormat::Text, machine)?;
        machine.note_unknown_accounts();
        note_unknown_paths(&loaded.loads);
        let arming = arming(*profile, &loaded.loads);
        Ok((loaded, arming))
    }
}
