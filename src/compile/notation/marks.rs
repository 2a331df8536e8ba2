//! Dashes and quotes of typesetting, and the quotes of shells.

use super::reader::takes_value;
use crate::syntax::{LONG, SHORT};

/// Returns the first character if it is a typographic dash, and its length in bytes.
pub(super) fn typographic_dash(word: &[u8]) -> Option<(char, usize)> {
    let chunk = word.first().filter(|byte| !byte.is_ascii()).and(word.utf8_chunks().next())?;
    let char = chunk.valid().chars().next()?;
    let is_dash =
        matches!(char, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}');
    is_dash.then_some((char, char.len_utf8()))
}

/// Returns the option that begins with typographic dashes, with the first of them.
pub(super) fn typographic_option(word: &[u8]) -> Option<(char, Vec<u8>)> {
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
pub(super) type Quotes = &'static [&'static str];

const DOUBLE: Quotes = &["\"", "\u{201c}", "\u{201d}", "\u{201e}", "\u{201f}", "\u{ab}", "\u{bb}"];
const SINGLE: Quotes = &["'", "\u{2018}", "\u{2019}", "\u{201a}", "\u{201b}"];

/// Returns `false` if a word has no quotes. Most words have none.
pub(crate) fn may_have_quotes(word: &[u8]) -> bool {
    word.iter().any(|byte| matches!(byte, b'"' | b'\'') || !byte.is_ascii())
}

/// Returns the place, the kind and the length of a quote that opens: at the start of a word or value.
pub(super) fn opening_quote(word: &[u8]) -> Option<(usize, Quotes, usize)> {
    if !may_have_quotes(word) {
        return None;
    }
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
pub(super) fn without_closing(word: &[u8], quotes: Quotes) -> Option<&[u8]> {
    quotes.iter().find_map(|quote| word.strip_suffix(quote.as_bytes()))
}

/// Returns a name of a list without quotes around it.
pub(super) fn bare(name: &[u8], quotes: Quotes) -> &[u8] {
    let name = quotes.iter().find_map(|quote| name.strip_prefix(quote.as_bytes())).unwrap_or(name);
    without_closing(name, quotes).unwrap_or(name)
}
