//! A small document beside a large file: its own findings come first, those of the set later.

use std::path::{Path, PathBuf};

use lsp_server::{Message, Notification, Request};
use rauditctl::catalog::Arch;
use rauditctl::lint::LintSettings;
use rauditctl::lsp::{Configured, Server, Surroundings};
use serde_json::{Value, json};

/// A directory with a large file besides the open ones.
struct Large;

impl Surroundings for Large {
    fn rules_files(&self, directory: &Path, open: &[PathBuf]) -> Vec<PathBuf> {
        [directory.join("0.rules")].into_iter().chain(open.iter().cloned()).collect()
    }

    fn read(&self, _: &Path) -> Option<Vec<u8>> {
        // The rule of the document, then enough to be large.
        Some(format!("{RULE}{}", "# ............................\n".repeat(9000)).into_bytes())
    }

    fn settings(&self, _: &[PathBuf]) -> Configured<'_> {
        Configured { settings: LintSettings::new(Arch::X86_64), file: None, fault: None }
    }
}

const URI: &str = "file:///rules.d/1.rules";
const RULE: &str = "-a always,exit -F arch=b64 -S chmod -F auid>=1000 -k k\n";

fn opened(server: &mut Server<'_>, text: &str) {
    let params = json!({"capabilities": {}});
    let request = Request { id: 1.into(), method: "initialize".to_owned(), params };
    server.receive(Message::Request(request));
    let document = json!({"uri": URI, "languageId": "audit", "version": 1, "text": text});
    let params = json!({"textDocument": document});
    let method = "textDocument/didOpen".to_owned();
    server.receive(Message::Notification(Notification { method, params }));
}

/// Returns the codes of the published diagnostics.
fn codes(server: &mut Server<'_>) -> Vec<String> {
    let published = server.publish().into_iter().find_map(|message| match message {
        Message::Notification(one) if one.method == "textDocument/publishDiagnostics" => {
            Some(one.params)
        }
        _ => None,
    });
    let diagnostics: Value = published.expect("diagnostics")["diagnostics"].take();
    let code = |one: &Value| one["code"].as_str().expect("a code").to_owned();
    diagnostics.as_array().expect("a list").iter().map(code).collect()
}

#[test]
fn findings_of_the_file_come_first() {
    let mut server = Server::new(&Large);
    opened(&mut server, &format!("{RULE}-a always,exit -F arch=b64 -S opennat -k k\n"));
    assert_eq!(codes(&mut server), ["E020"]);
    let task = server.task().expect("a set to lint");
    // One at a time.
    assert!(server.task().is_none());
    server.finish(task.run());
    assert!(server.is_outdated());
    let all = codes(&mut server);
    // The rule is a duplicate of one in the large file.
    assert!(all.contains(&"C103".to_owned()) && all.contains(&"E020".to_owned()), "{all:?}");
    assert!(server.task().is_none());
}

#[test]
fn findings_from_before_a_change_are_not_used() {
    let mut server = Server::new(&Large);
    opened(&mut server, RULE);
    assert!(codes(&mut server).is_empty());
    let task = server.task().expect("a set to lint");
    let change = json!([{"text": "-w /srv -p wa -k k\n"}]);
    let params = json!({"textDocument": {"uri": URI, "version": 2}, "contentChanges": change});
    let method = "textDocument/didChange".to_owned();
    server.receive(Message::Notification(Notification { method, params }));
    server.finish(task.run());
    assert!(!codes(&mut server).contains(&"C103".to_owned()));
    assert!(server.task().is_some());
}

/// The near miss: the findings of a small set come at once.
#[test]
fn a_small_set_is_linted_at_once() {
    struct Small;
    impl Surroundings for Small {
        fn rules_files(&self, directory: &Path, open: &[PathBuf]) -> Vec<PathBuf> {
            Large.rules_files(directory, open)
        }

        fn read(&self, _: &Path) -> Option<Vec<u8>> {
            Some(RULE.as_bytes().to_vec())
        }

        fn settings(&self, files: &[PathBuf]) -> Configured<'_> {
            Large.settings(files);
            Configured { settings: LintSettings::new(Arch::X86_64), file: None, fault: None }
        }
    }
    let mut server = Server::new(&Small);
    opened(&mut server, RULE);
    assert!(codes(&mut server).contains(&"C103".to_owned()));
    assert!(server.task().is_none());
}
