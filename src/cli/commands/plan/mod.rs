//! `rauditctl plan`: what `apply` would change.
//!
//! | file | what |
//! |---|---|
//! | `against` | saved listings of kernels |

mod against;

use std::path::{Path, PathBuf};

use nix::sys::utsname::uname;

use super::output;
use crate::catalog::{Arch, KernelVersion};
use crate::cli::args::{Format, Plan};
use crate::cli::commands::input::nr_syscalls_at;
use crate::cli::desired::{Desired, Reading};
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::{For, SystemHost, this_machine};
use crate::cli::overtaken;
use crate::cli::own_rules::{OwnKeys, own_rules};
use crate::cli::planned::{Loaded, Planned, Target};
use crate::cli::read::{Policy, Trust, check_stdin};
use crate::cli::report::{self, Voice, name_of};
use crate::cli::running;
use crate::report::plan::{PlanReport, Saved, State, digest, write_plan};
use crate::report::{write_json, write_json_lines};

/// The name of the kernel of this machine in reports.
const THIS_KERNEL: &str = "The kernel";

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Plan) -> Exit {
    let exit = match &arguments.show {
        Some(path) => show(arguments, path),
        None => planned(arguments),
    };
    let exit = exit.unwrap_or_else(Exit::from);
    if arguments.exit_zero { exit.forgiven() } else { exit }
}

fn planned(arguments: &Plan) -> Result<Exit, Stop> {
    let read = || arguments.files.iter().chain(&arguments.against).map(PathBuf::as_path);
    check_stdin(read()).map_err(Stop::unanswered)?;
    output::check_unread(output::target(arguments.output.as_deref()), read())?;
    if arguments.files.is_empty() {
        return Err(Stop::unanswered(
            "no rules files are given, since --against takes all words after it; put them before it: \
             `rauditctl plan rules.d --against listing`",
        ));
    }
    let target = target(arguments.target.arch, arguments.kernel)?;
    if arguments.against.is_empty() {
        check_this_machine(target.arch)?;
    }
    let host = match (arguments.target.arch, arguments.against.is_empty()) {
        (Some(arch), _) => SystemHost::of_arch(arch),
        (None, false) => SystemHost::this_machine(For::AnyKernel),
        (None, true) => SystemHost::this_machine(For::ThisKernel),
    };
    // A plan for the kernel of this machine reads what `apply` reads.
    let trust = if arguments.against.is_empty() { Trust::Load } else { Trust::LookOnly };
    let reading = Reading {
        paths: &arguments.files,
        policy: Policy { trust, limit: arguments.planning.reading.max_size },
        skip_absent: arguments.planning.skip_absent,
        own_keys: &arguments.planning.own_keys,
    };
    let desired = Desired::read(&reading, &host, Voice::Stderr)?;
    if !arguments.against.is_empty() {
        if desired.lacks_rules() {
            Voice::Stderr.note(format_args!(
                "{}; `apply` deletes all others only if a file has `-D`",
                desired.no_rules()
            ));
        }
        return against::run(arguments, &desired, target);
    }
    let mut kernel = running::open()?;
    let loaded = running::loaded(&mut kernel)?;
    let planned = Planned::new(&desired, &loaded, &arguments.planning, target);
    let report = planned.report(&desired, target.arch);
    if let Some(all) = planned.emptied() {
        let all = report::count(all, "rule");
        let also = match desired.lacks_rules() {
            true => "; `apply` does so only if a file has `-D`",
            false => "",
        };
        let own = if planned.others > 0 { "own " } else { "" };
        let text = format_args!("no {own}rule stays or is added: this deletes {all}{also}");
        Voice::Stderr.note(text);
    }
    let own_keys = &arguments.planning.own_keys;
    for note in overtaken::notes(&desired, &planned, &loaded, own_keys) {
        Voice::Stderr.note(note);
    }
    if let Some(path) = &arguments.output {
        let saved = saved(arguments, &report, &planned, &desired, &loaded);
        let target = output::target(Some(path));
        output::write(target, |out| write_json_lines(out, &saved))?;
        if target.is_none() {
            return Ok(exit(&report));
        }
    }
    write(arguments.format, &report, THIS_KERNEL)?;
    if let Some(path) = arguments.output.as_deref().filter(|_| arguments.format == Format::Text) {
        let path = name_of(path);
        Voice::Stderr
            .note(format_args!("saved to {path}; it fits only the rules that are loaded now"));
    }
    Ok(exit(&report))
}

/// Stops if a plan is for another arch than that of this machine, whose kernel it would change.
pub(in crate::cli) fn check_this_machine(arch: Arch) -> Result<(), Stop> {
    match this_machine() {
        Some(here) if here != arch => Err(Stop::unanswered(format_args!(
            "the plan is for {}, and the kernel of this machine is for {}; compare with a listing of another machine: \
             --against FILE",
            arch.common_name(),
            here.common_name()
        ))),
        _ => Ok(()),
    }
}

/// Returns the kernel that a plan is for.
pub(in crate::cli) fn target(
    arch: Option<Arch>,
    version: Option<KernelVersion>,
) -> Result<Target, Stop> {
    let Some(arch) = arch.or_else(this_machine) else {
        return Err(Stop::unanswered(
            "the syscalls of this machine are unknown; set an arch with --arch",
        ));
    };
    let running =
        running::release().and_then(|release| KernelVersion::of_release(release.as_bytes()));
    let known = KernelVersion::OLDEST..=KernelVersion::NEWEST;
    report::note_newer_kernel(version);
    if let Some(version) = version {
        nr_syscalls_at(arch, version)?;
    }
    let version = version.or(running).filter(|version| known.contains(version));
    Ok(Target { arch, version: version.unwrap_or(KernelVersion::NEWEST) })
}

/// Writes a report.
pub(in crate::cli) fn write(format: Format, report: &PlanReport, name: &str) -> Result<(), Stop> {
    output::write(None, |out| match format {
        Format::Json => write_json(out, report),
        Format::Text => output::write_text(out, |text| write_plan(text, report, name)),
    })
}

/// Returns the exit status for a report.
pub(in crate::cli) fn exit(report: &PlanReport) -> Exit {
    match report.state {
        State::Same => Exit::Done,
        State::Differs => Exit::Findings,
        State::NextBoot => Exit::NextBoot,
    }
}

/// Returns a plan as it is saved.
fn saved(
    arguments: &Plan,
    report: &PlanReport,
    planned: &Planned,
    desired: &Desired,
    loaded: &Loaded,
) -> Saved {
    let arch = planned.target.arch;
    let name = uname().ok().map(|names| names.nodename().to_string_lossy().into_owned());
    Saved {
        plan: report.clone(),
        host: name.unwrap_or_default(),
        kernel: running::release().unwrap_or_default(),
        boot_id: running::boot_id().unwrap_or_default(),
        arch: arch.common_name().to_owned(),
        own_keys: arguments
            .planning
            .own_keys
            .iter()
            .map(|keys| keys.pattern().to_owned())
            .collect(),
        loaded: loaded_digest(loaded, &arguments.planning.own_keys),
        wanted: digest(&planned.change.wanted, None).to_string(),
        rules: planned.wanted(desired, arch),
    }
}

/// Returns the digest of what a kernel holds of the rules that may change, and of the settings.
pub(in crate::cli) fn loaded_digest(loaded: &Loaded, own_keys: &[OwnKeys]) -> String {
    let (rules, _) = own_rules(&loaded.rules, own_keys);
    digest(&rules, loaded.status.as_ref()).to_string()
}

/// Shows a saved plan.
fn show(arguments: &Plan, path: &Path) -> Result<Exit, Stop> {
    let saved = read_saved(path, Policy::look_only(arguments.planning.reading.max_size))?;
    if arguments.format == Format::Json {
        output::write(None, |out| write_json(out, &saved))?;
        return Ok(exit(&saved.plan));
    }
    let host = crate::diag::escaped(&saved.host).into_owned();
    let name = format!("The kernel of {host}");
    Voice::Stderr.note(format_args!("for {host}, Linux {}", crate::diag::escaped(&saved.kernel)));
    write(arguments.format, &saved.plan, &name)?;
    Ok(exit(&saved.plan))
}

/// Reads a saved plan.
pub(in crate::cli) fn read_saved(path: &Path, policy: Policy) -> Result<Saved, Stop> {
    let text = policy.read(path).map_err(Stop::unanswered)?;
    Saved::read(&text)
        .and_then(Saved::checked)
        .map_err(|error| Stop::unanswered(format_args!("cannot use `{}`: {error}", name_of(path))))
}
