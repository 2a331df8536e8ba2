//! Rules that could be one rule: they differ only in their syscalls, and no rule between them depends on the order.

use foldhash::{HashMap, HashSet};

use crate::catalog::{Operator, field};
use crate::rule::{Action, Field, FilterList, Mask, Op, Placement, Rule};
use crate::ruleset::{CompiledSet, LoadedRule};
use crate::syntax::Directive;

/// Maximum number of rules between two rules of a group: limits the time for each comparison.
const FAR: usize = 200;

/// Rules that could be one rule.
#[derive(Clone, Debug)]
pub struct Mergeable {
    /// At least two lines, in order, as indexes into [`CompiledSet::lines`].
    pub lines: Vec<usize>,
    /// Whether a rule between them is independent only because its syscalls have other numbers. On another machine
    /// the numbers may be equal.
    pub is_by_number: bool,
}

/// Fields with one value for each call: two values exclude each other.
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

/// A rule, with the parts that are compared often.
struct Listed<'a> {
    line: usize,
    rule: &'a Rule,
    mask: &'a Mask,
    /// The words of the mask that are not zero, as bits.
    words: u64,
    /// Whether it names its syscalls.
    names_syscalls: bool,
}

/// The common parts of the rules of a group.
#[derive(PartialEq, Eq, Hash)]
struct Shape<'a> {
    list: FilterList,
    action: Action,
    fields: &'a [Field],
    unclaimed: &'a [u8],
}

/// Returns the groups of rules of a set that could be one rule, ordered by the first line.
pub fn mergeable(compiled: &CompiledSet<'_, '_>) -> Vec<Mergeable> {
    let mut found = Vec::new();
    for list in [FilterList::Exit, FilterList::IoUring] {
        // A rule of `-A` precedes all of these, wherever its line is.
        let is_included = |rule: &Rule| rule.list == list && rule.placement == Placement::Append;
        let rules = compiled.numbered_rules().filter(|(_, loaded)| is_included(loaded.rule));
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
    let mut options = loaded.line.command().options.iter();
    let has_list = options.any(|item| matches!(item.directive, Directive::Syscalls(_)));
    let names_syscalls = has_list && !mask.is_all();
    Listed { line, rule: loaded.rule, mask, words, names_syscalls }
}

fn of_list(rules: &[Listed<'_>], found: &mut Vec<Mergeable>) {
    let mut groups: HashMap<Shape<'_>, Vec<usize>> = HashMap::default();
    for (at, one) in rules.iter().enumerate().filter(|(_, one)| one.names_syscalls) {
        let Rule { list, action, fields, unclaimed, .. } = one.rule;
        let shape = Shape { list: *list, action: *action, fields, unclaimed };
        // Most shapes are those of one rule, and a vector that grows has room for four.
        groups.entry(shape).or_insert_with(|| Vec::with_capacity(1)).push(at);
    }
    for members in groups.values().filter(|members| members.len() > 1) {
        of_group(rules, members, found);
    }
}

/// Splits a group into runs of rules that can move next to each other.
fn of_group(rules: &[Listed<'_>], members: &[usize], found: &mut Vec<Mergeable>) {
    let mut run = Run::default();
    for at in members {
        let Some(member) = rules.get(*at) else { continue };
        let others = rules.get(run.last.map_or(*at, |last| last + 1)..*at).unwrap_or_default();
        if run.between.len() + others.len() <= FAR {
            run.between.extend(others);
            if let Some(by_number) = run.passes(member) {
                run.is_by_number |= by_number;
                run.take(*at, member);
                continue;
            }
        }
        found.extend(std::mem::take(&mut run).end());
        run.take(*at, member);
    }
    found.extend(run.end());
}

/// Members of a group that can move next to the first.
#[derive(Default)]
struct Run<'r, 'a> {
    lines: Vec<usize>,
    masks: HashSet<&'a Mask>,
    last: Option<usize>,
    between: Vec<&'r Listed<'a>>,
    is_by_number: bool,
}

impl<'a> Run<'_, 'a> {
    fn take(&mut self, at: usize, member: &Listed<'a>) {
        self.lines.push(member.line);
        self.masks.insert(member.mask);
        self.last = Some(at);
    }

    /// Returns whether a rule can move before all rules in between: `None` if it cannot, `Some(true)` if it can only
    /// because of its syscall numbers.
    fn passes(&self, member: &Listed<'a>) -> Option<bool> {
        let mut by_number = false;
        for other in &self.between {
            if is_independent(member.rule, other.rule) {
                continue;
            }
            if member.words & other.words != 0 && member.mask.intersects(other.mask) {
                return None;
            }
            by_number = true;
        }
        Some(by_number)
    }

    /// Returns the group; `None` if its rules are equal. Equal rules are duplicates, which another lint reports.
    fn end(self) -> Option<Mergeable> {
        let Run { lines, masks, is_by_number, .. } = self;
        (masks.len() > 1).then_some(Mergeable { lines, is_by_number })
    }
}

/// Returns whether the order of two rules makes no difference, for any syscalls: no call matches both, or both record
/// the same.
pub(super) fn is_independent(a: &Rule, b: &Rule) -> bool {
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
