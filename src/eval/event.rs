//! An event: what the kernel's filters see when they judge a call, a task or a record.

use super::attribute::Attribute;
use super::files::Files;
use crate::catalog::{self, Arch, field};
use crate::model::is_error;

/// The number of an id that is not set (`AUDIT_UID_UNSET`, `AUDIT_SID_UNSET`).
pub const UNSET: u32 = u32::MAX;

/// A device: major and minor number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Device {
    /// The driver.
    pub major: u32,
    /// The device of that driver.
    pub minor: u32,
}

/// One event. An attribute that is `None` is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// What happens.
    pub kind: Kind,
    /// The call.
    pub call: Call,
    /// The task, when the kernel judges the event: for a syscall, when it exits.
    pub task: Task,
    /// The attributes that the task had when it was made. What is unknown here is the same as in `task`.
    pub at_entry: Task,
    /// The files whose names the call collects, in the order of collection.
    pub names: Option<Vec<Name>>,
    /// The working directory.
    pub cwd: Option<Vec<u8>>,
    /// Files of the machine that differ from those the evaluator knows.
    pub files: Files,
}

/// What happens in an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A syscall returns.
    #[default]
    Syscall,
    /// A task is made.
    Task,
    /// A program sends a message of this type.
    User(Option<u32>),
    /// The kernel is about to write a record of this type.
    Record(Option<u32>),
    /// A call collects names.
    Filesystem,
    /// A thread of io_uring completes this operation.
    IoUring(Option<u32>),
}

/// A call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The arch.
    pub arch: Option<Arch>,
    /// The syscall.
    pub syscall: Option<Syscall>,
    /// The arguments.
    pub args: [Option<u64>; 4],
    /// The flags with which a file is opened: an argument of open and openat, part of a struct for openat2.
    pub open_flags: Option<u32>,
    /// The result.
    pub outcome: Outcome,
    /// The address that the call copied.
    pub address: Address,
}

/// A syscall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Syscall {
    /// By number.
    Number(u32),
    /// By name: the number depends on the arch.
    Name(String),
}

/// The result of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The call never returns.
    Never,
    /// The call returns.
    Returned {
        /// Its value.
        value: Option<i64>,
        /// Whether it succeeds.
        success: Option<bool>,
    },
}

/// The address that a call copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Address {
    /// Whether there is one is unknown.
    #[default]
    Unknown,
    /// There is none.
    None,
    /// One of this family.
    Family(u32),
}

/// The attributes of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// The process.
    pub pid: Option<u32>,
    /// The thread.
    pub tid: Option<u32>,
    /// The parent process.
    pub ppid: Option<u32>,
    /// The users and groups.
    pub ids: Ids,
    /// The supplementary groups.
    pub groups: Option<Vec<u32>>,
    /// The user who logged in; [`UNSET`] without a login.
    pub auid: Option<u32>,
    /// The session; [`UNSET`] without one.
    pub sessionid: Option<u32>,
    /// The personality.
    pub pers: Option<u32>,
    /// The program.
    pub exe: Option<Vec<u8>>,
    /// The security label.
    pub subj: Option<Vec<u8>>,
}

/// The users and groups of a task: real, effective, saved, and for file access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ids([Option<u32>; 8]);

/// The attributes in [`Ids`], in the order of their field numbers.
pub(super) const IDS: [Attribute; 8] = [
    Attribute::Uid,
    Attribute::Euid,
    Attribute::Suid,
    Attribute::Fsuid,
    Attribute::Gid,
    Attribute::Egid,
    Attribute::Sgid,
    Attribute::Fsgid,
];

impl Ids {
    /// Returns the id that the field with this number compares, from `uid` to `fsgid`.
    pub fn get(&self, number: u32) -> Option<u32> {
        self.0.get(Self::place(number)?).copied().flatten()
    }

    /// Sets the id of a field; returns whether the field is one of an id.
    pub fn set(&mut self, number: u32, id: u32) -> bool {
        let slot = Self::place(number).and_then(|place| self.0.get_mut(place));
        slot.map(|slot| *slot = Some(id)).is_some()
    }

    /// Returns the attribute of a field.
    pub(super) fn attribute(number: u32) -> Option<Attribute> {
        IDS.get(Self::place(number)?).copied()
    }

    /// Returns the field that compares an attribute; `None` for an attribute that is no id.
    pub(super) fn field(attribute: Attribute) -> Option<u32> {
        let place = u32::from((attribute as u8).checked_sub(Attribute::Uid as u8)?);
        Some(field::UID + place).filter(|number| *number <= field::FSGID)
    }

    fn place(number: u32) -> Option<usize> {
        usize::try_from(number.checked_sub(field::UID)?).ok().filter(|place| *place < IDS.len())
    }
}

/// A file whose name a call collected (`struct audit_names`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The path, as the program passed it.
    pub path: Option<Vec<u8>>,
    /// The inode number.
    pub inode: NameInode,
    /// The device of the file system.
    pub dev: Option<Device>,
    /// The device that a device file stands for.
    pub rdev: Option<Device>,
    /// The type of the file and its permissions (`st_mode`).
    pub mode: Option<u32>,
    /// The user who owns it.
    pub ouid: Option<u32>,
    /// The group that owns it.
    pub ogid: Option<u32>,
    /// Its security label.
    pub obj: Option<Vec<u8>>,
    /// The magic number of its file system.
    pub fstype: Option<u32>,
    /// Its role in the call.
    pub nametype: Option<Nametype>,
}

/// The inode of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameInode {
    /// The file is known by its path.
    #[default]
    OfPath,
    /// There is no inode: the lookup failed.
    None,
    /// This inode.
    Number(u64),
}

/// The role of a name in a call (`AUDIT_TYPE_*`, include/linux/audit.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nametype {
    /// A file that the call uses.
    Normal,
    /// The directory in which the call changes an entry.
    Parent,
    /// An entry that the call makes.
    Create,
    /// An entry that the call removes.
    Delete,
    /// A name without a file.
    Unknown,
}

impl Nametype {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Normal, Self::Parent, Self::Create, Self::Delete, Self::Unknown];

    /// Returns the name in a PATH record.
    pub const fn name(self) -> &'static str {
        match self {
            Nametype::Normal => "NORMAL",
            Nametype::Parent => "PARENT",
            Nametype::Create => "CREATE",
            Nametype::Delete => "DELETE",
            Nametype::Unknown => "UNKNOWN",
        }
    }
}

impl Call {
    /// Returns the name of the syscall in the kernel; `None` if it is unknown.
    pub(crate) fn syscall_name(&self) -> Option<&str> {
        match self.syscall.as_ref()? {
            Syscall::Name(name) => Some(name),
            Syscall::Number(number) => catalog::kernel_syscall_name(self.arch?, *number),
        }
    }
}

impl Default for Outcome {
    fn default() -> Self {
        Outcome::Returned { value: None, success: None }
    }
}

impl Outcome {
    /// Returns the value; `None` if it is unknown or the call never returns.
    #[cfg(feature = "relate")]
    pub(crate) const fn value(self) -> Option<i64> {
        match self {
            Outcome::Never => None,
            Outcome::Returned { value, .. } => value,
        }
    }

    /// Returns whether the call succeeded; `None` if that is unknown or the call never returns.
    pub fn success(self) -> Option<bool> {
        match self {
            Outcome::Never => None,
            Outcome::Returned { value: Some(value), .. } => Some(!is_error(value)),
            Outcome::Returned { value: None, success } => success,
        }
    }
}

impl Task {
    /// Returns the place of a number; `None` for an attribute that is none.
    pub(super) fn number_mut(&mut self, attribute: Attribute) -> Option<&mut Option<u32>> {
        Some(match attribute {
            Attribute::Pid => &mut self.pid,
            Attribute::Tid => &mut self.tid,
            Attribute::Ppid => &mut self.ppid,
            Attribute::Auid => &mut self.auid,
            Attribute::SessionId => &mut self.sessionid,
            Attribute::Pers => &mut self.pers,
            _ => self.ids.0.get_mut(Ids::place(Ids::field(attribute)?)?)?,
        })
    }

    /// Returns the task with the attributes that are known in `self`, and those of `later` for the rest.
    pub(crate) fn or(&self, later: &Task) -> Task {
        let mut ids = later.ids;
        for (slot, id) in ids.0.iter_mut().zip(self.ids.0) {
            *slot = id.or(*slot);
        }
        Task {
            pid: self.pid.or(later.pid),
            tid: self.tid.or(later.tid),
            ppid: self.ppid.or(later.ppid),
            ids,
            groups: self.groups.clone().or_else(|| later.groups.clone()),
            auid: self.auid.or(later.auid),
            sessionid: self.sessionid.or(later.sessionid),
            pers: self.pers.or(later.pers),
            exe: self.exe.clone().or_else(|| later.exe.clone()),
            subj: self.subj.clone().or_else(|| later.subj.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_order_of_their_fields() {
        for attribute in Attribute::ALL.iter().copied() {
            let place = IDS.iter().position(|id| *id == attribute);
            let number = place.map(|place| field::UID + u32::try_from(place).unwrap());
            assert_eq!(Ids::field(attribute), number, "{attribute}");
        }
    }
}
