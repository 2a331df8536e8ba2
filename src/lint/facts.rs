//! A set compiled for one machine, with what several checks need, each computed once.

use std::cell::OnceCell;
use std::sync::Arc;

use super::scope::Scope;
use crate::analysis::{
    Advice, Arming, Load, LoadStep, Narrowing, Origin, Walks, arming, narrowing, walks,
};
use crate::catalog::Arch;
use crate::host::{AnyHost, HostOfArch};
use crate::model::Profile;
use crate::rewrite::{Mergeable, mergeable};
use crate::ruleset::{CompiledLine, CompiledSet, RuleSet, Sent};

/// What checks ask about a set on one machine.
#[derive(Debug)]
pub struct Facts<'c, 's> {
    /// The set.
    pub compiled: CompiledSet<'c, 's>,
    arming: OnceCell<Arming>,
    narrowing: OnceCell<Narrowing>,
    walks: OnceCell<Walks>,
    mergeable: OnceCell<Vec<Mergeable>>,
}

impl<'c, 's> Facts<'c, 's> {
    /// Compiles the set for one machine of the scope.
    pub fn new(set: &'c RuleSet<'s>, arch: Arch, scope: &Scope<'_>) -> Self {
        let any = AnyHost::new(Some(arch)).with_directories(set.directories());
        let host = HostOfArch { arch, others: scope.system.unwrap_or(&any) };
        Facts {
            compiled: CompiledSet::new(set, arch, profile(arch, scope), &host),
            arming: OnceCell::new(),
            narrowing: OnceCell::new(),
            walks: OnceCell::new(),
            mergeable: OnceCell::new(),
        }
    }

    /// The rules that arm every syscall, each with why and with what to write instead.
    pub fn advice(&self) -> impl Iterator<Item = (&CompiledLine<'c, 's>, &Advice)> {
        let narrowing = self.narrowing.get_or_init(|| narrowing(self.arming()));
        let lines = &self.compiled.lines;
        narrowing.advice.iter().filter_map(|one| Some((lines.get(one.origin.line)?, one)))
    }

    /// The number of rules walked for each syscall.
    pub fn walks(&self) -> &Walks {
        self.walks.get_or_init(|| walks(self.arming()))
    }

    /// The rules that could be one.
    pub(crate) fn mergeable(&self) -> &[Mergeable] {
        self.mergeable.get_or_init(|| mergeable(&self.compiled))
    }

    /// What the set arms; the line of each origin is an index into [`CompiledSet::lines`].
    pub fn arming(&self) -> &Arming {
        self.arming.get_or_init(|| self.armed())
    }

    fn armed(&self) -> Arming {
        let file: Arc<str> = "".into();
        let loads = self.compiled.lines.iter().enumerate().flat_map(|(line, one)| {
            let origin = Origin { file: Arc::clone(&file), line };
            one.checked.sent().map(move |(sent, _)| match sent {
                Sent::Request(request) => Load::new(origin.clone(), request.clone()),
                Sent::DeleteAll(key) => {
                    let key = (!key.is_empty()).then(|| key.into());
                    Load { origin: origin.clone(), step: LoadStep::DeleteAll { key } }
                }
            })
        });
        let loads: Vec<Load> = loads.collect();
        arming(self.compiled.profile, &loads)
    }
}

/// The newest kernel of the scope.
fn profile(arch: Arch, scope: &Scope<'_>) -> Profile {
    let number = scope.kernels.max.and_then(|version| arch.nr_syscalls_at(version));
    number.map_or_else(|| Profile::newest(arch), |number| Profile::new(arch, number))
}
