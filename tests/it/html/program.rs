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
    for other in [
        &["--syscall", "read", "a.rules"][..],
        &["--diff", "a.rules", "a.rules"],
        &["--view", "grid", "a.rules"],
        &["--workload", "a.rules", "a.rules"],
    ] {
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
