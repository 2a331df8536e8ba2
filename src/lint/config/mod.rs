//! `rauditctl.toml`: the settings of a repository of rules.
//!
//! ```toml
//! [lint]
//! arch = ["x86_64", "aarch64"]
//! kernel = "5.10..6.12"
//! auditctl = "3.0.7"
//! select = ["ALL"]
//! ignore = ["S101"]
//! max-walk = 60
//! fail-on = "warning"
//!
//! [lint.severity]
//! C114 = "error"
//!
//! [lint.per-file-ignores]
//! "30-*.rules" = ["P101", "S"]
//!
//! [budget]
//! total = "200 MB/day"
//!
//! [[covers.accepted]]
//! id = "RHEL-09-654020"
//! reason = "SEC-17"
//! until = 2027-03-01
//! ```

mod accepted;
mod budget;
mod reader;

pub use accepted::{Acceptance, Date};
pub use budget::Budget;

use std::collections::HashMap;
use std::path::Path;

use glob::Pattern;
use toml::de::DeTable;

use super::kernel_range::KernelRange;
use super::selection::{Selection, Selector};
use super::settings::LintSettings;
use crate::catalog::{Arch, AuditctlVersion};
use crate::diag::Level;
use crate::span::Span;
use reader::Reader;

/// The name of the file. It is looked up in the directory of the rules, then in its parents in the same repository, or
/// outside of a repository up to the current directory.
pub const FILE_NAME: &str = "rauditctl.toml";

/// The values in a file. A missing value is `None` or empty.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `arch`
    pub arches: Option<Vec<Arch>>,
    /// `kernel`
    pub kernels: Option<KernelRange>,
    /// `auditctl`
    pub auditctl: Option<AuditctlVersion>,
    /// `select`
    pub select: Option<Vec<Selector>>,
    /// `ignore`
    pub ignore: Vec<Selector>,
    /// `[lint.severity]`
    pub levels: Vec<(Selector, Level)>,
    /// `[lint.per-file-ignores]`: patterns of file names, or of paths relative to the configuration.
    pub per_file_ignores: Vec<(Pattern, Vec<Selector>)>,
    /// `fail-on`
    pub fail_on: Option<Level>,
    /// `max-walk`
    pub max_walk: Option<usize>,
    /// `[[covers.accepted]]`
    pub accepted: Vec<Acceptance>,
    /// `[budget]`
    pub budget: Option<Budget>,
}

/// An error in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// The place.
    pub span: Span,
    /// The problem.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
}

impl Config {
    /// Parses a configuration.
    ///
    /// # Errors
    /// Returns every error at once: invalid TOML, an unknown key or code, a value of the wrong type.
    ///
    /// ```
    /// use rauditctl::lint::config::Config;
    /// let config = Config::parse("[lint]\nmax-walk = 60\n").unwrap();
    /// assert_eq!(config.max_walk, Some(60));
    ///
    /// let errors = Config::parse("[lint]\nmaxwalk = 60\n").unwrap_err();
    /// assert_eq!(errors[0].message, "unknown key `maxwalk`");
    /// assert_eq!(errors[0].help.as_deref(), Some("did you mean `max-walk`?"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, Vec<ConfigError>> {
        let document = DeTable::parse(text).map_err(|error| {
            let range = error.span().unwrap_or_default();
            let span = Span::new(range.start, range.end);
            vec![ConfigError { span, message: error.message().to_owned(), help: None }]
        })?;
        let mut reader = Reader::new(text);
        let config = reader.config(document.get_ref());
        let errors = reader.into_errors();
        if errors.is_empty() { Ok(config) } else { Err(errors) }
    }

    /// Applies the configuration to `settings`. `files` are the linted files, relative to the configuration.
    pub fn apply<'p>(
        &self,
        settings: &mut LintSettings<'_>,
        files: impl IntoIterator<Item = &'p Path>,
    ) {
        if let Some(arches) = self.arches.as_ref().filter(|arches| !arches.is_empty()) {
            settings.scope.arches.clone_from(arches);
        }
        settings.scope.kernels = self.kernels.unwrap_or(settings.scope.kernels);
        settings.scope.auditctl = self.auditctl.or(settings.scope.auditctl);
        settings.scope.max_walk = self.max_walk.unwrap_or(settings.scope.max_walk);
        if let Some(select) = &self.select {
            settings.selection.select.clone_from(select);
        }
        settings.selection.ignore.extend(&self.ignore);
        settings.selection.levels.extend(&self.levels);
        settings.ignored_in = self.ignored_in(files);
    }

    /// Returns the patterns of `[lint.per-file-ignores]` that match none of the files.
    pub fn idle_patterns<'p>(
        &self,
        files: impl Iterator<Item = &'p Path> + Clone,
    ) -> impl Iterator<Item = &str> {
        let patterns = self.per_file_ignores.iter().map(|(pattern, _)| pattern);
        patterns
            .filter(move |pattern| !files.clone().any(|file| matches(pattern, file)))
            .map(Pattern::as_str)
    }

    fn ignored_in<'p>(
        &self,
        files: impl IntoIterator<Item = &'p Path>,
    ) -> HashMap<usize, Selection> {
        let mut ignored = HashMap::new();
        for (index, path) in files.into_iter().enumerate() {
            let matching =
                self.per_file_ignores.iter().filter(|(pattern, _)| matches(pattern, path));
            let ignore: Vec<Selector> = matching.flat_map(|(_, words)| words.clone()).collect();
            if !ignore.is_empty() {
                ignored.insert(index, Selection { ignore, ..Selection::default() });
            }
        }
        ignored
    }
}

/// Returns whether a pattern matches a file: its path if the pattern contains a slash, else its name.
fn matches(pattern: &Pattern, path: &Path) -> bool {
    if pattern.as_str().contains('/') {
        return pattern.matches_path(path);
    }
    path.file_name().is_some_and(|name| pattern.matches_path(Path::new(name)))
}
