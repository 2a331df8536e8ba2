//! A set compiled for one machine.

use std::cell::OnceCell;

use super::final_rules::FinalRules;
use super::line_checker::{CheckedLine, LineChecker, Sent};
use super::set::{FileSpan, Line, LineId, RuleSet};
use crate::catalog::Arch;
use crate::compile::End;
use crate::host::Host;
use crate::model::Profile;
use crate::rule::{Request, Rule};
use crate::span::Span;
use crate::syntax::Command;

/// A set compiled for one machine, its lines in the order in which they are loaded.
#[derive(Debug)]
pub struct CompiledSet<'c, 's> {
    /// The set that was compiled.
    pub set: &'c RuleSet<'s>,
    /// The machine, which determines the meaning of `b64` and `b32`.
    pub arch: Arch,
    /// The kernel: the newest of the requested kernels.
    pub profile: Profile,
    /// One compiled line for each line with a command.
    pub lines: Vec<CompiledLine<'c, 's>>,
    final_rules: OnceCell<FinalRules>,
}

/// A line of a compiled set.
#[derive(Debug)]
pub struct CompiledLine<'c, 's> {
    /// Its number in the set.
    pub id: LineId,
    /// Its place and text.
    pub line: &'c Line<'s>,
    /// The compiled command.
    pub checked: CheckedLine,
}

/// A rule that a line adds.
#[derive(Clone, Copy, Debug)]
pub struct LoadedRule<'a, 's> {
    /// The line that adds it.
    pub line: &'a CompiledLine<'a, 's>,
    /// The rule as it is sent to the kernel.
    pub rule: &'a Rule,
    /// The rule in the form that the kernel keeps and compares.
    pub kernel_rule: &'a Rule,
}

/// Compiles lines one after the other.
pub(super) fn compiled_lines<'c, 's: 'c>(
    lines: impl Iterator<Item = (LineId, &'c Line<'s>)>,
    checker: &mut LineChecker<'_>,
) -> Vec<CompiledLine<'c, 's>> {
    // A line is large, and a vector that grows takes up to twice the memory.
    let mut compiled = Vec::with_capacity(lines.size_hint().1.unwrap_or_default());
    let mut memory = Command::default();
    compiled.extend(lines.map(|(id, line)| {
        let checked = checker.line(line.command_in(&mut memory), line.number);
        CompiledLine { id, line, checked }
    }));
    compiled
}

impl<'c, 's> CompiledSet<'c, 's> {
    /// Compiles a set for one machine.
    pub fn new(set: &'c RuleSet<'s>, arch: Arch, profile: Profile, host: &dyn Host) -> Self {
        let lines = compiled_lines(set.loaded_lines(), &mut LineChecker::new(host, Some(profile)));
        CompiledSet { set, arch, profile, lines, final_rules: OnceCell::new() }
    }

    /// Returns the rules that are added and not deleted by a later line, in load order, without rules that the compiler
    /// or the kernel refuses for what they are. Rules that equal another one are included.
    pub fn rules(&self) -> impl Iterator<Item = LoadedRule<'_, 's>> {
        self.numbered_rules().map(|(_, loaded)| loaded)
    }

    /// Returns the same rules, each with the index of its line in [`CompiledSet::lines`].
    pub fn numbered_rules(&self) -> impl Iterator<Item = (usize, LoadedRule<'_, 's>)> {
        let after = self.lines.iter().rposition(CompiledLine::deletes_all).map_or(0, |at| at + 1);
        let deleted = &self.final_rules().deleted;
        let lines = self.lines.iter().enumerate().skip(after);
        let lines = lines.filter(|(index, _)| !deleted.contains(index));
        lines.filter_map(|(index, line)| Some((index, line.rule()?)))
    }

    /// Returns the final rules, list by list, each list in the order in which the kernel tests it: rules of `-A`
    /// first, beginning with the last of them.
    pub fn in_kernel_order(&self) -> impl Iterator<Item = LoadedRule<'_, 's>> {
        self.numbered_in_kernel_order().map(|(_, loaded)| loaded)
    }

    /// Returns the same rules, each with the index of its line in [`CompiledSet::lines`].
    pub(crate) fn numbered_in_kernel_order(
        &self,
    ) -> impl Iterator<Item = (usize, LoadedRule<'_, 's>)> {
        let order = self.final_rules().order.iter();
        order.filter_map(|line| Some((*line, self.lines.get(*line)?.rule()?)))
    }

    /// Returns the rules that the kernel refuses because it has an equal rule, each with the equal rule.
    pub fn repeated(&self) -> impl Iterator<Item = (LoadedRule<'_, 's>, LoadedRule<'_, 's>)> {
        let rule = |line: usize| self.lines.get(line)?.rule();
        let lines = self.repeated_lines().iter();
        lines.filter_map(move |(line, first)| Some((rule(*line)?, rule(*first)?)))
    }

    /// Returns the lines of these rules, as indexes into [`CompiledSet::lines`].
    pub(crate) fn repeated_lines(&self) -> &[(usize, usize)] {
        &self.final_rules().again
    }

    /// Returns the lines that delete a rule that no earlier line adds, after a `-D`: the kernel refuses them.
    pub fn deleting_nothing(&self) -> impl Iterator<Item = &CompiledLine<'c, 's>> {
        self.final_rules().missing.iter().filter_map(|line| self.lines.get(*line))
    }

    fn final_rules(&self) -> &FinalRules {
        self.final_rules.get_or_init(|| FinalRules::of(&self.lines, self.profile))
    }
}

impl<'c, 's> CompiledLine<'c, 's> {
    /// Returns its words and options.
    pub fn command(&self) -> &'c Command<'s> {
        self.line.words_and_options()
    }

    /// Returns a place in this line.
    pub fn place(&self, span: Span) -> FileSpan {
        FileSpan { file: self.line.file, span }
    }

    /// Returns the line from its first word to its last.
    pub fn whole(&self) -> FileSpan {
        self.place(self.line.whole())
    }

    /// Returns the whole line with its newline, as an edit that deletes the line removes it.
    pub fn with_newline(&self, set: &RuleSet<'_>) -> FileSpan {
        let text = set.source(self.line.file).map_or(&[][..], |source| source.text());
        let mut span = self.line.span;
        if text.get(span.end) == Some(&b'\n') {
            span.end += 1;
        }
        self.place(span)
    }

    /// Returns whether the line deletes every rule.
    pub fn deletes_all(&self) -> bool {
        self.checked.sent().any(|(sent, _)| matches!(sent, Sent::DeleteAll(key) if key.is_empty()))
    }

    /// Returns the rule that the line adds.
    pub fn rule(&self) -> Option<LoadedRule<'_, 's>> {
        let kernel_rule = self.checked.kernel_rule.as_ref()?;
        match &self.checked.program.end {
            End::Rule(Request::Add(rule), _) if !self.checked.program.is_faulty() => {
                Some(LoadedRule { line: self, rule, kernel_rule })
            }
            _ => None,
        }
    }
}
