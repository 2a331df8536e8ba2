//! The attributes of the task of an event, for values of variables.

use super::space::{Assignment, Value};
use super::test::{Fact, Trait, When, compared_ids};
use super::witness::Maker;
use crate::catalog::{self, Operator, field};
use crate::eval::{Address, Event, Outcome, Task};

impl Maker<'_, '_> {
    /// Returns an event with the attributes of its task; `None` if they contradict each other.
    pub(super) fn task(&self, values: &Assignment) -> Option<Event> {
        let mut event = Event::default();
        for of in self.space.traits.keys() {
            let Some(value) = self.space.value(*of, values) else { continue };
            set(&mut event, *of, value);
        }
        if event.task.exe.is_none() {
            event.task.exe = self.other_program();
        }
        self.groups(&mut event, values);
        if !self.same_ids(&mut event, values) || !self.accounts(&mut event, values) {
            return None;
        }
        event.task.subj = self.label(When::Now, values);
        event.at_entry.subj = self.label(When::AtEntry, values);
        Some(event)
    }

    /// Returns a program that no rule names.
    fn other_program(&self) -> Option<Vec<u8>> {
        let known = self.space.traits.get(&Trait::Exe).map_or(&[][..], |exe| &exe.values);
        let programs = (0..).map(|count| match count {
            0 => b"/usr/bin/program".to_vec(),
            _ => format!("/usr/bin/program{count}").into_bytes(),
        });
        programs
            .take(known.len() + 1)
            .find(|program| !known.iter().any(|value| *value == Value::Text(Some(program.clone()))))
    }

    fn groups(&self, event: &mut Event, values: &Assignment) {
        let of = |when| {
            let groups = self.space.facts.iter().filter_map(move |(fact, variable)| match fact {
                Fact::InGroup(group, at) if *at == when => {
                    (values.get(*variable) == Some(true)).then_some(*group)
                }
                _ => None,
            });
            groups.collect::<Vec<u32>>()
        };
        event.task.groups = Some(of(When::Now));
        let at_entry = of(When::AtEntry);
        if event.task.groups.as_ref() != Some(&at_entry) {
            event.at_entry.groups = Some(at_entry);
        }
    }

    /// Makes ids equal or different; returns `false` if that is not possible.
    fn same_ids(&self, event: &mut Event, values: &Assignment) -> bool {
        let pairs: Vec<(u32, When, bool)> = self
            .space
            .facts
            .iter()
            .filter_map(|(fact, variable)| match fact {
                Fact::SameIds(pair, when) => Some((*pair, *when, values.get(*variable)?)),
                _ => None,
            })
            .collect();
        // Equal ids first: what is different must stay so.
        for (pair, when, is_same) in
            pairs.iter().filter(|(.., same)| *same).chain(pairs.iter().filter(|(.., same)| !same))
        {
            let Some((one, other)) = compared_ids(*pair) else { continue };
            let numbers = [one, other].map(|of| self.space.value(Trait::Number(of, *when), values));
            let [Some(Value::Number(left, _)), Some(Value::Number(right, spare))] = numbers else {
                continue;
            };
            if left != right {
                continue;
            }
            let task = match when {
                When::Now => &mut event.task,
                When::AtEntry => &mut event.at_entry,
            };
            let (Some(left), Some(right)) = (id(task, one), id(task, other)) else { continue };
            match is_same {
                true => set_id(task, other, left),
                false if left != right => {}
                false => match spare {
                    Some(spare) => set_id(task, other, *spare),
                    None => return false,
                },
            }
        }
        true
    }

    /// Gives ids the accounts that facts name; returns `false` if one would be two accounts, or an account and a
    /// number.
    fn accounts(&self, event: &mut Event, values: &Assignment) -> bool {
        let said = self.space.facts.iter().filter_map(|(fact, variable)| match fact {
            Fact::Account(of, Operator::Equal, account, when) => {
                (values.get(*variable) == Some(true)).then_some((*of, *account, *when))
            }
            _ => None,
        });
        for (of, account, when) in said {
            let is_one_number = matches!(
                self.space.value(Trait::Number(of, when), values),
                Some(Value::Number(_, None))
            );
            let task = match when {
                When::Now => &mut event.task,
                When::AtEntry => &mut event.at_entry,
            };
            let is_another = id(task, of).is_some_and(catalog::may_be_made_up);
            if is_one_number || is_another {
                return false;
            }
            set_id(task, of, account);
        }
        true
    }

    fn label(&self, when: When, values: &Assignment) -> Option<Vec<u8>> {
        let parts = [
            (field::SUBJ_USER, "user_u"),
            (field::SUBJ_ROLE, "user_r"),
            (field::SUBJ_TYPE, "user_t"),
            (field::SUBJ_SEN, "s0"),
            (field::SUBJ_CLR, "s0"),
        ];
        let values = parts.map(|(part, usual)| {
            (self.space.value(Trait::Label(part, when), values), usual.as_bytes())
        });
        if values.iter().all(|(value, _)| value.is_none()) {
            return None;
        }
        let text = |(value, usual): &(Option<&Value>, &'static [u8])| match value {
            Some(Value::Text(Some(text))) => Some(text.clone()),
            Some(Value::Absent) => None,
            _ => Some(usual.to_vec()),
        };
        let texts = values.each_ref().map(text);
        match &texts {
            [Some(user), Some(role), Some(kind), Some(low), Some(high)] => {
                let range = [low.as_slice(), high].join(&b'-');
                Some([user.as_slice(), role, kind, &range].join(&b':'))
            }
            [Some(user), Some(role), Some(kind), None, None] => {
                Some([user.as_slice(), role, kind].join(&b':'))
            }
            // A label of AppArmor.
            [None, Some(role), None, None, None] => Some(role.clone()),
            [_, Some(role), ..] => Some(role.clone()),
            _ => None,
        }
    }
}

fn id(task: &Task, number: u32) -> Option<u32> {
    if number == field::AUID { task.auid } else { task.ids.get(number) }
}

pub(super) fn set_id(task: &mut Task, number: u32, id: u32) {
    if number == field::AUID {
        task.auid = Some(id);
    } else {
        task.ids.set(number, id);
    }
}

/// Sets an attribute.
fn set(event: &mut Event, of: Trait, value: &Value) {
    match (of, value) {
        (Trait::Result, Value::Result(result)) => {
            event.call.outcome = Outcome::Returned { value: Some(*result), success: None };
        }
        (Trait::OpenMode, Value::Number(mode, _)) => event.call.open_flags = Some(*mode),
        (Trait::Family, Value::Family(family)) => {
            event.call.address = family.map_or(Address::None, Address::Family);
        }
        (Trait::Thread, Value::Number(thread, _)) => event.task.tid = Some(*thread),
        (Trait::Exe, Value::Text(exe)) => event.task.exe.clone_from(exe),
        (Trait::Number(number, when), Value::Number(value, _)) => {
            set_number(event, number, when, *value);
        }
        _ => {}
    }
}

pub(super) fn set_number(event: &mut Event, number: u32, when: When, value: u32) {
    let argument = number.checked_sub(field::A0).and_then(|at| usize::try_from(at).ok());
    if let Some(slot) = argument.and_then(|at| event.call.args.get_mut(at)) {
        *slot = Some(u64::from(value));
        return;
    }
    let task = match when {
        When::Now => &mut event.task,
        When::AtEntry => &mut event.at_entry,
    };
    match number {
        field::PID => task.pid = Some(value),
        field::PPID => task.ppid = Some(value),
        field::SESSIONID => task.sessionid = Some(value),
        field::PERS => task.pers = Some(value),
        field::UID..=field::FSGID | field::AUID => set_id(task, number, value),
        _ => {}
    }
}
