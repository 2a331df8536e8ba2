//! The facts about a machine that compiling a rule needs.

mod any;
mod assuming;
mod fixed;
mod of_arch;

pub use any::AnyHost;
pub use assuming::{Accounts, AssumingHost};
pub use fixed::FixedHost;
pub use of_arch::HostOfArch;

use crate::catalog::{self, Arch, Features, PathKind};

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

    /// Returns whether something is known to be at this path that is no directory; follows links.
    fn is_no_directory(&self, path: &[u8]) -> bool {
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

/// Returns the record of `-m` from an unknown sender.
fn message_of_unknown_sender(text: &[u8]) -> Vec<u8> {
    [b"text=", text, b" exe=\"rauditctl\" hostname=? addr=? terminal=? res=success"].concat()
}
