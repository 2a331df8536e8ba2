//! `rauditctl compare`: what a new set of rules no longer records, or records in addition.

use std::path::Path;

use super::explain::machine::Machine;
use super::explain::sources::{Source, loads};
use super::output;
use crate::analysis::{Arming, arming};
use crate::catalog::KernelVersion;
use crate::cli::args::{Compare, Deny, Format, ReportFormat};
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::this_machine;
use crate::model::Profile;
use crate::relate::sets::{Change, Comparison, Keys, Relation, compare};
use crate::report::compare::{ComparisonReport, Pair, write_comparison};

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Compare) -> Exit {
    compared(arguments).unwrap_or_else(Exit::from)
}

fn compared(arguments: &Compare) -> Result<Exit, Stop> {
    let Some(arch) = arguments.target.arch.or_else(this_machine) else {
        return Err(Stop::unanswered(
            "the syscalls of this machine are unknown; set an arch with --arch",
        ));
    };
    let version = arguments.kernel.unwrap_or(KernelVersion::NEWEST);
    let Some(number) = arch.nr_syscalls_at(version) else {
        return Err(Stop::unanswered(format_args!(
            "the syscalls of Linux {version} are unknown: the oldest known is 5.13"
        )));
    };
    let profile = Profile::new(arch, number);
    let machine = Machine::of(&arguments.target);
    let names = match arguments.format {
        Format::Text => ReportFormat::Text,
        Format::Json => ReportFormat::Json,
    };
    let armed = |path: &Path| -> Result<Arming, Stop> {
        let source = [Source::named(path)];
        let loaded = loads(&source, arguments.reading, names, &machine)?;
        Ok(arming(profile, &loaded.loads))
    };
    let [old, new] = [&arguments.old, &arguments.new].map(|path| armed(path));
    let (old, new) = (unanswered(old)?, unanswered(new)?);
    let keys = if arguments.ignore_keys { Keys::Ignore } else { Keys::Count };
    let comparison = compare(old.kernel(), new.kernel(), version, keys);
    let name = |path: &Path| path.display().to_string();
    let pair = Pair {
        names: [name(&arguments.old), name(&arguments.new)],
        sets: [&old, &new],
        comparison: &comparison,
        is_whole: arguments.all,
    };
    output::write(None, |out| match arguments.format {
        Format::Text => {
            let mut text = String::new();
            write_comparison(&mut text, &pair).map_err(std::io::Error::other)?;
            out.write_all(text.as_bytes())
        }
        Format::Json => crate::report::write_json(out, &ComparisonReport::new(&pair)),
    })?;
    Ok(exit(arguments, &comparison))
}

/// Rules with errors leave the question open.
fn unanswered(armed: Result<Arming, Stop>) -> Result<Arming, Stop> {
    armed.map_err(|_| Stop::after_report(Exit::Unanswered))
}

fn exit(arguments: &Compare, comparison: &Comparison) -> Exit {
    let is_denied = arguments.deny.iter().any(|deny| {
        let change = match deny {
            Deny::Lost => Change::Lost,
            Deny::Gained => Change::Gained,
            Deny::Keys => Change::Rekeyed,
        };
        comparison.of(change).next().is_some()
    });
    match comparison.relation() {
        _ if arguments.exit_zero => Exit::Done,
        _ if is_denied => Exit::Findings,
        Relation::Undecided => Exit::Undecided,
        _ => Exit::Done,
    }
}
