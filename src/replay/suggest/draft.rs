//! A rule that silences a combination, and its place.

use super::super::maker::Maker;
use super::combinations::Combination;
use super::programs::why_not;
use super::{Set, Why};
use crate::analysis::{Arming, Load, LoadStep, Origin, arming};
use crate::catalog::{Arch, Perm, field};
use crate::ingest::is_about_call;
use crate::rewrite::short_rule_line;
use crate::rule::{
    Action, Field, FieldId, FilterList, Mask, NumberId, Op, Placement, Request, Rule,
};

/// Records that report logins, denied access or changes to auditing: `AUDIT_FIRST_USER_MSG` to `AUDIT_DAEMON_ERR`,
/// LOGIN, CONFIG_CHANGE, those of security modules and of integrity, and anomalies (linux/audit.h and libaudit.h).
const EVIDENCE: [std::ops::RangeInclusive<u32>; 6] =
    [1006..=1006, 1100..=1299, 1305..=1305, 1400..=1499, 1700..=1899, 2100..=2999];

/// Where the line of a rule goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before this line: the rule there decided the events.
    Before(Origin),
    /// After this line: it puts its rule first, or it is the last rule. What comes after it may lock the rules.
    After(Origin),
}

/// A rule that would silence a combination.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The rule.
    pub rule: Rule,
    /// Its line, which auditctl compiles to exactly this rule.
    pub line: String,
    /// Its place.
    pub place: Place,
    /// All rules with this one.
    pub arming: Arming,
}

/// Returns the narrowest rule that silences the events of a combination.
pub(super) fn draft(set: &Set<'_>, maker: &Maker, of: &Combination) -> Result<Draft, Why> {
    let no_program = if of.is_claimed { Why::Claimed } else { Why::NoProgram };
    let exe = of.exe.as_deref().ok_or(no_program)?;
    if !exe.starts_with(b"/") {
        return Err(Why::NoPath);
    }
    let auid = of.auid.ok_or(Why::NoUser)?;
    if let Some(why) = why_not(exe) {
        return Err(Why::Program(why));
    }
    if exe.ends_with(b" (deleted)") {
        return Err(Why::Deleted);
    }
    let (rule, place) = match maker {
        Maker::Rule(serial) | Maker::Keyless { rule: serial, .. } => of_rule(set, *serial, of)?,
        // A call is in the log because of rules: without its record, those of other rules would go, too.
        Maker::NoRule(Some(kind)) if is_about_call(*kind) => return Err(Why::OtherRules),
        Maker::NoRule(Some(kind)) => (of_records(*kind)?, after_all(set)?),
        Maker::NoRule(None) => return Err(Why::UnknownRecord),
        Maker::OneOf(..) => return Err(Why::SeveralRules),
        Maker::OtherRule { .. } => return Err(Why::OtherRules),
        Maker::Incomplete => return Err(Why::Incomplete),
    };
    let rule = with_task(rule, exe, auid);
    let seen = of.syscalls.as_deref().filter(|_| rule.list == FilterList::Exit);
    let narrow = narrowed(&rule.mask, seen);
    // With `perm`, a line has all syscalls of its permissions.
    let of_perm = with_perm(&narrow, &rule).filter(|mask| rule.mask.contains_all(mask));
    let masks = [Some(narrow), of_perm, Some(rule.mask.clone())].into_iter().flatten();
    let mut rules = masks.map(|mask| Rule { mask, ..rule.clone() });
    let written = rules.find_map(|rule| Some((written(&rule, set.arming.arch)?, rule)));
    let has_name = is_shown_as_meant(exe);
    let why = if has_name { Why::Unwritable } else { Why::UnwritableName };
    let (line, rule) = written.ok_or(why)?;
    let at = match &place {
        Place::Before(origin) => set.loads.iter().position(|load| is_rule_at(load, origin)),
        Place::After(origin) => {
            set.loads.iter().rposition(|load| is_rule_at(load, origin)).map(|at| at + 1)
        }
    };
    let arming = loaded_with(set, at.ok_or(Why::Refused)?, &rule).ok_or(Why::Refused)?;
    Ok(Draft { rule, line, place, arming })
}

/// Returns a rule that silences what a rule records, and its place: an event that comes so far meets no rule before.
fn of_rule(set: &Set<'_>, serial: usize, of: &Combination) -> Result<(Rule, Place), Why> {
    let mut entries = set.arming.kernel().entries();
    let deciding = entries.find(|entry| entry.serial() == serial).ok_or(Why::Refused)?;
    let origin = set.arming.origin_of(serial).ok_or(Why::Refused)?.clone();
    let recording = deciding.rule();
    let arch = of.arch.ok_or(Why::NoArch)?;
    if recording.list != FilterList::Exit {
        return Err(Why::NotACall);
    }
    let placement = deciding.placement().unwrap_or(Placement::Append);
    let mut rule = Rule { action: Action::Never, placement, ..recording.clone() };
    rule.fields.retain(|condition| condition.number() != field::KEY);
    if !rule.fields.iter().any(|condition| condition.number() == field::ARCH) {
        rule.fields.insert(0, number(NumberId::ARCH, arch.elf()));
    }
    let place = match placement {
        Placement::Append => Place::Before(origin),
        Placement::Prepend => Place::After(origin),
    };
    Ok((rule, place))
}

/// Returns the line of a rule. What is printed is what is meant.
fn written(rule: &Rule, machine: Arch) -> Option<String> {
    let line = String::from_utf8(short_rule_line(rule, machine)?).ok()?;
    is_shown_as_meant(line.as_bytes()).then_some(line)
}

/// Returns whether no byte of a text needs an escape of the terminal.
fn is_shown_as_meant(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Returns the syscalls of a mask that the log has. Records without a call have none.
fn narrowed(mask: &Mask, seen: Option<&[u32]>) -> Mask {
    let Some(seen) = seen else { return mask.clone() };
    let mut narrow = Mask::EMPTY;
    let are_held = seen.iter().all(|number| mask.contains(*number) && narrow.insert(*number));
    if are_held && !narrow.is_empty() { narrow } else { mask.clone() }
}

/// Returns a mask with the syscalls of the permissions that a rule asks for.
fn with_perm(mask: &Mask, rule: &Rule) -> Option<Mask> {
    let number_of = |wanted: u32| {
        rule.fields.iter().find_map(|condition| match condition {
            Field::Number { id, value, .. } if id.number() == wanted => Some(*value),
            _ => None,
        })
    };
    let (perms, arch) = (number_of(field::PERM)?, Arch::from_elf(number_of(field::ARCH)?)?);
    let asked = Perm::ALL.into_iter().filter(|perm| perms & perm.bit() != 0);
    let mut mask = mask.clone();
    let are_held = asked.flat_map(|perm| perm.numbers(arch)).all(|number| mask.insert(*number));
    are_held.then_some(mask)
}

/// Returns a rule that drops records of a type.
fn of_records(kind: u32) -> Result<Rule, Why> {
    if EVIDENCE.iter().any(|kinds| kinds.contains(&kind)) {
        return Err(Why::Evidence);
    }
    let mut rule = Rule::new(FilterList::Exclude, Action::Always);
    rule.mask = Mask::ALL;
    let FieldId::Number(msgtype) = FieldId::of(field::MSGTYPE) else { return Err(Why::Refused) };
    rule.fields.push(number(msgtype, kind));
    Ok(rule)
}

/// Adds the program and the user. The conditions of the rule on the user hold for this one.
fn with_task(mut rule: Rule, exe: &[u8], auid: u32) -> Rule {
    rule.fields
        .retain(|condition| !matches!(condition.number(), field::AUID | field::LOGINUID_SET));
    if let FieldId::Text(id) = FieldId::of(field::EXE) {
        let program = Field::Text { id, op: Op::EQUAL, text: exe.into() };
        if !rule.fields.contains(&program) {
            rule.fields.push(program);
        }
    }
    if let FieldId::Number(id) = FieldId::of(field::AUID) {
        rule.fields.push(number(id, auid));
    }
    rule
}

fn number(id: NumberId, value: u32) -> Field {
    Field::Number { id, op: Op::EQUAL, value }
}

/// Returns the place after all rules.
fn after_all(set: &Set<'_>) -> Result<Place, Why> {
    let last = set.loads.iter().rev().find(|load| matches!(load.step, LoadStep::Add(_)));
    last.map(|load| Place::After(load.origin.clone())).ok_or(Why::Refused)
}

fn is_rule_at(load: &Load, origin: &Origin) -> bool {
    load.origin == *origin && matches!(load.step, LoadStep::Add(_))
}

/// Returns all rules with one more; `None` if the kernel refuses it.
fn loaded_with(set: &Set<'_>, at: usize, rule: &Rule) -> Option<Arming> {
    let mut loads = set.loads.to_vec();
    let origin = Origin { file: SUGGESTION.into(), line: 1 };
    loads.insert(at.min(loads.len()), Load::new(origin, Request::Add(rule.clone())));
    let with = arming(set.arming.kernel().profile(), &loads);
    let is_there = with.kernel().len() == set.arming.kernel().len() + 1
        && with.refused.len() == set.arming.refused.len();
    is_there.then_some(with)
}

/// The name of the file of a suggested rule.
const SUGGESTION: &str = "suggestion";
