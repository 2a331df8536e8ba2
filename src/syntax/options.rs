//! Options as GNU `getopt_long` finds them, for a command line and for a line of a file.
//!
//! Values may be joined (`-Sopen`, `--signal=HUP`) or follow as a word. Long names may be abbreviated if the result
//! is unambiguous. Options may follow operands, and `--` ends them.

use super::text::Text;
use crate::span::Span;

/// An option of auditctl 4.2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// `-a`
    Append,
    /// `-A`
    Prepend,
    /// `-b`
    Backlog,
    /// `-c`
    Continue,
    /// `-C`
    Compare,
    /// `-d`
    Delete,
    /// `-D`
    DeleteAll,
    /// `-e`
    Enabled,
    /// `-f`
    Failure,
    /// `-F`
    Field,
    /// `-h`, `--help`
    Help,
    /// `-i`
    Ignore,
    /// `-k`
    Key,
    /// `-l`
    List,
    /// `-m`
    Message,
    /// `-p`
    Permissions,
    /// `-q`
    MakeEquivalent,
    /// `-r`
    Rate,
    /// `-R`
    ReadRules,
    /// `-s`
    Status,
    /// `-S`
    Syscall,
    /// `-t`
    Trim,
    /// `-v`
    Version,
    /// `-w`
    Watch,
    /// `-W`
    RemoveWatch,
    /// `--loginuid-immutable`
    LoginuidImmutable,
    /// `--backlog_wait_time`
    BacklogWaitTime,
    /// `--reset-lost`
    ResetLost,
    /// `--reset_backlog_wait_time_actual`
    ResetBacklogWaitTimeActual,
    /// `--signal`
    Signal,
}

/// Every short option, with whether it takes a value.
pub const SHORT: [(u8, Flag, bool); 25] = [
    (b'a', Flag::Append, true),
    (b'A', Flag::Prepend, true),
    (b'b', Flag::Backlog, true),
    (b'c', Flag::Continue, false),
    (b'C', Flag::Compare, true),
    (b'd', Flag::Delete, true),
    (b'D', Flag::DeleteAll, false),
    (b'e', Flag::Enabled, true),
    (b'f', Flag::Failure, true),
    (b'F', Flag::Field, true),
    (b'h', Flag::Help, false),
    (b'i', Flag::Ignore, false),
    (b'k', Flag::Key, true),
    (b'l', Flag::List, false),
    (b'm', Flag::Message, true),
    (b'p', Flag::Permissions, true),
    (b'q', Flag::MakeEquivalent, true),
    (b'r', Flag::Rate, true),
    (b'R', Flag::ReadRules, true),
    (b's', Flag::Status, false),
    (b'S', Flag::Syscall, true),
    (b't', Flag::Trim, false),
    (b'v', Flag::Version, false),
    (b'w', Flag::Watch, true),
    (b'W', Flag::RemoveWatch, true),
];

/// The short options at the index of their letter: nearly every other word of a rules file is one.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static SHORT_BY_LETTER: [Option<(Flag, bool)>; 128] = {
    let mut by_letter = [None; 128];
    let mut index = 0;
    while index < SHORT.len() {
        let (letter, flag, takes_value) = SHORT[index];
        by_letter[letter as usize] = Some((flag, takes_value));
        index += 1;
    }
    by_letter
};

/// Every long option, with whether it takes a value.
pub const LONG: [(&[u8], Flag, bool); 6] = [
    (b"help", Flag::Help, false),
    (b"loginuid-immutable", Flag::LoginuidImmutable, false),
    (b"backlog_wait_time", Flag::BacklogWaitTime, true),
    (b"reset-lost", Flag::ResetLost, false),
    (b"reset_backlog_wait_time_actual", Flag::ResetBacklogWaitTimeActual, false),
    (b"signal", Flag::Signal, true),
];

/// An option that getopt found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    /// The option and its value, or the fault.
    pub option: Result<(Flag, Option<Text<'a>>), Box<Malformed<'a>>>,
    /// The place of the option, without a value that follows it.
    pub span: Span,
    /// The index of the word after the option and its value (getopt's `optind`).
    pub next: usize,
}

/// A malformed option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed<'a> {
    /// The fault.
    pub cause: Cause,
    /// The option as written: a letter, or a long name without its dashes.
    pub name: Text<'a>,
    /// The word that auditctl's message names: the word before getopt's position, which in a cluster of letters is
    /// another word; `None` at the start of the line.
    pub word: Option<Text<'a>>,
}

/// The fault of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The option does not exist.
    Unknown,
    /// It is the beginning of several long options.
    Ambiguous,
    /// It needs a value, but none follows.
    ValueMissing,
    /// It takes no value, but has one.
    ValueUnwanted,
}

/// The words that are not options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rest<'a> {
    /// Words that are neither options nor values, in order.
    pub operands: Vec<Text<'a>>,
    /// Whether `--` ended the options.
    pub ended: bool,
}

/// Scans words like getopt_long of GNU libc: words before and between the options are operands.
pub(super) struct Scanner<'w, 'a> {
    words: &'w [Text<'a>],
    /// The next word to look at.
    position: usize,
    /// The next letter to look at in that word, after its dash; not 0 if others were before it.
    letter: usize,
    /// What is left when no more options follow.
    pub rest: Rest<'a>,
}

impl<'w, 'a> Scanner<'w, 'a> {
    pub(super) fn new(words: &'w [Text<'a>]) -> Self {
        Scanner { words, position: 0, letter: 0, rest: Rest::default() }
    }
}

impl<'a> Iterator for Scanner<'_, 'a> {
    type Item = Found<'a>;

    #[inline]
    fn next(&mut self) -> Option<Found<'a>> {
        loop {
            let word = self.words.get(self.position)?;
            match word.bytes() {
                [b'-', b'-'] => {
                    let operands = self.words.iter().skip(self.position + 1).cloned();
                    self.rest.operands.extend(operands);
                    self.rest.ended = true;
                    self.position = self.words.len();
                }
                [b'-', b'-', ..] => return Some(self.long(word)),
                [b'-', letters @ ..] if !letters.is_empty() => {
                    return Some(self.short(word, letters));
                }
                _ => {
                    self.rest.operands.push(word.clone());
                    self.position += 1;
                }
            }
        }
    }
}

impl<'w, 'a> Scanner<'w, 'a> {
    #[cold]
    fn long(&mut self, word: &'w Text<'a>) -> Found<'a> {
        let written = word.skip(2);
        let equals = written.bytes().iter().position(|&byte| byte == b'=');
        let name = written.slice(0..equals.unwrap_or(written.bytes().len()));
        let joined = equals.map(|at| written.skip(at + 1));
        let span = Span::new(word.span().start, name.span().end);
        self.position += 1;

        let option = match (find_long(name.bytes()), joined) {
            (Err(cause), _) => Err(cause),
            (Ok((_, false)), Some(_)) => Err(Cause::ValueUnwanted),
            (Ok((flag, false)), None) => Ok((flag, None)),
            (Ok((flag, true)), Some(value)) => Ok((flag, Some(value))),
            (Ok((flag, true)), None) => match self.take_word() {
                Some(value) => Ok((flag, Some(value))),
                None => Err(Cause::ValueMissing),
            },
        };
        let option = option.map_err(|cause| self.malformed(cause, name));
        Found { option, span, next: self.position }
    }

    /// Takes one letter of those after a dash: all except the last take no value.
    #[inline]
    fn short(&mut self, word: &'w Text<'a>, letters: &[u8]) -> Found<'a> {
        let at = self.letter;
        let letter = letters.get(at).copied().unwrap_or_default();
        // The first letter comes with the dash.
        let span = word.span_of(if at == 0 { 0 } else { at + 1 }..at + 2);
        let found = SHORT_BY_LETTER.get(usize::from(letter)).copied().flatten();
        let is_last = at + 1 == letters.len();
        let takes_value = found.is_some_and(|(_, value)| value);
        let ends_word = is_last || takes_value;
        self.letter = if ends_word { 0 } else { at + 1 };
        self.position += usize::from(ends_word);
        let option = match found {
            None => Err(Cause::Unknown),
            Some((flag, false)) => Ok((flag, None)),
            Some((flag, true)) if !is_last => Ok((flag, Some(word.skip(at + 2)))),
            Some((flag, true)) => match self.take_word() {
                Some(value) => Ok((flag, Some(value))),
                None => Err(Cause::ValueMissing),
            },
        };
        let option = option.map_err(|cause| self.malformed(cause, word.slice(at + 1..at + 2)));
        Found { option, span, next: self.position }
    }

    /// Takes the next word as the value of an option, even if it looks like an option.
    fn take_word(&mut self) -> Option<Text<'a>> {
        let value = self.words.get(self.position)?.clone();
        self.position += 1;
        Some(value)
    }

    #[cold]
    fn malformed(&self, cause: Cause, name: Text<'a>) -> Box<Malformed<'a>> {
        Box::new(Malformed { cause, name, word: self.word_before() })
    }

    /// Returns the word before getopt's position. In the middle of a cluster, the position is still at the cluster,
    /// and getopt has moved the operands directly before it.
    fn word_before(&self) -> Option<Text<'a>> {
        let last = self.position.checked_sub(1)?;
        match self.rest.operands.last() {
            Some(operand) if self.letter > 0 => Some(operand.clone()),
            _ => self.words.get(last).cloned(),
        }
    }
}

fn find_long(name: &[u8]) -> Result<(Flag, bool), Cause> {
    let exact = LONG.iter().find(|(long, ..)| *long == name);
    let mut starts = LONG.iter().filter(|(long, ..)| long.starts_with(name));
    let found = match (exact, starts.next(), starts.next()) {
        (Some(exact), ..) => exact,
        (None, Some(only), None) => only,
        (None, Some(_), Some(_)) => return Err(Cause::Ambiguous),
        (None, None, _) => return Err(Cause::Unknown),
    };
    Ok((found.1, found.2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::words;

    fn found<'a>(words: &[Text<'a>]) -> (Vec<Found<'a>>, Rest<'a>) {
        let mut scanner = Scanner::new(words);
        let options = scanner.by_ref().collect();
        (options, scanner.rest)
    }

    fn flags(line: &str) -> Vec<(Flag, Option<String>)> {
        let words = words(line.as_bytes(), 0);
        found(&words)
            .0
            .into_iter()
            .map(|found| {
                let (flag, value) = found.option.expect("an option");
                (flag, value.map(|v| String::from_utf8_lossy(v.bytes()).into_owned()))
            })
            .collect()
    }

    fn blamed(line: &str) -> (Cause, Option<Vec<u8>>) {
        let words = words(line.as_bytes(), 0);
        let found = found(&words).0.into_iter().find_map(|found| found.option.err());
        let found = found.expect("an error");
        (found.cause, found.word.map(|word| word.bytes().to_vec()))
    }

    #[test]
    fn accepts_joined_and_separate_values() {
        let value = Some("open".to_owned());
        assert_eq!(
            flags("-Sopen -S open"),
            [(Flag::Syscall, value.clone()), (Flag::Syscall, value)]
        );
        assert_eq!(
            flags("--signal=HUP --signal -l"),
            [(Flag::Signal, Some("HUP".into())), (Flag::Signal, Some("-l".into()))]
        );
        assert_eq!(
            flags("-Dlk x"),
            [(Flag::DeleteAll, None), (Flag::List, None), (Flag::Key, Some("x".into()))]
        );
    }

    #[test]
    fn accepts_abbreviated_long_names() {
        assert_eq!(flags("--back 5"), [(Flag::BacklogWaitTime, Some("5".into()))]);
        assert_eq!(flags("--reset-"), [(Flag::ResetLost, None)]);
        assert_eq!(blamed("--reset"), (Cause::Ambiguous, Some(b"--reset".to_vec())));
        assert_eq!(blamed("--help=x"), (Cause::ValueUnwanted, Some(b"--help=x".to_vec())));
    }

    #[test]
    fn accepts_operands_before_options() {
        let words = words(b"x -e 1 y -- -l", 0);
        let (options, rest) = found(&words);
        assert_eq!(options.len(), 1);
        let operands: Vec<_> = rest.operands.iter().map(Text::bytes).collect();
        assert_eq!(operands, [&b"x"[..], b"y", b"-l"]);
        assert!(rest.ended);
    }

    #[test]
    fn faulty_word_is_the_one_before_getopts_position() {
        // GNU libc's getopt_long, observed with auditctl: in the middle of a cluster, the position has not advanced
        // yet.
        assert_eq!(blamed("-z"), (Cause::Unknown, Some(b"-z".to_vec())));
        assert_eq!(blamed("-zl"), (Cause::Unknown, None));
        assert_eq!(blamed("-e 1 -zl"), (Cause::Unknown, Some(b"1".to_vec())));
        assert_eq!(blamed("x -e 1 -zl"), (Cause::Unknown, Some(b"x".to_vec())));
        assert_eq!(blamed("-k a -S"), (Cause::ValueMissing, Some(b"-S".to_vec())));
    }
}
