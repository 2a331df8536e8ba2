//! A host with another arch.

use super::Host;
use crate::catalog::{Arch, Features, PathKind};

/// A host of one arch; `others` answers everything else. Its kernel has every feature.
#[derive(Clone, Copy)]
pub struct HostOfArch<'a> {
    /// The machine.
    pub arch: Arch,
    /// Accounts and paths.
    pub others: &'a dyn Host,
}

impl Host for HostOfArch<'_> {
    fn machine(&self) -> Option<Arch> {
        Some(self.arch)
    }

    fn user(&self, name: &[u8]) -> Option<u32> {
        self.others.user(name)
    }

    fn group(&self, name: &[u8]) -> Option<u32> {
        self.others.group(name)
    }

    fn is_directory(&self, path: &[u8]) -> bool {
        self.others.is_directory(path)
    }

    fn is_missing(&self, path: &[u8]) -> bool {
        self.others.is_missing(path)
    }

    fn is_no_directory(&self, path: &[u8]) -> bool {
        self.others.is_no_directory(path)
    }

    fn path_kind(&self, path: &[u8]) -> PathKind {
        self.others.path_kind(path)
    }

    fn features(&self) -> Features {
        Features::ALL
    }

    fn user_message(&self, text: &[u8]) -> Vec<u8> {
        self.others.user_message(text)
    }
}
