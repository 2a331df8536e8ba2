//! Events that meet the conditions of a rule.

use super::NoCase;
use crate::catalog::{self, field};
use crate::eval::{Address, Event, Kind, Name, Outcome, UNSET};
use crate::rule::{Field, Op, Rule};

/// Changes the event so that all conditions hold. `flags_for` returns the flags of open with which the syscall has a
/// permission, if it needs some. The comparisons of two fields come last: they keep the values of other conditions.
pub(super) fn meet_all(
    rule: &Rule,
    event: &mut Event,
    flags_for: impl Fn(u32) -> Option<Option<u32>>,
) -> Result<(), NoCase> {
    let is_comparison = |condition: &Field| condition.number() == field::FIELD_COMPARE;
    let indexed = || rule.fields.iter().enumerate();
    for (index, condition) in indexed().filter(|(_, one)| !is_comparison(one)) {
        meet(condition, event, &flags_for).ok_or(NoCase::Condition(index))?;
    }
    for (index, condition) in indexed().filter(|(_, one)| is_comparison(one)) {
        compared(condition, event).ok_or(NoCase::Condition(index))?;
    }
    Ok(())
}

/// Changes the event so that a condition holds; `None` if it cannot be met this way.
fn meet(
    condition: &Field,
    event: &mut Event,
    flags_for: impl Fn(u32) -> Option<Option<u32>>,
) -> Option<()> {
    match condition {
        Field::Text { text, op, .. } => match condition.number() {
            field::KEY => {}
            field::PATH => event.names = Some(vec![named(text.to_vec())]),
            field::DIR => {
                let path = [text.strip_suffix(b"/").unwrap_or(text), b"/file"].concat();
                event.names = Some(vec![named(path)]);
            }
            field::EXE if *op == Op::EQUAL => event.task.exe = Some(text.to_vec()),
            field::EXE => event.task.exe = Some(b"/usr/bin/true".to_vec()),
            _ => return None,
        },
        Field::Number { op, value, .. } => {
            let allowed = [*value, value.wrapping_add(1), value.wrapping_sub(1), 1000, 0];
            let fits = |candidate: &u32| op.compares(*candidate, *value);
            match condition.number() {
                field::ARCH => {}
                field::PERM => {
                    let flags = flags_for(*value)?;
                    event.call.open_flags = flags.or(event.call.open_flags);
                }
                field::MSGTYPE => {
                    let known = record_of(event.kind).filter(fits);
                    let record = known.or_else(|| allowed.into_iter().find(fits))?;
                    event.kind = with_record(event.kind, record)?;
                }
                field::FSTYPE => {
                    let fstype = Some(allowed.into_iter().find(fits)?);
                    event.names = Some(vec![Name { fstype, ..Name::default() }]);
                }
                field::AUID => {
                    let known = event.task.auid.filter(fits);
                    event.task.auid = Some(known.or_else(|| {
                        [1000]
                            .into_iter()
                            .chain(allowed)
                            .filter(|one| *one != UNSET || *op == Op::EQUAL)
                            .find(fits)
                    })?);
                }
                field::UID..=field::FSGID => {
                    let known = event.task.ids.get(condition.number()).filter(fits);
                    event
                        .task
                        .ids
                        .set(condition.number(), known.or_else(|| allowed.into_iter().find(fits))?);
                }
                field::SUCCESS => {
                    let success = (*value != 0) == (*op == Op::EQUAL);
                    event.call.outcome = Outcome::Returned { value: None, success: Some(success) };
                }
                field::EXIT => {
                    let result = allowed.into_iter().find(fits)?.cast_signed();
                    event.call.outcome =
                        Outcome::Returned { value: Some(result.into()), success: None };
                }
                field::A0..=field::A3 => {
                    let index = usize::try_from(condition.number() - field::A0).ok()?;
                    *event.call.args.get_mut(index)? = Some(allowed.into_iter().find(fits)?.into());
                }
                field::SADDR_FAM => {
                    event.call.address = Address::Family(allowed.into_iter().find(fits)?);
                }
                field::SESSIONID => event.task.sessionid = Some(allowed.into_iter().find(fits)?),
                field::PID => event.task.pid = Some(allowed.into_iter().find(fits)?),
                field::PPID => event.task.ppid = Some(allowed.into_iter().find(fits)?),
                field::PERS => event.task.pers = Some(allowed.into_iter().find(fits)?),
                _ => return None,
            }
        }
    }
    Some(())
}

/// Changes the event so that a comparison of two ids holds.
fn compared(condition: &Field, event: &mut Event) -> Option<()> {
    let (op, left, right) = comparison(condition)?;
    let other = |id: u32| if op == Op::EQUAL { id } else { another(id) };
    match (id_of(event, left), id_of(event, right)) {
        (Some(one), Some(two)) => op.compares(one, two).then_some(()),
        (Some(one), None) => set_id(event, right, other(one)),
        (None, two) => {
            let two = two.unwrap_or(0);
            set_id(event, right, two)?;
            set_id(event, left, other(two))
        }
    }
}

/// Returns the operator of a comparison and the numbers of its two fields.
pub(super) fn comparison(condition: &Field) -> Option<(Op, u32, u32)> {
    let Field::Number { op, value, .. } = condition else { return None };
    let (left, right) = catalog::compare_pair(*value)?;
    let number = |name: &str| catalog::field_number(name.as_bytes());
    Some((*op, number(left)?, number(right)?))
}

pub(super) fn another(id: u32) -> u32 {
    if id == 0 { 1000 } else { 0 }
}

pub(super) fn id_of(event: &Event, number: u32) -> Option<u32> {
    match number {
        field::AUID => event.task.auid,
        _ => event.task.ids.get(number),
    }
}

/// Sets an id of the task, or the owner of its file.
pub(super) fn set_id(event: &mut Event, number: u32, id: u32) -> Option<()> {
    match number {
        field::AUID => event.task.auid = Some(id),
        field::OBJ_UID | field::OBJ_GID => {
            let names = event.names.get_or_insert_with(|| vec![named(b"/file".to_vec())]);
            for name in names {
                *(if number == field::OBJ_UID { &mut name.ouid } else { &mut name.ogid }) =
                    Some(id);
            }
        }
        _ => return event.task.ids.set(number, id).then_some(()),
    }
    Some(())
}

fn record_of(kind: Kind) -> Option<u32> {
    match kind {
        Kind::User(record) | Kind::Record(record) => record,
        _ => None,
    }
}

pub(super) fn with_record(kind: Kind, record: u32) -> Option<Kind> {
    match kind {
        Kind::User(_) => Some(Kind::User(Some(record))),
        Kind::Record(_) => Some(Kind::Record(Some(record))),
        _ => None,
    }
}

pub(super) fn named(path: Vec<u8>) -> Name {
    Name { path: Some(path), ..Name::default() }
}
