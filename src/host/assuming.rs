//! A system with assumptions about what it does not have.

use super::{AnyHost, Host};
use crate::catalog::{Arch, Features, PathKind};

/// A system with assumptions about what it does not have: missing paths, and also accounts if that is asked for.
#[derive(Clone, Copy)]
pub struct AssumingHost<'a> {
    /// The system.
    pub system: &'a dyn Host,
    /// The assumptions.
    pub assumed: &'a AnyHost,
    /// The accounts.
    pub accounts: Accounts,
}

/// The accounts of an [`AssumingHost`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accounts {
    /// Those of the system.
    OfSystem,
    /// Those of the system, and every other name.
    Assumed,
}

impl<'a> AssumingHost<'a> {
    /// Returns the system with assumptions about missing paths; without a system, everything is assumed.
    pub fn over(system: Option<&'a dyn Host>, assumed: &'a AnyHost) -> Self {
        AssumingHost { system: system.unwrap_or(assumed), assumed, accounts: Accounts::OfSystem }
    }

    fn account(&self, known: Option<u32>, assumed: impl Fn() -> Option<u32>) -> Option<u32> {
        match self.accounts {
            Accounts::OfSystem => known,
            Accounts::Assumed => known.or_else(assumed),
        }
    }
}

impl Host for AssumingHost<'_> {
    fn machine(&self) -> Option<Arch> {
        self.system.machine()
    }

    fn takes(&self, arch: Arch) -> bool {
        self.system.takes(arch)
    }

    fn user(&self, name: &[u8]) -> Option<u32> {
        self.account(self.system.user(name), || self.assumed.user(name))
    }

    fn group(&self, name: &[u8]) -> Option<u32> {
        self.account(self.system.group(name), || self.assumed.group(name))
    }

    fn is_directory(&self, path: &[u8]) -> bool {
        self.path_kind(path) == PathKind::Directory
    }

    fn is_missing(&self, path: &[u8]) -> bool {
        self.system.is_missing(path)
    }

    fn is_no_directory(&self, path: &[u8]) -> bool {
        self.system.is_no_directory(path)
    }

    fn link_target(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.system.link_target(path)
    }

    fn path_kind(&self, path: &[u8]) -> PathKind {
        match self.system.path_kind(path) {
            PathKind::Unknown => self.assumed.path_kind(path),
            known => known,
        }
    }

    fn features(&self) -> Features {
        self.system.features()
    }

    fn user_message(&self, text: &[u8]) -> Vec<u8> {
        self.system.user_message(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FixedHost;

    #[test]
    fn assumes_only_what_the_system_does_not_have() {
        let system = FixedHost {
            directories: vec![b"/srv/ftp".to_vec()],
            files: vec![b"/srv/www".to_vec()],
            ..FixedHost::new(Arch::X86_64)
        };
        let assumed =
            AnyHost::new(None).with_directories([b"/srv/www".to_vec(), b"/data".to_vec()].into());
        let host = |accounts| AssumingHost { system: &system, assumed: &assumed, accounts };
        let strict = host(Accounts::OfSystem);
        let kinds =
            [&b"/srv/ftp"[..], b"/srv/www", b"/data", b"/x"].map(|path| strict.path_kind(path));
        use PathKind::{Directory, File, Unknown};
        assert_eq!(kinds, [Directory, File, Directory, Unknown]);
        assert_eq!((strict.user(b"root"), strict.user(b"alice")), (Some(0), None));
        assert!(host(Accounts::Assumed).user(b"alice").is_some());
    }
}
