//! Whether a path is a file or a directory, judged by its name, for paths that the machine does not have.
//!
//! A watch takes a file or a directory; `path=` takes files only, and `dir=` directories only. A directory in `path=`
//! loses the files below it, so only a path that is a file on every distribution counts as a file.

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathKind {
    /// A directory.
    Directory,
    /// A file of any other type.
    File,
    /// The path is missing, and its name does not show what it is.
    Unknown,
}

/// Directories that hold programs.
const PROGRAMS: [&[u8]; 3] = [b"bin", b"sbin", b"libexec"];

/// Files without an extension, sorted. `/etc/sysconfig/network` is not listed: it is a file on some distributions, and a
/// directory on others.
const FILES: [&[u8]; 46] = [
    b"/etc/adjtime",
    b"/etc/aliases",
    b"/etc/anacrontab",
    b"/etc/bashrc",
    b"/etc/crontab",
    b"/etc/crypttab",
    b"/etc/environment",
    b"/etc/exports",
    b"/etc/fstab",
    b"/etc/group",
    b"/etc/group-",
    b"/etc/gshadow",
    b"/etc/hostname",
    b"/etc/hosts",
    b"/etc/inittab",
    b"/etc/issue",
    b"/etc/localtime",
    b"/etc/machine-id",
    b"/etc/motd",
    b"/etc/networks",
    b"/etc/os-release",
    b"/etc/passwd",
    b"/etc/passwd-",
    b"/etc/profile",
    b"/etc/protocols",
    b"/etc/securetty",
    b"/etc/security/opasswd",
    b"/etc/services",
    b"/etc/shadow",
    b"/etc/shells",
    b"/etc/ssh/ssh_config",
    b"/etc/ssh/sshd_config",
    b"/etc/subgid",
    b"/etc/subuid",
    b"/etc/sudoers",
    b"/etc/timezone",
    b"/run/utmp",
    b"/var/log/btmp",
    b"/var/log/faillog",
    b"/var/log/lastlog",
    b"/var/log/messages",
    b"/var/log/secure",
    b"/var/log/syslog",
    b"/var/log/tallylog",
    b"/var/log/wtmp",
    b"/var/run/utmp",
];

/// Directories of every distribution.
const TREES: [&[u8]; 36] = [
    b"/",
    b"/bin",
    b"/boot",
    b"/dev",
    b"/etc",
    b"/etc/cron.d",
    b"/etc/cron.daily",
    b"/etc/cron.hourly",
    b"/etc/cron.monthly",
    b"/etc/cron.weekly",
    b"/etc/pam.d",
    b"/etc/security",
    b"/etc/ssh",
    b"/etc/sudoers.d",
    b"/etc/systemd",
    b"/home",
    b"/lib",
    b"/mnt",
    b"/opt",
    b"/proc",
    b"/root",
    b"/run",
    b"/sbin",
    b"/srv",
    b"/sys",
    b"/tmp",
    b"/usr",
    b"/usr/bin",
    b"/usr/lib",
    b"/usr/local",
    b"/usr/sbin",
    b"/usr/share",
    b"/var",
    b"/var/lib",
    b"/var/log",
    b"/var/tmp",
];

/// Returns whether the name shows that a path is a directory.
pub(crate) fn names_a_directory(path: &[u8]) -> bool {
    TREES.contains(&path)
}

/// Endings of directory names that look like file extensions.
const DIRECTORIES: [&[u8]; 6] = [b"d", b"daily", b"hourly", b"monthly", b"weekly", b"wants"];

/// Returns whether the name shows that a path is a file.
pub(crate) fn names_a_file(path: &[u8]) -> bool {
    let mut parts = path.rsplit(|byte| *byte == b'/');
    let (name, parent) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_below_root = parts.next().is_some();
    let is_name = !name.is_empty() && !name.ends_with(b".d");
    is_name && is_below_root && PROGRAMS.contains(&parent)
        || FILES.binary_search(&path).is_ok()
        || has_extension(name)
}

/// Returns whether a name ends in a dot and letters. `sshd.service` does; `.ssh` and `python3.11` do not.
fn has_extension(name: &[u8]) -> bool {
    let Some(dot) = name.iter().rposition(|byte| *byte == b'.') else { return false };
    let (stem, extension) = (name.get(..dot), name.get(dot + 1..).unwrap_or_default());
    stem.is_some_and(|stem| !stem.is_empty())
        && !extension.is_empty()
        && extension.iter().all(u8::is_ascii_alphabetic)
        && !DIRECTORIES.contains(&extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_certain_files_count_as_files() {
        let files = [
            "/etc/passwd",
            "/bin/su",
            "/usr/sbin/auditctl",
            "/usr/libexec/sudo",
            "/etc/libaudit.conf",
        ];
        let others = [
            "/etc/selinux",
            "/etc/cron.d",
            "/etc/cron.daily",
            "/root/.ssh",
            "/usr/lib/python3.11",
            "/usr/bin",
            "/bin",
            "/etc/sysconfig/network",
            "/opt/bin/",
            "/",
            "",
            "/etc/systemd/multi-user.target.wants",
            "/usr/bin/x.d",
        ];
        for path in files {
            assert!(names_a_file(path.as_bytes()), "{path}");
        }
        for path in others {
            assert!(!names_a_file(path.as_bytes()), "{path}");
        }
        assert!(FILES.is_sorted() && FILES.iter().all(|path| names_a_file(path)));
        for path in TREES {
            assert!(!names_a_file(path) && names_a_directory(path));
        }
    }
}
