//! Lines in a notation that auditctl does not read, although it is clear what is meant.

use super::super::code::Code;
use super::super::description::Description;
use super::super::quote::quote;
use super::Bytes;
use crate::span::Span;

/// A line in another notation. auditctl reports what follows from it, so this fault has no message of auditctl.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotationFault {
    /// The first notation of the line.
    pub notation: Notation,
    /// What to write instead of the first one; empty if it is removed.
    pub instead: Bytes,
    /// The edits of the line that replace every such notation, in order; none if the line has other faults.
    pub edits: Box<[(Span, Bytes)]>,
}

/// A notation that auditctl does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Notation {
    /// Quotes around a word, as for a shell.
    Quotes,
    /// A typographic dash, as in a PDF.
    Dash(char),
    /// An option without its dash, or with one dash too few.
    LostDash,
    /// A space that is not the space of the keyboard.
    OddSpace(char),
    /// A list or a condition with spaces inside.
    Spaced,
    /// `-k=x`
    Equals,
    /// `-F syscall=openat`
    Syscall,
    /// `-F uid!=euid`
    Comparison,
    /// An operator of another language: `uid=>1000`
    Operator,
    /// A field under its name in records: `ses`.
    RecordName,
    /// `audit_backlog_limit=8192`
    Setting,
    /// `auditctl -w ...`
    Program,
}

impl NotationFault {
    pub(super) fn describe(&self) -> Description<'_> {
        let titled = |title: String| Description::titled(Code::WrongNotation, title, None);
        let code_point = |char: char| format!("U+{:04X}", u32::from(char));
        let instead = quote(&self.instead);
        match self.notation {
            Notation::Quotes => {
                let described = titled("quotes that are part of the word".into());
                match self.instead.contains(&b' ') {
                    true => described
                        .label("quotes do not protect spaces")
                        .help(format!("write {instead}: `\\ ` stands for a space")),
                    false => described
                        .label("auditctl removes no quotes")
                        .help(format!("write {instead}")),
                }
            }
            Notation::Dash(dash) => {
                titled(format!("typographic dash ({}) instead of a hyphen", code_point(dash)))
                    .help(format!("write {instead} with the hyphen of the keyboard"))
            }
            Notation::LostDash => {
                titled("option without its dash".into()).help(format!("write {instead}"))
            }
            Notation::OddSpace(space) => {
                titled(format!("{} is not a space to auditctl", code_point(space)))
                    .help(format!("write {instead} with the space of the keyboard"))
            }
            Notation::Spaced => titled("space inside a list or condition".into())
                .help(format!("write {instead} without spaces")),
            Notation::Equals => titled("`=` between an option and its value".into())
                .help(format!("write {instead}")),
            Notation::Syscall => {
                titled("`syscall` is not a field".into()).help(format!("write {instead}"))
            }
            Notation::Comparison => titled("`-F` does not compare two fields".into())
                .help(format!("write {instead}: `-C` compares two fields")),
            Notation::Operator => titled("auditctl has no such operator".into())
                .help(format!("did you mean {instead}? the operators are = != < <= > >= & &=")),
            Notation::RecordName => {
                titled("the field has another name in rules than in records".into())
                    .help(format!("write {instead}"))
            }
            Notation::Setting => {
                titled("setting without its option".into()).help(format!("write {instead}"))
            }
            Notation::Program => titled("name of the program in a rules file".into())
                .help("remove the name: a rules file contains only options"),
        }
    }
}
