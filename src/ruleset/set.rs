//! Rules files and their lines, in the order in which they are loaded.

use std::ops::Range;

use foldhash::HashSet;

use crate::source::Source;
use crate::span::Span;
use crate::syntax::augenrules::{Kind, joined};
use crate::syntax::{Command, Content, Directive, lines, most_lines, parse_line};

/// A file of a set.
#[derive(Clone, Copy, Debug)]
pub struct Input<'s> {
    /// Its text.
    pub source: &'s Source,
    /// The number of the directory that the file is from, if any: augenrules joins consecutive files with the same
    /// number, and moves some lines.
    pub directory: Option<usize>,
}

/// A place in one file of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileSpan {
    /// The file, as index into [`RuleSet::files`].
    pub file: usize,
    /// The place in the file.
    pub span: Span,
}

/// The number of a line in a [`RuleSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineId(usize);

/// One file of a set.
#[derive(Clone, Debug)]
pub struct RuleFile<'s> {
    /// Its text.
    pub source: &'s Source,
    /// Whether augenrules joins it with others.
    pub is_joined: bool,
    /// Whether another file is joined after it.
    pub has_next: bool,
    lines: Range<usize>,
}

/// One line of a file.
#[derive(Clone, Debug)]
pub struct Line<'s> {
    /// The file, as index into [`RuleSet::files`].
    pub file: usize,
    /// The number that auditctl reports.
    pub number: usize,
    /// Its place in the file, without the newline.
    pub span: Span,
    /// The parsed text.
    pub content: Content<'s>,
}

impl<'s> Line<'s> {
    /// Returns its options; `None` for a comment or a blank line.
    pub fn command(&self) -> Option<&Command<'s>> {
        match &self.content {
            Content::Command(command) => Some(command),
            Content::Blank | Content::Comment => None,
        }
    }
}

/// Files that are loaded one after the other.
#[derive(Clone, Debug)]
pub struct RuleSet<'s> {
    files: Vec<RuleFile<'s>>,
    lines: Vec<Line<'s>>,
    order: Vec<LineId>,
}

impl<'s> RuleSet<'s> {
    /// Creates the set of these files, in this order.
    pub fn new(inputs: impl IntoIterator<Item = Input<'s>>) -> Self {
        let mut set = RuleSet { files: Vec::new(), lines: Vec::new(), order: Vec::new() };
        let inputs: Vec<Input<'s>> = inputs.into_iter().collect();
        for group in inputs.chunk_by(|a, b| a.directory.is_some() && a.directory == b.directory) {
            let first = set.lines.len();
            for (index, input) in group.iter().enumerate() {
                set.push(input, group.get(index + 1));
            }
            match group.iter().any(|input| input.directory.is_some()) {
                true => set.order_joined(first),
                false => set.order_as_written(first),
            }
        }
        set
    }

    fn push(&mut self, input: &Input<'s>, next: Option<&Input<'s>>) {
        let start = self.lines.len();
        let file = self.files.len();
        // A line is large, and a vector that grows takes up to twice the memory.
        self.lines.reserve_exact(most_lines(input.source.text()));
        self.lines.extend(lines(input.source.text()).map(|line| Line {
            file,
            number: line.number,
            span: line.span,
            content: parse_line(&line),
        }));
        self.files.push(RuleFile {
            source: input.source,
            is_joined: input.directory.is_some(),
            has_next: next.is_some(),
            lines: start..self.lines.len(),
        });
    }

    /// Orders the lines from `first` on as augenrules joins them.
    fn order_joined(&mut self, first: usize) {
        let commands = self.commands_from(first);
        let kinds = commands.map(|(id, line)| (self.kind(line), id)).collect();
        self.order.extend(joined(kinds));
    }

    /// Orders the lines from `first` on as written.
    fn order_as_written(&mut self, first: usize) {
        let ids: Vec<LineId> = self.commands_from(first).map(|(id, _)| id).collect();
        self.order.extend(ids);
    }

    fn commands_from(&self, first: usize) -> impl Iterator<Item = (LineId, &Line<'s>)> {
        let lines = self.lines.iter().enumerate().skip(first);
        let commands = lines.filter(|(_, line)| line.command().is_some());
        commands.map(|(index, line)| (LineId(index), line))
    }

    fn kind(&self, line: &Line<'_>) -> Kind {
        Kind::of(self.text(line.file, line.span))
    }

    /// Returns the files, in order.
    pub fn files(&self) -> &[RuleFile<'s>] {
        &self.files
    }

    /// Returns the text of a file.
    pub fn source(&self, file: usize) -> Option<&'s Source> {
        self.files.get(file).map(|file| file.source)
    }

    /// Returns the bytes at a place of a file.
    pub fn text(&self, file: usize, span: Span) -> &'s [u8] {
        let source = self.source(file);
        source.and_then(|source| source.text().get(span.range())).unwrap_or_default()
    }

    /// Returns the lines of a file, as written.
    pub fn lines_of(&self, file: usize) -> &[Line<'s>] {
        let range = self.files.get(file).map(|file| file.lines.clone());
        range.and_then(|range| self.lines.get(range)).unwrap_or_default()
    }

    /// Returns every line with a command, in load order, without those that augenrules drops.
    pub fn loaded(&self) -> impl Iterator<Item = (LineId, &Line<'s>, &Command<'s>)> {
        self.order.iter().filter_map(|id| {
            let line = self.lines.get(id.0)?;
            Some((*id, line, line.command()?))
        })
    }

    /// Returns every line with a command, as written.
    pub fn written(&self) -> impl Iterator<Item = (LineId, &Line<'s>, &Command<'s>)> {
        let lines = self.lines.iter().enumerate();
        lines.filter_map(|(index, line)| Some((LineId(index), line, line.command()?)))
    }

    /// Returns every line with a command that augenrules drops, as written.
    pub fn dropped(&self) -> impl Iterator<Item = (LineId, &Line<'s>, &Command<'s>)> {
        // A set that augenrules does not join is loaded whole.
        let is_joined = self.files.iter().any(|file| file.is_joined);
        let loaded: HashSet<LineId> = self.order.iter().copied().filter(|_| is_joined).collect();
        let written = is_joined.then(|| self.written());
        written.into_iter().flatten().filter(move |(id, ..)| !loaded.contains(id))
    }

    /// Returns whether the set is everything that a host loads, and not a part that is joined with other files. This
    /// is true for a directory, and for a file that deletes all rules.
    pub fn is_complete(&self) -> bool {
        let is_delete_all = |directive: &Directive<'_>| *directive == Directive::DeleteAll;
        let deletes_all = |command: &Command<'_>| match command.options.as_slice() {
            [only] => is_delete_all(&only.directive),
            _ => false,
        };
        self.files.iter().any(|file| file.is_joined)
            || self.written().any(|(_, _, command)| deletes_all(command))
    }

    /// Returns one line.
    pub fn line(&self, id: LineId) -> Option<&Line<'s>> {
        self.lines.get(id.0)
    }
}
