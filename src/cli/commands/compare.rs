//! `rauditctl compare`: what a new set of rules no longer records, or records in addition.

use std::path::Path;

use super::explain::machine::Machine;
use super::explain::sources::{Source, loads_of_both, note_unknown_paths};
use super::output;
use crate::analysis::arming;
use crate::catalog::KernelVersion;
use crate::cli::args::{Compare, Deny, Explain, Gates, ReportFormat};
use crate::cli::commands::input::nr_syscalls_at;
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::this_machine;
use crate::cli::read::check_stdin;
use crate::cli::report;
use crate::model::Profile;
use crate::relate::sets::{Change, Comparison, Keys, compare};
use crate::report::compare::{ComparisonReport, Pair, write_comparison};

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Compare) -> Exit {
    if arguments.arming {
        return super::explain::run(&explaining(arguments));
    }
    compared(arguments).unwrap_or_else(Exit::from)
}

/// Returns the arguments of `explain --diff`.
fn explaining(arguments: &Compare) -> Explain {
    Explain {
        files: Vec::new(),
        target: arguments.target,
        kernel: arguments.kernel,
        nr_syscalls: None,
        format: arguments.format,
        output: arguments.output.clone(),
        view: Vec::new(),
        syscall: None,
        diff: vec![arguments.old.clone(), arguments.new.clone()],
        workload: None,
        seconds: None,
        event: None,
        machine_files: None,
        sequence: false,
        reading: arguments.reading,
        never: false,
        rule_cost: false,
        exit_zero: arguments.exit_zero,
        gates: Gates::default(),
    }
}

fn compared(arguments: &Compare) -> Result<Exit, Stop> {
    let target = output::target(arguments.output.as_deref());
    let read = [arguments.old.as_path(), arguments.new.as_path()];
    output::check_unread(target, read)?;
    check_stdin(read).map_err(Stop::unanswered)?;
    if arguments.format == ReportFormat::Html {
        return Err(Stop::unanswered("--format html is for --arming"));
    }
    let Some(arch) = arguments.target.arch.or_else(this_machine) else {
        return Err(Stop::unanswered(
            "the syscalls of this machine are unknown; set an arch with --arch",
        ));
    };
    report::note_newer_kernel(arguments.kernel);
    let version = arguments.kernel.unwrap_or(KernelVersion::NEWEST);
    let number = nr_syscalls_at(arch, version)?;
    let profile = Profile::new(arch, number);
    let machine = Machine::of(&arguments.target);
    let sources = [Source::named(&arguments.old), Source::named(&arguments.new)];
    // Rules with errors leave the question open.
    let loaded = loads_of_both(sources, arguments.reading, arguments.format, &machine)
        .map_err(|_| Stop::after_report(Exit::Unanswered))?;
    machine.note_accounts_in_events();
    note_unknown_paths(loaded.iter().flat_map(|loaded| &loaded.loads));
    let [old, new] = loaded.map(|loaded| arming(profile, &loaded.loads));
    let keys = if arguments.ignore_keys { Keys::Ignore } else { Keys::Count };
    let comparison = compare(old.kernel(), new.kernel(), version, keys);
    let name = |path: &Path| path.display().to_string();
    let pair = Pair {
        names: [name(&arguments.old), name(&arguments.new)],
        sets: [&old, &new],
        comparison: &comparison,
        is_whole: arguments.all,
    };
    output::write(target, |out| match arguments.format {
        ReportFormat::Json => crate::report::write_json(out, &ComparisonReport::new(&pair)),
        _ => output::write_text(out, |text| write_comparison(text, &pair)),
    })?;
    Ok(exit(arguments, &comparison))
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
    if arguments.exit_zero {
        Exit::Done
    } else if is_denied {
        Exit::Findings
    } else if comparison.is_open() {
        Exit::Undecided
    } else {
        Exit::Done
    }
}
