//! The machine that rules are linted for: another one than this, of which only the arch is known.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Arch;
use crate::host::Host;
use crate::wire::Features;

/// The first number that stands for an account whose number is not known.
const FIRST_UNKNOWN: u32 = 4_000_000_000;

/// A machine of one arch. Accounts and directories are asked of `system` where there is one; else every
/// account is taken to exist, with a number of its own that stands for none of the real ones.
pub(super) struct Machine<'a> {
    arch: Arch,
    system: Option<&'a dyn Host>,
    directories: &'a BTreeSet<Vec<u8>>,
    numbers: RefCell<BTreeMap<(bool, Vec<u8>), u32>>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(
        arch: Arch,
        system: Option<&'a dyn Host>,
        directories: &'a BTreeSet<Vec<u8>>,
    ) -> Self {
        Machine { arch, system, directories, numbers: RefCell::default() }
    }

    fn number(&self, is_group: bool, name: &[u8]) -> Option<u32> {
        if name == b"root" {
            return Some(0);
        }
        let mut numbers = self.numbers.borrow_mut();
        let next = FIRST_UNKNOWN.saturating_add(u32::try_from(numbers.len()).unwrap_or(0));
        Some(*numbers.entry((is_group, name.to_vec())).or_insert(next))
    }
}

impl Host for Machine<'_> {
    fn machine(&self) -> Option<Arch> {
        Some(self.arch)
    }

    fn user(&self, name: &[u8]) -> Option<u32> {
        self.system.map_or_else(|| self.number(false, name), |system| system.user(name))
    }

    fn group(&self, name: &[u8]) -> Option<u32> {
        self.system.map_or_else(|| self.number(true, name), |system| system.group(name))
    }

    fn is_directory(&self, path: &[u8]) -> bool {
        let assumed = || self.directories.contains(path);
        self.system.map_or_else(assumed, |system| system.is_directory(path))
    }

    fn features(&self) -> Features {
        Features::ALL
    }

    fn user_message(&self, text: &[u8]) -> Vec<u8> {
        text.to_vec()
    }
}
