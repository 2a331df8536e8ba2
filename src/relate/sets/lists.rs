//! The lists of a set of rules, as functions: the rule that decides an event, and what the kernel does.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::calls::CallId;
use super::space::Space;
use super::test::{Role, Test};
use super::{Keys, message};
use crate::catalog::field;
use crate::model::{Entry, KernelModel};
use crate::relate::diagram::Diagram;
use crate::rule::{Action, Field, Rule};

/// The rules of all sets, by their meaning. Their numbers are results of diagrams; 0 is no rule.
#[derive(Default)]
pub(super) struct Rules<'r> {
    known: HashMap<&'r Rule, u32>,
    all: Vec<&'r Rule>,
}

/// The result for a list that ends before any rule matches.
const ENDS: u32 = u32::MAX - 1;

impl<'r> Rules<'r> {
    fn number(&mut self, rule: &'r Rule) -> u32 {
        let Rules { known, all } = self;
        *known.entry(rule).or_insert_with(|| {
            all.push(rule);
            u32::try_from(all.len()).unwrap_or(ENDS - 1)
        })
    }

    fn get(&self, number: u32) -> Option<&'r Rule> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.all.get(at).copied()
    }
}

/// Outcomes of events, by number: 0 for no record, and else the keys of the record.
#[derive(Default)]
pub(super) struct Outcomes(HashMap<Vec<Vec<u8>>, u32>);

/// The outcome of an event that is not recorded.
pub(super) const NO_RECORD: u32 = 0;
/// The outcome of an event that is recorded without a key.
const RECORD: u32 = 1;

impl Outcomes {
    fn recorded(&mut self, keys: Keys, rule: Option<&Rule>) -> u32 {
        let keys: Vec<Vec<u8>> = match (keys, rule) {
            (Keys::Count, Some(rule)) => rule.keys().map(<[u8]>::to_vec).collect(),
            (Keys::Ignore, _) | (_, None) => Vec::new(),
        };
        if keys.is_empty() {
            return RECORD;
        }
        let next = RECORD + 1 + u32::try_from(self.0.len()).unwrap_or(u32::MAX / 2);
        *self.0.entry(keys).or_insert(next)
    }
}

/// The rule that decides, and the outcome of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decided {
    pub(super) winner: Diagram,
    pub(super) outcome: Diagram,
}

/// The lists of one set.
pub(super) struct Side<'r> {
    /// By the number of the rule.
    entries: Vec<Option<&'r Entry>>,
    /// The first match on the lists exit and io_uring.
    pub(super) listed: Diagram,
    /// The first match among the rules that are kept by inode, for the judged name.
    pub(super) by_inode: Diagram,
    /// Calls with at most one name that a rule that is kept by inode matches.
    pub(super) calls: Decided,
    /// Records of every type, on the list exclude.
    pub(super) records: Decided,
    /// Messages of programs, on the lists user and exclude.
    pub(super) messages: Decided,
}

/// Builds the functions of sets.
pub(super) struct Builder<'b, 'r> {
    pub(super) space: &'b mut Space<'r>,
    pub(super) rules: &'b mut Rules<'r>,
    pub(super) outcomes: &'b mut Outcomes,
    pub(super) keys: Keys,
}

/// Returns the rules of a kernel that are tested in a role, in the order in which they are tested.
pub(super) fn in_role<'r>(kernel: &'r KernelModel, wanted: &[Role]) -> Vec<&'r Entry> {
    let mut entries: Vec<&Entry> =
        kernel.entries().filter(|entry| wanted.contains(&Role::of(entry))).collect();
    // The rules that are kept by inode are those of two lists.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.priority()));
    entries
}

impl<'r> Builder<'_, 'r> {
    pub(super) fn side(&mut self, kernel: &'r KernelModel) -> Side<'r> {
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
        let listed = self.list(&in_role(kernel, &[Role::Exit, Role::IoUring]));
        let by_inode = self.list(&in_role(kernel, &[Role::ByInode]));
        let nothing = Decided { winner: Diagram::NOTHING, outcome: Diagram::NOTHING };
        let mut side =
            Side { entries, listed, by_inode, calls: nothing, records: nothing, messages: nothing };
        side.calls = self.calls(kernel, &side);
        side.records = self.records(kernel);
        side.messages = self.messages(kernel, side.records.outcome);
        side
    }

    /// Returns the first match of a list.
    fn list(&mut self, entries: &[&'r Entry]) -> Diagram {
        let matches: Vec<(u64, Diagram)> = entries
            .iter()
            .map(|entry| {
                let (rule, role) = (entry.rule(), Role::of(entry));
                let condition = self.space.matches(rule, role);
                let number = self.rules.number(rule);
                let number = self.space.diagrams.result(number);
                (hash(rule), self.space.diagrams.both(condition, number))
            })
            .collect();
        self.joined(&matches)
    }

    /// Joins matches to one list. The list is divided at the rule with the least hash, so that equal parts of two
    /// lists are divided in the same way and are computed once.
    fn joined(&mut self, matches: &[(u64, Diagram)]) -> Diagram {
        let least = matches.iter().enumerate().min_by_key(|(_, (hash, _))| *hash);
        let Some((at, (_, middle))) = least else { return Diagram::NOTHING };
        let (before, after) = (matches.get(..at), matches.get(at + 1..));
        let before = self.joined(before.unwrap_or_default());
        let after = self.joined(after.unwrap_or_default());
        let rest = self.space.diagrams.first(*middle, after);
        self.space.diagrams.first(before, rest)
    }

    /// Returns the decision about calls (`__audit_syscall_exit`).
    fn calls(&mut self, kernel: &'r KernelModel, side: &Side<'r>) -> Decided {
        let (listed, by_inode) = (side.listed, side.by_inode);
        let winner = self.space.diagrams.zip(listed, by_inode, &mut |listed, by_inode| {
            if side.priority(by_inode) > side.priority(listed) { by_inode } else { listed }
        });
        let kept = self.outcome(side, |listed, by_inode| (listed, by_inode));
        let removed = self.outcome(side, |listed, by_inode| (by_inode, listed));
        let is_removed = self.space.removed();
        let diagrams = &mut self.space.diagrams;
        let is_kept = diagrams.not(is_removed);
        let (kept, removed) = (diagrams.both(is_kept, kept), diagrams.both(is_removed, removed));
        let outcome = diagrams.first(kept, removed);

        let task = self.list(&in_list(kernel, Role::Task));
        let syscalls = self.space.calls(|class| matches!(class.call, CallId::Syscall { .. }));
        let task = self.space.diagrams.both(syscalls, task);
        let winner = self.space.diagrams.first(task, winner);
        let Builder { space, rules, outcomes, keys } = self;
        let outcome =
            space.diagrams.zip(task, outcome, &mut |task, outcome| match rules.get(task) {
                None => outcome,
                Some(rule) if is_always(rule) => outcomes.recorded(*keys, keyed(rule)),
                Some(_) => NO_RECORD,
            });
        let mut excluded = self.exclude(kernel, Some(message::SYSCALL));
        let operations = self.exclude(kernel, Some(message::OPERATION));
        if excluded != operations {
            let diagrams = &mut self.space.diagrams;
            let others = diagrams.not(syscalls);
            let (of_syscalls, of_operations) =
                (diagrams.both(syscalls, excluded), diagrams.both(others, operations));
            excluded = diagrams.first(of_syscalls, of_operations);
        }
        Decided { winner, outcome: self.unless(excluded, outcome) }
    }

    /// Returns the outcome of the lists exit and io_uring and of the rules that are kept by inode. `order` returns the
    /// pair in the order in which the kernel walks them: it keeps the key of the first if the second has none.
    fn outcome(&mut self, side: &Side<'r>, order: fn(u32, u32) -> (u32, u32)) -> Diagram {
        let Builder { space, rules, outcomes, keys } = self;
        space.diagrams.zip(side.listed, side.by_inode, &mut |listed, by_inode| {
            let (first, second) = order(listed, by_inode);
            // A rule that does not have a higher priority than the match before it is not tested.
            let (last, before) = if side.priority(second) > side.priority(first) {
                (rules.get(second), rules.get(first))
            } else {
                (rules.get(first), None)
            };
            match last {
                Some(rule) if is_always(rule) => {
                    outcomes.recorded(*keys, keyed(rule).or(before.and_then(keyed)))
                }
                _ => NO_RECORD,
            }
        })
    }

    /// Returns `outcome` for the events that the list exclude does not drop.
    fn unless(&mut self, excluded: Diagram, outcome: Diagram) -> Diagram {
        self.space.diagrams.zip(excluded, outcome, &mut |excluded, outcome| match excluded {
            0 | ENDS => outcome,
            _ => NO_RECORD,
        })
    }

    fn exclude(&mut self, kernel: &'r KernelModel, record: Option<u32>) -> Diagram {
        self.of_records(&in_list(kernel, Role::Exclude), record)
    }

    /// Returns the first match of a list that judges records: of every type, or of one.
    fn of_records(&mut self, entries: &[&'r Entry], record: Option<u32>) -> Diagram {
        let mut matches = Vec::new();
        for entry in entries {
            let (rule, role) = (entry.rule(), Role::of(entry));
            let number = self.rules.number(rule);
            let matched = self.record(rule, role, record, number);
            matches.push((hash(rule), matched));
        }
        self.joined(&matches)
    }

    /// Returns the number of the rule for the records that it matches. At a field that the list does not know, the
    /// list ends if the conditions before it hold (`audit_filter`).
    fn record(&mut self, rule: &'r Rule, role: Role, record: Option<u32>, number: u32) -> Diagram {
        let mut so_far = if rule.fields.is_empty() { Diagram::NOTHING } else { Diagram::ALWAYS };
        let mut number = number;
        for condition in &rule.fields {
            let holds = match (condition, record) {
                (Field::Number { op, value, .. }, Some(record))
                    if condition.number() == field::MSGTYPE =>
                {
                    if op.compares(record, *value) {
                        Diagram::ALWAYS
                    } else {
                        Diagram::NOTHING
                    }
                }
                _ => self.space.holds(condition, role),
            };
            if Test::of(condition, role, self.space.version) == Test::Ends {
                number = ENDS;
                break;
            }
            so_far = self.space.diagrams.both(so_far, holds);
        }
        let number = self.space.diagrams.result(number);
        self.space.diagrams.both(so_far, number)
    }

    fn records(&mut self, kernel: &'r KernelModel) -> Decided {
        let winner = self.exclude(kernel, None);
        let kept = self.space.diagrams.result(RECORD);
        Decided { winner, outcome: self.unless(winner, kept) }
    }

    fn messages(&mut self, kernel: &'r KernelModel, records: Diagram) -> Decided {
        let winner = self.of_records(&in_list(kernel, Role::User), None);
        let rules = &self.rules;
        let outcome =
            self.space.diagrams.zip(winner, records, &mut |user, kept| match rules.get(user) {
                Some(rule) if rule.action == Action::Never => NO_RECORD,
                _ => kept,
            });
        Decided { winner, outcome }
    }
}

/// Returns the outcomes of calls.
pub(super) struct Decides<'d, 'r> {
    pub(super) rules: &'d Rules<'r>,
    pub(super) outcomes: &'d mut Outcomes,
    pub(super) keys: Keys,
}

impl Decides<'_, '_> {
    /// Returns the outcome if a rule decides; if it has no key, the record has that of `keeper`.
    pub(super) fn outcome(&mut self, winner: u32, keeper: u32) -> u32 {
        match self.rules.get(winner) {
            Some(rule) if is_always(rule) => {
                let keeper = || self.rules.get(keeper).and_then(keyed);
                self.outcomes.recorded(self.keys, keyed(rule).or_else(keeper))
            }
            _ => NO_RECORD,
        }
    }
}

impl<'r> Side<'r> {
    /// Returns whether a rule has a key.
    pub(super) fn has_key(&self, number: u32) -> bool {
        self.entry(number).is_some_and(|entry| keyed(entry.rule()).is_some())
    }

    /// Returns whether a rule for calls silences them.
    pub(super) fn is_silencing(&self) -> bool {
        let is_tested =
            |entry: &Entry| matches!(Role::of(entry), Role::Exit | Role::ByInode | Role::IoUring);
        let mut entries = self.entries.iter().flatten();
        entries.any(|entry| is_tested(entry) && entry.rule().action == Action::Never)
    }

    /// Returns whether a rule has the action `never`.
    pub(super) fn silences(&self, number: u32) -> bool {
        self.entry(number).is_some_and(|entry| entry.rule().action == Action::Never)
    }

    /// Returns the rule of this set with a number.
    pub(super) fn entry(&self, number: u32) -> Option<&'r Entry> {
        self.entries.get(number as usize).copied().flatten()
    }

    /// Returns the priority of a rule; 0 for no rule.
    pub(super) fn priority(&self, number: u32) -> u64 {
        self.entry(number).map_or(0, Entry::priority)
    }
}

/// Returns the rules of a list that has no priorities, in its order.
pub(super) fn in_list(kernel: &KernelModel, wanted: Role) -> Vec<&Entry> {
    kernel.entries().filter(|entry| Role::of(entry) == wanted).collect()
}

fn is_always(rule: &Rule) -> bool {
    rule.action != Action::Never
}

/// Returns the rule if it has a key.
fn keyed(rule: &Rule) -> Option<&Rule> {
    rule.fields.iter().any(|field| field.number() == field::KEY).then_some(rule)
}

fn hash(rule: &Rule) -> u64 {
    let mut hasher = DefaultHasher::new();
    rule.hash(&mut hasher);
    hasher.finish()
}
