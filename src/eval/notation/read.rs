//! Attributes by name.

use super::names::{NAME_ATTRIBUTES, is_of_name, set_name};
use super::value::Value;
use super::words::{Word, words};
use super::{AT_ENTRY, Problem, check, files, names};
use crate::catalog::argument::argument_kind;
use crate::catalog::{self, Arch};
use crate::eval::{Address, Attribute, Event, Kind, Name, Outcome, Syscall, Task};

/// Reads events for one machine.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    machine: Arch,
}

/// The names of attributes that have another name in the short notation.
const SHORT: [(&str, &str); 1] = [("flags", "open_flags")];
/// The names of the filter lists in an event.
const LISTS: [&str; 6] = ["exit", "task", "user", "exclude", "filesystem", "io_uring"];

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
            Attribute::Op => event.kind = with_operation(event.kind, value)?,
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

    fn set_call(
        self,
        event: &mut Event,
        attribute: Attribute,
        value: &Value<'_>,
    ) -> Result<(), Problem> {
        let (name, call) = (attribute.name(), &mut event.call);
        match attribute {
            Attribute::Arch => call.arch = Some(self.arch(value)?),
            Attribute::Syscall => call.syscall = Some(self.syscall(value)?),
            Attribute::A0 => call.args[0] = Some(value.argument(name)?),
            Attribute::A1 => call.args[1] = Some(value.argument(name)?),
            Attribute::A2 => call.args[2] = Some(value.argument(name)?),
            Attribute::A3 => call.args[3] = Some(value.argument(name)?),
            Attribute::OpenFlags => call.open_flags = Some(open_flags(value)?),
            Attribute::SaddrFam => {
                call.address = match value {
                    Value::Null => Address::None,
                    _ => Address::Family(family(value)?),
                }
            }
            Attribute::Exit => {
                let success = call.outcome.success();
                call.outcome = match value {
                    Value::Null => Outcome::Never,
                    _ => Outcome::Returned { value: Some(exit(value)?), success },
                };
            }
            Attribute::Success => {
                let success = value.truth(name)?;
                match call.outcome {
                    Outcome::Returned { value, .. } => {
                        call.outcome = Outcome::Returned { value, success: Some(success) };
                    }
                    Outcome::Never => {
                        return Err(Problem::new("a call that never returns has no `success`"));
                    }
                }
            }
            _ => return Err(Problem::new(format!("`{name}` is not an attribute of a call"))),
        }
        Ok(())
    }

    fn arch(self, value: &Value<'_>) -> Result<Arch, Problem> {
        let name = value.name().unwrap_or_default();
        let arch = match name {
            b"b64" => self.machine.b64(),
            b"b32" => self.machine.b32(),
            _ => Arch::from_any_name(name),
        };
        let arch = arch.ok_or_else(|| {
            Problem::new(format!("arch: `{}` is not an arch of this machine", value.shown()))
                .suggesting(
                    catalog::nearest_arch(name).filter(|nearest| nearest.as_bytes() != name),
                )
        })?;
        if arch != self.machine && Some(arch) != self.machine.compat() {
            let machine = self.machine.common_name();
            let own = "leave out `arch`, or set the machine with `--arch`";
            return Err(Problem::new(format!(
                "{machine} does not run {} programs",
                arch.common_name()
            ))
            .with_help(own));
        }
        Ok(arch)
    }

    fn syscall(self, value: &Value<'_>) -> Result<Syscall, Problem> {
        if value.as_number().is_some() {
            return value.number("syscall").map(Syscall::Number);
        }
        let name = value.text_of("syscall")?;
        let arches = [Some(self.machine), self.machine.compat()];
        let mut arches = arches.into_iter().flatten().chain(Arch::ALL);
        if arches.any(|arch| catalog::kernel_syscall_number(arch, name).is_some()) {
            return Ok(Syscall::Name(String::from_utf8_lossy(name).into_owned()));
        }
        Err(Problem::new(format!("no syscall is called `{}`", value.shown()))
            .suggesting(catalog::nearest_syscall(self.machine, name)))
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

fn with_list(kind: Kind, value: &Value<'_>) -> Result<Kind, Problem> {
    Ok(match (value.name().unwrap_or_default(), kind) {
        (b"exit", _) => Kind::Syscall,
        (b"task", _) => Kind::Task,
        (b"user", Kind::User(record) | Kind::Record(record)) => Kind::User(record),
        (b"user", _) => Kind::User(None),
        (b"exclude", Kind::User(record) | Kind::Record(record)) => Kind::Record(record),
        (b"exclude", _) => Kind::Record(None),
        (b"filesystem", _) => Kind::Filesystem,
        (b"io_uring", Kind::IoUring(operation)) => Kind::IoUring(operation),
        (b"io_uring", _) => Kind::IoUring(None),
        (name, _) => {
            return Err(Problem::new(format!(
                "list: no filter list is called `{}`",
                value.shown()
            ))
            .with_help(format!("write one of {}", LISTS.join(", ")))
            .suggesting(catalog::nearest(name, LISTS.into_iter())));
        }
    })
}

/// Sets the type of the record. Without a list before it, the exclude list judges the record.
fn with_type(kind: Kind, value: &Value<'_>) -> Result<Kind, Problem> {
    let record = match value.name().and_then(catalog::msgtype_number) {
        Some(record) => record,
        None if value.as_number().is_some() => value.number("type")?,
        None => {
            let nearest = value.name().and_then(catalog::nearest_msgtype);
            return Err(Problem::new(format!(
                "type: no record type is called `{}`",
                value.shown()
            ))
            .suggesting(nearest));
        }
    };
    Ok(if matches!(kind, Kind::User(_)) {
        Kind::User(Some(record))
    } else {
        Kind::Record(Some(record))
    })
}

fn with_operation(_: Kind, value: &Value<'_>) -> Result<Kind, Problem> {
    let operation = match value.name().and_then(catalog::uring_op_number) {
        Some(operation) => operation,
        None if value.as_number().is_some() => value.number("op")?,
        None => {
            let nearest = value.name().and_then(catalog::nearest_uring_op);
            return Err(Problem::new(format!("op: no operation is called `{}`", value.shown()))
                .suggesting(nearest));
        }
    };
    Ok(Kind::IoUring(Some(operation)))
}

/// Returns a result: a number, or an error with a minus, as `-EACCES`.
fn exit(value: &Value<'_>) -> Result<i64, Problem> {
    if let Some(number) = value.as_number() {
        return i64::try_from(number)
            .map_err(|_| Problem::new(format!("exit: {number} is out of range")));
    }
    let name = value.name().unwrap_or_default();
    let problem = || Problem::new(format!("exit: `{}` is not a result of a call", value.shown()));
    match name.strip_prefix(b"-") {
        Some(error) => match catalog::errno_number(error) {
            Some(number) => Ok(-i64::from(number)),
            None => Err(problem().suggesting(catalog::nearest_errno(name))),
        },
        None if catalog::errno_number(name).is_some() => Err(problem().with_help(format!(
            "a call that fails returns a negative number: write `-{}`",
            value.shown()
        ))),
        None => Err(problem().with_help("write a number, or an error such as `-EACCES`")),
    }
}

fn family(value: &Value<'_>) -> Result<u32, Problem> {
    match value.name().and_then(catalog::family_number) {
        Some(family) => Ok(family),
        None => value.number("saddr_fam").map_err(|problem| {
            problem.with_help("write a family such as `inet`, a number, or `none`")
        }),
    }
}

/// Returns the flags of open: a number, or names with `|` between them.
fn open_flags(value: &Value<'_>) -> Result<u32, Problem> {
    let Some(text) = value.name().filter(|_| value.as_number().is_none()) else {
        return value.number("flags");
    };
    let kind = argument_kind("open", 1, |_| 0);
    let number = |name: &[u8]| match name {
        b"O_RDONLY" => Some(0),
        // These names stand for two bits.
        b"O_SYNC" => Some(0o4_010_000),
        b"O_TMPFILE" => Some(0o20_200_000),
        _ => kind?.number(name),
    };
    let mut flags = 0;
    for name in text.split(|byte| matches!(byte, b'|' | b',')) {
        flags |= number(name).ok_or_else(|| {
            let shown = String::from_utf8_lossy(name).into_owned();
            let known = kind.into_iter().flat_map(|kind| kind.flags(u32::MAX)).chain(["O_RDONLY"]);
            Problem::new(format!("flags: open has no flag `{shown}`"))
                .suggesting(catalog::nearest(name, known))
        })?;
    }
    Ok(flags)
}
