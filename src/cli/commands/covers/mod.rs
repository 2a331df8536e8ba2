//! `rauditctl covers`: which requirements rules cover.
//!
//! | file | subject |
//! |---|---|
//! | `mod` | the command: read, judge, report, exit status |
//! | `requirements` | the requirements, compiled for the machine |

pub(super) mod requirements;

use std::path::PathBuf;

use super::config;
use super::explain::machine::Machine;
use super::explain::sources::{self, Source};
use super::output;
use crate::analysis::{Load, LoadStep, arming};
use crate::cases::Link;
use crate::catalog::{Arch, KernelVersion, field};
use crate::cli::args::{Covers, CoversFormat, ReportFormat};
use crate::cli::commands::input::nr_syscalls_at;
use crate::cli::exit::{Exit, Stop};
use crate::cli::host::this_machine;
use crate::cli::read::check_stdin;
use crate::cli::report;
use crate::lint::config::{Acceptance, Config, Date};
use crate::model::{KernelModel, Profile};
use crate::relate::requirement::{Judge, State};
use crate::relate::sets::Keys;
use crate::report::covers::{
    Answer, Answers, CoversReport, SettingAnswer, has_techniques, write_covers_junit,
    write_covers_sarif, write_covers_text, write_navigator,
};
use crate::rule::{Control, Field, Rule};
use requirements::Required;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Covers) -> Exit {
    covered(arguments).unwrap_or_else(Exit::from)
}

fn covered(arguments: &Covers) -> Result<Exit, Stop> {
    let target = output::target(arguments.output.as_deref());
    let read = arguments.rules.iter().chain([&arguments.required]).map(PathBuf::as_path);
    output::check_unread(target, read.clone())?;
    check_stdin(read).map_err(Stop::unanswered)?;
    let (profile, version) = kernel(arguments)?;
    let accepted = Accepted::read(arguments)?;
    let machine = Machine::of(&arguments.target);
    let sources: Vec<Source> = arguments.rules.iter().map(|path| Source::named(path)).collect();
    let unanswered = |_| Stop::after_report(Exit::Unanswered);
    let read = sources::read(&sources, arguments.reading, &machine).map_err(unanswered)?;
    let (required, links) = requirements::read(&arguments.required, arguments.reading, &machine)?;
    let names = match arguments.format {
        CoversFormat::Text => ReportFormat::Text,
        _ => ReportFormat::Json,
    };
    let loaded = read.compile(names, &machine).map_err(unanswered)?;
    machine.note_accounts_in_events();
    let mut loads: Vec<Load> = loaded.into_iter().flat_map(|loaded| loaded.loads).collect();
    sources::note_unknown_paths(&loads);
    loads.iter_mut().for_each(|load| follow_load(load, &links));
    let arming = arming(profile, &loads);
    let nothing = KernelModel::new(profile);
    let set = match &arming.enabled {
        Some((origin, 0)) => {
            report::note(format_args!("{origin} turns auditing off: nothing is recorded"));
            &nothing
        }
        _ => arming.kernel(),
    };
    let keys = if arguments.keys { Keys::Count } else { Keys::Ignore };
    let judging = Judging {
        judge: Judge { set, version, keys },
        loads: &loads,
        links: &links,
        is_running: sources.contains(&Source::Kernel),
        accepted: &accepted,
        today: Date::today(),
    };
    let all = required.into_iter().map(|one| judging.answer(one)).collect::<Result<_, _>>()?;
    let answers = Answers { set: &arming, all };
    accepted.note_unused(&answers);
    write(arguments, &answers)?;
    Ok(exit(arguments, &answers))
}

fn follow_load(load: &mut Load, links: &[Link]) {
    if let LoadStep::Add(rule) | LoadStep::Delete(rule) = &mut load.step {
        follow(rule, links);
    }
}

/// Replaces paths below links in a rule. The kernel follows the links above the last part of a path when it gets a rule
/// (`audit_get_nd`, kernel/audit_watch.c; `audit_add_tree_rule`, audit_tree.c; `audit_alloc_mark`, audit_fsnotify.c).
pub(super) fn follow(rule: &mut Rule, links: &[Link]) {
    for condition in &mut rule.fields {
        let is_path = matches!(condition.number(), field::PATH | field::DIR | field::EXE);
        if let (true, Field::Text { text, .. }) = (is_path, condition) {
            let followed = links.iter().find_map(|link| link.followed(text));
            *text = followed.map_or_else(|| std::mem::take(text), Into::into);
        }
    }
}

/// Returns the kernel that the rules are for.
fn kernel(arguments: &Covers) -> Result<(Profile, KernelVersion), Stop> {
    let arch: Option<Arch> = arguments.target.arch.or_else(this_machine);
    let Some(arch) = arch else {
        return Err(Stop::unanswered(
            "the syscalls of this machine are unknown; set an arch with --arch",
        ));
    };
    report::note_newer_kernel(arguments.kernel);
    let version = arguments.kernel.unwrap_or(KernelVersion::NEWEST);
    let number = nr_syscalls_at(arch, version)?;
    Ok((Profile::new(arch, number), version))
}

/// The requirements that need not be met.
struct Accepted {
    /// The name of the file.
    file: String,
    all: Vec<Acceptance>,
}

impl Accepted {
    fn read(arguments: &Covers) -> Result<Self, Stop> {
        let is_file = |path: &&std::path::PathBuf| Source::named(path) != Source::Kernel;
        let files: Vec<_> = arguments.rules.iter().filter(is_file).cloned().collect();
        let path = config::of_files(&arguments.choice, &files)?;
        let config = path.as_deref().map(config::loaded).transpose()?;
        let Config { accepted, .. } = config.unwrap_or_default();
        let file = path.map_or_else(String::new, |path| report::name_of(&path).to_string());
        Ok(Accepted { file, all: accepted })
    }

    /// Prints the acceptances of requirements that do not exist or need none.
    fn note_unused(&self, answers: &Answers<'_>) {
        for one in &self.all {
            let answer = answers.all.iter().find(|answer| answer.requirement.id == one.id);
            let why = match answer.map(|answer| answer.state) {
                None => "there is no such requirement",
                Some(State::Covered) => "it is covered",
                Some(State::NotApplicable) => "it is not applicable",
                Some(_) => continue,
            };
            report::note(format_args!(
                "{}:{} accepts `{}`, but {why}",
                self.file,
                one.line,
                crate::diag::escaped(&one.id)
            ));
        }
    }
}

/// What requirements are judged against.
struct Judging<'j> {
    judge: Judge<'j>,
    loads: &'j [Load],
    links: &'j [Link],
    /// Whether rules come from the running kernel, whose settings are not read.
    is_running: bool,
    accepted: &'j Accepted,
    today: Date,
}

impl Judging<'_> {
    fn answer(&self, required: Required) -> Result<Answer, Stop> {
        let Required { requirement, mut rules, texts, settings } = required;
        rules.iter_mut().for_each(|rule| follow(rule, self.links));
        let keys = rules.iter().flat_map(|rule| rule.keys());
        let keys = keys.map(|key| String::from_utf8_lossy(key).into_owned()).collect();
        // A requirement without a key is met under any.
        let has_keys = rules.iter().any(|rule| rule.keys().next().is_some());
        let keys_count = if has_keys { self.judge.keys } else { Keys::Ignore };
        let judge = Judge { keys: keys_count, ..self.judge };
        let judgment = match rules.as_slice() {
            [] => None,
            rules => Some(judge.judge(rules).map_err(|_| {
                Stop::unanswered(format_args!(
                    "{}: the rules of `{}` record nothing",
                    requirement.origin,
                    crate::diag::escaped(&requirement.id)
                ))
            })?),
        };
        let settings: Vec<SettingAnswer> =
            settings.into_iter().map(|(control, text)| self.setting(&control, text)).collect();
        let states = judgment.iter().map(|judgment| judgment.state);
        let states: Vec<State> = states.chain(settings.iter().map(|one| one.state)).collect();
        let state = state_of(&states);
        let is_open = matches!(state, State::Partly | State::Missing | State::Undecided);
        let acceptance = self.accepted.all.iter().find(|one| is_open && one.id == requirement.id);
        if let Some(past) = acceptance.filter(|one| one.until < self.today) {
            report::note(format_args!(
                "{}:{} accepted `{}` until {}, which is over",
                self.accepted.file,
                past.line,
                crate::diag::escaped(&past.id),
                past.until
            ));
        }
        let accepted = acceptance.filter(|one| one.until >= self.today);
        let accepted = accepted.map(|one| (one.clone(), self.accepted.file.clone()));
        Ok(Answer { requirement, state, judgment, settings, texts, keys, accepted })
    }

    /// Judges a setting by the last line that sets it.
    fn setting(&self, required: &Control, text: String) -> SettingAnswer {
        let last = self.loads.iter().rev().find_map(|load| match &load.step {
            LoadStep::Control(control)
                if std::mem::discriminant(control) == std::mem::discriminant(required) =>
            {
                Some((load.origin.clone(), control))
            }
            _ => None,
        });
        let state = match &last {
            Some((_, control)) if meets(control, required) => State::Covered,
            None if self.is_running => State::Undecided,
            _ => State::Missing,
        };
        SettingAnswer { text, state, found: last.map(|(origin, _)| origin) }
    }
}

/// Returns whether a setting meets a required one. A longer backlog meets the requirement of a shorter one.
fn meets(found: &Control, required: &Control) -> bool {
    match (found, required) {
        (Control::BacklogLimit(found), Control::BacklogLimit(required)) => found >= required,
        _ => found == required,
    }
}

/// Returns the state of a requirement from those of its parts. It has none if the machine lacks all that its rules name.
fn state_of(parts: &[State]) -> State {
    let has = |state| parts.contains(&state);
    match () {
        () if parts.iter().all(|state| *state == State::NotApplicable) => State::NotApplicable,
        () if has(State::Partly) => State::Partly,
        () if has(State::Missing) && has(State::Covered) => State::Partly,
        () if has(State::Missing) => State::Missing,
        () if has(State::Undecided) => State::Undecided,
        () => State::Covered,
    }
}

fn write(arguments: &Covers, answers: &Answers<'_>) -> Result<(), Stop> {
    let target = output::target(arguments.output.as_deref());
    if arguments.format == CoversFormat::Navigator && !has_techniques(answers) {
        report::note("no requirement has a technique; write `#@ attack T1222.002` below its id");
    }
    output::write(target, |out| match arguments.format {
        CoversFormat::Text => output::write_text(out, |text| write_covers_text(text, answers)),
        CoversFormat::Json => crate::report::write_json(out, &CoversReport::new(answers)),
        CoversFormat::Junit => write_covers_junit(out, answers),
        CoversFormat::Sarif => write_covers_sarif(out, answers),
        CoversFormat::Navigator => write_navigator(out, answers),
    })
}

fn exit(arguments: &Covers, answers: &Answers<'_>) -> Exit {
    let has = |states: &[State]| answers.open().any(|answer| states.contains(&answer.state));
    match () {
        () if arguments.exit_zero => Exit::Done,
        () if has(&[State::Partly, State::Missing]) => Exit::Findings,
        () if has(&[State::Undecided]) => Exit::Undecided,
        () => Exit::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_of_a_requirement_is_that_of_its_parts() {
        use State::{Covered, Missing, NotApplicable, Partly, Undecided};
        for (parts, expected) in [
            (&[][..], NotApplicable),
            (&[Covered], Covered),
            (&[Covered, NotApplicable], Covered),
            (&[NotApplicable], NotApplicable),
            (&[Covered, Missing], Partly),
            (&[NotApplicable, Missing], Missing),
            (&[Partly, Covered], Partly),
            (&[Undecided, Covered], Undecided),
            (&[Undecided, Missing], Missing),
        ] {
            assert_eq!(state_of(parts), expected, "{parts:?}");
        }
    }

    #[test]
    fn longer_backlog_meets_a_shorter_one() {
        assert!(meets(&Control::BacklogLimit(9000), &Control::BacklogLimit(8192)));
        assert!(!meets(&Control::BacklogLimit(64), &Control::BacklogLimit(8192)));
        assert!(!meets(&Control::Enabled(1), &Control::Enabled(2)));
        assert!(!meets(&Control::Failure(2), &Control::Failure(1)));
    }
}
