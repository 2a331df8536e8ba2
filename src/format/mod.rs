//! Formats rules files: spacing, the spelling of options, and the order of parts whose order does not matter.
//!
//! | file | what |
//! |---|---|
//! | `mod` | files and lines |
//! | `forms` | the forms of a command, boldest first |
//! | `parts` | the parts of a rule, to reorder them |
//! | `spell` | values: lists of syscalls, names of fields, permissions |
//! | `meaning` | whether two texts have the same effect on every machine |
//!
//! A form is only a proposal. It is accepted if the old and the new line compile to the same program for
//! every known machine. Otherwise the next form is tried, and if none is accepted, the line stays as it is,
//! byte for byte. Lines with errors also stay, and lines that auditctl reads in unexpected ways: with
//! control bytes (such as TAB, CR and NUL), or too long to read at once.
//!
//! Formatting is idempotent.

mod forms;
mod meaning;
mod parts;
mod spell;

use std::borrow::Cow;
use std::panic::resume_unwind;
use std::thread;

use memchr::memchr;

use crate::span::Span;
use crate::syntax::{Command, Content, Line, MAX_LINE, parse_line};
use forms::Form;
use meaning::Machines;

/// Formats a whole file. The result ends with one newline, without blank lines before it.
///
/// ```
/// let text = b"-a exit,always   -Farch=b64 -S stat,open -kfiles\n\n  # people\n-w /etc/passwd -k id -p aw";
/// let formatted: &[u8] = b"-a always,exit -F arch=b64 -S open,stat -F key=files\n\n# people\n-w /etc/passwd -p wa -k id\n";
/// assert_eq!(rauditctl::format::format(text), formatted);
/// ```
pub fn format(text: &[u8]) -> Vec<u8> {
    // A line is compiled for every machine, which takes long for a large file. The lines do not depend on each other.
    let (first, second) = halves(text);
    let mut formatted = thread::scope(|scope| {
        let second = scope.spawn(|| formatted_lines(second));
        let first = formatted_lines(first);
        let second = second.join().unwrap_or_else(|panic| resume_unwind(panic));
        [first, second].concat()
    });
    let end = formatted.iter().rposition(|byte| *byte != b'\n').map_or(0, |last| last + 2);
    formatted.truncate(end);
    formatted
}

/// Divides a text at the end of a line. A small text is not worth a second thread, so its second half is empty.
fn halves(text: &[u8]) -> (&[u8], &[u8]) {
    const LARGE: usize = 100_000;
    let middle = if text.len() < LARGE { text.len() } else { text.len() / 2 };
    let rest = text.get(middle..).unwrap_or_default();
    let end = memchr(b'\n', rest).map_or(text.len(), |newline| middle + newline + 1);
    text.split_at_checked(end).unwrap_or((text, b""))
}

/// Formats every line of a text. Each ends with a newline.
fn formatted_lines(text: &[u8]) -> Vec<u8> {
    let mut formatted = Vec::with_capacity(text.len());
    for (_, line) in Formatter::new().lines(text) {
        formatted.extend_from_slice(&line);
        formatted.push(b'\n');
    }
    formatted
}

/// Formats lines. Keeps the made-up numbers of account names from line to line.
#[derive(Debug, Default)]
pub struct Formatter {
    machines: Machines,
}

impl Formatter {
    /// Creates a formatter that knows no names yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns every formatted line of `text`, with the place of the original line without its newline. Unlike
    /// [`crate::syntax::lines`], does not divide long lines.
    pub fn lines<'t>(&self, text: &'t [u8]) -> impl Iterator<Item = (Span, Cow<'t, [u8]>)> {
        let mut start = 0;
        let lines = text.split_inclusive(|byte| *byte == b'\n');
        lines.map(move |line| {
            let bytes = line.strip_suffix(b"\n").unwrap_or(line);
            let span = Span::new(start, start + bytes.len());
            start += line.len();
            (span, self.line(bytes))
        })
    }

    /// Formats one line; `line` has no newline.
    ///
    /// ```
    /// use rauditctl::format::Formatter;
    /// let line = Formatter::new().line(b"-a exit,always -F arch=b64 -S stat -S open -k files");
    /// assert_eq!(*line, *b"-a always,exit -F arch=b64 -S open,stat -F key=files");
    /// ```
    pub fn line<'l>(&self, line: &'l [u8]) -> Cow<'l, [u8]> {
        if line.len() > MAX_LINE || line.iter().any(u8::is_ascii_control) {
            return Cow::Borrowed(line);
        }
        let span = Span::new(0, line.len());
        match parse_line(&Line { number: 1, span, bytes: line }) {
            Content::Blank => Cow::Borrowed(b""),
            Content::Comment => Cow::Borrowed(without_blanks(line)),
            Content::Command(command) => self.command(line, &command),
        }
    }

    fn command<'l>(&self, line: &'l [u8], command: &Command<'_>) -> Cow<'l, [u8]> {
        // An escape in the first word results in control bytes that cannot be written elsewhere.
        if command.words.iter().any(|word| word.bytes().iter().any(u8::is_ascii_control)) {
            return Cow::Borrowed(line);
        }
        let mut meaning = None;
        for form in Form::ALL {
            let Some(proposal) = form.print(line, command) else { continue };
            if proposal == line {
                return Cow::Borrowed(line);
            }
            let meaning = meaning.get_or_insert_with(|| self.machines.meaning(command));
            if meaning.is_faulty() {
                return Cow::Borrowed(line);
            }
            if proposal.len() <= MAX_LINE && *meaning == self.machines.meaning_of_line(&proposal) {
                return Cow::Owned(proposal);
            }
        }
        Cow::Borrowed(line)
    }
}

fn without_blanks(line: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| *byte == b' ';
    let start = line.iter().take_while(|byte| is_blank(byte)).count();
    let end = line.len() - line.iter().rev().take_while(|byte| is_blank(byte)).count();
    line.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
