//! Edits: fixes, allowing comments, and the form of a file.

use std::fs;

use rauditctl::format::format;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::{Client, edited, only, range, with_code};

const URI: &str = "untitled:rules";

/// The only action whose title contains some words.
fn titled<'a>(actions: &'a [Value], words: &str) -> &'a Value {
    let is_it = |action: &&Value| action["title"].as_str().unwrap().contains(words);
    let found: Vec<_> = actions.iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{words}: {actions:#?}");
    found[0]
}

#[test]
fn a_fix_mends_what_was_found() {
    let text = "# é\n-w /etc/passwd -p wa -k é😀\n";
    let mut client = Client::new();
    client.open(URI, text);
    let found = client.diagnostics(URI, 1);
    let watch = only(&found, "P101");
    let actions = client.actions(URI, &watch["range"], None);
    let fix = titled(&actions, "P101: ");
    assert_eq!(fix["kind"], "quickfix");
    // It changes what is loaded.
    assert_eq!(fix["isPreferred"], Value::Null);
    assert_eq!(&fix["diagnostics"][0], watch);
    let mended = edited(text, &fix["edit"]["changes"][URI]);
    assert_eq!(
        mended,
        "# é\n\
         -a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -F key=é😀\n\
         -a always,exit -F arch=b32 -F path=/etc/passwd -F perm=wa -F key=é😀\n"
    );
    client.change(URI, 2, json!([{"text": mended}]));
    assert_eq!(with_code(&client.diagnostics(URI, 2), "P101").count(), 0);
    // Elsewhere nothing is offered for it.
    let elsewhere = client.actions(URI, &range((0, 0), (0, 0)), None);
    assert!(elsewhere.iter().all(|action| !action["title"].as_str().unwrap().contains("P101")));
}

#[test]
fn a_finding_is_allowed_by_a_comment_above_its_rule() {
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

    // What is allowed already stays so.
    let text = "# rauditctl: allow(R106) they know\n-w /etc/*.conf -p wa -k x\n";
    client.change(URI, 3, json!([{"text": text}]));
    let actions = client.actions(URI, &range((1, 0), (1, 0)), None);
    let edits = &titled(&actions, "allow P101")["edit"]["changes"][URI];
    assert_eq!(
        edited(text, edits),
        "# rauditctl: allow(R106, P101) they know\n-w /etc/*.conf -p wa -k x\n"
    );

    // An error stays an error.
    client.change(URI, 4, json!([{"text": "-w relative -k x\n"}]));
    let found = client.diagnostics(URI, 4);
    assert_eq!(only(&found, "E064")["severity"], 1);
    let actions = client.actions(URI, &range((0, 0), (0, 16)), None);
    assert!(actions.iter().all(|action| !action["title"].as_str().unwrap().contains("allow E")));
}

#[test]
fn formatting_changes_the_lines_that_have_another_form() {
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
fn a_range_is_formatted_line_by_line() {
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
fn all_safe_fixes_are_made_at_once() {
    // A newline at the end of the last file is safe to add; nothing else here is safe to mend: P101 stays.
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
    // The single fix is the same, and the one to take.
    let actions = client.actions(&uri, &newline["range"], Some("quickfix"));
    let fix = titled(&actions, "R101: ");
    assert_eq!(fix["isPreferred"], true);
    assert_eq!(edited(text, &fix["edit"]["changes"][&uri]), format!("{text}\n"));
    client.change(&uri, 2, json!([{"text": format!("{text}\n")}]));
    assert_eq!(with_code(&client.diagnostics(&uri, 2), "R101").count(), 0);
    // Nothing is left that is safe to mend.
    assert_eq!(client.actions(&uri, &all, Some("source")), [Value::Null; 0]);
    assert_eq!(client.actions(&uri, &all, Some("refactor")), [Value::Null; 0]);
}
