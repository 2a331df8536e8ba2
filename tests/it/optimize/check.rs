//! `optimize --check`: whether a product belongs to its source, and why not.

use std::fs;
use std::path::Path;

use hmac_sha256::Hash;
use serde_json::Value;
use tempfile::TempDir;

use super::command::{run, stderr, stdout};
use crate::covers::formats::validated;

const SOURCE: &str = "-D\n-b 8192\n\
    -a always,exit -F arch=b64 -S chmod -F auid>=1000 -k perm\n\
    -a always,exit -F arch=b64 -S fchmod -F auid>=1000 -k perm\n-e 2\n";
const MERGED: &str = "-a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -k perm\n";

/// A folder with a source and the product that these options make of it.
fn made(source: &str, options: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.rules"), source).expect("a file");
    let command = ["optimize", "--arch", "x86_64", "-o", "made.rules", "a.rules"];
    let made = run(folder.path(), &[&command, options].concat());
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    folder
}

/// Checks the product. Returns the exit status and the text, and validates the JSON.
fn checked(folder: &Path) -> (Option<i32>, String, Value) {
    let command = ["optimize", "--check", "made.rules", "a.rules"];
    let text = run(folder, &command);
    let json = run(folder, &[&command[..], &["--format", "json"]].concat());
    assert_eq!(json.status.code(), text.status.code());
    let json: Value = serde_json::from_slice(&json.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(&text)));
    validated("docs/schema/optimize-check.schema.json", &json);
    if !json["comparison"].is_null() {
        validated("docs/schema/compare.schema.json", &json["comparison"]);
    }
    (text.status.code(), stdout(&text), json)
}

fn change(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).expect("a file");
    assert!(text.contains(old), "{text}");
    fs::write(path, text.replacen(old, new, 1)).expect("a file");
}

/// Changes the product as another version of the program might have written it: with the digest of its lines.
fn rewrite(folder: &Path, old: &str, new: &str) {
    change(folder, "made.rules", old, new);
    change(folder, "made.rules", env!("CARGO_PKG_VERSION"), "0.0.9");
    let path = folder.join("made.rules");
    let text = fs::read_to_string(&path).expect("a file");
    let lines: Vec<&str> = text.splitn(5, '\n').collect();
    let digest: String =
        Hash::hash(lines[4].as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let rules = format!("## rules sha256:{digest}");
    fs::write(path, text.replacen(lines[2], &rules, 1)).expect("a file");
}

const AGAIN: &str = "Make it again: rauditctl optimize --arch x86_64 --kernel 7.2 --for stock -o made.rules a.rules\n";

#[test]
fn products_belong_to_their_source() {
    let options: [&[&str]; 6] = [
        &[],
        &["--only", "narrow,merge-syscalls", "--kernel", "6.1"],
        &["--skip", "order"],
        &["--keep", "perm,it's a key"],
        &["--allow", "fast-path,merge-keys", "--keep-companions", "connect"],
        &["--for", "bitmap"],
    ];
    for options in options {
        let folder = made(SOURCE, options);
        let (exit, text, json) = checked(folder.path());
        assert_eq!((exit, text.as_str()), (Some(0), "made.rules belongs to its source.\n"));
        assert_eq!((&json["result"], &json["comparison"]), (&"same-text".into(), &Value::Null));
    }
}

#[test]
fn changes_of_the_source_and_of_the_product_are_told_apart() {
    let folder = made(SOURCE, &[]);
    let stale = |file: &str, old: &str, new: &str| {
        change(folder.path(), file, old, new);
        let (exit, text, json) = checked(folder.path());
        assert_eq!((exit, &json["result"]), (Some(1), &"stale".into()));
        let rest = text.strip_suffix(AGAIN).unwrap_or_else(|| panic!("{text}"));
        let facts = [&json["is_source_changed"], &json["is_edited"]].map(|fact| fact == true);
        (rest.strip_prefix("made.rules does not belong to its source: ").map(str::to_owned), facts)
    };
    let of = |text: &str, facts| (Some(text.to_owned()), facts);
    let source = stale("a.rules", "-D", "# a comment\n-D");
    assert_eq!(source, of("the source was changed.\n", [true, false]));
    let both = stale("made.rules", "-b 8192", "-b 64");
    assert_eq!(both, of("the file was changed by hand, and its source.\n", [true, true]));
    let product = stale("a.rules", "# a comment\n", "");
    assert_eq!(product, of("the file was changed by hand.\n", [false, true]));
}

#[test]
fn products_of_another_version_are_compared() {
    let folder = made(SOURCE, &[]);
    // The rules as they were before the merge.
    let split = "-a always,exit -F arch=b64 -S fchmod -F auid>=1000 -k perm\n\
        -a always,exit -F arch=b64 -S chmod -F auid>=1000 -k perm\n";
    rewrite(folder.path(), MERGED, split);
    let (exit, text, json) = checked(folder.path());
    assert_eq!((exit, &json["result"]), (Some(0), &"records-the-same".into()), "{text}");
    assert_eq!(json["made_by"], "0.0.9");
    assert!(text.contains("It was made by rauditctl 0.0.9, so"), "{text}");

    let folder = made(SOURCE, &[]);
    rewrite(folder.path(), "chmod,fchmod", "chmod");
    let (exit, text, json) = checked(folder.path());
    assert_eq!((exit, &json["result"]), (Some(1), &"differs".into()), "{text}");
    assert_eq!(json["comparison"]["lost"][0]["witness"], "syscall=fchmod auid=1000");
    assert!(text.contains("    for example syscall=fchmod auid=1000\n"), "{text}");
    assert!(text.ends_with(AGAIN), "{text}");

    let folder = made(SOURCE, &[]);
    rewrite(folder.path(), "-b 8192", "-b 64");
    let (exit, text, json) = checked(folder.path());
    assert_eq!((exit, &json["result"]), (Some(1), &"other-settings".into()), "{text}");
}

#[test]
fn odd_heads_are_errors_with_their_place() {
    for (old, new, place, message) in [
        (
            "## made by rauditctl",
            "# made by rauditctl",
            "1:1",
            "`## made by rauditctl` is expected",
        ),
        ("source sha256:", "source sha1:", "2:11", "`sha256:` and 64 digits are expected"),
        ("x86_64", "x86_65", "4:12", "invalid value 'x86_65' for '--arch <ARCH>'"),
        ("--kernel 7.2", "", "4:12", "these are not the options as `optimize` writes them"),
        (
            "7.2",
            "7.2 -o other.rules",
            "4:12",
            "these are not the options as `optimize` writes them",
        ),
        ("7.2", "7.2 --help", "4:12", "Write rules that record the same"),
    ] {
        let folder = made(SOURCE, &[]);
        change(folder.path(), "made.rules", old, new);
        let found = run(folder.path(), &["optimize", "--check", "made.rules", "a.rules"]);
        let text = stderr(&found);
        assert_eq!((found.status.code(), stdout(&found).as_str()), (Some(2), ""), "{text}");
        assert!(text.contains(&format!("error: {message}")), "{text}");
        assert!(text.contains(&format!("--> made.rules:{place}\n")), "{text}");
        assert!(!folder.path().join("other.rules").exists());
    }
}

/// Every option of the command decides what the rules are, and is in the head, or does not.
#[test]
fn heads_name_every_option_that_decides() {
    let others = ["--check", "--format", "--help", "--max-size", "--output", "--workload"];
    let help = stdout(&run(Path::new("."), &["optimize", "--help"]));
    let lines = help.lines().filter(|line| line.trim_start().starts_with('-'));
    let options =
        lines.filter_map(|line| line.split_whitespace().find(|word| word.starts_with("--")));
    let mut deciding: Vec<&str> = options.filter(|option| !others.contains(option)).collect();
    deciding.sort_unstable();
    deciding.dedup();
    let values = [
        ("--allow", "merge-keys"),
        ("--arch", "x86_64"),
        ("--for", "bitmap"),
        ("--keep", "perm"),
        ("--keep-companions", "connect"),
        ("--kernel", "6.1"),
        ("--only", "narrow"),
        ("--skip", "narrow"),
    ];
    assert_eq!(deciding, values.map(|(option, _)| option));
    for (option, value) in values.into_iter().filter(|(option, _)| *option != "--arch") {
        let folder = made(SOURCE, &[option, value]);
        let text = fs::read_to_string(folder.path().join("made.rules")).expect("a file");
        assert!(text.contains(&format!(" {option} {value}")), "{text}");
    }
}
