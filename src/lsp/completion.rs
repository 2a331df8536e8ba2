//! What may be typed at a place.

use std::collections::BTreeSet;

use gen_lsp_types::{CompletionItem, CompletionItemKind, CompletionItemTextEdit, TextEdit};

use super::buffer::Encoding;
use super::context::{Context, key};
use super::values::{Value, permissions, values};
use super::workspace::FileSet;
use crate::catalog::{
    Arch, FieldKind, FilterList, Operator, OperatorSet, Word, compare_pairs, field_info,
    field_number, meanings, syscalls, uring_ops,
};
use crate::lint;
use crate::span::Span;
use crate::syntax::{
    Command, Directive, Expression, Missing, SettingName, Text, parse_words, words,
};

/// Lists and actions as they are mostly written together.
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

/// What the daemon is told, with the words that stand for it.
const SIGNALS: [(&str, &str); 5] = [
    ("TERM", "stop"),
    ("HUP", "reload the configuration"),
    ("USR1", "rotate the log"),
    ("USR2", "go on after an error"),
    ("CONT", "write the state"),
];

/// Words that may stand in a place, with the kind of thing they are.
#[derive(Debug, PartialEq)]
pub(super) struct Completion {
    /// What is replaced.
    pub(super) span: Span,
    kind: CompletionItemKind,
    values: Vec<Value>,
}

impl Completion {
    fn new(span: Span, kind: CompletionItemKind, values: Vec<Value>) -> Self {
        Completion { span, kind, values }
    }

    /// As an editor shows them, in this order.
    pub(super) fn items(
        self,
        set: &FileSet,
        file: usize,
        encoding: Encoding,
    ) -> Vec<CompletionItem> {
        let Some(file) = set.files.get(file) else { return Vec::new() };
        let range = file.buffer.range(self.span, encoding);
        let typed = file.buffer.slice(self.span);
        let items = self.values.into_iter().enumerate().map(|(index, value)| {
            // What is typed without its sign means the value with it.
            let bare = value.word.strip_prefix('-').filter(|_| !typed.starts_with(b"-"));
            let filter = bare.filter(|bare| bare.starts_with('E')).map(str::to_owned);
            CompletionItem {
                kind: Some(self.kind),
                detail: (!value.detail.is_empty()).then_some(value.detail),
                sort_text: Some(format!("{index:05}")),
                filter_text: filter,
                text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit {
                    range,
                    new_text: value.word.clone(),
                })),
                label: value.word,
                ..CompletionItem::default()
            }
        });
        items.collect()
    }
}

/// What may be typed at the byte `offset` of a file.
pub(super) fn completion(
    set: &FileSet,
    file: usize,
    offset: usize,
    machine: Arch,
) -> Option<Completion> {
    let text = set.files.get(file)?.buffer.text().get(..offset)?;
    let start = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?;
    if line.trim_ascii_start().starts_with(b"#") {
        return comment(line, offset);
    }
    let mut words = words(line, start);
    if words.last().is_none_or(|word| word.span().end != offset) {
        words.push(Text::plain(b"", offset));
    }
    let command = parse_words(words);
    let word = command.words.last()?.clone();
    let item = command.options.last();
    // An option whose value this is; what stands alone, or begins with a dash, is to be one.
    let value = item.filter(|item| item.next == command.words.len() && item.span.end != offset);
    match value {
        Some(item) => Typed { set, command: &command, machine, offset }.value(&item.directive),
        None => Some(Completion::new(word.span(), CompletionItemKind::Keyword, options())),
    }
}

fn options() -> Vec<Value> {
    let detail = |value: Option<&str>| value.map(|value| format!("{value}: ")).unwrap_or_default();
    let all = meanings(Word::Option);
    all.map(|found| Value::new(found.word, detail(found.value) + found.text)).collect()
}

/// The codes of lints in `# rauditctl: allow(`.
fn comment(line: &[u8], offset: usize) -> Option<Completion> {
    let text = std::str::from_utf8(line).ok()?;
    let ours = text.split_once("rauditctl:")?.1;
    let kind = CompletionItemKind::Constant;
    match ours.split_once('(') {
        None => {
            let word = ours.trim_start();
            let span = Span::new(offset - word.len(), offset);
            let verbs = [("allow()", "for the next rule"), ("allow-file()", "for this file")];
            let values = verbs.map(|(verb, detail)| Value::new(verb, detail));
            Some(Completion::new(span, CompletionItemKind::Keyword, values.into()))
        }
        Some((_, codes)) if !codes.contains(')') => {
            let word = codes.rsplit(',').next().unwrap_or_default().trim_start();
            let lints = lint::lints().map(|lint| Value::new(lint.code, lint.name));
            Some(Completion::new(Span::new(offset - word.len(), offset), kind, lints.collect()))
        }
        Some(_) => None,
    }
}

/// A command that is being typed.
struct Typed<'t, 'a> {
    set: &'t FileSet,
    command: &'t Command<'a>,
    machine: Arch,
    offset: usize,
}

impl Typed<'_, '_> {
    fn value(&self, directive: &Directive<'_>) -> Option<Completion> {
        let plain =
            |text: &Text<'_>, kind, values| Some(Completion::new(text.span(), kind, values));
        let word = |(word, detail): &(&str, &str)| Value::new(*word, *detail);
        match directive {
            Directive::Append(words) | Directive::Prepend(words) | Directive::Delete(words) => {
                let pairs = PAIRS.iter().map(|pair| Value::new(*pair, "")).collect();
                plain(&words.text, CompletionItemKind::Keyword, pairs)
            }
            Directive::Syscalls(list) => {
                let values = syscall_names(Context::of(self.command, self.machine));
                let last = self.behind_comma(&list.text);
                Some(Completion::new(last, CompletionItemKind::Function, values))
            }
            Directive::Field(expression) => self.condition(expression),
            Directive::Compare(expression) => self.compare(expression),
            Directive::Key(text) => {
                plain(text, CompletionItemKind::Constant, keys(self.set, self.offset))
            }
            Directive::Permissions(text) => {
                plain(text, CompletionItemKind::Constant, permissions())
            }
            Directive::Set(SettingName::Enabled, text) => {
                let states =
                    [("0", "off"), ("1", "on"), ("2", "on, and locked until the next boot")];
                plain(text, CompletionItemKind::Constant, states.iter().map(word).collect())
            }
            Directive::Set(SettingName::Failure, text) => {
                let states = [("0", "silent"), ("1", "a message"), ("2", "panic")];
                plain(text, CompletionItemKind::Constant, states.iter().map(word).collect())
            }
            Directive::Signal(text) => {
                plain(text, CompletionItemKind::Constant, SIGNALS.iter().map(word).collect())
            }
            _ => None,
        }
    }

    /// The part of a list that is being typed.
    fn behind_comma(&self, text: &Text<'_>) -> Span {
        let bytes = text.bytes();
        let start = bytes.iter().rposition(|byte| *byte == b',').map_or(0, |at| at + 1);
        text.skip(start).span()
    }

    fn condition(&self, expression: &Expression<'_>) -> Option<Completion> {
        let (field, value) = match &expression.parts {
            Ok(parts) => (parts.field.clone(), parts.value.span()),
            Err(Missing::Value) => {
                (before_operator(&expression.text)?, Span::new(self.offset, self.offset))
            }
            Err(Missing::Operator) => {
                let list = Context::of(self.command, self.machine).list;
                let kind = CompletionItemKind::Field;
                return Some(Completion::new(expression.text.span(), kind, fields(list)));
            }
            Err(Missing::Field) => return None,
        };
        let row = field_info(field_number(field.bytes())?)?;
        let values = match row.kind {
            FieldKind::Key => keys(self.set, self.offset),
            kind => values(kind, self.machine),
        };
        Some(Completion::new(value, CompletionItemKind::Constant, values))
    }

    fn compare(&self, expression: &Expression<'_>) -> Option<Completion> {
        let kind = CompletionItemKind::Field;
        let (field, value) = match &expression.parts {
            Ok(parts) => (parts.field.clone(), parts.value.span()),
            Err(Missing::Value) => {
                (before_operator(&expression.text)?, Span::new(self.offset, self.offset))
            }
            Err(Missing::Operator) => {
                let names: BTreeSet<_> = compare_pairs().flat_map(|(a, b)| [a, b]).collect();
                let names = names.into_iter().map(|name| Value::new(name, "")).collect();
                return Some(Completion::new(expression.text.span(), kind, names));
            }
            Err(Missing::Field) => return None,
        };
        let is_left = |name: &str| name.as_bytes().eq_ignore_ascii_case(field.bytes());
        let others = compare_pairs().filter_map(|(a, b)| match (is_left(a), is_left(b)) {
            (true, _) => Some(b),
            (_, true) => Some(a),
            _ => None,
        });
        Some(Completion::new(value, kind, others.map(|name| Value::new(name, "")).collect()))
    }
}

/// The field of a condition whose value is still to come.
fn before_operator<'a>(text: &Text<'a>) -> Option<Text<'a>> {
    let symbols = Operator::ALL.iter().map(|operator| operator.symbol().as_bytes());
    let symbol = symbols.filter(|symbol| text.bytes().ends_with(symbol)).max_by_key(|s| s.len())?;
    Some(text.slice(0..text.bytes().len() - symbol.len()))
}

/// The fields of a list; with the operator where there is no choice.
fn fields(list: Option<FilterList>) -> Vec<Value> {
    let on_list = |lists: &[FilterList]| list.is_none_or(|list| lists.contains(&list));
    let all = meanings(Word::Field).filter_map(|found| {
        let row = field_info(field_number(found.word.as_bytes())?)?;
        let mostly_equal = [row.operators, row.kernel_operators]
            .iter()
            .any(|set| matches!(set, OperatorSet::Equality | OperatorSet::Equal));
        let operator = if mostly_equal { "=" } else { "" };
        on_list(row.lists).then(|| Value::new(format!("{}{operator}", found.word), found.text))
    });
    all.collect()
}

/// The names that may stand behind `-S`.
fn syscall_names(context: Context) -> Vec<Value> {
    let all = [Value::new("all", "")];
    if context.list == Some(FilterList::IoUring) {
        let names = uring_ops().iter();
        return names
            .map(|(number, name)| Value::new(*name, format!("operation {number}")))
            .chain(all)
            .collect();
    }
    let names = syscalls(context.arch).iter().filter_map(|syscall| {
        let number = format!("{} on {}", syscall.number, context.arch.common_name());
        Some(Value::new(syscall.auditctl_name?, number))
    });
    let mut names: Vec<Value> = names.collect();
    names.sort_by(|a, b| a.word.cmp(&b.word));
    names.extend(all);
    names
}

/// The keys of the set that can be written as they are; the one being typed is none yet.
fn keys(set: &FileSet, offset: usize) -> Vec<Value> {
    let rules = set.rules();
    let mut counted = std::collections::BTreeMap::<String, usize>::new();
    for (_, _, command) in rules.written() {
        for text in command.options.iter().filter_map(|item| key(&item.directive)) {
            let is_plain =
                text.bytes().iter().all(|byte| byte.is_ascii_graphic() && *byte != b'\\');
            let is_typed = text.span().start <= offset && offset <= text.span().end;
            if is_plain && !is_typed && !text.bytes().is_empty() {
                let key = String::from_utf8_lossy(text.bytes()).into_owned();
                *counted.entry(key).or_default() += 1;
            }
        }
    }
    let detail = |count: usize| format!("{count} {}", if count == 1 { "rule" } else { "rules" });
    counted.into_iter().map(|(key, count)| Value::new(key, detail(count))).collect()
}
