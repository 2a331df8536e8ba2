//! The attributes of an event, and sets of them.

use std::fmt;

/// An attribute of an event: a fact that the kernel's filters compare.
///
/// The order is the order in which an event is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Attribute {
    /// The filter list that the event is judged by.
    List,
    /// The type of a record, for the lists user and exclude.
    Type,
    /// The operation of io_uring.
    Op,
    /// The arch of the call.
    Arch,
    /// The syscall.
    Syscall,
    /// The first argument of the call.
    A0,
    /// The second argument.
    A1,
    /// The third argument.
    A2,
    /// The fourth argument.
    A3,
    /// The flags with which a file is opened.
    OpenFlags,
    /// The files whose names the call collected.
    Names,
    /// The path of a name.
    Path,
    /// The inode of a name.
    Inode,
    /// The device of the file system of a name.
    Dev,
    /// The device that a name is, for device files.
    Rdev,
    /// The type and the permissions of the file of a name.
    Mode,
    /// The user who owns the file of a name.
    Ouid,
    /// The group that owns the file of a name.
    Ogid,
    /// The security label of the file of a name.
    Obj,
    /// The type of the file system of a name.
    Fstype,
    /// The role of a name in the call.
    Nametype,
    /// The family of the address.
    SaddrFam,
    /// The result of the call.
    Exit,
    /// Whether the call succeeded.
    Success,
    /// The process.
    Pid,
    /// The thread.
    Tid,
    /// The parent process.
    Ppid,
    /// The user.
    Uid,
    /// The effective user.
    Euid,
    /// The saved user.
    Suid,
    /// The user for file access.
    Fsuid,
    /// The group.
    Gid,
    /// The effective group.
    Egid,
    /// The saved group.
    Sgid,
    /// The group for file access.
    Fsgid,
    /// The supplementary groups.
    Groups,
    /// The user who logged in.
    Auid,
    /// The session.
    SessionId,
    /// The personality.
    Pers,
    /// The program.
    Exe,
    /// The security label of the task.
    Subj,
    /// The working directory.
    Cwd,
    /// The attributes that the task had when it was made.
    AtEntry,
    /// The files of the machine.
    Files,
}

impl Attribute {
    /// Every attribute, in order.
    pub const ALL: [Self; 44] = [
        Self::List,
        Self::Type,
        Self::Op,
        Self::Arch,
        Self::Syscall,
        Self::A0,
        Self::A1,
        Self::A2,
        Self::A3,
        Self::OpenFlags,
        Self::Names,
        Self::Path,
        Self::Inode,
        Self::Dev,
        Self::Rdev,
        Self::Mode,
        Self::Ouid,
        Self::Ogid,
        Self::Obj,
        Self::Fstype,
        Self::Nametype,
        Self::SaddrFam,
        Self::Exit,
        Self::Success,
        Self::Pid,
        Self::Tid,
        Self::Ppid,
        Self::Uid,
        Self::Euid,
        Self::Suid,
        Self::Fsuid,
        Self::Gid,
        Self::Egid,
        Self::Sgid,
        Self::Fsgid,
        Self::Groups,
        Self::Auid,
        Self::SessionId,
        Self::Pers,
        Self::Exe,
        Self::Subj,
        Self::Cwd,
        Self::AtEntry,
        Self::Files,
    ];

    /// Returns the name in an event. A field of a rule and the attribute that it compares have the same name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Type => "type",
            Self::Op => "op",
            Self::Arch => "arch",
            Self::Syscall => "syscall",
            Self::A0 => "a0",
            Self::A1 => "a1",
            Self::A2 => "a2",
            Self::A3 => "a3",
            Self::OpenFlags => "open_flags",
            Self::Names => "names",
            Self::Path => "path",
            Self::Inode => "inode",
            Self::Dev => "dev",
            Self::Rdev => "rdev",
            Self::Mode => "mode",
            Self::Ouid => "ouid",
            Self::Ogid => "ogid",
            Self::Obj => "obj",
            Self::Fstype => "fstype",
            Self::Nametype => "nametype",
            Self::SaddrFam => "saddr_fam",
            Self::Exit => "exit",
            Self::Success => "success",
            Self::Pid => "pid",
            Self::Tid => "tid",
            Self::Ppid => "ppid",
            Self::Uid => "uid",
            Self::Euid => "euid",
            Self::Suid => "suid",
            Self::Fsuid => "fsuid",
            Self::Gid => "gid",
            Self::Egid => "egid",
            Self::Sgid => "sgid",
            Self::Fsgid => "fsgid",
            Self::Groups => "groups",
            Self::Auid => "auid",
            Self::SessionId => "sessionid",
            Self::Pers => "pers",
            Self::Exe => "exe",
            Self::Subj => "subj",
            Self::Cwd => "cwd",
            Self::AtEntry => "at_entry",
            Self::Files => "files",
        }
    }

    /// Returns the attribute with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| attribute.name() == name)
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of attributes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Attributes(u64);

impl Attributes {
    /// The set without attributes.
    pub const NONE: Self = Attributes(0);

    /// Returns the set with one attribute.
    pub const fn of(attribute: Attribute) -> Self {
        Attributes(1 << attribute as u8)
    }

    /// Returns the attributes of either set.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Attributes(self.0 | other.0)
    }

    /// Returns whether the attribute is in the set.
    pub const fn contains(self, attribute: Attribute) -> bool {
        self.0 & Self::of(attribute).0 != 0
    }

    /// Returns whether the set has no attributes.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the attributes, in order.
    pub fn iter(self) -> impl Iterator<Item = Attribute> {
        Attribute::ALL.into_iter().filter(move |attribute| self.contains(*attribute))
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_attributes_are_listed_in_order_and_named_once() {
        let numbers: Vec<u8> = Attribute::ALL.iter().map(|attribute| *attribute as u8).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]));
        for attribute in Attribute::ALL {
            assert_eq!(Attribute::from_name(attribute.name()), Some(attribute));
        }
    }
}
