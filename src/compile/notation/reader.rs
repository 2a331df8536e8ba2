//! Finds the words of a command that are in another notation.

use super::Part;
use super::marks::{bare, opening_quote, typographic_dash, typographic_option, without_closing};
use crate::catalog::{self, Operator};
use crate::diag::Notation;
use crate::syntax::{Command, Expression, LONG, SHORT, Text};

/// The maximum number of words between two quotes.
const MOST_QUOTED: usize = 16;

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
        if let Some(names) =
            self.program(word).filter(|names| is_first && self.words.len() > *names)
        {
            return self.instead(Notation::Program, names, Vec::new());
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

    /// Returns how many words a line for a shell has before its options: the name of the program, perhaps after `sudo`.
    fn program(&self, word: &[u8]) -> Option<usize> {
        let name = |word: &[u8]| word.rsplit(|byte| *byte == b'/').next().map(<[u8]>::to_vec);
        let is_auditctl = |word: &[u8]| {
            name(word).is_some_and(|name| matches!(&*name, b"auditctl" | b"rauditctl"))
        };
        match (word, self.word(1)) {
            (word, _) if is_auditctl(word) => Some(1),
            (b"sudo" | b"doas", Some(next)) if is_auditctl(next) => Some(2),
            _ => None,
        }
    }

    /// Returns the part at a list and an action with a space instead of the comma.
    fn keywords(&self, word: &[u8]) -> Option<Part> {
        let next = self.word(1)?;
        let is_list = |word: &[u8]| catalog::KnownList::from_name(word).is_some();
        let is_action = |word: &[u8]| matches!(word, b"always" | b"never");
        let is_pair = is_list(word) && is_action(next) || is_action(word) && is_list(next);
        let pair = is_pair.then(|| [word, b",", next].concat())?;
        self.instead(Notation::Spaced, 2, vec![pair])
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
        let parts = Expression::field(Text::plain(condition, 0)).parts().ok()?;
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
        let joined = match letter {
            b'a' | b'A' | b'd' => joined.or_else(|| self.keywords(word)),
            _ => joined,
        };
        if joined.is_some() {
            return joined;
        }
        if letter == b'F'
            && let Some(condition) = with_known_operator(word)
        {
            return self.instead(Notation::Operator, 1, vec![condition]);
        }
        let parts =
            Expression::field(Text::plain(word, 0)).parts().ok().filter(|_| letter == b'F')?;
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

pub(super) fn takes_value(letter: u8) -> bool {
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
    let is_operator = |byte: &u8| Operator::has_character(*byte);
    let is_open = before.last().is_some_and(is_operator);
    is_open || after.first().is_some_and(is_operator) && !before.iter().any(is_operator)
}

/// Operators of other languages, with those of auditctl.
const OPERATORS: [(&[u8], &[u8]); 7] = [
    (b"=>", b">="),
    (b"=<", b"<="),
    (b"==", b"="),
    (b"===", b"="),
    (b"!==", b"!="),
    (b"=!", b"!="),
    (b"<>", b"!="),
];

/// Returns a condition with auditctl's operator in place of one from another language.
fn with_known_operator(condition: &[u8]) -> Option<Vec<u8>> {
    let start = condition.iter().position(|byte| Operator::has_character(*byte))?;
    let (field, rest) = condition.split_at_checked(start)?;
    let end = rest.iter().position(|byte| !Operator::has_character(*byte))?;
    let (operator, value) = rest.split_at_checked(end)?;
    let (_, known) = OPERATORS.iter().find(|(other, _)| *other == operator)?;
    (!field.is_empty()).then(|| [field, known, value].concat())
}

/// Returns a condition without the spaces around its operator.
fn tight(condition: &[u8]) -> Vec<u8> {
    match Expression::field(Text::plain(condition, 0)).parts() {
        Ok(parts) => {
            let operator = parts.operator.symbol().as_bytes();
            [parts.field.bytes().trim_ascii(), operator, parts.value.bytes().trim_ascii()].concat()
        }
        Err(_) => condition.to_vec(),
    }
}
