//! `apply PLAN`: exactly the requests that were reviewed.

use std::path::Path;

use super::{Places, Task, loaded_digest};
use crate::apply::Change;
use crate::cli::args::Apply;
use crate::cli::commands::plan::{exit, read_saved, write};
use crate::cli::exit::{Exit, Stop};
use crate::cli::load;
use crate::cli::own_rules::{own_keys, own_rules};
use crate::cli::planned::style;
use crate::cli::read::Policy;
use crate::cli::report::{Voice, name_of};
use crate::cli::running;
use crate::diag::{Diagnostic, escaped};
use crate::plan::{Gaps, Plan, SettingChange};
use crate::report::plan::{Compared, PlanReport, Saved, SavedError, State};
use crate::ruleset::FileSpan;

/// The rules of a saved plan.
struct Rules<'s>(&'s Saved);

impl Places for Rules<'_> {
    fn name(&self, wanted: usize) -> String {
        let rule = self.0.rules.get(wanted);
        rule.map(|rule| escaped(&rule.source).into_owned()).unwrap_or_default()
    }

    fn print(&self, _: Voice, _: usize, _: &dyn Fn(FileSpan) -> Diagnostic) -> bool {
        false
    }
}

/// Carries out a saved plan if the kernel still holds the rules that it was made for.
pub(super) fn run(arguments: &Apply, path: &Path, policy: Policy) -> Result<Exit, Stop> {
    let voice = Voice::of_load();
    let saved = read_saved(path, policy)?;
    let stop = |error: SavedError| {
        Stop::unanswered(format_args!("cannot use `{}`: {error}", name_of(path)))
    };
    let change = Change {
        settings: saved.settings().map_err(stop)?,
        plan: saved.carried().map_err(stop)?,
        wanted: saved.wanted().map_err(stop)?,
    };
    let arch = saved.arch().map_err(stop)?;
    let mut kernel = running::open()?;
    let Ok(_lock) = load::lock(voice) else {
        return Err(Stop::after_report(Exit::Unanswered));
    };
    let own_keys = own_keys(&saved.own_keys)?;
    let loaded = running::loaded(&mut kernel)?;
    if loaded_digest(&loaded.rules, loaded.status.as_ref()) != saved.loaded {
        let (rules, numbers) = own_rules(&loaded.rules, &own_keys);
        let plan = Plan::new(&rules, &change.wanted, Gaps::Avoided);
        let compared = Compared {
            numbers: &numbers,
            place: &|at| Rules(&saved).name(at),
            style: style(arch),
            arch,
        };
        let controls: Vec<_> = change.settings.iter().map(|one| one.control.clone()).collect();
        let status = loaded.status.unwrap_or_default();
        let settings = SettingChange::between(&status, loaded.immutable, &controls);
        let report = PlanReport::new(&plan, &settings, &compared, status.is_locked());
        if report.state != State::Same {
            voice.error("the rules or settings have changed since the plan was saved; this would be the plan now:");
        }
        write(arguments.format, &report, "The kernel")?;
        return Ok(exit(&report));
    }
    if saved.plan.state != State::Differs {
        write(arguments.format, &saved.plan, "The kernel")?;
        return Ok(exit(&saved.plan));
    }
    let places = Rules(&saved);
    let task = Task {
        arguments,
        own_keys: &own_keys,
        voice,
        arch,
        change: &change,
        state: saved.plan.state,
        count: saved.plan.count,
        report: &|| saved.plan.clone(),
        places: &places,
        names: vec![name_of(path)],
    };
    task.run(&mut kernel, &loaded)
}
