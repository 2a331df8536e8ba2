//! Whether another order of the same rules records the same.

use super::silence;
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

/// Two rules; the second would be tested before the first.
type Swapped<'r> = [&'r Rule; 2];

impl<'r> Order<'r> {
    /// Returns the rules in this order.
    pub(super) fn in_order(self) -> impl Iterator<Item = &'r Rule> {
        self.places.iter().filter_map(|at| self.rules.get(*at))
    }

    /// Returns `false` if it is proved that a kernel of this version records the same with the rules in this order.
    pub(super) fn may_matter(self, arch: Arch, version: KernelVersion) -> bool {
        let (swapped, are_all) = self.swapped();
        if are_all && swapped.is_empty() {
            return false;
        }
        let (before, now) = (kernel(self.rules, arch), kernel(self.in_order(), arch));
        // An example is found much faster with two rules than with all.
        let judges = Judges::new([&before, &now], version, Keys::Count);
        let shows_difference = |[first, second]: &Swapped<'_>| {
            let [one, other] =
                [[*first, *second], [*second, *first]].map(|rules| kernel(rules, arch));
            let differences = compare(&one, &other, version, Keys::Count).differences;
            differences.iter().any(|example| judges.differ(&example.event).is_ok())
        };
        swapped.iter().take(MOST_TRIED).any(shows_difference)
            || compare(&before, &now, version, Keys::Count).relation() != Relation::Same
    }

    /// Returns pairs that change their order and may match a call in common, and whether these are all such pairs.
    fn swapped(self) -> (Vec<Swapped<'r>>, bool) {
        let rules: Vec<(usize, &Rule, Conditions<'_>)> = self
            .places
            .iter()
            .zip(self.in_order())
            .map(|(place, rule)| (*place, rule, Conditions::of(rule)))
            .collect();
        let mut swapped = Vec::new();
        let (mut last, mut comparisons) = (0, 0);
        for (at, (place, rule, conditions)) in rules.iter().enumerate() {
            if *place >= last {
                last = *place;
                continue;
            }
            comparisons += at;
            for (other_place, other, on_other) in rules.iter().take(at) {
                if other_place > place && may_meet((rule, conditions), (other, on_other)) {
                    swapped.push([*rule, *other]);
                }
            }
            if comparisons > MOST_COMPARISONS || swapped.len() >= MOST_TRIED {
                return (swapped, false);
            }
        }
        (swapped, true)
    }
}

/// Returns `false` if certainly no call matches both rules.
fn may_meet(
    (one, on_one): (&Rule, &Conditions<'_>),
    (other, on_other): (&Rule, &Conditions<'_>),
) -> bool {
    // On other lists, a field that the kernel does not test there ends the test of a rule.
    let is_known = one.list == FilterList::Exit;
    one.list == other.list
        && (!is_known || silence::may_meet(one, other) && on_one.may_meet(on_other))
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
