//! Proves fixes: a fix is dropped if, on any machine, its rules would be refused, duplicated, or not what the fix
//! promises.

use foldhash::{HashMap, HashSet};

use super::edit::{Change, Edit, Fix, edited};
use crate::host::Host;
use crate::model::KernelModel;
use crate::rule::{Placement, Request, Rule};
use crate::ruleset::{CompiledLine, CompiledSet, FileSpan, LineChecker, Sent};
use crate::span::Span;
use crate::syntax::{Content, lines, parse_line};

/// Drops the fixes that do not keep their promise on the machine of `compiled`, which `host` describes.
pub(crate) fn keep_proven<'f>(
    compiled: &CompiledSet<'_, '_>,
    host: &dyn Host,
    fixes: impl Iterator<Item = &'f mut Option<Fix>>,
) {
    let fixed = Fixed::new(compiled);
    let checker = LineChecker::new(host, Some(compiled.profile));
    let mut proof = Proof::new(compiled);
    for fix in fixes {
        if fix.as_ref().is_some_and(|fix| !proof.holds(fix.change, fixed.lines(fix, &checker))) {
            *fix = None;
        }
    }
}

/// A line that a fix edits.
struct FixedLine {
    line: usize,
    new: New,
}

/// The text of a line after a fix.
enum New {
    /// Only a newline is added.
    Unchanged,
    /// Lines that add these rules.
    Rules(Vec<Rule>),
    /// Lines that are refused or do anything else.
    Other,
}

/// Compiles the lines that fixes edit.
struct Fixed<'p, 'c, 's> {
    compiled: &'p CompiledSet<'c, 's>,
    /// Lines with a command, by file and start.
    by_start: HashMap<(usize, usize), usize>,
}

impl<'p, 'c, 's> Fixed<'p, 'c, 's> {
    fn new(compiled: &'p CompiledSet<'c, 's>) -> Self {
        let start = |line: &CompiledLine<'_, '_>| (line.line.file, line.line.span.start);
        let lines = compiled.lines.iter().enumerate();
        Fixed { compiled, by_start: lines.map(|(at, line)| (start(line), at)).collect() }
    }

    /// Returns the lines with a command that a fix edits.
    fn lines(&self, fix: &Fix, checker: &LineChecker<'_>) -> Vec<FixedLine> {
        let lines = self.edited_lines(fix).into_iter().filter_map(|(place, edits)| {
            let line = *self.by_start.get(&(place.file, place.span.start))?;
            let text = self.compiled.set.text(place.file, place.span);
            let edits: Vec<Edit> = edits.iter().map(|edit| within(edit, place.span)).collect();
            let edited = edited(text, &edits);
            let new = match edited.strip_suffix(b"\n") == Some(text) {
                true => New::Unchanged,
                false => rules(&edited, checker.afresh()).map_or(New::Other, New::Rules),
            };
            Some(FixedLine { line, new })
        });
        lines.collect()
    }

    /// Returns the lines that a fix edits, each with its edits in order.
    fn edited_lines<'f>(&self, fix: &'f Fix) -> Vec<(FileSpan, Vec<&'f Edit>)> {
        let mut lines: Vec<(FileSpan, Vec<&Edit>)> = Vec::new();
        let mut edits: Vec<&Edit> = fix.edits.iter().collect();
        edits.sort();
        for edit in edits {
            let FileSpan { file, span } = edit.place;
            let of_file = self.compiled.set.lines_of(file);
            let at = of_file.partition_point(|line| line.span.start <= span.start);
            let Some(line) = at.checked_sub(1).and_then(|at| of_file.get(at)) else { continue };
            let place = FileSpan { file, span: line.span };
            match lines.last_mut().filter(|(last, _)| *last == place) {
                Some((_, edits)) => edits.push(edit),
                None => lines.push((place, vec![edit])),
            }
        }
        lines
    }
}

/// Returns the rules that a text adds; `None` if a line is refused or does anything else.
fn rules(text: &[u8], mut checker: LineChecker<'_>) -> Option<Vec<Rule>> {
    let mut rules = Vec::new();
    for line in lines(text) {
        let Content::Command(command) = parse_line(&line) else { continue };
        let checked = checker.line(&command, line.number);
        let mut sent = checked.sent();
        let (Some((Sent::Request(Request::Add(rule)), _)), None) = (sent.next(), sent.next())
        else {
            return None;
        };
        let mut kernel_rule = checked.kernel_rule.clone()?;
        // The kernel drops the placement; `may_replace` looks at it.
        kernel_rule.placement = rule.placement;
        rules.push(kernel_rule);
    }
    Some(rules)
}

struct Proof<'p, 'c, 's> {
    compiled: &'p CompiledSet<'c, 's>,
    /// The final rules, each with its line.
    line_of: HashMap<&'p Rule, usize>,
    /// The lines of the final rules.
    final_lines: HashSet<usize>,
    /// Lines of equal rules. A change to one of them puts the other into effect.
    repeated: HashSet<usize>,
    /// Rules that lines delete one by one: such a line would delete a new rule that is equal.
    deleted: HashSet<Rule>,
    /// Rules that earlier fixes make: no two fixes make the same rule.
    made: HashSet<Rule>,
}

impl<'p, 'c, 's> Proof<'p, 'c, 's> {
    fn new(compiled: &'p CompiledSet<'c, 's>) -> Self {
        let final_lines = compiled.numbered_in_kernel_order().map(|(line, _)| line).collect();
        // Rules take long to hash again when a map grows.
        let mut line_of = HashMap::default();
        line_of.reserve(compiled.lines.len());
        let final_rules = compiled.numbered_in_kernel_order();
        line_of.extend(final_rules.map(|(line, loaded)| (loaded.kernel_rule, line)));
        let repeated = compiled.repeated_lines().iter().flat_map(|(again, first)| [*again, *first]);
        let repeated = repeated.collect();
        let (deleted, made) = (deleted(compiled), HashSet::default());
        Proof { compiled, line_of, final_lines, repeated, deleted, made }
    }

    /// Returns whether a fix that makes these lines keeps its promise.
    fn holds(&mut self, change: Change, lines: Vec<FixedLine>) -> bool {
        let gone: HashSet<usize> = lines.iter().map(|line| line.line).collect();
        let mut made = Vec::new();
        for FixedLine { line, new } in lines {
            let rules = match new {
                New::Unchanged => continue,
                New::Rules(rules) => rules,
                New::Other if change == Change::Meaning => Vec::new(),
                New::Other => return false,
            };
            if change == Change::Meaning {
                // Any other line may change its meaning, but no rule is lost.
                let is_rule = self.compiled.lines.get(line).is_some_and(adds_only);
                if is_rule && rules.is_empty() {
                    return false;
                }
                continue;
            }
            if !self.may_replace(change, line, &rules, &gone) {
                return false;
            }
            made.extend(rules);
        }
        if change != Change::Nothing {
            // A rule that `Change::Nothing` makes is an old one, not a second one.
            self.made.extend(made);
        }
        true
    }

    /// Returns whether these rules may replace a line. `gone` are all lines that the fix replaces.
    fn may_replace(
        &self,
        change: Change,
        line: usize,
        rules: &[Rule],
        gone: &HashSet<usize>,
    ) -> bool {
        let Some(old) = self.compiled.lines.get(line) else { return false };
        if change == Change::Nothing {
            return self.is_unchanged(line, old, rules);
        }
        let Some(kernel_rule) = &old.checked.kernel_rule else { return false };
        if change == Change::Narrower && !rules.iter().all(|rule| is_narrower(rule, kernel_rule)) {
            return false;
        }
        let is_new = |rule: &&Rule| rule.placement == Placement::Append && *rule != kernel_rule;
        adds_only(old)
            && self.final_lines.contains(&line)
            && !self.repeated.contains(&line)
            && !rules.iter().filter(is_new).any(|rule| {
                let is_held = self.line_of.get(rule).is_some_and(|line| !gone.contains(line));
                is_held || self.made.contains(rule) || self.deleted.contains(rule)
            })
    }

    /// Returns whether a line keeps its rule, or is a deleted duplicate.
    fn is_unchanged(&self, line: usize, old: &CompiledLine<'_, '_>, rules: &[Rule]) -> bool {
        let Some(kernel_rule) = &old.checked.kernel_rule else { return rules.is_empty() };
        match rules {
            [] => self.repeated.contains(&line) && adds_only(old),
            [rule] => Rule { placement: Placement::Append, ..rule.clone() } == *kernel_rule,
            _ => false,
        }
    }
}

/// Returns the rules that lines delete one by one, as the kernel would store them.
fn deleted(compiled: &CompiledSet<'_, '_>) -> HashSet<Rule> {
    let kernel = KernelModel::new(compiled.profile);
    let sent = compiled.lines.iter().flat_map(|line| line.checked.sent());
    let deleted = sent.filter_map(|(sent, _)| match sent {
        Sent::Request(Request::Delete(rule)) => kernel.kernel_rule(rule).ok(),
        _ => None,
    });
    deleted.collect()
}

/// Returns whether `rule` is `kernel_rule` with fewer syscalls or more conditions.
fn is_narrower(rule: &Rule, kernel_rule: &Rule) -> bool {
    kernel_rule.mask.contains_all(&rule.mask)
        && kernel_rule.fields.iter().all(|field| rule.fields.contains(field))
}

/// Returns whether a line adds a rule and does nothing else.
fn adds_only(line: &CompiledLine<'_, '_>) -> bool {
    line.rule().is_some() && line.checked.sent().count() == 1 && !line.checked.forgives()
}

/// Returns an edit with its place relative to the start of a line. The newline is left out.
fn within(edit: &Edit, line: Span) -> Edit {
    let FileSpan { file, span } = edit.place;
    let at = |place: usize| place.min(line.end) - line.start;
    Edit {
        place: FileSpan { file, span: Span::new(at(span.start), at(span.end)) },
        text: edit.text.clone(),
    }
}
