//! Lines in a notation that auditctl does not read: quotes as for a shell, dashes as in a PDF, an option without its
//! dash. The words that were meant are found here; whether they compile decides if they were.

mod marks;
mod reader;

#[cfg(feature = "lint")]
pub(crate) use marks::may_have_quotes;
pub(crate) use reader::parts;

use std::ops::Range;

use super::{Options, Program, compile_once};
use crate::diag::{Diagnostic, Level, Notation, NotationFault};
use crate::host::Host;
use crate::span::Span;
use crate::syntax::{Command, Text, escaped, parse_words};

/// The maximum number of parts in a line that somebody wrote. A hostile line with more is compiled as it is.
const MOST_PARTS: usize = 64;

/// Words in another notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) notation: Notation,
    /// The words, by their index in the command.
    pub(crate) words: Range<usize>,
    /// The words that were meant.
    instead: Vec<Vec<u8>>,
}

impl Part {
    /// Returns the place of the words.
    pub(crate) fn span(&self, command: &Command<'_>) -> Span {
        let words = command.words.get(self.words.clone()).unwrap_or_default();
        words.iter().map(Text::span).reduce(Span::join).unwrap_or_default()
    }

    /// Returns the words that were meant as written in a rules file.
    pub(crate) fn written(&self) -> Vec<u8> {
        let words: Vec<Vec<u8>> = self.instead.iter().map(|word| escaped(word)).collect();
        words.join(&b' ')
    }

    /// Returns the edit of the line that writes the words that were meant. A word that is removed takes the spaces
    /// after it along.
    pub(crate) fn edit(&self, command: &Command<'_>) -> (Span, Vec<u8>) {
        let mut span = self.span(command);
        if let (true, Some(next)) = (self.instead.is_empty(), command.words.get(self.words.end)) {
            span.end = next.span().start;
        }
        (span, self.written())
    }
}

/// Compiles a faulty command as it was meant. Returns the program with one fault for the notation, and with the faults
/// that it has in any notation; or the program as it is.
pub(super) fn as_meant(
    command: &Command<'_>,
    host: &dyn Host,
    options: Options,
    program: Program,
) -> Program {
    let mut parts = parts(command);
    if parts.is_empty() || parts.len() > MOST_PARTS {
        return program;
    }
    let mut meant = compiled(command, &parts, host, options);
    if meant.is_faulty() {
        parts.retain(is_unmistakable);
        meant = compiled(command, &parts, host, options);
    }
    let Some(first) = parts.first() else { return program };
    let edits = parts.iter().map(|part| part.edit(command));
    let edits = edits.map(|(span, text)| (span, text.into())).filter(|_| !meant.is_faulty());
    let fault = NotationFault {
        notation: first.notation,
        instead: first.written().into(),
        edits: edits.collect(),
    };
    let spans: Vec<Span> = parts.iter().map(|part| part.span(command)).collect();
    let is_outside =
        |span: Span| spans.iter().all(|part| span.end <= part.start || span.start >= part.end);
    let others =
        meant.diagnostics().filter(|other| other.level() == Level::Error && is_outside(other.span));
    let others = others.cloned().collect();
    program.with_errors(Diagnostic::new(fault, first.span(command)), others)
}

/// Compiles the command with the words that were meant.
fn compiled(command: &Command<'_>, parts: &[Part], host: &dyn Host, options: Options) -> Program {
    let mut words = Vec::new();
    let mut next = 0;
    for part in parts {
        words.extend(command.words.get(next..part.words.start).unwrap_or_default().iter().cloned());
        let start = part.span(command).start;
        words.extend(part.instead.iter().map(|word| Text::plain(word, start)));
        next = part.words.end;
    }
    words.extend(command.words.get(next..).unwrap_or_default().iter().cloned());
    compile_once(&parse_words(words), host, options)
}

/// Returns whether the words cannot be anything else, even if the line has other faults.
fn is_unmistakable(part: &Part) -> bool {
    match part.notation {
        Notation::Quotes | Notation::Program | Notation::Operator => true,
        // In a value, a dash may be part of a name.
        Notation::Dash(_) => part.instead.iter().all(|word| word.starts_with(b"-")),
        _ => false,
    }
}
