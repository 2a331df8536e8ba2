//! Facts about a set compiled for one machine. Each fact is computed once, when a check first asks for it.

use std::cell::OnceCell;
use std::sync::Arc;

use foldhash::HashMap;

use super::arms_all::{ArmsAll, arms_all};
use super::paths::{RulePath, paths};
use super::recorded::Recorded;
use super::scope::Scope;
use super::shadows::{Exactly, Shadow, shadows};
use super::trees::{InTree, in_trees};
use super::witness::Witnesses;
use crate::analysis::{Arming, Origin, Walks, arming, loads, walks};
use crate::catalog::Arch;
use crate::host::{AnyHost, AssumingHost, HostOfArch};
use crate::model::Profile;
use crate::relate::{Conditions, Deciding};
use crate::rewrite::{Mergeable, mergeable};
use crate::rule::{Action, FilterList, Rule};
use crate::ruleset::{CompiledLine, CompiledSet, LineId, LoadedRule, RuleSet};

/// Compiles a set for one machine of the scope, with the newest kernel of the scope.
pub fn compile_for<'c, 's>(
    set: &'c RuleSet<'s>,
    arch: Arch,
    scope: &Scope<'_>,
) -> CompiledSet<'c, 's> {
    compile_assuming(&assumed(set), set, arch, scope)
}

/// Returns what is assumed of every system: the directories that the set names, and every account.
pub(super) fn assumed(set: &RuleSet<'_>) -> AnyHost {
    AnyHost::new(None).with_directories(set.directories())
}

/// Does what [`compile_for`] does, with assumptions about what the system of the scope does not have.
pub(super) fn compile_assuming<'c, 's>(
    assumed: &AnyHost,
    set: &'c RuleSet<'s>,
    arch: Arch,
    scope: &Scope<'_>,
) -> CompiledSet<'c, 's> {
    let host = HostOfArch { arch, others: &AssumingHost::over(scope.system, assumed) };
    let number = scope.kernels.max.and_then(|version| arch.nr_syscalls_at(version));
    let profile = number.map_or_else(|| Profile::newest(arch), |number| Profile::new(arch, number));
    CompiledSet::new(set, arch, profile, &host)
}

/// The facts that checks need about a set on one machine.
#[derive(Debug)]
pub struct Facts<'a, 's> {
    /// The set.
    pub compiled: &'a CompiledSet<'a, 's>,
    rules: OnceCell<Vec<LoadedRule<'a, 's>>>,
    conditions: OnceCell<HashMap<LineId, Conditions<'a>>>,
    paths: OnceCell<Vec<RulePath<'a, 's>>>,
    arms_all: OnceCell<Vec<ArmsAll<'a, 's>>>,
    arming: OnceCell<Arming>,
    walks: OnceCell<Walks>,
    mergeable: OnceCell<Vec<Mergeable>>,
    shadows: OnceCell<Vec<Shadow<'a, 's>>>,
    in_trees: OnceCell<Vec<InTree<'a, 's>>>,
    recorded: OnceCell<Recorded>,
    witnesses: OnceCell<Witnesses>,
}

impl<'a, 's> Facts<'a, 's> {
    /// Returns the facts about a set. Nothing is computed yet.
    pub fn new(compiled: &'a CompiledSet<'a, 's>) -> Self {
        Facts {
            compiled,
            rules: OnceCell::new(),
            conditions: OnceCell::new(),
            paths: OnceCell::new(),
            arms_all: OnceCell::new(),
            arming: OnceCell::new(),
            walks: OnceCell::new(),
            mergeable: OnceCell::new(),
            shadows: OnceCell::new(),
            in_trees: OnceCell::new(),
            recorded: OnceCell::new(),
            witnesses: OnceCell::new(),
        }
    }

    /// Forgets the facts that take much memory. What remains does not have to be computed again.
    pub(super) fn forget_large(self) -> Self {
        Facts { rules: self.rules, mergeable: self.mergeable, ..Facts::new(self.compiled) }
    }

    /// Returns the rules of the set, in load order; see [`CompiledSet::rules`].
    pub fn rules(&self) -> &[LoadedRule<'a, 's>] {
        self.rules.get_or_init(|| self.compiled.rules().collect())
    }

    /// Returns the rules of the exit list that record, in load order.
    pub fn recording(&self) -> impl Iterator<Item = &LoadedRule<'a, 's>> {
        self.rules().iter().filter(|rule| {
            rule.kernel_rule.list == FilterList::Exit && rule.kernel_rule.action == Action::Always
        })
    }

    /// Returns the conditions of a rule of the set.
    pub(crate) fn conditions(&self, rule: &LoadedRule<'_, '_>) -> Option<&Conditions<'a>> {
        let conditions = self.conditions.get_or_init(|| {
            let rules = self.compiled.lines.iter().filter_map(CompiledLine::rule);
            rules.map(|rule| (rule.line.id, Conditions::of(rule.kernel_rule))).collect()
        });
        conditions.get(&rule.line.id)
    }

    /// Returns the paths in the rules of the set, in load order.
    pub(super) fn paths(&self) -> &[RulePath<'a, 's>] {
        self.paths.get_or_init(|| paths(self.rules()))
    }

    /// Returns the rules that arm every syscall, in load order.
    pub(super) fn arms_all(&self) -> &[ArmsAll<'a, 's>] {
        self.arms_all.get_or_init(|| arms_all(self.compiled, self.arming()))
    }

    /// Returns the number of rules walked for each syscall.
    pub fn walks(&self) -> &Walks {
        self.walks.get_or_init(|| walks(self.arming()))
    }

    /// Returns the groups of rules that could be one rule.
    pub(crate) fn mergeable(&self) -> &[Mergeable] {
        self.mergeable.get_or_init(|| mergeable(self.compiled))
    }

    /// Returns the rules that never take effect, because earlier rules match everything that they match.
    pub(super) fn shadows(&self, scope: &Scope<'_>) -> &[Shadow<'a, 's>] {
        self.shadows.get_or_init(|| {
            let in_trees = self.in_trees().iter().map(|one| one.later.line.id).collect();
            let deciding = self.deciding(scope);
            let exactly = Exactly::new(self.compiled, deciding, scope.system, in_trees);
            shadows(self.compiled, |loaded| self.conditions(loaded), exactly)
        })
    }

    /// Returns what answers whether rules decide, on the newest kernel of the scope.
    pub(super) fn deciding(&self, scope: &Scope<'_>) -> Deciding {
        Deciding::new(self.compiled.profile, scope.newest_kernel())
    }

    /// Returns an example for a finding: an event that a rule matches and one of the earlier rules decides; `None` if
    /// none is found, and in a large set.
    pub(super) fn example(
        &self,
        scope: &Scope<'_>,
        earlier: &[&Rule],
        later: &Rule,
    ) -> Option<String> {
        if self.rules().len() > Witnesses::LARGEST {
            return None;
        }
        let witnesses = self.witnesses.get_or_init(|| {
            Witnesses::new(self.deciding(scope), self.compiled.profile, scope.newest_kernel())
        });
        witnesses.taken(|| self.arming().kernel(), earlier, later)
    }

    /// Returns the rules for a path after a rule for its tree.
    pub(super) fn in_trees(&self) -> &[InTree<'a, 's>] {
        self.in_trees.get_or_init(|| in_trees(self.compiled))
    }

    /// Returns the syscalls that the rules of the set record, by the conditions of the rules.
    pub(super) fn recorded(&self) -> &Recorded {
        self.recorded.get_or_init(|| Recorded::of(self.compiled, self.recording()))
    }

    /// Returns what the set arms. The line of each origin is an index into [`CompiledSet::lines`].
    pub fn arming(&self) -> &Arming {
        self.arming.get_or_init(|| {
            let file: Arc<str> = "".into();
            let origin = |line, _| Origin { file: Arc::clone(&file), line };
            arming(self.compiled.profile, &loads(&self.compiled.lines, origin))
        })
    }
}
