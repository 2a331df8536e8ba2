//! A host with fixed answers.

use super::{Host, message_of_unknown_sender};
use crate::catalog::{Arch, Features};

/// A host with fixed answers: any arch, a kernel with every feature, only the account root, and the given
/// paths.
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
    /// Paths of other files.
    pub files: Vec<Vec<u8>>,
    /// Paths of symbolic links, and where they lead: to one of the directories or files.
    pub links: Vec<(Vec<u8>, Vec<u8>)>,
    /// The features of the kernel.
    pub features: Features,
}

impl FixedHost {
    /// Creates a host of this arch, where only root is known and no path is a directory.
    pub fn new(machine: Arch) -> Self {
        FixedHost {
            machine: Some(machine),
            users: vec![(b"root".to_vec(), 0)],
            groups: vec![(b"root".to_vec(), 0)],
            directories: Vec::new(),
            files: Vec::new(),
            links: Vec::new(),
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
        let target = self.link_target(path);
        let path = target.as_deref().unwrap_or(path);
        self.directories.iter().any(|directory| directory == path)
    }

    fn is_missing(&self, path: &[u8]) -> bool {
        let is_it = |known: &Vec<u8>| known == path;
        path != b"/"
            && !self.directories.iter().any(is_it)
            && !self.files.iter().any(is_it)
            && self.link_target(path).is_none()
    }

    fn is_no_directory(&self, path: &[u8]) -> bool {
        let target = self.link_target(path);
        let path = target.as_deref().unwrap_or(path);
        self.files.iter().any(|file| file == path)
    }

    fn link_target(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.links.iter().find(|(link, _)| link == path).map(|(_, target)| target.clone())
    }

    fn features(&self) -> Features {
        self.features
    }

    fn user_message(&self, text: &[u8]) -> Vec<u8> {
        message_of_unknown_sender(text)
    }
}
