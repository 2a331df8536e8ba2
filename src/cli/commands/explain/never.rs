//! `--never`: what the rules that silence really silence.

use super::output;
use super::sources::Loaded;
use super::target::Target;
use crate::analysis::arming;
use crate::catalog::KernelVersion;
use crate::cli::args::{Explain, ReportFormat};
use crate::cli::commands::output::write_text;
use crate::cli::exit::{Exit, Stop};
use crate::relate::silences::silences;
use crate::report::silences::{SilencesReport, write_silences};

/// Prints what each rule of action `never`, and each rule of the list exclude, silences.
pub(super) fn run(arguments: &Explain, target: &Target, loaded: &Loaded) -> Result<Exit, Stop> {
    let arming = arming(target.profile, &loaded.loads);
    let version = target.version.unwrap_or(KernelVersion::NEWEST);
    let silences = silences(arming.kernel(), version);
    output::write(arguments, |out| match arguments.format {
        ReportFormat::Json => {
            crate::report::write_json(out, &SilencesReport::new(&arming, &silences))
        }
        _ => write_text(out, |text| write_silences(text, &arming, &silences)),
    })?;
    let is_undecided = silences.iter().any(|one| one.takes.is_empty() && one.is_open);
    Ok(if is_undecided { Exit::Undecided } else { Exit::Done })
}

/// Checks that the options fit together.
pub(super) fn check(arguments: &Explain) -> Result<(), Stop> {
    match arguments.format {
        ReportFormat::Html if arguments.never => {
            Err(Stop::unanswered("--never has the formats text and json"))
        }
        _ => Ok(()),
    }
}
