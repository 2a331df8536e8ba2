//! `--keep` keeps a change that waits, and `--undo` goes back to the rules before the last change.

use super::Places;
use super::console::Console;
use super::store::{History, Pending};
use crate::apply::{Applied, Change, Refused, Snapshot, carry_out};
use crate::cli::args::Apply;
use crate::cli::exit::{Exit, Stop};
use crate::cli::load;
use crate::cli::native::{LOCKED, kernel_error};
use crate::cli::own_rules::{OwnRules, own_keys};
use crate::cli::planned::style;
use crate::cli::report::{self, Voice};
use crate::cli::running;
use crate::diag::Diagnostic;
use crate::kernel::AuditKernel;
use crate::plan::{Gaps, Plan, SettingChange};
use crate::report::plan::{SavedError, digest, setting};
use crate::rule::{Control, Request};
use crate::ruleset::FileSpan;

/// Keeps the change that waits.
pub(super) fn keep() -> Result<Exit, Stop> {
    let voice = Voice::of_load();
    let mut kernel = running::open()?;
    let Ok(_lock) = load::lock(voice) else {
        return Err(Stop::after_report(Exit::Unanswered));
    };
    let Some(pending) = Pending::read()? else {
        return Err(Stop::unanswered(
            "no change waits to be kept; it was undone, or kept before; `rauditctl -l` shows the rules",
        ));
    };
    let own_keys = own_keys(&pending.own_keys)?;
    let rules = OwnRules { kernel: &mut kernel, own_keys: &own_keys }.rules();
    let rules = rules.map_err(|error| Stop::unanswered(kernel_error(&error)))?;
    let is_whole = digest(&rules, None).to_string() == pending.rules;
    Pending::end();
    voice.note("the change is kept");
    if pending.last.is_empty() {
        return Ok(Exit::Done);
    }
    if !is_whole {
        voice.error(
            "the rules have changed since, so they are not locked; run `rauditctl apply` again",
        );
        return Ok(Exit::Findings);
    }
    let mut is_done = true;
    for one in &pending.last {
        let change = setting(one).map_err(Stop::unanswered)?;
        let request = Request::Control(change.control.clone());
        if let Err(errno) = kernel.send_one(&request) {
            voice.error(format_args!(
                "the kernel refuses to set {} to {}: {errno}",
                one.name, one.to
            ));
            is_done = false;
        } else {
            voice.note(format_args!("{} is {} now, until the next boot", one.name, one.to));
        }
    }
    Ok(if is_done { Exit::Done } else { Exit::Findings })
}

/// Rules without a place in a file.
struct Nowhere;

impl Places for Nowhere {
    fn name(&self, _: usize) -> String {
        "the rules before".to_owned()
    }

    fn print(&self, _: Voice, _: usize, _: &dyn Fn(FileSpan) -> Diagnostic) -> bool {
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
    let (wanted, settings) = (kept.rules().map_err(wrong)?, kept.status());
    let loaded = running::loaded(&mut kernel)?;
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
        plan: Plan::new(&loaded.rules, &wanted, Gaps::Avoided),
        wanted,
    };
    let arch = crate::cli::host::this_machine();
    let Some(arch) = arch else {
        return Err(Stop::unanswered("the syscalls of this machine are unknown"));
    };
    let mut console = Console::new(voice, &Nowhere, style(arch), arguments.verbose, &change);
    let before = Snapshot::new(loaded.rules.clone(), status);
    let applied = carry_out(&mut kernel, &before, &change, Refused::RollBack, &mut console);
    let arrived = console.close();
    let exit = match applied {
        Applied::Done { .. } => {
            history.forget_last();
            Pending::end();
            voice.note(format_args!(
                "the kernel holds the {} before the last change again",
                report::count(change.wanted.len(), "rule")
            ));
            Exit::Done
        }
        Applied::Failed => Exit::Unanswered,
    };
    if let Some(arrived) = arrived {
        arrived.take_effect();
    }
    Ok(exit)
}
