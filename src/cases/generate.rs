//! Events that a rule decides, and their neighbors on the other side of each boundary.

use crate::analysis::Arming;
use crate::catalog::{self, Arch, Perm, field};
use crate::eval::{Evaluator, Event, Name, Outcome, Syscall, UNSET, Verdict, filled};
use crate::model::{AccessTable, names_no_file, never_returns};
use crate::rule::{Field, FilterList, Op, Rule};

/// Events for one rule, each decided by the evaluator.
#[derive(Debug, Default)]
pub struct Generated {
    /// Events that the rule decides.
    pub decided: Vec<Event>,
    /// Events that differ from the first of these in one attribute, and that the rule does not decide.
    pub others: Vec<Event>,
}

/// The most syscalls that are tried.
const MOST_SYSCALLS: usize = 64;

/// Returns events for the rule with this serial. If the rule decides none, there are no others.
pub fn generate(serial: usize, evaluator: &Evaluator, arming: &Arming) -> Generated {
    let entry = arming.kernel().entries().find(|entry| entry.serial() == serial);
    let Some(rule) =
        entry.map(crate::model::Entry::rule).filter(|rule| rule.list == FilterList::Exit)
    else {
        return Generated::default();
    };
    let machine = arming.arch;
    let decides = |event: &Event| {
        let decision = evaluator.decide(event);
        decision.rule == Some(serial) && decision.verdict != Verdict::Undecided
    };
    let arches = [Some(machine), machine.compat()];
    let candidates =
        arches.into_iter().flatten().filter(|arch| allows_arch(rule, *arch)).flat_map(|arch| {
            let table = AccessTable::of(arming.kernel().profile(), arch);
            syscalls(rule, arch)
                .into_iter()
                .filter_map(move |number| event_for(rule, arch, number, &table))
        });
    let candidates = candidates.map(|event| filled(event, evaluator));
    let Some(event) = candidates.filter(|event| decides(event)).min_by_key(size) else {
        return Generated::default();
    };
    let others = neighbors(rule, &event, machine).into_iter().map(|other| filled(other, evaluator));
    let others = others.filter(|other| {
        let decision = evaluator.decide(other);
        decision.rule != Some(serial) && decision.verdict != Verdict::Undecided
    });
    Generated { others: others.collect(), decided: vec![event] }
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

/// Returns an event that meets the conditions of a rule; `None` if one of them cannot be met this way.
fn event_for(rule: &Rule, arch: Arch, number: u32, table: &AccessTable) -> Option<Event> {
    let name = catalog::kernel_syscall_name(arch, number)?;
    let mut event = Event::default();
    event.call.arch = Some(arch);
    event.call.syscall = Some(Syscall::Name(name.to_owned()));
    for condition in &rule.fields {
        meet(condition, &mut event, number, table)?;
    }
    if event.names.is_some() && names_no_file(name) {
        return None;
    }
    Some(event)
}

/// Changes the event so that a condition holds.
fn meet(condition: &Field, event: &mut Event, number: u32, table: &AccessTable) -> Option<()> {
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
                    let access = table.get(number)?;
                    let flags = [0, 1].into_iter().find(|flags| {
                        access.matches(*value, Some(*flags), Some(2)) == Some(true)
                    })?;
                    if access.matches(*value, None, None).is_none() {
                        event.call.open_flags = Some(flags);
                    }
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
            Field::Number { op, value, .. } => {
                let outside = [value.wrapping_sub(1), *value, value.wrapping_add(1)];
                let Some(outside) = outside.into_iter().find(|one| !op.compares(*one, *value))
                else {
                    continue;
                };
                match condition.number() {
                    field::AUID => other.task.auid = Some(outside),
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
