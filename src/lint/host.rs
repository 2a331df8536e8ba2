//! The machine that rules are linted for: another one than this, of which only the arch is known.

use crate::catalog::Arch;
use crate::host::Host;
use crate::wire::Features;

/// A machine of one arch, all else about it as `others` says.
pub(super) struct Machine<'a> {
    pub(super) arch: Arch,
    pub(super) others: &'a dyn Host,
}

impl Host for Machine<'_> {
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

    fn features(&self) -> Features {
        Features::ALL
    }

    fn user_message(&self, text: &[u8]) -> Vec<u8> {
        self.others.user_message(text)
    }
}
