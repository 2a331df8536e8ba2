//! The number of findings, as data and as one line.

use serde::Serialize;

use foldhash::HashSet;

use super::Findings;
use crate::diag::Level;

/// The number of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files read.
    pub files: usize,
    /// Files with findings.
    pub files_with_findings: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are infos.
    pub infos: usize,
    /// Findings with a fix that does not change the kernel's rules.
    pub fixable: usize,
    /// Findings with a fix that changes them.
    pub unsafe_fixable: usize,
    /// Findings silenced by comments; the other numbers do not include them.
    pub allowed: usize,
}

impl Findings<'_> {
    /// Returns the number of findings.
    pub fn summary(&self) -> Summary {
        self.summary_from(Level::Info)
    }

    /// Returns the number of findings of a severity and of higher ones.
    pub(super) fn summary_from(&self, least: Level) -> Summary {
        let counted = || self.findings.iter().filter(|finding| finding.level >= least);
        let count = |level| counted().filter(|finding| finding.level == level).count();
        let fixes = counted().filter_map(|finding| finding.fix.as_ref());
        let (safe, others): (Vec<_>, Vec<_>) = fixes.partition(|fix| fix.change.is_safe());
        let files: HashSet<usize> = counted().map(|f| f.place.file).collect();
        Summary {
            files: self.sources.len(),
            files_with_findings: files.len(),
            errors: count(Level::Error),
            warnings: count(Level::Warning),
            infos: count(Level::Info),
            fixable: safe.len(),
            unsafe_fixable: others.len(),
            allowed: self.silenced,
        }
    }
}

impl Summary {
    /// Returns the number of findings and files: `3 errors, 1 warning in 2 of 7 files`
    pub(super) fn counts(&self) -> String {
        let found = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
        let found = found.iter().filter(|(number, _)| *number > 0);
        let found: Vec<String> = found.map(|(number, what)| counted(*number, what)).collect();
        let files = counted(self.files, "file");
        match (found.is_empty(), self.files) {
            (true, _) => format!("no findings in {files}"),
            (false, 1) => format!("{} in {files}", found.join(", ")),
            (false, _) => {
                format!("{} in {} of {files}", found.join(", "), self.files_with_findings)
            }
        }
    }

    /// Returns one line: `3 errors, 1 warning in 2 of 7 files; 4 can be fixed with --fix; 2 allowed by comments`
    pub fn line(&self) -> String {
        self.line_of(self)
    }

    /// Returns the same line if only some findings are shown: --fix makes no fixes of the others.
    pub(super) fn line_of(&self, shown: &Summary) -> String {
        let mut parts = vec![self.counts()];
        match (shown.fixable, shown.unsafe_fixable) {
            (0, 0) => {}
            (safe, 0) => parts.push(format!("{safe} can be fixed with --fix")),
            (0, others) => parts.push(format!("{others} can be fixed with --fix --unsafe-fixes")),
            (safe, others) => parts.push(format!(
                "{safe} can be fixed with --fix, {others} more with --fix --unsafe-fixes"
            )),
        }
        let (all, made) =
            (self.fixable + self.unsafe_fixable, shown.fixable + shown.unsafe_fixable);
        if all > made {
            parts.push(match all - made {
                1 => "1 fix of an info needs --show info too".to_owned(),
                more => format!("{more} fixes of infos need --show info too"),
            });
        }
        if self.allowed > 0 {
            parts.push(format!("{} allowed by comments", self.allowed));
        }
        parts.join("; ")
    }
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
