//! The requests that bring a kernel from the rules that it holds to the rules that are wanted.
//!
//! | file | what |
//! |---|---|
//! | `by_inode` | events that rules by inode can miss |
//! | `kept` | the rules of a list that stay |
//! | `bridge` | rules that record in place of others that move |
//! | `silence` | rules that take events from later rules |
//! | `list` | the requests for one list |
//! | `nearest` | the wanted rules, as near to the loaded ones as possible |
//! | `order`, `swaps` | whether another order of rules can matter |
//! | `settings` | the settings that have another value |
//!
//! A kernel adds a rule only at an end of its list, and refuses to append a second equal rule. So the rules that stay are a
//! run of the wanted list: everything before it is prepended, and everything after it is appended. A rule that is loaded and
//! wanted, but not in the run, *moves*: it is deleted and added again.
//!
//! Without [`Gaps::Allowed`], every event that both lists record is recorded at every moment. The requests are sent in four
//! [waves](Wave), and each wave of deletions needs the rules of the wave before it:
//!
//! 1. *Bridges* are prepended: each records what a rule that moves records.
//! 2. The rules that move are deleted, and rules that silence, if rules by inode that are added could meet them.
//! 3. The missing rules are appended and prepended. No silencing rule is prepended before a recording rule that comes ahead
//!    of it: if the run would require that, another one is chosen.
//! 4. What is not wanted is deleted: first the rules that silence, then the rules that record, then the bridges.
//!
//! In between, events can be recorded that neither list records, and with the key of another rule.

mod bridge;
mod by_inode;
mod kept;
mod list;
#[cfg(feature = "relate")]
mod nearest;
#[cfg(feature = "relate")]
mod order;
mod settings;
mod silence;
#[cfg(feature = "relate")]
mod swaps;

#[cfg(feature = "relate")]
pub use nearest::{Exactness, Nearest};
pub use settings::{SettingChange, Stage};
#[cfg(feature = "relate")]
pub use swaps::KnownSwaps;

use std::collections::BTreeSet;

use crate::rule::{FilterList, Request, Rule};

/// Whether events may be missed while rules move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gaps {
    /// Events that both lists record are recorded at every moment, wherever that is possible.
    #[default]
    Avoided,
    /// The fewest requests are sent.
    Allowed,
}

/// The requests of a plan that are sent together: the next wave is sent when the kernel has accepted this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wave {
    /// Bridges are added.
    Bridges,
    /// Rules that move are deleted, and rules that silence and must be gone before rules are added.
    Moving,
    /// Rules are added.
    Adding,
    /// Rules and bridges are deleted.
    Deleting,
}

/// A request of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The wave of the request.
    pub wave: Wave,
    /// The request.
    pub request: Request,
    /// The rule that it is about.
    pub about: About,
}

impl Step {
    /// Returns whether the request deletes a rule.
    fn deletes(&self) -> bool {
        matches!(self.request, Request::Delete(_))
    }
}

/// The rule that a request is about. Numbers are indexes into the wanted and the loaded rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A wanted rule.
    Wanted(usize),
    /// A loaded rule.
    Loaded(usize),
    /// The bridge for a wanted rule.
    Bridge(usize),
}

/// A rule that is deleted and added again at another place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The index of the loaded rule.
    pub loaded: usize,
    /// The index of the wanted rule.
    pub wanted: usize,
    /// What records its events meanwhile.
    pub meanwhile: Meanwhile,
}

/// What records the events of a rule that moves, from its deletion to its addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meanwhile {
    /// A bridge does.
    Bridge,
    /// Nothing has to: the rule silences.
    Unneeded,
    /// Nothing does, so events may be missed.
    Gap,
}

/// The requests from one list of rules to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The requests, in order.
    pub steps: Vec<Step>,
    /// The rules that move.
    pub moves: Vec<Move>,
    /// The wanted rules whose events may be missed for a moment, although both lists record them.
    pub gaps: BTreeSet<usize>,
    /// The number of rules that stay.
    pub stays: usize,
}

impl Plan {
    /// Returns the plan from the rules that a kernel holds to the rules that are wanted. Both are in the form that the
    /// kernel keeps, and in the order in which it lists them.
    ///
    /// ```
    /// use rauditctl::plan::{Gaps, Plan};
    /// use rauditctl::rule::{Action, FilterList, Rule};
    ///
    /// let rule = |number| {
    ///     let mut rule = Rule::new(FilterList::Exit, Action::Always);
    ///     assert!(rule.mask.insert(number));
    ///     rule
    /// };
    /// let (loaded, wanted) = ([rule(1), rule(2)], [rule(0), rule(2), rule(3)]);
    /// let plan = Plan::new(&loaded, &wanted, Gaps::Avoided);
    /// // Adds rules 0 and 3, and deletes rule 1.
    /// assert_eq!((plan.steps.len(), plan.stays), (3, 1));
    /// ```
    pub fn new(loaded: &[Rule], wanted: &[Rule], gaps: Gaps) -> Self {
        if loaded == wanted {
            return Plan { stays: loaded.len(), ..Plan::default() };
        }
        let lists: BTreeSet<FilterList> =
            loaded.iter().chain(wanted).map(|rule| rule.list).collect();
        let mut plan = Plan::default();
        for list in lists {
            let on_list = |rules: &'_ [Rule]| -> Vec<usize> {
                let all = rules.iter().enumerate();
                all.filter(|(_, rule)| rule.list == list).map(|(at, _)| at).collect()
            };
            let [loaded_at, wanted_at] = [on_list(loaded), on_list(wanted)];
            list::Change::new((loaded, &loaded_at), (wanted, &wanted_at), gaps).add_to(&mut plan);
        }
        by_inode::delete_early(&mut plan.steps, wanted);
        // A stable sort: the requests for one list stay in order.
        plan.steps.sort_by_key(|step| step.wave);
        plan.gaps.extend(by_inode::gaps(&plan.steps, loaded, wanted));
        plan
    }

    /// Returns the number of rules that are added, apart from those that move.
    pub fn added(&self) -> usize {
        self.about(|about| matches!(about, About::Wanted(_))) - self.moves_back()
    }

    /// Returns the number of rules that are deleted, apart from those that move.
    pub fn deleted(&self) -> usize {
        self.about(|about| matches!(about, About::Loaded(_))) - self.moves.len()
    }

    /// Returns the number of deletions, also of rules that move and of bridges.
    pub fn deletions(&self) -> usize {
        self.steps.iter().filter(|step| step.deletes()).count()
    }

    fn about(&self, is_meant: impl Fn(About) -> bool) -> usize {
        self.steps.iter().filter(|step| is_meant(step.about)).count()
    }

    /// Returns the number of wanted rules that move.
    fn moves_back(&self) -> usize {
        self.moves.iter().map(|one| one.wanted).collect::<BTreeSet<usize>>().len()
    }
}
