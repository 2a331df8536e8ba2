//! Rules merged into one, as edits.

use std::collections::HashSet;

use super::edit::Edit;
use super::mergeable::Mergeable;
use crate::catalog::{self, Arch};
use crate::rule::Request;
use crate::ruleset::FileSpan;
use crate::ruleset::Sent;
use crate::ruleset::{CompiledLine, CompiledSet};
use crate::span::Span;
use crate::syntax::{Content, Directive, MAX_LINE, SyscallList, Text};

/// How rules can be merged.
pub(crate) enum Merging {
    /// By these edits.
    Edits(Vec<Edit>),
    /// By the same, were it not for a comment that stands above one of the lines that would go.
    Commented(FileSpan),
    /// Not by edits.
    ByHand,
}

/// What merging asks of the whole set.
pub(crate) struct Merger<'m, 'c, 's> {
    compiled: &'m CompiledSet<'c, 's>,
    arches: &'m [Arch],
    /// Lines delete rules one by one or by key: they may mean one that would go.
    deletes_some: bool,
}

impl<'m, 'c, 's> Merger<'m, 'c, 's> {
    pub(crate) fn new(compiled: &'m CompiledSet<'c, 's>, arches: &'m [Arch]) -> Self {
        let deletes = |sent: Sent<'_>| match sent {
            Sent::Request(request) => matches!(request, Request::Delete(_)),
            Sent::DeleteAll(key) => !key.is_empty(),
        };
        let mut sent = compiled.lines.iter().flat_map(|line| line.checked.sent());
        let deletes_some = sent.any(|(sent, _)| deletes(sent));
        Merger { compiled, arches, deletes_some }
    }

    /// How these rules can be merged into the line of the first.
    pub(crate) fn merging(&self, rules: &Mergeable) -> Merging {
        let mut lines = rules.lines.iter().filter_map(|at| self.compiled.lines.get(*at));
        let Some(first) = lines.next() else { return Merging::ByHand };
        let others: Vec<&CompiledLine<'_, '_>> = lines.collect();
        let form = frame(first);
        let is_alike =
            |line: &&CompiledLine<'_, '_>| line.line.file == first.line.file && frame(line) == form;
        let is_sure = self.arches.len() == 1
            || !rules.passes_by_number && are_known(self.arches, first, &others);
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

/// The words of a rule, `None` where it names syscalls.
fn frame<'l>(line: &'l CompiledLine<'_, '_>) -> Vec<Option<&'l [u8]>> {
    let command = line.command;
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

fn lists<'l, 's>(line: &'l CompiledLine<'_, 's>) -> impl Iterator<Item = &'l SyscallList<'s>> {
    line.command.options.iter().filter_map(|item| match &item.directive {
        Directive::Syscalls(list) => Some(list),
        _ => None,
    })
}

/// Whether every machine has all the syscalls: else the merged rule fails where only one of them did.
fn are_known(
    arches: &[Arch],
    first: &CompiledLine<'_, '_>,
    others: &[&CompiledLine<'_, '_>],
) -> bool {
    let word = first.command.options.iter().find_map(|item| match &item.directive {
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
    let mut names = lines.flat_map(|line| lists(line).flat_map(|list| &list.names));
    names.all(|name| {
        let is_number = name.bytes().first().is_some_and(u8::is_ascii_digit);
        is_number || sides.iter().all(|side| catalog::syscall_number(*side, name.bytes()).is_some())
    })
}

/// The edits that put all syscalls into the first line and take the others out; `None` if the line gets too
/// long for auditctl.
fn edits(
    compiled: &CompiledSet<'_, '_>,
    first: &CompiledLine<'_, '_>,
    others: &[&CompiledLine<'_, '_>],
) -> Option<Vec<Edit>> {
    let target = lists(first).last()?.text.span();
    let mut text = compiled.set.text(first.line.file, target).to_vec();
    let named = lists(first).flat_map(|list| &list.names).map(Text::bytes);
    let mut known: HashSet<&[u8]> = named.collect();
    let mut edits = Vec::new();
    for line in others {
        for name in lists(line).flat_map(|list| &list.names) {
            if known.insert(name.bytes()) {
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

/// A line with its newline; `None` if something else stands behind what is read of it.
fn with_newline(compiled: &CompiledSet<'_, '_>, line: &CompiledLine<'_, '_>) -> Option<Span> {
    let Span { start, end } = line.line.span;
    match compiled.set.text(line.line.file, Span::new(end, end + 1)) {
        b"\n" => Some(Span::new(start, end + 1)),
        b"" => Some(Span::new(start, end)),
        _ => None,
    }
}

/// The comment right above a line.
fn comment_above(compiled: &CompiledSet<'_, '_>, line: &CompiledLine<'_, '_>) -> Option<FileSpan> {
    let lines = compiled.set.lines_of(line.line.file);
    let at = lines.partition_point(|other| other.span.start < line.line.span.start);
    let above = lines.get(at.checked_sub(1)?)?;
    let text = compiled.set.text(above.file, above.span);
    let start = above.span.start + text.iter().take_while(|byte| **byte == b' ').count();
    let span = Span::new(start, above.span.end);
    (above.content == Content::Comment).then_some(FileSpan { file: above.file, span })
}
