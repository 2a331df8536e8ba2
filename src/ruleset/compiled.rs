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
    /// What was compiled.
    pub set: &'c RuleSet<'s>,
    /// The machine: what `b64` and `b32` follow.
    pub arch: Arch,
    /// The kernel: the newest of those asked for.
    pub profile: Profile,
    /// One for each line that says something.
    pub lines: Vec<CompiledLine<'c, 's>>,
    final_rules: OnceCell<FinalRules>,
}

/// A line of it.
#[derive(Debug)]
pub struct CompiledLine<'c, 's> {
    /// Which line.
    pub id: LineId,
    /// Where it stands.
    pub line: &'c Line<'s>,
    /// What is written in it.
    pub command: &'c Command<'s>,
    /// What it does.
    pub checked: CheckedLine,
}

/// A rule that is added.
#[derive(Clone, Copy, Debug)]
pub struct LoadedRule<'a, 's> {
    /// The line that adds it.
    pub line: &'a CompiledLine<'a, 's>,
    /// The rule as it is sent.
    pub rule: &'a Rule,
    /// The rule as the kernel keeps it: two that are equal are one to the kernel.
    pub kernel_rule: &'a Rule,
}

impl<'c, 's> CompiledSet<'c, 's> {
    /// Compiles a set for one machine.
    pub fn new(set: &'c RuleSet<'s>, arch: Arch, profile: Profile, host: &dyn Host) -> Self {
        let mut checker = LineChecker::new(host, Some(profile));
        let lines = set.loaded().map(|(id, line, command)| {
            let checked = checker.line(command, line.number);
            CompiledLine { id, line, command, checked }
        });
        let lines = lines.collect();
        CompiledSet { set, arch, profile, lines, final_rules: OnceCell::new() }
    }

    /// The rules that are added and not deleted again by a later `-D`, in the order in which they are
    /// loaded; none that the compiler or the kernel refuses.
    pub fn rules(&self) -> impl Iterator<Item = LoadedRule<'_, 's>> {
        self.numbered_rules().map(|(_, loaded)| loaded)
    }

    /// The same, each with the index of its line in [`CompiledSet::lines`].
    pub fn numbered_rules(&self) -> impl Iterator<Item = (usize, LoadedRule<'_, 's>)> {
        let behind = self.lines.iter().rposition(CompiledLine::deletes_all).map_or(0, |at| at + 1);
        let lines = self.lines.iter().enumerate().skip(behind);
        lines.filter_map(|(index, line)| Some((index, line.rule()?)))
    }

    /// The rules that are there in the end, in the order in which the kernel asks them: those of `-A` first,
    /// the last of them in front. The lists are mixed.
    pub fn in_kernel_order(&self) -> impl Iterator<Item = LoadedRule<'_, 's>> {
        self.final_rules().order.iter().filter_map(|line| self.lines.get(*line)?.rule())
    }

    /// The rules that the kernel refuses because it has them already, each with the one that it has.
    pub fn repeated(&self) -> impl Iterator<Item = (LoadedRule<'_, 's>, LoadedRule<'_, 's>)> {
        let rule = |line: usize| self.lines.get(line)?.rule();
        self.final_rules()
            .again
            .iter()
            .filter_map(move |(line, first)| Some((rule(*line)?, rule(*first)?)))
    }

    fn final_rules(&self) -> &FinalRules {
        self.final_rules.get_or_init(|| FinalRules::of(&self.lines, self.profile))
    }
}

impl<'c, 's> CompiledLine<'c, 's> {
    /// A place in this line.
    pub fn place(&self, span: Span) -> FileSpan {
        FileSpan { file: self.line.file, span }
    }

    /// The line from its first word to its last.
    pub fn whole(&self) -> FileSpan {
        let words = &self.command.words;
        let span = words.iter().map(|word| word.span()).reduce(Span::join);
        self.place(span.unwrap_or(self.line.span))
    }

    /// The line as a whole, with its newline: what an edit takes that deletes it.
    pub fn with_newline(&self, set: &RuleSet<'_>) -> FileSpan {
        let text = set.source(self.line.file).map_or(&[][..], |source| source.text());
        let mut span = self.line.span;
        if text.get(span.end) == Some(&b'\n') {
            span.end += 1;
        }
        self.place(span)
    }

    /// Whether it deletes every rule.
    pub fn deletes_all(&self) -> bool {
        self.checked.sent().any(|(sent, _)| matches!(sent, Sent::DeleteAll(key) if key.is_empty()))
    }

    /// The rule it adds.
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
