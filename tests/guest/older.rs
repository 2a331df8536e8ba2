//! Where Debian's auditctl 3.0.9 lists a rule differently than 4.2.2, which we follow: it has faults that were fixed
//! later, and lacks newer names.

use rauditctl::catalog::{Arch, Operator};
use rauditctl::catalog::{fstype_number, kernel_msgtype_name, msgtype_number, syscall_number};

/// 3.0.9 has names for the syscalls below this number only; from there on they are the same for all arches.
const SYSCALLS: u32 = 451;

/// Message types that it has no name for.
const MESSAGE_TYPES: [&str; 4] = ["DM_CTRL", "DM_EVENT", "LANDLOCK_ACCESS", "LANDLOCK_DOMAIN"];

/// File system types that it has no name for.
const FSTYPES: [&str; 2] = ["cgroup", "cgroup2"];

/// Arguments that `-l -i` shows differently.
const ARGUMENTS: [(&str, &str); 17] = [
    // The flags are its first argument; 3.0.9 looks for them in the third.
    ("clone", "a0"),
    ("clone", "a2"),
    // 3.0.9 does not know what these are, and shows numbers.
    ("chown", "a2"),
    ("chown32", "a2"),
    ("faccessat", "a3"),
    ("faccessat2", "a3"),
    ("fsconfig", "a1"),
    ("fsmount", "a1"),
    ("fsmount", "a2"),
    ("fsopen", "a1"),
    ("move_mount", "a2"),
    // Here it lacks names that came later, see `UNKNOWN`.
    ("bpf", "a0"),
    ("prctl", "a0"),
    ("getsockopt", "a1"),
    ("getsockopt", "a2"),
    ("setsockopt", "a1"),
    ("setsockopt", "a2"),
];

/// What 3.0.9 shows for newer values. It shows other values of these arguments as 4.2.2 does.
const UNKNOWN: [&str; 4] = [
    "unknown-bpf-cmd(",
    "unknown-prctl-option(",
    "unknown-sockopt-level(",
    "unknown-sockopt-name(",
];

/// Returns our line as 3.0.9 prints it. What our line does not have is taken from the line of 3.0.9.
///
/// On the `io_uring` list only the order of the other fields is compared: 3.0.9 does not know the list, and
/// takes its operations for syscalls.
pub(crate) fn line(ours: &str, debian: &str) -> String {
    let (ours, debian): (Vec<_>, Vec<_>) = (ours.split(' ').collect(), debian.split(' ').collect());
    let is_on = |list, line| word_after(line, "-a").is_some_and(|on| on.ends_with(list));
    if is_on(",io_uring", &ours) {
        let is_alike = is_on(",(null)", &debian) && uring_fields(&ours) == uring_fields(&debian);
        return if is_alike { debian.join(" ") } else { ours.join(" ") };
    }
    let calls = word_after(&ours, "-S").unwrap_or_default();
    let words =
        ours.iter().enumerate().map(|(at, word)| match at.checked_sub(1).map(|at| ours[at]) {
            Some("-S") => word.split(',').map(syscall).collect::<Vec<_>>().join(","),
            Some("-F") => field(calls, word, debian.get(at).copied().unwrap_or_default()),
            _ => (*word).to_owned(),
        });
    words.collect::<Vec<_>>().join(" ")
}

/// The same for whole listings.
pub(crate) fn lines(ours: &str, debian: &str) -> Vec<String> {
    let debian = debian.lines().chain(std::iter::repeat(""));
    ours.lines().zip(debian).map(|(ours, debian)| line(ours, debian)).collect()
}

fn word_after<'w>(words: &[&'w str], option: &str) -> Option<&'w str> {
    let at = words.iter().position(|word| *word == option)?;
    words.get(at + 1).copied()
}

/// The fields of a rule without its list, syscalls and arguments.
fn uring_fields(words: &[&str]) -> Vec<String> {
    let kept = words.iter().enumerate().filter(|(at, word)| match at.checked_sub(1) {
        None => true,
        Some(before) => {
            let is_argument = ["a0", "a1", "a2", "a3"].contains(&name(word));
            !(words[before] == "-a" || words[before] == "-S" || **word == "-S" || is_argument)
        }
    });
    kept.map(|(_, word)| word.replace("exe!=", "exe=")).collect()
}

/// The name of a field, up to its operator.
fn name(field: &str) -> &str {
    field.split(['=', '!', '<', '>', '&']).next().unwrap_or_default()
}

/// A syscall by its number, if it is too new.
fn syscall(name: &str) -> String {
    newer_syscall(name).map_or_else(|| name.to_owned(), |number| number.to_string())
}

fn newer_syscall(name: &str) -> Option<u32> {
    syscall_number(Arch::X86_64, name.as_bytes()).filter(|number| *number >= SYSCALLS)
}

fn field(syscall: &str, field: &str, debian: &str) -> String {
    let name = name(field);
    let value = field.get(name.len()..).unwrap_or_default();
    let value = value.trim_start_matches(['=', '!', '<', '>', '&']);
    let with = |number: u32| field.replace(value, &number.cast_signed().to_string());
    match name {
        // Always with `=`. So are path and dir, where the kernel takes no other operator.
        "exe" => field.replacen(Operator::NotEqual.symbol(), "=", 1),
        "msgtype" if MESSAGE_TYPES.contains(&value) => {
            with(msgtype_number(value.as_bytes()).unwrap())
        }
        // Debian's is built with the names of AppArmor's, too.
        "msgtype" => field.replace(value, apparmor_type(value).unwrap_or(value)),
        "fstype" if FSTYPES.contains(&value) => with(fstype_number(value.as_bytes()).unwrap()),
        _ if is_shown_otherwise(syscall, name) && is_older(syscall, debian) => debian.to_owned(),
        _ => field.to_owned(),
    }
}

/// The name of a message type of AppArmor's.
fn apparmor_type(number: &str) -> Option<&'static str> {
    kernel_msgtype_name(number.parse().ok()?).filter(|name| name.starts_with("APPARMOR"))
}

fn is_shown_otherwise(syscall: &str, field: &str) -> bool {
    let is_newer = newer_syscall(syscall).is_some() && ["a0", "a1", "a2", "a3"].contains(&field);
    is_newer || ARGUMENTS.contains(&(syscall, field))
}

/// Whether 3.0.9 shows an argument of the table in its own way.
fn is_older(syscall: &str, debian: &str) -> bool {
    match syscall {
        "bpf" | "prctl" | "getsockopt" | "setsockopt" => {
            UNKNOWN.iter().any(|unknown| debian.contains(unknown))
        }
        "clone" => true,
        _ => debian.contains("0x"),
    }
}

#[test]
fn spells_newer_names_as_numbers() {
    let line = |ours| line(ours, "-a always,exit -F arch=i386 -S clone -F a0=0x100");
    assert_eq!(
        line("-a always,exit -F arch=b64 -S read,cachestat -F exe!=/a -F key=exe!=b"),
        "-a always,exit -F arch=b64 -S read,451 -F exe=/a -F key=exe!=b"
    );
    assert_eq!(line("-a never,exclude -F msgtype!=DM_CTRL"), "-a never,exclude -F msgtype!=1338");
    assert_eq!(
        line("-a never,exclude -F msgtype=1504"),
        "-a never,exclude -F msgtype=APPARMOR_HINT"
    );
    assert_eq!(
        line("-a never,filesystem -F fstype=cgroup2"),
        "-a never,filesystem -F fstype=1667723888"
    );
    let clone = "-a always,exit -F arch=i386 -S clone -F a0=";
    assert_eq!(line(&format!("{clone}CLONE_VM")), format!("{clone}0x100"));
}
