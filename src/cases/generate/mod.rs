//! Events that a rule decides, and their neighbors on the other side of each boundary.
//!
//! | file | subject |
//! |---|---|
//! | `mod` | the events of a rule |
//! | `meet` | events that meet the conditions of a rule |
//! | `neighbors` | events on the other side of a boundary |

mod meet;
mod neighbors;

use crate::analysis::Arming;
use crate::catalog::{self, Arch, field};
use crate::eval::{Decision, Evaluator, Event, Kind, Syscall, Task, Verdict, filled};
use crate::model::{AccessTable, Entry, names_no_file};
use crate::rule::{Field, FilterList, Op, Rule};
use meet::meet_all;
use neighbors::neighbors;

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
    /// It is not known which rule decides the events that were tried.
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
    if decision.rule.is_some() || decision.verdict == Verdict::Unmatched {
        return judged(serial, event, &decision);
    }
    // Several rules may decide it.
    let event = filled(ordinary(event), evaluator);
    let decision = evaluator.decide(&event);
    judged(serial, event, &decision)
}

fn judged(serial: usize, event: Event, decision: &Decision) -> Result<Event, NoCase> {
    match (decision.verdict, decision.rule) {
        (Verdict::Undecided, _) => Err(NoCase::Open),
        (_, Some(rule)) if rule == serial => Ok(event),
        (_, Some(rule)) => Err(NoCase::Rule(rule)),
        (Verdict::Unmatched, None) => Err(NoCase::Unmatched),
        (_, None) => Err(NoCase::Open),
    }
}

/// Returns the event of an ordinary task where the event leaves out what the task is.
fn ordinary(mut event: Event) -> Event {
    let mut task = Task {
        auid: Some(1000),
        exe: Some(b"/usr/bin/true".to_vec()),
        subj: Some(b"unconfined_u:unconfined_r:unconfined_t:s0".to_vec()),
        ..Task::default()
    };
    for number in field::UID..=field::FSGID {
        // Every one of these is an id.
        let _ = task.ids.set(number, 1000);
    }
    event.task = event.task.or(&task);
    for name in event.names.iter_mut().flatten() {
        name.obj.get_or_insert_with(|| b"system_u:object_r:default_t:s0".to_vec());
    }
    event
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
