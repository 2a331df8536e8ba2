//! Fixes as data.

use std::borrow::Cow;

use serde::Serialize;

use super::region::Spot;
use super::{Findings, relative};
use crate::lint::{Finding, Related};
use crate::rewrite::{Change, Fix};

/// An edit as data.
#[derive(Debug, Serialize)]
pub(super) struct EditView<'a> {
    #[serde(flatten)]
    pub(super) spot: Spot<'a>,
    pub(super) text: &'a str,
}

impl<'r> Findings<'r> {
    /// Returns the edits of a fix; `None` if there are none, or if one writes bytes that are not UTF-8 and that text
    /// would corrupt.
    pub(super) fn edits(&self, fix: &'r Fix) -> Option<Vec<EditView<'r>>> {
        let edits = fix.edits.iter().map(|edit| {
            let text = str::from_utf8(&edit.text).ok()?;
            Some(EditView { spot: self.spot(edit.place), text })
        });
        edits.collect::<Option<Vec<_>>>().filter(|edits| !edits.is_empty())
    }
}

/// Returns the options that make a fix.
pub(super) fn option(change: Change) -> &'static str {
    if change.is_safe() { "--fix" } else { "--fix --unsafe-fixes" }
}

/// Returns the name of a change in machine-readable output.
pub(super) const fn change_name(change: Change) -> &'static str {
    match change {
        Change::Nothing => "nothing",
        Change::Regrouped => "regrouped",
        Change::Narrower => "narrower",
        Change::Wider => "wider",
        Change::Meaning => "meaning",
    }
}

/// Maximum number of other places with one label that are named. The others are counted.
const MOST_PLACES: usize = 4;

impl Findings<'_> {
    /// Returns the message, the other places, the machines, the example and the help of a finding as sentences.
    pub(super) fn sentences(&self, finding: &Finding) -> String {
        let machines = finding.only_on.iter().map(|arch| arch.common_name()).collect::<Vec<_>>();
        let machines = (!machines.is_empty()).then(|| format!("for {} only", machines.join(", ")));
        let witness = finding.witness.as_ref().map(|event| format!("for example `{event}`"));
        let help = finding.help.as_deref().map(Cow::Borrowed);
        let message = Cow::Borrowed(&*finding.message);
        let texts = std::iter::once(message)
            .chain(self.related_places(finding).map(Cow::Owned))
            .chain(machines.map(Cow::Owned))
            .chain(witness.map(Cow::Owned))
            .chain(help);
        texts.map(|text| sentence(&text)).collect::<Vec<_>>().join(" ")
    }

    /// Returns the other places of a finding, those with the same label together: `the equal rule: a.rules:3`.
    pub(super) fn related_places<'f>(
        &'f self,
        finding: &'f Finding,
    ) -> impl Iterator<Item = String> + 'f {
        finding.related.chunk_by(|a, b| a.label == b.label).map(|alike| {
            let place = |one: &Related| {
                let Spot { file, region, .. } = self.spot(one.place);
                format!("{}:{}", relative(file), region.line)
            };
            let mut places: Vec<String> = alike.iter().take(MOST_PLACES).map(place).collect();
            if alike.len() > MOST_PLACES {
                places.push(format!("{} more", alike.len() - MOST_PLACES));
            }
            let label = alike.first().map_or("", |one| &one.label);
            match label {
                "" => format!("see {}", places.join(", ")),
                _ => format!("{label}: {}", places.join(", ")),
            }
        })
    }
}

/// Names of programs, which have no capital letter.
const PROGRAMS: [&str; 4] = ["auditctl", "auditd", "augenrules", "rauditctl"];

/// Adds a full stop and a capital letter; no capital to a text that begins with the name of a program or with a part of
/// a rule, such as `arch=b64`.
fn sentence(text: &str) -> String {
    let first_word = text.split(' ').next().unwrap_or_default();
    let stop = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    let is_word = first_word.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if is_word && !PROGRAMS.contains(&first_word) => {
            format!("{}{}{stop}", first.to_ascii_uppercase(), letters.as_str())
        }
        _ => format!("{text}{stop}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_a_sentence_with_a_capital() {
        assert_eq!(sentence("delete the line"), "Delete the line.");
        assert_eq!(sentence("auditctl stops here"), "auditctl stops here.");
        assert_eq!(sentence("arch=b64 is missing?"), "arch=b64 is missing?");
    }
}
