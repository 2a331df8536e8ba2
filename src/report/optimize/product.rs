//! The rules that an optimization makes, as a rules file.

use std::collections::HashMap;
use std::io::{self, Write};

use thiserror::Error;

use super::carried::carried;
use super::digest::Digest;
use super::head::Head;
use super::origins::Origins;
use super::words::Words;
use crate::analysis::{Arming, Origin};
use crate::rewrite::optimize::{Optimal, Optimized};
use crate::rewrite::quiet_rule_line;
use crate::source::Source;

/// What a rules file is made of.
pub struct Parts<'p> {
    /// The rules of the source.
    pub before: &'p Arming,
    /// The rules.
    pub optimized: &'p Optimized,
    /// The texts of the source, in load order.
    pub sources: Vec<&'p Source>,
    /// The options that decide what the rules are.
    pub options: Words,
    /// The lines of rules, by their places, as lines that append a rule.
    pub lines: HashMap<Origin, Vec<u8>>,
    /// The lines before and after the rules: settings, such as `-b 8192`, and `-e 2`.
    pub settings: [Vec<Vec<u8>>; 2],
}

/// A rules file that an optimization made.
#[derive(Clone, Debug)]
pub struct Product {
    /// The head.
    pub head: Head,
    /// The text below it.
    pub rules: Vec<u8>,
}

/// A rule that no line of a rules file has.
#[derive(Clone, Debug, Error)]
#[error("no line of a rules file compiles to the rule of {0}")]
pub struct Unwritable(pub Origin);

impl Product {
    /// Makes the file.
    ///
    /// # Errors
    /// [`Unwritable`] for a rule that moves and that no line has.
    pub fn new(parts: Parts<'_>) -> Result<Self, Unwritable> {
        let mut rules = Vec::new();
        for line in parts.rules()? {
            rules.extend(line);
            rules.push(b'\n');
        }
        let head = Head {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            source: Digest::of(parts.sources.iter().map(|source| source.text())),
            rules: Digest::of([rules.as_slice()]),
            options: parts.options,
        };
        Ok(Product { head, rules })
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{}", self.head)?;
        out.write_all(&self.rules)
    }
}

impl Parts<'_> {
    /// Returns the lines below the head.
    fn rules(&self) -> Result<Vec<Vec<u8>>, Unwritable> {
        let [first, last] = &self.settings;
        let mut lines = first.clone();
        let above = carried(&self.sources, &self.optimized.rules, self.before);
        for (optimal, above) in self.optimized.rules.iter().zip(above) {
            lines.extend(above.is_parted.then(Vec::new));
            lines.extend(above.comments);
            lines.extend(self.origins(optimal).lines().into_iter().map(String::into_bytes));
            lines.push(self.line(optimal)?);
        }
        lines.extend_from_slice(last);
        Ok(lines)
    }

    fn origins(&self, optimal: &Optimal) -> Origins {
        let from = optimal.from.iter().chain(&optimal.dropped);
        Origins {
            from: from.filter_map(|serial| self.before.origin_of(*serial)).cloned().collect(),
            steps: optimal.steps.iter().map(|step| step.name().to_owned()).collect(),
        }
    }

    /// Returns the line of a rule: as it was, if no step changed it.
    fn line(&self, optimal: &Optimal) -> Result<Vec<u8>, Unwritable> {
        let origin = optimal.from.first().and_then(|serial| self.before.origin_of(*serial));
        let as_written = origin.and_then(|origin| self.lines.get(origin));
        if let Some(line) = as_written.filter(|_| optimal.steps.is_empty()) {
            return Ok(line.clone());
        }
        let unknown = || Origin { file: "".into(), line: 0 };
        quiet_rule_line(&optimal.rule, self.before.arch)
            .ok_or_else(|| Unwritable(origin.cloned().unwrap_or_else(unknown)))
    }
}
