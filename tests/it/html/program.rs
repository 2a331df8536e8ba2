//! `--output`, and the options that HTML refuses.

use std::fs;

use super::{explain, folder, stdout};

const RULE: &[u8] = b"-a always,exit -F arch=b64 -S execve -k exec\n";

#[test]
fn writes_the_same_to_a_file_and_standard_output() {
    let directory = folder("a.rules", RULE);
    for format in ["html", "json", "text"] {
        let expected = stdout(&explain(&["--format", format, "a.rules"], directory.path()));
        let output = explain(&["--format", format, "--output", "out", "a.rules"], directory.path());
        assert_eq!(stdout(&output), "");
        assert_eq!(fs::read_to_string(directory.path().join("out")).unwrap(), expected);
        let output = explain(&["--format", format, "-o", "-", "a.rules"], directory.path());
        assert_eq!(stdout(&output), expected);
    }
}

#[test]
fn does_not_overwrite_the_rules() {
    let directory = folder("a.rules", RULE);
    let output = explain(&["--format", "html", "-o", "./a.rules", "a.rules"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("`a.rules` is an input file; the output cannot replace it"), "{error}");
    assert_eq!(fs::read(directory.path().join("a.rules")).unwrap(), RULE);
}

#[test]
fn reports_a_page_that_cannot_be_written() {
    let directory = folder("a.rules", RULE);
    let output = explain(&["--format", "html", "-o", "no/page.html", "a.rules"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("cannot write `no/page.html`"), "{error}");
}

#[test]
fn rejects_options_of_other_formats() {
    let directory = folder("a.rules", RULE);
    for other in [&["--syscall", "read", "a.rules"][..], &["--view", "grid", "a.rules"]] {
        let output = explain(&[&["--format", "html"], other].concat(), directory.path());
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(&format!("{} is for text and JSON", other[0])), "{error}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn shows_the_lines_of_all_files_of_a_directory() {
    let directory = folder("10.rules", RULE);
    fs::write(directory.path().join("20.rules"), "# two\n-w /etc/hosts -p wa -k hosts\n").unwrap();
    let page = stdout(&explain(&["--format", "html", "."], directory.path()));
    let html = super::parsed(&page);
    let heads: Vec<String> = super::all(&html, "#rules h3").into_iter().map(super::text).collect();
    assert_eq!(heads, ["./10.rules", "./20.rules"]);
    let line = super::all(&html, ".rules .line")[1];
    assert_eq!(super::text(line), "-w /etc/hosts -p wa -k hosts");
}

#[test]
fn shows_the_cost_of_a_workload() {
    let directory = folder("a.rules", RULE);
    fs::write(directory.path().join("counts"), "openat,100\ngetpid,900\n").unwrap();
    let arguments = ["--workload", "counts", "--seconds", "2", "--format"];
    let run = |format: &str| {
        let arguments = [&arguments[..], &[format, "a.rules"]].concat();
        stdout(&explain(&arguments, directory.path()))
    };
    let html = super::parsed(&run("html"));
    let json: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
    assert_eq!(super::all(&html, "nav a[href='#cost']").len(), 1);
    let figures: Vec<String> = super::all(&html, "#cost .figures tbody tr:first-child td")
        .into_iter()
        .map(super::text)
        .collect();
    let stock = &json["cost"]["stock"];
    assert_eq!(figures[0], stock["armed"].to_string());
    assert_eq!(figures[3], format!("{:.0}", stock["instructions"].as_f64().unwrap()));
    let rows: Vec<String> =
        super::all(&html, "#cost details tbody th").into_iter().map(super::text).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows.contains(&"openat of x86_64".to_owned()), "{rows:?}");
}

#[test]
fn shows_what_changes() {
    let directory = folder("old.rules", b"-a always,exit -F arch=b64 -S openat -F key=<b>\n-a always,exit -F arch=b32 -S openat -k x\n");
    fs::write(
        directory.path().join("new.rules"),
        "-a always,exit -F arch=b64 -S openat -F key=<b>\n",
    )
    .unwrap();
    let arguments = |format| ["--diff", "old.rules", "new.rules", "--format", format];
    let html = stdout(&explain(&arguments("html"), directory.path()));
    assert!(!html.contains("<b>"));
    let html = super::parsed(&html);
    let report = super::text(super::one(&html, "pre.report"));
    let printed = stdout(&explain(&arguments("text"), directory.path()));
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&report), words(&printed));
    let short = super::text(super::one(&html, ".short"));
    assert!(short.starts_with("1 rule is removed, and none added."), "{short}");
    assert!(short.contains("1 can no longer be recorded at all"), "{short}");
}

#[test]
fn sentence_about_changes_does_not_hide_removed_watches() {
    let all = "-a always,exit -F arch=b64 -S openat -F auid>=1000 -F key=open\n-w /etc/passwd -p wa -k id\n";
    let kept = all.lines().next().unwrap_or_default();
    let directory = folder("old.rules", all.as_bytes());
    fs::write(directory.path().join("new.rules"), format!("{kept}\n-w /etc/group -p wa -k id\n"))
        .unwrap();
    fs::write(directory.path().join("same.rules"), all).unwrap();
    let short = |new: &str| {
        let arguments = ["--diff", "old.rules", new, "--format", "html"];
        let html = super::parsed(&stdout(&explain(&arguments, directory.path())));
        super::text(super::one(&html, ".short"))
    };
    let changed = short("new.rules");
    assert!(changed.starts_with("1 rule is added, and 1 removed."), "{changed}");
    assert!(changed.contains("what only the removed rules recorded"), "{changed}");
    let same = short("same.rules");
    assert!(
        same.starts_with("The rules are the same. Everything that was recorded still is."),
        "{same}"
    );
}
