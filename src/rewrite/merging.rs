//! The edits that merge rules.

use foldhash::HashSet;

use super::edit::Edit;
use super::mergeable::Mergeable;
use super::written::syscall_lists;
use crate::catalog::{self, Arch};
use crate::rule::Request;
use crate::ruleset::{CompiledLine, CompiledSet, FileSpan, Sent};
use crate::span::Span;
use crate::syntax::{Directive, LineKind, MAX_LINE, SyscallList};

/// The way in which rules can be merged.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Merging {
    /// With these edits.
    Edits(Vec<Edit>),
    /// By hand: this comment is above a line that the edits would delete.
    Commented(FileSpan),
    /// By hand, for another reason.
    ByHand,
}

/// Finds out how rules of one set can be merged.
#[derive(Clone, Debug)]
pub struct Merger<'m, 'c, 's> {
    compiled: &'m CompiledSet<'c, 's>,
    arches: &'m [Arch],
    /// Whether lines delete single rules, or rules by key: a merged rule may be one of them.
    deletes_some: bool,
}

impl<'m, 'c, 's> Merger<'m, 'c, 's> {
    /// Returns a merger for this set and the machines that its rules are for.
    pub fn new(compiled: &'m CompiledSet<'c, 's>, arches: &'m [Arch]) -> Self {
        let deletes = |sent: Sent<'_>| match sent {
            Sent::Request(request) => matches!(request, Request::Delete(_)),
            Sent::DeleteAll(key) => !key.is_empty(),
        };
        let mut sent = compiled.lines.iter().flat_map(|line| line.checked.sent());
        let deletes_some = sent.any(|(sent, _)| deletes(sent));
        Merger { compiled, arches, deletes_some }
    }

    /// Returns how these rules can be merged into the line of the first.
    pub fn merging(&self, rules: &Mergeable) -> Merging {
        let mut lines = rules.lines.iter().filter_map(|at| self.compiled.lines.get(*at));
        let Some(first) = lines.next() else { return Merging::ByHand };
        let others: Vec<&CompiledLine<'_, '_>> = lines.collect();
        let form = frame(first);
        let is_alike =
            |line: &&CompiledLine<'_, '_>| line.line.file == first.line.file && frame(line) == form;
        let is_sure =
            self.arches.len() == 1 || !rules.is_by_number && are_known(self.arches, first, &others);
        if self.deletes_some || !is_sure || !others.iter().all(is_alike) {
            return Merging::ByHand;
        }
        let Some(edits) = edits(self.compiled, first, &others) else { return Merging::ByHand };
        match others.iter().find_map(|line| comment_above(self.compiled, line)) {
            Some(place) => Merging::Commented(place),
            None => Merging::Edits(edits),
        }
    }
}

/// Returns the words of a rule, with `None` in place of its syscalls.
fn frame<'l>(line: &'l CompiledLine<'_, '_>) -> Vec<Option<&'l [u8]>> {
    let command = line.command();
    let mut frame = Vec::with_capacity(command.words.len());
    let mut start = 0;
    for item in &command.options {
        let words = command.words.get(start..item.next).unwrap_or_default();
        match item.directive {
            Directive::Syscalls(_) if frame.last() == Some(&None) => {}
            Directive::Syscalls(_) => frame.push(None),
            _ => frame.extend(words.iter().map(|word| Some(word.bytes()))),
        }
        start = item.next;
    }
    frame
}

/// Returns whether every machine has all the syscalls. On a machine that lacks one, the whole merged rule would be
/// refused.
fn are_known<'s>(
    arches: &[Arch],
    first: &CompiledLine<'_, 's>,
    others: &[&CompiledLine<'_, 's>],
) -> bool {
    let word = first.command().options.iter().find_map(|item| match &item.directive {
        Directive::Field(expression) => expression.text.bytes().strip_prefix(b"arch="),
        _ => None,
    });
    let sides = arches.iter().filter_map(|arch| match word {
        None => Some(*arch),
        Some(b"b64") => arch.b64(),
        Some(b"b32") => arch.b32(),
        Some(_) => None,
    });
    let sides: HashSet<Arch> = sides.collect();
    let lines = std::iter::once(first).chain(others.iter().copied());
    let mut names =
        lines.flat_map(|line| syscall_lists(line.command()).flat_map(SyscallList::names));
    names.all(|name| {
        let is_number = name.bytes().first().is_some_and(u8::is_ascii_digit);
        is_number || sides.iter().all(|side| catalog::syscall_number(*side, name.bytes()).is_some())
    })
}

/// Returns the edits that move all syscalls to the first line and delete the other lines; `None` if the line gets too
/// long for auditctl.
fn edits(
    compiled: &CompiledSet<'_, '_>,
    first: &CompiledLine<'_, '_>,
    others: &[&CompiledLine<'_, '_>],
) -> Option<Vec<Edit>> {
    let target = syscall_lists(first.command()).last()?.text.span();
    let mut text = compiled.set.text(first.line.file, target).to_vec();
    let named = syscall_lists(first.command()).flat_map(SyscallList::names);
    let mut known: HashSet<Vec<u8>> = named.map(|name| name.bytes().to_vec()).collect();
    let mut edits = Vec::new();
    for line in others {
        for name in syscall_lists(line.command()).flat_map(SyscallList::names) {
            if known.insert(name.bytes().to_vec()) {
                text.push(b',');
                text.extend_from_slice(compiled.set.text(line.line.file, name.span()));
            }
        }
        edits.push(Edit { place: line.place(with_newline(compiled, line)?), text: Vec::new() });
    }
    let first_len = first.line.span.range().len() - target.range().len() + text.len();
    edits.push(Edit { place: first.place(target), text });
    (first_len < MAX_LINE).then_some(edits)
}

/// Returns a line with its newline; `None` if auditctl reads only a part of the line.
fn with_newline(compiled: &CompiledSet<'_, '_>, line: &CompiledLine<'_, '_>) -> Option<Span> {
    let Span { start, end } = line.line.span;
    match compiled.set.text(line.line.file, Span::new(end, end + 1)) {
        b"\n" => Some(Span::new(start, end + 1)),
        b"" => Some(Span::new(start, end)),
        _ => None,
    }
}

/// Returns the comment directly above a line.
fn comment_above(compiled: &CompiledSet<'_, '_>, line: &CompiledLine<'_, '_>) -> Option<FileSpan> {
    let lines = compiled.set.lines_of(line.line.file);
    let at = lines.partition_point(|other| other.span.start < line.line.span.start);
    let above = lines.get(at.checked_sub(1)?)?;
    let text = compiled.set.text(above.file, above.span);
    let start = above.span.start + text.iter().take_while(|byte| **byte == b' ').count();
    let span = Span::new(start, above.span.end);
    (above.kind == LineKind::Comment).then_some(FileSpan { file: above.file, span })
}
