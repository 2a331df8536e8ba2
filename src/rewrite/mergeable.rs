//! Rules that could be one: equal but for their syscalls, and with nothing in between that the order matters to.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Operator, field};
use crate::rule::{Action, Field, FilterList, Mask, Op, Placement, Rule};
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::syntax::Directive;

/// Rules that stand further apart are left alone: so many others in between are looked through, for each.
const FAR: usize = 200;

/// Rules that could be one.
#[derive(Clone, Debug)]
pub(crate) struct Mergeable {
    /// Their lines, as indexes into [`CompiledSet::lines`], in order; at least two.
    pub(crate) lines: Vec<usize>,
    /// They pass over rules in between that are in their way by their conditions, though not by their
    /// syscalls: on another machine these may have the same numbers.
    pub(crate) passes_by_number: bool,
}

/// Fields of which two values exclude each other: a call has one of each.
const SINGLE: [u32; 15] = [
    field::ARCH,
    field::AUID,
    field::UID,
    field::EUID,
    field::SUID,
    field::FSUID,
    field::PID,
    field::PPID,
    field::SESSIONID,
    field::SUCCESS,
    field::EXIT,
    field::A0,
    field::A1,
    field::A2,
    field::A3,
];

/// A rule on its list, with what is compared often.
struct Listed<'a> {
    line: usize,
    rule: &'a Rule,
    mask: &'a Mask,
    /// Which words of the mask have bits.
    words: u64,
    /// Whether it names its syscalls.
    names: bool,
}

/// What two rules that could be one have in common.
#[derive(PartialEq, Eq, Hash)]
struct Shape<'a> {
    list: FilterList,
    action: Action,
    fields: &'a [Field],
    unclaimed: &'a [u8],
}

/// The rules of a set that could be one, by where the first stands.
pub(crate) fn mergeable(compiled: &CompiledSet<'_, '_>) -> Vec<Mergeable> {
    let mut found = Vec::new();
    for list in [FilterList::Exit, FilterList::IoUring] {
        // What is put in front stands in front of all of these, wherever they are.
        let is_meant = |rule: &Rule| rule.list == list && rule.placement == Placement::Append;
        let rules = compiled.numbered_rules().filter(|(_, loaded)| is_meant(loaded.rule));
        let rules: Vec<_> = rules.map(|(line, loaded)| listed(line, loaded)).collect();
        of_list(&rules, &mut found);
    }
    found.sort_by(|a, b| a.lines.cmp(&b.lines));
    found
}

fn listed<'a>(line: usize, loaded: LoadedRule<'a, '_>) -> Listed<'a> {
    let mask = &loaded.kernel_rule.mask;
    let words = mask.words().iter().enumerate();
    let words = words.fold(0, |bits, (at, word)| bits | u64::from(*word != 0) << at);
    let mut options = loaded.line.command.options.iter();
    let names = options.any(|item| matches!(item.directive, Directive::Syscalls(_)));
    Listed { line, rule: loaded.rule, mask, words, names: names && !mask.is_all() }
}

fn of_list(rules: &[Listed<'_>], found: &mut Vec<Mergeable>) {
    let mut groups: HashMap<Shape<'_>, Vec<usize>> = HashMap::new();
    for (at, one) in rules.iter().enumerate().filter(|(_, one)| one.names) {
        let Rule { list, action, fields, unclaimed, .. } = one.rule;
        let shape = Shape { list: *list, action: *action, fields, unclaimed };
        groups.entry(shape).or_default().push(at);
    }
    for members in groups.values().filter(|members| members.len() > 1) {
        of_group(rules, members, found);
    }
}

/// Takes together those of a group, from the first on, that no rule in between keeps apart.
fn of_group(rules: &[Listed<'_>], members: &[usize], found: &mut Vec<Mergeable>) {
    let mut run = Run::default();
    for at in members {
        let Some(member) = rules.get(*at) else { continue };
        let others = rules.get(run.last.map_or(*at, |last| last + 1)..*at).unwrap_or_default();
        if run.between.len() + others.len() <= FAR {
            run.between.extend(others);
            if let Some(by_number) = run.passes(member) {
                run.passes_by_number |= by_number;
                run.take(*at, member);
                continue;
            }
        }
        found.extend(std::mem::take(&mut run).end());
        run.take(*at, member);
    }
    found.extend(run.end());
}

/// Members of a group that can stand where the first does.
#[derive(Default)]
struct Run<'r, 'a> {
    lines: Vec<usize>,
    masks: HashSet<&'a Mask>,
    last: Option<usize>,
    between: Vec<&'r Listed<'a>>,
    passes_by_number: bool,
}

impl<'a> Run<'_, 'a> {
    fn take(&mut self, at: usize, member: &Listed<'a>) {
        self.lines.push(member.line);
        self.masks.insert(member.mask);
        self.last = Some(at);
    }

    /// Whether a rule can be moved in front of all in between, and if so whether it can only by its numbers.
    fn passes(&self, member: &Listed<'a>) -> Option<bool> {
        let mut by_number = false;
        for other in &self.between {
            if is_indifferent(member.rule, other.rule) {
                continue;
            }
            if member.words & other.words != 0 && intersects(member.mask, other.mask) {
                return None;
            }
            by_number = true;
        }
        Some(by_number)
    }

    /// Equal rules are no matter of merging.
    fn end(self) -> Option<Mergeable> {
        let Run { lines, masks, passes_by_number, .. } = self;
        (masks.len() > 1).then_some(Mergeable { lines, passes_by_number })
    }
}

/// Whether it makes no difference which of two rules is tested first, whatever their syscalls: no call matches
/// both, or what is recorded is the same.
fn is_indifferent(a: &Rule, b: &Rule) -> bool {
    let is_same = || a.action == b.action && a.keys().eq(b.keys());
    let excludes = |one: &Field| {
        let Some((id, value)) = single(one) else { return false };
        b.fields.iter().filter_map(single).any(|(other, theirs)| other == id && theirs != value)
    };
    is_same() || a.fields.iter().any(excludes)
}

fn single(field: &Field) -> Option<(u32, u32)> {
    match field {
        Field::Number { id, op: Op::Known(Operator::Equal), value } => {
            SINGLE.contains(&id.number()).then_some((id.number(), *value))
        }
        _ => None,
    }
}

fn intersects(a: &Mask, b: &Mask) -> bool {
    a.words().iter().zip(b.words()).any(|(a, b)| a & b != 0)
}
