//! Rules that may match together everything that another rule matches: an index, so that few rules are compared.

use foldhash::{HashMap, HashSet};

use super::paths::trimmed;
use super::reach::Reach;
use super::trees::{above, is_usual_link};
use crate::catalog::{Arch, field};
use crate::host::Host;
use crate::relate::{Conditions, Pick, Rare};
use crate::rule::{FilterList, Mask};
use crate::ruleset::{CompiledSet, LoadedRule};

/// Maximum number of rules that are looked at for one condition and syscall.
const MOST: usize = 200;
/// Maximum number of rules that are compared together.
const MOST_TOGETHER: usize = 24;
/// A mask with more syscalls is looked at for every syscall.
const WIDE: usize = 64;

/// The syscalls for which a rule can match, by the ELF number of their arch.
type Reaches = Vec<(u32, Mask)>;

/// A rule, and what the comparison needs.
struct Sharer<'c, 'a, 's> {
    loaded: LoadedRule<'a, 's>,
    conditions: &'c Conditions<'a>,
    reaches: Reaches,
}

/// What a rule is found by: its list, a condition with one of many values, and a syscall; `None` for all.
type Key<'a> = (FilterList, Option<Rare<'a>>, Option<u32>);

/// The rules so far.
pub(super) struct Sharing<'h, 'c, 'a, 's> {
    reach: Reach,
    arches: Vec<Arch>,
    system: Option<&'h dyn Host>,
    rules: Vec<Sharer<'c, 'a, 's>>,
    by_key: HashMap<Key<'a>, Vec<usize>>,
    by_tree: HashMap<&'a [u8], Vec<usize>>,
}

impl<'h, 'c, 'a, 's> Sharing<'h, 'c, 'a, 's> {
    /// Returns an index without rules. Trees that are links on `system` contain nothing.
    pub(super) fn new(set: &CompiledSet<'_, '_>, system: Option<&'h dyn Host>) -> Self {
        Sharing {
            reach: Reach::of(set),
            arches: [Some(set.arch), set.arch.compat()].into_iter().flatten().collect(),
            system,
            rules: Vec::new(),
            by_key: HashMap::default(),
            by_tree: HashMap::default(),
        }
    }

    /// Adds a rule.
    pub(super) fn add(&mut self, loaded: LoadedRule<'a, 's>, conditions: &'c Conditions<'a>) {
        let reaches = self.reaches(&loaded, conditions);
        if reaches.is_empty() {
            return;
        }
        let at = self.rules.len();
        match conditions.tree() {
            Some(tree) if self.is_link(tree) => return,
            Some(tree) => self.by_tree.entry(trimmed(tree)).or_default().push(at),
            None => {
                let list = loaded.kernel_rule.list;
                let rare = conditions.rare().next();
                let numbers = numbers(&reaches);
                let keys: Vec<Option<u32>> = match numbers.len() {
                    1..=WIDE => numbers.into_iter().map(Some).collect(),
                    _ => vec![None],
                };
                for number in keys {
                    self.by_key.entry((list, rare, number)).or_default().push(at);
                }
            }
        }
        self.rules.push(Sharer { loaded, conditions, reaches });
    }

    /// Returns the earlier rules that may match together everything that a rule matches, in their order; none if they
    /// certainly do not, or if they are too many.
    pub(super) fn with(
        &mut self,
        loaded: &LoadedRule<'a, 's>,
        conditions: &Conditions<'a>,
    ) -> Vec<LoadedRule<'a, 's>> {
        let reaches = self.reaches(loaded, conditions);
        let Some(first) = self.of_number(loaded, conditions, numbers(&reaches).first().copied())
        else {
            return Vec::new();
        };
        let middle = |at: &usize| {
            let is_covering = |rule: &Sharer<'_, '_, '_>| {
                reaches
                    .iter()
                    .any(|(arch, _)| rule.conditions.may_cover(conditions, Pick::Middle, *arch))
            };
            self.rules.get(*at).is_some_and(is_covering)
        };
        if !first.iter().any(middle) {
            return Vec::new();
        }
        let mut places: HashSet<usize> = first.into_iter().collect();
        let numbers: Vec<u32> = numbers(&reaches).into_iter().take(WIDE).collect();
        for number in &numbers {
            places.extend(self.of_number(loaded, conditions, Some(*number)).into_iter().flatten());
        }
        self.add_exceptions(loaded, &numbers, &mut places);
        let mut places: Vec<usize> = places.into_iter().collect();
        places.sort_unstable();
        let others = places.iter().filter_map(|at| self.rules.get(*at));
        let others = others.filter(|other| {
            other.conditions.may_meet(conditions) && meet(&other.reaches, &reaches)
        });
        let others: Vec<&Sharer<'_, '_, '_>> = others.collect();
        let is_covered = reaches.iter().all(|(arch, mask)| {
            Pick::ALL.iter().all(|pick| {
                let covering = others
                    .iter()
                    .filter(|other| other.conditions.may_cover(conditions, *pick, *arch));
                let mut covering = covering.map(|other| other.on(*arch)).peekable();
                let mut together = Mask::EMPTY;
                covering.peek().is_some() && {
                    covering.for_each(|mask| together.extend_with(mask));
                    together.contains_all(mask)
                }
            })
        });
        match is_covered && others.len() <= MOST_TOGETHER {
            true => others.iter().map(|other| other.loaded).collect(),
            false => Vec::new(),
        }
    }

    /// Returns the rules that have a syscall, and no condition with one of many values that the rule lacks.
    fn of_number(
        &self,
        loaded: &LoadedRule<'a, 's>,
        conditions: &Conditions<'a>,
        number: Option<u32>,
    ) -> Option<Vec<usize>> {
        let list = loaded.kernel_rule.list;
        let known = |rare, number| self.by_key.get(&(list, rare, number));
        let rare = conditions.rare().map(Some).chain([None]);
        let by_key = rare.flat_map(|rare| {
            [known(rare, None), number.and_then(|number| known(rare, Some(number)))]
        });
        let own = conditions.path().map(trimmed);
        let trees = own.iter().flat_map(|path| above(path).chain([*path]));
        let by_tree = trees.map(|tree| self.by_tree.get(tree));
        let found = by_key.chain(by_tree).flatten();
        let found: Vec<usize> =
            found.flat_map(|places| places.iter().take(MOST).copied()).collect();
        (!found.is_empty()).then_some(found)
    }

    /// Adds the rules for the values that these rules leave out.
    fn add_exceptions(
        &self,
        loaded: &LoadedRule<'a, 's>,
        numbers: &[u32],
        places: &mut HashSet<usize>,
    ) {
        let rules = places.iter().filter_map(|at| self.rules.get(*at));
        let exceptions: HashSet<Rare<'a>> =
            rules.flat_map(|rule| rule.conditions.exceptions()).collect();
        for rare in exceptions {
            for number in numbers.iter().copied().map(Some).chain([None]) {
                let found = self.by_key.get(&(loaded.kernel_rule.list, Some(rare), number));
                places.extend(found.into_iter().flatten().take(MOST));
            }
        }
    }

    /// Returns the syscalls for which a rule can match; an empty mask where syscalls do not count.
    fn reaches(&mut self, loaded: &LoadedRule<'_, '_>, conditions: &Conditions<'_>) -> Reaches {
        let rule = loaded.kernel_rule;
        match rule.list {
            FilterList::Exit => {
                let arches =
                    self.arches.iter().filter(|arch| conditions.allow(field::ARCH, arch.elf()));
                let reaches = arches.map(|arch| (arch.elf(), self.reach.on(rule, *arch)));
                let mut reaches: Reaches = reaches.filter(|(_, mask)| !mask.is_empty()).collect();
                reaches.shrink_to_fit();
                reaches
            }
            // An operation has no arch.
            FilterList::IoUring => vec![(0, rule.mask.clone())],
            _ => vec![(0, Mask::EMPTY)],
        }
    }

    fn is_link(&self, tree: &[u8]) -> bool {
        let has_target =
            |host: &dyn Host| !tree.ends_with(b"/") && host.link_target(tree).is_some();
        is_usual_link(tree) || self.system.is_some_and(has_target)
    }
}

impl Sharer<'_, '_, '_> {
    fn on(&self, arch: u32) -> &Mask {
        let own = self.reaches.iter().find(|(own, _)| *own == arch);
        own.map_or(&Mask::EMPTY, |(_, mask)| mask)
    }
}

fn meet(one: &Reaches, other: &Reaches) -> bool {
    one.iter().any(|(arch, mask)| {
        let same = other.iter().find(|(other, _)| other == arch);
        same.is_some_and(|(_, other)| mask.intersects(other) || mask.is_empty())
    })
}

/// Returns the syscalls of all arches.
fn numbers(reaches: &Reaches) -> Vec<u32> {
    let mut all = Mask::EMPTY;
    reaches.iter().for_each(|(_, mask)| all.extend_with(mask));
    all.iter().take(WIDE + 1).collect()
}
