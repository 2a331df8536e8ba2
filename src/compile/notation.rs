//! Lines in a notation that auditctl does not read: quotes as for a shell, dashes as in a PDF, an option without its
//! dash. The words that were meant are found here; whether they compile decides if they were.

use std::ops::Range;

use super::{Options, Program, compile_once};
use crate::catalog::{self, Operator};
use crate::diag::{Diagnostic, Level, Notation, NotationFault};
use crate::host::Host;
use crate::span::Span;
use crate::syntax::{Command, Expression, LONG, SHORT, Text, escaped, parse_words};

/// The maximum number of parts in a line that somebody wrote. A hostile line with more is compiled as it is.
const MOST_PARTS: usize = 64;
/// The maximum number of words between two quotes.
const MOST_QUOTED: usize = 16;

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
        Notation::Quotes | Notation::Program => true,
        // In a value, a dash may be part of a name.
        Notation::Dash(_) => part.instead.iter().all(|word| word.starts_with(b"-")),
        _ => false,
    }
}

/// Returns the parts of a command that are in another notation, in order.
pub(crate) fn parts(command: &Command<'_>) -> Vec<Part> {
    let mut reader = Reader { words: &command.words, at: 0, value_of: None };
    let mut parts = Vec::new();
    while let Some(word) = reader.words.get(reader.at) {
        match reader.part(word.bytes()) {
            Some(part) => {
                part.instead.iter().for_each(|word| reader.pass(word));
                reader.at = part.words.end;
                parts.push(part);
            }
            None => {
                reader.pass(word.bytes());
                reader.at += 1;
            }
        }
    }
    parts
}

/// Reads the words of a command in order.
struct Reader<'w, 'a> {
    words: &'w [Text<'a>],
    at: usize,
    /// The option that takes the word as its value.
    value_of: Option<u8>,
}

impl Reader<'_, '_> {
    /// Notes whether the next word is the value of this one.
    fn pass(&mut self, word: &[u8]) {
        self.value_of = match self.value_of {
            Some(_) => None,
            None => open_option(word),
        };
    }

    /// Returns the bytes of a word, counted from the current one.
    fn word(&self, ahead: usize) -> Option<&[u8]> {
        self.words.get(self.at + ahead).map(Text::bytes)
    }

    /// Returns the part that begins with the current word.
    fn part(&self, word: &[u8]) -> Option<Part> {
        let of_place = || match self.value_of {
            None => self.option(word),
            Some(letter) => self.value(letter, word),
        };
        self.quoted(word).or_else(of_place).or_else(|| self.oddly_spaced(word))
    }

    fn instead(&self, notation: Notation, taken: usize, instead: Vec<Vec<u8>>) -> Option<Part> {
        Some(Part { notation, words: self.at..self.at + taken, instead })
    }

    /// Returns the part at a word that begins an option.
    fn option(&self, word: &[u8]) -> Option<Part> {
        if let Some((dash, option)) = typographic_option(word) {
            return self.instead(Notation::Dash(dash), 1, vec![option]);
        }
        let is_first = self.at == 0;
        if is_first
            && self.words.len() > 1
            && word.rsplit(|byte| *byte == b'/').next() == Some(b"auditctl")
        {
            return self.instead(Notation::Program, 1, Vec::new());
        }
        if let Some(instead) = self.setting(word).filter(|_| is_first) {
            return self.instead(Notation::Setting, self.words.len(), instead);
        }
        if let Some(option) = self.without_dash(word) {
            return self.instead(Notation::LostDash, 1, vec![option]);
        }
        match (word, self.word(1)) {
            ([b'-', letter, b'=', value @ ..], _) if takes_value(*letter) && !value.is_empty() => {
                self.instead(Notation::Equals, 1, vec![vec![b'-', *letter], value.to_vec()])
            }
            (b"-F", Some(condition)) => self.condition(condition),
            _ => None,
        }
    }

    /// Returns the option that a word is without its dash, or without one of two dashes.
    fn without_dash(&self, word: &[u8]) -> Option<Vec<u8>> {
        let name = word.split(|byte| *byte == b'=').next().unwrap_or_default();
        let long = name.strip_prefix(b"-").unwrap_or(name);
        if !long.starts_with(b"-") && LONG.iter().any(|(known, ..)| *known == long) {
            return Some(
                [if word.starts_with(b"-") { b"-".as_slice() } else { b"--" }, word].concat(),
            );
        }
        let [letter] = word else { return None };
        let value = self
            .word(1)
            .filter(|value| !value.starts_with(b"-") && typographic_option(value).is_none());
        let is_meant = match takes_value(*letter) {
            true => value.is_some(),
            // These are commands of their own.
            false => matches!(letter, b'D' | b'c' | b'i') && self.words.len() == 1,
        };
        is_meant.then(|| vec![b'-', *letter])
    }

    /// Returns the setting of a line that consists of a name and a number: a parameter of the kernel, or a line of
    /// `auditctl -s`.
    fn setting(&self, word: &[u8]) -> Option<Vec<Vec<u8>>> {
        const SETTINGS: [(&[u8], &[u8]); 5] = [
            (b"audit_backlog_limit", b"-b"),
            (b"backlog_limit", b"-b"),
            (b"enabled", b"-e"),
            (b"failure", b"-f"),
            (b"rate_limit", b"-r"),
        ];
        let (name, number) = match (word.iter().position(|byte| *byte == b'='), self.words.len()) {
            (Some(equals), 1) => (word.get(..equals)?, word.get(equals + 1..)?),
            (None, 2) => (word, self.word(1)?),
            _ => return None,
        };
        let (_, option) = SETTINGS.iter().find(|(known, _)| *known == name)?;
        let is_number = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
        is_number.then(|| vec![option.to_vec(), number.to_vec()])
    }

    /// Returns the part that is a whole `-F` and stands for another option.
    fn condition(&self, condition: &[u8]) -> Option<Part> {
        let parts = Expression::field(Text::plain(condition, 0)).parts.ok()?;
        let (field, value) = (parts.field.bytes(), parts.value.bytes());
        if field.eq_ignore_ascii_case(b"syscall") && parts.operator == Operator::Equal {
            return self.instead(Notation::Syscall, 2, vec![b"-S".to_vec(), value.to_vec()]);
        }
        let is_equality = matches!(parts.operator, Operator::Equal | Operator::NotEqual);
        let numbers = catalog::field_number(field).zip(catalog::field_number(value));
        numbers.filter(|(left, right)| {
            is_equality && catalog::compare_number(*left, *right).is_some()
        })?;
        self.instead(Notation::Comparison, 2, vec![b"-C".to_vec(), condition.to_vec()])
    }

    /// Returns the part at the value of an option.
    fn value(&self, letter: u8, word: &[u8]) -> Option<Part> {
        let joined = match letter {
            b'F' | b'C' => self.joined(is_open_condition),
            b'S' | b'a' | b'A' | b'd' => {
                self.joined(|before, after| before.ends_with(b",") || after.starts_with(b","))
            }
            _ => None,
        };
        if joined.is_some() {
            return joined;
        }
        let parts =
            Expression::field(Text::plain(word, 0)).parts.ok().filter(|_| letter == b'F')?;
        let value_start = word.len() - parts.value.bytes().len();
        let (head, value) = word.split_at_checked(value_start)?;
        if let Some((dash, len)) = typographic_dash(value) {
            let value = [b"-", value.get(len..)?].concat();
            return self.instead(Notation::Dash(dash), 1, vec![[head, &value].concat()]);
        }
        let field = parts.field.bytes();
        let (_, name) = RECORD_NAMES.iter().find(|(known, _)| *known == field)?;
        let instead = [name, word.get(field.len()..)?].concat();
        self.instead(Notation::RecordName, 1, vec![instead])
    }

    /// Returns the part of words that belong together, because one is open at its end or the next at its start.
    fn joined(&self, is_open: impl Fn(&[u8], &[u8]) -> bool) -> Option<Part> {
        let mut whole = self.word(0)?.to_vec();
        let mut taken = 1;
        while let Some(next) =
            self.word(taken).filter(|next| is_open(&whole, next) && !is_option(next))
        {
            whole.extend_from_slice(next);
            taken += 1;
        }
        if taken == 1 { None } else { self.instead(Notation::Spaced, taken, vec![whole]) }
    }

    /// Returns the part between two quotes, which may be in different words.
    fn quoted(&self, word: &[u8]) -> Option<Part> {
        let (start, quotes, open_len) = opening_quote(word)?;
        let mut inside = Vec::new();
        let mut ahead = 0;
        loop {
            let next = match ahead {
                0 => word.get(start + open_len..)?,
                1..MOST_QUOTED => self.word(ahead)?,
                _ => return None,
            };
            if ahead > 0 {
                inside.extend(std::iter::repeat_n(b' ', self.spaces_before(ahead)));
            }
            ahead += 1;
            match without_closing(next, quotes) {
                Some(rest) => {
                    inside.extend_from_slice(rest);
                    break;
                }
                None => inside.extend_from_slice(next),
            }
        }
        if inside.is_empty() {
            return None;
        }
        let names: Vec<&[u8]> =
            inside.split(|byte| *byte == b',').map(|name| bare(name, quotes)).collect();
        let mut instead = [word.get(..start)?, &names.join(&b',')].concat();
        if matches!(self.value_of, Some(b'F' | b'C')) {
            instead = tight(&instead);
        }
        self.instead(Notation::Quotes, ahead, vec![instead])
    }

    /// Returns how many spaces there are between a word and the word before it.
    fn spaces_before(&self, ahead: usize) -> usize {
        let at = self.at + ahead;
        let before = at.checked_sub(1).and_then(|at| self.words.get(at));
        let gap = before.zip(self.words.get(at));
        gap.map_or(1, |(before, word)| word.span().start.saturating_sub(before.span().end)).max(1)
    }

    /// Returns the words between spaces that are not those of the keyboard.
    fn oddly_spaced(&self, word: &[u8]) -> Option<Part> {
        const ODD: [char; 4] = ['\u{a0}', '\u{2007}', '\u{202f}', '\u{3000}'];
        let text = std::str::from_utf8(word).ok()?;
        let space = text.chars().find(|char| ODD.contains(char))?;
        let words =
            text.split(ODD).filter(|word| !word.is_empty()).map(|word| word.as_bytes().to_vec());
        self.instead(Notation::OddSpace(space), 1, words.collect())
    }
}

/// Fields under their names in records, with their names in rules.
const RECORD_NAMES: [(&[u8], &[u8]); 3] =
    [(b"ses", b"sessionid"), (b"ouid", b"obj_uid"), (b"ogid", b"obj_gid")];

/// Returns the letter of an option that takes the next word as its value; `-` for a long option.
fn open_option(word: &[u8]) -> Option<u8> {
    if let Some(name) = word.strip_prefix(b"--") {
        return LONG
            .iter()
            .any(|(long, _, takes_value)| *takes_value && *long == name)
            .then_some(b'-');
    }
    let letters = word.strip_prefix(b"-")?;
    let at = letters.iter().position(|letter| takes_value(*letter))?;
    letters.get(at).copied().filter(|_| at + 1 == letters.len())
}

fn takes_value(letter: u8) -> bool {
    SHORT.iter().any(|(known, _, takes_value)| *known == letter && *takes_value)
}

/// Returns whether a word begins an option, and is not a negative number or error name.
fn is_option(word: &[u8]) -> bool {
    match word {
        [b'-', letter] => SHORT.iter().any(|(known, ..)| known == letter),
        [b'-', b'-', ..] => true,
        _ => typographic_option(word).is_some(),
    }
}

/// Returns whether a condition goes on in the next word: it has no operator yet, or no value.
fn is_open_condition(before: &[u8], after: &[u8]) -> bool {
    let is_operator = |byte: &u8| b"=!<>&".contains(byte);
    let is_open = before.last().is_some_and(is_operator);
    is_open || after.first().is_some_and(is_operator) && !before.iter().any(is_operator)
}

/// Returns a condition without the spaces around its operator.
fn tight(condition: &[u8]) -> Vec<u8> {
    match Expression::field(Text::plain(condition, 0)).parts {
        Ok(parts) => {
            let operator = parts.operator.symbol().as_bytes();
            [parts.field.bytes().trim_ascii(), operator, parts.value.bytes().trim_ascii()].concat()
        }
        Err(_) => condition.to_vec(),
    }
}

/// Returns the first character if it is a typographic dash, and its length in bytes.
fn typographic_dash(word: &[u8]) -> Option<(char, usize)> {
    let chunk = word.utf8_chunks().next()?;
    let char = chunk.valid().chars().next()?;
    let is_dash =
        matches!(char, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}');
    is_dash.then_some((char, char.len_utf8()))
}

/// Returns the option that begins with typographic dashes, with the first of them.
fn typographic_option(word: &[u8]) -> Option<(char, Vec<u8>)> {
    let mut rest = word.strip_prefix(b"-").unwrap_or(word);
    let (first, _) = typographic_dash(rest)?;
    while let Some((_, len)) = typographic_dash(rest) {
        rest = rest.get(len..)?;
    }
    let rest = rest.strip_prefix(b"-").unwrap_or(rest);
    let name = rest.split(|byte| *byte == b'=').next()?;
    let is_long = LONG.iter().any(|(long, ..)| *long == name);
    let is_short =
        rest.first().is_some_and(|letter| SHORT.iter().any(|(known, ..)| known == letter));
    let dashes: &[u8] = if is_long { b"--" } else { b"-" };
    (is_long || is_short).then(|| (first, [dashes, rest].concat()))
}

/// The quotes of one kind, opening and closing.
type Quotes = &'static [&'static str];

const DOUBLE: Quotes = &["\"", "\u{201c}", "\u{201d}", "\u{201e}", "\u{201f}", "\u{ab}", "\u{bb}"];
const SINGLE: Quotes = &["'", "\u{2018}", "\u{2019}", "\u{201a}", "\u{201b}"];

/// Returns the place, the kind and the length of a quote that opens: at the start of a word or value.
fn opening_quote(word: &[u8]) -> Option<(usize, Quotes, usize)> {
    let may_open = |at: usize| match word.get(..at) {
        Some([]) => true,
        Some([b'-', letter]) => takes_value(*letter),
        Some(before) => before.last().is_some_and(|last| b"=<>&,".contains(last)),
        None => false,
    };
    (0..word.len()).filter(|at| may_open(*at)).find_map(|at| {
        let rest = word.get(at..)?;
        let quote = |quotes: Quotes| quotes.iter().find(|quote| rest.starts_with(quote.as_bytes()));
        let found = [DOUBLE, SINGLE].into_iter().find_map(|quotes| Some((quotes, quote(quotes)?)));
        found.map(|(quotes, quote)| (at, quotes, quote.len()))
    })
}

/// Returns a word without the quote at its end.
fn without_closing(word: &[u8], quotes: Quotes) -> Option<&[u8]> {
    quotes.iter().find_map(|quote| word.strip_suffix(quote.as_bytes()))
}

/// Returns a name of a list without quotes around it.
fn bare(name: &[u8], quotes: Quotes) -> &[u8] {
    let name = quotes.iter().find_map(|quote| name.strip_prefix(quote.as_bytes())).unwrap_or(name);
    without_closing(name, quotes).unwrap_or(name)
}
