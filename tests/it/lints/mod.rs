//! Every lint has a page, a fixture with findings, a fixture without, and, if it has a fix, a fixture with the result of
//! the fix.
//!
//! The fixtures are in `fixtures/lints/CODE`: `bad.rules`, `good.rules` and `fixed.rules`, or directories of these names
//! with several files, which are joined as augenrules joins them. Comments in a fixture list the expected findings, and
//! the machines and kernels that it is linted for:
//!
//! ```text
//! # expect: 4:1, 5:1
//! # arches: x86_64,aarch64      (else x86_64)
//! # kernels: 5.10..6.8          (else any)
//! # system: bare                (accounts and paths are looked up, on a machine with root and a few files)
//! ```

mod auditctl;
mod cases;
mod changes;
mod docs;
mod exact;
mod fixture;
mod loaded;
mod made;
mod merging;
mod proved;
mod random;
mod withheld;

use std::collections::BTreeSet;
use std::fs;

use fixture::Fixture;
use rauditctl::diag::{Code, Level};
use rauditctl::lint::{Check, Group, Lint, Selection, Selector, find, lints};
use rauditctl::rewrite::Change;

/// Lints that find nothing unless accounts and paths are looked up.
const SYSTEM_ONLY: [&str; 5] = ["E042", "E043", "R109", "R113", "R114"];

#[test]
fn codes_and_names_are_unique() {
    let mut seen = BTreeSet::new();
    for lint in lints() {
        assert!(seen.insert(lint.code), "{} twice", lint.code);
        assert!(seen.insert(lint.name), "{} twice", lint.name);
    }
}

/// Codes of the compiler that a lint with the same code reports instead: the lint sees the whole set, and the compiler
/// only one line.
const REPORTED_BY_LINTS: [Code; 4] =
    [Code::SyscallMismatch, Code::OddWatchPath, Code::SlowWatch, Code::SlowPerm];

/// Codes that only the machine that loads the rules can report, and why.
const REPORTED_WHEN_LOADING: [(Code, &str); 3] = [
    (Code::UnknownMachine, "the user names the machine"),
    (Code::FieldUnsupported, "the features come from the running kernel"),
    (Code::Refused, "the answer comes from the running kernel"),
];

#[test]
fn every_code_of_the_compiler_is_a_lint() {
    for code in Code::ALL {
        let Some(lint) = find(code.as_str()) else {
            let is_to_come = ["C101", "P102"].contains(&code.as_str());
            assert!(is_to_come, "{} is not a lint: nobody reports it", code.as_str());
            continue;
        };
        assert_eq!(lint.code, code.as_str());
        let is_own = REPORTED_BY_LINTS.contains(code);
        let is_of_loading = REPORTED_WHEN_LOADING.iter().any(|(of_loading, _)| of_loading == code);
        let is_right = match lint.check {
            Check::Compiler(reported) => reported == *code && !is_own && !is_of_loading,
            Check::Loading(reported) => reported == *code && is_of_loading,
            Check::Text(_) | Check::Rules(_) => is_own,
            Check::Suppressions => false,
        };
        assert!(is_right, "{} is found by {:?}", lint.code, lint.check);
    }
}

#[test]
fn every_code_has_its_page() {
    for lint in lints() {
        let page = lint.page();
        assert_eq!(page.title, format!("{} {}", lint.code, lint.name));
        assert!(!page.summary.is_empty(), "the page of {} has no summary", lint.code);
        let mut headings = vec!["Why it matters", "Instead of", "Write", "Fix", "Source"];
        headings.retain(|heading| *heading != "Fix" || lint.fix.is_some());
        let found: Vec<&str> = page.sections.iter().map(|section| &*section.heading).collect();
        assert_eq!(found, headings, "the page of {}", lint.code);
        let empty = page.sections.iter().find(|section| section.text.is_empty());
        assert!(empty.is_none(), "{}: nothing below {empty:?}", lint.code);
    }
}

#[test]
fn page_examples_match_findings() {
    let mut wrong = Vec::new();
    for lint in found_here() {
        let page = lint.page();
        for (heading, is_bad) in [("Instead of", true), ("Write", false)] {
            let Some(example) = page.example(heading).filter(|text| !text.is_empty()) else {
                // Words replace an example that print cannot show, such as a missing newline.
                continue;
            };
            let ask = if SYSTEM_ONLY.contains(&lint.code) { "# system: bare\n" } else { "" };
            let found = Fixture::of_text(&format!("{ask}{example}")).findings(lint);
            if found.is_empty() == is_bad {
                wrong.push(format!("{}: ## {heading}: found {found:?}", lint.code));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Warnings about what the rest of a set may have: the example of a page is no complete set.
const OF_WHOLE_SETS: [&str; 5] = ["C102", "C108", "C111", "C113", "R111"];

#[test]
fn examples_of_right_rules_have_no_warnings() {
    let mut wrong = Vec::new();
    for lint in lints() {
        let Some(example) = lint.page().example("Write").filter(|text| !text.is_empty()) else {
            continue;
        };
        let ask = if SYSTEM_ONLY.contains(&lint.code) { "# system: bare\n" } else { "" };
        let report = Fixture::of_text(&format!("{ask}{example}")).report(&Selection::default());
        let warnings = report.findings.iter().filter(|finding| finding.level > Level::Info);
        let mut codes: BTreeSet<&str> = warnings.map(|finding| finding.lint.code).collect();
        codes.retain(|code| !OF_WHOLE_SETS.contains(code));
        if !codes.is_empty() {
            wrong.push(format!("{}: {codes:?}", lint.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_error_and_warning_has_help() {
    let mut wrong = BTreeSet::new();
    for lint in found_here() {
        let Some(fixture) = Fixture::read(lint, "bad") else { continue };
        let findings = fixture.report(&Selection::default()).findings.into_iter();
        let without = findings.filter(|one| one.level > Level::Info && one.help.is_none());
        wrong.extend(without.map(|one| format!("{}: {}", one.lint.code, one.message)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn bad_fixtures_have_the_expected_findings() {
    let mut wrong = Vec::new();
    for lint in found_here() {
        match Fixture::read(lint, "bad") {
            None => wrong.push(format!("{} has no bad fixture", lint.code)),
            Some(fixture) => {
                let (found, expected) = (fixture.places(lint), fixture.expected());
                if found != expected || expected.is_empty() {
                    wrong.push(format!("{}: expected {expected:?}, found {found:?}", lint.code));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn good_fixtures_have_no_findings() {
    let mut wrong = Vec::new();
    for lint in found_here() {
        match Fixture::read(lint, "good") {
            None => wrong.push(format!("{} has no good fixture", lint.code)),
            Some(fixture) => {
                wrong.extend(fixture.findings(lint).iter().map(|f| format!("{}: {f}", lint.code)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn good_fixtures_of_errors_have_no_errors() {
    for lint in found_here().filter(|lint| lint.group() == Group::Errors) {
        let Some(fixture) = Fixture::read(lint, "good") else { continue };
        let findings = fixture.report(&Selection::default()).findings.into_iter();
        let errors = findings.filter(|finding| finding.lint.group() == Group::Errors);
        let errors: Vec<_> = errors.map(|finding| (finding.lint.code, finding.message)).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", lint.code);
    }
}

#[test]
fn fixes_turn_bad_fixtures_into_fixed_ones() {
    let mut wrong = Vec::new();
    for lint in lints() {
        let (Some(bad), Some(change)) = (Fixture::read(lint, "bad"), lint.fix) else {
            assert!(Fixture::read(lint, "fixed").is_none(), "{} has no fix", lint.code);
            continue;
        };
        let Some(fixed) = Fixture::read(lint, "fixed") else {
            wrong.push(format!("{} has no fixed fixture", lint.code));
            continue;
        };
        let result = bad.with_fixes(lint);
        if result.texts() != fixed.texts() {
            wrong.push(format!("{}: the fix makes\n{}", lint.code, result.texts().join("\n---\n")));
        }
        let has_fix = |finding: &rauditctl::lint::Finding| finding.fix.is_some();
        let left = result.report(&only(lint)).findings.into_iter().filter(has_fix).count();
        if left > 0 {
            wrong.push(format!("{}: {left} findings with a fix are left", lint.code));
        }
        if change == Change::Meaning {
            // The result can be loaded.
            wrong.extend(result.errors().iter().map(|found| format!("{}: {found}", lint.code)));
        }
        for arch in bad.arches() {
            if let Err(why) =
                changes::hold(change, arch, &bad.kernel_rules(arch), &result.kernel_rules(arch))
            {
                wrong.push(format!("{} on {}: {why}", lint.code, arch.common_name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rules are equal on x86_64, but not on aarch64: deleting one changes the rules on aarch64.
#[test]
fn withholds_a_safe_fix_that_only_some_machines_need() {
    let rules =
        "-a always,exit -F arch=x86_64 -S 59 -k exec\n-a always,exit -F arch=b64 -S 59 -k exec\n";
    let duplicate = find("C103").expect("a lint");
    for (arches, has_fix) in [("x86_64", true), ("x86_64,aarch64", false)] {
        let fixture = Fixture::of_text(&format!("# arches: {arches}\n{rules}"));
        let findings = fixture.report(&only(duplicate)).findings;
        let fixes: Vec<bool> = findings.iter().map(|finding| finding.fix.is_some()).collect();
        assert_eq!(fixes, [has_fix], "{arches}");
    }
}

#[test]
fn every_fixture_belongs_to_a_lint() {
    let folder = fixture::folder();
    for entry in fs::read_dir(folder).expect("fixtures/lints is there") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(find(&name).is_some(), "fixtures/lints/{name} belongs to no lint");
    }
}

/// Returns the lints that can report on a text alone.
fn found_here() -> impl Iterator<Item = &'static Lint> {
    lints().filter(|lint| !matches!(lint.check, Check::Loading(_)))
}

/// Selects only this lint.
fn only(lint: &'static Lint) -> Selection {
    Selection { select: vec![Selector::Lint(lint)], ..Selection::default() }
}
