//! Rules that end the walk early: `never` for syscalls that no later rule records.
//!
//! A rule kept by inode is tested after the walk, but a `never` before it silences it (`audit_filter_rules` compares
//! priorities), so it counts as a later rule too. The rules are added where they save the workload the most.

use super::draft::Optimal;
use super::prices::Prices;
use super::step::Step;
use crate::analysis::Sides;
use crate::catalog::{Arch, kernel_syscall_name};
use crate::model::Home;
use crate::rule::{Action, Field, FilterList, Mask, NumberId, Op, Rule};

/// Syscalls that stay as they are. The decision about `io_uring_enter` holds for its operations, and a rule with a
/// syscall that sends signals makes the kernel note every receiver (`audit_signals`).
const LEFT_OUT: [&str; 4] = ["io_uring_enter", "kill", "tgkill", "tkill"];

/// Maximum number of places for new rules.
const MOST_PLACES: usize = 4;

/// Maximum number of places that are tried, and what limits them in long lists: each is tried with all rules.
const MOST_TRIED: usize = 24;
const MOST_RULES_TRIED: usize = 6_000;

/// The least part of the cost that a place must save.
const LEAST_GAIN: f64 = 0.01;

/// The rules with those that end the walk, and the syscalls that these name.
pub(super) struct FastPath {
    pub(super) rules: Vec<Optimal>,
    pub(super) syscalls: Vec<(Arch, u32)>,
}

/// Adds the rules that save the most; `None` if none saves anything. No syscall of the workload becomes dearer than it was,
/// except for `companions`, which no new rule names.
pub(super) fn fast_path(
    rules: &[Optimal],
    sides: &Sides,
    companions: &[(Arch, u32)],
    prices: &Prices<'_>,
) -> Option<FastPath> {
    let ends = Ends::of(rules, sides, companions);
    let limit = prices.of_source();
    let tries = (MOST_RULES_TRIED / rules.len().max(1)).clamp(1, MOST_TRIED);
    let mut plan: Vec<Place> = Vec::new();
    let mut cost = prices.of(rules).total;
    let (most_places, forms) = match rules.len() <= MOST_RULES_TRIED {
        true => (MOST_PLACES, Form::ALL.as_slice()),
        false => (1, [Form::EveryAndOwn].as_slice()),
    };
    while plan.len() < most_places {
        let places = ends.places(prices.syscalls()).into_iter().take(tries);
        let tried = places.flat_map(|at| {
            let with = |form: &Form| {
                let mut plan = plan.clone();
                plan.retain(|place| place.at != at);
                plan.push(Place { at, form: *form });
                plan.sort_by_key(|place| place.at);
                plan
            };
            forms.iter().map(with).collect::<Vec<_>>()
        });
        let priced = tried.filter_map(|plan| {
            let costs = prices.of(&ends.with(rules, &plan));
            costs.is_within(&limit, companions).then_some((costs.total, plan))
        });
        let best = priced.min_by(|(one, _), (other, _)| one.total_cmp(other));
        match best {
            Some((less, better)) if less < cost * (1.0 - LEAST_GAIN) => {
                (cost, plan) = (less, better)
            }
            _ => break,
        }
    }
    let made = ends.with(rules, &plan);
    (made.len() > rules.len()).then(|| FastPath { syscalls: ends.named(&plan), rules: made })
}

/// A place for new rules.
#[derive(Clone, Copy)]
struct Place {
    /// The number of rules before it.
    at: usize,
    form: Form,
}

/// The rules of a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One rule without `arch`, for numbers that are free on every arch.
    Every,
    /// One rule for the arch of the kernel.
    Own,
    /// One rule without `arch`, and another rule for what else is free on the arch of the kernel.
    EveryAndOwn,
    /// One rule without `arch`, and a rule for what else is free on each arch.
    EveryAndEach,
}

impl Form {
    const ALL: [Self; 4] = [Form::Every, Form::Own, Form::EveryAndOwn, Form::EveryAndEach];
}

/// When the rules are over that can record a syscall.
struct Ends {
    /// For each arch, the kernel's own first.
    sides: Vec<SideEnds>,
}

struct SideEnds {
    arch: Arch,
    /// For each number, the number of rules up to the last rule that can record it.
    ends: Vec<usize>,
    /// The numbers that are syscalls.
    known: Mask,
    /// The numbers that no rule may name.
    left_out: Mask,
}

impl Ends {
    fn of(rules: &[Optimal], sides: &Sides, companions: &[(Arch, u32)]) -> Self {
        let mut ends: Vec<SideEnds> = sides
            .arches()
            .map(|arch| SideEnds::new(arch, sides.nr_syscalls(), companions))
            .collect();
        // Such a rule leaves the key of the rule of the list that matches too, even of a `never`.
        let keys_matter = rules.iter().any(|optimal| is_by_inode_without_key(&optimal.rule));
        for (at, rule) in (1..).zip(rules.iter().map(|optimal| &optimal.rule)) {
            let decides_key = keys_matter && rule.keys().next().is_some();
            if rule.action != Action::Always && !decides_key {
                continue;
            }
            let possible = match rule.list {
                FilterList::Exit => sides.possible(rule),
                // A rule of this list that is kept by inode is tested for syscalls of the same numbers.
                FilterList::IoUring => vec![rule.mask.clone(); ends.len()],
                _ => continue,
            };
            for (side, mask) in ends.iter_mut().zip(&possible) {
                for number in mask.iter() {
                    if let Some(end) = side.ends.get_mut(number as usize) {
                        *end = at;
                    }
                }
            }
        }
        Ends { sides: ends }
    }

    /// Returns the places after which these syscalls are free, the first ones first.
    fn places(&self, syscalls: &[(Arch, u32)]) -> Vec<usize> {
        let end = |(arch, number): &(Arch, u32)| {
            let side = self.sides.iter().find(|side| side.arch == *arch)?;
            side.ends.get(*number as usize).copied()
        };
        let mut places: Vec<usize> = syscalls.iter().filter_map(end).collect();
        places.push(0);
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Returns the rules with those of a plan.
    fn with(&self, rules: &[Optimal], plan: &[Place]) -> Vec<Optimal> {
        let mut made = Vec::with_capacity(rules.len() + 3 * plan.len());
        let (mut start, mut earlier) = (0, None);
        for place in plan {
            made.extend_from_slice(rules.get(start..place.at).unwrap_or_default());
            let new = self.rules_at(*place, earlier).into_iter();
            made.extend(new.map(|(_, rule)| Optimal {
                rule,
                from: Vec::new(),
                dropped: Vec::new(),
                steps: vec![Step::FastPath],
            }));
            start = place.at;
            earlier = Some(place.at);
        }
        made.extend_from_slice(rules.get(start..).unwrap_or_default());
        made
    }

    /// Returns the syscalls that the rules of a plan name, in order.
    fn named(&self, plan: &[Place]) -> Vec<(Arch, u32)> {
        let earlier = std::iter::once(None).chain(plan.iter().map(|place| Some(place.at)));
        let rules =
            plan.iter().zip(earlier).flat_map(|(place, earlier)| self.rules_at(*place, earlier));
        let named = rules.flat_map(|(arch, rule)| {
            let sides =
                self.sides.iter().filter(move |side| arch.is_none_or(|arch| arch == side.arch));
            let named = sides.flat_map(|side| {
                rule.mask
                    .iter()
                    .filter(|number| side.known.contains(*number))
                    .map(|number| (side.arch, number))
            });
            named.collect::<Vec<_>>()
        });
        let mut named: Vec<(Arch, u32)> = named.collect();
        named.sort_by_key(|(arch, number)| {
            (self.sides.iter().position(|side| side.arch == *arch), *number)
        });
        named
    }

    /// Returns the rules of a place, each with its arch, for what is free there and was not at an earlier place.
    fn rules_at(&self, place: Place, earlier: Option<usize>) -> Vec<(Option<Arch>, Rule)> {
        let Place { at, form } = place;
        let every = match form {
            Form::Own => Mask::EMPTY,
            _ => self.free_on_every(at, earlier),
        };
        let with_arch = match form {
            Form::Every => 0,
            Form::Own | Form::EveryAndOwn => 1,
            Form::EveryAndEach => self.sides.len(),
        };
        let own = self.sides.iter().take(with_arch).map(|side| {
            let free = side.numbers().filter(|number| side.is_new(*number, at, earlier));
            (Some(side.arch), mask_of(free.filter(|number| !every.contains(*number))))
        });
        let all = std::iter::once((None, every.clone())).chain(own);
        all.filter(|(_, mask)| !mask.is_empty())
            .map(|(arch, mask)| (arch, never(arch, mask)))
            .collect()
    }

    /// Returns the numbers that are free on every arch.
    fn free_on_every(&self, at: usize, earlier: Option<usize>) -> Mask {
        let Some(own) = self.sides.first() else { return Mask::EMPTY };
        let all = own.numbers().filter(|number| {
            self.sides.iter().all(|side| side.is_free(*number, at))
                && self.sides.iter().any(|side| side.is_new(*number, at, earlier))
        });
        mask_of(all)
    }
}

impl SideEnds {
    fn new(arch: Arch, nr_syscalls: u32, companions: &[(Arch, u32)]) -> Self {
        let name = |number: u32| kernel_syscall_name(arch, number);
        let is_left_out = |number: &u32| {
            name(*number).is_some_and(|name| LEFT_OUT.contains(&name))
                || companions.contains(&(arch, *number))
        };
        SideEnds {
            arch,
            ends: vec![0; nr_syscalls as usize],
            known: mask_of((0..nr_syscalls).filter(|number| name(*number).is_some())),
            left_out: mask_of((0..nr_syscalls).filter(is_left_out)),
        }
    }

    fn numbers(&self) -> impl Iterator<Item = u32> {
        (0..).take(self.ends.len())
    }

    /// Returns whether no rule after the first `at` records the syscall.
    fn is_free(&self, number: u32, at: usize) -> bool {
        let end = self.ends.get(number as usize);
        end.is_some_and(|end| *end <= at) && !self.left_out.contains(number)
    }

    /// Returns whether the number is a syscall that is free here and was not at an earlier place.
    fn is_new(&self, number: u32, at: usize, earlier: Option<usize>) -> bool {
        self.known.contains(number)
            && self.is_free(number, at)
            && !earlier.is_some_and(|earlier| self.is_free(number, earlier))
    }
}

fn is_by_inode_without_key(rule: &Rule) -> bool {
    rule.action == Action::Always
        && Home::of(rule) == Home::InodeHash
        && rule.keys().next().is_none()
}

/// Returns the rule that records none of these syscalls.
fn never(arch: Option<Arch>, mask: Mask) -> Rule {
    let mut rule = Rule { mask, ..Rule::new(FilterList::Exit, Action::Never) };
    if let Some(arch) = arch {
        rule.fields.push(Field::Number { id: NumberId::ARCH, op: Op::EQUAL, value: arch.elf() });
    }
    rule
}

fn mask_of(numbers: impl Iterator<Item = u32>) -> Mask {
    let mut mask = Mask::EMPTY;
    for number in numbers {
        // Every number of a syscall table fits into a mask.
        let _ = mask.insert(number);
    }
    mask
}
