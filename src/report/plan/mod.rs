//! The report of a plan: for people, for programs, and as a file that `apply` carries out.
//!
//! | file | what |
//! |---|---|
//! | `form` | its parts, which programs read |
//! | `text` | for people |
//! | `saved` | the file |
//! | `kept` | what a kernel holds, as a file |
//! | `states` | a list of such files |
//! | `summary` | many kernels in one table |

mod form;
mod kept;
mod saved;
mod states;
mod summary;
mod text;

pub use form::{
    Action, Count, Cover, End, Kind, Lack, LeftOut, PlanReport, PlannedRequest, RuleChange,
    Setting, State,
};
pub use kept::Kept;
pub use saved::{Saved, SavedError, WantedRule, setting};
pub use states::{
    ConfirmEnd, Ending, NotKept, StateBefore, States, UnusableState, utc, write_states,
};
pub use summary::{Summary, write_summary};
pub use text::{with_others, write_plan};

use crate::catalog::Arch;
use crate::plan::{About, Meanwhile, Move, Plan, SettingChange, Stage, Step, Wave};
use crate::report::listing::{Listing, Style};
use crate::report::optimize::Digest;
use crate::rewrite::rule_line;
use crate::rule::{Placement, Request, Rule};
use crate::wire::{self, Status, to_digits};

/// The version of the form of a plan. A program can read a plan whose major number it knows.
pub const FORMAT_VERSION: &str = "1.0";

/// Seconds that a kernel takes to delete a rule: it waits until no CPU uses the list (`synchronize_rcu`).
const DELETION: f64 = 0.012;
/// Seconds that a kernel takes to add a rule.
const ADDITION: f64 = 0.000_05;

/// What is compared.
#[derive(Clone, Copy)]
pub struct Compared<'p> {
    /// The number of each loaded rule in the listing, from 1.
    pub numbers: &'p [usize],
    /// Returns the place of a wanted rule in the rules files.
    pub place: &'p dyn Fn(usize) -> String,
    /// How rules are listed.
    pub style: Style<'p>,
    /// The machine that the rules are for.
    pub arch: Arch,
}

impl State {
    /// Returns the state of a kernel that these rules and settings change.
    pub fn of(plan: &Plan, settings: &[SettingChange], is_locked: bool) -> Self {
        let differs = !plan.steps.is_empty() || !settings.is_empty();
        match (differs, is_locked) {
            (false, _) => State::Same,
            (true, false) => State::Differs,
            (true, true) => State::NextBoot,
        }
    }
}

impl Count {
    /// Returns how many rules a plan adds, deletes, moves and leaves where they are.
    pub fn of(plan: &Plan) -> Self {
        Count {
            add: plan.added(),
            delete: plan.deleted(),
            moved: plan.moves.len(),
            stay: plan.stays,
            ..Count::default()
        }
    }
}

impl From<&SettingChange> for Setting {
    fn from(change: &SettingChange) -> Self {
        let name = change.name().to_owned();
        Setting { name, from: change.from, to: change.to(), source: None }
    }
}

impl PlanReport {
    /// Returns the report of a plan.
    pub fn new(
        plan: &Plan,
        settings: &[SettingChange],
        compared: &Compared<'_>,
        is_locked: bool,
    ) -> Self {
        let requests = plan.steps.iter().filter_map(|step| compared.request(step)).collect();
        PlanReport { requests, ..Self::without_requests(plan, settings, compared, is_locked) }
    }

    /// Returns the report of a plan without its requests, which take long to write.
    pub fn without_requests(
        plan: &Plan,
        settings: &[SettingChange],
        compared: &Compared<'_>,
        is_locked: bool,
    ) -> Self {
        let changes = compared.changes(plan);
        let is_last = |one: &&SettingChange| one.stage() == Stage::Last;
        let permanent = settings.iter().filter(is_last);
        let deletions = plan.deletions();
        let additions = plan.steps.len() - deletions;
        PlanReport {
            format_version: FORMAT_VERSION.to_owned(),
            state: State::of(plan, settings, is_locked),
            changes,
            settings: settings.iter().map(Setting::from).collect(),
            requests: Vec::new(),
            count: Count::of(plan),
            gap: plan.gaps.iter().map(|wanted| (compared.place)(*wanted)).collect(),
            cannot_undo: permanent.map(|one| format!("{} {}", one.name(), one.to())).collect(),
            left_out: Vec::new(),
            seconds: seconds(additions, deletions),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn seconds(additions: usize, deletions: usize) -> f64 {
    additions as f64 * ADDITION + deletions as f64 * DELETION
}

impl Compared<'_> {
    fn number(&self, loaded: usize) -> Option<usize> {
        self.numbers.get(loaded).copied()
    }

    /// Returns a request as it is printed; `None` for a request that is not about a rule.
    fn request(&self, step: &Step) -> Option<PlannedRequest> {
        let (action, rule) = match &step.request {
            Request::Add(rule) if rule.placement == Placement::Prepend => (Action::Prepend, rule),
            Request::Add(rule) => (Action::Append, rule),
            Request::Delete(rule) => (Action::Delete, rule),
            Request::Control(_) => return None,
        };
        let (text, data) = written(rule, self.style, self.arch);
        let (source, loaded) = match step.about {
            About::Wanted(at) | About::Bridge(at) => (Some((self.place)(at)), None),
            About::Loaded(at) => (None, self.number(at)),
        };
        Some(PlannedRequest {
            action,
            rule: text,
            data,
            wave: wave_number(step.wave),
            source,
            loaded,
            bridge: matches!(step.about, About::Bridge(_)),
        })
    }

    /// Returns the rules that differ: the wanted ones in their order, then those that are deleted.
    fn changes(&self, plan: &Plan) -> Vec<RuleChange> {
        let moved = |wanted: usize| plan.moves.iter().find(|one| one.wanted == wanted);
        let mut added: Vec<(usize, RuleChange)> = Vec::new();
        let mut deleted = Vec::new();
        for step in &plan.steps {
            match (&step.request, step.about) {
                (Request::Add(rule), About::Wanted(at)) => {
                    added.push((at, self.added(at, rule, moved(at))));
                }
                (Request::Delete(rule), About::Loaded(at)) if step.wave == Wave::Deleting => {
                    deleted.push(RuleChange {
                        change: Kind::Delete,
                        rule: listed(rule, self.style),
                        source: None,
                        loaded: self.number(at),
                        meanwhile: None,
                        to: None,
                    });
                }
                _ => {}
            }
        }
        added.sort_by_key(|(at, _)| *at);
        deleted.sort_by_key(|change| change.loaded);
        added.into_iter().map(|(_, change)| change).chain(deleted).collect()
    }

    fn added(&self, at: usize, rule: &Rule, moved: Option<&Move>) -> RuleChange {
        let cover = |one: &Move| match one.meanwhile {
            Meanwhile::Bridge => Cover::Bridge,
            Meanwhile::Unneeded => Cover::Unneeded,
            Meanwhile::Gap => Cover::Gap,
        };
        let end = match rule.placement {
            Placement::Prepend => End::Front,
            Placement::Append => End::End,
        };
        RuleChange {
            change: if moved.is_some() { Kind::Move } else { Kind::Add },
            rule: listed(rule, self.style),
            source: Some((self.place)(at)),
            loaded: moved.and_then(|one| self.number(one.loaded)),
            meanwhile: moved.map(cover),
            to: moved.map(|_| end),
        }
    }
}

fn wave_number(wave: Wave) -> usize {
    match wave {
        Wave::Bridges => 1,
        Wave::Moving => 2,
        Wave::Adding => 3,
        Wave::Deleting => 4,
    }
}

/// Returns a rule as a line that has exactly its meaning, or as the kernel lists it and in bytes.
fn written(rule: &Rule, style: Style<'_>, arch: Arch) -> (String, Option<String>) {
    let plain = Rule { placement: Placement::Append, ..rule.clone() };
    let line = rule_line(&plain, arch).and_then(|line| String::from_utf8(line).ok());
    match line {
        Some(line) => (line, None),
        None => {
            let digits = to_digits(&wire::encode(&plain));
            (listed(&plain, style), Some(digits))
        }
    }
}

fn listed(rule: &Rule, style: Style<'_>) -> String {
    let text = Listing::of(style, [rule]);
    // A text of the rule can end with a space.
    String::from_utf8_lossy(text.strip_suffix(b"\n").unwrap_or(&text)).into_owned()
}

/// Returns the digest of rules in their order, and of settings.
pub fn digest(rules: &[Rule], settings: Option<&Status>) -> Digest {
    let bytes = rules.iter().map(wire::encode);
    let settings = settings.map(|status| {
        let Status { enabled, failure, rate_limit, backlog_limit, backlog_wait_time, .. } = *status;
        let words = [enabled, failure, rate_limit, backlog_limit, backlog_wait_time];
        words.into_iter().flat_map(u32::to_le_bytes).collect::<Vec<u8>>()
    });
    let all: Vec<Vec<u8>> = bytes.chain(settings).collect();
    Digest::of(all.iter().map(Vec::as_slice))
}
