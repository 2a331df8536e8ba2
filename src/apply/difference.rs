//! What a kernel lacks after it was restored.

use foldhash::HashMap;

use crate::errno::Errno;
use crate::kernel::Answer;
use crate::rule::{Control, Placement, Request, Rule};

/// How the state of a kernel differs from the state that it should have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Rules that it lacks.
    pub missing: Vec<Unrestored<Rule>>,
    /// Rules that it has in addition.
    pub surplus: Vec<Unrestored<Rule>>,
    /// Whether the rules of both states are in another order.
    pub is_reordered: bool,
    /// Settings that have another value, each as the request that would restore it.
    pub settings: Vec<Unrestored<Control>>,
}

/// A rule or setting that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrestored<T> {
    /// The rule or setting.
    pub what: T,
    /// The kernel's refusal to restore it, if it refused.
    pub refusal: Option<Errno>,
}

impl Difference {
    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty()
            && self.surplus.is_empty()
            && !self.is_reordered
            && self.settings.is_empty()
    }

    /// Compares the rules of two states.
    pub(super) fn of_rules(before: &[Rule], now: &[Rule], refusals: &Refusals) -> Self {
        let missing = without(before, now);
        let surplus = without(now, before);
        Difference {
            // The rules of both states, in their order.
            is_reordered: without(before, &missing) != without(now, &surplus),
            missing: refusals.beside(missing, Request::Add),
            surplus: refusals.beside(surplus, Request::Delete),
            settings: Vec::new(),
        }
    }
}

/// The refused steps of a restoration.
#[derive(Debug, Default)]
pub(super) struct Refusals(Vec<(Request, Errno)>);

impl Refusals {
    /// Notes the answer to a step. A rule that is gone needs no deletion, and a rule that is there no addition.
    pub(super) fn note(&mut self, request: &Request, answer: Answer) {
        let request = in_place(request);
        self.0.retain(|(refused, _)| *refused != request);
        match (&request, answer) {
            (_, Ok(_))
            | (Request::Delete(_), Err(Errno::ENOENT))
            | (Request::Add(_), Err(Errno::EEXIST)) => {}
            (_, Err(errno)) => self.0.push((request, errno)),
        }
    }

    /// Returns the rules that the kernel refused to add.
    pub(super) fn rules(&self) -> Vec<Rule> {
        let rule = |(request, _): &(Request, Errno)| match request {
            Request::Add(rule) => Some(rule.clone()),
            _ => None,
        };
        self.0.iter().filter_map(rule).collect()
    }

    /// Returns everything of `all`, each with the refusal of its request.
    pub(super) fn beside<T: Clone>(
        &self,
        all: Vec<T>,
        request: impl Fn(T) -> Request,
    ) -> Vec<Unrestored<T>> {
        let refusal = |what: &T| {
            let request = request(what.clone());
            self.0.iter().find(|(refused, _)| *refused == request).map(|(_, errno)| *errno)
        };
        all.into_iter().map(|what| Unrestored { refusal: refusal(&what), what }).collect()
    }
}

/// Returns the request without its placement: a rule is the same wherever it is added.
fn in_place(request: &Request) -> Request {
    match request {
        Request::Add(rule) => Request::Add(Rule { placement: Placement::Append, ..rule.clone() }),
        other => other.clone(),
    }
}

/// How the rules of a kernel that accepted a change differ from the rules that the change leads to. If none is missing and
/// none is there in addition, they are in another order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotHeld {
    /// Rules that it lacks.
    pub missing: Vec<Rule>,
    /// Rules that it has in addition.
    pub surplus: Vec<Rule>,
}

impl NotHeld {
    /// Compares the expected rules with those that a kernel holds; `None` if they are the same.
    pub(super) fn between<'r>(
        expected: impl Iterator<Item = &'r Rule> + Clone,
        held: &[Rule],
    ) -> Option<Self> {
        if expected.clone().eq(held) {
            return None;
        }
        let expected: Vec<Rule> = expected.cloned().collect();
        Some(NotHeld { missing: without(&expected, held), surplus: without(held, &expected) })
    }
}

/// Returns the rules of `all` that are not in `some`. If `all` has more equal rules than `some`, returns the surplus.
pub(super) fn without(all: &[Rule], some: &[Rule]) -> Vec<Rule> {
    let mut spare: HashMap<&Rule, usize> = HashMap::default();
    for rule in some {
        *spare.entry(rule).or_default() += 1;
    }
    let mut surplus = Vec::new();
    for rule in all {
        match spare.get_mut(rule) {
            Some(left) if *left > 0 => *left -= 1,
            _ => surplus.push(rule.clone()),
        }
    }
    surplus
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::rule_for as rule;

    #[test]
    fn counts_equal_rules() {
        let (one, two) = (rule(1), rule(2));
        let all = [one.clone(), one.clone(), two.clone()];
        assert_eq!(without(&all, std::slice::from_ref(&one)), [one, two]);
    }

    #[test]
    fn distinguishes_order_from_missing_rules() {
        let compare = |before: &[u32], now: &[u32]| {
            let rules = |numbers: &[u32]| numbers.iter().copied().map(rule).collect::<Vec<_>>();
            let found = Difference::of_rules(&rules(before), &rules(now), &Refusals::default());
            (found.missing.len(), found.surplus.len(), found.is_reordered)
        };
        assert_eq!(compare(&[1, 2, 3], &[1, 2, 3]), (0, 0, false));
        assert_eq!(compare(&[1, 2, 3], &[1, 3]), (1, 0, false));
        assert_eq!(compare(&[1, 2, 3], &[4, 1, 3]), (1, 1, false));
        assert_eq!(compare(&[1, 2, 3], &[3, 1]), (1, 0, true));
    }
}
