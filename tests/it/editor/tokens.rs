//! Tokenizes rules with the grammar and VS Code's tokenizer, vscode-textmate, which Node runs. Other programs highlight
//! with it too.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use super::path;
use crate::consumers;

/// Lines with corner cases.
const CORNERS: &str = include_str!("corners.rules");

/// A piece of a line, with its scopes from the outermost to the innermost, without the scope of the language.
type Token = (String, Vec<String>);

/// Returns the tokens of each line, or `None` without a tokenizer.
fn tokens(text: &str) -> Option<Vec<(String, Vec<Token>)>> {
    let mut node = consumers::node()?;
    let script = xtask::root().join("tests/it/editor/tokens.js");
    let mut node =
        node.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
    let lines: Vec<&str> = text.lines().collect();
    let request = json!({ "grammar": path(), "lines": lines }).to_string();
    node.stdin.take().expect("a pipe").write_all(request.as_bytes()).expect("it reads");
    let output = node.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let found: Vec<Vec<Token>> = serde_json::from_slice(&output.stdout).expect("tokens");
    assert_eq!(found.len(), lines.len());
    let plain = |scope: &String| scope.trim_end_matches(".audit-rules").to_owned();
    let plain = |(text, scopes): Token| (text, scopes.iter().skip(1).map(plain).collect());
    let found = found.into_iter().map(|line| line.into_iter().map(plain).collect());
    Some(lines.into_iter().map(str::to_owned).zip(found).collect())
}

/// Returns the tokens of `text` that are marked as wrong, each with its line.
fn marked(text: &str) -> Option<Vec<(String, String)>> {
    let is_marked = |(_, scopes): &Token| scopes.iter().any(|scope| scope.starts_with("invalid"));
    let marked = tokens(text)?.into_iter().flat_map(|(line, tokens)| {
        tokens.into_iter().filter(is_marked).map(move |(text, _)| (line.clone(), text))
    });
    Some(marked.collect())
}

/// The beginning of a line of `corners.rules`, a token in it, and the innermost scope of the token.
const TOKENS: &[(&str, &str, &str)] = &[
    ("  # rauditctl: allow", "#", "punctuation.definition.comment"),
    ("  # rauditctl: allow", "rauditctl:", "keyword.other.directive"),
    ("  # rauditctl: allow", "allow", "keyword.control.directive"),
    ("  # rauditctl: allow", "P101", "constant.other.code"),
    ("  # rauditctl: allow", " the host is old # and quiet", "comment.line.number-sign"),
    ("# rauditctl: allow-file", "allow-file", "keyword.control.directive"),
    ("# rauditctl: allow-file", "R102", "constant.other.code"),
    ("# rauditctl: allow-file", " both are wanted", "comment.line.number-sign"),
    (
        "# rauditctl: forbid",
        " rauditctl: forbid(P101) there is no such word",
        "comment.line.number-sign",
    ),
    ("-w /srv", "-w", "keyword.other.option"),
    ("-w /srv", "/srv/a", "string.unquoted.path"),
    ("-w /srv", r"\ ", "constant.character.escape"),
    ("-w /srv", r"\\", "constant.character.escape"),
    ("-w /srv", "c/", "string.unquoted.path"),
    ("-w /srv", "wa", "constant.language.perm"),
    ("-w /srv", "key", "entity.name.tag.key"),
    ("-w /etc/hosts", "/etc/hosts#old", "string.unquoted.path"),
    ("-w /etc/hosts", "x", "entity.name.tag.key"),
    ("-w /etc/hosts", "#", "invalid.illegal.operand"),
    ("-w /etc/hosts", "comment", "invalid.illegal.operand"),
    ("-a always,exit -F arch=b64", "always", "keyword.control.action"),
    ("-a always,exit -F arch=b64", ",", "punctuation.separator.comma"),
    ("-a always,exit -F arch=b64", "exit", "storage.type.list"),
    ("-a always,exit -F arch=b64", "arch", "variable.parameter.field"),
    ("-a always,exit -F arch=b64", "=", "keyword.operator.comparison"),
    ("-a always,exit -F arch=b64", "b64", "constant.language.arch"),
    ("-a always,exit -F arch=b64", "-S", "keyword.other.option"),
    ("-a always,exit -F arch=b64", "open", "support.function.syscall"),
    ("-a always,exit -F arch=b64", "OpenAt", "support.function.syscall"),
    ("-a always,exit -F arch=b64", "all", "constant.language.all"),
    ("-a always,exit -F arch=b64", "59", "constant.numeric"),
    ("-a always,exit -F arch=b64", "-k", "keyword.other.option"),
    ("-a always,exit -F arch=b64", "b32", "entity.name.tag.key"),
    ("-A Exit", "Exit", "storage.type.list"),
    ("-A Exit", "AUID", "variable.parameter.field"),
    ("-A Exit", ">=", "keyword.operator.comparison"),
    ("-A Exit", "1000", "constant.numeric"),
    ("-A Exit", "unset", "constant.language.unset"),
    ("-A Exit", "root", "constant.other.user"),
    ("-A Exit", "wheel", "constant.other.group"),
    ("-a always,exit -F arch=aarch64", "aarch64", "constant.language.arch"),
    ("-a always,exit -F arch=aarch64", "-EACCES", "constant.language.errno"),
    ("-a always,exit -F arch=aarch64", "-13", "constant.numeric"),
    ("-a always,exit -F arch=aarch64", "&", "keyword.operator.comparison"),
    ("-a always,exit -F arch=aarch64", "0x4", "constant.numeric"),
    ("-a always,exit -F arch=aarch64", "&=", "keyword.operator.comparison"),
    ("-a always,exit -F arch=aarch64", "WA", "constant.language.perm"),
    ("-a always,exit -C", "euid", "variable.parameter.field"),
    ("-a always,exit -C", "!=", "keyword.operator.comparison"),
    ("-a always,exit -C", "obj_uid", "variable.parameter.field"),
    ("-a always,exit -C", "fifo", "constant.language.filetype"),
    ("-a always,exit -C", "b=c", "string.unquoted.path"),
    ("-a always,exit -C", "-S", "entity.name.tag.key"),
    ("-a always,io_uring", "io_uring", "storage.type.list"),
    ("-a always,io_uring", "openat2", "support.function.io-uring"),
    ("-a always,io_uring", "msg_ring", "support.function.io-uring"),
    ("-a always,io_uring", "5", "constant.numeric"),
    ("-a always,io_uring", "-l", "entity.name.tag.key"),
    ("-a IO_URING", "IO_URING", "storage.type.list"),
    ("-a IO_URING", "never", "keyword.control.action"),
    ("-a IO_URING", "all", "constant.language.all"),
    ("-a never,filesystem", "tracefs", "constant.language.fstype"),
    ("-a always,exclude", "CWD", "constant.language.msgtype"),
    ("-a always,exclude", "UNKNOWN[1329]", "constant.numeric"),
    ("-a always,exclude", "crond_t", "string.unquoted.text"),
    ("-a exit,possible", "possible", "invalid.deprecated.action"),
    ("-a exit,possible", "msg_ring", "invalid.illegal.syscall"),
    ("-a exit,possible", "opennat", "invalid.illegal.syscall"),
    ("-a exit,possible", "openat", "support.function.syscall"),
    ("-a entry", "entry", "invalid.illegal.keyword"),
    ("-a entry", "nope", "invalid.illegal.field"),
    ("-a entry", "1", "string.unquoted.text"),
    ("-a entry", "uid", "invalid.illegal.field"),
    ("-a entry", "z", "invalid.illegal.value"),
    ("-a entry", "z80", "invalid.illegal.value"),
    ("-a entry", "uid<gid", "invalid.illegal.field"),
    ("-Dlk", "-Dlk", "keyword.other.option"),
    ("-Dlk", "x", "entity.name.tag.key"),
    ("-e 2", "2", "constant.numeric"),
    ("-e 2", "7", "invalid.illegal.value"),
    ("-e 2", "8192", "constant.numeric"),
    ("-e 2", "--backlog_wait_time", "keyword.other.option"),
    ("-e 2", "60000", "constant.numeric"),
    ("-e 2", "--back", "keyword.other.option"),
    ("-e 2", "HUP", "constant.other.signal"),
    ("-e 2", "--reset", "invalid.illegal.option"),
    ("-e 2", "-Z", "invalid.illegal.option"),
    ("-q", "/a", "string.unquoted.path"),
    ("-q", "c", "string.unquoted.path"),
    ("-m", "hello", "string.unquoted.text"),
    ("--loginuid", "--loginuid-immutable", "keyword.other.option"),
    ("--loginuid", "operand", "invalid.illegal.operand"),
    // A TAB is a letter like any other.
    ("\t-D", "\t-D", "invalid.illegal.operand"),
];

#[test]
fn gives_every_token_its_scope() {
    let Some(lines) = tokens(CORNERS) else { return };
    let mut wrong = Vec::new();
    for (start, text, scope) in TOKENS {
        let of_line: Vec<_> = lines.iter().filter(|(line, _)| line.starts_with(start)).collect();
        let [(_, tokens)] = of_line[..] else { panic!("{start} begins {} lines", of_line.len()) };
        let found: BTreeSet<Option<&str>> = tokens
            .iter()
            .filter(|(token, _)| token == text)
            .map(|(_, scopes)| scopes.last().map(String::as_str))
            .collect();
        if found != BTreeSet::from([Some(*scope)]) {
            wrong.push(format!("{start}: {text:?} is {found:?}, not {scope}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Only the spaces between words have no scope.
    for (line, tokens) in lines {
        let bare =
            tokens.iter().filter(|(text, scopes)| scopes.is_empty() && !text.trim().is_empty());
        let bare: Vec<_> = bare.collect();
        assert!(bare.is_empty(), "{line}: {bare:?}");
    }
}

#[test]
fn marks_nothing_in_good_rules() {
    let mut text = String::new();
    for entry in fs::read_dir(xtask::root().join("fixtures/rules")).expect("the fixtures") {
        text += &fs::read_to_string(entry.expect("an entry").path()).expect("rules");
    }
    assert!(text.lines().count() > 100);
    let Some(marked) = marked(&text) else { return };
    assert!(marked.is_empty(), "{marked:?}");
}

/// Faults that do not depend on the rest of the rule or on the machine.
#[test]
fn marks_faults_that_need_no_context() {
    let expected = [
        ("E001", "-K"),
        ("E001", "--reset"),
        ("E002", "#"),
        ("E002", "openat2"),
        ("E010", "entries"),
        ("E020", "opennat"),
        ("E021", "opennat"),
        ("E022", "x68_64"),
        ("E031", "audi"),
        ("E044", "-EACCESS"),
        ("E045", "USER_LOGN"),
        ("E046", "directory"),
        ("E047", "ext4"),
        ("E048", "wz"),
    ];
    let texts = expected.map(|(fixture, _)| {
        let path = match fixture {
            "E020" => "fixtures/invalid/E020-unknown-syscall.rules".to_owned(),
            _ => format!("fixtures/lints/{fixture}/bad.rules"),
        };
        let path = xtask::root().join(path);
        fs::read_to_string(path).expect("rules")
    });
    let Some(marked) = marked(&texts.concat()) else { return };
    for ((fixture, what), text) in expected.iter().zip(&texts) {
        let mut marked = marked.iter().filter(|(line, _)| text.lines().any(|other| other == line));
        assert!(marked.any(|(_, token)| token == what), "{fixture}");
    }
}
