//! `--budget` and `--auditd-conf`: what the log may take, and how long auditd keeps it.

use std::path::Path;

use crate::cli::args::Replay;
use crate::cli::commands::config;
use crate::cli::exit::Stop;
use crate::cli::report::{self, name_of};
use crate::diag::quote;
use crate::lint::config::{Budget, ConfigError};
use crate::replay::{Retention, UnknownName, unknown_names};

/// What the rate of a log is compared with.
pub(super) struct Limits {
    pub(super) budget: Option<Budget>,
    pub(super) retention: Option<Retention>,
}

impl Limits {
    /// Reads the files of the options.
    pub(super) fn read(arguments: &Replay) -> Result<Self, Stop> {
        Ok(Limits {
            budget: arguments.budget.as_deref().map(budget).transpose()?,
            retention: arguments.auditd_conf.as_deref().map(retention).transpose()?,
        })
    }
}

fn budget(path: &Path) -> Result<Budget, Stop> {
    let found = config::loaded(path)?.budget.filter(|budget| !budget.is_empty());
    found.ok_or_else(|| {
        Stop::unanswered(format_args!(
            "`{}` has no limit; write `[budget]` and below it `total = \"200 MB/day\"`",
            name_of(path)
        ))
    })
}

fn retention(path: &Path) -> Result<Retention, Stop> {
    let read = config::parsed(path, |text| {
        let error = |fault: crate::replay::ConfFault| ConfigError {
            span: fault.span,
            message: fault.message.to_owned(),
            help: Some(fault.help.to_owned()),
        };
        let faults = |faults: Vec<_>| faults.into_iter().map(error).collect::<Vec<_>>();
        let retention = Retention::parse(text).map_err(faults)?;
        Ok((retention, unknown_names(text).map(|one| note(path, &one)).collect::<Vec<_>>()))
    });
    let (retention, notes) = read?;
    notes.iter().for_each(report::note);
    Ok(retention)
}

/// Returns what to say about a name that auditd does not know.
fn note(path: &Path, unknown: &UnknownName<'_>) -> String {
    let meant = unknown.nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    format!(
        "{}:{}: auditd does not know {} and does not start{meant}",
        name_of(path),
        unknown.line,
        quote(unknown.name.as_bytes())
    )
}
