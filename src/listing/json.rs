//! The rules of a kernel as `rauditctl -l --format json` prints them: the bytes decide, other members are ignored.

use serde::Deserialize;

use super::{Listed, ListedRule, Problem};
use crate::rule::{Action, FilterList, Mask, Rule};
use crate::span::Span;
use crate::wire::{self, from_digits};

#[derive(Deserialize)]
struct Listing {
    rules: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    payload: String,
}

/// Reads a listing as JSON.
pub(super) fn read(text: &[u8]) -> Result<Listed, Problem> {
    let problem = |line, span, message| Problem { line, span, message, help: None };
    let listing: Listing = serde_json::from_slice(text).map_err(|error| {
        let message = format!("this is not the JSON of `rauditctl -l`: {error}");
        problem(error.line().max(1), Span::new(0, 0), message)
    })?;
    let mut place = Place { text, at: 0, line: 1 };
    let rules = listing.rules.iter().map(|Member { payload }| {
        let span = place.find(payload.as_bytes());
        let line = place.line;
        match rule(payload) {
            Ok(rule) => Ok(ListedRule {
                line,
                span,
                rule,
                others: Vec::new(),
                doubts: Vec::new(),
                is_exact: true,
            }),
            Err(message) => Err(problem(line, span, message)),
        }
    });
    Ok(Listed { rules: rules.collect::<Result<_, _>>()? })
}

/// A place in the text. The payloads are found again in their order.
struct Place<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl Place<'_> {
    fn find(&mut self, payload: &[u8]) -> Span {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let found = memchr::memmem::find(rest, payload).filter(|_| !payload.is_empty());
        let Some(offset) = found else { return Span::new(self.at, self.at) };
        let before = rest.get(..offset).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', before).count();
        let start = self.at + offset;
        self.at = start + payload.len();
        Span::new(start, self.at)
    }
}

fn rule(payload: &str) -> Result<Rule, String> {
    let bytes = from_digits(payload).ok_or("the payload is not hexadecimal")?;
    let own = wire::decode(&bytes);
    if let Ok(rule) = &own
        && is_kept(rule)
    {
        return own.map_err(|error| error.to_string());
    }
    // The payload has the byte order of the machine that it comes from.
    match wire::decode(&in_other_order(bytes)) {
        Ok(rule) if is_kept(&rule) => Ok(rule),
        _ => match own {
            Ok(_) => Err("the payload is not a rule as a kernel keeps it".into()),
            Err(error) => Err(error.to_string()),
        },
    }
}

/// Returns whether a kernel may keep the rule: it has no class bits, and a list and an action with a name.
fn is_kept(rule: &Rule) -> bool {
    let classes = Mask::FIRST_CLASS_BIT..Mask::BITS;
    !matches!(rule.list, FilterList::Raw(_))
        && !matches!(rule.action, Action::Raw(_))
        && !classes.into_iter().any(|class| rule.mask.contains(class))
}

/// Returns the payload with the bytes of each number in the other order.
fn in_other_order(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = wire::FIXED_LEN.min(bytes.len());
    let numbers = bytes.get_mut(..end).unwrap_or_default();
    numbers.as_chunks_mut::<4>().0.iter_mut().for_each(|number| number.reverse());
    bytes
}
