//! The rules and settings of a kernel as a file, from which it can get them back.

use serde::{Deserialize, Serialize};

use super::FORMAT_VERSION;
use super::saved::{SavedError, WantedRule, major};
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
    /// The settings.
    pub settings: Settings,
    /// The keys of the rules that a change was limited to; without any, all rules could change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_keys: Vec<String>,
    /// Whether login uids were immutable, if that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub immutable: Option<bool>,
    /// All rules, in order.
    pub rules: Vec<WantedRule>,
}

/// The settings of a kernel that can be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    enabled: u32,
    failure: u32,
    rate_limit: u32,
    backlog_limit: u32,
    backlog_wait_time: u32,
}

impl From<&Status> for Settings {
    fn from(status: &Status) -> Self {
        let Status { enabled, failure, rate_limit, backlog_limit, backlog_wait_time, .. } = *status;
        Settings { enabled, failure, rate_limit, backlog_limit, backlog_wait_time }
    }
}

impl From<Settings> for Status {
    fn from(settings: Settings) -> Self {
        let Settings { enabled, failure, rate_limit, backlog_limit, backlog_wait_time } = settings;
        let unset = Status::default();
        Status { enabled, failure, rate_limit, backlog_limit, backlog_wait_time, ..unset }
    }
}

impl Kept {
    /// Returns what a kernel holds, to be saved.
    pub fn new(rules: &[Rule], status: &Status, style: Style<'_>, arch: Arch) -> Self {
        Kept {
            format_version: FORMAT_VERSION.to_owned(),
            time: 0,
            boot_id: String::new(),
            arch: arch.common_name().to_owned(),
            settings: status.into(),
            own_keys: Vec::new(),
            immutable: None,
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

    /// Returns whether both have the same rules and settings.
    pub fn holds_the_same(&self, other: &Kept) -> bool {
        let Kept {
            format_version,
            time: _,
            boot_id: _,
            arch,
            settings,
            own_keys,
            immutable: _,
            rules,
        } = self;
        (format_version, arch, settings) == (&other.format_version, &other.arch, &other.settings)
            && (own_keys, rules) == (&other.own_keys, &other.rules)
    }

    /// Returns a status with the settings.
    pub fn status(&self) -> Status {
        self.settings.into()
    }
}
