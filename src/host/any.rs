//! A host that stands for every host of an arch.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Host, message_of_unknown_sender};
use crate::catalog::{self, Arch, Features, FieldKind, Operator, PathKind};

/// A host for rules of another machine: any arch, a kernel with every feature, every possible account, and the
/// directories of every distribution.
///
/// Names of users and groups resolve to made-up numbers: within one host, the same name has the same
/// number, and another name has another number. A name that begins with a dash or an operator is never an account, so
/// `gid=-1` and `uid=>1000` are faults; nor is the name of a field with accounts, so `uid!=euid` is one too. root is 0.
///
/// ```
/// use rauditctl::catalog::Arch;
/// use rauditctl::host::{AnyHost, Host};
/// let host = AnyHost::new(Some(Arch::X86_64));
/// assert_eq!(host.user(b"root"), Some(0));
/// assert_ne!(host.user(b"alice"), host.user(b"bob"));
/// assert_eq!(host.group(b"-1"), None);
/// ```
#[derive(Clone, Debug)]
pub struct AnyHost {
    machine: Option<Arch>,
    directories: RefCell<BTreeSet<Vec<u8>>>,
    accounts: RefCell<BTreeMap<Vec<u8>, u32>>,
}

impl AnyHost {
    /// Creates a host of this arch, with the directories of every distribution; `None` for a machine whose syscalls
    /// are not known.
    pub fn new(machine: Option<Arch>) -> Self {
        AnyHost {
            machine,
            directories: RefCell::default(),
            accounts: RefCell::new(BTreeMap::from([(b"root".to_vec(), 0)])),
        }
    }

    /// Returns the same host with these directories too.
    #[must_use]
    pub fn with_directories(self, directories: BTreeSet<Vec<u8>>) -> Self {
        self.learn_directories(directories);
        self
    }

    /// Learns that these paths are directories.
    pub fn learn_directories(&self, directories: BTreeSet<Vec<u8>>) {
        self.directories.borrow_mut().extend(directories);
    }

    /// Returns the accounts with made-up numbers, by name.
    pub fn made_up(&self) -> Vec<(Vec<u8>, u32)> {
        let accounts = self.accounts.borrow();
        let made_up = accounts.iter().filter(|(_, number)| catalog::may_be_made_up(**number));
        made_up.map(|(name, number)| (name.clone(), *number)).collect()
    }

    fn account(&self, name: &[u8]) -> Option<u32> {
        if name.first().is_some_and(|first| *first == b'-' || Operator::has_character(*first))
            || names_an_account_field(name)
        {
            return None;
        }
        let mut accounts = self.accounts.borrow_mut();
        if let Some(number) = accounts.get(name) {
            return Some(*number);
        }
        let number =
            u32::try_from(accounts.len()).ok()?.checked_add(catalog::FIRST_MADE_UP_ACCOUNT)?;
        if number == u32::MAX {
            return None;
        }
        accounts.insert(name.to_vec(), number);
        Some(number)
    }
}

/// Returns whether a name is that of a field whose values are accounts, such as `euid`.
fn names_an_account_field(name: &[u8]) -> bool {
    let row = catalog::field_number(name).and_then(catalog::field_info);
    row.is_some_and(|row| matches!(row.kind, FieldKind::User | FieldKind::Group))
}

impl Host for AnyHost {
    fn machine(&self) -> Option<Arch> {
        self.machine
    }

    fn user(&self, name: &[u8]) -> Option<u32> {
        self.account(name)
    }

    fn group(&self, name: &[u8]) -> Option<u32> {
        self.account(name)
    }

    fn is_directory(&self, path: &[u8]) -> bool {
        self.directories.borrow().contains(path) || catalog::names_a_directory(path)
    }

    fn path_kind(&self, path: &[u8]) -> PathKind {
        if self.is_directory(path) {
            PathKind::Directory
        } else if catalog::names_a_file(path) {
            PathKind::File
        } else {
            PathKind::Unknown
        }
    }

    fn features(&self) -> Features {
        Features::ALL
    }

    fn user_message(&self, text: &[u8]) -> Vec<u8> {
        message_of_unknown_sender(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_own_number() {
        let host = AnyHost::new(None);
        let names: Vec<String> = (0..1000).map(|n| format!("user{n}")).collect();
        let numbers: Vec<_> = names.iter().map(|name| host.user(name.as_bytes())).collect();
        let distinct: std::collections::BTreeSet<_> = numbers.iter().copied().collect();
        assert_eq!(distinct.len(), names.len());
        // No number is that of root or of the unset user.
        assert!(numbers.iter().all(|number| catalog::may_be_made_up(number.unwrap())));
        // A second query, in another order, and for groups.
        for (name, number) in names.iter().zip(&numbers).rev() {
            assert_eq!(host.user(name.as_bytes()), *number);
            assert_eq!(host.group(name.as_bytes()), *number);
        }
        assert_eq!((host.user(b"root"), host.group(b"root")), (Some(0), Some(0)));
    }

    #[test]
    fn rejects_account_with_leading_dash_or_operator() {
        let host = AnyHost::new(None);
        assert_eq!((host.user(b"-x"), host.group(b"-1")), (None, None));
        assert_eq!((host.user(b">1000"), host.group(b"=0")), (None, None));
    }

    #[test]
    fn rejects_account_with_the_name_of_an_account_field() {
        let host = AnyHost::new(None);
        assert_eq!((host.user(b"euid"), host.group(b"obj_gid")), (None, None));
        assert!(host.user(b"exe").is_some());
    }

    #[test]
    fn knows_common_and_given_directories() {
        let host = AnyHost::new(Some(Arch::S390x));
        assert_eq!(host.machine(), Some(Arch::S390x));
        assert!(host.is_directory(b"/etc") && !host.is_directory(b"/etc/opt"));
        let host = host.with_directories([b"/srv/www".to_vec()].into());
        assert!(host.is_directory(b"/srv/www") && !host.is_directory(b"/srv/ftp"));
        let kinds =
            [&b"/srv/www"[..], b"/srv/ftp", b"/etc/passwd"].map(|path| host.path_kind(path));
        assert_eq!(kinds, [PathKind::Directory, PathKind::Unknown, PathKind::File]);
    }
}
