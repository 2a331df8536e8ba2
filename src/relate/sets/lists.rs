//! The lists of a set of rules, as functions: the rule that decides an event, and what the kernel does.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::Keys;
use super::calls::CallClass;
use super::filesystems::{dropped, is_dropped};
use super::outcomes::{Decides, ENDS, Judgment, Outcomes, Rules, States, is_always};
use super::roles::{in_list, keyed, names_file, path_of, text_of};
use super::side::{Rank, Side};
use super::space::Space;
use super::test::{Fate, Role, Trait};
use super::touched::Touched;
use crate::catalog::field;
use crate::model::{Entry, KernelModel};
use crate::relate::diagram::{Diagram, Diagrams};
use crate::rule::Rule;

/// Maximum number of rules in which examples with several names are searched if there are many.
const MOST_SAMPLED: usize = 200;

/// The rule that decides, and the outcome of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decided {
    pub(super) winner: Diagram,
    pub(super) outcome: Diagram,
}

/// The first matches for one name of a call, as numbers of rules.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameLists {
    /// On the lists exit and io_uring.
    pub(super) listed: Diagram,
    /// Among the rules that are kept by inode, if the call keeps the name.
    pub(super) kept: Diagram,
    /// If it makes it: the kernel then tests the rules with its path first.
    pub(super) made: Diagram,
    /// If it removed it: no path leads there any more.
    pub(super) gone: Diagram,
    /// While it removes a name.
    pub(super) early: Diagram,
    /// Whether the name is at a watched path: only then is it judged while it is removed.
    pub(super) watched: Diagram,
}

impl NameLists {
    /// Returns the matches in a region.
    fn within(self, diagrams: &mut Diagrams, region: Diagram) -> Self {
        let mut both = |list| diagrams.both(region, list);
        let NameLists { listed, kept, made, gone, early, watched } = self;
        NameLists {
            listed: both(listed),
            kept: both(kept),
            made: both(made),
            gone: both(gone),
            early: both(early),
            watched,
        }
    }
}

/// Builds the functions of sets.
pub(super) struct Builder<'b, 'r> {
    pub(super) space: &'b mut Space<'r>,
    pub(super) rules: &'b mut Rules<'r>,
    pub(super) outcomes: &'b mut Outcomes,
    pub(super) keys: Keys,
}

impl<'r> Builder<'_, 'r> {
    /// Builds the lists of a set. `related` has the rules that judge calls.
    pub(super) fn side(
        &mut self,
        kernel: &'r KernelModel,
        related: &[&'r Entry],
        touched: &Touched,
    ) -> Side<'r> {
        let mut entries: Vec<Option<&Entry>> = Vec::new();
        for entry in kernel.entries() {
            let at = self.rules.number(entry.rule()) as usize;
            if entries.len() <= at {
                entries.resize(at + 1, None);
            }
            if let Some(slot) = entries.get_mut(at) {
                slot.get_or_insert(entry);
            }
        }
        let rank = |entry: &Option<&Entry>| {
            entry.map_or(Rank::default(), |entry| Rank {
                priority: entry.priority(),
                is_always: is_always(entry.rule()),
                keyed: keyed(entry.rule())
                    .map(|rule| self.outcomes.recorded(self.keys, Some(rule))),
            })
        };
        let ranks = entries.iter().map(rank).collect();
        let nothing = Decided { winner: Diagram::NOTHING, outcome: Diagram::NOTHING };
        let is_grouped = !self.rules.grouped.is_empty();
        let any = match is_grouped {
            true => self.names(kernel, &self.sample(related), touched.any),
            false => {
                let region = self.space.diagrams.first(touched.any, touched.one);
                self.names(kernel, related, region)
            }
        };
        let is_open = Diagram::ALWAYS;
        let mut side = Side {
            entries,
            ranks,
            names: any,
            calls: nothing,
            is_open,
            records: nothing,
            messages: nothing,
        };
        let task = self.list(&in_list(kernel, Role::Task), Diagram::ALWAYS);
        let syscalls = self.space.syscalls();
        let task = self.space.diagrams.both(syscalls, task);
        let excluded = self.excluded(kernel);
        let state = match is_grouped {
            true => self.in_one_list(kernel, related, touched.one),
            false => self.in_order(&side, touched.one),
        };
        side.calls = self.calls(state, [task, excluded], touched.one);
        let is_excluded = self
            .space
            .diagrams
            .zip(excluded, Diagram::NOTHING, &mut |rule, _| u32::from(!matches!(rule, 0 | ENDS)));
        let is_closed = self.space.diagrams.first(task, is_excluded);
        side.is_open = self.space.diagrams.not(is_closed);
        if touched.records {
            side.records = self.records(kernel);
            side.messages = self.messages(kernel, side.records.outcome);
        }
        side
    }

    /// Returns the first matches for one name, in a region.
    pub(super) fn names(
        &mut self,
        kernel: &'r KernelModel,
        related: &[&'r Entry],
        region: Diagram,
    ) -> NameLists {
        let of = |role: fn(Role) -> bool| -> Vec<&'r Entry> {
            related.iter().filter(|entry| role(Role::of(entry))).copied().collect()
        };
        let listed = of(|role| role != Role::ByInode);
        let by_inode = of(|role| role == Role::ByInode);
        let (with_path, without): (Vec<&Entry>, Vec<&Entry>) =
            by_inode.iter().copied().partition(|entry| path_of(entry).is_some());
        let file = self.collected(kernel);
        let listed = self.list_of_names(&listed, None, region, file);
        let kept = self.list_of_names(&by_inode, None, region, file);
        let gone = self.list(&without, region);
        let loses_program = |entry: &&Entry| text_of(entry, field::EXE).is_some();
        let is_in_order = with_path.is_sorted_by_key(|entry| entry.serial());
        let made = if without.is_empty() && is_in_order && !with_path.iter().any(loses_program) {
            kept
        } else {
            // The kernel moves the rules of a path that gets a file in the order in which they were added.
            let mut with_path = with_path;
            with_path.sort_by_key(|entry| entry.serial());
            let with_path = self.list_of_names(&with_path, Some(Role::Made), region, file);
            self.space.diagrams.first(with_path, gone)
        };
        let removing = self.space.calls(CallClass::can_remove);
        let removing = self.space.diagrams.both(region, removing);
        let early = self.list_of_names(&by_inode, Some(Role::Removed), removing, file);
        let watched = match by_inode.is_empty() {
            true => Diagram::NOTHING,
            false => self.watched(kernel),
        };
        NameLists { listed, kept, made, gone, early, watched }
    }

    /// Returns the first match of a list in a region.
    fn list(&mut self, entries: &[&'r Entry], region: Diagram) -> Diagram {
        self.list_of_names(entries, None, region, Diagram::ALWAYS)
    }

    /// Returns the condition that the set collects the judged name.
    fn collected(&mut self, kernel: &KernelModel) -> Diagram {
        if !self.space.traits.contains_key(&Trait::Fstype) {
            return Diagram::ALWAYS;
        }
        let tests = dropped(kernel);
        self.space.numbers(Trait::Fstype, |number| !is_dropped(&tests, number))
    }

    /// Returns the first match of a list in a region, perhaps in another role. `file` is the condition that names have
    /// a file.
    fn list_of_names(
        &mut self,
        entries: &[&'r Entry],
        role: Option<Role>,
        region: Diagram,
        file: Diagram,
    ) -> Diagram {
        let mut matches: Vec<(u64, Diagram)> = Vec::new();
        for entry in entries {
            let (rule, role) = (entry.rule(), role.unwrap_or(Role::of(entry)));
            let region = match names_file(entry) {
                true => self.space.diagrams.both(file, region),
                false => region,
            };
            let condition = self.space.matches_within(rule, role, region);
            if condition != Diagram::NOTHING {
                let number = self.rules.number(rule);
                let number = self.space.diagrams.result(number);
                matches.push((hash(rule), self.space.diagrams.both(condition, number)));
            }
        }
        self.joined(&matches)
    }

    /// Joins matches to one list. The list is divided at the rule with the least hash, so that equal parts of two
    /// lists are divided in the same way and are computed once.
    pub(super) fn joined(&mut self, matches: &[(u64, Diagram)]) -> Diagram {
        let least = matches.iter().enumerate().min_by_key(|(_, (hash, _))| *hash);
        let Some((at, (_, middle))) = least else { return Diagram::NOTHING };
        let (before, after) = (matches.get(..at), matches.get(at + 1..));
        let before = self.joined(before.unwrap_or_default());
        let after = self.joined(after.unwrap_or_default());
        let rest = self.space.diagrams.first(*middle, after);
        self.space.diagrams.first(before, rest)
    }

    /// Returns the judgments of calls with one name, as the kernel walks the lists (`__audit_syscall_exit`).
    fn in_order(&mut self, side: &Side<'r>, region: Diagram) -> (States, Diagram) {
        let [removed, made] = [Fate::Removed, Fate::Made].map(|fate| self.space.fate(fate));
        let diagrams = &mut self.space.diagrams;
        let names = side.names.within(diagrams, region);
        let early = diagrams.both(names.watched, names.early);
        let early = diagrams.both(removed, early);
        let by_inode = diagrams.choice(made, names.made, names.kept);
        let by_inode = diagrams.choice(removed, names.gone, by_inode);
        let mut states = States::default();
        let state = diagrams.zip(early, names.listed, &mut |early, listed| {
            let state = side.step(Judgment::default(), early);
            states.number(side.step(state, listed))
        });
        let state = diagrams.zip(state, by_inode, &mut |state, by_inode| {
            states.number(side.step(states.get(state), by_inode))
        });
        (states, diagrams.both(region, state))
    }

    /// Returns the judgments of calls with one name if all rules are one list by their priority: no rule without a
    /// path is kept by inode, and no rule takes the key of another.
    fn in_one_list(
        &mut self,
        kernel: &'r KernelModel,
        related: &[&'r Entry],
        region: Diagram,
    ) -> (States, Diagram) {
        let fates = [Fate::Kept, Fate::Made, Fate::Removed];
        let watched = self.watched(kernel);
        let mut all = Diagram::NOTHING;
        for (fate, role) in fates.into_iter().zip([Role::ByInode, Role::Made, Role::Removed]) {
            let open = self.space.fate(fate);
            let mut open = self.space.diagrams.both(open, region);
            let mut matches: Vec<(u64, Diagram)> = Vec::new();
            for entry in related {
                let (rule, mut role, mut within) = (entry.rule(), role, open);
                match Role::of(entry) {
                    Role::ByInode if role == Role::Removed => {
                        within = self.space.diagrams.both(watched, open);
                    }
                    Role::ByInode => {}
                    other => role = other,
                }
                let condition = self.space.matches_within(rule, role, within);
                if condition == Diagram::NOTHING {
                    continue;
                }
                let group = self.rules.group(rule);
                let group = self.space.diagrams.result(group);
                matches.push((hash(rule), self.space.diagrams.both(condition, group)));
                if !self.rules.grouped.contains_key(rule) {
                    // No later rule decides what a changed rule decides: all others become simpler.
                    let others = self.space.diagrams.not(condition);
                    open = self.space.diagrams.both(others, open);
                }
            }
            let list = self.joined(&matches);
            all = self.space.diagrams.first(all, list);
        }
        let mut states = States::default();
        let state = self.space.diagrams.zip(all, Diagram::NOTHING, &mut |winner, _| {
            states.number(Judgment { winner, keeper: 0 })
        });
        (states, state)
    }

    /// Returns the condition that the judged name is at a path that a set watches.
    fn watched(&mut self, kernel: &'r KernelModel) -> Diagram {
        let mut places: Vec<Diagram> = super::changed::watched(kernel)
            .into_iter()
            .map(|path| self.space.at_path(path))
            .collect();
        // Joined like a balanced tree.
        while places.len() > 1 {
            places = places
                .chunks(2)
                .map(|two| {
                    two.iter()
                        .fold(Diagram::NOTHING, |one, other| self.space.diagrams.first(one, *other))
                })
                .collect();
        }
        places.pop().unwrap_or(Diagram::NOTHING)
    }

    /// Returns the changed rules and some of the others: enough to find examples.
    fn sample(&self, related: &[&'r Entry]) -> Vec<&'r Entry> {
        let every = (related.len() / MOST_SAMPLED).max(1);
        let is_kept = |(at, entry): &(usize, &&Entry)| {
            at % every == 0 || !self.rules.grouped.contains_key(entry.rule())
        };
        related.iter().enumerate().filter(is_kept).map(|(_, entry)| *entry).collect()
    }

    /// Returns the decision about calls, with the lists task and exclude.
    fn calls(
        &mut self,
        (states, state): (States, Diagram),
        [task, excluded]: [Diagram; 2],
        region: Diagram,
    ) -> Decided {
        let diagrams = &mut self.space.diagrams;
        let task = diagrams.both(region, task);
        let winner =
            diagrams.zip(state, Diagram::NOTHING, &mut |state, _| states.get(state).winner);
        let winner = diagrams.first(task, winner);
        let Builder { space, rules, outcomes, keys } = self;
        let mut decides = Decides { rules, outcomes, keys: *keys };
        let outcome = space.diagrams.zip(task, state, &mut |task, state| {
            decides.outcome(match task {
                0 => states.get(state),
                task => Judgment { winner: task, keeper: 0 },
            })
        });
        Decided { winner, outcome: self.unless(excluded, outcome) }
    }
}

pub(super) fn hash(rule: &Rule) -> u64 {
    let mut hasher = DefaultHasher::new();
    rule.hash(&mut hasher);
    hasher.finish()
}
