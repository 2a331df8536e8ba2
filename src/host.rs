//! The facts about a machine that compiling a rule needs.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{self, Arch, Features, FieldKind, PathKind};

/// The environment of a rule: accounts, paths, the machine and its kernel.
///
/// The compiler asks for each fact when it needs it, as auditctl does. In a test, or for another machine, another
/// implementation answers instead of the system.
pub trait Host {
    /// Returns the arch of `b64` and `b32`; `None` on a machine whose syscalls are not known.
    fn machine(&self) -> Option<Arch>;

    /// Returns whether rules may name this arch: auditctl supports only some.
    fn takes(&self, arch: Arch) -> bool {
        let _ = arch;
        true
    }

    /// Returns the number of the user with this name.
    fn user(&self, name: &[u8]) -> Option<u32>;

    /// Returns the number of the group with this name.
    fn group(&self, name: &[u8]) -> Option<u32>;

    /// Returns whether this path is a directory; follows links.
    fn is_directory(&self, path: &[u8]) -> bool;

    /// Returns whether the path is known to be missing; does not follow a link at its end.
    fn is_missing(&self, path: &[u8]) -> bool {
        let _ = path;
        false
    }

    /// Returns the path that a symbolic link leads to, with all links resolved; `None` for a path that is not a link,
    /// and for a link that leads nowhere.
    fn link_target(&self, path: &[u8]) -> Option<Vec<u8>> {
        let _ = path;
        None
    }

    /// Returns what a path is. A missing path is a file if its name shows that.
    fn path_kind(&self, path: &[u8]) -> PathKind {
        if self.is_directory(path) {
            PathKind::Directory
        } else if self.is_missing(path) && !catalog::names_a_file(path) {
            PathKind::Unknown
        } else {
            PathKind::File
        }
    }

    /// Returns the features of the kernel that the rules are for.
    fn features(&self) -> Features;

    /// Returns the record that `-m` sends: its text, and the user, program and terminal that it comes from.
    fn user_message(&self, text: &[u8]) -> Vec<u8>;
}

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

/// A host for rules of another machine: any arch, a kernel with every feature, every possible account, and the
/// directories of every distribution.
///
/// Names of users and groups resolve to made-up numbers: within one host, the same name has the same
/// number, and another name has another number. A name that begins with a dash is never an account, so
/// `gid=-1` is a fault; nor is the name of a field with accounts, so `uid!=euid` is one too. root is 0.
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

/// The first made-up number; real accounts rarely have numbers this high.
const FIRST_MADE_UP: u32 = 0xf000_0000;

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

    /// Returns the names of the accounts with made-up numbers, in order.
    pub fn made_up(&self) -> Vec<Vec<u8>> {
        let accounts = self.accounts.borrow();
        let made_up = accounts.iter().filter(|(_, number)| Self::may_be_made_up(**number));
        made_up.map(|(name, _)| name.clone()).collect()
    }

    /// Returns whether this number may be made up, so that the account is unknown.
    pub fn may_be_made_up(number: u32) -> bool {
        (FIRST_MADE_UP..u32::MAX).contains(&number)
    }

    fn account(&self, name: &[u8]) -> Option<u32> {
        if name.starts_with(b"-") || names_an_account_field(name) {
            return None;
        }
        let mut accounts = self.accounts.borrow_mut();
        if let Some(number) = accounts.get(name) {
            return Some(*number);
        }
        let number = u32::try_from(accounts.len()).ok()?.checked_add(FIRST_MADE_UP)?;
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

/// Returns the record of `-m` from an unknown sender.
fn message_of_unknown_sender(text: &[u8]) -> Vec<u8> {
    [b"text=", text, b" exe=\"rauditctl\" hostname=? addr=? terminal=? res=success"].concat()
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
        assert!(numbers.iter().all(|number| (FIRST_MADE_UP..u32::MAX).contains(&number.unwrap())));
        // A second query, in another order, and for groups.
        for (name, number) in names.iter().zip(&numbers).rev() {
            assert_eq!(host.user(name.as_bytes()), *number);
            assert_eq!(host.group(name.as_bytes()), *number);
        }
        assert_eq!((host.user(b"root"), host.group(b"root")), (Some(0), Some(0)));
    }

    #[test]
    fn rejects_account_with_leading_dash() {
        let host = AnyHost::new(None);
        assert_eq!((host.user(b"-x"), host.group(b"-1")), (None, None));
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
