//! Diagnostics: their positions, and their updates after changes.

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
fn reports_findings_at_their_words() {
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
    let message = unknown["message"].as_str().unwrap();
    assert!(message.contains("`opennat`") && message.contains("`openat`"), "{message}");
    let watch = only(&found, "P101");
    assert_eq!(watch["range"], range((2, 0), (2, 25)));
    assert_eq!(watch["severity"], 3);
}

#[test]
fn counts_columns_after_wide_characters_in_the_agreed_unit() {
    // The emoji and the é before `opennat` have 3 UTF-16 code units, 6 bytes and 2 characters.
    let text = "-a always,exit -F arch=b64 -F path=/😀é -S opennat -k x\n";
    for (encoding, start) in [("utf-16", 43), ("utf-8", 46), ("utf-32", 42)] {
        let general = json!({"general": {"positionEncodings": [encoding]}});
        let options = json!({"arch": "x86_64"});
        let (mut client, _) =
            Client::initialized(json!({"capabilities": general, "initializationOptions": options}));
        client.open(URI, text);
        let found = client.diagnostics(URI, 1);
        assert_eq!(only(&found, "E020")["range"], range((0, start), (0, start + 7)));
        // Two changes delete one of the two `n`. The second applies to the result of the first.
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
fn shows_an_event_that_an_earlier_rule_decides() {
    let mut client = Client::new();
    client.open(URI, "-a always,exit -F arch=b64 -S mount -k a\n-a always,exit -F arch=b64 -S mount -F uid=0 -k b\n");
    let found = client.diagnostics(URI, 1);
    let message = only(&found, "C104")["message"].as_str().unwrap();
    assert!(message.contains("\nfor example syscall=mount uid=0\n"), "{message}");
}

/// Returns the diagnostics that no lint reports.
fn of_comments(found: &[serde_json::Value]) -> Vec<&serde_json::Value> {
    found.iter().filter(|one| one["code"].is_null()).collect()
}

#[test]
fn reports_mistakes_in_cases() {
    let mut client = Client::new();
    client.open(
        URI,
        "#@ rekords syscall=openat\n#@ records syscall=opennat path=/é\n#@ records path=/a auidd=1\n\
         -w /a -k x\n#@ ignores syscall=openat\n",
    );
    let found = client.diagnostics(URI, 1);
    let found = of_comments(&found);
    let places: Vec<_> = found.iter().map(|one| one["range"].clone()).collect();
    assert_eq!(
        places,
        [
            range((0, 3), (0, 10)),
            range((1, 19), (1, 26)),
            range((2, 19), (2, 24)),
            range((4, 3), (4, 10)),
        ]
    );
    for (one, words) in found.iter().zip([
        ["`#@ rekords` is not a case", "did you mean `#@ records`?"],
        ["opennat", "did you mean `openat`?"],
        ["no attribute `auidd`", "did you mean `auid`?"],
        ["no rule follows this case", "write the case above the rule"],
    ]) {
        assert_eq!((&one["severity"], &one["source"]), (&json!(1), &json!("rauditctl")));
        let message = one["message"].as_str().unwrap();
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
    }
    // The right words.
    client.change(
        URI,
        2,
        json!([{"text": "#@ records syscall=openat path=/é auid=1\n#@ title A file\n# @ rekords\n-w /a -k x\n"}]),
    );
    assert!(of_comments(&client.diagnostics(URI, 2)).is_empty());
}

#[test]
fn reports_mistakes_in_the_names_of_requirements() {
    let mut client = Client::new();
    let rule = "-a always,exit -F arch=b64 -S chmod -k x\n";
    client.open(URI, &format!("#@ id A\n#@ attack T12\n{rule}#@ id A\n{rule}#@ titlex x\n"));
    let found = client.diagnostics(URI, 1);
    let found = of_comments(&found);
    let places: Vec<_> = found.iter().map(|one| one["range"].clone()).collect();
    assert_eq!(places, [range((1, 3), (1, 9)), range((3, 3), (3, 5)), range((5, 3), (5, 9))]);
    // A file without `#@ id` has no requirements: its rules need no names.
    client.change(URI, 2, json!([{"text": format!("{rule}#@ attack T12\n{rule}")}]));
    assert!(of_comments(&client.diagnostics(URI, 2)).is_empty());
}

#[test]
fn reads_cases_for_the_machine_of_the_rules() {
    // openat has no successor on either machine, and open is not a syscall of aarch64.
    let text = "#@ records syscall=open path=/a\n-w /a -k x\n";
    for (arch, count) in [("x86_64", 0), ("aarch64", 1)] {
        let options = json!({"arch": arch});
        let (mut client, _) =
            Client::initialized(json!({"capabilities": {}, "initializationOptions": options}));
        client.open(URI, text);
        assert_eq!(of_comments(&client.diagnostics(URI, 1)).len(), count, "{arch}");
    }
}

#[test]
fn applies_changes_in_order() {
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
    // `-w /😀x -k a` has 12 UTF-16 code units.
    assert_eq!(only(&found, "P101")["range"], range((0, 0), (0, 12)));
    // A change without a range replaces the whole text.
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
fn editor_overrides_the_machine_of_the_configuration() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("only.rules");
    let text = "-a always,exit -F arch=b64 -S unlink -k gone\n";
    let count = |options: serde_json::Value| {
        let (mut client, _) =
            Client::initialized(json!({"capabilities": {}, "initializationOptions": options}));
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
fn reports_an_invalid_configuration() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("rauditctl.toml"), "[lint]\nnosuch = 1\n").unwrap();
    let file = folder.path().join("a.rules");
    let mut client = Client::new();
    client.open(&uri(&file), "-w /etc/passwd -p wa -k x\n");
    let shown = client.wait(|message| message["method"] == "window/showMessage");
    let text = shown["params"]["message"].as_str().unwrap();
    assert!(text.contains("rauditctl.toml:2") && text.contains("nosuch"), "{text}");
    assert_eq!(with_code(&client.diagnostics(&uri(&file), 1), "P101").count(), 1);
}

#[test]
fn joins_the_files_of_a_directory_as_augenrules_does() {
    let folder = TempDir::new().unwrap();
    let (first, second) = (folder.path().join("10-a.rules"), folder.path().join("9-b.rules"));
    let rule = "-a always,exit -F arch=b64 -S openat -k x\n";
    let mut client = Client::new();
    // A single file keeps its order: the rule comes after the lock.
    client.open(&uri(&first), &format!("-e 2\n{rule}"));
    assert_eq!(with_code(&client.diagnostics(&uri(&first), 1), "E071").count(), 1);
    // With a second file in the directory, augenrules moves -e to the end.
    fs::write(&second, "-D\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": []}));
    assert_eq!(with_code(&client.diagnostics(&uri(&first), 1), "E071").count(), 0);
}

#[test]
fn finds_and_fixes_a_duplicate_of_another_file() {
    let folder = TempDir::new().unwrap();
    let [first, second] = ["9-a.rules", "10-b.rules"].map(|name| uri(&folder.path().join(name)));
    let mut client = Client::new();
    client.open(&first, "-D\n-a always,exit -F arch=b64 -S openat -F key=x\n");
    client.diagnostics(&first, 1);
    // Neither file is on the disk: the server uses the open documents.
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

    // A change to the other file removes the finding in this one.
    client.change(&first, 2, json!([{"text": "-D\n"}]));
    assert_eq!(with_code(&client.diagnostics(&second, 1), "C103").count(), 0);
}
