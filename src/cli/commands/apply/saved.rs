//! `apply PLAN`: exactly the requests that were reviewed.

use std::path::{Path, PathBuf};

use super::console::Subject;
use super::{Places, Task, loaded_digest};
use crate::apply::Change;
use crate::catalog::Arch;
use crate::cli::args::Apply;
use crate::cli::commands::plan::{check_this_machine, exit, read_saved, write};
use crate::cli::exit::{Exit, Stop};
use crate::cli::load;
use crate::cli::own_rules::{OwnKeys, is_own, own_keys, own_rules};
use crate::cli::planned::{Loaded, style};
use crate::cli::read::Policy;
use crate::cli::report::{Voice, name_of};
use crate::cli::running;
use crate::diag::{Diagnostic, escaped};
use crate::plan::{Gaps, Plan, SettingChange};
use crate::report::plan::{
    Compared, Count, PlanReport, Saved, SavedError, Setting, State, setting,
};
use crate::rule::{Control, Rule};
use crate::ruleset::FileSpan;

/// The rules of a saved plan.
struct Rules<'s>(&'s Saved);

impl Places for Rules<'_> {
    fn name(&self, subject: Subject<'_>) -> Option<String> {
        let source = match subject {
            Subject::Rule(at) => self.0.rules.get(at).map(|rule| &rule.source),
            Subject::Setting(control) => source_of(&self.0.plan.settings, control),
        };
        source.map(|source| escaped(source).into_owned())
    }

    fn print(&self, _: Voice, _: Subject<'_>, _: &dyn Fn(FileSpan) -> Diagnostic) -> bool {
        false
    }
}

/// Returns the place of a setting that was saved.
pub(super) fn source_of<'s>(saved: &'s [Setting], control: &Control) -> Option<&'s String> {
    let kind = std::mem::discriminant(control);
    let is_meant =
        |one: &&Setting| setting(one).is_ok_and(|one| std::mem::discriminant(&one.control) == kind);
    saved.iter().find(is_meant)?.source.as_ref()
}

/// Carries out a saved plan if the kernel still holds the rules that it was made for.
pub(super) fn run(arguments: &Apply, path: &Path, policy: Policy) -> Result<Exit, Stop> {
    check_options(arguments)?;
    let voice = Voice::of_load();
    let saved = read_saved(path, policy)?;
    let stop = |error: SavedError| {
        Stop::unanswered(format_args!("cannot use `{}`: {error}", name_of(path)))
    };
    let arch = saved.arch().map_err(stop)?;
    check_this_machine(arch)?;
    let own_keys = own_keys(&saved.own_keys)?;
    let wanted = saved.wanted().map_err(stop)?;
    let settings = saved.settings().map_err(stop)?;
    let mut kernel = running::open()?;
    let Ok(_lock) = load::lock(voice) else {
        return Err(Stop::after_report(Exit::Unanswered));
    };
    let loaded = running::loaded(&mut kernel)?;
    let now = Now { saved: &saved, loaded: &loaded, own_keys: &own_keys, arch };
    if loaded_digest(&loaded, &own_keys) != saved.loaded {
        let (_, report) = now.plan(&wanted, &settings, Gaps::Avoided);
        if report.state != State::Same {
            voice.error(
                "the rules or settings have changed since the plan was saved; save it again with `rauditctl plan -o`. \
                 This would bring the kernel to the same rules now:",
            );
        }
        write(arguments.format, &report, "The kernel")?;
        return Ok(exit(&report));
    }
    let plans = [Gaps::Avoided, Gaps::Allowed].map(|gaps| now.plan(&wanted, &settings, gaps));
    let reviewed = plans.into_iter().find(|(_, report)| saved.is(report));
    let Some((Change { settings, plan, .. }, _)) = reviewed else {
        return Err(stop(SavedError::Edited));
    };
    if saved.plan.state != State::Differs {
        write(arguments.format, &saved.plan, "The kernel")?;
        return Ok(exit(&saved.plan));
    }
    if running::boot_id().is_some_and(|boot| boot != saved.boot_id) {
        voice.note(format_args!(
            "the plan was saved for {}, on another machine or before its last boot; the rules and settings are the same",
            escaped(&saved.host)
        ));
    }
    let places = Rules(&saved);
    let task = Task {
        arguments,
        own_keys: &own_keys,
        voice,
        arch,
        change: &Change { settings, plan, wanted },
        state: saved.plan.state,
        count: Count { others: now.others(), ..saved.plan.count },
        report: &|| saved.plan.clone(),
        places: &places,
        name: name_of(path),
    };
    task.run(&mut kernel, &loaded)
}

/// Returns whether a file is a saved plan and not rules. A damaged one is an error of a plan.
pub(super) fn is_plan(path: &Path) -> bool {
    use std::io::Read;

    let mut first = [0; 1];
    let is_file = path.is_file();
    is_file
        && std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok()
        && first == *b"{"
}

/// Stops if a saved plan is among other files.
pub(super) fn check_alone(files: &[PathBuf]) -> Result<(), Stop> {
    match files.iter().find(|path| is_plan(path)) {
        Some(plan) => Err(Stop::unanswered(format_args!(
            "`{}` is a saved plan and not a rules file; it must be the only argument",
            name_of(plan)
        ))),
        None => Ok(()),
    }
}

/// Stops if options would change what was reviewed.
fn check_options(arguments: &Apply) -> Result<(), Stop> {
    let planning = &arguments.planning;
    let options = [
        ("--exact", planning.exact),
        ("--exact-order", planning.exact_order),
        ("--allow-gap", planning.allow_gap),
        ("--own-keys", !planning.own_keys.is_empty()),
        ("--skip-absent", planning.skip_absent),
    ];
    match options.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Stop::unanswered(format_args!(
            "{option} changes nothing in a plan that was saved; save it with {option}"
        ))),
        None => Ok(()),
    }
}

/// A saved plan, and what the kernel holds now.
struct Now<'n> {
    saved: &'n Saved,
    loaded: &'n Loaded,
    own_keys: &'n [OwnKeys],
    arch: Arch,
}

impl Now<'_> {
    /// Returns the number of rules that are left alone, since they belong to others.
    fn others(&self) -> usize {
        let rules = self.loaded.rules.iter();
        rules.filter(|rule| !is_own(rule, self.own_keys)).count()
    }

    /// Returns the change from the rules that are loaded now to the wanted ones, and its report.
    fn plan(
        &self,
        wanted: &[Rule],
        settings: &[SettingChange],
        gaps: Gaps,
    ) -> (Change, PlanReport) {
        let (rules, numbers) = own_rules(&self.loaded.rules, self.own_keys);
        let plan = Plan::new(&rules, wanted, gaps);
        let source = |at: usize| {
            self.saved.rules.get(at).map(|rule| rule.source.clone()).unwrap_or_default()
        };
        let style = style(self.arch);
        let compared = Compared { numbers: &numbers, place: &source, style, arch: self.arch };
        let controls: Vec<_> = settings.iter().map(|one| one.control.clone()).collect();
        let status = self.loaded.status.unwrap_or_default();
        let settings = SettingChange::between(&status, self.loaded.immutable, &controls);
        let mut report = PlanReport::new(&plan, &settings, &compared, status.is_locked());
        report.count.others = self.others();
        for (one, change) in report.settings.iter_mut().zip(&settings) {
            one.source = source_of(&self.saved.plan.settings, &change.control).cloned();
        }
        (Change { settings, plan, wanted: wanted.to_vec() }, report)
    }
}
