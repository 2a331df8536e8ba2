//! `--keep` keeps a change that waits, and `--undo` goes back to the rules before the last change.

use super::Places;
use super::console::{Console, Subject};
use super::pending::{Pending, last_ending, unusable};
use super::saved::source_of;
use super::store::History;
use crate::apply::{Applied, Change, Refused, Snapshot, carry_out, make_permanent};
use crate::catalog::Arch;
use crate::cli::args::{Apply, Format};
use crate::cli::commands::output;
use crate::cli::commands::plan::write;
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::this_machine;
use crate::cli::load;
use crate::cli::native::{LOCKED, kernel_error};
use crate::cli::own_rules::{OwnRules, own_keys, own_rules};
use crate::cli::planned::style;
use crate::cli::report::{self, Voice};
use crate::cli::running;
use crate::diag::{Diagnostic, escaped};
use crate::kernel::AuditKernel;
use crate::plan::{Gaps, Plan, SettingChange};
use crate::report::plan::{
    Compared, ConfirmEnd, NotKept, PlanReport, SavedError, Setting, digest, setting, utc,
    with_others,
};
use crate::report::write_json;
use crate::rule::{Control, Rule};
use crate::ruleset::FileSpan;

/// Keeps the change that waits.
pub(super) fn keep(arguments: &Apply) -> Result<Exit, Stop> {
    let voice = Voice::of_load();
    let mut kernel = running::open()?;
    let Ok(_lock) = load::lock(voice) else {
        return Err(Stop::after_report(Exit::Unanswered));
    };
    let pending = match Pending::read() {
        Ok(Some(pending)) => pending,
        Ok(None) => return none_waits(arguments),
        Err(error) => {
            let reason = unusable(&error);
            let answer = NotKept { reason, seconds_left: None, last_confirm: None };
            write_not_kept(arguments, &answer)?;
            return Err(Stop::unanswered(&answer.reason));
        }
    };
    let own_keys = own_keys(&pending.own_keys)?;
    let rules = OwnRules { kernel: &mut kernel, own_keys: &own_keys }.rules();
    let rules = rules.map_err(|error| Stop::unanswered(kernel_error(&error)))?;
    let is_whole = digest(&rules, None).to_string() == pending.rules;
    if !is_whole {
        return refuse_to_keep(arguments, &pending);
    }
    if !pending.has_process() {
        voice.note("the process that was to undo the change was gone before");
    }
    pending.end(ConfirmEnd::Kept, None);
    voice.note("the change is kept");
    let settings: Result<_, _> = pending.last.iter().map(setting).collect();
    let change = Change { settings: settings.map_err(Stop::unanswered)?, ..Change::default() };
    let places = Before { settings: &pending.last };
    let mut console = Console::new(voice, &places, style(arch()?), false, &change);
    let is_done = make_permanent(&mut kernel, &change, &mut console);
    let arrived = console.close();
    for one in pending.last.iter().filter(|_| is_done) {
        let name = escaped(&one.name);
        voice.note(format_args!("{name} is {} now, until the next boot", one.to));
    }
    if arguments.format == Format::Json {
        let mut report = report_of(&change, &rules)?;
        let sources = pending.last.iter().map(|one| one.source.clone());
        report.settings.iter_mut().zip(sources).for_each(|(one, source)| one.source = source);
        report.count.stay = rules.len();
        write(arguments.format, &report, "The kernel")?;
    }
    if let Some(arrived) = arrived {
        arrived.take_effect();
    }
    Ok(if is_done { Exit::Done } else { Exit::Findings })
}

/// Reports why no change can be kept.
fn none_waits(arguments: &Apply) -> Result<Exit, Stop> {
    let last_confirm = last_ending();
    let reason = match &last_confirm {
        Some(ending) => format!("no change waits to be kept: {ending}; `rauditctl -l` shows the rules"),
        None => "no change waits to be kept, and none did since the boot; `rauditctl -l` shows the rules".to_owned(),
    };
    let answer = NotKept { reason, seconds_left: None, last_confirm };
    write_not_kept(arguments, &answer)?;
    Err(Stop::unanswered(&answer.reason))
}

/// Keeps nothing, since another program has changed the rules. The change still waits.
fn refuse_to_keep(arguments: &Apply, pending: &Pending) -> Result<Exit, Stop> {
    let seconds_left = pending.has_process().then(|| pending.seconds_left());
    let end = match seconds_left {
        Some(seconds) => format!(
            "the rules before come back in {}: restore the rules of the change and run `rauditctl apply --keep` again, or \
             go back now with `rauditctl apply --undo`",
            report::span_of(seconds)
        ),
        None => "the process that was to undo the change is gone: restore the rules of the change and run \
                 `rauditctl apply --keep` again, or go back with `rauditctl apply --undo`"
            .to_owned(),
    };
    let reason = format!(
        "the kernel holds other rules than those of the change, since another program has changed them; nothing was \
         kept, and {end}"
    );
    Voice::of_load().error(&reason);
    write_not_kept(arguments, &NotKept { reason, seconds_left, last_confirm: None })?;
    Ok(Exit::Findings)
}

fn write_not_kept(arguments: &Apply, answer: &NotKept) -> Result<(), Stop> {
    match arguments.format {
        Format::Json => output::write(None, |out| write_json(out, answer)),
        Format::Text => Ok(()),
    }
}

/// Returns the report of a change that was made, whose rules have no places in files.
fn report_of(change: &Change, loaded: &[Rule]) -> Result<PlanReport, Stop> {
    let arch = arch()?;
    let numbers: Vec<usize> = (1..=loaded.len()).collect();
    let place = |_| String::new();
    let compared = Compared { numbers: &numbers, place: &place, style: style(arch), arch };
    let mut report = PlanReport::new(&change.plan, &change.settings, &compared, false);
    report.changes.iter_mut().for_each(|one| one.source = None);
    report.requests.iter_mut().for_each(|one| one.source = None);
    Ok(report)
}

/// Returns the arch of this machine.
fn arch() -> Result<Arch, Stop> {
    this_machine().ok_or_else(|| Stop::unanswered("the syscalls of this machine are unknown"))
}

/// Rules without a place in a file, and settings that may have one.
struct Before<'s> {
    settings: &'s [Setting],
}

impl Places for Before<'_> {
    fn name(&self, subject: Subject<'_>) -> Option<String> {
        match subject {
            Subject::Rule(_) => Some("the rules before".to_owned()),
            Subject::Setting(control) => {
                source_of(self.settings, control).map(|source| escaped(source).into_owned())
            }
        }
    }

    fn print(&self, _: Voice, _: Subject<'_>, _: &dyn Fn(FileSpan) -> Diagnostic) -> bool {
        false
    }
}

/// Goes back to the rules before the last change.
pub(super) fn undo(arguments: &Apply) -> Result<Exit, Stop> {
    let voice = Voice::of_load();
    let mut kernel = running::open()?;
    let Ok(_lock) = load::lock(voice) else {
        return Err(Stop::after_report(Exit::Unanswered));
    };
    let history = History::open();
    let kept = history.last()?;
    let wrong = |error: SavedError| Stop::unanswered(format_args!("cannot go back: {error}"));
    let own_keys = own_keys(&kept.own_keys)?;
    let (wanted, _) = own_rules(&kept.rules().map_err(wrong)?, &own_keys);
    let settings = kept.status();
    let loaded = running::loaded(&mut kernel)?;
    let (rules, _) = own_rules(&loaded.rules, &own_keys);
    let status = loaded.status.unwrap_or_default();
    if status.is_locked() {
        return Err(Stop::unanswered(LOCKED));
    }
    let controls = [
        Control::Failure(settings.failure),
        Control::RateLimit(settings.rate_limit),
        Control::BacklogLimit(settings.backlog_limit),
        Control::BacklogWaitTime(settings.backlog_wait_time),
        Control::Enabled(settings.enabled),
    ];
    let change = Change {
        settings: SettingChange::between(&status, None, &controls),
        plan: Plan::new(&rules, &wanted, Gaps::Avoided),
        wanted,
    };
    let places = Before { settings: &[] };
    let mut console = Console::new(voice, &places, style(arch()?), arguments.verbose, &change);
    let before = Snapshot::new(rules, status);
    let mut kernel = OwnRules { kernel: &mut kernel, own_keys: &own_keys };
    let applied = carry_out(&mut kernel, &before, &change, Refused::RollBack, &mut console);
    let arrived = console.close();
    let exit = match applied {
        Applied::Done { .. } => {
            history.forget(&kept);
            let reason = Some("`rauditctl apply --undo` came first".to_owned());
            match Pending::read() {
                Ok(Some(pending)) => pending.end(ConfirmEnd::Undone, reason),
                Ok(None) => {}
                // The last change waits: no other change can be made before its end.
                Err(_) => Pending::end_of(utc(kept.time), ConfirmEnd::Undone, reason),
            }
            voice.note(format_args!(
                "the kernel holds the rules before the last change again: {}",
                with_others(change.wanted.len(), loaded.rules.len() - before.rules().len())
            ));
            if (kept.immutable, loaded.immutable) == (Some(false), Some(true)) {
                voice.note(
                    "login uids stay immutable until the next boot: `--loginuid-immutable` cannot be undone",
                );
            }
            if arguments.format == Format::Json {
                write(arguments.format, &report_of(&change, before.rules())?, "The kernel")?;
            }
            Exit::Done
        }
        Applied::Failed => Exit::Unanswered,
    };
    if let Some(arrived) = arrived {
        arrived.take_effect();
    }
    Ok(exit)
}
