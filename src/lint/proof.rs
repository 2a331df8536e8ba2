//! Fixes held to the rules that they make, on every machine: what would be refused there, or be there twice, is
//! not offered.

use std::collections::{HashMap, HashSet};

use super::abi::has_all_of;
use super::compiled::{Compiled, CompiledLine};
use super::finding::{Change, Edit, Finding, Fix, Place};
use super::fix::edited;
use super::host::Machine;
use crate::checked::{Checker, Sent};
use crate::host::{AnyHost, Host};
use crate::model::KernelModel;
use crate::rule::{Place as Position, Request, Rule};
use crate::span::Span;
use crate::syntax::{Content, lines, parse_line};

/// Takes the fixes away that do not hold on this machine.
pub(super) fn keep_proven(
    compiled: &Compiled<'_, '_>,
    system: Option<&dyn Host>,
    findings: &mut [Finding],
) {
    let any = AnyHost::new(Some(compiled.arch)).with_directories(compiled.set.directories());
    let host = Machine { arch: compiled.arch, others: system.unwrap_or(&any) };
    let mut proof = Proof::new(compiled, &host);
    for finding in findings {
        if finding.fix.as_ref().is_some_and(|fix| !proof.holds(fix)) {
            finding.fix = None;
        }
    }
}

struct Proof<'p, 'c, 's> {
    compiled: &'p Compiled<'c, 's>,
    checker: Checker<'p>,
    /// By file and start: the lines that say something.
    by_start: HashMap<(usize, usize), usize>,
    /// The rules that are there in the end, each with its line.
    held: HashMap<&'p Rule, usize>,
    standing: HashSet<usize>,
    /// Lines that are equal to another one. To change one of them brings the other to life.
    repeated: HashSet<usize>,
    /// Rules that lines delete one by one: what comes to be equal to one goes with it.
    deleted: HashSet<Rule>,
    /// Rules that fixes make: two of them do not make the same.
    made: HashSet<Rule>,
}

impl<'p, 'c, 's> Proof<'p, 'c, 's> {
    fn new(compiled: &'p Compiled<'c, 's>, host: &'p Machine<'p>) -> Self {
        let start = |line: &CompiledLine<'_, '_>| (line.line.file, line.line.span.start);
        let by_start: HashMap<_, _> =
            compiled.lines.iter().enumerate().map(|(at, line)| (start(line), at)).collect();
        let at = |line: &CompiledLine<'_, '_>| by_start.get(&start(line)).copied();
        let standing = compiled.in_kernel_order().filter_map(|rule| at(rule.line)).collect();
        let held = compiled.in_kernel_order();
        let held = held.filter_map(|rule| Some((rule.held, at(rule.line)?))).collect();
        let pairs = compiled.repeated().flat_map(|(again, first)| [at(again.line), at(first.line)]);
        let repeated = pairs.flatten().collect();
        let (deleted, made) = (deleted(compiled), HashSet::new());
        let checker = Checker::new(host, Some(compiled.profile));
        Proof { compiled, checker, by_start, held, standing, repeated, deleted, made }
    }

    fn holds(&mut self, fix: &Fix) -> bool {
        let mut made = Vec::new();
        let touched = self.touched(fix);
        let gone = touched.iter().filter_map(|(place, _)| self.line(*place));
        let gone: HashSet<usize> = gone.collect();
        for (place, edits) in &touched {
            let Some(line) = self.line(*place) else { continue };
            let text = self.compiled.set.text(place.file, place.span);
            let edits: Vec<Edit> = edits.iter().map(|edit| within(edit, place.span)).collect();
            let new = edited(text, &edits);
            if new.strip_suffix(b"\n") == Some(text) {
                // It gets its newline, and reads as before.
                continue;
            }
            let rules = self.rules(&new);
            if fix.change == Change::Meaning {
                // What was none may come to be anything, but no rule is lost.
                let is_rule = self.compiled.lines.get(line).is_some_and(adds_only);
                if is_rule && rules.is_none_or(|rules| rules.is_empty()) {
                    return false;
                }
                continue;
            }
            let Some(rules) = rules else { return false };
            if !self.may_become(fix.change, line, &rules, &gone) {
                return false;
            }
            made.extend(rules);
        }
        if fix.change != Change::Nothing {
            // Some of what is made may be what was there: that is no second one.
            self.made.extend(made);
        }
        true
    }

    /// The lines that the edits of a fix are in, each with its edits in order.
    fn touched<'f>(&self, fix: &'f Fix) -> Vec<(Place, Vec<&'f Edit>)> {
        let mut touched: Vec<(Place, Vec<&Edit>)> = Vec::new();
        let mut edits: Vec<&Edit> = fix.edits.iter().collect();
        edits.sort();
        for edit in edits {
            let Place { file, span } = edit.place;
            let lines = self.compiled.set.lines_of(file);
            let at = lines.partition_point(|line| line.span.start <= span.start);
            let Some(line) = at.checked_sub(1).and_then(|at| lines.get(at)) else { continue };
            let place = Place { file, span: line.span };
            match touched.last_mut().filter(|(last, _)| *last == place) {
                Some((_, edits)) => edits.push(edit),
                None => touched.push((place, vec![edit])),
            }
        }
        touched
    }

    fn line(&self, place: Place) -> Option<usize> {
        self.by_start.get(&(place.file, place.span.start)).copied()
    }

    /// The rules that a text adds; `None` if something in it is refused, or does anything else.
    fn rules(&self, text: &[u8]) -> Option<Vec<Rule>> {
        let mut checker = self.checker.afresh();
        let mut rules = Vec::new();
        for line in lines(text) {
            let Content::Command(command) = parse_line(&line) else { continue };
            let checked = checker.line(&command, line.number);
            let mut sent = checked.sent();
            let (Some((Sent::Request(Request::Add(rule)), _)), None) = (sent.next(), sent.next())
            else {
                return None;
            };
            let mut held = checked.held.clone()?;
            // Until it is kept, a rule has a place.
            held.place = rule.place;
            rules.push(held);
        }
        Some(rules)
    }

    /// Whether a line may be replaced by these rules, together with the other lines that go.
    fn may_become(
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
        let Some(held) = &old.checked.held else { return false };
        if change == Change::Narrower && !rules.iter().all(|rule| is_narrower(rule, held)) {
            return false;
        }
        let is_new = |rule: &&Rule| rule.place == Position::Back && *rule != held;
        adds_only(old)
            && self.standing.contains(&line)
            && !self.repeated.contains(&line)
            && !rules.iter().filter(is_new).any(|rule| {
                let is_held = self.held.get(rule).is_some_and(|line| !gone.contains(line));
                is_held || self.made.contains(rule) || self.deleted.contains(rule)
            })
    }

    /// Whether a line stays what it is, or is a repeated rule that goes.
    fn is_unchanged(&self, line: usize, old: &CompiledLine<'_, '_>, rules: &[Rule]) -> bool {
        let Some(held) = &old.checked.held else { return rules.is_empty() };
        match rules {
            [] => self.repeated.contains(&line) && adds_only(old),
            [rule] => Rule { place: Position::Back, ..rule.clone() } == *held,
            _ => false,
        }
    }
}

/// The rules that are deleted one by one, as the kernel would hold them.
fn deleted(compiled: &Compiled<'_, '_>) -> HashSet<Rule> {
    let kernel = KernelModel::new(compiled.profile);
    let sent = compiled.lines.iter().flat_map(|line| line.checked.sent());
    let deleted = sent.filter_map(|(sent, _)| match sent {
        Sent::Request(Request::Delete(rule)) => kernel.hold(rule).ok(),
        _ => None,
    });
    deleted.collect()
}

/// Whether a rule is another one for fewer syscalls, or with conditions more.
fn is_narrower(rule: &Rule, held: &Rule) -> bool {
    has_all_of(&held.mask, &rule.mask)
        && held.fields.iter().all(|field| rule.fields.contains(field))
}

/// Whether a line adds a rule and does nothing else.
fn adds_only(line: &CompiledLine<'_, '_>) -> bool {
    line.rule().is_some() && line.checked.sent().count() == 1 && !line.checked.forgives()
}

/// An edit, its place counted from the start of a line; what it takes of the newline is left out.
fn within(edit: &Edit, line: Span) -> Edit {
    let Place { file, span } = edit.place;
    let at = |place: usize| place.min(line.end) - line.start;
    Edit {
        place: Place { file, span: Span::new(at(span.start), at(span.end)) },
        text: edit.text.clone(),
    }
}
