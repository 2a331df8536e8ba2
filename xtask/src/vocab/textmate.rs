//! `grammar/editors/rauditctl.tmLanguage.json`: a TextMate grammar, with which editors highlight rules.
//!
//! No pattern matches spaces. Every other pattern matches a whole word, or an option with its value. Therefore each match
//! begins at the start of a word, and an escaped space never begins one. Inside a value, `\G` is its start.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::words::{self, Words};
use crate::tsv::Fault;

/// The path of the grammar, relative to the root.
pub(super) const PATH: &str = "grammar/editors/rauditctl.tmLanguage.json";

/// Letters of options without a value.
const FLAGS: &str = "cDhilstv";
/// Letters of options with a value, and the name of the value in the repository. `-S` is handled separately.
const SHORT: [(&str, &str); 10] = [
    ("aAd", "list-and-action"),
    ("br", "number"),
    ("C", "comparison"),
    ("ef", "switch"),
    ("F", "condition"),
    ("k", "key"),
    ("m", "text"),
    ("p", "perm"),
    ("q", "path-pair"),
    ("RwW", "path"),
];
/// Long options: the name, its shortest unambiguous prefix, and its value.
const LONG: [(&str, &str, Option<&str>); 6] = [
    ("backlog_wait_time", "b", Some("number")),
    ("help", "h", None),
    ("loginuid-immutable", "l", None),
    ("reset-lost", "reset-", None),
    ("reset_backlog_wait_time_actual", "reset_", None),
    ("signal", "s", Some("signal")),
];

const OPERATORS: &str = "!=|>=|<=|&=|=|>|<|&";
/// A word.
const WORD: &str = r"(?:\\[ \\]|[^ ])+";
/// The end of a word.
const END: &str = "(?= |$)";

/// Renders the grammar.
pub(super) fn render(vocab: &Path) -> Result<String, Fault> {
    let words = Words::read(vocab)?;
    let mut repository = values(&words);
    repository.insert("comment".to_owned(), comment());
    repository.insert("options".to_owned(), json!({ "patterns": options() }));
    let mut grammar = json!({
        "$comment": "Generated from grammar/vocab by `cargo xtask vocab`; edit the vocabulary or the generator instead.",
        "name": "Linux audit rules",
        "scopeName": "source.audit-rules",
        "fileTypes": ["audit.rules"],
        "patterns": [
            { "include": "#comment" },
            io_uring_rule(),
            valued(&short_option("S"), &include("syscalls")),
            { "include": "#options" },
        ],
        "repository": repository,
    });
    grammar.sort_all_objects();
    Ok(format!("{grammar:#}\n"))
}

// ---- lines

/// Comments begin lines; only spaces may come before them. Some are directives for rauditctl.
fn comment() -> Value {
    let allow = json!({
        "begin": r"\G\s*(rauditctl:)\s*(allow-file|allow)\s*(\()",
        "beginCaptures": captures(&[
            "keyword.other.directive",
            "keyword.control.directive",
            "punctuation.section.directive.begin",
        ]),
        "end": r"(\))|$",
        "endCaptures": captures(&["punctuation.section.directive.end"]),
        "patterns": [comma(), matched(r"[^\s,()]+", "constant.other.code")],
    });
    json!({
        "begin": "^ *(#)",
        "beginCaptures": captures(&["punctuation.definition.comment"]),
        "end": "$",
        "name": scope("comment.line.number-sign"),
        "patterns": [allow],
    })
}

/// After `io_uring` and an action, `-S` accepts io_uring operations up to the end of the line.
fn io_uring_rule() -> Value {
    let action = "always|never";
    let list = "(?i:io_uring)";
    let pair = format!("({list})(,)({action})|({action})(,)({list})");
    let [list, comma, action] =
        ["storage.type.list", "punctuation.separator.comma", "keyword.control.action"];
    json!({
        "begin": format!("{} *(?:{pair}){END}", short_option("aAd")),
        "beginCaptures": captures(&[
            "keyword.other.option", list, comma, action, action, comma, list,
        ]),
        "end": "$",
        "patterns": [
            valued(&short_option("S"), &include("operations")),
            { "include": "#options" },
        ],
    })
}

// ---- options

fn options() -> Vec<Value> {
    let short = SHORT.map(|(letters, value)| valued(&short_option(letters), &include(value)));
    let mut patterns: Vec<Value> = short.into();
    for (name, shortest, value) in LONG {
        let starts = (shortest.len()..=name.len()).rev().filter_map(|end| name.get(..end));
        let option = format!("(--{})", words::any_of(starts));
        patterns.push(match value {
            Some(value) => valued(&format!("{option}(?:(=)|(?= |$))"), &include(value)),
            None => matched(&format!("{option}{END}"), "keyword.other.option"),
        });
    }
    patterns.extend([
        matched(&format!("-(?:[{FLAGS}]+|-){END}"), "keyword.other.option"),
        matched(&format!("-{WORD}"), "invalid.illegal.option"),
        matched(WORD, "invalid.illegal.operand"),
    ]);
    patterns
}

/// Matches one of the letters, after any letters that take no value.
fn short_option(letters: &str) -> String {
    format!("(-[{FLAGS}]*[{letters}])")
}

/// Includes the patterns of a value from the repository.
fn include(name: &str) -> Vec<Value> {
    vec![json!({ "include": format!("#{name}") })]
}

/// Matches an option and its value, which is in the same word or in the next.
fn valued(option: &str, value: &[Value]) -> Value {
    json!({
        "begin": format!("{option} *"),
        "beginCaptures": captures(&["keyword.other.option", "keyword.operator.assignment"]),
        "end": END,
        "patterns": value,
    })
}

// ---- values

fn values(words: &Words) -> Map<String, Value> {
    let mut values = Map::new();
    for (name, patterns) in kinds(words).into_iter().chain(composed(words)) {
        values.insert(name.to_owned(), json!({ "patterns": patterns }));
    }
    values
}

/// Returns the values of fields, by the kinds of `fields.tsv`, and the values that only options have.
fn kinds(words: &Words) -> BTreeMap<&'static str, Vec<Value>> {
    // auditctl ignores the rest of the word after the digits.
    let number = || matched(r"\G[0-9](?:\\[ \\]|[^ ])*", "constant.numeric");
    let signed = || matched(r"\G-?[0-9](?:\\[ \\]|[^ ])*", "constant.numeric");
    let unset = || matched(&format!(r"\Gunset{END}"), "constant.language.unset");
    let bad = || matched(&format!(r"\G{WORD}"), "invalid.illegal.value");
    let named = |before: &str, names: &[String], what: &str| {
        let what = format!("constant.language.{what}");
        matched(&format!(r"\G{before}(?i:{}){END}", words::any_of(names)), &what)
    };
    let text = |what: &str| {
        json!({
            "begin": r"\G(?=[^ ])",
            "end": END,
            "name": scope(what),
            "patterns": [matched(r"\\[ \\]", "constant.character.escape")],
        })
    };
    let account = |what: &str| matched(&format!(r"\G{WORD}"), what);
    let unknown_type = matched(&format!(r"\GUNKNOWN\[[0-9]+\]{END}"), "constant.numeric");
    let hexadecimal = matched(&format!(r"\G[0-9A-Fa-f]+{END}"), "constant.numeric");
    let letters = words::letters(&words.permissions);
    let letters = matched(&format!(r"\G(?i:[{letters}]{{1,4}}){END}"), "constant.language.perm");
    BTreeMap::from([
        ("arch", vec![named("", &words.arches, "arch"), hexadecimal, number(), bad()]),
        ("argument", vec![signed(), bad()]),
        ("compare", vec![number(), bad()]),
        ("errno", vec![named("-?", &words.errnos, "errno"), signed(), bad()]),
        ("family", vec![number(), text("string.unquoted.text")]),
        ("filetype", vec![named("", &words.filetypes, "filetype"), bad()]),
        ("fstype", vec![named("", &words.fstypes, "fstype"), number(), bad()]),
        ("group", vec![number(), account("constant.other.group")]),
        ("inode", vec![number(), bad()]),
        ("key", vec![text("entity.name.tag.key")]),
        ("msgtype", vec![named("", &words.msgtypes, "msgtype"), unknown_type, number(), bad()]),
        ("number", vec![number(), bad()]),
        ("path", vec![text("string.unquoted.path")]),
        ("perm", vec![letters, bad()]),
        ("sessionid", vec![signed(), unset(), text("string.unquoted.text")]),
        ("signal", vec![account("constant.other.signal")]),
        ("success", vec![number(), bad()]),
        ("switch", vec![matched(&format!(r"\G[012]{END}"), "constant.numeric"), bad()]),
        ("text", vec![text("string.unquoted.text")]),
        ("user", vec![signed(), unset(), account("constant.other.user")]),
    ])
}

/// Values that consist of several parts.
fn composed(words: &Words) -> BTreeMap<&'static str, Vec<Value>> {
    let end = "(?=[ ,]|$)";
    let name =
        |names: &[String], what| matched(&format!("(?i:{}){end}", words::any_of(names)), what);
    let exact =
        |names: &[String], what| matched(&format!("(?:{}){end}", words::any_of(names)), what);
    let part = r"(?:\\[ \\]|[^ ,])+";
    let bad = |what| matched(part, what);
    let all = || exact(&["all".to_owned()], "constant.language.all");
    let number = || matched(r"[0-9](?:\\[ \\]|[^ ,])*", "constant.numeric");
    let field = "variable.parameter.field";

    let conditions = words.fields.iter().map(|(kind, names)| {
        json!({
            "begin": format!(r"\G((?i:{}))({OPERATORS})", words::any_of(names)),
            "beginCaptures": captures(&[field, "keyword.operator.comparison"]),
            "end": END,
            "patterns": [{ "include": format!("#{kind}") }],
        })
    });
    let unknown = json!({
        "match": format!(r"\G((?:\\[ \\]|[^ !<=>&])+)({OPERATORS})?"),
        "captures": captures(&["invalid.illegal.field", "keyword.operator.comparison"]),
    });
    let compared = words::any_of(&words.compared);
    let path = json!({
        "begin": r"(,)|\G(?=[^ ])",
        "beginCaptures": captures(&["punctuation.separator.comma"]),
        "end": "(?=[ ,]|$)",
        "contentName": scope("string.unquoted.path"),
        "patterns": [matched(r"\\[ \\]", "constant.character.escape")],
    });
    BTreeMap::from([
        ("condition", conditions.chain([unknown, matched(WORD, "string.unquoted.text")]).collect()),
        (
            "comparison",
            vec![
                matched(&format!(r"\G(?i:{compared})(?=!?=)"), field),
                matched("!=|=", "keyword.operator.comparison"),
                matched(&format!("(?i:{compared}){END}"), field),
                matched(r"(?:\\[ \\]|[^ !=]|!(?!=))+", "invalid.illegal.field"),
            ],
        ),
        (
            "list-and-action",
            vec![
                comma(),
                name(&words.lists, "storage.type.list"),
                exact(&words.actions, "keyword.control.action"),
                exact(&words.former_actions, "invalid.deprecated.action"),
                bad("invalid.illegal.keyword"),
            ],
        ),
        (
            "operations",
            vec![
                comma(),
                all(),
                name(&words.operations, "support.function.io-uring"),
                number(),
                bad("invalid.illegal.operation"),
            ],
        ),
        ("path-pair", vec![path]),
        (
            "syscalls",
            vec![
                comma(),
                all(),
                name(&words.syscalls, "support.function.syscall"),
                number(),
                bad("invalid.illegal.syscall"),
            ],
        ),
    ])
}

// ---- pieces of JSON

fn comma() -> Value {
    matched(",", "punctuation.separator.comma")
}

fn matched(expression: &str, name: &str) -> Value {
    json!({ "match": expression, "name": scope(name) })
}

/// Returns the scopes of the groups of an expression, in order.
fn captures(names: &[&str]) -> Value {
    let named = names.iter().zip(1..).map(|(name, group)| {
        let group: usize = group;
        (group.to_string(), json!({ "name": scope(name) }))
    });
    Value::Object(named.collect())
}

fn scope(name: &str) -> String {
    format!("{name}.audit-rules")
}
