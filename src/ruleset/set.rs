//! Rules files and their lines, in the order in which they are loaded.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::compile::trim_slashes;
use crate::source::Source;
use crate::span::Span;
use crate::syntax::augenrules::{Kind, joined};
use crate::syntax::{Command, Content, Directive, lines, parse_line};

/// A file to be linted.
#[derive(Clone, Copy, Debug)]
pub struct Input<'s> {
    /// Its text.
    pub source: &'s Source,
    /// The directory whose files augenrules joins, for a file from one: files with the same number that
    /// follow each other are one set of rules, in which some lines are moved.
    pub directory: Option<usize>,
}

/// A place in one file of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileSpan {
    /// The file, as index into [`RuleSet::files`].
    pub file: usize,
    /// Where in it.
    pub span: Span,
}

/// Which line of a [`RuleSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineId(usize);

/// One file of a set.
#[derive(Clone, Debug)]
pub struct RuleFile<'s> {
    /// Its text.
    pub source: &'s Source,
    /// Whether augenrules joins it with others.
    pub is_joined: bool,
    /// Whether another file is joined behind it.
    pub has_next: bool,
    lines: Range<usize>,
}

/// One line of a file.
#[derive(Clone, Debug)]
pub struct Line<'s> {
    /// The file, as index into [`RuleSet::files`].
    pub file: usize,
    /// As auditctl counts.
    pub number: usize,
    /// Where it stands in its file, without the newline.
    pub span: Span,
    /// What stands in it.
    pub content: Content<'s>,
}

impl<'s> Line<'s> {
    /// The options in it; `None` for a comment or a blank line.
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
    /// The set of these files, in this order.
    pub fn new(inputs: impl IntoIterator<Item = Input<'s>>) -> Self {
        let mut set = RuleSet { files: Vec::new(), lines: Vec::new(), order: Vec::new() };
        let inputs: Vec<Input<'s>> = inputs.into_iter().collect();
        for group in inputs.chunk_by(|a, b| a.directory.is_some() && a.directory == b.directory) {
            let first = set.lines.len();
            for (index, input) in group.iter().enumerate() {
                set.push(input, index + 1 < group.len());
            }
            set.order_from(first, group.iter().any(|input| input.directory.is_some()));
        }
        set
    }

    fn push(&mut self, input: &Input<'s>, has_next: bool) {
        let start = self.lines.len();
        let file = self.files.len();
        self.lines.extend(lines(input.source.text()).map(|line| Line {
            file,
            number: line.number,
            span: line.span,
            content: parse_line(&line),
        }));
        self.files.push(RuleFile {
            source: input.source,
            is_joined: input.directory.is_some(),
            has_next,
            lines: start..self.lines.len(),
        });
    }

    /// Puts the lines from `first` on into the order in which they are loaded.
    fn order_from(&mut self, first: usize, is_joined: bool) {
        let commands = self.lines.iter().enumerate().skip(first);
        let commands = commands.filter(|(_, line)| line.command().is_some());
        if is_joined {
            let kinds = commands.map(|(index, line)| (self.kind(line), LineId(index))).collect();
            self.order.extend(joined(kinds));
        } else {
            self.order.extend(commands.map(|(index, _)| LineId(index)));
        }
    }

    fn kind(&self, line: &Line<'_>) -> Kind {
        Kind::of(self.text(line.file, line.span))
    }

    /// The files, in order.
    pub fn files(&self) -> &[RuleFile<'s>] {
        &self.files
    }

    /// The text of a file.
    pub fn source(&self, file: usize) -> Option<&'s Source> {
        self.files.get(file).map(|file| file.source)
    }

    /// The bytes at a place of a file.
    pub fn text(&self, file: usize, span: Span) -> &'s [u8] {
        let source = self.source(file);
        source.and_then(|source| source.text().get(span.range())).unwrap_or_default()
    }

    /// The lines of a file, as written.
    pub fn lines_of(&self, file: usize) -> &[Line<'s>] {
        let range = self.files.get(file).map(|file| file.lines.clone());
        range.and_then(|range| self.lines.get(range)).unwrap_or_default()
    }

    /// Every line that says something, in the order in which they are loaded; those that augenrules drops are
    /// left out.
    pub fn loaded(&self) -> impl Iterator<Item = (LineId, &Line<'s>, &Command<'s>)> {
        self.order.iter().filter_map(|id| {
            let line = self.lines.get(id.0)?;
            Some((*id, line, line.command()?))
        })
    }

    /// Every line that says something, as written.
    pub fn written(&self) -> impl Iterator<Item = (LineId, &Line<'s>, &Command<'s>)> {
        let lines = self.lines.iter().enumerate();
        lines.filter_map(|(index, line)| Some((LineId(index), line, line.command()?)))
    }

    /// Whether it is all that a host loads, and not a part that others are joined with: a directory is, and
    /// so is a file that deletes all rules before it adds its own.
    pub fn is_complete(&self) -> bool {
        let is_delete_all = |directive: &Directive<'_>| *directive == Directive::DeleteAll;
        let deletes_all = |command: &Command<'_>| match command.options.as_slice() {
            [only] => is_delete_all(&only.directive),
            _ => false,
        };
        self.files.iter().any(|file| file.is_joined)
            || self.written().any(|(_, _, command)| deletes_all(command))
    }

    /// One line.
    pub fn line(&self, id: LineId) -> Option<&Line<'s>> {
        self.lines.get(id.0)
    }

    /// The paths that the rules take for directories: watches that end in a slash, and trees.
    pub(crate) fn directories(&self) -> BTreeSet<Vec<u8>> {
        let options = self.written().flat_map(|(_, _, command)| &command.options);
        options.filter_map(|item| directory(&item.directive)).collect()
    }
}

/// The path that an option takes for a directory.
fn directory(directive: &Directive<'_>) -> Option<Vec<u8>> {
    let path = match directive {
        Directive::Watch(path) if path.bytes().ends_with(b"/") => path,
        Directive::Field(expression) => {
            let comparison = expression.parts.as_ref().ok()?;
            (comparison.field.bytes() == b"dir").then_some(&comparison.value)?
        }
        _ => return None,
    };
    Some(trim_slashes(path.bytes()).to_vec())
}
