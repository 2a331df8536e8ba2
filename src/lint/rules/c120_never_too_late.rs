//! C120 `never-too-late`. Its page is the Markdown file of the same name.

use foldhash::HashSet;

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::list_and_action;
use crate::lint::reach::Reach;
use crate::lint::scope::Scope;
use crate::lint::trees::{is_in_tree, path_of};
use crate::relate::{Conditions, Deciding};
use crate::rule::{Action, FilterList, Mask, Rule};
use crate::ruleset::{LineId, LoadedRule};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C120",
    name: "never-too-late",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c120_never_too_late.md"),
};

/// A larger set is not checked, to limit the memory.
const LARGEST: usize = 20_000;
/// Maximum number of pairs of rules that are compared, to limit the time.
const MOST_PAIRS: usize = 4_000_000;
/// Maximum number of earlier rules for which an example is sought.
const MOST_SHOWN: usize = 4;

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let is_exception = |loaded: &LoadedRule<'_, '_>| {
        loaded.kernel_rule.list == FilterList::Exit && loaded.kernel_rule.action == Action::Never
    };
    if facts.rules().len() > LARGEST || !facts.rules().iter().any(is_exception) {
        return;
    }
    let mut reach = Reach::of(facts.compiled);
    let rules = facts.compiled.in_kernel_order();
    let rules: Vec<Compared<'_, '_, '_>> =
        rules.filter_map(|loaded| Compared::of(facts, loaded, &mut reach)).collect();
    // C104 and C121 report that these have no effect.
    let dead = facts.shadows(scope).iter().map(|shadow| shadow.later.line.id);
    let dead: HashSet<LineId> =
        dead.chain(facts.in_trees().iter().map(|one| one.later.line.id)).collect();
    let mut exactly = Exactly { deciding: facts.deciding(scope), left: Exactly::MOST };
    let mut left = MOST_PAIRS;
    for (at, rule) in rules.iter().enumerate() {
        if rule.action != Action::Never || dead.contains(&rule.loaded.line.id) {
            continue;
        }
        let Some(rest) = left.checked_sub(rules.len()) else { return };
        left = rest;
        let (before, after) = rules.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        let mut earlier = before.iter().filter(|other| other.records() && other.may_meet(rule));
        let Some(first) = earlier.next() else { continue };
        if after.iter().any(|other| other.records() && other.may_meet(rule))
            && !exactly.is_idle(before, rule, after)
        {
            continue;
        }
        // Conditions that may meet need not meet.
        let earlier: Vec<_> = [first].into_iter().chain(earlier).take(MOST_SHOWN).collect();
        let shown = earlier.iter().find_map(|earlier| {
            let event =
                facts.example(scope, &[earlier.loaded.kernel_rule], rule.loaded.kernel_rule)?;
            Some((*earlier, Some(event)))
        });
        let (earlier, event) = shown.unwrap_or((first, None));
        findings.push(finding(&rule.loaded, &earlier.loaded).witness(event));
    }
}

/// Returns the rules that some call may match besides `rule`; no more than can be compared, and one.
fn meeting<'a, 's>(others: &[Compared<'_, 'a, 's>], rule: &Compared<'_, '_, 's>) -> Vec<&'a Rule> {
    let others = others.iter().filter(|other| other.may_meet_by_any_file(rule));
    others.take(Exactly::MOST_TOGETHER + 1).map(|other| other.loaded.kernel_rule).collect()
}

/// Whether rules change nothing, though later rules may record what they silence.
struct Exactly {
    deciding: Deciding,
    /// The number of questions that are still put.
    left: usize,
}

impl Exactly {
    /// Maximum number of questions, to limit the time.
    const MOST: usize = 50;
    /// Maximum number of rules that are compared together.
    const MOST_TOGETHER: usize = 40;

    /// Returns whether a rule is proved to change nothing between others.
    fn is_idle<'s>(
        &mut self,
        before: &[Compared<'_, '_, 's>],
        rule: &Compared<'_, '_, 's>,
        after: &[Compared<'_, '_, 's>],
    ) -> bool {
        let (before, after) = (meeting(before, rule), meeting(after, rule));
        if self.left == 0 || before.len() + after.len() > Self::MOST_TOGETHER {
            return false;
        }
        self.left -= 1;
        self.deciding.is_idle(&before, rule.loaded.kernel_rule, &after)
    }
}

fn finding(rule: &LoadedRule<'_, '_>, earlier: &LoadedRule<'_, '_>) -> Finding {
    let message = "this rule comes too late: no rule after it records anything that it silences";
    Finding::new(&LINT, list_and_action(rule.line), message)
        .label("has no effect on the rules before it")
        .help("write it before the rule to which it is an exception")
        .related(earlier.line.whole(), "records first")
}

/// A rule with what the comparison needs.
struct Compared<'f, 'a, 's> {
    loaded: LoadedRule<'a, 's>,
    conditions: &'f Conditions<'a>,
    action: Action,
    path: Option<&'a [u8]>,
    mask: Mask,
}

impl<'f, 'a, 's> Compared<'f, 'a, 's> {
    fn of(facts: &'f Facts<'a, 's>, loaded: LoadedRule<'a, 's>, reach: &mut Reach) -> Option<Self> {
        let rule = loaded.kernel_rule;
        let conditions = facts.conditions(&loaded)?;
        if rule.list != FilterList::Exit || !conditions.can_match() {
            return None;
        }
        let path = path_of(&loaded).map(|one| one.path);
        Some(Compared { loaded, conditions, action: rule.action, path, mask: reach.mask(rule) })
    }

    fn records(&self) -> bool {
        self.action == Action::Always
    }

    /// Returns whether some call may match both rules. A call with two unrelated paths does not count.
    fn may_meet(&self, other: &Self) -> bool {
        let is_related = match (self.path, other.path) {
            (Some(path), Some(other)) => is_in_tree(path, other) || is_in_tree(other, path),
            _ => true,
        };
        is_related && self.may_meet_by_any_file(other)
    }

    /// Returns whether some call may match both rules, perhaps one with two paths.
    fn may_meet_by_any_file(&self, other: &Self) -> bool {
        self.mask.intersects(&other.mask) && self.conditions.may_meet(other.conditions)
    }
}
