//! Comments with `#@`: test cases, and the names of requirements.

use super::values::{Candidate, values};
use crate::cases::{CASE_WORDS, MARK, OTHER_WORDS, PRODUCT_MARK, cases_in_comments, requirements};
use crate::catalog::{AF_MAX, Arch, FieldKind, family_name, syscalls};
use crate::eval::{Attribute, Problem, Reader};
use crate::source::Source;
use crate::span::Span;

/// Returns the mistakes in the comments of a rules file, in order.
pub(super) fn problems(source: &Source, machine: Arch) -> Vec<Problem> {
    let reader = Reader::new(machine);
    let mut problems = cases_in_comments(source, source.name(), reader).err().unwrap_or_default();
    if has_requirements(source.text()) {
        let others = requirements(source, source.name()).err().unwrap_or_default();
        // Both readers report a word that neither knows.
        let is_new = |problem: &Problem| !problems.iter().any(|known| known.at == problem.at);
        let others: Vec<Problem> = others.into_iter().filter(is_new).collect();
        problems.extend(others);
    }
    problems.sort_by_key(|problem| problem.at.start);
    problems
}

/// Returns whether a file names requirements. In any other file, each rule would be one. A file that `optimize` made has
/// the names of its source, where a rule may have several.
fn has_requirements(text: &[u8]) -> bool {
    let names_any = text.split(|byte| *byte == b'\n').any(|line| {
        let comment = line.trim_ascii_start().strip_prefix(MARK).map(<[u8]>::trim_ascii_start);
        comment
            .and_then(|comment| comment.strip_prefix(b"id"))
            .is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
    });
    names_any && !text.starts_with(PRODUCT_MARK)
}

/// Returns the words that are possible at the end of a comment, and the text that they replace. `offset` is the end of
/// the line.
pub(super) fn completed(
    line: &[u8],
    offset: usize,
    machine: Arch,
) -> Option<(Span, Vec<Candidate>)> {
    let body = line.trim_ascii_start().strip_prefix(MARK)?;
    let typed = body.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    let span = |word: &[u8]| Span::new(offset - word.len(), offset);
    let mut words = body.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    if first.len() == typed.len() && body.trim_ascii_start().len() == typed.len() {
        let words = CASE_WORDS.iter().chain(&OTHER_WORDS);
        let words = words.map(|(word, meaning)| Candidate::new(*word, *meaning));
        return Some((span(typed), words.collect()));
    }
    if !CASE_WORDS.iter().any(|(word, _)| word.as_bytes() == first) {
        return None;
    }
    let typed = std::str::from_utf8(typed).ok()?;
    match typed.split_once('=') {
        None => Some((span(typed.as_bytes()), attributes())),
        Some((attribute, value)) => {
            let value = value.rsplit(',').next().unwrap_or_default();
            Some((span(value.as_bytes()), values_of(attribute, machine)))
        }
    }
}

/// Returns the attributes that the short notation has, each with its `=`.
fn attributes() -> Vec<Candidate> {
    let is_table = |attribute: &Attribute| {
        matches!(attribute, Attribute::Names | Attribute::AtEntry | Attribute::Files)
    };
    let known = Attribute::ALL.iter().filter(|attribute| !is_table(attribute));
    known.map(|known| Candidate::new(format!("{}=", known.short_name()), "")).collect()
}

/// Returns the values of an attribute, if they have names.
fn values_of(attribute: &str, machine: Arch) -> Vec<Candidate> {
    match attribute {
        "syscall" => {
            let names = syscalls(machine).filter_map(|syscall| syscall.kernel_name);
            names.map(|name| Candidate::new(name, "")).collect()
        }
        "success" => ["true", "false"].map(|value| Candidate::new(value, "")).to_vec(),
        "saddr_fam" => {
            let names = (0..AF_MAX).filter_map(family_name);
            names.map(|name| Candidate::new(name, "")).collect()
        }
        "arch" => values(FieldKind::Arch, machine),
        "exit" => values(FieldKind::Errno, machine),
        _ => Vec::new(),
    }
}
