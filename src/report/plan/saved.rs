//! A plan as a file that people review and `apply` carries out.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Count, FORMAT_VERSION, PlanReport, Setting, State, digest, written};
use crate::catalog::Arch;
use crate::compile::{End, Options, compile};
use crate::diag::escaped;
use crate::host::FixedHost;
use crate::model::{KernelModel, Profile};
use crate::plan::SettingChange;
use crate::report::listing::Style;
use crate::rule::{Control, Request, Rule};
use crate::syntax::{Content, lines, parse_line};
use crate::wire::{self, from_digits};

/// A saved plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// The plan.
    #[serde(flatten)]
    pub plan: PlanReport,
    /// The name of the machine.
    pub host: String,
    /// The release of its kernel.
    pub kernel: String,
    /// The boot for which the plan was made.
    pub boot_id: String,
    /// The arch of the machine.
    pub arch: String,
    /// The keys of the rules that may change; without any, all may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_keys: Vec<String>,
    /// The digest of the rules and settings that were loaded.
    pub loaded: String,
    /// The digest of the rules that shall be loaded.
    pub wanted: String,
    /// The rules that shall be loaded, in order; in the form of a request's rule or bytes.
    pub rules: Vec<WantedRule>,
}

/// A rule that shall be loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedRule {
    /// The rule, as a line of a rules file.
    pub rule: String,
    /// The rule in bytes, if no line has its meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Its place in the rules files.
    pub source: String,
}

/// The reason why a saved plan cannot be used. Its message escapes what it quotes from the file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SavedError {
    /// It is not JSON of a plan.
    #[error("it is not a plan: {}", escaped(&.0.to_string()))]
    Form(#[from] serde_json::Error),
    /// It has another form.
    #[error(
        "its format_version is {}, and {FORMAT_VERSION} is known; use the rauditctl that saved it",
        escaped(found)
    )]
    Version {
        /// The version of the plan.
        found: String,
    },
    /// A rule is not a rule, or not that of its bytes.
    #[error("`{}` is not the rule of its request; save the plan again", escaped(rule))]
    Rule {
        /// The rule.
        rule: String,
    },
    /// Its parts do not belong together.
    #[error("it was edited; save the plan again")]
    Edited,
    /// A setting or an arch that is not known.
    #[error("`{}` is unknown; save the plan again", escaped(.0))]
    Unknown(String),
}

impl WantedRule {
    /// Returns a rule as a saved plan has it.
    pub fn new(rule: &Rule, source: String, style: Style<'_>, arch: Arch) -> Self {
        let (rule, data) = written(rule, style, arch);
        WantedRule { rule, data, source }
    }

    /// Returns the rule in the form that the kernel keeps.
    ///
    /// # Errors
    /// [`SavedError::Rule`] if it is not one.
    pub fn rule(&self, arch: Arch) -> Result<Rule, SavedError> {
        rule(&self.rule, self.data.as_deref(), arch)
    }
}

/// Returns the major number of a version.
pub(super) fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or_default()
}

/// Returns the arch with a name.
pub(super) fn arch(name: &str) -> Result<Arch, SavedError> {
    Arch::from_any_name(name.as_bytes()).ok_or_else(|| SavedError::Unknown(name.to_owned()))
}

impl Saved {
    /// Reads a saved plan.
    ///
    /// # Errors
    /// [`SavedError`] if it has another form.
    pub fn read(text: &[u8]) -> Result<Self, SavedError> {
        #[derive(Deserialize)]
        struct Head {
            format_version: String,
        }
        let head: Head = serde_json::from_slice(text)?;
        if major(&head.format_version) != major(FORMAT_VERSION) {
            return Err(SavedError::Version { found: head.format_version });
        }
        Ok(serde_json::from_slice(text)?)
    }

    /// Returns the plan if its rules have its digest, and its state is that of its requests.
    ///
    /// # Errors
    /// [`SavedError`] if something is wrong in it.
    pub fn checked(self) -> Result<Self, SavedError> {
        let is_digest = digest(&self.wanted()?, None).to_string() == self.wanted;
        let does_nothing = self.plan.requests.is_empty() && self.settings()?.is_empty();
        match is_digest && does_nothing == (self.plan.state == State::Same) {
            true => Ok(self),
            false => Err(SavedError::Edited),
        }
    }

    /// Returns the rules that shall be loaded.
    ///
    /// # Errors
    /// [`SavedError::Rule`]
    pub fn wanted(&self) -> Result<Vec<Rule>, SavedError> {
        let arch = self.arch()?;
        self.rules.iter().map(|wanted| wanted.rule(arch)).collect()
    }

    /// Returns whether this is the plan that `report` reports, made from the rules that are loaded now.
    pub fn is(&self, report: &PlanReport) -> bool {
        // Rules of others may come and go, and the saved plan counts rules that are written differently.
        let plain = |plan: &PlanReport| {
            let mut plan = plan.clone();
            plan.count =
                Count { written_differently: 0, in_another_order: 0, others: 0, ..plan.count };
            plan.changes.iter_mut().for_each(|change| change.loaded = None);
            plan.requests.iter_mut().for_each(|request| request.loaded = None);
            PlanReport { format_version: String::new(), left_out: Vec::new(), ..plan }
        };
        plain(&self.plan) == plain(report)
    }

    /// Returns the settings.
    ///
    /// # Errors
    /// [`SavedError::Unknown`]
    pub fn settings(&self) -> Result<Vec<SettingChange>, SavedError> {
        self.plan.settings.iter().map(setting).collect()
    }

    /// Returns the arch of the machine.
    ///
    /// # Errors
    /// [`SavedError::Unknown`]
    pub fn arch(&self) -> Result<Arch, SavedError> {
        arch(&self.arch)
    }
}

/// Returns a setting as the request for the kernel.
///
/// # Errors
/// [`SavedError::Unknown`]
pub fn setting(setting: &Setting) -> Result<SettingChange, SavedError> {
    let control = match setting.name.as_str() {
        "enabled" => Control::Enabled(setting.to),
        "failure" => Control::Failure(setting.to),
        "rate_limit" => Control::RateLimit(setting.to),
        "backlog_limit" => Control::BacklogLimit(setting.to),
        "backlog_wait_time" => Control::BacklogWaitTime(setting.to),
        "loginuid_immutable" => Control::LoginuidImmutable,
        other => return Err(SavedError::Unknown(other.to_owned())),
    };
    Ok(SettingChange { control, from: setting.from })
}

/// Returns the rule of a line, or of bytes, in the form that the kernel keeps.
fn rule(line: &str, data: Option<&str>, arch: Arch) -> Result<Rule, SavedError> {
    let found = match data {
        Some(digits) => from_digits(digits).and_then(|bytes| wire::decode(&bytes).ok()),
        None => compiled(line, arch),
    };
    let stored =
        found.and_then(|rule| KernelModel::new(Profile::newest(arch)).kernel_rule(&rule).ok());
    stored.ok_or_else(|| SavedError::Rule { rule: line.to_owned() })
}

fn compiled(line: &str, arch: Arch) -> Option<Rule> {
    let mut all = lines(line.as_bytes());
    let (Some(only), None) = (all.next(), all.next()) else { return None };
    let Content::Command(command) = parse_line(&only) else { return None };
    let program = compile(&command, &FixedHost::new(arch), Options::default());
    match program.end {
        End::Rule(Request::Add(rule), _) => Some(rule),
        _ => None,
    }
}
