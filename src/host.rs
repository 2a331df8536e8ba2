//! What compiling a rule asks of the machine it is compiled on, or for.

use crate::catalog::Arch;
use crate::wire::Features;

/// The world around a rule: accounts, paths, the machine and its kernel.
///
/// auditctl asks for each of these in the middle of a rule, so compiling does too; a test or a
/// compiler for another machine answers instead of the system.
pub trait Host {
    /// The arch that `b64` and `b32` stand for; `None` on a machine whose syscalls are not known.
    fn machine(&self) -> Option<Arch>;

    /// Whether rules may be for this arch: auditctl is built for some only.
    fn takes(&self, arch: Arch) -> bool {
        let _ = arch;
        true
    }

    /// The number of the user with this name.
    fn user(&self, name: &[u8]) -> Option<u32>;

    /// The number of the group with this name.
    fn group(&self, name: &[u8]) -> Option<u32>;

    /// Whether this path is a directory, links followed.
    fn is_directory(&self, path: &[u8]) -> bool;

    /// What the kernel that the rules are for can do.
    fn features(&self) -> Features;

    /// The record that `-m` makes of its text: who says it, and from where.
    fn user_message(&self, text: &[u8]) -> Vec<u8>;
}

/// A host without a system behind it: any arch, a kernel that can do everything, no accounts but
/// root, and directories given beforehand.
#[derive(Clone, Debug)]
pub struct FixedHost {
    /// The machine.
    pub machine: Option<Arch>,
    /// Names and numbers of users.
    pub users: Vec<(Vec<u8>, u32)>,
    /// Names and numbers of groups.
    pub groups: Vec<(Vec<u8>, u32)>,
    /// Paths that are directories.
    pub directories: Vec<Vec<u8>>,
    /// What the kernel can do.
    pub features: Features,
}

impl FixedHost {
    /// A host of this arch, where only root is known and no path is a directory.
    pub fn new(machine: Arch) -> Self {
        FixedHost {
            machine: Some(machine),
            users: vec![(b"root".to_vec(), 0)],
            groups: vec![(b"root".to_vec(), 0)],
            directories: Vec::new(),
            features: Features::ALL,
        }
    }
}

fn number_of(accounts: &[(Vec<u8>, u32)], name: &[u8]) -> Option<u32> {
    accounts.iter().find(|(known, _)| known == name).map(|(_, number)| *number)
}

impl Host for FixedHost {
    fn machine(&self) -> Option<Arch> {
        self.machine
    }

    fn user(&self, name: &[u8]) -> Option<u32> {
        number_of(&self.users, name)
    }

    fn group(&self, name: &[u8]) -> Option<u32> {
        number_of(&self.groups, name)
    }

    fn is_directory(&self, path: &[u8]) -> bool {
        self.directories.iter().any(|directory| directory == path)
    }

    fn features(&self) -> Features {
        self.features
    }

    fn user_message(&self, text: &[u8]) -> Vec<u8> {
        [b"text=", text, b" exe=\"rauditctl\" hostname=? addr=? terminal=? res=success"].concat()
    }
}
