//! Snippets that break a wall, one of each kind: the test must see every one of them.

use std::collections::BTreeMap;

use super::Source;

/// Returns what is wrong with a snippet in the file at `path`.
fn faults(path: &str, text: &str) -> Vec<String> {
    let root = BTreeMap::from([("lint_all".to_owned(), absolute("crate::lint::lint"))]);
    let source = Source::parse(path, text, &root);
    [source.broken_walls(), source.left_corners()].concat()
}

fn absolute(path: &str) -> Vec<String> {
    path.split("::").map(str::to_owned).collect()
}

#[track_caller]
fn is_caught(path: &str, text: &str, fault: &str) {
    let faults = faults(path, text);
    assert!(faults.contains(&format!("{path} {fault}")), "{text}: {faults:?}");
}

#[test]
fn catches_parents_of_parents() {
    is_caught("rule/mask.rs", "fn f() { super::super::lint::lint(); }", "uses crate::lint");
    is_caught(
        "rule/mod.rs",
        "mod a { fn f() { super::super::lint::lint(); } }",
        "uses crate::lint",
    );
}

#[test]
fn catches_self_with_super() {
    is_caught("rule/mod.rs", "fn f() { self::super::lint::lint(); }", "uses crate::lint");
    is_caught("rule/mod.rs", "use self::super::lint::Report;", "uses crate::lint");
    is_caught("lint/mod.rs", "use std::io; fn f() { self::io::stdout(); }", "uses std::io::stdout");
}

#[test]
fn catches_attributes() {
    is_caught("rule/mod.rs", "#[derive(clap::ValueEnum)] enum E {}", "uses clap");
    let text = "#[serde(serialize_with = \"crate::lint::x\")] struct S;";
    is_caught("rule/mod.rs", text, "uses crate::lint");
}

#[test]
fn catches_raw_names() {
    is_caught("rule/mod.rs", "use r#nom as n;", "uses nom");
}

#[test]
fn catches_macros_by_path() {
    is_caught("rule/mod.rs", "fn f() { std::println!(\"x\"); }", "uses println!");
    is_caught("rule/mod.rs", "use std::println as p;", "uses std::println");
    is_caught("rule/mod.rs", "include!(\"../lint/x.rs\");", "uses include!");
}

#[test]
fn catches_reexports() {
    is_caught("rule/mod.rs", "pub use super::lint::Report;", "uses crate::lint");
    // A name that the root of the crate takes from a later stage.
    is_caught("rule/mod.rs", "fn f() { crate::lint_all(); }", "uses crate::lint");
}

#[test]
fn catches_aliases_of_the_crate() {
    is_caught("rule/mod.rs", "use crate as c; fn f() { c::lint::lint(); }", "uses crate::crate");
    is_caught(
        "rule/mod.rs",
        "extern crate self as c; fn f() { c::lint::x(); }",
        "uses crate::lint",
    );
    is_caught("rule/mod.rs", "use crate::*;", "uses crate::crate");
}

#[test]
fn catches_aliases_of_crates() {
    is_caught("rule/mod.rs", "use nom as n; fn f() { n::x(); }", "uses nom");
    is_caught("rule/mod.rs", "extern crate nom as n;", "uses nom");
}

#[test]
fn catches_crates_that_are_only_named() {
    is_caught("rule/mod.rs", "use clap;", "uses clap");
}

#[test]
fn catches_streams() {
    is_caught("lint/mod.rs", "use std::io; fn f() { io::stdout(); }", "uses std::io::stdout");
    is_caught(
        "lint/mod.rs",
        "use std::io::stderr as out; fn f() { out(); }",
        "uses std::io::stderr",
    );
}

#[test]
fn catches_modules_that_are_only_called_tests() {
    is_caught("rule/mod.rs", "mod tests { use crate::lint::Report; }", "uses crate::lint");
}

#[test]
fn catches_paths_and_macros_inside_macros() {
    is_caught("rule/mod.rs", "fn f() { vec![crate::lint::lint()]; }", "uses crate::lint");
    is_caught("rule/mod.rs", "fn f() { vec![println!(\"x\")]; }", "uses println!");
}

#[test]
fn catches_code_after_tests() {
    let text = "#[cfg(test)] mod tests { use crate::cli; } fn f() { crate::lint::lint(); }";
    is_caught("rule/mod.rs", text, "uses crate::lint");
}

#[test]
fn allows_tests_and_earlier_stages() {
    for (path, text) in [
        ("rule/mod.rs", "#[cfg(test)] mod tests { use crate::cli; }"),
        (
            "rule/mod.rs",
            "use crate::{catalog::{self, Arch}, rule::Mask}; fn f() { super::catalog::x(); }",
        ),
        ("syntax/expr.rs", "use nom::bytes;"),
    ] {
        assert!(faults(path, text).is_empty(), "{text}");
    }
}
