//! The rules of a list that stay: a run of the wanted list that occurs, in order, in the loaded list.

use std::cell::LazyCell;
use std::ops::Range;

use foldhash::{HashMap, HashMapExt as _};

use super::Gaps;
use super::silence::{depend_on_time, may_meet, path, silences};
use crate::rule::Rule;

/// The rules that stay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Their places in the wanted list. The rules before them are prepended, those after them appended.
    pub(super) wanted: Range<usize>,
    /// Their places in the loaded list, in order.
    pub(super) loaded: Vec<usize>,
}

impl Kept {
    /// Returns the longest run that can stay.
    pub(super) fn longest(loaded: &[&Rule], wanted: &[&Rule], gaps: Gaps) -> Self {
        let places = Places::of(loaded, wanted);
        let first_ends = places.first_ends();
        let first_end = |start: usize| first_ends.get(start).copied().unwrap_or(start);
        let starts = |from: usize| (from..=wanted.len()).find(|start| first_end(*start) <= *start);
        let nothing = starts(0).unwrap_or(wanted.len());
        let last_start = LazyCell::new(|| match gaps {
            Gaps::Avoided => most_prepended(wanted).max(nothing),
            Gaps::Allowed => wanted.len(),
        });
        let mut longest = Kept { wanted: nothing..nothing, loaded: Vec::new() };
        let has_equal = nothing > 0;
        let mut end = wanted.len();
        while end > longest.wanted.len() {
            let mut run = places.run_to(end);
            let first = end - run.len();
            let start = (first..end).find(|start| first_end(*start) <= end).unwrap_or(end);
            if end - start > longest.wanted.len() && start <= *last_start {
                run.drain(..start - first);
                longest = Kept { wanted: start..end, loaded: run };
            }
            // Without equal rules, a run that ends within this one begins where this one does.
            end = if has_equal { end - 1 } else { first.min(end - 1) };
        }
        longest
    }
}

/// The places of the wanted rules in the loaded list.
struct Places {
    /// The number of each wanted rule: equal rules have the same.
    wanted: Vec<usize>,
    /// The places of each number in the loaded list, the last first.
    loaded: Vec<Vec<usize>>,
}

impl Places {
    fn of(loaded: &[&Rule], wanted: &[&Rule]) -> Self {
        let mut numbers: HashMap<&Rule, usize> = HashMap::with_capacity(wanted.len());
        let mut number = |rule| {
            let next = numbers.len();
            *numbers.entry(rule).or_insert(next)
        };
        let wanted: Vec<usize> = wanted.iter().map(|rule| number(*rule)).collect();
        let mut places = vec![Vec::new(); numbers.len()];
        for (at, rule) in loaded.iter().enumerate().rev() {
            if let Some(of_rule) = numbers.get(rule).and_then(|number| places.get_mut(*number)) {
                of_rule.push(at);
            }
        }
        Places { wanted, loaded: places }
    }

    /// Returns, for each start, the first end of a run that stays: the kernel appends no rule that equals one from the start
    /// on. It prepends any rule, and the prepended rules come last.
    fn first_ends(&self) -> Vec<usize> {
        let mut last: Vec<Option<usize>> = vec![None; self.loaded.len()];
        let mut ends = vec![0; self.wanted.len()];
        for (at, number) in self.wanted.iter().enumerate() {
            let before = last.get_mut(*number).and_then(|last| last.replace(at));
            if let Some(end) = before.and_then(|before| ends.get_mut(before)) {
                *end = at + 1;
            }
        }
        let mut latest = 0;
        for (start, end) in ends.iter_mut().enumerate().rev() {
            latest = latest.max(*end);
            *end = latest.max(start);
        }
        ends
    }

    /// Returns the places of the longest run that ends before `end` in the wanted list. The kernel deletes the first of
    /// equal rules, so those that stay are the last.
    fn run_to(&self, end: usize) -> Vec<usize> {
        let mut taken: HashMap<usize, usize> = HashMap::default();
        let mut run: Vec<usize> = Vec::new();
        for number in self.wanted.iter().take(end).rev() {
            let Some(places) = self.loaded.get(*number).filter(|places| !places.is_empty()) else {
                break;
            };
            let count = taken.entry(*number).or_default();
            let place = places.get(*count).copied();
            let Some(place) = place.filter(|at| run.last().is_none_or(|next| at < next)) else {
                break;
            };
            *count += 1;
            run.push(place);
        }
        run.reverse();
        run
    }
}

/// Returns how many rules at the start of a list can be prepended, the last of them first, while no rule that silences is
/// there before a rule that records ahead of it, and while rules of one path are added in their order.
fn most_prepended(wanted: &[&Rule]) -> usize {
    let mut recording: Vec<&Rule> = Vec::new();
    let mut of_path: HashMap<&[u8], Vec<(usize, &Rule)>> = HashMap::default();
    let mut most = wanted.len();
    for (at, rule) in wanted.iter().enumerate() {
        if !silences(rule) {
            recording.push(rule);
        } else if recording.iter().any(|ahead| may_meet(ahead, rule)) {
            most = most.min(at);
        }
        let Some(path) = path(rule) else { continue };
        let before = of_path.entry(path).or_default();
        let mut depending = before.iter().filter(|(_, other)| depend_on_time(other, rule));
        most = depending.next().map_or(most, |(first, _)| most.min(*first));
        before.push((at, rule));
    }
    most
}

/// Returns the places of the rules that record and whose events another rule silences while these rules are prepended.
pub(super) fn silenced_on_the_way(prepended: &[&Rule]) -> Vec<usize> {
    let rules = prepended.iter().enumerate();
    let recording = rules.filter(|(_, rule)| !silences(rule));
    let is_silenced = |(at, rule): &(usize, &&Rule)| {
        prepended.iter().skip(at + 1).any(|later| silences(later) && may_meet(rule, later))
    };
    recording.filter(is_silenced).map(|(at, _)| at).collect()
}
