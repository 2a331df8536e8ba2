//! The architecture: the picture at the head of `src/lib.rs`, enforced on the parsed sources.
//!
//! A stage uses only the stages before it. Some crates and some functions are used in one module only. Code under
//! `#[cfg(test)]` is exempt: a test may use any stage.

mod holes;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use names::{bound_at_root, names, test_only_modules};

/// The stages in order, each with the earlier stages that it may use.
const STAGES: &[(&str, &[&str])] = &[
    ("span", &[]),
    ("source", &["span"]),
    ("catalog", &[]),
    ("errno", &["catalog"]),
    ("syntax", &["catalog", "span"]),
    ("rule", &["catalog"]),
    ("diag", &["catalog", "errno", "rule", "span", "syntax"]),
    ("host", &["catalog"]),
    ("compile", &["catalog", "diag", "host", "rule", "span", "syntax"]),
    ("wire", &["catalog", "rule"]),
    ("listing", &["catalog", "host", "rule", "span", "wire"]),
    ("format", &["catalog", "compile", "diag", "host", "rule", "syntax", "span", "wire"]),
    ("model", &["catalog", "rule"]),
    (
        "ruleset",
        &["catalog", "compile", "diag", "host", "model", "rule", "source", "span", "syntax"],
    ),
    ("kernel", &["catalog", "errno", "model", "rule", "wire"]),
    ("eval", &["catalog", "model", "rule"]),
    ("analysis", &["catalog", "model", "rule", "ruleset"]),
    ("relate", &["catalog", "eval", "host", "model", "rule"]),
    ("plan", &["catalog", "model", "relate", "rule", "wire"]),
    (
        "apply",
        &["compile", "diag", "errno", "kernel", "model", "plan", "rule", "ruleset", "span", "wire"],
    ),
    (
        "rewrite",
        &[
            "analysis", "catalog", "compile", "host", "model", "relate", "rule", "ruleset", "span",
            "syntax",
        ],
    ),
    (
        "lint",
        &[
            "analysis", "catalog", "compile", "diag", "eval", "host", "model", "relate", "rewrite",
            "rule", "ruleset", "source", "span", "syntax",
        ],
    ),
    ("cases", &["analysis", "catalog", "eval", "model", "rule", "source", "span"]),
    ("ingest", &["catalog", "eval"]),
    (
        "replay",
        &["analysis", "catalog", "eval", "ingest", "model", "relate", "rewrite", "rule", "span"],
    ),
    (
        "report",
        &[
            "analysis", "cases", "catalog", "compile", "diag", "eval", "host", "ingest", "lint",
            "model", "plan", "relate", "replay", "rewrite", "rule", "ruleset", "source", "span",
            "syntax", "wire",
        ],
    ),
    (
        "lsp",
        &[
            "cases", "catalog", "diag", "eval", "format", "lint", "rewrite", "ruleset", "source",
            "span", "syntax",
        ],
    ),
    (
        "cli",
        &[
            "analysis", "apply", "cases", "catalog", "compile", "diag", "errno", "eval", "format",
            "host", "ingest", "kernel", "lint", "listing", "lsp", "model", "plan", "relate",
            "replay", "report", "rewrite", "rule", "ruleset", "source", "span", "syntax", "wire",
        ],
    ),
];

/// Crates, functions and macros that are used in one corner only.
const CORNERS: &[(&str, &[&str])] = &[
    ("nom", &["ingest/record.rs", "syntax/"]),
    ("netlink_packet_core", &["kernel/"]),
    ("netlink_packet_audit", &["kernel/"]),
    ("netlink_sys", &["kernel/"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("annotate_snippets", &["report/"]),
    ("gen_lsp_types", &["lsp/"]),
    ("lsp_server", &["lsp/"]),
    ("similar", &["cli/commands/diff.rs"]),
    ("quick_xml", &["report/cases/junit.rs", "report/covers/junit.rs", "report/lint/junit.rs"]),
    ("percent_encoding", &["lsp/", "report/covers/sarif.rs", "report/lint/sarif/"]),
    ("glob", &["cli/commands/test/", "cli/own_rules.rs", "lint/config/"]),
    ("toml", &["cases/", "lint/config/"]),
    ("hmac_sha256", &["report/lint/fingerprint.rs", "report/optimize/digest.rs"]),
    ("shlex", &["report/optimize/words.rs"]),
    ("terminal_size", &["cli/"]),
    ("xattr", &["cli/commands/replace/"]),
    ("std::io::stdout", &["cli/"]),
    ("std::io::stderr", &["cli/"]),
    ("std::io::stdin", &["cli/"]),
    ("std::process::exit", &[]),
    ("std::process::abort", &[]),
    ("include!", &[]),
    ("std::println", &["cli/"]),
    ("std::print", &["cli/"]),
    ("std::eprintln", &["cli/"]),
    ("std::eprint", &["cli/"]),
    ("std::dbg", &[]),
    ("anstream", &["cli/", "report/"]),
    ("print!", &["cli/"]),
    ("println!", &["cli/"]),
    ("eprint!", &["cli/"]),
    ("eprintln!", &["cli/"]),
    ("dbg!", &[]),
];

#[test]
fn uses_earlier_stages_only() {
    assert_none(SOURCES.iter().flat_map(Source::broken_walls));
}

#[test]
fn keeps_crates_and_output_in_their_corners() {
    assert_none(SOURCES.iter().flat_map(Source::left_corners));
}

#[test]
fn has_every_stage() {
    for (stage, _) in STAGES {
        let is_there = SOURCES.iter().any(|source| source.stage() == Some(stage));
        assert!(is_there, "no stage src/{stage}");
    }
}

/// A stage that may use one after it would make a loop that the table hides.
#[test]
fn lists_stages_in_an_order_without_loops() {
    for (index, (stage, may_use)) in STAGES.iter().enumerate() {
        for used in *may_use {
            let earlier = STAGES[..index].iter().any(|(other, _)| other == used);
            assert!(earlier, "{stage} may use {used}, which is not an earlier stage");
        }
    }
}

fn assert_none(faults: impl Iterator<Item = String>) {
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A source file: its path below `src`, and the names that it uses.
struct Source {
    path: String,
    names: BTreeSet<Vec<String>>,
}

impl Source {
    /// Parses the text of a file at this path.
    fn parse(path: &str, text: &str, root: &BTreeMap<String, Vec<String>>) -> Self {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let module = path.trim_end_matches(".rs").trim_end_matches("/mod");
        let module: Vec<&str> =
            module.split('/').filter(|name| !["lib", "main"].contains(name)).collect();
        Source { path: path.to_owned(), names: names(&file, &module, root) }
    }

    /// The stage that the file belongs to; the root of the crate belongs to none.
    fn stage(&self) -> Option<&'static str> {
        let first = self.path.split(['/', '.']).next().unwrap_or_default();
        STAGES.iter().map(|(stage, _)| *stage).find(|stage| *stage == first)
    }

    /// Uses of stages that this stage does not know.
    fn broken_walls(&self) -> Vec<String> {
        let Some(own) = self.stage() else {
            assert!(["lib.rs", "main.rs"].contains(&&*self.path), "{} has no stage", self.path);
            return Vec::new();
        };
        let may_use =
            STAGES.iter().find(|(stage, _)| *stage == own).map_or(&[][..], |(_, known)| known);
        let used = self.names.iter().filter_map(|path| match path.as_slice() {
            [first, stage, ..] if first == "crate" => Some(stage),
            // The root as a whole, such as `use crate::*`, would let everything in.
            [first] if first == "crate" => Some(first),
            _ => None,
        });
        let used: BTreeSet<&String> = used.collect();
        let foreign =
            used.into_iter().filter(|used| *used != own && !may_use.contains(&used.as_str()));
        foreign.map(|used| format!("{} uses crate::{used}", self.path)).collect()
    }

    /// Uses of crates, functions and macros outside of their corner.
    fn left_corners(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, corners) in CORNERS {
            let is_home = corners.iter().any(|corner| self.path.starts_with(corner));
            let segments: Vec<&str> = name.split("::").collect();
            let is_used = self.names.iter().any(|path| {
                path.len() >= segments.len() && path.iter().zip(&segments).all(|(a, b)| a == b)
            });
            if is_used && !is_home {
                faults.push(format!("{} uses {name}", self.path));
            }
        }
        faults
    }
}

/// Every file of `src` that is not compiled for tests only, parsed once.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(sources);

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut texts = BTreeMap::new();
    read_folder(&root, &mut texts);
    let tests: BTreeSet<PathBuf> =
        texts.iter().flat_map(|(path, text)| test_files(path, text)).collect();
    let is_test = |path: &Path| path.ancestors().any(|part| tests.contains(part));
    let at_root = bound_at_root(&parse(&texts[&root.join("lib.rs")]));
    let kept = texts.iter().filter(|(path, _)| !is_test(path));
    kept.map(|(path, text)| {
        let below = path.strip_prefix(&root).expect("the file is in src");
        Source::parse(&below.display().to_string(), text, &at_root)
    })
    .collect()
}

fn parse(text: &str) -> syn::File {
    syn::parse_file(text).expect("a source file is Rust")
}

fn read_folder(folder: &Path, texts: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).expect("a folder of src") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            read_folder(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source is text");
            texts.insert(path, text);
        }
    }
}

/// The files and folders of the modules that a file declares for tests only.
fn test_files(path: &Path, text: &str) -> Vec<PathBuf> {
    let is_folder = path.ends_with("mod.rs") || path.ends_with("lib.rs");
    let folder = if is_folder {
        path.parent().expect("a folder").to_owned()
    } else {
        path.with_extension("")
    };
    let file = parse(text);
    let modules = test_only_modules(&file);
    modules
        .flat_map(|name| [folder.join(format!("{name}.rs")), folder.join(name)])
        .collect::<Vec<_>>()
}
