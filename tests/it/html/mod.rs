//! `explain --format html`: the content of the page, hostile rules, and the page in a browser. The page of `replay` is in
//! `replay`.
//!
//! The tests in `browser` need Chromium and are skipped without it; `RAUDITCTL_REQUIRE_BROWSER=1` makes
//! them fail instead. They save screenshots in `browser` in the target folder.
//!
//! ```text
//! cargo test --test it html
//! ```

mod browser;
mod colors;
mod content;
mod hostile;
mod program;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rauditctl::report::html::{SCRIPT, STYLE};
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use tempfile::TempDir;

/// Runs `rauditctl explain` for x86_64 with Linux 6.1.
fn explain(arguments: &[&str], directory: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rauditctl"))
        .args(["explain", "--arch", "x86_64", "--kernel", "6.1"])
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("the program runs")
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("it is UTF-8")
}

/// Creates a folder with a file of rules.
fn folder(name: &str, rules: &[u8]) -> TempDir {
    let directory = TempDir::new().expect("a directory");
    fs::write(directory.path().join(name), rules).expect("a file");
    directory
}

/// Returns the page about rules in `a.rules`.
fn page_of(rules: &str) -> String {
    page_of_file("a.rules", rules.as_bytes())
}

fn page_of_file(name: &str, rules: &[u8]) -> String {
    let directory = folder(name, rules);
    stdout(&explain(&["--format", "html", name], directory.path()))
}

/// Returns the JSON about rules in `a.rules`.
fn json_of(rules: &str) -> Value {
    let directory = folder("a.rules", rules.as_bytes());
    let text = stdout(&explain(&["--format", "json", "a.rules"], directory.path()));
    serde_json::from_str(&text).expect("it is JSON")
}

/// Returns the files in `fixtures/rules` with their text.
fn fixtures() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rules"))
        .map(|path| (path.clone(), fs::read_to_string(path).expect("a fixture is text")))
        .collect();
    files.sort();
    files
}

fn fixture(name: &str) -> String {
    let found = fixtures().into_iter().find(|(path, _)| path.ends_with(name));
    found.expect("the fixture is there").1
}

/// Parses a page. Its HTML must have no errors.
pub(crate) fn parsed(page: &str) -> Html {
    let html = Html::parse_document(page);
    assert_eq!(html.errors, Vec::<String>::new());
    html
}

pub(crate) fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).expect("a selector")).collect()
}

pub(crate) fn one<'a>(html: &'a Html, selector: &str) -> ElementRef<'a> {
    let found = all(html, selector);
    assert_eq!(found.len(), 1, "{selector}");
    found[0]
}

pub(crate) fn text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn within<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(selector).expect("a selector")).collect()
}

/// Checks that no id is there twice, and that references and links have targets.
pub(crate) fn assert_links_resolve(html: &Html) {
    let ids: Vec<&str> = all(html, "[id]").iter().filter_map(|one| one.attr("id")).collect();
    let known: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), known.len(), "an id is there twice: {ids:?}");
    for attribute in ["aria-labelledby", "aria-describedby", "for"] {
        for element in all(html, &format!("[{attribute}]")) {
            for id in element.attr(attribute).unwrap().split(' ') {
                assert!(known.contains(id), "{attribute}={id}");
            }
        }
    }
    for link in all(html, "a") {
        let target = link.attr("href").and_then(|href| href.strip_prefix('#'));
        assert!(target.is_some_and(|id| known.contains(id)), "{:?}", link.attr("href"));
    }
}

/// Checks that a page loads nothing, and has no style and no script but its own.
pub(crate) fn assert_loads_nothing(html: &Html) {
    let loading = "link, img, image, use, iframe, object, embed, base, form, [src], [style]";
    assert!(all(html, loading).is_empty());
    assert_eq!(one(html, "script").text().collect::<String>(), SCRIPT);
    assert_eq!(one(html, "style").text().collect::<String>(), STYLE);
    let policy = one(html, "meta[http-equiv=Content-Security-Policy]").attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}
