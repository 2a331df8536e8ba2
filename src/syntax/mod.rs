//! Parses text to a syntax tree: one parser for a command line and for a line of a rules file.
//!
//! | file | from | to |
//! |---|---|---|
//! | `lines` | a file | lines |
//! | `words` | a line | words, escapes resolved |
//! | `options` | words | options and their values, as getopt finds them |
//! | `expr` | a value | its parts |
//! | `ast` | | the tree |
//! | `augenrules` | the lines of several files | those of one |
//!
//! This stage resolves no names and refuses nothing: the tree contains malformed parts, and the compiler reports them
//! in auditctl's order.

mod ast;
pub mod augenrules;
mod expr;
mod lines;
mod options;
mod places;
mod text;
mod words;

pub use ast::{Command, Directive, Item, SettingName};
pub use expr::{Comparison, Expression, Keywords, Missing, PathPair, SyscallList};
pub(crate) use lines::most_lines;
pub use lines::{Line, MAX_LINE, lines};
pub use options::{Cause, Flag, LONG, Malformed, SHORT};
pub use text::Text;
use words::add_words;
pub use words::{escaped, words};

use options::{Found, Scanner};

/// What a line of a rules file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Only spaces.
    Blank,
    /// `#` after any number of spaces.
    Comment,
    /// Options.
    Command,
}

impl LineKind {
    /// Returns what a line is, by its first byte that is no space.
    pub fn of(line: &[u8]) -> Self {
        match line.iter().find(|byte| **byte != b' ') {
            None => LineKind::Blank,
            Some(b'#') => LineKind::Comment,
            Some(_) => LineKind::Command,
        }
    }
}

/// The content of one line of a rules file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// Only spaces.
    Blank,
    /// `#` after any number of spaces.
    Comment,
    /// Options.
    Command(Command<'a>),
}

/// Parses one line of a rules file.
///
/// ```
/// use rauditctl::syntax::{Content, lines, parse_line};
/// let mut parsed = lines(b"# watch\n-w /etc/passwd -p wa").map(|line| parse_line(&line));
/// assert!(matches!(parsed.next(), Some(Content::Comment)));
/// let Some(Content::Command(command)) = parsed.next() else { panic!() };
/// assert_eq!(command.options.len(), 2);
/// ```
pub fn parse_line<'a>(line: &Line<'a>) -> Content<'a> {
    match LineKind::of(line.bytes) {
        LineKind::Blank => Content::Blank,
        LineKind::Comment => Content::Comment,
        LineKind::Command => Content::Command(parse_words(words(line.bytes, line.span.start))),
    }
}

/// Parses the words of a command line, or of a line that has been split already.
pub fn parse_words(words: Vec<Text<'_>>) -> Command<'_> {
    // Most options have a value, which is the next word.
    let options = Vec::with_capacity(words.len().div_ceil(2));
    let mut command = Command { words, options, ..Command::default() };
    command.find_options();
    // Many commands are kept at once.
    command.options.shrink_to_fit();
    command
}

impl<'a> Command<'a> {
    /// Parses another line, in the memory of the one before.
    pub(crate) fn read(&mut self, line: &'a [u8], start: usize) {
        self.words.clear();
        add_words(line, start, &mut self.words);
        self.options.clear();
        self.find_options();
    }

    /// Finds the options and operands among the words.
    fn find_options(&mut self) {
        let mut scanner = Scanner::new(&self.words);
        for found in scanner.by_ref() {
            self.options.push(item(found));
        }
        let rest = scanner.rest;
        (self.operands, self.ended) = (rest.operands, rest.ended);
    }
}

#[inline]
fn item(found: Found<'_>) -> Item<'_> {
    let directive = match found.option {
        Ok((flag, value)) => directive(flag, value),
        Err(malformed) => Directive::Malformed(malformed),
    };
    Item { directive, span: found.span, next: found.next }
}

#[inline]
fn directive<'a>(flag: Flag, value: Option<Text<'a>>) -> Directive<'a> {
    // Options that need a value have a value here: the scanner reports the others.
    let text = value.unwrap_or_else(|| Text::plain(b"", 0));
    match flag {
        Flag::Append => Directive::Append(Keywords::parse(text)),
        Flag::Prepend => Directive::Prepend(Keywords::parse(text)),
        Flag::Delete => Directive::Delete(Keywords::parse(text)),
        Flag::Watch => Directive::Watch(text),
        Flag::RemoveWatch => Directive::RemoveWatch(text),
        Flag::Syscall => Directive::Syscalls(SyscallList { text }),
        Flag::Field => Directive::Field(Expression::field(text)),
        Flag::Compare => Directive::Compare(Expression::compare(text)),
        Flag::Key => Directive::Key(text),
        Flag::Permissions => Directive::Permissions(text),
        Flag::Enabled => Directive::Set(SettingName::Enabled, text),
        Flag::Failure => Directive::Set(SettingName::Failure, text),
        Flag::Rate => Directive::Set(SettingName::RateLimit, text),
        Flag::Backlog => Directive::Set(SettingName::BacklogLimit, text),
        Flag::BacklogWaitTime => Directive::Set(SettingName::BacklogWaitTime, text),
        Flag::List => Directive::List,
        Flag::Status => Directive::Status,
        Flag::DeleteAll => Directive::DeleteAll,
        Flag::Trim => Directive::Trim,
        Flag::MakeEquivalent => Directive::MakeEquivalent(PathPair::parse(text)),
        Flag::Message => Directive::Message(text),
        Flag::ReadRules => Directive::ReadRules(text),
        Flag::Ignore => Directive::Ignore,
        Flag::Continue => Directive::Continue,
        Flag::Version => Directive::Version,
        Flag::Help => Directive::Help,
        Flag::LoginuidImmutable => Directive::LoginuidImmutable,
        Flag::ResetLost => Directive::ResetLost,
        Flag::ResetBacklogWaitTimeActual => Directive::ResetBacklogWaitTimeActual,
        Flag::Signal => Directive::Signal(text),
    }
}
