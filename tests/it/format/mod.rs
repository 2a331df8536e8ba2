//! Formatting changes the text of rules, but not the messages that a load sends.
//!
//! The tests do not use the formatter's own check: they split both texts into lines, then compile and encode them as a
//! load does, on three machines.
//!
//! `RAUDITCTL_FUZZ_CASES` sets the number of generated files; the default is small.

mod messy;
mod sent;

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use rauditctl::format::{Formatter, format};
use rauditctl::syntax::{self, Content};
use serde_json::Value;
use xtask::needs::leave_out;

use crate::golden::records::records;
use crate::no_panic::cases;
use sent::sent;

/// Counts of formatted files.
#[derive(Debug, Default)]
struct Tally {
    lines: usize,
    new_lines: usize,
    new_rules: usize,
}

/// Formats a file, and checks the promises of the formatter on the result.
fn check(text: &[u8], tally: &mut Tally) {
    let formatted = format(text);
    let shown = || format!("{}\nbecomes\n{}", text.escape_ascii(), formatted.escape_ascii());

    assert!(formatted.is_empty() || formatted.ends_with(b"\n"), "{}", shown());
    assert_eq!(format(&formatted).escape_ascii().to_string(), formatted.escape_ascii().to_string());
    assert_eq!(sent(text), sent(&formatted), "{}", shown());

    let (old, new) = (lines_of(text), lines_of(&formatted));
    assert_eq!(old.len(), new.len(), "{}", shown());
    for (old, new) in old.iter().zip(&new) {
        assert!(!new.starts_with(b" ") || old == new, "{}", shown());
        match (kind(old), kind(new)) {
            (Kind::Blank, Kind::Blank) => {}
            (Kind::Comment(old), Kind::Comment(new)) => assert_eq!(old, new, "{}", shown()),
            (Kind::Command, Kind::Command) => {}
            kinds => panic!("{kinds:?}: {}", shown()),
        }
        assert_eq!(moved_by_augenrules(old), moved_by_augenrules(new), "{}", shown());
        if is_odd(old) {
            assert_eq!(old, new, "{}", shown());
        }
        tally.lines += 1;
        tally.new_lines += usize::from(old != new);
        tally.new_rules += usize::from(old != new && sent::has_rule(old));
    }
    by_lines(text, &formatted);
}

/// Formatting line by line gives the same text as formatting the file.
fn by_lines(text: &[u8], formatted: &[u8]) {
    let mut joined = Vec::new();
    for (span, line) in Formatter::new().lines(text) {
        assert_eq!(*Formatter::new().line(&text[span.range()]), *line);
        joined.extend_from_slice(&line);
        joined.push(b'\n');
    }
    assert_eq!(lines_of(&joined), lines_of(formatted));
}

/// Returns the lines of a text without blank lines at its end.
fn lines_of(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    while lines.last().is_some_and(|line| line.iter().all(|byte| *byte == b' ')) {
        lines.pop();
    }
    lines
}

/// Returns how augenrules classifies a line by its beginning: augenrules moves settings to the front and to the end.
fn moved_by_augenrules(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii();
    let start = line.get(..2).filter(|start| [&b"-e"[..], b"-f", b"-b", b"-D"].contains(start))?;
    (start != b"-D" || line == b"-D").then_some(start)
}

#[derive(Debug)]
enum Kind<'l> {
    Blank,
    Comment(&'l [u8]),
    Command,
}

fn kind(line: &[u8]) -> Kind<'_> {
    let start = line.iter().position(|byte| *byte != b' ').unwrap_or(line.len());
    let end = line.iter().rposition(|byte| *byte != b' ').map_or(start, |last| last + 1);
    match line.get(start) {
        None => Kind::Blank,
        Some(b'#') if is_odd(line) => Kind::Comment(line),
        Some(b'#') => Kind::Comment(&line[start..end]),
        Some(_) => Kind::Command,
    }
}

/// Lines that formatting does not change.
fn is_odd(line: &[u8]) -> bool {
    line.len() > 6143 || line.iter().any(|byte| *byte < 0x20 || *byte == 0x7f)
}

#[test]
fn generated_files_send_the_same() {
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let tally = RefCell::new(Tally::default());
    let result = runner.run(&messy::file(), |file| {
        check(&file, &mut tally.borrow_mut());
        Ok(())
    });
    if let Err(TestError::Fail(reason, file)) = result {
        panic!("{reason}, made of `{}`", file.escape_ascii());
    }
    let tally = tally.into_inner();
    println!("{tally:?}");
    assert!(tally.new_lines * 4 > tally.lines, "few lines change: {tally:?}");
    assert!(
        tally.new_rules * 8 > tally.lines,
        "few of the changed lines are rules without errors: {tally:?}"
    );
}

/// Returns the lines that files are generated from.
#[test]
fn odd_lines_send_the_same() {
    let mut tally = Tally::default();
    for line in messy::LINES {
        check(line, &mut tally);
    }
}

#[test]
fn fixtures_send_the_same() {
    let mut tally = Tally::default();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of fixtures") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rules") {
                check(&fs::read(&path).expect("a readable fixture"), &mut tally);
                files += 1;
            }
        }
    }
    assert!(files > 50, "{files} files");
}

/// The files and commands from the recordings of auditctl.
#[test]
fn recorded_files_send_the_same() {
    if leave_out() {
        return;
    }
    let Some(records) = records() else { return };
    let mut tally = Tally::default();
    let texts: Vec<Vec<u8>> = records.iter().filter_map(text_of).collect();
    texts.iter().for_each(|text| check(text, &mut tally));
    println!("{} texts, {tally:?}", texts.len());
    assert!(texts.len() > 1500, "{} texts", texts.len());
    assert!(tally.new_rules > 100, "{tally:?}");
}

/// Returns the file of a recording, or its command line as a line.
fn text_of(record: &Value) -> Option<Vec<u8>> {
    if let Some(text) = record["rules_text"].as_str() {
        return Some(text.into());
    }
    if let Some(digits) = record["rules_text_hex"].as_str() {
        let bytes = (0..digits.len()).step_by(2);
        return Some(
            bytes.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect(),
        );
    }
    let words = record["argv"].as_array()?.iter().map(|word| word.as_str());
    let words: Vec<&str> = words.collect::<Option<_>>()?;
    let escaped = words.iter().map(|word| word.replace('\\', r"\\").replace(' ', r"\ "));
    Some(escaped.collect::<Vec<_>>().join("  ").into())
}

/// The comparison detects differences.
#[test]
fn different_requests_are_distinguished() {
    let differ = |one: &str, other: &str| assert_ne!(sent(one.as_bytes()), sent(other.as_bytes()));
    differ("-a always,exit -S open", "-a always,exit -S close");
    differ("-a always,exit -S open -k a -k b", "-a always,exit -S open -k b -k a");
    differ("-a always,exit -S open -F uid=1 -F gid=1", "-a always,exit -S open -F gid=1 -F uid=1");
    differ("-a always,exit -S all -F uid=alice", "-a always,exit -S all -F uid=bob");
    differ("-a always,exit -S open", "-A always,exit -S open");
    differ("-a always,exit -S open", "-d always,exit -S open");
    differ(
        "-a always,exit -F path=/x -F perm=w -S open",
        "-a always,exit -S open -F path=/x -F perm=w",
    );
    differ("-w /etc", "-a always,exit -F path=/etc -F perm=rwxa");
    differ("-b 1\n-f 1", "-f 1\n-b 1");
    differ("-D -k a", "-D -k b");
    differ("-D", "-l");
    differ("-e 1 -S nosuch", "-S nosuch");
    differ("-i", "-c");
    // For `-S` alone, only the message about the machine differs.
    differ("-a always,exit -S open", "-S open -a always,exit");
    assert_eq!(sent(b"-b  1\n # x\n\n"), sent(b"-b 1"));
    let line = syntax::lines(b"-b 1").next().expect("a line");
    assert!(matches!(syntax::parse_line(&line), Content::Command(_)));
}
