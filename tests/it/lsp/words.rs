//! Words: hover, completion and symbols.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::{Client, edited, range};

const URI: &str = "untitled:rules";

/// Returns a function that asks for the hover text of a word's first occurrence.
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

/// Checks that a hover text contains all words.
fn shows(hover: Option<String>, words: &[&str]) {
    let hover = hover.expect("a hover text");
    for word in words {
        assert!(hover.contains(word), "no `{word}` in:\n{hover}");
    }
}

#[test]
fn describes_every_kind_of_word() {
    let mut hover = hovers(concat!(
        "# rauditctl: allow(P101) old host\n",
        "-w /etc/passwd -p wa -k identity\n",
        "-a always,exit -F arch=b64 -S openat,unlink -F exit=-EACCES -F auid>=1000 -F key=access\n",
        "-a never,exclude -F msgtype=CWD\n",
        "-a always,io_uring -S renameat -C uid!=euid -k access\n",
        "-a always,exit -F arch=b32 -F dir=/home -F perm=x -F success=0\n",
        "--backlog_wait_time 5\n",
    ));
    shows(hover("P101"), &["watch-arms-everything", "-w"]);
    shows(hover("-w "), &["`-w path`", "Watch a file"]);
    shows(hover("wa -k"), &["`w`: write", "`a`: attribute change"]);
    shows(hover("identity"), &["1 rule has", "`identity`"]);
    shows(hover("always"), &["Make a record."]);
    shows(hover("exit -F"), &["syscall ends"]);
    shows(hover("arch=b64"), &["machine", "`b64`", "`=`"]);
    shows(hover("b64"), &["x86_64", "0xc000003e"]);
    shows(hover("b32"), &["i386", "0x40000003"]);
    // Numbers from the kernel's headers.
    shows(
        hover("openat"),
        &["| x86_64 | 257 |", "| i386 | 295 |", "| aarch64 | 56 |", "| s390x | 288 |"],
    );
    shows(hover("unlink"), &["| x86_64 | 87 |", "| aarch64 | none; use `unlinkat` |"]);
    shows(hover("-EACCES"), &["-13"]);
    shows(hover("auid>"), &["logged in", "lists: all", "`>=`", "a user"]);
    shows(hover(">="), &["greater or equal"]);
    shows(hover("access\n-a never"), &["2 rules have", "rules:3", "rules:5"]);
    shows(hover("CWD"), &["1307"]);
    shows(hover("renameat"), &["io_uring"]);
    shows(hover("euid"), &["effective user id"]);
    shows(hover("x -F success"), &["execute", "execve"]);
    shows(hover("--backlog"), &["backlog", "number"]);
    assert_eq!(hover("1000"), None);
    assert_eq!(hover("old host"), None);
}

/// Returns the labels of the completion items at the end of a text.
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

/// Returns the text after the item `label` is accepted.
fn accepted(text: &str, label: &str) -> String {
    let items = items(text);
    let item = items.iter().find(|item| item["label"] == label);
    let item = item.unwrap_or_else(|| panic!("no {label} at {text:?}: {items:?}"));
    edited(text, &json!([item["textEdit"]]))
}

#[test]
fn completes_options_where_a_word_begins() {
    for text in ["", "-D\n", "-a always,exit ", "-a always,exit -", "-a always,exit --sig"] {
        let labels = labels(text);
        assert!(labels.contains(&"-a".to_owned()), "{text:?}: {labels:?}");
        assert!(labels.contains(&"--signal".to_owned()), "{text:?}: {labels:?}");
    }
    assert_eq!(accepted("-a always,exit -", "-F"), "-a always,exit -F");
    assert_eq!(accepted("--sig", "--signal"), "--signal");
}

#[test]
fn completes_the_value_of_an_option() {
    assert_eq!(labels("-a ")[0], "always,exit");
    assert_eq!(accepted("-A nev", "never,task"), "-A never,task");
    assert_eq!(accepted("-a always,exit -F au", "auid"), "-a always,exit -F auid");
    // A field that accepts only equality includes the operator.
    assert_eq!(accepted("-a always,exit -F ar", "arch="), "-a always,exit -F arch=");
    assert_eq!(accepted("-a always,exit -F arch=", "b64"), "-a always,exit -F arch=b64");
    assert_eq!(accepted("-a always,exit -F exit=EA", "-EACCES"), "-a always,exit -F exit=-EACCES");
    assert_eq!(accepted("-a always,exit -F exit=-EA", "-EACCES"), "-a always,exit -F exit=-EACCES");
    assert_eq!(accepted("-a never,exclude -F msgtype=C", "CWD"), "-a never,exclude -F msgtype=CWD");
    assert_eq!(accepted("-a always,exit -F filetype=", "dir"), "-a always,exit -F filetype=dir");
    assert_eq!(
        accepted("-a never,filesystem -F fstype=c", "cgroup"),
        "-a never,filesystem -F fstype=cgroup"
    );
    assert_eq!(accepted("-a always,exit -F auid!=", "unset"), "-a always,exit -F auid!=unset");
    assert_eq!(accepted("-a always,exit -F perm=", "wa"), "-a always,exit -F perm=wa");
    assert_eq!(accepted("-w /etc -p ", "rwxa"), "-w /etc -p rwxa");
    assert_eq!(accepted("-w /etc -pw", "wa"), "-w /etc -pwa");
    assert_eq!(labels("-e "), ["0", "1", "2"]);
    assert_eq!(labels("--signal="), ["TERM", "HUP", "USR1", "USR2", "CONT"]);
    // The server offers nothing for a path.
    assert_eq!(labels("-w /e"), [""; 0]);
}

#[test]
fn completes_the_fields_of_the_list() {
    let all = labels("-a always,exit -F ");
    assert!(all.contains(&"path=".to_owned()) && !all.contains(&"msgtype".to_owned()));
    let excluding = labels("-a never,exclude -F ");
    assert!(excluding.contains(&"msgtype".to_owned()) && !excluding.contains(&"path=".to_owned()));
    assert_eq!(accepted("-a always,exit -C uid!=", "euid"), "-a always,exit -C uid!=euid");
    assert!(!labels("-a always,exit -C uid!=").contains(&"egid".to_owned()));
}

#[test]
fn completes_the_syscalls_of_the_arch() {
    let line = |arch: &str| format!("-a always,exit -F arch={arch} -S openat,");
    assert_eq!(accepted(&(line("b64") + "unl"), "unlink"), line("b64") + "unlink");
    assert!(!labels(&line("aarch64")).contains(&"unlink".to_owned()));
    assert!(labels(&line("b32")).contains(&"socketcall".to_owned()));
    assert!(!labels(&line("b64")).contains(&"socketcall".to_owned()));
    let operations = labels("-a always,io_uring -S ");
    assert!(
        operations.contains(&"uring_cmd".to_owned()) && !operations.contains(&"execve".to_owned())
    );
}

#[test]
fn completes_the_keys_of_other_rules_and_files() {
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
    // Hover lists the rule in the other file too.
    client.change(&uri, 2, json!([{"range": range((1, 17), (1, 17)), "text": "identity"}]));
    shows(client.hover(&uri, (1, 18)), &["2 rules have", "10-a.rules:1", "20-b.rules:2"]);
}

#[test]
fn completes_lints_in_comments() {
    assert_eq!(accepted("# rauditctl: allow(P1", "P101"), "# rauditctl: allow(P101");
    assert_eq!(accepted("# rauditctl: allow(P101, ", "S190"), "# rauditctl: allow(P101, S190");
    assert_eq!(labels("# rauditctl: "), ["allow()", "allow-file()"]);
    assert_eq!(labels("# rauditctl: allow(P101) "), [""; 0]);
    assert_eq!(labels("# -F "), [""; 0]);
}

#[test]
fn completes_cases_in_comments() {
    assert_eq!(accepted("#@ ", "records"), "#@ records");
    assert_eq!(accepted("  #@ ign", "ignores"), "  #@ ignores");
    assert!(labels("#@ ").contains(&"attack".to_owned()));
    assert_eq!(accepted("#@ records sysc", "syscall="), "#@ records syscall=");
    assert_eq!(accepted("#@ records syscall=ope", "openat"), "#@ records syscall=openat");
    assert_eq!(
        accepted("#@ silences syscall=connect saddr_fam=in", "inet6"),
        "#@ silences syscall=connect saddr_fam=inet6"
    );
    assert_eq!(
        accepted("#@ records syscall=open exit=-EA", "-EACCES"),
        "#@ records syscall=open exit=-EACCES"
    );
    assert!(labels("#@ records ").contains(&"flags=".to_owned()));
    // The words of other comments are free text.
    assert_eq!(labels("#@ title sysc"), [""; 0]);
    assert_eq!(labels("#@ records path=/etc"), [""; 0]);
    assert_eq!(labels("# @ rec"), [""; 0]);
}

#[test]
fn completed_cases_are_right() {
    for (line, typed) in [
        ("#@ records syscall=openat path=/a ", "auid=1000"),
        ("#@ records syscall=openat path=/a ", "flags=O_WRONLY"),
        ("#@ ignores ", "saddr_fam=inet syscall=connect"),
    ] {
        let name = typed.split_once('=').map(|(name, _)| format!("{name}=")).expect("an attribute");
        assert!(labels(line).contains(&name), "{name}");
        let mut client = Client::new();
        client.open(URI, &format!("{line}{typed}\n-w /a -k x\n"));
        let found = client.diagnostics(URI, 1);
        assert!(found.iter().all(|one| !one["code"].is_null()), "{found:?}");
    }
}

#[test]
fn lists_rules_by_their_keys() {
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
