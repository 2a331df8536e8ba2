//! The rules and settings of a kernel as a file, from which it can get them back.

use serde::{Deserialize, Serialize};

use super::saved::{SavedError, WantedRule, major};
use super::{FORMAT_VERSION, Setting};
use crate::catalog::Arch;
use crate::report::listing::Style;
use crate::rule::Rule;
use crate::wire::Status;

/// The rules and settings of a kernel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The version of this form.
    pub format_version: String,
    /// When it was saved, in seconds since 1970.
    pub time: u64,
    /// The boot of the kernel.
    pub boot_id: String,
    /// The arch of the machine.
    pub arch: String,
    /// The settings; `from` and `to` are the same.
    pub settings: Vec<Setting>,
    /// The rules, in order.
    pub rules: Vec<WantedRule>,
}

impl Kept {
    /// Returns what a kernel holds, to be saved.
    pub fn new(rules: &[Rule], status: &Status, style: Style<'_>, arch: Arch) -> Self {
        let Status { enabled, failure, rate_limit, backlog_limit, backlog_wait_time, .. } = *status;
        let settings = [
            ("enabled", enabled),
            ("failure", failure),
            ("rate_limit", rate_limit),
            ("backlog_limit", backlog_limit),
            ("backlog_wait_time", backlog_wait_time),
        ];
        let setting =
            |(name, value): (&str, u32)| Setting { name: name.into(), from: value, to: value };
        Kept {
            format_version: FORMAT_VERSION.to_owned(),
            time: 0,
            boot_id: String::new(),
            arch: arch.common_name().to_owned(),
            settings: settings.into_iter().map(setting).collect(),
            rules: rules
                .iter()
                .map(|rule| WantedRule::new(rule, String::new(), style, arch))
                .collect(),
        }
    }

    /// Reads a saved state.
    ///
    /// # Errors
    /// [`SavedError`] if it has another form.
    pub fn read(text: &[u8]) -> Result<Self, SavedError> {
        let kept: Kept = serde_json::from_slice(text)?;
        match major(&kept.format_version) == major(FORMAT_VERSION) {
            true => Ok(kept),
            false => Err(SavedError::Version { found: kept.format_version }),
        }
    }

    /// Returns the rules.
    ///
    /// # Errors
    /// [`SavedError::Rule`] for a rule that is not one.
    pub fn rules(&self) -> Result<Vec<Rule>, SavedError> {
        let arch = super::saved::arch(&self.arch)?;
        self.rules.iter().map(|rule| rule.rule(arch)).collect()
    }

    /// Returns a status with the settings.
    pub fn status(&self) -> Status {
        let value = |name: &str| {
            let mut settings = self.settings.iter();
            settings.find(|setting| setting.name == name).map_or(0, |setting| setting.to)
        };
        Status {
            enabled: value("enabled"),
            failure: value("failure"),
            rate_limit: value("rate_limit"),
            backlog_limit: value("backlog_limit"),
            backlog_wait_time: value("backlog_wait_time"),
            ..Status::default()
        }
    }
}
