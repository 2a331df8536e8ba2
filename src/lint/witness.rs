//! Examples for findings: an event that a rule matches and an earlier one decides.

use std::cell::{Cell, OnceCell};
use std::fmt;

use crate::catalog::{KernelVersion, field};
use crate::eval::{Evaluator, Event, Files, Notation, Verdict, filled};
use crate::model::{KernelModel, Profile};
use crate::relate::Deciding;
use crate::rule::{Field, Placement, Rule, TextId};

/// Makes examples. Each is decided by the whole set where that is possible, and else by the rules that it is about.
pub(super) struct Witnesses {
    deciding: Deciding,
    version: KernelVersion,
    profile: Profile,
    /// The whole set, which is prepared for the first example.
    whole: OnceCell<Evaluator>,
    /// The number of examples that are still made.
    left: Cell<usize>,
}

impl fmt::Debug for Witnesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Witnesses").field("left", &self.left).finish_non_exhaustive()
    }
}

impl Witnesses {
    /// Maximum number of rules in a set whose findings have examples.
    pub(super) const LARGEST: usize = 20_000;
    /// Maximum number of examples for one machine, to limit the time.
    const MOST: usize = 200;

    /// Prepares examples for a set on a kernel of this version.
    pub(super) fn new(deciding: Deciding, profile: Profile, version: KernelVersion) -> Self {
        let left = Cell::new(Self::MOST);
        Witnesses { deciding, version, profile, whole: OnceCell::new(), left }
    }

    /// Returns an event that `later` matches and one of the earlier rules decides, in the notation of events. `kernel`
    /// has the whole set.
    pub(super) fn taken<'k>(
        &self,
        kernel: impl FnOnce() -> &'k KernelModel,
        earlier: &[&Rule],
        later: &Rule,
    ) -> Option<String> {
        self.left.set(self.left.get().checked_sub(1)?);
        let event = self.deciding.taken(earlier, later)?;
        // The kernel may have an equal rule, which is found instead.
        let is_twice = earlier.contains(&later);
        let is_shown = |(event, by): (Event, By)| (is_twice || by == By::Other).then_some(event);
        let by_set = self.by_set(kernel(), &event, later).and_then(is_shown);
        let event = by_set.or_else(|| is_shown(self.by_rules(earlier, later, event)?))?;
        Some(Notation::new(&event, self.profile.arch()).to_string())
    }

    /// Returns the event with what the whole set needs to decide it.
    fn by_set(&self, kernel: &KernelModel, event: &Event, later: &Rule) -> Option<(Event, By)> {
        let prepared = || Evaluator::new(kernel, self.version, Files::default());
        decided(self.whole.get_or_init(prepared), event.clone(), kernel.find(later)?.serial())
    }

    /// Returns the event with what these rules need to decide it.
    fn by_rules(&self, earlier: &[&Rule], later: &Rule, event: Event) -> Option<(Event, By)> {
        let mut kernel = KernelModel::new(self.profile);
        for rule in earlier.iter().chain([&later]) {
            let rule = Rule { placement: Placement::Append, ..(*rule).clone() };
            // A rule that is there twice counts once.
            let _ = kernel.add(&rule);
        }
        let evaluator = Evaluator::new(&kernel, self.version, Files::default());
        decided(&evaluator, event, kernel.find(later)?.serial())
    }
}

/// Which rule decides an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Own,
    Other,
}

/// Returns the event with what is needed to decide it, and whether the rule with this serial decides it.
fn decided(evaluator: &Evaluator, event: Event, serial: usize) -> Option<(Event, By)> {
    let event = filled(event, evaluator);
    let decision = evaluator.decide(&event);
    let by = if decision.rule == Some(serial) { By::Own } else { By::Other };
    (decision.verdict != Verdict::Undecided).then_some((event, by))
}

/// Returns a rule for a path as the kernel gets it if the path is a directory.
pub(super) fn as_tree(rule: &Rule) -> Rule {
    let mut tree = rule.clone();
    for condition in &mut tree.fields {
        if let Field::Text { id, .. } = condition
            && id.number() == field::PATH
        {
            *id = TextId::DIR;
        }
    }
    tree
}
