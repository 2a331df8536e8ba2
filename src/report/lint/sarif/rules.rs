//! The lints as rules of SARIF.

use std::collections::BTreeMap;

use super::model::{Configuration, Help, Rule, Tags, Text};
use crate::diag::Level;
use crate::lint::{Finding, Lint, Page};
use crate::report::lint::page;

/// Those that have found something, by code: the others have nothing to be looked up for.
pub(super) fn found_lints(findings: &[Finding]) -> Vec<&'static Lint> {
    let found = findings.iter().map(|finding| (finding.lint.code, finding.lint));
    found.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// A lint with its page.
pub(super) fn rule(lint: &'static Lint) -> Rule<'static> {
    let about = lint.page();
    let summary = about.summary.replace('\n', " ");
    Rule {
        id: lint.code,
        name: lint.name,
        short_description: Text { text: first_sentence(&summary).to_owned().into() },
        help: Help { text: page(lint), markdown: markdown(&about) },
        full_description: Text { text: summary.into() },
        default_configuration: Configuration { level: level(lint.level) },
        properties: Tags { tags: ["audit", lint.group().title()] },
    }
}

/// 3.27.10
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| text.get(..=first.len()).unwrap_or(text))
}

/// A page is Markdown but for its title; an example is a block because of its indent, and for that needs
/// a blank line before it.
fn markdown(page: &Page) -> String {
    let mut text = format!("# {}\n\n{}\n", page.title, page.summary);
    for section in &page.sections {
        text += &format!("\n## {}\n\n{}\n", section.heading, section.text);
    }
    text
}
