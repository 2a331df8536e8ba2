//! The rules that made a log, and others that it is asked about.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::keep::Kept;
use super::suggest;
use crate::analysis::{Arming, arming};
use crate::catalog::KernelVersion;
use crate::cli::args::{Replay, ReplayFormat, ReportFormat};
use crate::cli::commands::explain::machine::Machine;
use crate::cli::commands::explain::sources::{Loaded, Source, loads, note_unknown_paths};
use crate::cli::commands::input::nr_syscalls_at;
use crate::cli::exit::Stop;
use crate::cli::host::this_machine;
use crate::model::Profile;
use crate::replay::Table;
use crate::replay::suggest::{Set, Suggestions};

/// How rules are read, and the kernel that takes them.
pub(super) struct Reader<'a> {
    arguments: &'a Replay,
    machine: Machine,
    profile: Profile,
    pub(super) version: KernelVersion,
}

impl<'a> Reader<'a> {
    pub(super) fn of(arguments: &'a Replay) -> Result<Self, Stop> {
        let version = arguments.kernel.unwrap_or(KernelVersion::NEWEST);
        let Some(arch) = arguments.target.arch.or_else(this_machine) else {
            return Err(Stop::unanswered(
                "the syscalls of this machine are unknown; set an arch with --arch",
            ));
        };
        let number = nr_syscalls_at(arch, version)?;
        let machine = Machine::of(&arguments.target);
        Ok(Reader { arguments, machine, profile: Profile::new(arch, number), version })
    }

    /// Loads rules into a kernel in memory.
    pub(super) fn load(&self, paths: &[PathBuf]) -> Result<(Loaded, Arming), Stop> {
        let Reader { arguments, machine, profile, .. } = self;
        let sources: Vec<Source> = paths.iter().map(|path| Source::named(path)).collect();
        let format = match arguments.format {
            ReplayFormat::Html => ReportFormat::Html,
            ReplayFormat::Text | ReplayFormat::Json => ReportFormat::Text,
        };
        let loaded = loads(&sources, arguments.reading(), format, machine)?;
        machine.note_unknown_accounts();
        note_unknown_paths(&loaded.loads);
        let arming = arming(*profile, &loaded.loads);
        Ok((loaded, arming))
    }

    /// Returns what is suggested for a log that these rules made.
    pub(super) fn suggestions(
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
}
