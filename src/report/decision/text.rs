//! A decision for a terminal.

use std::fmt::{self, Write};

use super::Judged;
use crate::catalog::{self, field};
use crate::diag::escaped;
use crate::eval::{Attribute, Attributes, Name, NameInode, Notation, Verdict};

/// Writes a decision: the event, the answer, the rule, and the rules that come near.
///
/// # Errors
/// Those of `out`.
pub fn write_decision(out: &mut impl Write, judged: &Judged<'_>) -> fmt::Result {
    writeln!(out, "{}", escaped(&Notation::new(judged.event, judged.rules.machine()).to_string()))?;
    writeln!(out, "{}", judged.answer())?;
    let decision = &judged.decision;
    if let Some(text) = decision.rule.and_then(|serial| judged.rules.text(serial)) {
        writeln!(out, "    {}", escaped(&text))?;
    }
    if !decision.dropped.is_empty() {
        writeln!(out, "the exclude list drops its records {}", judged.dropped().join(", "))?;
    }
    for doubt in &decision.doubts {
        let names = listed(doubt.attributes);
        match doubt.rule.and_then(|serial| judged.rules.origin(serial)) {
            Some(origin) => writeln!(out, "    {origin} asks for {names}")?,
            None => writeln!(out, "    the event leaves out {names}")?,
        }
    }
    let near: Vec<_> = judged.near.iter().filter_map(|near| judged.near_line(near)).collect();
    if !near.is_empty() {
        writeln!(out, "near:")?;
        let width = near.iter().map(|(origin, _)| origin.len()).max().unwrap_or(0);
        for (origin, why) in near {
            writeln!(out, "    {origin:width$}  {}", escaped(&why))?;
        }
    }
    if let Some(path) = judged.relative_path() {
        let path = escaped(&String::from_utf8_lossy(path)).into_owned();
        writeln!(out, "note: `{path}` is a relative path; write an absolute path, or `cwd`")?;
    }
    if judged.assumes_paths() {
        writeln!(
            out,
            "note: a path is taken as one file and no link; --files sets what the paths are"
        )?;
    }
    Ok(())
}

impl Judged<'_> {
    /// Returns the answer in one sentence.
    fn answer(&self) -> String {
        let decision = &self.decision;
        let by = decision.rule.and_then(|serial| self.rules.origin(serial));
        let by = by.map_or_else(|| "one of several rules".to_owned(), ToString::to_string);
        match decision.verdict {
            Verdict::Recorded => match decision.keys.as_slice() {
                [] => format!("recorded without a key, by {by}"),
                keys => format!("recorded with key {}, by {by}", self.keys(keys)),
            },
            Verdict::Silenced => format!("not recorded: {by} silences it"),
            Verdict::Unmatched => "not recorded: no rule matches".to_owned(),
            Verdict::Excluded => format!("not recorded: {by} excludes it"),
            Verdict::NoContext => {
                format!("not recorded: {by} gives the task no audit context")
            }
            Verdict::Undecided => {
                format!("undecided: it depends on {}", listed(decision.depends_on()))
            }
        }
    }

    fn keys(&self, keys: &[Vec<u8>]) -> String {
        let keys: Vec<_> =
            keys.iter().map(|key| escaped(&String::from_utf8_lossy(key)).to_string()).collect();
        keys.join(" and ")
    }

    /// Returns a path that leaves the answer open because the directory that it begins in is unknown.
    fn relative_path(&self) -> Option<&[u8]> {
        let is_asked = self.decision.depends_on().contains(Attribute::Path);
        let is_open = is_asked && self.event.cwd.is_none();
        let mut paths = self.event.names.iter().flatten().filter_map(|name| name.path.as_deref());
        paths.find(|path| is_open && !path.starts_with(b"/"))
    }

    /// Returns whether the answer rests on paths of which only the name is known.
    fn assumes_paths(&self) -> bool {
        let has_path = |name: &Name| name.path.is_some() && name.inode == NameInode::OfPath;
        let has_names = self.event.names.iter().flatten().any(has_path);
        let asks = |serial: usize| {
            self.rules.rule(serial).is_some_and(|rule| {
                rule.fields.iter().any(|field| matches!(field.number(), field::PATH | field::DIR))
            })
        };
        let mut rules = self.near.iter().map(|near| near.rule).chain(self.decision.rule);
        !self.has_files && has_names && rules.any(asks)
    }

    /// Returns the names of the records that the exclude list drops.
    pub(super) fn dropped(&self) -> Vec<String> {
        let name = |record: &u32| {
            catalog::msgtype_name(*record).map_or_else(|| record.to_string(), str::to_owned)
        };
        self.decision.dropped.iter().map(name).collect()
    }

    fn near_line(&self, near: &crate::eval::Near) -> Option<(String, String)> {
        let origin = self.rules.origin(near.rule)?.to_string();
        Some((origin, self.rules.why(near, self.event)?))
    }
}

fn listed(attributes: Attributes) -> String {
    attributes.short_names().join(", ")
}
