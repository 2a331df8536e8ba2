//! Events that a rule decides, and their neighbors on the other side of each boundary.

use crate::analysis::Arming;
use crate::catalog::{self, Arch, Perm, field};
use crate::eval::{Evaluator, Event, Kind, Name, Outcome, Syscall, UNSET, Verdict, filled};
use crate::model::{AccessTable, Entry, names_no_file, never_returns};
use crate::rule::{Field, FilterList, Op, Rule};

/// Events for one rule, each decided by the evaluator.
#[derive(Debug, Default)]
pub struct Generated {
    /// Events that the rule decides.
    pub decided: Vec<Event>,
    /// Events that differ from the first of these in one attribute, and that the rule does not decide.
    pub others: Vec<Event>,
    /// Why there are none.
    pub missing: Option<NoCase>,
}

/// The reason why there is no event that a rule decides. The later ones say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoCase {
    /// No syscall or operation of the machine is in its mask.
    Syscalls,
    /// None of its syscalls names a file.
    Files,
    /// No event is made for the condition at this index of its fields.
    Condition(usize),
    /// No event that was tried matches it.
    Unmatched,
    /// The decision about every event that was tried is open.
    Open,
    /// Another rule, by its serial, decides the events that were tried.
    Rule(usize),
}

/// The most syscalls that are tried.
const MOST_SYSCALLS: usize = 64;
/// The types of the records for rules that do not name one (linux/audit.h).
const USER_AUTH: u32 = 1100;
const SYSCALL: u32 = 1300;

/// Returns events for the rule with this serial. If the rule decides none, there are no others.
pub fn generate(serial: usize, evaluator: &Evaluator, arming: &Arming) -> Generated {
    let entry = arming.kernel().entries().find(|entry| entry.serial() == serial);
    let Some(rule) = entry.map(Entry::rule) else { return Generated::default() };
    let (mut decided, mut missing): (Option<Event>, _) = (None, NoCase::Syscalls);
    for candidate in candidates(rule, arming) {
        let found = candidate.and_then(|event| decided_by(serial, event, evaluator));
        match found {
            Ok(event) if decided.as_ref().is_none_or(|known| size(&event) < size(known)) => {
                decided = Some(event);
            }
            Ok(_) => {}
            Err(why) => missing = missing.max(why),
        }
    }
    let Some(event) = decided else {
        return Generated { missing: Some(missing), ..Generated::default() };
    };
    let others = neighbors(rule, &event, arming.arch);
    let others = others.into_iter().map(|other| filled(other, evaluator)).filter(|other| {
        let decision = evaluator.decide(other);
        decision.rule != Some(serial) && decision.verdict != Verdict::Undecided
    });
    Generated { others: others.collect(), decided: vec![event], missing: None }
}

/// Returns the event, with ordinary values for what is unknown, if the rule decides it.
fn decided_by(serial: usize, event: Event, evaluator: &Evaluator) -> Result<Event, NoCase> {
    let event = filled(event, evaluator);
    let decision = evaluator.decide(&event);
    match decision.rule {
        _ if decision.verdict == Verdict::Undecided => Err(NoCase::Open),
        Some(rule) if rule == serial => Ok(event),
        Some(rule) => Err(NoCase::Rule(rule)),
        None => Err(NoCase::Unmatched),
    }
}

/// Returns events that meet the conditions of a rule.
fn candidates(rule: &Rule, arming: &Arming) -> Vec<Result<Event, NoCase>> {
    let of_kind = |kind| {
        let mut event = Event { kind, ..Event::default() };
        meet_all(rule, &mut event, |_| None).map(|()| event)
    };
    match rule.list {
        FilterList::Task => vec![of_kind(Kind::Task)],
        FilterList::User => vec![of_kind(Kind::User(Some(USER_AUTH)))],
        FilterList::Exclude => vec![of_kind(Kind::Record(Some(SYSCALL)))],
        FilterList::Filesystem => vec![of_kind(Kind::Filesystem)],
        FilterList::IoUring => {
            let known = rule.mask.iter().filter(|op| catalog::uring_op_name(*op).is_some());
            known.map(|op| of_kind(Kind::IoUring(Some(op)))).collect()
        }
        _ => [Some(arming.arch), arming.arch.compat()]
            .into_iter()
            .flatten()
            .filter(|arch| allows_arch(rule, *arch))
            .flat_map(|arch| {
                let table = AccessTable::of(arming.kernel().profile(), arch);
                let events = syscalls(rule, arch).into_iter();
                events
                    .filter_map(|number| event_for(rule, arch, number, &table))
                    .collect::<Vec<_>>()
            })
            .collect(),
    }
}

/// Prefers calls that name a file, and among these the first.
fn size(event: &Event) -> usize {
    event.names.as_ref().map_or(1, |names| usize::from(names.is_empty()))
}

fn allows_arch(rule: &Rule, arch: Arch) -> bool {
    rule.fields.iter().all(|field| match field {
        Field::Number { op, value, .. } if field.number() == field::ARCH => {
            (*value == arch.elf()) == (*op == Op::EQUAL)
        }
        _ => true,
    })
}

/// Returns the syscalls to try: well-known ones first if the mask has every syscall.
fn syscalls(rule: &Rule, arch: Arch) -> Vec<u32> {
    const KNOWN: [&str; 8] =
        ["openat", "open", "unlink", "unlinkat", "chmod", "fchmodat", "execve", "getpid"];
    let known =
        KNOWN.iter().filter_map(|name| catalog::kernel_syscall_number(arch, name.as_bytes()));
    let known = known.filter(|number| rule.mask.contains(*number));
    let named =
        rule.mask.iter().filter(|number| catalog::kernel_syscall_name(arch, *number).is_some());
    if rule.mask.is_all() { known.collect() } else { named.take(MOST_SYSCALLS).collect() }
}

/// Returns an event that meets the conditions of a rule; `None` if the arch has no such syscall.
fn event_for(
    rule: &Rule,
    arch: Arch,
    number: u32,
    table: &AccessTable,
) -> Option<Result<Event, NoCase>> {
    let name = catalog::kernel_syscall_name(arch, number)?;
    let mut event = Event::default();
    event.call.arch = Some(arch);
    event.call.syscall = Some(Syscall::Name(name.to_owned()));
    let met = meet_all(rule, &mut event, |perm| {
        let access = table.get(number)?;
        let flags = [0, 1]
            .into_iter()
            .find(|flags| access.matches(perm, Some(*flags), Some(2)) == Some(true))?;
        Some(access.matches(perm, None, None).is_none().then_some(flags))
    });
    if event.names.is_some() && names_no_file(name) {
        return Some(Err(NoCase::Files));
    }
    Some(met.map(|()| event))
}

/// Changes the event so that all conditions hold. `flags_for` returns the flags of open with which the syscall has a
/// permission, if it needs some. The comparisons of two fields come last: they keep the values of other conditions.
fn meet_all(
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
fn comparison(condition: &Field) -> Option<(Op, u32, u32)> {
    let Field::Number { op, value, .. } = condition else { return None };
    let (left, right) = catalog::compare_pair(*value)?;
    let number = |name: &str| catalog::field_number(name.as_bytes());
    Some((*op, number(left)?, number(right)?))
}

fn another(id: u32) -> u32 {
    if id == 0 { 1000 } else { 0 }
}

fn id_of(event: &Event, number: u32) -> Option<u32> {
    match number {
        field::AUID => event.task.auid,
        _ => event.task.ids.get(number),
    }
}

/// Sets an id of the task, or the owner of its file.
fn set_id(event: &mut Event, number: u32, id: u32) -> Option<()> {
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

fn with_record(kind: Kind, record: u32) -> Option<Kind> {
    match kind {
        Kind::User(_) => Some(Kind::User(Some(record))),
        Kind::Record(_) => Some(Kind::Record(Some(record))),
        _ => None,
    }
}

fn named(path: Vec<u8>) -> Name {
    Name { path: Some(path), ..Name::default() }
}

/// Returns events that differ from `event` in one attribute: on the other side of each boundary of the rule.
fn neighbors(rule: &Rule, event: &Event, machine: Arch) -> Vec<Event> {
    let mut neighbors = Vec::new();
    for condition in &rule.fields {
        let mut other = event.clone();
        match condition {
            Field::Text { .. } => match condition.number() {
                field::PATH | field::DIR => other.names = Some(vec![named(b"/elsewhere".to_vec())]),
                field::EXE => other.task.exe = Some(b"/usr/bin/true".to_vec()),
                _ => continue,
            },
            Field::Number { .. } if condition.number() == field::FIELD_COMPARE => {
                let Some((op, left, right)) = comparison(condition) else { continue };
                let Some(id) = id_of(event, right) else { continue };
                let id = if op == Op::EQUAL { another(id) } else { id };
                if set_id(&mut other, left, id).is_none() {
                    continue;
                }
            }
            Field::Number { op, value, .. } => {
                let outside = [value.wrapping_sub(1), *value, value.wrapping_add(1)];
                let Some(outside) = outside.into_iter().find(|one| !op.compares(*one, *value))
                else {
                    continue;
                };
                match condition.number() {
                    field::AUID => other.task.auid = Some(outside),
                    field::MSGTYPE => {
                        other.kind = with_record(event.kind, outside).unwrap_or(event.kind);
                    }
                    field::UID..=field::FSGID => {
                        other.task.ids.set(condition.number(), outside);
                    }
                    field::SUCCESS => {
                        let success = event.call.outcome.success().map(|success| !success);
                        other.call.outcome = Outcome::Returned { value: None, success };
                    }
                    field::PERM => {
                        let bits = value & (Perm::Read.bit() | Perm::Write.bit());
                        let Some(flags) = event.call.open_flags else { continue };
                        if bits.count_ones() == 1 {
                            other.call.open_flags = Some(flags ^ 1);
                        }
                    }
                    field::ARCH => {
                        let Some(arch) =
                            machine.compat().filter(|compat| event.call.arch != Some(*compat))
                        else {
                            continue;
                        };
                        let Some(Syscall::Name(name)) = &event.call.syscall else { continue };
                        if catalog::kernel_syscall_number(arch, name.as_bytes()).is_none() {
                            continue;
                        }
                        other.call.arch = Some(arch);
                    }
                    _ => continue,
                }
            }
        }
        if other != *event {
            neighbors.push(other);
        }
    }
    neighbors.extend(next_syscall(rule, event));
    neighbors
}

/// Returns the event of the next syscall that the rule does not have.
fn next_syscall(rule: &Rule, event: &Event) -> Option<Event> {
    let arch = event.call.arch?;
    let Some(Syscall::Name(name)) = &event.call.syscall else { return None };
    let number = catalog::kernel_syscall_number(arch, name.as_bytes())?;
    let has_names = event.names.is_some();
    let fits = |name: &&str| !never_returns(name) && (!has_names || !names_no_file(name));
    let next = (number + 1..=number + 64)
        .filter(|number| !rule.mask.contains(*number))
        .filter_map(|number| catalog::kernel_syscall_name(arch, number))
        .find(fits)?;
    let mut other = event.clone();
    other.call.syscall = Some(Syscall::Name(next.to_owned()));
    Some(other)
}
