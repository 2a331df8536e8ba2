//! Diagnostics: where they are, and how they follow the text.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use super::client::{Client, edited, only, range, with_code};

const URI: &str = "untitled:rules";

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

#[test]
fn findings_are_where_the_words_are() {
    let mut client = Client::new();
    client.open(
        URI,
        "# a\r\n-a always,exit -F arch=b64 -S opennat -k x\n-w /etc/passwd -p wa -k y\n",
    );
    let found = client.diagnostics(URI, 1);
    let unknown = only(&found, "E020");
    assert_eq!(unknown["range"], range((1, 30), (1, 37)));
    assert_eq!(unknown["severity"], 1);
    assert_eq!(unknown["source"], "rauditctl");
    assert_eq!(unknown["codeDescription"]["href"], "https://docs.invalid/E020.md");
    let said = unknown["message"].as_str().unwrap();
    assert!(said.contains("`opennat`") && said.contains("`openat`"), "{said}");
    let watch = only(&found, "P101");
    assert_eq!(watch["range"], range((2, 0), (2, 25)));
    assert_eq!(watch["severity"], 3);
}

#[test]
fn columns_behind_wide_characters_are_those_of_the_editor() {
    // Columns of `opennat`: 3 units of UTF-16, 6 bytes and 2 characters for the emoji and the é.
    let text = "-a always,exit -F arch=b64 -F path=/😀é -S opennat -k x\n";
    for (encoding, start) in [("utf-16", 43), ("utf-8", 46), ("utf-32", 42)] {
        let general = json!({"general": {"positionEncodings": [encoding]}});
        let options = json!({"arch": "x86_64"});
        let (mut client, _) =
            Client::greeted(json!({"capabilities": general, "initializationOptions": options}));
        client.open(URI, text);
        let found = client.diagnostics(URI, 1);
        assert_eq!(only(&found, "E020")["range"], range((0, start), (0, start + 7)));
        // One of the two `n` goes, in two steps: the second is made in the text as it is by then.
        let letter = range((0, start + 3), (0, start + 4));
        client.change(
            URI,
            2,
            json!([{"range": letter, "text": "?"}, {"range": letter, "text": ""}]),
        );
        assert_eq!(with_code(&client.diagnostics(URI, 2), "E020").count(), 0);
    }
}

#[test]
fn changes_are_made_one_after_the_other() {
    let mut client = Client::new();
    client.open(URI, "-D\n");
    client.diagnostics(URI, 1);
    client.change(
        URI,
        2,
        json!([
            {"range": range((1, 0), (1, 0)), "text": "-w /😀 -k a\n-z\n"},
            {"range": range((1, 5), (1, 5)), "text": "x"},
            {"range": range((0, 0), (1, 0)), "text": ""},
        ]),
    );
    let found = client.diagnostics(URI, 2);
    assert_eq!(only(&found, "E001")["range"], range((1, 0), (1, 2)));
    // `-w /😀x -k a` has 12 units.
    assert_eq!(only(&found, "P101")["range"], range((0, 0), (0, 12)));
    // Without a range it is the whole text.
    client.change(URI, 3, json!([{"text": "-D\n"}]));
    assert_eq!(with_code(&client.diagnostics(URI, 3), "E001").count(), 0);
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": URI}}));
    let last = client.wait(|message| {
        message["method"] == "textDocument/publishDiagnostics"
            && message["params"]["version"].is_null()
    });
    assert_eq!(last["params"]["diagnostics"], json!([]));
}

#[test]
fn the_machine_is_the_editors_choice_or_the_configurations() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("only.rules");
    let text = "-a always,exit -F arch=b64 -S unlink -k gone\n";
    let count = |options: serde_json::Value| {
        let (mut client, _) =
            Client::greeted(json!({"capabilities": {}, "initializationOptions": options}));
        client.open(&uri(&file), text);
        with_code(&client.diagnostics(&uri(&file), 1), "E020").count()
    };
    assert_eq!(count(json!({"arch": "x86_64"})), 0);
    assert_eq!(count(json!({"arch": ["x86_64", "aarch64"]})), 1);
    fs::write(folder.path().join("rauditctl.toml"), "[lint]\narch = [\"riscv64\"]\n").unwrap();
    assert_eq!(count(json!({})), 1);
    assert_eq!(count(json!({"arch": "x86_64"})), 0);
}

#[test]
fn a_broken_configuration_is_told() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("rauditctl.toml"), "[lint]\nnosuch = 1\n").unwrap();
    let file = folder.path().join("a.rules");
    let mut client = Client::new();
    client.open(&uri(&file), "-w /etc/passwd -p wa -k x\n");
    let said = client.wait(|message| message["method"] == "window/showMessage");
    let said = said["params"]["message"].as_str().unwrap();
    assert!(said.contains("rauditctl.toml:2") && said.contains("nosuch"), "{said}");
    assert_eq!(with_code(&client.diagnostics(&uri(&file), 1), "P101").count(), 1);
}

#[test]
fn a_directory_is_read_as_augenrules_reads_it() {
    let folder = TempDir::new().unwrap();
    let (first, second) = (folder.path().join("10-a.rules"), folder.path().join("9-b.rules"));
    let rule = "-a always,exit -F arch=b64 -S openat -k x\n";
    let mut client = Client::new();
    // A file of its own stays as it is: the rule stands behind the lock.
    client.open(&uri(&first), &format!("-e 2\n{rule}"));
    assert_eq!(with_code(&client.diagnostics(&uri(&first), 1), "E071").count(), 1);
    // With another one beside it, augenrules moves -e to the end.
    fs::write(&second, "-D\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": []}));
    assert_eq!(with_code(&client.diagnostics(&uri(&first), 1), "E071").count(), 0);
}

#[test]
fn a_duplicate_in_another_file_is_found_and_mended() {
    let folder = TempDir::new().unwrap();
    let [first, second] = ["9-a.rules", "10-b.rules"].map(|name| uri(&folder.path().join(name)));
    let mut client = Client::new();
    client.open(&first, "-D\n-a always,exit -F arch=b64 -S openat -F key=x\n");
    client.diagnostics(&first, 1);
    // Neither is on the disk: what is open counts.
    let text = "# é\n-a exit,always -F arch=b64 -S openat -k x\n";
    client.open(&second, text);
    let found = client.diagnostics(&second, 1);
    let duplicate = only(&found, "C103");
    assert_eq!(duplicate["range"]["start"], json!({"line": 1, "character": 0}));
    assert_eq!(duplicate["tags"], json!([1]));
    let related = &duplicate["relatedInformation"][0]["location"];
    assert_eq!(related["uri"], first);
    assert_eq!(related["range"]["start"], json!({"line": 1, "character": 0}));

    let actions = client.actions(&second, &duplicate["range"], Some("quickfix"));
    let is_fix =
        |action: &&serde_json::Value| action["title"].as_str().unwrap().starts_with("C103");
    let fix = actions.iter().find(is_fix).expect("a fix");
    assert_eq!(fix["isPreferred"], true);
    assert_eq!(edited(text, &fix["edit"]["changes"][&second]), "# é\n");

    // Mended in the other file, it is gone in this one.
    client.change(&first, 2, json!([{"text": "-D\n"}]));
    assert_eq!(with_code(&client.diagnostics(&second, 1), "C103").count(), 0);
}
