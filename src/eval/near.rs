//! The rules that come near an event, and where each stops.

use super::call;
use super::decision::{Decision, Verdict};
use super::distinct::Doubts;
use super::evaluator::Evaluator;
use super::event::{Event, Kind};
use super::field::{Judged, Moment, Subject};
use super::filters::{ByNumber, Filter, FilterId, Listed, Step};
use super::history::History;
use super::scene::Scene;
use super::truth::Truth;
use crate::catalog::{Arch, field};
use crate::rule::Field;

/// A rule that does not decide an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// The rule, by its [serial](crate::model::Entry::serial).
    pub rule: usize,
    /// Where it stops.
    pub stop: Stop,
}

/// The reason why a rule does not decide an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Its mask does not have the syscall.
    Syscall,
    /// The condition at this index of its fields does not hold.
    Condition(usize),
    /// It matches, but another rule decides first.
    Late,
    /// It matches, but another rule may decide first: that is unknown.
    PerhapsLate,
}

impl Near {
    /// Returns the same about an event that is decided so.
    #[must_use]
    pub fn of(self, verdict: Verdict) -> Self {
        match (self.stop, verdict) {
            (Stop::Late, Verdict::Undecided) => Near { stop: Stop::PerhapsLate, ..self },
            _ => self,
        }
    }
}

/// A rule may match: the decision names what is unknown.
struct MayMatch;

/// How far a rule is from the event: the conditions that do not hold, and whether the file is another.
type Distance = (usize, bool);

impl Evaluator {
    /// Returns at most `most` rules that come near an event, the nearest first: the rules that match but come too
    /// late, and then those with the fewest conditions that do not hold.
    pub fn near(&self, history: &History, event: &Event, most: usize) -> Vec<Near> {
        if event.kind != Kind::Syscall {
            return Vec::new();
        }
        let decision = self.decide_after(history, event);
        let arch = event.call.arch.unwrap_or(self.profile().arch());
        let scene = self.scene(event, Some(arch), history, &mut Doubts::default());
        let mut near: Vec<(Distance, Near)> = self
            .of_exit()
            .filter(|filter| Some(filter.serial) != decision.rule)
            .filter(|filter| is_of_arch(filter, arch) || decision.verdict == Verdict::Unmatched)
            .filter_map(|filter| Self::distance(filter, &scene))
            .collect();
        near.sort_by_key(|(distance, near)| (*distance, near.rule));
        near.into_iter().map(|(_, near)| near.of(decision.verdict)).take(most).collect()
    }

    /// Returns the rules near a call, as [`decide_and_near`](Self::decide_and_near) does.
    pub(super) fn near_in_walk(
        &self,
        scene: &Scene<'_>,
        decision: &Decision,
        most: usize,
    ) -> Vec<Near> {
        // The rules that are left out at first are those of other arches, of which no condition holds.
        let of_arch = self.filters.exit_of(scene.call.elf);
        let nearest = self.nearest(scene, decision, of_arch, most);
        let nearest = match nearest.farthest() {
            Some(1..) => nearest,
            _ => self.nearest(scene, decision, &self.filters.exit, most),
        };
        nearest.rules.into_iter().map(|(_, near)| near.of(decision.verdict)).collect()
    }

    /// Returns the rules near a call, of those of `exit` and of those that are kept by inode.
    fn nearest(
        &self,
        scene: &Scene<'_>,
        decision: &Decision,
        exit: &ByNumber<Step>,
        most: usize,
    ) -> Nearest {
        let mut nearest = Nearest { rules: Vec::with_capacity(most.saturating_add(1)), most };
        let Some(number) = scene.call.number else { return nearest };
        let is_other = |filter: &&Filter| Some(filter.serial) != decision.rule;
        for step in self.filters.having(exit, Some(number)) {
            let Some(filter) = self.filters.get(step.id()).filter(is_other) else { continue };
            if nearest.farthest().is_some_and(|held| filter.fails_by(held, &scene.answers)) {
                continue;
            }
            let conditions = filter.rule.fields.iter().zip(&filter.conditions);
            nearest.add(
                filter,
                conditions.map(|(field, id)| filter.holds_for_whole(field, *id, scene)),
            );
        }
        for name in scene.names.iter().flatten() {
            let subject = Subject::Call { name: Judged::Name(name), moment: Moment::Exit };
            let kept = self.filters.kept_for(&name.place).unwrap_or_default();
            let kept = self.filters.of(&kept).map(|(_, filter)| filter);
            for filter in kept.filter(is_other).filter(|filter| filter.rule.mask.contains(number)) {
                let fields = filter.rule.fields.iter();
                nearest.add(filter, fields.map(|field| filter.holds(field, scene, subject)));
            }
        }
        nearest
    }

    /// Returns how near one rule is to an event, and where it stops; `None` if nothing fits, or if it may match.
    pub fn near_rule(&self, event: &Event, serial: usize) -> Option<((usize, bool), Near)> {
        let arch = event.call.arch.unwrap_or(self.profile().arch());
        let history = History::default();
        let scene = self.scene(event, Some(arch), &history, &mut Doubts::default());
        let filter = self.of_exit().find(|filter| filter.serial == serial)?;
        Self::distance(filter, &scene)
    }

    /// Returns the rules that judge calls, without those of io_uring.
    fn of_exit(&self) -> impl Iterator<Item = &Filter> {
        let on_list = self.filters.exit.all().iter().map(|step| step.id());
        let kept = self.filters.by_inode.all().iter().copied();
        on_list.chain(kept).filter_map(|id: FilterId| self.filters.get(id))
    }

    fn distance(filter: &Filter, scene: &Scene<'_>) -> Option<(Distance, Near)> {
        if !filter.is_kept_by_inode {
            return distance_from(filter, scene, Judged::None).ok()?;
        }
        let Some(names) = scene.names.as_deref() else {
            return distance_from(filter, scene, Judged::Unknown).ok()?;
        };
        let of_names = names.iter().map(|name| distance_from(filter, scene, Judged::Name(name)));
        // A rule that may match by one name does not stop at another.
        let of_names: Vec<_> = of_names.collect::<Result<_, MayMatch>>().ok()?;
        of_names.into_iter().flatten().min_by_key(|(distance, _)| *distance)
    }
}

/// The rules that stop latest, the nearest first, each with the number of conditions that hold before its stop.
struct Nearest {
    rules: Vec<(usize, Near)>,
    most: usize,
}

impl Nearest {
    /// Returns the number of conditions of which more must hold; `None` if any rule is near enough.
    fn farthest(&self) -> Option<usize> {
        let (held, _) = self.rules.last()?;
        (self.rules.len() >= self.most).then_some(*held)
    }

    /// Adds a rule if it is near enough. `truths` has the answers about its conditions. A rule that may match is not
    /// added: the decision names what is unknown.
    fn add(&mut self, filter: &Filter, truths: impl Iterator<Item = Truth>) {
        let mut is_certain = true;
        let mut reached = (usize::MAX, Stop::Late);
        for (index, truth) in truths.enumerate() {
            match truth {
                Truth::False => {
                    (reached, is_certain) = ((index, Stop::Condition(index)), true);
                    break;
                }
                Truth::True => {}
                Truth::Unknown(_) => is_certain = false,
            }
        }
        let (held, stop) = reached;
        if is_certain && self.farthest().is_none_or(|farthest| held > farthest) {
            let at = self.rules.partition_point(|(known, _)| *known >= held);
            self.rules.insert(at, (held, Near { rule: filter.serial, stop }));
            self.rules.truncate(self.most);
        }
    }
}

/// Returns the distance of a rule from the call; `None` if nothing fits.
fn distance_from(
    filter: &Filter,
    scene: &Scene<'_>,
    name: Judged<'_, '_>,
) -> Result<Option<(Distance, Near)>, MayMatch> {
    let subject = Subject::Call { name, moment: Moment::Exit };
    let masked = call::masked(filter, scene.call.number);
    let fields = &filter.rule.fields;
    let truths: Vec<Truth> =
        fields.iter().map(|field| filter.holds(field, scene, subject)).collect();
    let is_false = |index: &usize| truths.get(*index) == Some(&Truth::False);
    let failed: Vec<usize> = (0..fields.len()).filter(is_false).collect();
    let is_masked = masked != Truth::False;
    let stop = match failed.first() {
        _ if !is_masked => Stop::Syscall,
        Some(first) => Stop::Condition(*first),
        None if truths.iter().chain([&masked]).all(|truth| *truth == Truth::True) => Stop::Late,
        None => return Err(MayMatch),
    };
    let is_file = |index: &usize| fields.get(*index).is_some_and(is_about_file);
    let distance = (failed.len() + usize::from(!is_masked), failed.iter().any(is_file));
    let conditions = fields.iter().filter(|field| field.number() != field::KEY).count();
    let is_unrelated = failed.len() == conditions && !is_masked;
    Ok((!is_unrelated).then_some((distance, Near { rule: filter.serial, stop })))
}

fn is_about_file(condition: &Field) -> bool {
    matches!(condition.number(), field::PATH | field::DIR | field::INODE | field::EXE)
}

/// Returns whether the rule is not limited to another arch.
fn is_of_arch(filter: &Filter, arch: Arch) -> bool {
    filter.rule.fields.iter().all(|field| match field {
        Field::Number { value, .. } if field.number() == field::ARCH => *value == arch.elf(),
        _ => true,
    })
}
