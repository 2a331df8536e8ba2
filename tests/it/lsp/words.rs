//! What words mean, and which may be typed: hover, completion, symbols.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::{Client, edited, range};

const URI: &str = "untitled:rules";

/// What is said about each word; the place is behind the line's text up to `before`.
fn hovers(text: &str) -> impl FnMut(&str) -> Option<String> {
    let mut client = Client::new();
    client.open(URI, text);
    let text = text.to_owned();
    move |word| {
        let at = text.find(word).unwrap_or_else(|| panic!("no {word}"));
        let line = text[..at].matches('\n').count();
        let column = at - text[..at].rfind('\n').map_or(0, |at| at + 1);
        client.hover(URI, (line, column))
    }
}

fn says(said: Option<String>, words: &[&str]) {
    let said = said.expect("something is said");
    for word in words {
        assert!(said.contains(word), "no `{word}` in:\n{said}");
    }
}

#[test]
fn every_kind_of_word_is_explained() {
    let mut hover = hovers(concat!(
        "# rauditctl: allow(P101) old host\n",
        "-w /etc/passwd -p wa -k identity\n",
        "-a always,exit -F arch=b64 -S openat,unlink -F exit=-EACCES -F auid>=1000 -F key=access\n",
        "-a never,exclude -F msgtype=CWD\n",
        "-a always,io_uring -S renameat -C uid!=euid -k access\n",
        "-a always,exit -F arch=b32 -F dir=/home -F perm=x -F success=0\n",
        "--backlog_wait_time 5\n",
    ));
    says(hover("P101"), &["watch-arms-everything", "-w"]);
    says(hover("-w "), &["`-w path`", "Watch a file"]);
    says(hover("wa -k"), &["`w`: write", "`a`: change of attributes"]);
    says(hover("identity"), &["1 rule has", "`identity`"]);
    says(hover("always"), &["Make a record."]);
    says(hover("exit -F"), &["syscall ends"]);
    says(hover("arch=b64"), &["machine", "`b64`", "`=`"]);
    says(hover("b64"), &["x86_64", "0xc000003e"]);
    says(hover("b32"), &["i386", "0x40000003"]);
    // Numbers from the kernel's headers.
    says(
        hover("openat"),
        &["| x86_64 | 257 |", "| i386 | 295 |", "| aarch64 | 56 |", "| s390x | 288 |"],
    );
    says(hover("unlink"), &["| x86_64 | 87 |", "| aarch64 | none; it has `unlinkat` |"]);
    says(hover("-EACCES"), &["-13"]);
    says(hover("auid>"), &["logged in", "lists: all", "`>=`", "a user"]);
    says(hover(">="), &["greater or equal"]);
    says(hover("access\n-a never"), &["2 rules have", "rules:3", "rules:5"]);
    says(hover("CWD"), &["1307"]);
    says(hover("renameat"), &["io_uring"]);
    says(hover("euid"), &["effective user id"]);
    says(hover("x -F success"), &["execute", "execve"]);
    says(hover("--backlog"), &["backlog", "number"]);
    assert_eq!(hover("1000"), None);
    assert_eq!(hover("old host"), None);
}

/// The labels for what may be typed at the end of a text.
fn labels(text: &str) -> Vec<String> {
    items(text).iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

fn items(text: &str) -> Vec<Value> {
    let mut client = Client::new();
    client.open(URI, text);
    let line = text.matches('\n').count();
    let column = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
    client.complete(URI, (line, column))
}

/// The text with an item taken.
fn taken(text: &str, label: &str) -> String {
    let items = items(text);
    let item = items.iter().find(|item| item["label"] == label);
    let item = item.unwrap_or_else(|| panic!("no {label} at {text:?}: {items:?}"));
    edited(text, &json!([item["textEdit"]]))
}

#[test]
fn options_are_offered_where_a_word_begins() {
    for text in ["", "-D\n", "-a always,exit ", "-a always,exit -", "-a always,exit --sig"] {
        let labels = labels(text);
        assert!(labels.contains(&"-a".to_owned()), "{text:?}: {labels:?}");
        assert!(labels.contains(&"--signal".to_owned()), "{text:?}: {labels:?}");
    }
    assert_eq!(taken("-a always,exit -", "-F"), "-a always,exit -F");
    assert_eq!(taken("--sig", "--signal"), "--signal");
}

#[test]
fn the_value_of_an_option_is_offered_behind_it() {
    assert_eq!(labels("-a ")[0], "always,exit");
    assert_eq!(taken("-A nev", "never,task"), "-A never,task");
    assert_eq!(taken("-a always,exit -F au", "auid"), "-a always,exit -F auid");
    // Where there is one operator only, it comes with the field.
    assert_eq!(taken("-a always,exit -F ar", "arch="), "-a always,exit -F arch=");
    assert_eq!(taken("-a always,exit -F arch=", "b64"), "-a always,exit -F arch=b64");
    assert_eq!(taken("-a always,exit -F exit=EA", "-EACCES"), "-a always,exit -F exit=-EACCES");
    assert_eq!(taken("-a always,exit -F exit=-EA", "-EACCES"), "-a always,exit -F exit=-EACCES");
    assert_eq!(taken("-a never,exclude -F msgtype=C", "CWD"), "-a never,exclude -F msgtype=CWD");
    assert_eq!(taken("-a always,exit -F filetype=", "dir"), "-a always,exit -F filetype=dir");
    assert_eq!(
        taken("-a never,filesystem -F fstype=c", "cgroup"),
        "-a never,filesystem -F fstype=cgroup"
    );
    assert_eq!(taken("-a always,exit -F auid!=", "unset"), "-a always,exit -F auid!=unset");
    assert_eq!(taken("-a always,exit -F perm=", "wa"), "-a always,exit -F perm=wa");
    assert_eq!(taken("-w /etc -p ", "rwxa"), "-w /etc -p rwxa");
    assert_eq!(taken("-w /etc -pw", "wa"), "-w /etc -pwa");
    assert_eq!(labels("-e "), ["0", "1", "2"]);
    assert_eq!(labels("--signal="), ["TERM", "HUP", "USR1", "USR2", "CONT"]);
    // Nothing is known about a path.
    assert_eq!(labels("-w /e"), [""; 0]);
}

#[test]
fn fields_are_those_of_the_list() {
    let all = labels("-a always,exit -F ");
    assert!(all.contains(&"path=".to_owned()) && !all.contains(&"msgtype".to_owned()));
    let excluding = labels("-a never,exclude -F ");
    assert!(excluding.contains(&"msgtype".to_owned()) && !excluding.contains(&"path=".to_owned()));
    assert_eq!(taken("-a always,exit -C uid!=", "euid"), "-a always,exit -C uid!=euid");
    assert!(!labels("-a always,exit -C uid!=").contains(&"egid".to_owned()));
}

#[test]
fn syscalls_are_those_of_the_arch() {
    let line = |arch: &str| format!("-a always,exit -F arch={arch} -S openat,");
    assert_eq!(taken(&(line("b64") + "unl"), "unlink"), line("b64") + "unlink");
    assert!(!labels(&line("aarch64")).contains(&"unlink".to_owned()));
    assert!(labels(&line("b32")).contains(&"socketcall".to_owned()));
    assert!(!labels(&line("b64")).contains(&"socketcall".to_owned()));
    let operations = labels("-a always,io_uring -S ");
    assert!(
        operations.contains(&"uring_cmd".to_owned()) && !operations.contains(&"execve".to_owned())
    );
}

#[test]
fn keys_are_those_of_the_other_rules_and_files() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("10-a.rules"), "-w /etc/passwd -k identity\n").unwrap();
    let uri = format!("file://{}", folder.path().join("20-b.rules").display());
    let text = "-w /etc/shadow -k secret\n-w /etc/group -k ";
    let mut client = Client::new();
    client.open(&uri, text);
    let labels: Vec<String> = client
        .complete(&uri, (1, 17))
        .iter()
        .map(|item| item["label"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(labels, ["identity", "secret"]);
    // And that rule in the other file is told of.
    client.change(&uri, 2, json!([{"range": range((1, 17), (1, 17)), "text": "identity"}]));
    says(client.hover(&uri, (1, 18)), &["2 rules have", "10-a.rules:1", "20-b.rules:2"]);
}

#[test]
fn lints_are_offered_in_comments() {
    assert_eq!(taken("# rauditctl: allow(P1", "P101"), "# rauditctl: allow(P101");
    assert_eq!(taken("# rauditctl: allow(P101, ", "S190"), "# rauditctl: allow(P101, S190");
    assert_eq!(labels("# rauditctl: "), ["allow()", "allow-file()"]);
    assert_eq!(labels("# rauditctl: allow(P101) "), [""; 0]);
    assert_eq!(labels("# -F "), [""; 0]);
}

#[test]
fn rules_are_listed_by_their_keys() {
    let mut client = Client::new();
    client.open(URI, "-D\n-w /é -k a\n-a always,exit -F arch=b64 -S openat -F key=b\n");
    let params = json!({"textDocument": {"uri": URI}});
    let symbols = client.request("textDocument/documentSymbol", params).unwrap();
    let symbols = symbols.as_array().unwrap();
    assert_eq!(symbols.len(), 2);
    assert_eq!(symbols[0]["name"], "a");
    assert_eq!(symbols[0]["selectionRange"], range((1, 9), (1, 10)));
    assert_eq!(symbols[1]["name"], "b");
    assert_eq!(symbols[1]["detail"], "-a always,exit -F arch=b64 -S openat -F key=b");
}
