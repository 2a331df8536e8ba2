//! `docs/lints.md` and `docs/lints/CODE.md` are generated from the registry. `SNAPSHOTS=overwrite cargo test --test it
//! lints` rewrites them.

use std::fs;
use std::path::{Path, PathBuf};

use rauditctl::diag::Level;
use rauditctl::lint::{Group, Lint, lints};
use rauditctl::report::lint::markdown;
use rauditctl::rewrite::Change;

use crate::snapshots::assert_recorded;

const HEAD: &str = "\
# Lints

This page lists the lints of `rauditctl lint`. `rauditctl lint --explain CODE` prints the page of one lint, and
`--explain ALL` prints the list. The comment `# rauditctl: allow(CODE) reason` before a rule suppresses a lint for that
rule; `# rauditctl: allow-file(CODE) reason` suppresses it for the whole file.

`--fix` applies only *safe* fixes: the kernel gets the same rules as before. `--fix --unsafe-fixes` also applies the
fixes that change the rules.
";

#[test]
fn index_lists_every_lint() {
    let mut text = HEAD.to_owned();
    for group in Group::ALL {
        let title = group.title();
        let (first, rest) = title.split_at(1);
        text += &format!("\n## {}{rest} ({})\n\n", first.to_uppercase(), group.letter());
        text += &format!("These lints find {}.\n\n", group.about());
        text += "| code | name | severity | fix | what it finds |\n|---|---|---|---|---|\n";
        for lint in by_code().into_iter().filter(|lint| lint.group() == group) {
            let summary = lint.page().summary.replace('\n', " ").replace('|', "\\|");
            let (level, fix) = (level_name(lint.level), fix_name(lint.fix));
            let code = lint.code;
            text += &format!(
                "| [{code}](lints/{code}.md) | {} | {level} | {fix} | {summary} |\n",
                lint.name
            );
        }
    }
    same(&text, &docs().join("lints.md"));
}

#[test]
fn has_a_page_for_every_lint() {
    for lint in by_code() {
        let page = markdown(lint) + "\n[All lints](../lints.md)\n";
        same(&page, &docs().join(format!("lints/{}.md", lint.code)));
    }
}

#[test]
fn has_no_page_without_a_lint() {
    for entry in fs::read_dir(docs().join("lints")).expect("docs/lints is there") {
        let path = entry.expect("an entry").path();
        let is_known =
            by_code().iter().any(|lint| path.file_stem().is_some_and(|stem| stem == lint.code));
        assert!(is_known, "{} belongs to no lint", path.display());
    }
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn by_code() -> Vec<&'static Lint> {
    let mut found: Vec<&Lint> = lints().collect();
    found.sort_by_key(|lint| lint.code);
    found
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    }
}

fn fix_name(fix: Option<Change>) -> &'static str {
    match fix {
        None => "",
        Some(change) if change.is_safe() => "safe",
        Some(_) => "changes the rules",
    }
}

fn same(made: &str, path: &Path) {
    assert_recorded(made, path);
}
