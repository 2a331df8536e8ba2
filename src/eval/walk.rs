//! A walk of rules with unknown results: every way in which it can end.

use foldhash::HashSet;

use super::attribute::Attributes;
use super::distinct::{Distinct, Doubts};
use super::filters::{Filter, FilterId};
use super::truth::Truth;

/// The state of a call, as the rules so far have left it (`struct audit_context`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Context {
    pub(super) state: State,
    /// Rules that do not have a higher priority are skipped.
    pub(super) priority: u64,
    /// The rule whose key the record shows: the last matching rule with a key.
    pub(super) key: Option<FilterId>,
    /// The rule that decided.
    pub(super) rule: Option<FilterId>,
}

/// What happens to the call (`enum audit_state`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum State {
    /// No rule has matched.
    Build,
    /// It is recorded.
    Record,
    /// It is not recorded.
    Disabled,
    /// The task has no audit context, so no rule is tested.
    NoContext,
}

impl Context {
    /// The state of a call when it begins.
    pub(super) const START: Self =
        Context { state: State::Build, priority: 0, key: None, rule: None };

    /// Returns the state after a rule matched.
    pub(super) fn matched(self, id: FilterId, filter: &Filter) -> Self {
        Context {
            state: if filter.is_never() { State::Disabled } else { State::Record },
            priority: filter.priority,
            key: if filter.has_key { Some(id) } else { self.key },
            rule: Some(id),
        }
    }
}

/// Walks rules until one matches, and returns every state in which the walk can end. `steps` has the rules in the
/// order of the walk; `test` tests one.
pub(super) fn walk<'f, S: Copy>(
    contexts: &[Context],
    steps: impl Iterator<Item = (FilterId, &'f Filter, S)> + Clone,
    doubts: &mut Doubts,
    test: impl Fn(&Filter, S) -> Truth,
) -> Vec<Context> {
    walk_again(1, contexts, steps, doubts, test)
}

/// Walks rules several times, each time from the states in which the walk before can end.
pub(super) fn walk_again<'f, S: Copy>(
    times: usize,
    contexts: &[Context],
    steps: impl Iterator<Item = (FilterId, &'f Filter, S)> + Clone,
    doubts: &mut Doubts,
    test: impl Fn(&Filter, S) -> Truth,
) -> Vec<Context> {
    if let ([_], 1) = (contexts, times) {
        return walk_once(contexts, steps, doubts, test);
    }
    let tested = tested(times, contexts, steps, test);
    let mut walk = |contexts: &[Context]| {
        walk_once(contexts, tested.iter().copied(), doubts, |_, truth| truth)
    };
    let mut contexts = match times {
        0 => contexts.to_vec(),
        _ => walk(contexts),
    };
    for _ in 1..times {
        let ends = walk(&contexts);
        let same = HashSet::from_iter(&ends) == HashSet::from_iter(&contexts);
        contexts = ends;
        if same {
            break;
        }
    }
    contexts
}

fn walk_once<'f, S: Copy>(
    contexts: &[Context],
    steps: impl Iterator<Item = (FilterId, &'f Filter, S)> + Clone,
    doubts: &mut Doubts,
    test: impl Fn(&Filter, S) -> Truth,
) -> Vec<Context> {
    let mut ends = Distinct::new();
    for context in contexts {
        let mut is_over = false;
        for (id, filter, step) in
            steps.clone().filter(|(_, filter, _)| filter.priority > context.priority)
        {
            match test(filter, step) {
                Truth::False => continue,
                Truth::True => is_over = true,
                Truth::Unknown(attributes) => doubt(doubts, Some(filter.serial), attributes),
            }
            ends.add(context.matched(id, filter));
            if is_over {
                break;
            }
        }
        if !is_over {
            ends.add(*context);
        }
    }
    ends.into_list()
}

/// Tests each step once. Leaves out those that do not match, those that no context reaches, and repeated ones: many
/// names can have the same answer for a rule.
fn tested<'f, S>(
    times: usize,
    contexts: &[Context],
    steps: impl Iterator<Item = (FilterId, &'f Filter, S)>,
    test: impl Fn(&Filter, S) -> Truth,
) -> Vec<(FilterId, &'f Filter, Truth)> {
    let priorities = || contexts.iter().map(|context| context.priority);
    let lowest = priorities().min().unwrap_or(u64::MAX);
    let highest = priorities().max().filter(|_| times == 1);
    let mut seen = HashSet::default();
    let mut tested = Vec::new();
    for (id, filter, step) in steps.filter(|(_, filter, _)| filter.priority > lowest) {
        let truth = test(filter, step);
        let unknown = match truth {
            Truth::False => continue,
            Truth::True => None,
            Truth::Unknown(attributes) => Some(attributes),
        };
        if seen.insert((id, unknown)) {
            tested.push((id, filter, truth));
        }
        // Every walk ends here.
        if unknown.is_none() && highest.is_some_and(|highest| filter.priority > highest) {
            break;
        }
    }
    tested
}

/// Adds what is unknown about a rule.
pub(super) fn doubt(doubts: &mut Doubts, rule: Option<usize>, attributes: Attributes) {
    doubts.add(rule, attributes);
}
