//! The rules that an optimization makes, as a rules file.

use std::collections::HashMap;
use std::io::{self, Write};

use hmac_sha256::Hash;
use thiserror::Error;

use crate::analysis::{Arming, Origin};
use crate::catalog::KernelVersion;
use crate::rewrite::optimize::{Kind, Optimal, Optimized};
use crate::rewrite::quiet_rule_line;
use crate::rule::{Placement, Rule};

/// What a rules file is made of.
pub struct Product<'p> {
    /// The rules of the source.
    pub before: &'p Arming,
    /// The rules.
    pub optimized: &'p Optimized,
    /// The version of the kernel.
    pub version: KernelVersion,
    /// Its kind.
    pub kind: Kind,
    /// The texts of the source, in load order.
    pub texts: Vec<&'p [u8]>,
    /// The lines of rules, by their places, with the placements of their rules.
    pub lines: HashMap<Origin, Vec<u8>>,
    /// The lines before the rules: settings.
    pub head: Vec<Vec<u8>>,
    /// The lines after the rules, such as `-e 2`.
    pub tail: Vec<Vec<u8>>,
}

/// A rule that no line of a rules file has.
#[derive(Clone, Debug, Error)]
#[error("no line of a rules file compiles to the rule of {0}")]
pub struct Unwritable(pub Origin);

impl Product<'_> {
    /// Returns the lines of the file.
    ///
    /// # Errors
    /// [`Unwritable`] for a rule that moves and that no line has.
    pub fn lines(&self) -> Result<Vec<Vec<u8>>, Unwritable> {
        let mut lines = vec![self.title().into_bytes()];
        lines.extend_from_slice(&self.head);
        for optimal in &self.optimized.rules {
            if !optimal.steps.is_empty() {
                lines.push(self.origin_comment(optimal).into_bytes());
            }
            lines.push(self.line(optimal)?);
        }
        lines.extend_from_slice(&self.tail);
        Ok(lines)
    }

    fn title(&self) -> String {
        let mut digest = Hash::new();
        self.texts.iter().for_each(|text| digest.update(text));
        let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!(
            "## made by rauditctl optimize; edit the source instead. source sha256:{digest}, for {} {} on {}",
            self.kind.name(),
            self.version,
            self.before.arch.name()
        )
    }

    fn origin_comment(&self, optimal: &Optimal) -> String {
        let from: Vec<String> = optimal
            .from
            .iter()
            .filter_map(|serial| self.before.origin_of(*serial))
            .map(ToString::to_string)
            .collect();
        let steps: Vec<&str> = optimal.steps.iter().map(|step| step.name()).collect();
        match from.is_empty() {
            true => format!("#@ added ({})", steps.join(", ")),
            false => format!("#@ from {} ({})", from.join(" "), steps.join(", ")),
        }
    }

    /// Returns the line of a rule: as it was, if it may stay at the end of the list.
    fn line(&self, optimal: &Optimal) -> Result<Vec<u8>, Unwritable> {
        let origin = optimal.from.first().and_then(|serial| self.before.origin_of(*serial));
        let entries = self.before.kernel().entries();
        let mut own = entries.filter(|entry| optimal.from.first() == Some(&entry.serial()));
        let is_appended =
            own.next().is_some_and(|entry| entry.placement() != Some(Placement::Prepend));
        let as_written = origin.and_then(|origin| self.lines.get(origin));
        if let Some(line) = as_written.filter(|_| optimal.steps.is_empty() && is_appended) {
            return Ok(line.clone());
        }
        let rule = Rule { placement: Placement::Append, ..optimal.rule.clone() };
        let unknown = || Origin { file: "".into(), line: 0 };
        quiet_rule_line(&rule, self.before.arch)
            .ok_or_else(|| Unwritable(origin.cloned().unwrap_or_else(unknown)))
    }
}

/// Writes lines as a file.
///
/// # Errors
/// Those of `out`.
pub fn write_product(out: &mut dyn Write, lines: &[Vec<u8>]) -> io::Result<()> {
    lines.iter().try_for_each(|line| {
        out.write_all(line)?;
        out.write_all(b"\n")
    })
}
