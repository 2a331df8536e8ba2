//! Random documents, changes and requests: the server always answers, and its text equals the editor's.

use std::path::{Path, PathBuf};

use lsp_server::{Message, Notification, Request};
use proptest::prelude::*;
use rauditctl::catalog::Arch;
use rauditctl::lint::LintSettings;
use rauditctl::lsp::{Configured, Server, Surroundings};
use serde_json::{Value, json};

/// A machine with one file besides the open ones; that file is not valid UTF-8.
struct Fixed;

impl Surroundings for Fixed {
    fn rules_files(&self, directory: &Path, open: &[PathBuf]) -> Vec<PathBuf> {
        [directory.join("0.rules")].into_iter().chain(open.iter().cloned()).collect()
    }

    fn read(&self, _: &Path) -> Option<Vec<u8>> {
        Some(b"-w /\xff\xc3 -k \xf0\x9f\n-a always,exit -S all\n".to_vec())
    }

    fn settings(&self, _: &[PathBuf]) -> Configured<'_> {
        Configured { settings: LintSettings::new(Arch::X86_64), file: None, fault: None }
    }
}

const URI: &str = "file:///rules.d/1.rules";

/// Texts of random pieces: words of rules, and separators.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "-a always,exit",
        "-F",
        "-S",
        "-C",
        "-k",
        "-w",
        "-p",
        "-F arch=b64",
        "-F arch=",
        "openat,",
        "exit=-E",
        "auid>=",
        "perm=wa",
        "key=",
        "/é😀",
        "\\ ",
        "\\",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\0",
        "# rauditctl: allow(",
        "P101",
        ")",
        "#",
        "--sig",
        "-",
        "--",
        "=",
        ",",
        "uid!=",
        "-a never,exclude",
        "-a always,io_uring",
        "\u{feff}",
        "-D\n",
        "-e 2\n",
        "-q /a,/b",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

fn position() -> impl Strategy<Value = Value> {
    let number = || prop_oneof![0..8_u32, 0..80_u32, Just(u32::MAX)];
    (number(), number()).prop_map(|(line, character)| json!({"line": line, "character": character}))
}

fn notify(server: &mut Server<'_>, method: &str, params: Value) {
    server.receive(Message::Notification(Notification { method: method.to_owned(), params }));
}

fn ask(server: &mut Server<'_>, method: &str, params: Value) -> Value {
    let request = Request { id: 1.into(), method: method.to_owned(), params };
    let answers = server.receive(Message::Request(request));
    let [Message::Response(response)] = answers.as_slice() else { panic!("{answers:?}") };
    match &response.response_result {
        Ok(result) => result.clone(),
        Err(error) => panic!("{method}: {error:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn answers_for_any_text_and_position(
        first in text(),
        changes in prop::collection::vec((position(), position(), text()), 0..4),
        places in prop::collection::vec((position(), position()), 1..4),
    ) {
        let mut server = Server::new(&Fixed);
        ask(&mut server, "initialize", json!({"capabilities": {}}));
        notify(&mut server, "textDocument/didOpen", json!({"textDocument":
            {"uri": URI, "languageId": "audit", "version": 1, "text": first}}));
        for (start, end, text) in &changes {
            notify(&mut server, "textDocument/didChange", json!({
                "textDocument": {"uri": URI, "version": 2},
                "contentChanges": [{"range": {"start": start, "end": end}, "text": text}],
            }));
        }
        prop_assert!(server.is_outdated());
        prop_assert_eq!(server.publish().len(), 1);
        let document = json!({"uri": URI});
        for (start, end) in &places {
            for method in ["hover", "completion"] {
                ask(&mut server, &format!("textDocument/{method}"),
                    json!({"textDocument": document, "position": start}));
            }
            let range = json!({"start": start, "end": end});
            ask(&mut server, "textDocument/codeAction",
                json!({"textDocument": document, "range": range, "context": {"diagnostics": []}}));
            ask(&mut server, "textDocument/rangeFormatting",
                json!({"textDocument": document, "range": range, "options": {"tabSize": 8, "insertSpaces": true}}));
        }
        ask(&mut server, "textDocument/codeAction", json!({"textDocument": document,
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}},
            "context": {"diagnostics": [], "only": ["source.fixAll"]}}));
        ask(&mut server, "textDocument/formatting",
            json!({"textDocument": document, "options": {"tabSize": 8, "insertSpaces": true}}));
        ask(&mut server, "textDocument/documentSymbol", json!({"textDocument": document}));
    }

    /// Applies the changes to the editor's copy too; both texts must be equal at the end. The symbols of the lines
    /// show the server's text.
    #[test]
    fn keeps_the_same_text_as_the_editor(
        first in "[a-z\u{e9}\u{1f600} \n]{0,40}",
        changes in prop::collection::vec((0..5_usize, 0..9_usize, 0..9_usize, "[-D\u{e9}\u{1f600} \n]{0,8}"), 0..5),
    ) {
        let mut server = Server::new(&Fixed);
        ask(&mut server, "initialize", json!({"capabilities": {}}));
        notify(&mut server, "textDocument/didOpen", json!({"textDocument":
            {"uri": URI, "languageId": "audit", "version": 1, "text": first}}));
        let mut text = first;
        for (line, start, end, new) in changes {
            // Only positions that are unambiguous: in an existing line, and before its end.
            let lines: Vec<&str> = text.split('\n').collect();
            let line = line.min(lines.len() - 1);
            let units = lines[line].encode_utf16().count();
            let (start, end) = (start.min(end).min(units), start.max(end).min(units));
            let range = super::client::range((line, start), (line, end));
            // Not inside a character.
            let is_boundary = |at: usize| String::from_utf16(
                &lines[line].encode_utf16().take(at).collect::<Vec<_>>()).is_ok();
            if !is_boundary(start) || !is_boundary(end) {
                continue;
            }
            text = spliced(&text, line, start, end, &new);
            notify(&mut server, "textDocument/didChange", json!({
                "textDocument": {"uri": URI, "version": 2},
                "contentChanges": [{"range": range, "text": new}],
            }));
        }
        // With a key before it, each line is a symbol whose detail is the whole line.
        let lines: Vec<&str> = text.split('\n').collect();
        for line in 0..lines.len() {
            notify(&mut server, "textDocument/didChange", json!({
                "textDocument": {"uri": URI, "version": 3},
                "contentChanges": [
                    {"range": super::client::range((line, 0), (line, 0)), "text": "-k x "},
                ],
            }));
        }
        let symbols = ask(&mut server, "textDocument/documentSymbol",
            json!({"textDocument": {"uri": URI}}));
        let symbols = symbols.as_array().expect("a list").iter();
        let seen: Vec<&str> = symbols.map(|symbol| symbol["detail"].as_str().expect("a text")).collect();
        let expected: Vec<String> =
            lines.iter().map(|line| format!("-k x {line}").trim().to_owned()).collect();
        prop_assert_eq!(seen, expected);
    }
}

/// Returns the text with the UTF-16 code units from `start` to `end` of a line replaced.
fn spliced(text: &str, line: usize, start: usize, end: usize, new: &str) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let units: Vec<u16> = lines[line].encode_utf16().collect();
    let part = |units: &[u16]| String::from_utf16(units).expect("whole characters");
    lines[line] = part(&units[..start]) + new + &part(&units[end..]);
    lines.join("\n")
}
