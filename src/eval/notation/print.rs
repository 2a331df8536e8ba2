//! An event as text.

use std::borrow::Cow;
use std::fmt;

use super::AT_ENTRY;
use super::names::is_of_name;
use super::words::quote;
use crate::catalog::argument::argument_kind;
use crate::catalog::{self, Arch};
use crate::eval::{
    Address, Attribute, Device, Event, Ids, Kind, Name, NameInode, Outcome, Syscall, Task, UNSET,
};
use crate::model::{is_error, names_no_file};

/// The attributes in the order in which they are printed. The flags come after the file that they open.
const PRINTED: [Attribute; 42] = {
    use Attribute::*;
    [
        List, Type, Op, Arch, Syscall, A0, A1, A2, A3, Names, Path, Inode, Dev, Rdev, Mode, Ouid,
        Ogid, Obj, Fstype, Nametype, OpenFlags, SaddrFam, Exit, Success, Pid, Tid, Ppid, Uid, Euid,
        Suid, Fsuid, Gid, Egid, Sgid, Fsgid, Groups, Auid, SessionId, Pers, Exe, Subj, Cwd,
    ]
};

/// An event of a machine, to print it in the short notation. `files`, which is a table, is left out.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::eval::{Notation, Reader};
///
/// let text = "syscall=renameat2 path=/etc/passwd,/etc/shadow nametype=DELETE,CREATE exit=-EACCES auid=unset";
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

    /// Returns some attributes with their values, in the order in which they are printed.
    pub fn words_of(&self, wanted: &[Attribute]) -> impl Iterator<Item = (&'static str, String)> {
        let place = |attribute: &Attribute| PRINTED.iter().position(|known| known == attribute);
        let mut wanted = Cow::Borrowed(wanted);
        if wanted.len() > 1 {
            wanted.to_mut().sort_unstable_by_key(place);
        }
        let wanted = (0..wanted.len()).filter_map(move |at| wanted.get(at).copied());
        wanted.filter_map(|attribute| self.word(attribute))
    }

    fn word(&self, attribute: Attribute) -> Option<(&'static str, String)> {
        let value = self.value(attribute)?;
        let name = match attribute {
            Attribute::Names => attribute.name(),
            _ => attribute.short_name(),
        };
        Some((name, value))
    }

    fn value(&self, attribute: Attribute) -> Option<String> {
        match attribute {
            Attribute::List | Attribute::Type | Attribute::Op => self.of_kind(attribute),
            Attribute::Arch
            | Attribute::Syscall
            | Attribute::A0
            | Attribute::A1
            | Attribute::A2
            | Attribute::A3
            | Attribute::OpenFlags
            | Attribute::SaddrFam
            | Attribute::Exit
            | Attribute::Success => self.of_call(attribute),
            Attribute::Names => self.has_no_names().then(|| "none".to_owned()),
            Attribute::Cwd => self.event.cwd.as_deref().map(quoted),
            Attribute::AtEntry | Attribute::Files => None,
            _ if is_of_name(attribute) => self.of_names(attribute),
            _ => of_task(&self.event.task, attribute),
        }
    }

    fn of_kind(&self, attribute: Attribute) -> Option<String> {
        let (list, record, operation) = match self.event.kind {
            Kind::Syscall => return None,
            Kind::Task => ("task", None, None),
            Kind::User(record) => ("user", record, None),
            Kind::Record(record) => ("exclude", record, None),
            Kind::Filesystem => ("filesystem", None, None),
            Kind::IoUring(operation) => ("io_uring", None, operation),
        };
        match attribute {
            Attribute::List => Some(list.to_owned()),
            Attribute::Type => record.map(|record| named(catalog::msgtype_name(record), record)),
            _ => operation.map(|operation| named(catalog::uring_op_name(operation), operation)),
        }
    }

    fn of_call(&self, attribute: Attribute) -> Option<String> {
        let call = &self.event.call;
        let argument = |arg: Option<u64>| {
            arg.map(|arg| if arg < 1 << 16 { arg.to_string() } else { format!("{arg:#x}") })
        };
        match (attribute, call.outcome) {
            (Attribute::Arch, _) => {
                let arch = call.arch.filter(|arch| *arch != self.machine)?;
                let is_b32 = Some(arch) == self.machine.b32();
                Some(if is_b32 { "b32" } else { arch.common_name() }.to_owned())
            }
            (Attribute::Syscall, _) => call.syscall.as_ref().map(|syscall| match syscall {
                Syscall::Name(name) => name.clone(),
                Syscall::Number(number) => {
                    let of_arch = |arch| catalog::kernel_syscall_name(arch, *number);
                    named(call.arch.and_then(of_arch), *number)
                }
            }),
            (Attribute::A0, _) => argument(call.args[0]),
            (Attribute::A1, _) => argument(call.args[1]),
            (Attribute::A2, _) => argument(call.args[2]),
            (Attribute::A3, _) => argument(call.args[3]),
            (Attribute::OpenFlags, _) => call.open_flags.map(flags),
            (Attribute::SaddrFam, _) => match call.address {
                Address::Unknown => None,
                Address::None => Some("none".to_owned()),
                Address::Family(family) => Some(named(catalog::family_name(family), family)),
            },
            (Attribute::Exit, Outcome::Returned { value, .. }) => value.map(result),
            (Attribute::Success, Outcome::Returned { value: None, success }) => {
                success.map(|success| success.to_string())
            }
            _ => None,
        }
    }

    /// Returns whether the event has no names, although its syscall can have some.
    fn has_no_names(&self) -> bool {
        let is_nameless = self.event.call.syscall_name().is_some_and(names_no_file);
        self.event.names.as_ref().is_some_and(Vec::is_empty) && !is_nameless
    }

    fn of_names(&self, attribute: Attribute) -> Option<String> {
        let names = self.event.names.as_deref().unwrap_or_default();
        if let [name] = names {
            return of_name(name, attribute);
        }
        let values: Vec<_> = names.iter().map(|name| of_name(name, attribute)).collect();
        values.iter().any(Option::is_some).then(|| {
            let shown = |value: Option<String>| value.unwrap_or_else(|| "?".to_owned());
            values.into_iter().map(shown).collect::<Vec<_>>().join(",")
        })
    }
}

/// Returns a result; an error by name. A greater number whose low half is an error is a result of success.
fn result(value: i64) -> String {
    let name = is_error(value)
        .then(|| value.unsigned_abs())
        .and_then(|error| catalog::errno_name(u32::try_from(error).ok()?));
    name.map_or_else(|| value.to_string(), |name| format!("-{name}"))
}

/// Returns the flags of open by name; in octal if some bit has no name.
fn flags(flags: u32) -> String {
    let access = ["O_RDONLY", "O_WRONLY", "O_RDWR"].get((flags & 3) as usize);
    let kind = argument_kind("open", 1, |_| 0);
    let names: Vec<&str> = kind.into_iter().flat_map(|kind| kind.flags(flags & !3)).collect();
    let bits = names.iter().filter_map(|name| kind?.number(name.as_bytes()));
    match access {
        Some(access) if bits.fold(0, |all, bit| all | bit) == flags & !3 => {
            let names: Vec<&str> = std::iter::once(*access).chain(names).collect();
            names.join("|")
        }
        _ => format!("{flags:#o}"),
    }
}

fn of_name(name: &Name, attribute: Attribute) -> Option<String> {
    let device = |device: Device| format!("{}:{}", device.major, device.minor);
    match attribute {
        Attribute::Path => name.path.as_deref().map(quoted),
        Attribute::Inode => match name.inode {
            NameInode::OfPath => None,
            NameInode::None => Some("none".into()),
            NameInode::Number(number) => Some(number.to_string()),
        },
        Attribute::Dev => name.dev.map(device),
        Attribute::Rdev => name.rdev.map(device),
        Attribute::Mode => name.mode.map(|mode| format!("{mode:o}")),
        Attribute::Ouid => name.ouid.map(|id| id.to_string()),
        Attribute::Ogid => name.ogid.map(|id| id.to_string()),
        Attribute::Obj => name.obj.as_deref().map(quoted),
        Attribute::Fstype => name.fstype.map(|magic| format!("{magic:#x}")),
        _ => name.nametype.map(|kind| kind.name().into()),
    }
}

fn of_task(task: &Task, attribute: Attribute) -> Option<String> {
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    let id_or_unset = |id: Option<u32>| match id {
        Some(UNSET) => Some("unset".to_owned()),
        id => number(id),
    };
    match attribute {
        Attribute::Pid => number(task.pid),
        Attribute::Tid => number(task.tid),
        Attribute::Ppid => number(task.ppid),
        Attribute::Groups => task.groups.as_ref().map(|groups| {
            let groups: Vec<String> = groups.iter().map(u32::to_string).collect();
            groups.join(",")
        }),
        Attribute::Auid => id_or_unset(task.auid),
        Attribute::SessionId => id_or_unset(task.sessionid),
        Attribute::Pers => task.pers.map(|pers| format!("{pers:#x}")),
        Attribute::Exe => task.exe.as_deref().map(quoted),
        Attribute::Subj => task.subj.as_deref().map(quoted),
        _ => number(task.ids.get(Ids::field(attribute)?)),
    }
}

fn named(name: Option<&str>, number: u32) -> String {
    name.map_or_else(|| number.to_string(), str::to_owned)
}

fn quoted(value: &[u8]) -> String {
    let mut text = String::with_capacity(value.len());
    quote(value, &mut text);
    text
}

impl fmt::Display for Notation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for (attribute, value) in PRINTED.iter().filter_map(|attribute| self.word(*attribute)) {
            write!(f, "{space}{attribute}={value}")?;
            space = " ";
        }
        for attribute in PRINTED.iter().filter(|attribute| attribute.is_of_task()) {
            if let Some(value) = of_task(&self.event.at_entry, *attribute) {
                write!(f, "{space}{AT_ENTRY}{attribute}={value}")?;
                space = " ";
            }
        }
        Ok(())
    }
}
