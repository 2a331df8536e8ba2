//! Attributes by name.

use super::kind::{operation, with_list, with_type};
use super::names::{NAME_ATTRIBUTES, is_of_name, set_name};
use super::value::Value;
use super::words::{Word, words};
use super::{AT_ENTRY, Problem, check, files, names};
use crate::catalog::Arch;
use crate::eval::{Attribute, Event, Kind, Name, Task};

/// Reads events for one machine.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    pub(super) machine: Arch,
}

/// The names of attributes that have another name in the short notation.
const SHORT: [(&str, &str); 1] = [("flags", "open_flags")];
impl Reader {
    /// Creates a reader of events on a machine of this arch.
    pub const fn new(machine: Arch) -> Self {
        Reader { machine }
    }

    /// Reads an event in the short notation.
    ///
    /// ```
    /// use rauditctl::catalog::Arch;
    /// use rauditctl::eval::Reader;
    ///
    /// let reader = Reader::new(Arch::X86_64);
    /// let event = reader.read(b"syscall=openat path=/etc/shadow flags=O_WRONLY auid=1000")?;
    /// assert_eq!(event.task.auid, Some(1000));
    ///
    /// let problem = reader.read(b"syscall=opennat").unwrap_err();
    /// assert_eq!(problem.help.as_deref(), Some("did you mean `openat`?"));
    /// # Ok::<(), rauditctl::eval::Problem>(())
    /// ```
    ///
    /// # Errors
    /// [`Problem`] for the first attribute that is unknown, has no such value, or contradicts another.
    pub fn read(self, text: &[u8]) -> Result<Event, Problem> {
        let mut event = Event::default();
        let mut seen: Vec<String> = Vec::new();
        let words = words(text)?;
        for word in &words {
            let attribute = full_name(&word.attribute);
            if seen.iter().any(|known| known == attribute) {
                return Err(Problem::new(format!("`{}` is given twice", word.attribute))
                    .at(word.name_at.clone()));
            }
            seen.push(attribute.to_owned());
            self.set_word(&mut event, attribute, word)?;
        }
        let end = words.last().map_or(0..0, |word| word.value_at.clone());
        let start = words.first().map_or(0, |word| word.name_at.start);
        self.complete(&mut event).map_err(|problem| problem.at(start..end.end))?;
        Ok(event)
    }

    fn set_word(self, event: &mut Event, attribute: &str, word: &Word) -> Result<(), Problem> {
        let is_table = matches!(attribute, "names" | "at_entry" | "files");
        let none = word.elements.as_slice() == [b"none"];
        let text = || Value::text(word.elements.join(b",".as_slice()));
        let list =
            || Value::List(word.elements.iter().map(|one| Value::text(one.clone())).collect());
        let set = if let Some(of_task) = attribute.strip_prefix(AT_ENTRY) {
            match of_task {
                "groups" => set_at_entry(event, of_task, &list()),
                _ => set_at_entry(event, of_task, &text()),
            }
        } else if attribute == "names" && none {
            self.set(event, attribute, &Value::List(Vec::new()))
        } else if matches!(attribute, "saddr_fam" | "inode") && none {
            self.set(event, attribute, &Value::Null)
        } else if is_table {
            let help = match attribute {
                "at_entry" => "write its attributes one by one, such as `at_entry.uid=33`",
                _ => "write it in JSON or TOML",
            };
            Err(Problem::new(format!("`{attribute}` is a table")).with_help(help))
        } else if NAME_ATTRIBUTES.contains(&attribute) {
            names::set_list(event, attribute, &word.elements)
        } else if attribute == "groups" {
            self.set(event, attribute, &list())
        } else {
            self.set(event, attribute, &text())
        };
        set.map_err(|problem| {
            let name = attribute.strip_prefix(AT_ENTRY).unwrap_or(attribute);
            let is_unknown = Attribute::from_name(name).is_none();
            problem.at(if is_unknown { word.name_at.clone() } else { word.value_at.clone() })
        })
    }

    /// Sets one attribute of an event. In a table, `path` is that of the only name.
    ///
    /// # Errors
    /// [`Problem`] if the attribute is unknown, or has no such value.
    pub fn set(self, event: &mut Event, attribute: &str, value: &Value<'_>) -> Result<(), Problem> {
        self.set_known(event, attribute_of_event(attribute)?, value)
    }

    /// Sets one attribute of an event.
    pub(in crate::eval) fn set_known(
        self,
        event: &mut Event,
        attribute: Attribute,
        value: &Value<'_>,
    ) -> Result<(), Problem> {
        // Most attributes of many events are such numbers.
        if let Value::Number(number) = value
            && let Ok(number) = u32::try_from(*number)
            && let Some(known) = event.task.number_mut(attribute)
        {
            *known = Some(number);
            return Ok(());
        }
        if matches!(value, Value::Null)
            && !matches!(attribute, Attribute::Exit | Attribute::SaddrFam | Attribute::Inode)
        {
            return Ok(());
        }
        match attribute {
            Attribute::List => event.kind = with_list(event.kind, value)?,
            Attribute::Type => event.kind = with_type(event.kind, value)?,
            Attribute::Op => event.kind = operation(value)?,
            Attribute::Names => {
                let read = |row: &Value<'_>| names::of_table(row);
                event.names = Some(value.elements().iter().map(read).collect::<Result<_, _>>()?);
            }
            Attribute::Files => event.files = files::of_list(value)?,
            Attribute::Cwd => event.cwd = Some(value.bytes(attribute.name())?),
            Attribute::AtEntry => {
                for (name, value) in value.rows(attribute.name())? {
                    set_at_entry(event, name, value)?;
                }
            }
            _ if is_of_name(attribute) => {
                let names = event.names.get_or_insert_default();
                if names.is_empty() {
                    names.push(Name::default());
                }
                names.iter_mut().try_for_each(|name| set_name(name, attribute, value))?;
            }
            _ => {
                if !set_task(&mut event.task, attribute, value)? {
                    self.set_call(event, attribute, value)?;
                }
            }
        }
        Ok(())
    }

    /// Completes an event whose attributes are set: a call without an arch is one of the machine's own.
    ///
    /// # Errors
    /// [`Problem`] for attributes that contradict each other.
    pub fn complete(self, event: &mut Event) -> Result<(), Problem> {
        if event.call.arch.is_none() && event.kind == Kind::Syscall {
            event.call.arch = Some(self.machine);
        }
        self.finish(event)
    }

    /// Checks that the attributes fit together.
    ///
    /// # Errors
    /// [`Problem`] for attributes that contradict each other.
    pub fn finish(self, event: &Event) -> Result<(), Problem> {
        check::check(event)
    }
}

/// Returns the attribute of an event that is called so.
pub(in crate::eval) fn attribute_of_event(called: &str) -> Result<Attribute, Problem> {
    let known = Attribute::from_name(called).or_else(|| Attribute::from_name(full_name(called)));
    known.ok_or_else(|| unknown(called))
}

#[cold]
fn unknown(called: &str) -> Problem {
    let known: Vec<&str> =
        Attribute::ALL.iter().map(|known| known.name()).chain(["flags"]).collect();
    Problem::new(format!("an event has no attribute `{called}`")).for_field(
        called,
        |_| true,
        &known,
    )
}

fn full_name(attribute: &str) -> &str {
    SHORT.iter().find(|(short, _)| *short == attribute).map_or(attribute, |(_, full)| full)
}

/// Sets an attribute that the task had when it was made.
fn set_at_entry(event: &mut Event, name: &str, value: &Value<'_>) -> Result<(), Problem> {
    let of_task = Attribute::from_name(name);
    let is_set = of_task.map(|of_task| set_task(&mut event.at_entry, of_task, value));
    if is_set.transpose()?.unwrap_or(false) {
        return Ok(());
    }
    let known = Attribute::ALL.iter().filter(|attribute| attribute.is_of_task());
    let known: Vec<&str> = known.map(|attribute| attribute.name()).collect();
    Err(Problem::new(format!("a task has no attribute `{name}`")).for_field(
        name,
        Attribute::is_of_task,
        &known,
    ))
}

/// Sets an attribute of a task; returns whether it is one.
fn set_task(task: &mut Task, attribute: Attribute, value: &Value<'_>) -> Result<bool, Problem> {
    let name = attribute.name();
    match attribute {
        Attribute::Auid => task.auid = Some(value.id_or_unset(name)?),
        Attribute::SessionId => task.sessionid = Some(value.id_or_unset(name)?),
        Attribute::Exe => task.exe = Some(value.bytes(name)?),
        Attribute::Subj => task.subj = Some(value.bytes(name)?),
        Attribute::Groups => {
            let groups: &[Value<'_>] = match value.elements() {
                [none] if none.is_empty_text() => &[],
                groups => groups,
            };
            let groups = groups.iter().map(|group| group.number(name));
            task.groups = Some(groups.collect::<Result<_, _>>()?);
        }
        _ => match task.number_mut(attribute) {
            Some(number) => *number = Some(value.number(name)?),
            None => return Ok(false),
        },
    }
    Ok(true)
}
