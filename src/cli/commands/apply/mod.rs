//! `rauditctl apply`: brings the kernel to the rules of files, all changes or none.
//!
//! | file | what |
//! |---|---|
//! | `console` | what is reported while the kernel changes |
//! | `store` | the rules before, in files |
//! | `pending` | a change that waits, and how the last one ended |
//! | `confirm` | the process that goes back unless the change is kept |
//! | `files` | the rules files of a change |
//! | `saved` | a plan that was saved |
//! | `back` | `--keep` and `--undo` |
//! | `states` | `--undo --list` |
//! | `expedite` | faster deletions |
//! | `terminal` | where the end of a change that was not kept is told |

mod back;
mod confirm;
mod console;
mod expedite;
mod files;
mod pending;
mod saved;
mod states;
mod store;
mod terminal;

use std::path::PathBuf;
use std::time::{Duration, Instant};

pub(in crate::cli) use confirm::warn_if_one_waits;
use confirm::{Reverter, check_none_waits, note_gone};
use console::{Console, Places, Subject};
use expedite::Expedited;
use files::{Files, name_of_all};
use pending::{Pending, unusable};
use store::{History, now};

use super::plan::{loaded_digest, target, write};
use crate::apply::{Applied, Change, Refused, Snapshot, carry_out, make_permanent};
use crate::catalog::Arch;
use crate::cli::args::{Apply, Format};
use crate::cli::desired::{Desired, Reading};
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::{For, SystemHost};
use crate::cli::load;
use crate::cli::own_rules::{OwnKeys, OwnRules, own_rules};
use crate::cli::planned::{Loaded, Planned, style};
use crate::cli::read::{Policy, Trust, check_stdin};
use crate::cli::report::{self, Voice};
use crate::cli::running;
use crate::cli::signals::Arrived;
use crate::diag::escaped;
use crate::errno::Errno;
use crate::kernel::AuditKernel;
use crate::plan::Stage;
use crate::report::plan::{
    Count, Kept, Lack, LeftOut, PlanReport, Setting, State, digest, write_plan,
};
use crate::wire::Status;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Apply) -> Exit {
    let exit = match arguments {
        Apply { revert: Some(seconds), .. } => Ok(confirm::revert(*seconds)),
        Apply { keep: true, .. } => back::keep(arguments),
        Apply { undo: true, list: true, .. } => states::list(arguments.format),
        Apply { undo: true, .. } => back::undo(arguments),
        _ => applied(arguments),
    };
    exit.unwrap_or_else(Exit::from)
}

fn applied(arguments: &Apply) -> Result<Exit, Stop> {
    check_stdin(arguments.files.iter().map(PathBuf::as_path)).map_err(Stop::unanswered)?;
    let policy = Policy { trust: Trust::Load, limit: arguments.planning.reading.max_size };
    if let [only] = arguments.files.as_slice()
        && saved::is_plan(only)
    {
        return saved::run(arguments, only, policy);
    }
    saved::check_alone(&arguments.files)?;
    let voice = Voice::of_load();
    let target = target(None, None)?;
    let reading = Reading {
        paths: &arguments.files,
        policy,
        skip_absent: arguments.planning.skip_absent,
        own_keys: &arguments.planning.own_keys,
    };
    let mut kernel = running::open()?;
    let desired = Desired::read(&reading, &SystemHost::this_machine(For::ThisKernel), voice)?;
    let Ok(_lock) = load::lock(voice) else {
        return Err(Stop::after_report(Exit::Unanswered));
    };
    let loaded = running::loaded(&mut kernel)?;
    let planned = Planned::new(&desired, &loaded, &arguments.planning, target);
    check_emptied(&desired, &planned, voice)?;
    let places = Files { desired: &desired, planned: &planned };
    let task = Task {
        arguments,
        own_keys: &arguments.planning.own_keys,
        voice,
        arch: target.arch,
        change: &planned.change,
        state: planned.state(),
        count: Count { others: planned.others, ..Count::of(&planned.change.plan) },
        report: &|| planned.report(&desired, target.arch),
        places: &places,
        name: name_of_all(&arguments.files),
    };
    task.run(&mut kernel, &loaded)
}

/// Stops if all rules would be deleted, and the files do not say so.
fn check_emptied(desired: &Desired, planned: &Planned, voice: Voice) -> Result<(), Stop> {
    let Some(all) = planned.emptied().filter(|_| planned.state() == State::Differs) else {
        return Ok(());
    };
    let all = report::count(all, "rule");
    if desired.lacks_rules() {
        let none = desired.no_rules();
        return Err(Stop::unanswered(format_args!(
            "{none}, which would delete {all}; if that is meant, write `-D` in a file; nothing was \
             changed"
        )));
    }
    let own = if planned.others > 0 { "own " } else { "" };
    voice.note(format_args!("no {own}rule stays or is added: this deletes {all}"));
    Ok(())
}

/// The end of a change.
struct End {
    exit: Exit,
    /// Whether the kernel holds again what it held before.
    is_rolled_back: bool,
    /// Whether the kernel has refused everything.
    is_unchanged: bool,
    /// The signals that arrived meanwhile. They take effect last.
    arrived: Option<Arrived>,
}

/// A change that is to be made.
struct Task<'t> {
    arguments: &'t Apply,
    /// The keys of the rules that may change; without any, all may.
    own_keys: &'t [OwnKeys],
    voice: Voice,
    arch: Arch,
    change: &'t Change,
    state: State,
    count: Count,
    /// Returns the report. It has all rules as text, which few applications print.
    report: &'t dyn Fn() -> PlanReport,
    places: &'t dyn Places,
    /// The files, for the result.
    name: String,
}

impl Task<'_> {
    /// Makes the change, unless there is nothing to do.
    fn run(&self, kernel: &mut dyn AuditKernel, loaded: &Loaded) -> Result<Exit, Stop> {
        match self.state {
            State::Same => {
                self.print_nothing_to_do()?;
                let pending = Pending::read();
                let pending = pending.map_err(|error| Stop::unanswered(unusable(&error)))?;
                if let Some(pending) = pending {
                    self.note_going_back(&pending, pending.seconds_left());
                }
                return Ok(Exit::Done);
            }
            State::NextBoot => {
                self.print_report(Vec::new())?;
                return Ok(Exit::NextBoot);
            }
            State::Differs => {}
        }
        check_none_waits(self.voice)?;
        let start = Instant::now();
        let status = loaded.status.unwrap_or_default();
        let kept = self.kept(loaded, &status);
        let reverter = self.arguments.confirm.map(Reverter::start).transpose()?;
        History::open().keep(&kept)?;
        let is_reverted = reverter.is_some();
        if let (Some(reverter), Some(after)) = (reverter, self.arguments.confirm) {
            self.wait_for_confirmation(reverter, after, &kept)
                .inspect_err(|_| History::open().forget(&kept))?;
        }
        let own_keys = self.own_keys;
        let (before, _) = own_rules(&loaded.rules, own_keys);
        let before = Snapshot::new(before, status);
        let End { exit, is_rolled_back, is_unchanged, arrived } =
            self.change(&mut OwnRules { kernel, own_keys }, &before, start);
        if is_rolled_back && is_reverted {
            Pending::forget();
        }
        match is_rolled_back || is_unchanged {
            true => History::open().forget(&kept),
            false => History::open().settle(),
        }
        if let Some(arrived) = arrived {
            arrived.take_effect();
        }
        Ok(exit)
    }

    fn change(&self, kernel: &mut dyn AuditKernel, before: &Snapshot, start: Instant) -> End {
        let refused = match self.arguments.keep_going {
            true => Refused::LeaveOut,
            false => Refused::RollBack,
        };
        let style = style(self.arch);
        let mut console =
            Console::new(self.voice, self.places, style, self.arguments.verbose, self.change);
        let expedited = self.arguments.expedite.then(|| Expedited::start(self.voice)).flatten();
        let applied = carry_out(kernel, before, self.change, refused, &mut console);
        drop(expedited);
        let is_done = matches!(applied, Applied::Done { .. })
            && (self.arguments.confirm.is_some()
                || make_permanent(kernel, self.change, &mut console));
        let is_rolled_back = console.is_rolled_back();
        let refused_rules = console.refused_rules();
        let arrived = console.close();
        let requests = self.change.plan.steps.len() + self.change.settings.len();
        let is_unchanged = applied == Applied::Done { refused: requests };
        let exit = match applied {
            Applied::Done { refused } => {
                if refused > 0 {
                    Pending::expect(kernel);
                }
                self.print_result(kernel, refused, start.elapsed());
                if self.arguments.format == Format::Json {
                    let _ = self.print_report(refused_rules);
                }
                if refused > 0 || !is_done { Exit::Findings } else { Exit::Done }
            }
            Applied::Failed => Exit::Unanswered,
        };
        End { exit, is_rolled_back, is_unchanged, arrived }
    }

    /// Lets the process that goes back wait for the end of this time.
    fn wait_for_confirmation(
        &self,
        reverter: Reverter,
        after: Duration,
        before: &Kept,
    ) -> Result<(), Stop> {
        let is_last = |setting: &&crate::plan::SettingChange| setting.stage() == Stage::Last;
        let last = self.change.settings.iter().filter(is_last);
        let pending = Pending {
            process: reverter.id(),
            started: reverter.started,
            deadline: now() + after.as_secs(),
            before: before.clone(),
            rules: digest(&self.change.wanted, None).to_string(),
            own_keys: self.key_patterns(),
            last: last
                .map(|one| {
                    let source = self.places.name(Subject::Setting(&one.control));
                    Setting { source, ..Setting::from(one) }
                })
                .collect(),
        };
        pending.write()?;
        reverter.go(&pending).inspect_err(|_| Pending::forget())
    }

    /// Returns what the kernel holds, to be kept.
    fn kept(&self, loaded: &Loaded, status: &Status) -> Kept {
        let kept = Kept::new(&loaded.rules, status, style(self.arch), self.arch);
        let boot_id = running::boot_id().unwrap_or_default();
        let immutable = loaded.immutable;
        Kept { time: now(), boot_id, own_keys: self.key_patterns(), immutable, ..kept }
    }

    fn key_patterns(&self) -> Vec<String> {
        self.own_keys.iter().map(|keys| keys.pattern().to_owned()).collect()
    }

    fn print_report(&self, refused: Vec<(String, Errno)>) -> Result<(), Stop> {
        let mut report = (self.report)();
        let refused = refused.into_iter().map(|(source, errno)| LeftOut {
            source,
            why: Lack::Refused,
            reason: Some(errno.to_string()),
        });
        report.left_out.extend(refused);
        write(self.arguments.format, &report, "The kernel")
    }

    /// Prints the report where the result of a change is printed, too.
    fn print_nothing_to_do(&self) -> Result<(), Stop> {
        if self.arguments.format == Format::Json {
            return self.print_report(Vec::new());
        }
        let mut text = String::new();
        let _ = write_plan(&mut text, &(self.report)(), "The kernel");
        text.lines().for_each(|line| self.voice.note(line));
        Ok(())
    }

    fn note_going_back(&self, pending: &Pending, seconds: u64) {
        if !pending.has_process() {
            return note_gone(self.voice, pending);
        }
        self.voice.note(format_args!(
            "goes back in {} unless: rauditctl apply --keep",
            report::span_of(seconds)
        ));
        for one in &pending.last {
            self.voice.note(format_args!(
                "{} stays {} until then: --keep sets it to {}, which cannot be undone",
                escaped(&one.name),
                one.from,
                one.to
            ));
        }
    }

    fn print_result(&self, kernel: &mut dyn AuditKernel, refused: usize, time: Duration) {
        let all = self.change.wanted.len();
        let count = self.count;
        let others = match count.others {
            0 => String::new(),
            others => format!(", and {} of others left alone", report::count(others, "rule")),
        };
        self.voice.note(format_args!(
            "{}: {} of {all} rules loaded, read back and compared in {:.2} s: {} added, {} deleted, {} moved, {} kept{others}",
            self.name,
            all - refused,
            time.as_secs_f64(),
            count.add - refused.min(count.add),
            count.delete,
            count.moved,
            count.stay,
        ));
        if let Ok(status) = kernel.status() {
            let daemon = match status.pid {
                0 => "no audit daemon runs".to_owned(),
                pid => format!("the audit daemon is process {pid}"),
            };
            let off = if status.enabled == 0 { "; recording is off (`-e 0`)" } else { "" };
            let lost = status.lost;
            self.voice.note(format_args!("{daemon}; lost records since boot: {lost}{off}"));
        }
        if let Some(after) = self.arguments.confirm
            && let Ok(Some(pending)) = Pending::read()
        {
            self.note_going_back(&pending, after.as_secs());
        }
    }
}
