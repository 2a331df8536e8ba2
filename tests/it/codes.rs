//! Every code of a diagnostic has a rules file that yields it, and a snapshot of how `compile` shows it.
//!
//! Codes that the linter reports too share its files, `fixtures/lints/CODE/bad.rules`; `lints` checks where the
//! code is reported. The other codes, and lines with several faults, are in `fixtures/invalid`. The comments of such a
//! file give the expected codes and the machine:
//!
//! ```text
//! # host: machine none          (or `features none`; else an x86_64 that has everything)
//! # expect: E020 5:38, E031 5:49
//! ```
//!
//! `SNAPSHOTS=overwrite cargo test --test it codes` rewrites the snapshots.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rauditctl::catalog::Arch;
use rauditctl::catalog::Features;
use rauditctl::diag::{Code, Diagnostic};
use rauditctl::host::FixedHost;
use rauditctl::lint::{Check, lints};
use rauditctl::model::Profile;
use rauditctl::report::diagnostic::render;
use rauditctl::ruleset::LineChecker;
use rauditctl::source::Source;
use rauditctl::syntax::{Content, lines, parse_line};

use crate::snapshots::assert_recorded;

/// Codes that no rules file alone can yield, with the file of their test.
const ELSEWHERE: &[(Code, &str)] =
    &[(Code::Refused, "the kernel's answer to a rule: tests/it/kernel_answers/mod.rs")];

#[test]
fn fixtures_yield_their_expected_codes() {
    let fixtures = files_in("fixtures/invalid").into_iter().map(|path| Fixture::read(&path));
    let wrong: Vec<String> = fixtures
        .filter(|fixture| fixture.found() != fixture.expected())
        .map(|fixture| format!("{}: # expect: {}", fixture.source.name(), fixture.found()))
        .collect();
    assert!(wrong.is_empty(), "fixtures with other codes than expected:\n{}", wrong.join("\n"));
}

#[test]
fn has_a_fixture_for_every_code() {
    let found: BTreeSet<Code> = fixtures()
        .flat_map(|path| Fixture::read(&path).diagnostics)
        .map(|diagnostic| diagnostic.code())
        .collect();
    for code in Code::ALL {
        let elsewhere = ELSEWHERE.iter().find(|(known, _)| known == code);
        match elsewhere {
            Some((_, why)) => {
                assert!(!found.contains(code), "{} has a fixture now: {why}", code.as_str());
            }
            None => assert!(found.contains(code), "{} has no fixture", code.as_str()),
        }
    }
}

#[test]
fn fixtures_yield_the_code_in_their_name() {
    for path in files_in("fixtures/invalid") {
        let fixture = Fixture::read(&path);
        let name = fixture.source.name();
        let named = |diagnostic: &Diagnostic| name.starts_with(diagnostic.code().as_str());
        assert!(name == "several.rules" || fixture.diagnostics.iter().any(named), "{name}");
    }
}

#[test]
fn diagnostics_match_their_snapshots() {
    for path in fixtures() {
        let fixture = Fixture::read(&path);
        let rendered: Vec<String> = fixture
            .diagnostics
            .iter()
            .map(|diagnostic| render(&fixture.source, diagnostic))
            .map(|text| anstream::adapter::strip_str(&text).to_string())
            .collect();
        assert_recorded(&rendered.join("\n"), &path.with_extension("txt"));
    }
}

/// Returns every fixture: those of `compile`, and those of the linter for the compiler's codes.
fn fixtures() -> impl Iterator<Item = PathBuf> {
    let of_compiler = lints().filter(|lint| matches!(lint.check, Check::Compiler(_)));
    let of_lints = of_compiler.flat_map(|lint| {
        let files = files_in(&format!("fixtures/lints/{}", lint.code)).into_iter();
        files.filter(|path| path.file_name().is_some_and(|name| name == "bad.rules"))
    });
    files_in("fixtures/invalid").into_iter().chain(of_lints)
}

/// Returns the diagnostics of every fixture.
pub(crate) fn diagnostics() -> impl Iterator<Item = Diagnostic> {
    fixtures().flat_map(|path| Fixture::read(&path).diagnostics)
}

fn files_in(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rules"))
        .collect();
    paths.sort();
    paths
}

/// A rules file with its expected codes.
struct Fixture {
    source: Source,
    diagnostics: Vec<Diagnostic>,
}

impl Fixture {
    fn read(path: &Path) -> Self {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let source = Source::new(name, fs::read(path).expect("a fixture can be read"));
        let host = host(comment(&source, "# host: ").unwrap_or_default());
        let mut checker = LineChecker::new(&host, Some(Profile::newest(Arch::X86_64)));
        let mut diagnostics = Vec::new();
        for line in lines(source.text()) {
            if let Content::Command(command) = parse_line(&line) {
                let checked = checker.line(&command, line.number);
                diagnostics.extend(checked.program.diagnostics().cloned());
            }
        }
        Fixture { source, diagnostics }
    }

    fn expected(&self) -> String {
        comment(&self.source, "# expect: ").expect("a comment `# expect: `").to_owned()
    }

    fn found(&self) -> String {
        let shown = self.diagnostics.iter().map(|diagnostic| {
            let place = self.source.location(diagnostic.span.start);
            format!("{} {}:{}", diagnostic.code().as_str(), place.line, place.column)
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}

/// Returns the text after `mark` in the comments of a fixture.
fn comment<'s>(source: &'s Source, mark: &str) -> Option<&'s str> {
    let text = str::from_utf8(source.text()).expect("fixtures are text");
    text.lines().find_map(|line| line.strip_prefix(mark))
}

fn host(words: &str) -> FixedHost {
    let usual = FixedHost::new(Arch::X86_64);
    match words {
        "" => usual,
        "machine none" => FixedHost { machine: None, ..usual },
        "features none" => FixedHost { features: Features(0), ..usual },
        other => panic!("no such host: {other}"),
    }
}
