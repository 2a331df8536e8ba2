//! The Debian packages that tests need.

use std::io::Result;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};

use super::Scope;

/// A Debian package, a command that works where it is installed, and whether `--fast` needs it.
const PACKAGES: [(&str, &str, bool); 6] = [
    ("qemu-system-x86", "qemu-system-x86_64 --version", false),
    ("python3-minimal", "python3 --version", true),
    ("python3-venv", "python3 -m ensurepip --version", false),
    ("gcc", "cc --version", true),
    ("nodejs", "node --version", false),
    ("npm", "npm --version", false),
];

/// The packages that are missing.
pub(super) struct Packages {
    missing: Vec<&'static str>,
    can_install: bool,
}

impl Packages {
    /// Looks which packages are missing. Only root installs packages, only where there is apt, and not in a
    /// fast run.
    pub(super) fn look(scope: Scope) -> Self {
        let is_needed = |is_fast| scope == Scope::All || is_fast;
        let missing: Vec<&str> = PACKAGES
            .into_iter()
            .filter(|(_, command, is_fast)| is_needed(*is_fast) && !works(command))
            .map(|(package, ..)| package)
            .collect();
        let can_install = scope == Scope::All && is_root() && works("apt-get --version");
        Self { missing, can_install }
    }

    /// Whether there is something to install, and it can be done.
    pub(super) fn are_installed_here(&self) -> bool {
        !self.missing.is_empty() && self.can_install
    }

    /// The missing packages, as text.
    pub(super) fn names(&self) -> String {
        self.missing.join(" ")
    }

    /// The missing packages that are not going to be installed.
    pub(super) fn not_installable(&self) -> Option<String> {
        (!self.missing.is_empty() && !self.can_install).then(|| self.names())
    }

    /// Installs the missing packages; returns how it ended. Without them, tests are skipped.
    pub(super) fn install(&self) -> Result<String> {
        let apt = |words: &[&str]| {
            Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive").status()
        };
        apt(&["update", "-qq"])?;
        let install = ["install", "-y", "-qq", "--no-install-recommends"];
        let status = apt(&[&install, &self.missing[..]].concat())?;
        Ok(if status.success() { "done" } else { "failed, so tests are skipped," }.to_owned())
    }
}

fn works(command: &str) -> bool {
    let mut words = command.split(' ');
    let program = words.next().unwrap_or_default();
    let quiet =
        Command::new(program).args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// By the owner of this process: no library for one question.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}
