//! R110 `short-lived-path`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::paths::{Use, parent, trimmed};
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R110",
    name: "short-lived-path",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r110_short_lived_path.md"),
};

/// Permanent directories whose subdirectories are short-lived (Filesystem Hierarchy Standard 3.0,
/// file-hierarchy(7)).
const BUSY: [&[u8]; 7] =
    [b"/tmp", b"/var/tmp", b"/dev/shm", b"/run", b"/run/user", b"/media", b"/mnt"];

/// Directories in `/run` that the system creates at boot and keeps.
const LASTING: [&[u8]; 7] = [
    b"/run/faillock",
    b"/run/lock",
    b"/run/log",
    b"/run/sudo",
    b"/run/systemd",
    b"/run/udev",
    b"/run/user",
];

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for one in facts.paths() {
        let directory = match one.is {
            Use::Tree => trimmed(one.path),
            Use::File => parent(one.path),
            Use::Program => continue,
        };
        let Some(permanent) = permanent_above(directory) else { continue };
        let directory = String::from_utf8_lossy(directory);
        let message = format!(
            "when `{directory}` is deleted the kernel drops this rule but still counts it: the host \
             stays armed"
        );
        let permanent = String::from_utf8_lossy(permanent);
        let help = match one.is {
            Use::Tree => format!("watch the tree of a permanent directory, such as `{permanent}`"),
            _ => format!("watch a file in a permanent directory, or the tree of `{permanent}`"),
        };
        findings.push(Finding::new(&LINT, one.place, message).label("short-lived").help(help));
    }
}

/// Returns the permanent directory above a short-lived one; `None` for a directory that is not short-lived.
fn permanent_above(directory: &[u8]) -> Option<&'static [u8]> {
    let directory = in_run(directory);
    if is_process(&directory) {
        return Some(b"/proc");
    }
    let is_below = |above: &&'static [u8]| {
        directory.strip_prefix(*above).is_some_and(|rest| rest.starts_with(b"/"))
    };
    let above = BUSY.into_iter().filter(is_below).max_by_key(|above| above.len())?;
    // A directory below a lasting one lasts too, except for the directories of sessions.
    let lasts = LASTING.iter().any(|lasting| **lasting == *directory || is_below(lasting));
    (!lasts || above == b"/run/user").then_some(above)
}

/// Resolves `/var/run` and `/var/lock`, which are links to directories in `/run`.
fn in_run(directory: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    match directory.strip_prefix(b"/var") {
        Some(rest) if rest.starts_with(b"/run/") => rest.into(),
        Some(rest) if rest.starts_with(b"/lock/") => [b"/run".as_slice(), rest].concat().into(),
        _ => directory.into(),
    }
}

/// Returns whether a directory belongs to a process: `/proc/17/fd`, `/proc/self`.
fn is_process(directory: &[u8]) -> bool {
    let Some(rest) = directory.strip_prefix(b"/proc/") else { return false };
    let name = rest.split(|byte| *byte == b'/').next().unwrap_or(rest);
    let is_number = !name.is_empty() && name.iter().all(u8::is_ascii_digit);
    is_number || name == b"self" || name == b"thread-self"
}

#[cfg(test)]
mod tests {
    use super::permanent_above;

    #[test]
    fn finds_permanent_directory_above_short_lived_one() {
        let stays = |directory: &str| {
            permanent_above(directory.as_bytes()).map(|above| str::from_utf8(above).unwrap())
        };
        assert_eq!(stays("/tmp/x/y"), Some("/tmp"));
        assert_eq!(stays("/var/run/user/1000"), Some("/run/user"));
        assert_eq!(stays("/run/docker"), Some("/run"));
        assert_eq!(stays("/var/lock/subsys"), None);
        assert_eq!(stays("/proc/17/fd"), Some("/proc"));
        assert_eq!(stays("/proc/sys/kernel"), None);
        assert_eq!(stays("/proc//x"), None);
        for lasting in ["/", "", "/tmp", "/tmpx/y", "/run", "/run/user", "/run/systemd/users"] {
            assert_eq!(stays(lasting), None, "{lasting}");
        }
    }
}
