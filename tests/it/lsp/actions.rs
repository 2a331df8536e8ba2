//! Edits: fixes, comments that allow findings, and formatting.

use std::fs;

use rauditctl::format::format;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::{Client, edited, only, range, with_code};

const URI: &str = "untitled:rules";

/// Returns the only action whose title contains `words`.
fn titled<'a>(actions: &'a [Value], words: &str) -> &'a Value {
    let has_words = |action: &&Value| action["title"].as_str().unwrap().contains(words);
    let found: Vec<_> = actions.iter().filter(has_words).collect();
    assert_eq!(found.len(), 1, "{words}: {actions:#?}");
    found[0]
}

#[test]
fn offers_a_fix_that_removes_the_finding() {
    let text = "# é\n-w /etc/passwd -p wa -k é😀\n";
    let mut client = Client::new();
    client.open(URI, text);
    let found = client.diagnostics(URI, 1);
    let watch = only(&found, "P101");
    let actions = client.actions(URI, &watch["range"], None);
    let fix = titled(&actions, "P101: ");
    assert_eq!(fix["kind"], "quickfix");
    // The fix changes the loaded rules.
    assert_eq!(fix["isPreferred"], Value::Null);
    assert_eq!(&fix["diagnostics"][0], watch);
    let fixed = edited(text, &fix["edit"]["changes"][URI]);
    assert_eq!(
        fixed,
        "# é\n\
         -a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -F key=é😀\n\
         -a always,exit -F arch=b32 -F path=/etc/passwd -F perm=wa -F key=é😀\n"
    );
    client.change(URI, 2, json!([{"text": fixed}]));
    assert_eq!(with_code(&client.diagnostics(URI, 2), "P101").count(), 0);
    // Elsewhere the server offers no action for the finding.
    let elsewhere = client.actions(URI, &range((0, 0), (0, 0)), None);
    assert!(elsewhere.iter().all(|action| !action["title"].as_str().unwrap().contains("P101")));
}

#[test]
fn offers_a_comment_that_allows_the_finding() {
    let text = "-D\n  -w /etc/passwd -p wa -k x\n";
    let mut client = Client::new();
    client.open(URI, text);
    let actions = client.actions(URI, &range((1, 5), (1, 5)), Some("quickfix"));
    let allow = titled(&actions, "allow P101");
    let allowed = edited(text, &allow["edit"]["changes"][URI]);
    assert_eq!(allowed, "-D\n  # rauditctl: allow(P101)\n  -w /etc/passwd -p wa -k x\n");
    client.change(URI, 2, json!([{"text": allowed}]));
    let found = client.diagnostics(URI, 2);
    assert_eq!(with_code(&found, "P101").count(), 0);
    assert_eq!(with_code(&found, "S190").count(), 0);

    // Codes that are already allowed stay allowed.
    let text = "# rauditctl: allow(R106) they know\n-w /etc/*.conf -p wa -k x\n";
    client.change(URI, 3, json!([{"text": text}]));
    let actions = client.actions(URI, &range((1, 0), (1, 0)), None);
    let edits = &titled(&actions, "allow P101")["edit"]["changes"][URI];
    assert_eq!(
        edited(text, edits),
        "# rauditctl: allow(R106, P101) they know\n-w /etc/*.conf -p wa -k x\n"
    );

    // The server offers no comment for an error.
    client.change(URI, 4, json!([{"text": "-w relative -k x\n"}]));
    let found = client.diagnostics(URI, 4);
    assert_eq!(only(&found, "E064")["severity"], 1);
    let actions = client.actions(URI, &range((0, 0), (0, 16)), None);
    assert!(actions.iter().all(|action| !action["title"].as_str().unwrap().contains("allow E")));
}

#[test]
fn formats_the_lines_that_need_it() {
    let texts = [
        "-a exit,always   -Farch=b64 -S stat,open -kfiles\n\n  # é😀\n-w /etc/passwd -k id -p aw\n \n\n",
        "\n\n-D",
        "-D\n",
        "",
        "  \n",
        "-e  1\r\n-D\n",
        "# no newline",
    ];
    let mut client = Client::new();
    client.open(URI, "");
    for (text, version) in texts.iter().zip(2..) {
        client.change(URI, version, json!([{"text": text}]));
        let params =
            json!({"textDocument": {"uri": URI}, "options": {"tabSize": 4, "insertSpaces": true}});
        let edits = client.request("textDocument/formatting", params).unwrap();
        let formatted = edited(text, &edits);
        assert_eq!(formatted.as_bytes(), format(text.as_bytes()), "{text:?}");
        assert!(!formatted.is_empty() || text.trim().is_empty());
    }
}

#[test]
fn formats_only_the_lines_of_a_range() {
    let text = "-D  \n-e  1\n-f  1\n\n\n";
    let mut client = Client::new();
    client.open(URI, text);
    let params = json!({
        "textDocument": {"uri": URI},
        "range": range((1, 2), (1, 3)),
        "options": {"tabSize": 4, "insertSpaces": true},
    });
    let edits = client.request("textDocument/rangeFormatting", params).unwrap();
    assert_eq!(edited(text, &edits), "-D  \n-e 1\n-f  1\n\n\n");
}

#[test]
fn applies_all_safe_fixes_at_once() {
    // Only the newline at the end of the last file is a safe fix here. P101 stays.
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("9-b.rules"), "-w /etc/group -p wa -k y\n").unwrap();
    let uri = format!("file://{}", folder.path().join("10-a.rules").display());
    let text = "-D\n-w /etc/passwd -p wa -k é";
    let mut client = Client::new();
    client.open(&uri, text);
    let found = client.diagnostics(&uri, 1);
    let newline = only(&found, "R101");
    let all = range((0, 0), (9, 0));
    for only in ["source", "source.fixAll", "source.fixAll.rauditctl"] {
        let actions = client.actions(&uri, &all, Some(only));
        let [action] = actions.as_slice() else { panic!("{only}: {actions:#?}") };
        assert_eq!(action["kind"], "source.fixAll.rauditctl");
        let edits = &action["edit"]["changes"][&uri];
        assert_eq!(edited(text, edits), format!("{text}\n"));
    }
    // The single fix is the same, and is preferred.
    let actions = client.actions(&uri, &newline["range"], Some("quickfix"));
    let fix = titled(&actions, "R101: ");
    assert_eq!(fix["isPreferred"], true);
    assert_eq!(edited(text, &fix["edit"]["changes"][&uri]), format!("{text}\n"));
    client.change(&uri, 2, json!([{"text": format!("{text}\n")}]));
    assert_eq!(with_code(&client.diagnostics(&uri, 2), "R101").count(), 0);
    // No safe fix is left.
    assert_eq!(client.actions(&uri, &all, Some("source")), [Value::Null; 0]);
    assert_eq!(client.actions(&uri, &all, Some("refactor")), [Value::Null; 0]);
}
