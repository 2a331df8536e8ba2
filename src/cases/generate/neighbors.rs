//! Events on the other side of a boundary of a rule.

use super::meet::{another, comparison, id_of, named, set_id, with_record};
use crate::catalog::{self, Arch, Perm, field};
use crate::eval::{Event, Outcome, Syscall};
use crate::model::{names_no_file, never_returns};
use crate::rule::{Field, Op, Rule};

/// Returns events that differ from `event` in one attribute: on the other side of each boundary of the rule.
pub(super) fn neighbors(rule: &Rule, event: &Event, machine: Arch) -> Vec<Event> {
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
