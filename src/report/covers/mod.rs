//! The requirements that rules cover, and what they miss: `rauditctl covers`.

mod json;
mod junit;
mod navigator;
mod sarif;
mod text;

pub use json::CoversReport;
pub use junit::write_covers_junit;
pub use navigator::{has_techniques, write_navigator};
pub use sarif::write_covers_sarif;
pub use text::write_covers_text;

use crate::analysis::{Arming, Origin};
use crate::cases::Requirement;
use crate::catalog;
use crate::diag::escaped;
use crate::eval::{Notation, Verdict};
use crate::lint::config::Acceptance;
use crate::model::Entry;
use crate::relate::requirement::{Judgment, State, Step};
use crate::relate::sets::Evidence;
use crate::report::argument::NoNames;
use crate::report::listing::{Listing, Style};
use crate::rewrite::rule_line;
use crate::rule::{Field, LOCKED, Placement, Rule};

/// The answers about all requirements.
pub struct Answers<'a> {
    /// The rules.
    pub set: &'a Arming,
    /// One answer for each requirement, in the order of the files.
    pub all: Vec<Answer>,
}

/// The answer about one requirement.
pub struct Answer {
    /// The requirement.
    pub requirement: Requirement,
    /// How far it is met.
    pub state: State,
    /// The judgment of its rules; `None` if it has none on this machine.
    pub judgment: Option<Judgment>,
    /// The answers about its settings.
    pub settings: Vec<SettingAnswer>,
    /// Its rules, as they are written.
    pub texts: Vec<String>,
    /// The keys of its rules.
    pub keys: Vec<String>,
    /// Why it need not be met, and the file with the reason.
    pub accepted: Option<(Acceptance, String)>,
}

/// The answer about a setting.
pub struct SettingAnswer {
    /// The required setting.
    pub text: String,
    /// Whether it is set.
    pub state: State,
    /// The last line that sets it, to any value.
    pub found: Option<Origin>,
}

/// The line beside which a new rule comes in its file.
enum Neighbor<'a> {
    Before(&'a Origin),
    After(&'a Origin),
}

/// The numbers of requirements.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub(super) struct Totals {
    requirements: usize,
    covered: usize,
    partly: usize,
    missing: usize,
    not_applicable: usize,
    accepted: usize,
    undecided: usize,
}

impl Answers<'_> {
    /// Returns the answers that are not accepted.
    pub fn open(&self) -> impl Iterator<Item = &Answer> {
        self.all.iter().filter(|answer| answer.accepted.is_none())
    }

    fn totals(&self) -> Totals {
        let mut totals = Totals { requirements: self.all.len(), ..Totals::default() };
        for answer in &self.all {
            *match (answer.accepted.is_some(), answer.state) {
                (true, _) => &mut totals.accepted,
                (_, State::Covered) => &mut totals.covered,
                (_, State::Partly) => &mut totals.partly,
                (_, State::Missing) => &mut totals.missing,
                (_, State::NotApplicable) => &mut totals.not_applicable,
                (_, State::Undecided) => &mut totals.undecided,
            } += 1;
        }
        totals
    }

    fn origin(&self, serial: usize) -> Option<&Origin> {
        self.set.origin_of(serial)
    }

    fn place(&self, serial: usize) -> String {
        self.origin(serial).map_or_else(|| "a rule".to_owned(), ToString::to_string)
    }

    fn witness(&self, missed: &Evidence) -> String {
        Notation::new(&missed.event, self.set.arch).to_string()
    }

    /// Returns what happens to a missed event instead of a record.
    fn instead(&self, missed: &Evidence, too_late: Option<usize>) -> Option<String> {
        let by = self.place(missed.new.rule?);
        Some(match (missed.new.verdict, too_late) {
            (Verdict::Silenced, Some(late)) => {
                format!("{} has it, but {by} decides first", self.place(late))
            }
            (Verdict::Silenced, None) => format!("{by} silences it"),
            (Verdict::Excluded, _) => format!("{by} excludes its record"),
            (Verdict::NoContext, _) => format!("{by} gives its task no audit context"),
            (Verdict::Recorded, _) => format!("{by} records it with another key"),
            _ => return None,
        })
    }

    /// Returns the `-e 2` after which the kernel takes no rules.
    fn lock(&self) -> Option<&Origin> {
        let (origin, value) = self.set.enabled.as_ref()?;
        (*value == LOCKED).then_some(origin)
    }

    /// Returns an added rule as text, and its place. A rule that comes before one of `-A` needs `-A` itself, after that
    /// one in the file. Every rule comes before the line that locks the rules.
    fn addition(
        &self,
        answer: &Answer,
        (rule, whole): (&Rule, Option<usize>),
        before: Option<usize>,
    ) -> (String, Option<Neighbor<'_>>) {
        let is_prepended = |serial: &usize| {
            let entry = self.set.kernel().entries().find(|entry| entry.serial() == *serial);
            entry.and_then(Entry::placement) == Some(Placement::Prepend)
        };
        match before {
            Some(before) if is_prepended(&before) => {
                let rule = Rule { placement: Placement::Prepend, ..rule.clone() };
                (self.line(&rule), self.origin(before).map(Neighbor::After))
            }
            _ => {
                let as_required = whole.and_then(|number| answer.texts.get(number)).cloned();
                let text = as_required.unwrap_or_else(|| self.line(rule));
                let before = before.and_then(|serial| self.origin(serial));
                (text, before.or_else(|| self.lock()).map(Neighbor::Before))
            }
        }
    }

    /// Returns a rule as a line that compiles to it; as auditctl lists it if there is no such line.
    fn line(&self, rule: &Rule) -> String {
        let line = rule_line(rule, self.set.arch).unwrap_or_else(|| {
            let machine = Some(self.set.arch);
            let style = Style { interpret: false, machine, keep_arch: false, names: &NoNames };
            Listing::of(style, [rule]).trim_ascii_end().to_vec()
        });
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Returns the syscalls of a rule, as `-S` has them.
    fn syscalls(&self, rule: &Rule) -> Vec<String> {
        let arch = rule.fields.iter().find_map(|condition| match condition {
            Field::Number { value, .. } if condition.number() == catalog::field::ARCH => {
                catalog::Arch::from_elf(*value)
            }
            _ => None,
        });
        let arch = arch.unwrap_or(self.set.arch);
        let name = |number| {
            let name = catalog::syscall_name(arch, number);
            name.map_or_else(|| number.to_string(), str::to_owned)
        };
        rule.mask.iter().map(name).collect()
    }

    /// Returns one step of a change as a sentence.
    fn step(&self, answer: &Answer, step: &Step) -> String {
        match step {
            Step::AddSyscalls { to, syscalls } => {
                format!("add to {}: -S {}", self.place(*to), self.syscalls(syscalls).join(","))
            }
            Step::AddRule { rule, whole, before } => {
                let (text, place) = self.addition(answer, (rule, *whole), *before);
                let place = match place {
                    Some(Neighbor::Before(line)) => format!(" before {line}"),
                    Some(Neighbor::After(line)) => format!(" after {line}"),
                    None => String::new(),
                };
                format!("add{place}: {text}")
            }
            Step::Delete(serial) => format!("delete {}", self.place(*serial)),
        }
    }

    /// Returns what is wrong with an answer, and what covers it, as sentences.
    fn sentences(&self, answer: &Answer) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some(judgment) = &answer.judgment {
            if let Some(missed) = judgment.coverage.missed.first() {
                sentences.push(format!("missed: {}", escaped(&self.witness(missed))));
                let others = judgment.coverage.missed.len() - 1;
                if others > 0 {
                    sentences.push(format!("and {others} more with other rules"));
                }
                sentences.extend(self.instead(missed, judgment.too_late));
            }
            if judgment.state == State::Undecided {
                sentences.push(self.doubt(judgment));
            }
            if judgment.change.is_none() && matches!(judgment.state, State::Partly | State::Missing)
            {
                sentences.push("no change was found that is proved to cover it".to_owned());
            }
            let steps = judgment.change.iter().flat_map(|change| &change.steps);
            sentences.extend(steps.map(|step| escaped(&self.step(answer, step)).into_owned()));
        }
        for setting in answer.settings.iter().filter(|one| one.state != State::Covered) {
            let text = escaped(&setting.text);
            sentences.push(match (&setting.found, setting.state) {
                (Some(found), _) => format!("required: {text}, but {found} sets another value"),
                (None, State::Undecided) => format!("required: {text}; settings are not read"),
                (None, _) => format!("required: {text}"),
            });
        }
        sentences
    }

    fn doubt(&self, judgment: &Judgment) -> String {
        let Some(open) = judgment.coverage.undecided.first() else {
            return "the search among all events reached its limit; ask about fewer rules"
                .to_owned();
        };
        let by = open.new.map_or_else(|| "the requirement".to_owned(), |rule| self.place(rule));
        match open.attributes.short_names().as_slice() {
            [] => format!("it depends on {by}"),
            names => format!("{by} asks for {}", names.join(", ")),
        }
    }
}

/// Returns the name of a state in JSON and as text.
fn name(state: State) -> &'static str {
    match state {
        State::Covered => "covered",
        State::Partly => "partly",
        State::Missing => "missing",
        State::NotApplicable => "not applicable",
        State::Undecided => "undecided",
    }
}
