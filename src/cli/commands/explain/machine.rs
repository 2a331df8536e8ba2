//! The machine that rules are explained for: this one, with assumptions about accounts and paths that it does not
//! have. No mask depends on an account, so the rules of another machine can be explained too.

use std::collections::BTreeMap;

use crate::cli::args::Target;
use crate::cli::commands::input::host_for;
use crate::cli::host::SystemHost;
use crate::cli::report;
use crate::host::{Accounts, AnyHost, AssumingHost, Host};
use crate::ruleset::RuleSet;

/// The maximum number of unknown accounts in a note.
const NAMED: usize = 8;

/// A machine.
pub(in crate::cli::commands) struct Machine {
    system: SystemHost,
    assumed: AnyHost,
}

impl Machine {
    /// Returns the machine of the options.
    pub(in crate::cli::commands) fn of(target: &Target) -> Self {
        let system = host_for(target);
        let assumed = AnyHost::new(system.machine());
        Machine { system, assumed }
    }

    /// Returns the host for the rules of a set. The directories that the set names are directories, unless this machine
    /// has files there.
    pub(in crate::cli::commands) fn with_paths_of(&self, set: &RuleSet<'_>) -> AssumingHost<'_> {
        self.learn_paths_of(set);
        AssumingHost { system: &self.system, assumed: &self.assumed, accounts: Accounts::Assumed }
    }

    /// Learns which paths a set names as directories.
    pub(in crate::cli::commands) fn learn_paths_of(&self, set: &RuleSet<'_>) {
        self.learn_directories(set.directories());
    }

    /// Learns that these paths are directories.
    pub(in crate::cli::commands) fn learn_directories(
        &self,
        directories: impl IntoIterator<Item = Vec<u8>>,
    ) {
        self.assumed.learn_directories(directories.into_iter().collect());
    }

    /// Returns the names of the accounts that are unknown here, by the numbers that stand for them in the rules.
    pub(super) fn unknown_accounts(&self) -> BTreeMap<u32, Vec<u8>> {
        self.assumed.made_up().into_iter().map(|(name, number)| (number, name)).collect()
    }

    /// Prints which accounts of the rules are unknown here, for what the rules arm.
    pub(in crate::cli::commands) fn note_unknown_accounts(&self) {
        self.note_accounts("what the rules arm does not depend on them", |name, _| name);
    }

    /// Prints the same for what the rules record.
    pub(in crate::cli::commands) fn note_accounts_in_events(&self) {
        self.note_accounts(
            "each is taken as another account than every number, and what depends on its number is undecided",
            |name, number| format!("{name} ({number} in events)"),
        );
    }

    fn note_accounts(&self, why: &str, shown: impl Fn(String, u32) -> String) {
        let unknown = self.assumed.made_up();
        if unknown.is_empty() {
            return;
        }
        let name =
            |(name, number): &(Vec<u8>, u32)| shown(format!("`{}`", name.escape_ascii()), *number);
        let mut names: Vec<String> = unknown.iter().take(NAMED).map(name).collect();
        if unknown.len() > NAMED {
            names.push(format!("{} more", unknown.len() - NAMED));
        }
        report::note(format_args!("accounts unknown on this machine: {}; {why}", names.join(", ")));
    }
}
