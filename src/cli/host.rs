//! The machine that the program runs on, for the compiler.

use std::cell::{OnceCell, RefCell};
use std::ffi::OsStr;
use std::io::{self, ErrorKind, IsTerminal, stderr, stdin, stdout};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use nix::sys::utsname::uname;
use nix::unistd::{gethostname, ttyname};

use super::accounts;
use crate::catalog::{self, Arch, Features, PathKind};
use crate::host::Host;
use crate::kernel::{AuditKernel, KernelError, Netlink};
use crate::wire::MAX_PAYLOAD;

/// The kernel that the rules are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// The running kernel. It is asked for its features when a rule depends on them.
    ThisKernel,
    /// A kernel with every feature.
    AnyKernel,
}

/// The system.
#[derive(Debug)]
pub(super) struct SystemHost {
    machine: Option<Arch>,
    kernel: For,
    /// Only arches that auditctl is built for.
    auditctl_only: bool,
    features: OnceCell<Features>,
    refusal: RefCell<Option<KernelError>>,
}

impl SystemHost {
    /// Returns this machine.
    pub(super) fn this_machine(kernel: For) -> Self {
        Self::new(this_machine(), kernel)
    }

    /// Returns a machine of this arch, with the accounts and paths of the running machine.
    pub(super) fn of_arch(arch: Arch) -> Self {
        Self::new(Some(arch), For::AnyKernel)
    }

    /// Returns this machine, in `auditctl` mode.
    pub(super) fn auditctl() -> Self {
        let mut host = Self::this_machine(For::ThisKernel);
        host.auditctl_only = true;
        host.machine = host.machine.filter(|arch| arch.known_to_auditctl());
        host
    }

    fn new(machine: Option<Arch>, kernel: For) -> Self {
        SystemHost {
            machine,
            kernel,
            auditctl_only: false,
            features: OnceCell::new(),
            refusal: RefCell::default(),
        }
    }

    /// Takes the error that occurred when the kernel was asked for its features, if there was one.
    pub(super) fn take_refusal(&self) -> Option<KernelError> {
        self.refusal.take()
    }

    /// Returns the features of this kernel: none if it does not answer.
    fn ask_features(&self) -> Features {
        let Ok(mut kernel) = Netlink::open() else { return Features(0) };
        match kernel.status() {
            Ok(status) => status.features(),
            Err(error) => {
                self.refusal.replace(Some(error));
                Features(0)
            }
        }
    }
}

/// Returns the arch of this machine, from `uname`.
pub(super) fn this_machine() -> Option<Arch> {
    Arch::from_name(uname().ok()?.machine().as_bytes())
}

/// Returns whether an error means that there is no such path.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

impl Host for SystemHost {
    fn machine(&self) -> Option<Arch> {
        self.machine
    }

    fn takes(&self, arch: Arch) -> bool {
        !self.auditctl_only || arch.known_to_auditctl()
    }

    fn user(&self, name: &[u8]) -> Option<u32> {
        accounts::user(name)
    }

    fn group(&self, name: &[u8]) -> Option<u32> {
        accounts::group(name)
    }

    fn is_directory(&self, path: &[u8]) -> bool {
        Path::new(OsStr::from_bytes(path)).is_dir()
    }

    fn is_missing(&self, path: &[u8]) -> bool {
        Path::new(OsStr::from_bytes(path)).symlink_metadata().is_err_and(|error| is_absent(&error))
    }

    fn is_no_directory(&self, path: &[u8]) -> bool {
        Path::new(OsStr::from_bytes(path)).metadata().is_ok_and(|found| !found.is_dir())
    }

    // Asks the system once, where the path is not a link.
    fn path_kind(&self, path: &[u8]) -> PathKind {
        match Path::new(OsStr::from_bytes(path)).symlink_metadata() {
            Ok(found) if found.is_symlink() => match self.is_directory(path) {
                true => PathKind::Directory,
                false => PathKind::File,
            },
            Ok(found) if found.is_dir() => PathKind::Directory,
            Err(error) if is_absent(&error) && !catalog::names_a_file(path) => PathKind::Unknown,
            Ok(_) | Err(_) => PathKind::File,
        }
    }

    fn link_target(&self, path: &[u8]) -> Option<Vec<u8>> {
        let path = Path::new(OsStr::from_bytes(path));
        let is_link = path.symlink_metadata().is_ok_and(|found| found.is_symlink());
        let target = is_link.then(|| path.canonicalize().ok()).flatten()?;
        Some(target.into_os_string().into_vec())
    }

    fn features(&self) -> Features {
        *self.features.get_or_init(|| match self.kernel {
            For::AnyKernel => Features::ALL,
            For::ThisKernel => self.ask_features(),
        })
    }

    fn user_message(&self, text: &[u8]) -> Vec<u8> {
        let executable = std::env::current_exe().unwrap_or_default();
        let terminal = terminal();
        let hostname = terminal.as_ref().and_then(|_| gethostname().ok());
        let or_unknown = |value: Option<&[u8]>| value.unwrap_or(b"?").to_vec();
        let mut message = [b"text=".as_slice(), text, b" exe="].concat();
        message.extend(quoted(executable.as_os_str().as_bytes()));
        message.extend(b" hostname=");
        message.extend(or_unknown(hostname.as_ref().map(|name| name.as_bytes())));
        message.extend(b" addr=? terminal=");
        message.extend(or_unknown(terminal.as_ref().map(|name| name.as_os_str().as_bytes())));
        message.extend(b" res=success");
        message.truncate(MAX_PAYLOAD - 1);
        message
    }
}

/// Returns a value of a record in quotes, or as hexadecimal digits if a parser of records would misread it
/// (`audit_encode_nv_string`, audit_logging.c).
fn quoted(value: &[u8]) -> Vec<u8> {
    if value.iter().all(|byte| (0x21..0x7f).contains(byte) && *byte != b'"') {
        [b"\"", value, b"\""].concat()
    } else {
        value.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()).collect()
    }
}

/// Returns the terminal of this process, without `/dev/`.
fn terminal() -> Option<PathBuf> {
    let name = if stdin().is_terminal() {
        ttyname(stdin())
    } else if stdout().is_terminal() {
        ttyname(stdout())
    } else if stderr().is_terminal() {
        ttyname(stderr())
    } else {
        return None;
    };
    let name = name.ok()?;
    Some(name.strip_prefix("/dev").map(Path::to_owned).unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn writes_odd_values_as_digits() {
        assert_eq!(quoted(b"/usr/sbin/auditctl"), b"\"/usr/sbin/auditctl\"");
        assert_eq!(quoted(b"/a b"), b"2F612062");
    }
}
