//! Answers for programs.

use std::borrow::Cow;

use serde::Serialize;

use super::{Answer, Answers, Neighbor, Totals, name};
use crate::eval::Decision;
use crate::relate::requirement::{Judgment, Step};
use crate::relate::sets::Evidence;
use crate::report::place::Place;

/// The answers, as `docs/schema/covers.schema.json` describes them.
#[derive(Serialize)]
pub struct CoversReport<'a> {
    version: u32,
    requirements: Vec<Row<'a>>,
    totals: Totals,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: Option<&'a str>,
    source: Option<&'a str>,
    attack: &'a [String],
    place: Place<'a>,
    state: &'static str,
    accepted: Option<Accepted<'a>>,
    covered_by: Vec<Place<'a>>,
    missed: Vec<Missed<'a>>,
    /// A rule that would record the first missed event, but comes too late.
    too_late: Option<Place<'a>>,
    change: Option<Vec<StepView<'a>>>,
    settings: Vec<SettingView<'a>>,
    depends_on: Vec<&'static str>,
}

#[derive(Serialize)]
struct Accepted<'a> {
    reason: &'a str,
    until: String,
    place: AcceptedPlace<'a>,
}

#[derive(Serialize)]
struct AcceptedPlace<'a> {
    file: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct Missed<'a> {
    witness: String,
    decision: &'static str,
    rule: Option<Place<'a>>,
    keys: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum StepView<'a> {
    AddSyscalls { to: Option<Place<'a>>, syscalls: Vec<String> },
    AddRule { text: String, before: Option<Place<'a>>, after: Option<Place<'a>> },
    Delete { rule: Option<Place<'a>> },
}

#[derive(Serialize)]
struct SettingView<'a> {
    text: &'a str,
    state: &'static str,
    found: Option<Place<'a>>,
}

impl<'a> CoversReport<'a> {
    /// Returns the report of the answers.
    pub fn new(answers: &'a Answers<'a>) -> Self {
        let requirements = answers.all.iter().map(|answer| row(answers, answer)).collect();
        CoversReport { version: 1, requirements, totals: answers.totals() }
    }
}

fn row<'a>(answers: &'a Answers<'a>, answer: &'a Answer) -> Row<'a> {
    let requirement = &answer.requirement;
    let judgment = answer.judgment.as_ref();
    let place = |serial: usize| answers.origin(serial).map(Place::from);
    let coverage = judgment.map(|judgment| &judgment.coverage);
    let by = coverage.into_iter().flat_map(|coverage| &coverage.by);
    let missed = coverage.into_iter().flat_map(|coverage| &coverage.missed);
    let open = coverage.into_iter().flat_map(|coverage| &coverage.undecided);
    let mut depends_on: Vec<&'static str> =
        open.flat_map(|open| open.attributes.iter().map(|attribute| attribute.name())).collect();
    depends_on.sort_unstable();
    depends_on.dedup();
    Row {
        id: &requirement.id,
        title: requirement.title.as_deref(),
        source: requirement.source.as_deref(),
        attack: &requirement.attack,
        place: Place::from(&requirement.origin),
        state: name(answer.state),
        accepted: answer.accepted.as_ref().map(|(accepted, file)| Accepted {
            reason: &accepted.reason,
            until: accepted.until.to_string(),
            place: AcceptedPlace { file, line: accepted.line },
        }),
        covered_by: by.filter_map(|serial| place(*serial)).collect(),
        missed: missed.map(|missed| missed_view(answers, missed)).collect(),
        too_late: judgment.and_then(|judgment| place(judgment.too_late?)),
        change: judgment.and_then(|judgment| change(answers, answer, judgment)),
        settings: answer
            .settings
            .iter()
            .map(|setting| SettingView {
                text: &setting.text,
                state: name(setting.state),
                found: setting.found.as_ref().map(Place::from),
            })
            .collect(),
        depends_on,
    }
}

fn missed_view<'a>(answers: &'a Answers<'a>, missed: &'a Evidence) -> Missed<'a> {
    let decision: &Decision = &missed.new;
    Missed {
        witness: answers.witness(missed),
        decision: decision.verdict.name(),
        rule: decision.rule.and_then(|serial| answers.origin(serial)).map(Place::from),
        keys: decision.keys.iter().map(|key| String::from_utf8_lossy(key)).collect(),
    }
}

fn change<'a>(
    answers: &'a Answers<'a>,
    answer: &'a Answer,
    judgment: &'a Judgment,
) -> Option<Vec<StepView<'a>>> {
    let place = |serial: usize| answers.origin(serial).map(Place::from);
    let steps = judgment.change.as_ref()?.steps.iter().map(|step| match step {
        Step::AddSyscalls { to, syscalls } => {
            StepView::AddSyscalls { to: place(*to), syscalls: answers.syscalls(syscalls) }
        }
        Step::AddRule { rule, whole, before } => {
            let (text, neighbor) = answers.addition(answer, (rule, *whole), *before);
            let (before, after) = match neighbor {
                Some(Neighbor::Before(line)) => (Some(Place::from(line)), None),
                Some(Neighbor::After(line)) => (None, Some(Place::from(line))),
                None => (None, None),
            };
            StepView::AddRule { text, before, after }
        }
        Step::Delete(serial) => StepView::Delete { rule: place(*serial) },
    });
    Some(steps.collect())
}
