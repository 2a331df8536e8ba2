//! Whether a set of rules meets a requirement: whether it records every call that the rules of the requirement record.

mod change;
mod fewest;

pub use change::{Change, Step};
pub(crate) use fewest::needed;

use crate::catalog::{self, Arch, KernelVersion, field};
use crate::eval::{Evaluator, Event, Files, History, Stop};
use crate::model::{KernelModel, Profile};
use crate::relate::sets::{Coverage, Keys, covers, misses};
use crate::rule::{Action, Field, FilterList, Mask, Rule};

/// How far a set meets a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It is proved to record every required call.
    Covered,
    /// It records some.
    Partly,
    /// It records none.
    Missing,
    /// The kernel lacks every syscall that the requirement names.
    NotApplicable,
    /// That is not known.
    Undecided,
}

/// The judgment of a requirement.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Judgment {
    /// How far the set meets the requirement.
    pub state: State,
    /// The calls that it misses, and the rules that record the others: the fewest that are known, if they record all.
    pub coverage: Coverage,
    /// A rule of the set, by its serial, that would record the first missed call but comes after the rule that silences
    /// it.
    pub too_late: Option<usize>,
    /// The narrowest change of the set that covers the requirement, if one was found.
    pub change: Option<Change>,
}

/// The rules of a requirement record nothing, though the kernel has their syscalls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rules record nothing")]
pub struct RecordsNothing;

/// A set of rules that is judged.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'j> {
    /// The rules.
    pub set: &'j KernelModel,
    /// The version of the kernel.
    pub version: KernelVersion,
    /// Whether the set must record the calls with the keys of the requirement.
    pub keys: Keys,
}

impl Judge<'_> {
    /// Judges one requirement.
    ///
    /// # Errors
    /// If the required rules record nothing.
    pub fn judge(&self, required: &[Rule]) -> Result<Judgment, RecordsNothing> {
        let kernel = kernel_of(self.set.profile(), required);
        let mut coverage = covers(&kernel, self.set, self.version, self.keys);
        let lacks = |rule: &Rule| !names_known_syscall(rule, self.set.profile(), self.version);
        let state = match &coverage {
            _ if required.iter().all(lacks) => State::NotApplicable,
            Coverage { missed, by, .. } if !missed.is_empty() => {
                if by.is_empty() {
                    State::Missing
                } else {
                    State::Partly
                }
            }
            Coverage { example: None, .. } if coverage.is_complete() => return Err(RecordsNothing),
            _ if coverage.is_complete() => State::Covered,
            _ => State::Undecided,
        };
        if state == State::Covered {
            coverage.by = fewest::fewest(self, required, &coverage.by);
        }
        let is_missed = matches!(state, State::Partly | State::Missing);
        // A change is proposed only if it is proved, which takes the same search again.
        let is_provable = !coverage.is_cut_short;
        Ok(Judgment {
            state,
            too_late: coverage.missed.first().and_then(|missed| self.too_late(&missed.event)),
            change: (is_missed && is_provable)
                .then(|| change::narrowest(self, required, &coverage))
                .flatten(),
            coverage,
        })
    }

    /// Returns what a set misses.
    fn misses(&self, required: &KernelModel, set: &KernelModel) -> Coverage {
        misses(required, set, self.version, self.keys)
    }

    /// Returns the nearest rule that matches an event and would record it if another rule did not decide first.
    fn too_late(&self, event: &Event) -> Option<usize> {
        let evaluator = Evaluator::new(self.set, self.version, Files::default());
        let near = evaluator.near(&History::default(), event, self.set.len());
        let late = near.iter().filter(|near| near.stop == Stop::Late);
        let is_always = |serial: usize| {
            let mut entries = self.set.entries();
            entries.any(|entry| entry.serial() == serial && entry.rule().action == Action::Always)
        };
        late.map(|near| near.rule).find(|serial| is_always(*serial))
    }
}

/// Returns a kernel with these rules.
fn kernel_of(profile: Profile, rules: &[Rule]) -> KernelModel {
    let mut kernel = KernelModel::new(profile);
    for rule in rules {
        // A rule that is there twice counts once.
        let _ = kernel.add(rule);
    }
    kernel
}

/// Returns whether the kernel has one of the syscalls in the mask of a rule, for the programs that its arch allows.
fn names_known_syscall(rule: &Rule, profile: Profile, version: KernelVersion) -> bool {
    if rule.list != FilterList::Exit {
        return true;
    }
    let native = profile.arch();
    let arches = [Some(native), native.compat()].into_iter().flatten();
    let is_allowed = |arch: &Arch| {
        rule.fields.iter().all(|condition| match condition {
            Field::Number { op, value, .. } if condition.number() == field::ARCH => {
                op.compares(arch.elf(), *value)
            }
            _ => true,
        })
    };
    let is_known = |arch: Arch, number: u32| {
        number < Mask::FIRST_CLASS_BIT
            && catalog::kernel_syscall_name(arch, number).is_some()
            && catalog::syscall_since(arch, number).is_none_or(|since| since <= version)
    };
    arches.filter(is_allowed).any(|arch| rule.mask.iter().any(|number| is_known(arch, number)))
}
