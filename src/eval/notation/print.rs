//! An event as text.

use std::fmt;

use super::words::quote;
use crate::catalog::argument::argument_kind;
use crate::catalog::{self, Arch};
use crate::eval::event::IDS;
use crate::eval::{
    Address, Attribute, Event, Kind, Name, NameInode, Outcome, Syscall, Task, UNSET,
};

/// An event of a machine, to print it in the short notation. `at_entry` and `files`, which are tables, are left out.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::eval::{Notation, Reader};
///
/// let text = "syscall=renameat2 path=/etc/passwd,/etc/shadow nametype=DELETE,CREATE exit=-13 auid=unset";
/// let event = Reader::new(Arch::X86_64).read(text.as_bytes())?;
/// assert_eq!(Notation::new(&event, Arch::X86_64).to_string(), text);
/// # Ok::<(), rauditctl::eval::Problem>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Notation<'e> {
    event: &'e Event,
    machine: Arch,
}

impl<'e> Notation<'e> {
    /// Prepares an event of a machine with this arch.
    pub const fn new(event: &'e Event, machine: Arch) -> Self {
        Notation { event, machine }
    }

    /// Returns the attributes with their values, in the order in which they are printed.
    pub fn words(&self) -> Vec<(String, String)> {
        self.words_of(|_| true)
    }

    /// Returns some attributes with their values, in the same order.
    pub fn words_of(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut line = Line { words: Vec::new(), is_wanted: &is_wanted };
        self.write_kind(&mut line);
        self.write_call(&mut line);
        self.write_names(&mut line);
        self.write_flags(&mut line);
        self.write_outcome(&mut line);
        write_task(&self.event.task, &mut line);
        if let Some(cwd) = &self.event.cwd {
            line.text("cwd", cwd);
        }
        line.words
    }

    fn write_kind(&self, line: &mut Line<'_>) {
        let (list, record, operation) = match self.event.kind {
            Kind::Syscall => return,
            Kind::Task => ("task", None, None),
            Kind::User(record) => ("user", record, None),
            Kind::Record(record) => ("exclude", record, None),
            Kind::Filesystem => ("filesystem", None, None),
            Kind::IoUring(operation) => ("io_uring", None, operation),
        };
        line.word("list", list);
        if let Some(record) = record {
            line.named("type", catalog::msgtype_name(record), record);
        }
        if let Some(operation) = operation {
            line.named("op", catalog::uring_op_name(operation), operation);
        }
    }

    fn write_call(&self, line: &mut Line<'_>) {
        let call = &self.event.call;
        if let Some(arch) = call.arch.filter(|arch| *arch != self.machine) {
            let word = if Some(arch) == self.machine.b32() { "b32" } else { arch.common_name() };
            line.word("arch", word);
        }
        match &call.syscall {
            Some(Syscall::Name(name)) => line.word("syscall", name),
            Some(Syscall::Number(number)) => {
                let name = call.arch.and_then(|arch| catalog::kernel_syscall_name(arch, *number));
                line.named("syscall", name, *number);
            }
            None => {}
        }
        for (attribute, arg) in ["a0", "a1", "a2", "a3"].into_iter().zip(call.args) {
            if let Some(arg) = arg {
                line.word(
                    attribute,
                    if arg < 1 << 16 { arg.to_string() } else { format!("{arg:#x}") },
                );
            }
        }
    }

    fn write_outcome(&self, line: &mut Line<'_>) {
        let call = &self.event.call;
        match call.address {
            Address::Unknown => {}
            Address::None => line.word("saddr_fam", "none"),
            Address::Family(family) => {
                line.named("saddr_fam", catalog::family_name(family), family);
            }
        }
        match call.outcome {
            Outcome::Returned { value: Some(value), .. } => line.word("exit", value),
            Outcome::Returned { value: None, success: Some(success) } => {
                line.word("success", success)
            }
            Outcome::Returned { value: None, success: None } | Outcome::Never => {}
        }
    }

    fn write_flags(&self, line: &mut Line<'_>) {
        let Some(flags) = self.event.call.open_flags else { return };
        let access = ["O_RDONLY", "O_WRONLY", "O_RDWR"].get((flags & 3) as usize);
        let kind = argument_kind("open", 1, |_| 0);
        let names: Vec<&str> = kind.into_iter().flat_map(|kind| kind.flags(flags & !3)).collect();
        let named = kind.map_or(0, |kind| {
            names
                .iter()
                .filter_map(|name| kind.number(name.as_bytes()))
                .fold(0, |all, bit| all | bit)
        });
        match access {
            Some(access) if named == flags & !3 => {
                let names: Vec<&str> = std::iter::once(*access).chain(names).collect();
                line.word("flags", names.join("|"));
            }
            _ => line.word("flags", format!("{flags:#o}").replacen("0o", "0o", 1)),
        }
    }

    fn write_names(&self, line: &mut Line<'_>) {
        let Some(names) = &self.event.names else { return };
        if names.is_empty() {
            // Some syscalls never have names.
            let is_nameless = match &self.event.call.syscall {
                Some(Syscall::Name(name)) => crate::model::names_no_file(name),
                _ => false,
            };
            if !is_nameless {
                line.word("names", "none");
            }
            return;
        }
        for attribute in [
            Attribute::Path,
            Attribute::Inode,
            Attribute::Dev,
            Attribute::Rdev,
            Attribute::Mode,
            Attribute::Ouid,
            Attribute::Ogid,
            Attribute::Obj,
            Attribute::Fstype,
            Attribute::Nametype,
        ] {
            if !(line.is_wanted)(attribute.name()) {
                continue;
            }
            let values: Vec<Option<String>> =
                names.iter().map(|name| of_name(name, attribute)).collect();
            if values.iter().any(Option::is_some) {
                let values: Vec<_> =
                    values.into_iter().map(|value| value.unwrap_or_else(|| "?".into())).collect();
                line.word(attribute.name(), values.join(","));
            }
        }
    }
}

fn of_name(name: &Name, attribute: Attribute) -> Option<String> {
    let text = |bytes: &Vec<u8>| {
        let mut text = String::new();
        quote(bytes, &mut text);
        text
    };
    match attribute {
        Attribute::Path => name.path.as_ref().map(text),
        Attribute::Inode => match name.inode {
            NameInode::OfPath => None,
            NameInode::None => Some("none".into()),
            NameInode::Number(number) => Some(number.to_string()),
        },
        Attribute::Dev => name.dev.map(|dev| format!("{}:{}", dev.major, dev.minor)),
        Attribute::Rdev => name.rdev.map(|dev| format!("{}:{}", dev.major, dev.minor)),
        Attribute::Mode => name.mode.map(|mode| format!("{mode:o}")),
        Attribute::Ouid => name.ouid.map(|id| id.to_string()),
        Attribute::Ogid => name.ogid.map(|id| id.to_string()),
        Attribute::Obj => name.obj.as_ref().map(text),
        Attribute::Fstype => name.fstype.map(|magic| format!("{magic:#x}")),
        _ => name.nametype.map(|kind| kind.name().into()),
    }
}

fn write_task(task: &Task, line: &mut Line<'_>) {
    let numbers = [("pid", task.pid), ("tid", task.tid), ("ppid", task.ppid)];
    let ids = IDS.into_iter().filter_map(|id| {
        let number = catalog::field_number(id.name().as_bytes())?;
        Some((id.name(), task.ids.get(number)))
    });
    for (attribute, value) in numbers.into_iter().chain(ids) {
        if let Some(value) = value {
            line.word(attribute, value);
        }
    }
    if let Some(groups) = &task.groups {
        let groups: Vec<String> = groups.iter().map(u32::to_string).collect();
        line.word("groups", groups.join(","));
    }
    for (attribute, value) in [("auid", task.auid), ("sessionid", task.sessionid)] {
        match value {
            Some(UNSET) => line.word(attribute, "unset"),
            Some(value) => line.word(attribute, value),
            None => {}
        }
    }
    if let Some(pers) = task.pers {
        line.word("pers", format!("{pers:#x}"));
    }
    for (attribute, value) in [("exe", &task.exe), ("subj", &task.subj)] {
        if let Some(value) = value {
            line.text(attribute, value);
        }
    }
}

/// The words of an event.
struct Line<'w> {
    words: Vec<(String, String)>,
    is_wanted: &'w dyn Fn(&str) -> bool,
}

impl Line<'_> {
    fn word(&mut self, attribute: &str, value: impl fmt::Display) {
        if (self.is_wanted)(attribute) {
            self.words.push((attribute.to_owned(), value.to_string()));
        }
    }

    fn named(&mut self, attribute: &str, name: Option<&str>, number: u32) {
        match name {
            Some(name) => self.word(attribute, name),
            None => self.word(attribute, number),
        }
    }

    fn text(&mut self, attribute: &str, value: &[u8]) {
        if !(self.is_wanted)(attribute) {
            return;
        }
        let mut text = String::new();
        quote(value, &mut text);
        self.word(attribute, text);
    }
}

impl fmt::Display for Notation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (attribute, value)) in self.words().into_iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{attribute}={value}")?;
        }
        Ok(())
    }
}
