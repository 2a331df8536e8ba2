//! Rules files and their lines, in the order in which they are loaded.

use std::cell::OnceCell;
use std::ops::Range;

use foldhash::HashSet;

use crate::source::Source;
use crate::span::Span;
use crate::syntax::augenrules::{Kind, joined};
use crate::syntax::{Command, Directive, LineKind, lines, most_lines, parse_words, words};

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
    /// Whether it is a command.
    pub kind: LineKind,
    text: &'s [u8],
    /// Its words and options, from the first time that they are asked for: a set that is only loaded needs them once.
    command: OnceCell<Box<Command<'s>>>,
}

impl<'s> Line<'s> {
    /// Returns its words and options; `None` for a comment or a blank line.
    pub fn command(&self) -> Option<&Command<'s>> {
        self.is_command().then(|| self.words_and_options())
    }

    /// Returns whether it is neither a comment nor blank.
    pub fn is_command(&self) -> bool {
        self.kind == LineKind::Command
    }

    /// Returns its words and options. If they are not kept yet, they are in `memory`, until those of another line are there.
    pub(super) fn command_in<'m>(&'m self, memory: &'m mut Command<'s>) -> &'m Command<'s> {
        match self.command.get() {
            Some(command) => command,
            None => {
                memory.read(self.text, self.span.start);
                memory
            }
        }
    }

    pub(super) fn words_and_options(&self) -> &Command<'s> {
        let parsed = || Box::new(parse_words(words(self.text, self.span.start)));
        self.command.get_or_init(parsed)
    }

    /// Returns the place from its first word to its last.
    pub(super) fn whole(&self) -> Span {
        let is_space = |byte: &u8| *byte == b' ';
        let Some(first) = self.text.iter().position(|byte| !is_space(byte)) else {
            return self.span;
        };
        let spaces = self.text.iter().rev().take_while(|byte| is_space(byte)).count();
        let end = self.text.len() - spaces;
        // A space after an odd number of backslashes is part of the last word.
        let slashes = self.text.iter().take(end).rev().take_while(|byte| **byte == b'\\').count();
        let end = end + usize::from(spaces > 0 && slashes % 2 == 1);
        Span::new(self.span.start + first, self.span.start + end)
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
            kind: LineKind::of(line.bytes),
            text: line.bytes,
            command: OnceCell::new(),
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
        let commands = lines.filter(|(_, line)| line.is_command());
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
        self.loaded_lines().map(|(id, line)| (id, line, line.words_and_options()))
    }

    /// Returns the same lines, whose words and options may not be known yet.
    pub(super) fn loaded_lines(&self) -> impl Iterator<Item = (LineId, &Line<'s>)> {
        self.order.iter().filter_map(|id| Some((*id, self.lines.get(id.0)?)))
    }

    /// Returns every line with a command, as written.
    pub fn written(&self) -> impl Iterator<Item = (LineId, &Line<'s>, &Command<'s>)> {
        self.commands_from(0).map(|(id, line)| (id, line, line.words_and_options()))
    }

    /// Returns every line with a command that augenrules drops, as written.
    pub(super) fn dropped_lines(&self) -> impl Iterator<Item = (LineId, &Line<'s>)> {
        // A set that augenrules does not join is loaded whole.
        let is_joined = self.files.iter().any(|file| file.is_joined);
        let loaded: HashSet<LineId> = self.order.iter().copied().filter(|_| is_joined).collect();
        let written = is_joined.then(|| self.commands_from(0));
        written.into_iter().flatten().filter(move |(id, _)| !loaded.contains(id))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `check` with every line of up to five of these bytes.
    fn each_line(bytes: &[u8], check: impl Fn(&[u8])) {
        let mut lines = vec![Vec::new()];
        for _ in 0..5 {
            let longer = lines.iter().flat_map(|line: &Vec<u8>| {
                bytes.iter().map(|byte| [line.as_slice(), &[*byte]].concat())
            });
            lines = longer.chain([Vec::new()]).collect();
            lines.iter().for_each(|line| check(line));
        }
    }

    #[test]
    fn a_line_is_known_without_its_words() {
        each_line(b" \\#\x07\x04a\t", |text| {
            let source = Source::new("a.rules", text.to_vec());
            let set = RuleSet::new([Input { source: &source, directory: None }]);
            let Some(line) = set.lines_of(0).first() else { return };
            let words = words(text, 0);
            let kind = match words.first().map(|word| word.bytes()) {
                None => LineKind::Blank,
                Some([b'#', ..]) => LineKind::Comment,
                Some(_) => LineKind::Command,
            };
            assert_eq!(line.kind, kind, "{text:?}");
            let spans = words.iter().map(|word| word.span());
            assert_eq!(line.whole(), spans.reduce(Span::join).unwrap_or(line.span), "{text:?}");
        });
    }

    #[test]
    fn commands_that_use_memory_again_are_the_same() {
        let mut memory = Command::default();
        for text in ["-a always,exit -- -k x", "-w /a\\ b x", "-D", "", "-k \x07ab y -F a=1"] {
            memory.read(text.as_bytes(), 7);
            assert_eq!(memory, parse_words(words(text.as_bytes(), 7)));
        }
    }
}
