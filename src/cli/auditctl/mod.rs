//! `auditctl` mode: called as `auditctl`, the program does what auditctl 4.2.2 does, with the same messages and exit
//! statuses. Options take effect one after the other, and a file is carried out
//! line by line, up to the first error.

mod file;
mod refusals;
mod sending;
mod session;

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

use nix::unistd::geteuid;

use super::exit::AuditctlExit;
use super::log::Log;
use super::operations;
use super::usage::AUDITCTL_USAGE;
use crate::diag::auditctl::Priority;
use crate::errno::Errno;
use crate::kernel::Netlink;
use session::AuditctlSession;

/// Runs as auditctl with these arguments, without the name of the program.
pub(super) fn run(arguments: &[OsString]) -> AuditctlExit {
    if arguments.is_empty() {
        write_out(AUDITCTL_USAGE.as_bytes());
        return AuditctlExit::Error;
    }
    let words: Vec<&[u8]> = arguments.iter().map(|word| word.as_bytes()).collect();
    if !may_run(&words) {
        Log::Stderr.say(Priority::Warning, "You must be root to run this program.");
        return AuditctlExit::NotRoot;
    }
    let is_file = matches!(words.as_slice(), [b"-R", _]);
    let log = if is_file { Log::Syslog } else { Log::Stderr };
    let Some(kernel) = open(log) else { return AuditctlExit::Error };
    let mut session = AuditctlSession::new(kernel, log);
    match words.as_slice() {
        [b"-R", path] => session.run_file(path),
        _ => session.run_command(arguments),
    }
}

/// Returns whether these arguments are allowed: everything except the help needs the capability, but root may list
/// without it.
fn may_run(words: &[&[u8]]) -> bool {
    match words {
        [b"--help" | b"-h"] => true,
        [b"-l"] if geteuid().is_root() => true,
        _ => operations::may_control(),
    }
}

fn open(log: Log) -> Option<Netlink> {
    match Netlink::open() {
        Ok(kernel) => Some(kernel),
        Err(errno) => {
            log.error(match errno {
                Errno::EINVAL | Errno::EPROTONOSUPPORT | Errno::EAFNOSUPPORT => {
                    "Error - audit support not in kernel".to_owned()
                }
                _ => format!("Error opening audit netlink socket ({errno})"),
            });
            log.error("Cannot open netlink audit socket");
            None
        }
    }
}

/// Writes to standard output. Ignores errors, as auditctl does: a closed pipe ends a listing without an error.
fn write_out(text: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text).and_then(|()| out.flush());
}
