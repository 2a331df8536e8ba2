//! Whether another order of the same rules records the same.

use super::silence;
use super::swaps::KnownSwaps;
use crate::catalog::{Arch, KernelVersion};
use crate::model::{KernelModel, Profile};
use crate::relate::Conditions;
use crate::relate::sets::{Judges, Keys, Relation, compare};
use crate::rule::{FilterList, Rule};

/// Maximum number of comparisons of two places before the sets are compared as a whole.
const MOST_COMPARISONS: usize = 4_000_000;
/// Maximum number of pairs of rules for which an event is tried.
const MOST_TRIED: usize = 4;

/// Rules, and the order in which they would be tested instead.
#[derive(Clone, Copy)]
pub(super) struct Order<'r> {
    pub(super) rules: &'r [Rule],
    /// The place of each rule in `rules`.
    pub(super) places: &'r [usize],
}

/// The places of two rules; the second would be tested before the first.
type Swapped = [usize; 2];

impl<'r> Order<'r> {
    /// Returns the rules in this order.
    pub(super) fn in_order(self) -> impl Iterator<Item = &'r Rule> {
        self.places.iter().filter_map(|at| self.rules.get(*at))
    }

    /// Returns `false` if it is proved that a kernel of this version records the same with the rules in this order.
    /// `known` is about the same rules.
    pub(super) fn may_matter(self, known: &KnownSwaps, arch: Arch, version: KernelVersion) -> bool {
        let (swapped, are_all) = self.swapped();
        if are_all && swapped.is_empty() {
            return false;
        }
        // An example is found much faster with two rules than with all.
        let mut tried = swapped.iter().take(MOST_TRIED);
        if tried.any(|swapped| known.get(*swapped, self.rules, arch, version).matters) {
            return true;
        }
        known.may_matter(self.places, || self.changes_something(&swapped, known, arch, version))
    }

    /// Returns `false` if the comparison of all rules in both orders proves that both record the same.
    fn changes_something(
        self,
        swapped: &[Swapped],
        known: &KnownSwaps,
        arch: Arch,
        version: KernelVersion,
    ) -> bool {
        let (before, now) = (kernel(self.rules, arch), kernel(self.in_order(), arch));
        let judges = Judges::new([&before, &now], version, Keys::Count);
        let shows_difference = |swapped: &Swapped| {
            let swap = known.get(*swapped, self.rules, arch, version);
            swap.examples.iter().any(|example| judges.differ(&example.event).is_ok())
        };
        swapped.iter().take(MOST_TRIED).any(shows_difference)
            || compare(&before, &now, version, Keys::Count).relation() != Relation::Same
    }

    /// Returns pairs that change their order and may match a call in common, and whether these are all such pairs.
    fn swapped(self) -> (Vec<Swapped>, bool) {
        let rules: Vec<(usize, &Rule)> = self.places.iter().copied().zip(self.in_order()).collect();
        let mut conditions: Vec<Option<Conditions<'_>>> = vec![None; rules.len()];
        let mut swapped = Vec::new();
        let (mut last, mut comparisons) = (0, 0);
        for (at, (place, rule)) in rules.iter().enumerate() {
            if *place >= last {
                last = *place;
                continue;
            }
            comparisons += at;
            let on_rule = Conditions::of(rule);
            for ((other_place, other), on_other) in rules.iter().zip(&mut conditions).take(at) {
                if other_place > place && may_meet((rule, &on_rule), other, on_other) {
                    swapped.push([*place, *other_place]);
                    // The first pairs are tried; whether there are more decides nothing if one of them matters.
                    if swapped.len() >= MOST_TRIED {
                        return (swapped, false);
                    }
                }
            }
            if comparisons > MOST_COMPARISONS {
                return (swapped, false);
            }
        }
        (swapped, true)
    }
}

/// Returns `false` if certainly no call matches both rules. The conditions of the other one are read when they are needed.
fn may_meet<'r>(
    (one, on_one): (&Rule, &Conditions<'_>),
    other: &'r Rule,
    on_other: &mut Option<Conditions<'r>>,
) -> bool {
    // On other lists, a field that the kernel does not test there ends the test of a rule.
    let is_known = one.list == FilterList::Exit;
    one.list == other.list
        && (!is_known
            || silence::may_meet(one, other)
                && on_one.may_meet(on_other.get_or_insert_with(|| Conditions::of(other))))
}

/// Returns a kernel with these rules.
pub(super) fn kernel<'r>(rules: impl IntoIterator<Item = &'r Rule>, arch: Arch) -> KernelModel {
    let mut kernel = KernelModel::new(Profile::newest(arch));
    for rule in rules {
        // A kernel can hold rules that the model refuses, such as equal ones; they are the same in both sets.
        let _ = kernel.add(rule);
    }
    kernel
}
