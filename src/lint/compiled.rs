//! A set compiled for one machine.

use std::cell::OnceCell;
use std::sync::Arc;

use super::engine::Settings;
use super::finding::Place;
use super::host::Machine;
use super::mergeable::{Mergeable, mergeable};
use super::set::{Line, LineId, RuleSet};
use super::standing::Standing;
use crate::analysis::{
    Advice, Arming, Load, Narrowing, Origin, Step, Walks, arming, narrowing, walks,
};
use crate::catalog::Arch;
use crate::checked::{CheckedLine, Checker, Sent};
use crate::host::AnyHost;
use crate::model::Profile;
use crate::rule::compile::End;
use crate::rule::{Request, Rule};
use crate::span::Span;
use crate::syntax::Command;

/// A set compiled for one machine, its lines in the order in which they are loaded.
#[derive(Debug)]
pub struct Compiled<'c, 's> {
    /// What was compiled.
    pub set: &'c RuleSet<'s>,
    /// The machine: what `b64` and `b32` follow.
    pub arch: Arch,
    /// The kernel: the newest of those asked for.
    pub profile: Profile,
    /// One for each line that says something.
    pub lines: Vec<CompiledLine<'c, 's>>,
    answers: Answers,
}

/// What several lints ask for, each worked out once.
#[derive(Debug, Default)]
struct Answers {
    arming: OnceCell<Arming>,
    narrowing: OnceCell<Narrowing>,
    walks: OnceCell<Walks>,
    mergeable: OnceCell<Vec<Mergeable>>,
    standing: OnceCell<Standing>,
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
    pub held: &'a Rule,
}

impl<'c, 's> Compiled<'c, 's> {
    /// Compiles a set for one machine.
    pub fn new(set: &'c RuleSet<'s>, arch: Arch, settings: &Settings<'_>) -> Self {
        let profile = profile(arch, settings);
        let any = AnyHost::new(Some(arch)).with_directories(set.directories());
        let host = Machine { arch, others: settings.system.unwrap_or(&any) };
        let mut checker = Checker::new(&host, Some(profile));
        let lines = set.loaded().map(|(id, line, command)| {
            let checked = checker.line(command, line.number);
            CompiledLine { id, line, command, checked }
        });
        let lines = lines.collect();
        Compiled { set, arch, profile, lines, answers: Answers::default() }
    }

    /// The rules that are added and not deleted again by a later `-D`, in the order in which they are
    /// loaded; none that the compiler or the kernel refuses.
    pub fn rules(&self) -> impl Iterator<Item = LoadedRule<'_, 's>> {
        self.numbered_rules().map(|(_, loaded)| loaded)
    }

    /// The same, each with the index of its line in [`Compiled::lines`].
    pub fn numbered_rules(&self) -> impl Iterator<Item = (usize, LoadedRule<'_, 's>)> {
        let behind = self.lines.iter().rposition(CompiledLine::deletes_all).map_or(0, |at| at + 1);
        let lines = self.lines.iter().enumerate().skip(behind);
        lines.filter_map(|(index, line)| Some((index, line.rule()?)))
    }

    /// The rules that are there in the end, in the order in which the kernel asks them: those of `-A` first,
    /// the last of them in front. The lists are mixed.
    pub fn in_kernel_order(&self) -> impl Iterator<Item = LoadedRule<'_, 's>> {
        self.standing().order.iter().filter_map(|line| self.lines.get(*line)?.rule())
    }

    /// The rules that the kernel refuses because it has them already, each with the one that it has.
    pub fn repeated(&self) -> impl Iterator<Item = (LoadedRule<'_, 's>, LoadedRule<'_, 's>)> {
        let rule = |line: usize| self.lines.get(line)?.rule();
        self.standing()
            .again
            .iter()
            .filter_map(move |(line, first)| Some((rule(*line)?, rule(*first)?)))
    }

    fn standing(&self) -> &Standing {
        self.answers.standing.get_or_init(|| Standing::of(&self.lines, self.profile))
    }

    /// The rules that arm every syscall, each with why and with what to write instead.
    pub fn advice(&self) -> impl Iterator<Item = (&CompiledLine<'c, 's>, &Advice)> {
        let narrowing = self.answers.narrowing.get_or_init(|| narrowing(self.arming()));
        narrowing.advice.iter().filter_map(|one| Some((self.lines.get(one.origin.line)?, one)))
    }

    /// How many rules are walked for each syscall.
    pub fn walks(&self) -> &Walks {
        self.answers.walks.get_or_init(|| walks(self.arming()))
    }

    /// The rules that could be one.
    pub(super) fn mergeable(&self) -> &[Mergeable] {
        self.answers.mergeable.get_or_init(|| mergeable(self))
    }

    /// What the set arms; each origin has the index of its line in [`Compiled::lines`] for a line.
    pub fn arming(&self) -> &Arming {
        self.answers.arming.get_or_init(|| self.armed())
    }

    fn armed(&self) -> Arming {
        let file: Arc<str> = "".into();
        let loads = self.lines.iter().enumerate().flat_map(|(line, one)| {
            let origin = Origin { file: Arc::clone(&file), line };
            one.checked.sent().map(move |(sent, _)| match sent {
                Sent::Request(request) => Load::new(origin.clone(), request.clone()),
                Sent::DeleteAll(key) => {
                    let key = (!key.is_empty()).then(|| key.into());
                    Load { origin: origin.clone(), step: Step::DeleteAll { key } }
                }
            })
        });
        let loads: Vec<Load> = loads.collect();
        arming(self.profile, &loads)
    }
}

impl<'c, 's> CompiledLine<'c, 's> {
    /// A place in this line.
    pub fn place(&self, span: Span) -> Place {
        Place { file: self.line.file, span }
    }

    /// The line from its first word to its last.
    pub fn whole(&self) -> Place {
        let words = &self.command.words;
        let span = words.iter().map(|word| word.span()).reduce(Span::join);
        self.place(span.unwrap_or(self.line.span))
    }

    /// The line as a whole, with its newline: what an edit takes that deletes it.
    pub fn with_newline(&self, set: &RuleSet<'_>) -> Place {
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
        let held = self.checked.held.as_ref()?;
        match &self.checked.program.end {
            End::Rule(Request::Add(rule), _) if !self.checked.program.is_faulty() => {
                Some(LoadedRule { line: self, rule, held })
            }
            _ => None,
        }
    }
}

/// The newest of the kernels asked for.
fn profile(arch: Arch, settings: &Settings<'_>) -> Profile {
    let number = settings.kernels.max.and_then(|version| arch.nr_syscalls_at(version));
    number.map_or_else(|| Profile::newest(arch), |number| Profile::new(arch, number))
}
