//! Completion: the words that are possible at the cursor.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types::{CompletionItem, CompletionItemKind, CompletionItemTextEdit, TextEdit};

use super::buffer::Encoding;
use super::comments::completed;
use super::context::{Context, key};
use super::values::{Candidate, permissions, values};
use super::workspace::Cursor;
use crate::catalog::{
    FieldKind, KnownList, Operator, OperatorSet, Word, compare_pairs, field_info, field_number,
    meanings, syscalls, uring_ops,
};
use crate::lint;
use crate::span::Span;
use crate::syntax::{
    Command, Directive, Expression, Missing, SettingName, Text, parse_words, words,
};

/// The usual pairs of a list and an action.
const PAIRS: [&str; 12] = [
    "always,exit",
    "never,exit",
    "never,task",
    "always,exclude",
    "never,filesystem",
    "always,io_uring",
    "never,io_uring",
    "always,user",
    "never,user",
    "never,exclude",
    "always,task",
    "always,filesystem",
];

/// The signals of `--signal`, with their effect on the daemon.
const SIGNALS: [(&str, &str); 5] = [
    ("TERM", "stop"),
    ("HUP", "reload the configuration"),
    ("USR1", "rotate the log"),
    ("USR2", "resume after an error"),
    ("CONT", "write the state"),
];

/// The candidates at the cursor, with their kind.
#[derive(Debug, PartialEq)]
pub(super) struct Completion {
    /// The text that a candidate replaces.
    pub(super) span: Span,
    kind: CompletionItemKind,
    candidates: Vec<Candidate>,
}

impl Completion {
    fn new(span: Span, kind: CompletionItemKind, candidates: Vec<Candidate>) -> Self {
        Completion { span, kind, candidates }
    }

    /// Converts the candidates for the editor, in their order.
    pub(super) fn items(self, at: &Cursor, encoding: Encoding) -> Vec<CompletionItem> {
        let Some(file) = at.set.files.get(at.file) else { return Vec::new() };
        let range = file.buffer.range(self.span, encoding);
        let typed = file.buffer.slice(self.span);
        let items = self.candidates.into_iter().enumerate().map(|(index, candidate)| {
            // An error name that is typed without its minus still matches.
            let bare = candidate.word.strip_prefix('-').filter(|_| !typed.starts_with(b"-"));
            let filter = bare.filter(|bare| bare.starts_with('E')).map(str::to_owned);
            CompletionItem {
                kind: Some(self.kind),
                detail: (!candidate.detail.is_empty()).then_some(candidate.detail),
                sort_text: Some(format!("{index:05}")),
                filter_text: filter,
                text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit {
                    range,
                    new_text: candidate.word.clone(),
                })),
                label: candidate.word,
                ..CompletionItem::default()
            }
        });
        items.collect()
    }
}

/// Returns the words that are possible at the cursor.
pub(super) fn completion(at: &Cursor) -> Option<Completion> {
    let offset = at.offset;
    let text = at.set.files.get(at.file)?.buffer.text().get(..offset)?;
    let start = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?;
    if line.trim_ascii_start().starts_with(b"#") {
        let words = || completed(line, offset, at.machine);
        let words =
            words().map(|(span, words)| Completion::new(span, CompletionItemKind::Keyword, words));
        return words.or_else(|| comment(line, offset));
    }
    let mut words = words(line, start);
    if words.last().is_none_or(|word| word.span().end != offset) {
        words.push(Text::plain(b"", offset));
    }
    let command = parse_words(words);
    let word = command.words.last()?.clone();
    let item = command.options.last();
    // The option that the word is a value of. Any other word is the beginning of an option.
    let value = item.filter(|item| item.next == command.words.len() && item.span.end != offset);
    match value {
        Some(item) => Typed { at, command: &command }.value(&item.directive),
        None => Some(Completion::new(word.span(), CompletionItemKind::Keyword, options())),
    }
}

fn options() -> Vec<Candidate> {
    let detail = |value: Option<&str>| value.map(|value| format!("{value}: ")).unwrap_or_default();
    let all = meanings(Word::Option);
    all.map(|found| Candidate::new(found.word, detail(found.value) + found.text)).collect()
}

/// Completes a comment: the codes of lints in `# rauditctl: allow(`.
fn comment(line: &[u8], offset: usize) -> Option<Completion> {
    let text = std::str::from_utf8(line).ok()?;
    let ours = text.split_once("rauditctl:")?.1;
    let kind = CompletionItemKind::Constant;
    match ours.split_once('(') {
        None => {
            let word = ours.trim_start();
            let span = Span::new(offset - word.len(), offset);
            let verbs = [("allow()", "for the next rule"), ("allow-file()", "for this file")];
            let values = verbs.map(|(verb, detail)| Candidate::new(verb, detail));
            Some(Completion::new(span, CompletionItemKind::Keyword, values.into()))
        }
        Some((_, codes)) if !codes.contains(')') => {
            let word = codes.rsplit(',').next().unwrap_or_default().trim_start();
            let lints = lint::lints().map(|lint| Candidate::new(lint.code, lint.name));
            Some(Completion::new(Span::new(offset - word.len(), offset), kind, lints.collect()))
        }
        Some(_) => None,
    }
}

/// The command at the cursor.
struct Typed<'t, 'a> {
    at: &'t Cursor,
    command: &'t Command<'a>,
}

/// The part of a condition that is being typed.
enum Part<'a> {
    Field(Span),
    Value { field: Text<'a>, span: Span },
}

impl Typed<'_, '_> {
    fn context(&self) -> Context {
        Context::of(self.command, self.at.machine)
    }

    fn value(&self, directive: &Directive<'_>) -> Option<Completion> {
        let plain =
            |text: &Text<'_>, kind, values| Some(Completion::new(text.span(), kind, values));
        let word = |(word, detail): &(&str, &str)| Candidate::new(*word, *detail);
        match directive {
            Directive::Append(words) | Directive::Prepend(words) | Directive::Delete(words) => {
                let pairs = PAIRS.iter().map(|pair| Candidate::new(*pair, "")).collect();
                plain(&words.text, CompletionItemKind::Keyword, pairs)
            }
            Directive::Syscalls(list) => {
                let values = syscall_names(self.context());
                let last = last_name(&list.text);
                Some(Completion::new(last, CompletionItemKind::Function, values))
            }
            Directive::Field(expression) => self.condition(expression),
            Directive::Compare(expression) => self.compare(expression),
            Directive::Key(text) => plain(text, CompletionItemKind::Constant, keys(self.at)),
            Directive::Permissions(text) => {
                plain(text, CompletionItemKind::Constant, permissions())
            }
            Directive::Set(SettingName::Enabled, text) => {
                let states =
                    [("0", "off"), ("1", "on"), ("2", "on, and locked until the next boot")];
                plain(text, CompletionItemKind::Constant, states.iter().map(word).collect())
            }
            Directive::Set(SettingName::Failure, text) => {
                let states =
                    [("0", "silent"), ("1", "a message in the kernel log"), ("2", "panic")];
                plain(text, CompletionItemKind::Constant, states.iter().map(word).collect())
            }
            Directive::Signal(text) => {
                plain(text, CompletionItemKind::Constant, SIGNALS.iter().map(word).collect())
            }
            _ => None,
        }
    }

    /// Returns the part of a condition that is being typed.
    fn part<'e>(&self, expression: &Expression<'e>) -> Option<Part<'e>> {
        match expression.parts() {
            Ok(parts) => Some(Part::Value { span: parts.value.span(), field: parts.field }),
            Err(Missing::Value) => {
                let span = Span::new(self.at.offset, self.at.offset);
                Some(Part::Value { field: before_operator(&expression.text)?, span })
            }
            Err(Missing::Operator) => Some(Part::Field(expression.text.span())),
            Err(Missing::Field) => None,
        }
    }

    fn condition(&self, expression: &Expression<'_>) -> Option<Completion> {
        match self.part(expression)? {
            Part::Field(span) => {
                let fields = fields(self.context().list);
                Some(Completion::new(span, CompletionItemKind::Field, fields))
            }
            Part::Value { field, span } => {
                let row = field_info(field_number(field.bytes())?)?;
                let values = match row.kind {
                    FieldKind::Key => keys(self.at),
                    kind => values(kind, self.at.machine),
                };
                Some(Completion::new(span, CompletionItemKind::Constant, values))
            }
        }
    }

    fn compare(&self, expression: &Expression<'_>) -> Option<Completion> {
        let (span, names) = match self.part(expression)? {
            Part::Field(span) => (span, comparable()),
            Part::Value { field, span } => (span, comparable_with(&field).collect()),
        };
        let candidates = names.into_iter().map(|name| Candidate::new(name, "")).collect();
        Some(Completion::new(span, CompletionItemKind::Field, candidates))
    }
}

/// Returns the fields that `-C` can compare, sorted.
fn comparable() -> Vec<&'static str> {
    let names: BTreeSet<_> = compare_pairs().flat_map(|(a, b)| [a, b]).collect();
    names.into_iter().collect()
}

/// Returns the fields that `-C` can compare with a field.
fn comparable_with(field: &Text<'_>) -> impl Iterator<Item = &'static str> {
    let is_it = |name: &str| name.as_bytes().eq_ignore_ascii_case(field.bytes());
    compare_pairs().filter_map(move |(a, b)| match (is_it(a), is_it(b)) {
        (true, _) => Some(b),
        (_, true) => Some(a),
        _ => None,
    })
}

/// Returns the span of the last name of a list, which is the one being typed.
fn last_name(list: &Text<'_>) -> Span {
    let start = list.bytes().iter().rposition(|byte| *byte == b',').map_or(0, |at| at + 1);
    list.skip(start).span()
}

/// Returns the field of a condition that ends in its operator.
fn before_operator<'a>(text: &Text<'a>) -> Option<Text<'a>> {
    let symbols = Operator::ALL.iter().map(|operator| operator.symbol().as_bytes());
    let symbol = symbols.filter(|symbol| text.bytes().ends_with(symbol)).max_by_key(|s| s.len())?;
    Some(text.slice(0..text.bytes().len() - symbol.len()))
}

/// Returns the fields of a list, followed by `=` if the field accepts only equality.
fn fields(list: Option<KnownList>) -> Vec<Candidate> {
    let on_list = |lists: &[KnownList]| list.is_none_or(|list| lists.contains(&list));
    let all = meanings(Word::Field).filter_map(|found| {
        let row = field_info(field_number(found.word.as_bytes())?)?;
        let only_equality = [row.operators, row.kernel_operators]
            .iter()
            .any(|set| matches!(set, OperatorSet::Equality | OperatorSet::Equal));
        let operator = if only_equality { "=" } else { "" };
        on_list(row.lists).then(|| Candidate::new(format!("{}{operator}", found.word), found.text))
    });
    all.collect()
}

/// Returns the names that `-S` accepts in this context.
fn syscall_names(context: Context) -> Vec<Candidate> {
    let all = [Candidate::new("all", "")];
    if context.list == Some(KnownList::IoUring) {
        let names = uring_ops().iter();
        return names
            .map(|(number, name)| Candidate::new(*name, format!("operation {number}")))
            .chain(all)
            .collect();
    }
    let names = syscalls(context.arch).filter_map(|syscall| {
        let number = format!("{} on {}", syscall.number, context.arch.common_name());
        Some(Candidate::new(syscall.auditctl_name?, number))
    });
    let mut names: Vec<Candidate> = names.collect();
    names.sort_by(|a, b| a.word.cmp(&b.word));
    names.extend(all);
    names
}

/// Returns the keys of the set that need no escaping, except the one at the cursor.
fn keys(at: &Cursor) -> Vec<Candidate> {
    let rules = at.set.rules();
    let mut counted = BTreeMap::<String, usize>::new();
    for (_, _, command) in rules.written() {
        for text in command.options.iter().filter_map(|item| key(&item.directive)) {
            let is_plain =
                text.bytes().iter().all(|byte| byte.is_ascii_graphic() && *byte != b'\\');
            let is_typed = text.span().start <= at.offset && at.offset <= text.span().end;
            if is_plain && !is_typed && !text.bytes().is_empty() {
                let key = String::from_utf8_lossy(text.bytes()).into_owned();
                *counted.entry(key).or_default() += 1;
            }
        }
    }
    let detail = |count: usize| format!("{count} {}", if count == 1 { "rule" } else { "rules" });
    counted.into_iter().map(|(key, count)| Candidate::new(key, detail(count))).collect()
}
