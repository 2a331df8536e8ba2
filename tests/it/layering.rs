//! Who may know whom: the picture at the head of `src/lib.rs`, held to by reading the sources.
//!
//! A stage knows only those before it on the way of the data. What is behind `#[cfg(test)]` is not looked
//! at: a test may build its world out of anything.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A stage, by the beginning of its paths in `src`, and what it may name. The first that fits counts.
const STAGES: &[(&str, &[&str])] = &[
    ("span.rs", &[]),
    ("errno.rs", &[]),
    ("source.rs", &["span"]),
    ("catalog/", &[]),
    ("syntax/", &["catalog", "span"]),
    ("rule/", &["catalog"]),
    ("diag/", &["catalog", "errno", "rule", "span", "syntax"]),
    ("host.rs", &["catalog"]),
    ("compile/", &["catalog", "diag", "host", "rule", "span", "syntax"]),
    ("wire/", &["catalog", "rule"]),
    ("format/", &["catalog", "compile", "diag", "host", "rule", "syntax", "span", "wire"]),
    ("model/", &["catalog", "rule"]),
    (
        "ruleset/",
        &["catalog", "compile", "diag", "host", "model", "rule", "source", "span", "syntax"],
    ),
    ("kernel/", &["catalog", "errno", "model", "rule", "wire"]),
    ("analysis/", &["catalog", "model", "rule"]),
    ("relate/", &["catalog", "host", "rule"]),
    (
        "rewrite/",
        &["catalog", "compile", "host", "model", "relate", "rule", "ruleset", "span", "syntax"],
    ),
    (
        "lint/",
        &[
            "analysis", "catalog", "compile", "diag", "host", "model", "relate", "rewrite", "rule",
            "ruleset", "source", "span", "syntax",
        ],
    ),
    (
        "report/",
        &[
            "analysis", "catalog", "compile", "diag", "host", "lint", "model", "rewrite", "rule",
            "ruleset", "source", "span", "syntax", "wire",
        ],
    ),
    (
        "lsp/",
        &[
            "catalog", "diag", "format", "lint", "rewrite", "ruleset", "source", "span", "syntax",
        ],
    ),
    (
        "cli/",
        &[
            "analysis", "catalog", "compile", "diag", "errno", "format", "host", "kernel", "lint",
            "lsp", "model", "report", "rewrite", "rule", "ruleset", "source", "span", "syntax",
            "wire",
        ],
    ),
];

/// Crates, and macros, that are named in one corner only.
const CORNERS: &[(&str, &[&str])] = &[
    ("nom::", &["syntax/"]),
    ("netlink_packet_core::", &["wire/", "kernel/netlink.rs"]),
    ("netlink_packet_audit::", &["wire/", "kernel/netlink.rs"]),
    ("netlink_sys::", &["kernel/channel.rs"]),
    ("clap::", &["cli/"]),
    ("clap_complete::", &["cli/"]),
    ("annotate_snippets::", &["report/"]),
    ("gen_lsp_types::", &["lsp/"]),
    ("lsp_server::", &["lsp/"]),
    ("similar::", &["cli/commands/diff.rs"]),
    ("tempfile::", &["cli/commands/replace.rs"]),
    ("quick_xml::", &["report/lint/junit.rs"]),
    ("percent_encoding::", &["lsp/", "report/lint/sarif/"]),
    ("glob::", &["lint/config"]),
    ("toml::", &["lint/config"]),
    ("sha2::", &["report/lint/fingerprint.rs"]),
    ("terminal_size::", &["cli/"]),
    ("print!", &["cli/"]),
    ("println!", &["cli/"]),
    ("eprint!", &["cli/"]),
    ("eprintln!", &["cli/"]),
    ("dbg!", &[]),
];

#[test]
fn a_stage_knows_only_those_before_it() {
    let mut wrong = Vec::new();
    for file in sources() {
        let stage = STAGES.iter().find(|(prefix, _)| file.path.starts_with(prefix));
        let Some((prefix, may_know)) = stage else {
            assert!(["lib.rs", "main.rs"].contains(&&*file.path), "{} has no stage", file.path);
            continue;
        };
        let own = prefix.split(['/', '.']).next().unwrap_or_default();
        for known in named_modules(&file) {
            if known != own && !may_know.contains(&known.as_str()) {
                wrong.push(format!("{} names crate::{known}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_stage_is_there() {
    let sources = sources();
    for (prefix, _) in STAGES {
        assert!(sources.iter().any(|file| file.path.starts_with(prefix)), "no src/{prefix}");
    }
}

#[test]
fn some_crates_stay_in_their_corner() {
    let mut wrong = Vec::new();
    for file in sources() {
        for (name, corners) in CORNERS {
            let at_home = corners.iter().any(|corner| file.path.starts_with(corner));
            if !at_home && words_before(&file.text, name).next().is_some() {
                wrong.push(format!("{} uses {name}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A source file, its path in `src` with slashes, its text without comments and tests.
struct SourceFile {
    path: String,
    text: String,
}

fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of src") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let tests = test_modules(&files);
    files
        .iter()
        .filter(|path| !tests.contains(*path))
        .map(|path| {
            let text = fs::read_to_string(path).expect("a source is text");
            let shown = path.strip_prefix(&root).expect("it is in src").display().to_string();
            SourceFile { path: shown, text: without_comments_and_tests(&text) }
        })
        .collect()
}

/// Files that are only there for tests: `#[cfg(test)] mod name;`.
fn test_modules(files: &[PathBuf]) -> BTreeSet<PathBuf> {
    let mut tests = BTreeSet::new();
    for path in files {
        let text = fs::read_to_string(path).expect("a source is text");
        let is_folder = path.ends_with("mod.rs") || path.ends_with("lib.rs");
        let folder = if is_folder {
            path.parent().expect("a folder").to_owned()
        } else {
            path.with_extension("")
        };
        for behind in text.split("#[cfg(test)]").skip(1) {
            let Some(module) = behind.trim_start().strip_prefix("mod ") else { continue };
            if let Some((name, _)) = module.split_once(';').filter(|(name, _)| !name.contains('{'))
            {
                tests.insert(folder.join(name).with_extension("rs"));
            }
        }
    }
    tests
}

/// By the style of this project the tests of a file stand at its end.
fn without_comments_and_tests(text: &str) -> String {
    let code = match text.split_once("#[cfg(test)]\nmod tests {") {
        Some((code, _)) => code,
        None => text,
    };
    let lines = code.lines().map(|line| match line.trim_start().starts_with("//") {
        true => "",
        false => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that follow `crate::`, one or several between braces.
fn named_modules(file: &SourceFile) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for behind in words_before(&file.text, "crate::") {
        match behind.strip_prefix('{') {
            Some(list) => modules.extend(listed(list)),
            None => {
                modules.insert(identifier(behind));
            }
        }
    }
    modules
}

/// The first names of a list up to its closing brace: `catalog` of `catalog::{self, Arch}, rule}`.
fn listed(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, char) in list.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(identifier(list[start..at].trim()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(identifier(list[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect()
}

/// What stands behind each `word` that is not the end of a longer one.
fn words_before<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(word).filter_map(move |(at, _)| {
        let before = text[..at].chars().next_back();
        let is_whole = !before.is_some_and(|char| char.is_alphanumeric() || char == '_');
        is_whole.then(|| &text[at + word.len()..])
    })
}

#[test]
fn names_are_found_in_every_form() {
    let text =
        "use crate::{\n    catalog::{self, Arch},\n    rule,\n};\nfn f() { crate::wire::x() }";
    let file = SourceFile { path: String::new(), text: text.into() };
    let found: Vec<String> = named_modules(&file).into_iter().collect();
    assert_eq!(found, ["catalog", "rule", "wire"]);
}
