//! The attributes of an event, and sets of them.

use std::fmt;

macro_rules! attributes {
    ($($(#[$doc:meta])* $attribute:ident = $name:literal,)+) => {
        /// An attribute of an event: a fact that the kernel's filters compare.
        ///
        /// The order is the order in which an event is written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Attribute {
            $($(#[$doc])* $attribute,)+
        }

        impl Attribute {
            /// Every attribute, in order.
            pub const ALL: &[Self] = &[$(Self::$attribute,)+];

            /// Returns the name in an event. Most attributes have the name of the field that compares them.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$attribute => $name,)+
                }
            }

            /// Returns the attribute with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$attribute),)+
                    _ => None,
                }
            }
        }
    };
}

attributes! {
    /// The filter list that the event is judged by.
    List = "list",
    /// The type of a record, for the lists user and exclude.
    Type = "type",
    /// The operation of io_uring.
    Op = "op",
    /// The arch of the call.
    Arch = "arch",
    /// The syscall.
    Syscall = "syscall",
    /// The first argument of the call.
    A0 = "a0",
    /// The second argument.
    A1 = "a1",
    /// The third argument.
    A2 = "a2",
    /// The fourth argument.
    A3 = "a3",
    /// The flags with which a file is opened.
    OpenFlags = "open_flags",
    /// The files whose names the call collected.
    Names = "names",
    /// The path of a name.
    Path = "path",
    /// The inode of a name.
    Inode = "inode",
    /// The device of the file system of a name.
    Dev = "dev",
    /// The device that a name is, for device files.
    Rdev = "rdev",
    /// The type and the permissions of the file of a name.
    Mode = "mode",
    /// The user who owns the file of a name.
    Ouid = "ouid",
    /// The group that owns the file of a name.
    Ogid = "ogid",
    /// The security label of the file of a name.
    Obj = "obj",
    /// The type of the file system of a name.
    Fstype = "fstype",
    /// The role of a name in the call.
    Nametype = "nametype",
    /// The family of the address.
    SaddrFam = "saddr_fam",
    /// The result of the call.
    Exit = "exit",
    /// Whether the call succeeded.
    Success = "success",
    /// The process.
    Pid = "pid",
    /// The thread.
    Tid = "tid",
    /// The parent process.
    Ppid = "ppid",
    /// The user.
    Uid = "uid",
    /// The effective user.
    Euid = "euid",
    /// The saved user.
    Suid = "suid",
    /// The user for file access.
    Fsuid = "fsuid",
    /// The group.
    Gid = "gid",
    /// The effective group.
    Egid = "egid",
    /// The saved group.
    Sgid = "sgid",
    /// The group for file access.
    Fsgid = "fsgid",
    /// The supplementary groups.
    Groups = "groups",
    /// The user who logged in.
    Auid = "auid",
    /// The session.
    SessionId = "sessionid",
    /// The personality.
    Pers = "pers",
    /// The program.
    Exe = "exe",
    /// The security label of the task.
    Subj = "subj",
    /// The working directory.
    Cwd = "cwd",
    /// The attributes that the task had when it was made.
    AtEntry = "at_entry",
    /// The files of the machine.
    Files = "files",
}

impl Attribute {
    /// Returns the name in the short notation.
    pub const fn short_name(self) -> &'static str {
        match self {
            Attribute::OpenFlags => "flags",
            Attribute::Names => Attribute::Path.name(),
            _ => self.name(),
        }
    }

    /// Returns the attribute that a field of a rule compares, if their names differ.
    pub fn of_field(name: &str) -> Option<Self> {
        Some(match name {
            "msgtype" => Attribute::Type,
            "perm" => Attribute::OpenFlags,
            "dir" => Attribute::Path,
            "devmajor" | "devminor" => Attribute::Dev,
            "filetype" => Attribute::Mode,
            "obj_uid" => Attribute::Ouid,
            "obj_gid" => Attribute::Ogid,
            "obj_user" | "obj_role" | "obj_type" | "obj_lev_low" | "obj_lev_high" => Attribute::Obj,
            "subj_user" | "subj_role" | "subj_type" | "subj_sen" | "subj_clr" => Attribute::Subj,
            "loginuid" | "loginuid_set" => Attribute::Auid,
            _ => return None,
        })
    }

    /// Returns whether the attribute is one of the task.
    pub fn is_of_task(self) -> bool {
        (Attribute::Pid..=Attribute::Subj).contains(&self)
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

    /// Returns the names of the attributes in the short notation, in order.
    pub fn short_names(self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.iter().map(Attribute::short_name).collect();
        names.dedup();
        names
    }

    /// Returns the attributes, in order.
    pub fn iter(self) -> impl Iterator<Item = Attribute> {
        Attribute::ALL.iter().copied().filter(move |attribute| self.contains(*attribute))
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
        for attribute in Attribute::ALL.iter().copied() {
            assert_eq!(Attribute::from_name(attribute.name()), Some(attribute));
        }
    }
}
