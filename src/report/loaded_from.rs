//! The rules of a kernel beside the file that was loaded: `-l --source`.

use std::collections::{HashMap, HashSet};

use super::listing::{Listing, Style};
use super::optimize::Origins;
use crate::analysis::{Arming, Origin};
use crate::rule::Rule;
use crate::source::Source;

/// The rules of a file that `optimize` made, as a kernel holds them.
#[derive(Clone, Debug)]
pub struct SourceMap {
    /// The name of the file, as messages show it.
    file: String,
    /// The rules, in the kernel's order.
    rules: Vec<(Rule, SourceLines)>,
    /// The index of each rule.
    indexes: HashMap<Rule, usize>,
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLines {
    /// Its place in the file.
    pub line: Origin,
    /// The comment above it, with its places in the source.
    pub origins: Option<Origins>,
}

impl SourceMap {
    /// Returns the rules of a file. `arming` has them with their lines.
    pub fn new(file: String, source: &Source, arming: &Arming) -> Self {
        let text = String::from_utf8_lossy(source.text());
        let lines: Vec<&str> = text.lines().collect();
        let comment = |line: usize| Origins::above(lines.get(..line.saturating_sub(1))?);
        let rules = arming.kernel().entries().filter_map(|entry| {
            let line = arming.origin_of(entry.serial())?.clone();
            Some((entry.rule().clone(), SourceLines { origins: comment(line.line), line }))
        });
        let rules: Vec<(Rule, SourceLines)> = rules.collect();
        let indexes = rules.iter().enumerate().map(|(index, (rule, _))| (rule.clone(), index));
        SourceMap { file, indexes: indexes.collect(), rules }
    }

    /// Returns where a loaded rule comes from; `None` if the file does not have it.
    pub fn lines_of(&self, rule: &Rule) -> Option<&SourceLines> {
        self.indexes.get(rule).and_then(|index| self.rules.get(*index)).map(|(_, lines)| lines)
    }

    /// Returns the rules of the file that are not loaded, and whose keys contain `key`.
    pub fn not_loaded<'m>(
        &'m self,
        loaded: &[Rule],
        key: &[u8],
    ) -> impl Iterator<Item = (&'m Rule, &'m SourceLines)> {
        let loaded: HashSet<&Rule> = loaded.iter().collect();
        let own = self.rules.iter().map(|(rule, lines)| (rule, lines));
        let missing: Vec<_> = own
            .filter(|(rule, _)| !loaded.contains(rule) && rule.has_key_containing(key))
            .collect();
        missing.into_iter()
    }

    /// Lists the loaded rules whose keys contain `key`, each below a comment with its source. The rules that are not
    /// loaded follow in comments, so that the listing is a rules file.
    pub fn listing(&self, loaded: &[Rule], style: Style<'_>, key: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for rule in loaded.iter().filter(|rule| rule.has_key_containing(key)) {
            let source = match self.lines_of(rule) {
                Some(SourceLines { origins: Some(origins), .. }) => origins.to_string(),
                Some(SourceLines { line, origins: None }) => format!("# {line}"),
                None => format!("# not in {}", self.file),
            };
            out.extend(source.into_bytes());
            out.push(b'\n');
            out.extend(Listing::of(style, [rule]));
        }
        for (rule, SourceLines { line, origins }) in self.not_loaded(loaded, key) {
            let from = origins.iter().flat_map(|origins| &origins.from).map(ToString::to_string);
            let from: Vec<String> = from.collect();
            let from = match from.is_empty() {
                true => String::new(),
                false => format!(", from {}", from.join(" ")),
            };
            out.extend(format!("# not loaded: {line}{from}\n# ").into_bytes());
            out.extend(Listing::of(style, [rule]));
        }
        out
    }
}
