//! What must change in a kernel so that it holds the rules of some files.

use super::args::Planning;
use super::desired::Desired;
use super::names::SystemNames;
use super::own_rules::own_rules;
use crate::apply::Change;
use crate::catalog::{Arch, KernelVersion};
use crate::plan::{Exactness, Gaps, Nearest, Plan, SettingChange};
use crate::report::listing::Style;
use crate::report::plan::{Compared, Lack, LeftOut, PlanReport, State, WantedRule};
use crate::rule::Rule;
use crate::wire::Status;

/// What a kernel holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Loaded {
    pub(super) rules: Vec<Rule>,
    /// The settings; a saved listing has none.
    pub(super) status: Option<Status>,
    /// Whether login uids are immutable, if that is known.
    pub(super) immutable: Option<bool>,
}

/// The kernel that a plan is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) arch: Arch,
    pub(super) version: KernelVersion,
}

/// A change, and what it is between.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// The numbers of the loaded rules that may change in the listing of the kernel, from 1.
    numbers: Vec<usize>,
    /// What the rules of the change stand for; the rules themselves are in the change.
    nearest: Nearest,
    pub(super) change: Change,
    is_locked: bool,
    /// The number of loaded rules that are left alone, since they belong to others.
    pub(super) others: usize,
    /// The kernel that the plan is for.
    pub(super) target: Target,
}

impl Planned {
    /// Returns what changes a kernel.
    pub(super) fn new(
        desired: &Desired,
        kernel: &Loaded,
        planning: &Planning,
        target: Target,
    ) -> Self {
        let (loaded, numbers) = own_rules(&kernel.rules, &planning.own_keys);
        let others = kernel.rules.len() - loaded.len();
        // The order of conditions and of rules is what `optimize` has changed.
        let exactness = Exactness {
            writing: planning.exact || desired.is_product,
            order: planning.exact_order || desired.is_product,
        };
        let wanted = &desired.wanted.rules;
        let Target { arch, version } = target;
        let known = &desired.known_swaps;
        let mut nearest =
            Nearest::for_one_of_many(&loaded, wanted, exactness, arch, version, known);
        let gaps = if planning.allow_gap { Gaps::Allowed } else { Gaps::Avoided };
        let plan = Plan::new(&loaded, &nearest.rules, gaps);
        let settings = kernel
            .status
            .map(|status| SettingChange::between(&status, kernel.immutable, &desired.settings()));
        let wanted = std::mem::take(&mut nearest.rules);
        let change = Change { settings: settings.unwrap_or_default(), plan, wanted };
        let is_locked = kernel.status.is_some_and(|status| status.is_locked());
        Planned { numbers, nearest, change, is_locked, others, target }
    }

    /// Returns the number of rules that are deleted because no rule is wanted; `None` if rules stay, or there are none.
    pub(super) fn emptied(&self) -> Option<usize> {
        Some(self.change.plan.deleted()).filter(|all| *all > 0 && self.change.wanted.is_empty())
    }

    /// Returns whether the kernel changes.
    pub(super) fn state(&self) -> State {
        State::of(&self.change.plan, &self.change.settings, self.is_locked)
    }

    /// Returns the report.
    pub(super) fn report(&self, desired: &Desired, arch: Arch) -> PlanReport {
        self.report_by(PlanReport::new, desired, arch)
    }

    /// Returns the report without requests.
    pub(super) fn short_report(&self, desired: &Desired, arch: Arch) -> PlanReport {
        self.report_by(PlanReport::without_requests, desired, arch)
    }

    fn report_by(
        &self,
        make: impl Fn(&Plan, &[SettingChange], &Compared<'_>, bool) -> PlanReport,
        desired: &Desired,
        arch: Arch,
    ) -> PlanReport {
        let place = |at: usize| self.place(desired, at);
        let compared = Compared { numbers: &self.numbers, place: &place, style: style(arch), arch };
        let Change { plan, settings, .. } = &self.change;
        let mut report = make(plan, settings, &compared, self.is_locked);
        for (setting, change) in report.settings.iter_mut().zip(settings) {
            let place = desired.wanted.besides.place(&change.control);
            setting.source = place.map(|place| desired.name_of(place));
        }
        report.count.written_differently = self.nearest.rewritten;
        report.count.in_another_order = self.nearest.reordered;
        report.count.others = self.others;
        let left_out = |(source, lack): (String, &str)| LeftOut {
            source,
            why: Lack::Absent,
            reason: Some(lack.to_owned()),
        };
        report.left_out = desired.absent().map(left_out).collect();
        report
    }

    /// Returns the rules that shall be loaded, for a saved plan.
    pub(super) fn wanted(&self, desired: &Desired, arch: Arch) -> Vec<WantedRule> {
        let rules = self.change.wanted.iter().enumerate();
        rules
            .map(|(at, rule)| WantedRule::new(rule, self.place(desired, at), style(arch), arch))
            .collect()
    }

    /// Returns the place of a wanted rule.
    pub(super) fn place(&self, desired: &Desired, at: usize) -> String {
        self.nearest.wanted.get(at).map(|wanted| desired.place(*wanted)).unwrap_or_default()
    }

    /// Returns the wanted rule of the files that a rule of the plan is.
    pub(super) fn wanted_of(&self, at: usize) -> Option<usize> {
        self.nearest.wanted.get(at).copied()
    }
}

/// Returns how rules are listed.
pub(super) fn style(arch: Arch) -> Style<'static> {
    Style { interpret: false, machine: Some(arch), keep_arch: false, names: &SystemNames }
}
