//! C105 `contradiction`. Its page is the Markdown file of the same name.

use foldhash::HashMap;

use crate::catalog::{field, field_name};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::relate::requirement::needed;
use crate::relate::{Decides, Deciding, ResultConflict};
use crate::rewrite::line::listed;
use crate::rule::{Action, Field, FilterList, Mask, Rule};
use crate::ruleset::{FileSpan, LoadedRule};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C105",
    name: "contradiction",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c105_contradiction.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let mut exactly = Exactly::new(facts.deciding(scope));
    for rule in facts.rules() {
        let Some(conditions) = facts.conditions(rule) else { continue };
        if let Some(number) = conditions.contradiction() {
            findings.push(finding(rule, number));
        } else if let Some(conflict) = conditions.result_conflict() {
            findings.push(result_finding(rule, exactly.conflict(rule.kernel_rule, conflict)));
        } else if let Some(fields) = exactly.contradiction(rule.kernel_rule) {
            findings.push(written_finding(facts, rule, &fields));
        }
    }
}

/// Whether conditions on several fields can hold together.
struct Exactly {
    deciding: Deciding,
    /// By the conditions, without keys.
    known: HashMap<Vec<Field>, Option<Vec<Field>>>,
}

impl Exactly {
    /// Maximum number of questions, to limit the time.
    const MOST: usize = 100;

    fn new(deciding: Deciding) -> Self {
        Exactly { deciding, known: HashMap::default() }
    }

    /// Returns the conflict as it is for the calls that this kernel has.
    fn conflict(&self, rule: &Rule, conflict: ResultConflict) -> ResultConflict {
        match self.deciding.after(&[], rule) {
            Decides::Nothing => ResultConflict::Always,
            _ => conflict,
        }
    }

    /// Returns few conditions of a rule on the list exit that are proved to contradict each other, for any syscall.
    fn contradiction(&mut self, rule: &Rule) -> Option<Vec<Field>> {
        if rule.list != FilterList::Exit || !may_contradict(&rule.fields) {
            return None;
        }
        let counts = |condition: &&Field| condition.number() != field::KEY;
        let fields: Vec<Field> = rule.fields.iter().filter(counts).cloned().collect();
        if let Some(known) = self.known.get(&fields) {
            return known.clone();
        }
        if self.known.len() >= Self::MOST {
            return None;
        }
        let with = |places: &[usize]| {
            let mut rule = Rule::new(FilterList::Exit, Action::Always);
            rule.mask = Mask::ALL;
            rule.fields = places.iter().filter_map(|at| fields.get(*at).cloned()).collect();
            rule
        };
        let never_hold =
            |places: &[usize]| self.deciding.after(&[], &with(places)) == Decides::Nothing;
        let all: Vec<usize> = (0..fields.len()).collect();
        let found = never_hold(&all).then(|| with(&needed(all, never_hold)).fields.to_vec());
        self.known.insert(fields, found.clone());
        found
    }
}

/// Returns whether conditions can contradict each other in other ways than those on one number.
fn may_contradict(fields: &[Field]) -> bool {
    let count = |is: &dyn Fn(u32) -> bool| fields.iter().filter(|one| is(one.number())).count();
    let has_two = |number: u32| count(&|own| own == number) > 1;
    let is_id = |number| matches!(number, field::UID..=field::FSGID | field::AUID);
    let singles = [field::EXE, field::PERM, field::FILETYPE].into_iter();
    singles.chain(field::SUBJ_USER..=field::SUBJ_CLR).any(has_two)
        || has_two(field::FIELD_COMPARE)
        || count(&|own| own == field::FIELD_COMPARE) > 0 && count(&is_id) > 0
        || count(&|own| own == field::PERM) > 0
            && count(&|own| (field::A0..=field::A2).contains(&own)) > 0
}

/// Returns the finding for conditions as they are written.
fn written_finding(facts: &Facts<'_, '_>, rule: &LoadedRule<'_, '_>, fields: &[Field]) -> Finding {
    let conditions = placed(rule.rule, rule.line).filter(|(field, _)| fields.contains(field));
    let mut places: Vec<FileSpan> = conditions.map(|(_, place)| place).collect();
    let texts = places.iter().filter_map(|place| {
        let text = facts.compiled.set.source(place.file)?.text().get(place.span.range())?;
        Some(String::from_utf8_lossy(text).into_owned())
    });
    let texts: Vec<String> = texts.collect();
    let place = places.pop().unwrap_or_else(|| rule.line.whole());
    let message = format!("{} cannot all hold", listed(texts.iter().map(String::as_str)));
    let finding = Finding::new(&LINT, place, message)
        .label("the rule never matches")
        .help("remove one of them: a rule matches only if all of its conditions hold");
    places.into_iter().fold(finding, |finding, other| finding.related(other, "another of them"))
}

fn finding(rule: &LoadedRule<'_, '_>, number: u32) -> Finding {
    let name = field_name(number).unwrap_or("the field");
    let fields = placed(rule.rule, rule.line).filter(|(field, _)| field.number() == number);
    let mut places: Vec<_> = fields.map(|(_, place)| place).collect();
    let place = places.pop().unwrap_or_else(|| rule.line.whole());
    if places.is_empty() {
        let help = match number {
            field::EXIT => {
                "write `success=0` for all errors: the kernel compares `exit` without a sign"
            }
            _ => "check the value: numbers are unsigned, from 0 to 4294967295",
        };
        return Finding::new(&LINT, place, format!("this condition on `{name}` never holds"))
            .label("the rule never matches")
            .help(help);
    }
    let message = format!("these conditions on `{name}` cannot all hold");
    let mut finding = Finding::new(&LINT, place, message).label("the rule never matches");
    finding = finding.help(match number {
        field::MSGTYPE => "write one rule for each type: a record has exactly one",
        _ => "remove one of them, or write a rule for each: a rule matches only if all of its conditions hold",
    });
    for other in places {
        finding = finding.related(other, "the other condition");
    }
    finding
}

/// Returns the finding for `success` against `exit`.
fn result_finding(rule: &LoadedRule<'_, '_>, conflict: ResultConflict) -> Finding {
    let place = |number| {
        let mut fields = placed(rule.rule, rule.line);
        let found = fields.find(|(field, _)| field.number() == number).map(|(_, place)| place);
        found.unwrap_or_else(|| rule.line.whole())
    };
    let (message, label) = match conflict {
        ResultConflict::Always => (
            "these conditions on `exit` and `success` cannot both hold".to_owned(),
            "the rule never matches",
        ),
        ResultConflict::UnlessLarge(result) => (
            format!("`exit` and `success` both hold only for results such as {result}"),
            "the rule matches no call that fails",
        ),
    };
    Finding::new(&LINT, place(field::EXIT), message)
        .label(label)
        .help("write one of the two: a syscall fails exactly if its result is an error")
        .related(place(field::SUCCESS), "the other condition")
}
