//! Whether a rule ever decides: alone, and after other rules.
//!
//! These questions are comparisons of small sets. A rule that decides an event changes what is recorded if it has the
//! other action.

use super::requirement::needed;
use super::sets::{Change, Comparison, Keys, Relation, compare};
use crate::catalog::{KernelVersion, field};
use crate::eval::{Event, Kind, Task};
use crate::model::{KernelModel, Profile};
use crate::rule::{Action, FilterList, Mask, Placement, Rule};

/// Whether a rule decides any event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decides {
    /// It decides this event.
    Event(Box<Event>),
    /// It is proved to decide none.
    Nothing,
    /// That is not known.
    Unknown,
}

/// A kernel in which rules decide.
///
/// ```
/// use rauditctl::catalog::{Arch, KernelVersion};
/// use rauditctl::model::Profile;
/// use rauditctl::relate::{Decides, Deciding};
/// use rauditctl::rule::{Action, FilterList, Rule};
///
/// let always = |syscalls: &[u32]| {
///     let mut rule = Rule::new(FilterList::Exit, Action::Always);
///     syscalls.iter().for_each(|number| assert!(rule.mask.insert(*number)));
///     rule
/// };
/// let (chmod, fchmod, both) = (always(&[90]), always(&[91]), always(&[90, 91]));
/// let deciding = Deciding::new(Profile::newest(Arch::X86_64), KernelVersion::NEWEST);
///
/// assert_eq!(deciding.after(&[&chmod, &fchmod], &both), Decides::Nothing);
/// assert!(matches!(deciding.after(&[&chmod], &both), Decides::Event(_)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Deciding {
    profile: Profile,
    version: KernelVersion,
}

impl Deciding {
    /// Prepares questions about a kernel of this version.
    pub const fn new(profile: Profile, version: KernelVersion) -> Self {
        Deciding { profile, version }
    }

    /// Returns whether a rule decides any event if these rules are tested before it. Nothing is known about rules of the
    /// list filesystem, which decide no events.
    pub fn after(&self, earlier: &[&Rule], rule: &Rule) -> Decides {
        let with = |action: Option<Action>| {
            let last = action.map(|action| Rule { action, ..rule.clone() });
            self.kernel(rule.list, earlier.iter().map(|rule| (*rule).clone()).chain(last))
        };
        let comparison = match rule.list {
            FilterList::Filesystem => return Decides::Unknown,
            FilterList::Exclude => self.compared(&with(None), &with(Some(Action::Always))),
            _ => self.compared(&with(Some(Action::Always)), &with(Some(Action::Never))),
        };
        match comparison.relation() {
            Relation::Same => Decides::Nothing,
            _ => lost(&comparison).map_or(Decides::Unknown, |event| Decides::Event(event.into())),
        }
    }

    /// Returns an event that a rule matches and one of the rules before it decides. On the lists user and exclude, the
    /// rules before it must match everything that it matches.
    pub fn taken(&self, earlier: &[&Rule], rule: &Rule) -> Option<Event> {
        let with = |rule: &Rule, action| Rule { action, ..rule.clone() };
        let (old, new) = match rule.list {
            // Records of these lists need no rule: what the rule silences, the others judge before it.
            FilterList::User | FilterList::Exclude => (Vec::new(), vec![with(rule, Action::Never)]),
            _ => {
                let own = with(rule, Action::Always);
                let silencing = earlier.iter().map(|earlier| with(earlier, Action::Never));
                (vec![own.clone()], silencing.chain([own]).collect::<Vec<Rule>>())
            }
        };
        let [old, new] = [old, new].map(|rules| self.kernel(rule.list, rules.into_iter()));
        let event = lost(&self.compared(&old, &new));
        if rule.list == FilterList::Task { event.map(of_new_task) } else { event }
    }

    /// Returns whether a rule is proved to change nothing between the rules before it and those after it: the same is
    /// recorded without it.
    pub fn is_idle(&self, before: &[&Rule], rule: &Rule, after: &[&Rule]) -> bool {
        let of = |rules: &[&Rule]| rules.iter().map(|rule| (*rule).clone()).collect::<Vec<_>>();
        let (before, after) = (of(before), of(after));
        let with = before.iter().chain([rule]).chain(&after).cloned();
        let without = before.iter().chain(&after).cloned();
        let (with, without) = (self.kernel(rule.list, with), self.kernel(rule.list, without));
        self.compared(&without, &with).relation() == Relation::Same
    }

    /// Returns the places of few of the rules that leave a rule nothing to decide; none of them can be left out.
    pub fn fewest(&self, earlier: &[&Rule], rule: &Rule) -> Vec<usize> {
        let leaves_nothing = |places: &[usize]| {
            let some: Vec<&Rule> =
                places.iter().filter_map(|at| earlier.get(*at).copied()).collect();
            self.after(&some, rule) == Decides::Nothing
        };
        needed((0..earlier.len()).collect(), leaves_nothing)
    }

    fn compared(&self, old: &KernelModel, new: &KernelModel) -> Comparison {
        compare(old, new, self.version, Keys::Ignore)
    }

    /// Returns a kernel with these rules. Their keys do not matter.
    fn kernel(&self, list: FilterList, rules: impl Iterator<Item = Rule>) -> KernelModel {
        let mut kernel = KernelModel::new(self.profile);
        // A rule of the list task takes from others.
        let others = (list == FilterList::Task).then(everything);
        for mut rule in rules.chain(others) {
            rule.placement = Placement::Append;
            if rule.list.has_mask() {
                rule.fields.retain(|field| field.number() != field::KEY);
            }
            // A rule that is there twice counts once.
            let _ = kernel.add(&rule);
        }
        kernel
    }
}

fn lost(comparison: &Comparison) -> Option<Event> {
    comparison.of(Change::Lost).next().map(|evidence| evidence.event.clone())
}

/// Returns the moment at which the task of a call was made.
fn of_new_task(call: Event) -> Event {
    let Event { at_entry, task, .. } = call;
    let mut ids = task.ids;
    for number in field::UID..=field::FSGID {
        if let Some(id) = at_entry.ids.get(number) {
            ids.set(number, id);
        }
    }
    let made = Task {
        pid: at_entry.pid.or(task.pid),
        tid: at_entry.tid.or(task.tid),
        ppid: at_entry.ppid.or(task.ppid),
        ids,
        groups: at_entry.groups.or(task.groups),
        auid: at_entry.auid.or(task.auid),
        sessionid: at_entry.sessionid.or(task.sessionid),
        pers: at_entry.pers.or(task.pers),
        exe: None,
        subj: at_entry.subj.or(task.subj),
    };
    Event { kind: Kind::Task, task: made, ..Event::default() }
}

/// Returns a rule that records every call.
fn everything() -> Rule {
    let mut rule = Rule::new(FilterList::Exit, Action::Always);
    rule.mask = Mask::ALL;
    rule
}
