//! Normalizes values that can be written in several ways.

use super::forms::source;
use crate::catalog::{self, Arch, KnownAction, KnownList, Perm, field};
use crate::syntax::{Expression, Keywords, SyscallList};

/// The form of a syscall list that contains `all`. `all` includes every other name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AllSyscalls {
    /// `all`
    Alone,
    /// `all`, then the names.
    WithNames,
}

const ALL: &[u8] = b"all";

/// Returns action and list, in this order; `None` unless there is one of each.
pub(super) fn keywords(keywords: &Keywords<'_>) -> Option<Vec<u8>> {
    let (left, right) = keywords.pair()?;
    let (action, list) = match KnownAction::from_name(left.bytes()) {
        Some(action) => (action, KnownList::from_name(right.bytes())?),
        None => (KnownAction::from_name(right.bytes())?, KnownList::from_name(left.bytes())?),
    };
    Some([action.name().as_bytes(), b",", list.name().as_bytes()].concat())
}

/// Joins all lists: `all`, then names in alphabetical order, then numbers by value, without duplicates.
pub(super) fn syscalls(line: &[u8], lists: &[&SyscallList<'_>], all: AllSyscalls) -> Vec<u8> {
    let names = lists.iter().flat_map(|list| list.names());
    let mut names: Vec<Vec<u8>> =
        names.map(|name| source(line, &name).to_ascii_lowercase()).collect();
    if all == AllSyscalls::Alone && names.iter().any(|name| name == ALL) {
        return ALL.to_vec();
    }
    names.sort_by_cached_key(|name| (name != ALL, value(name), name.clone()));
    names.dedup();
    match (names.as_slice(), lists) {
        // A list that consists of commas has no names.
        ([], [first, ..]) => source(line, &first.text).to_vec(),
        _ => names.join(&b','),
    }
}

/// Returns the number that `name` stands for in C syntax; `None` for a name.
fn value(name: &[u8]) -> Option<u64> {
    name.first().filter(|first| first.is_ascii_digit())?;
    let text = std::str::from_utf8(name).ok()?;
    let (digits, base) = match (text.strip_prefix("0x"), text.strip_prefix('0')) {
        (Some(digits), _) => (digits, 16),
        (None, Some(digits)) if !digits.is_empty() => (digits, 8),
        _ => (text, 10),
    };
    Some(u64::from_str_radix(digits, base).unwrap_or(u64::MAX))
}

/// Returns a condition: the field with the name that auditctl lists, and its value.
pub(super) fn field(line: &[u8], expression: &Expression<'_>) -> Vec<u8> {
    let as_written = || source(line, &expression.text).to_vec();
    let Ok(parts) = expression.parts() else { return as_written() };
    let Some(number) = catalog::field_number(parts.field.bytes()) else { return as_written() };
    // `KEY=` is a condition that keeps its place; `key=` is the key of the rule.
    let Some(name) = catalog::field_name(number).filter(|_| number != field::KEY) else {
        return as_written();
    };
    let value = parts.value.bytes();
    let normalized = match number {
        field::AUID | field::SESSIONID if is_unset(value) => Some(b"unset".to_vec()),
        field::PERM => permissions(value),
        field::ARCH => arch(value),
        _ => None,
    };
    let value = normalized.unwrap_or_else(|| source(line, &parts.value).to_vec());
    [name.as_bytes(), parts.operator.symbol().as_bytes(), &value].concat()
}

/// Returns the comparison of two fields.
pub(super) fn compare(line: &[u8], expression: &Expression<'_>) -> Vec<u8> {
    let name = |name: &[u8]| catalog::field_number(name).and_then(catalog::field_name);
    let names = expression.parts().ok().and_then(|parts| {
        Some((name(parts.field.bytes())?, parts.operator.symbol(), name(parts.value.bytes())?))
    });
    match names {
        Some((left, symbol, right)) => [left, symbol, right].concat().into_bytes(),
        None => source(line, &expression.text).to_vec(),
    }
}

/// Returns permissions in the order in which auditctl lists them; `None` if a letter is unknown.
pub(super) fn permissions(letters: &[u8]) -> Option<Vec<u8>> {
    let perms: Option<Vec<Perm>> =
        letters.iter().map(|letter| Perm::from_letter(*letter)).collect();
    let perms = perms?;
    Some(Perm::ALL.into_iter().filter(|perm| perms.contains(perm)).map(Perm::letter).collect())
}

/// Returns whether a value is the unset user or session, in any spelling.
fn is_unset(value: &[u8]) -> bool {
    value == b"-1" || value == b"4294967295" || value.eq_ignore_ascii_case(b"0xffffffff")
}

/// Returns the name of a machine in lower case; numbers stay.
fn arch(name: &[u8]) -> Option<Vec<u8>> {
    let lower = name.to_ascii_lowercase();
    let is_name = matches!(&*lower, b"b64" | b"b32") || Arch::from_name(&lower).is_some();
    is_name.then_some(lower)
}
