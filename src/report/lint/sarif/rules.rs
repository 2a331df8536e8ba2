//! The lints as rules of SARIF.

use std::collections::BTreeMap;

use anstream::adapter::strip_str;

use super::model::{SarifConfiguration, SarifHelp, SarifRule, SarifTags, SarifText};
use crate::diag::Level;
use crate::lint::{Finding, Lint, Selector};
use crate::report::lint::{explanation, markdown};

/// Returns the lints with findings, by code. Viewers look up no others.
pub(super) fn found_lints(findings: &[Finding]) -> Vec<&'static Lint> {
    let found = findings.iter().map(|finding| (finding.lint.code, finding.lint));
    found.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// Returns a lint with its page.
pub(super) fn rule(lint: &'static Lint) -> SarifRule<'static> {
    let plain = strip_str(&explanation(Selector::Lint(lint))).to_string();
    let summary = lint.page().summary.replace('\n', " ");
    SarifRule {
        id: lint.code,
        name: lint.name,
        short_description: SarifText { text: first_sentence(&summary).to_owned().into() },
        help: SarifHelp { text: plain, markdown: markdown(lint) },
        full_description: SarifText { text: summary.into() },
        default_configuration: SarifConfiguration { level: level(lint.level) },
        properties: SarifTags { tags: ["audit", lint.group().title()] },
    }
}

/// Returns the level of a severity (3.27.10).
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
