//! Names that people write for something else, and where that is written.

use super::description::similar_or;
use crate::catalog;
use crate::syntax::{LONG, SHORT};

/// Names that are not fields, with the remedy. Most of them are names in the records of the kernel, which has no filter
/// for them.
const NOT_FIELDS: &[(&str, &str)] = &[
    ("acct", NO_MESSAGE),
    ("a4", "test a0, a1, a2 or a3: the kernel compares only the first four arguments"),
    ("a5", "test a0, a1, a2 or a3: the kernel compares only the first four arguments"),
    ("agid", "use `gid` or `egid`: a login has a user id (`auid`), but no group id"),
    ("audit_uid", "use `auid`"),
    ("cmd", PROGRAM),
    ("cmdline", PROGRAM),
    ("comm", PROGRAM),
    ("command", PROGRAM),
    (
        "cwd",
        "use `dir` with the directory of the files: the kernel has no filter for the working directory",
    ),
    ("dev", "use `devmajor` and `devminor`"),
    ("directory", "use `dir`"),
    ("errno", "use `exit` with a minus sign, as in `exit=-EACCES`"),
    ("executable", PROGRAM),
    ("file", "use `path` for a file, or `dir` for a directory and all below it"),
    ("filename", "use `path` for a file, or `dir` for a directory and all below it"),
    ("flags", OPEN_FLAGS),
    ("group", "use `gid`, or `egid` for the effective group"),
    ("host", NO_ADDRESS),
    ("hostname", NO_ADDRESS),
    ("addr", NO_ADDRESS),
    ("action", "write the action with the list, as in `-a always,exit`"),
    ("list", "write the list with the action, as in `-a always,exit`"),
    ("name", "use `path` for a file, or `dir` for a directory and all below it"),
    ("obj", "use `obj_user`, `obj_role`, `obj_type`, `obj_lev_low` or `obj_lev_high`"),
    ("oflag", OPEN_FLAGS),
    ("oflags", OPEN_FLAGS),
    ("ogid", "use `obj_gid`"),
    ("op", NO_MESSAGE),
    ("ouid", "use `obj_uid`"),
    ("permission", "use `perm`"),
    ("permissions", "use `perm`"),
    ("proc", PROGRAM),
    ("process", PROGRAM),
    ("proctitle", PROGRAM),
    ("program", PROGRAM),
    ("res", RESULT),
    ("result", RESULT),
    ("retval", "use `exit`"),
    ("ses", "use `sessionid`"),
    ("session", "use `sessionid`"),
    ("subj", "use `subj_user`, `subj_role`, `subj_type`, `subj_sen` or `subj_clr`"),
    ("syscall", "write the syscalls after `-S`, as in `-S openat`"),
    ("terminal", NO_TERMINAL),
    ("tty", NO_TERMINAL),
    ("type", "use `msgtype`, on the exclude and user lists"),
    ("user", "use `uid`, `euid` for the effective user, or `auid` for the user who logged in"),
];

const PROGRAM: &str =
    "use `exe` with the path of the program: the kernel has no filter for names of processes";
const RESULT: &str = "use `success` with 1 or 0 in a rule for syscalls: the kernel has no filter for the result in a \
                      message of user space";
const NO_MESSAGE: &str =
    "use `msgtype`, `uid`, `auid` or `exe`: the kernel has no filter for the text of a message";
const OPEN_FLAGS: &str = "test the argument with the flags: `a1` of open, `a2` of openat";
const NO_ADDRESS: &str =
    "use `saddr_fam` for the address family: the kernel has no filter for addresses";
const NO_TERMINAL: &str = "use `sessionid` or `auid`: the kernel has no filter for terminals";

/// Returns the remedy for a name that is not a field.
pub(super) fn instead_of_field(name: &[u8]) -> String {
    if name.starts_with(b"key=") {
        return "write the key without `!=`, `>=`, `<=` and `&=`: auditctl takes the key for a condition".into();
    }
    if name.iter().any(|byte| b"=!<>&".contains(byte)) {
        return "write one condition after each `-F`: a field, one of = != < <= > >= & &=, and a value".into();
    }
    let is_name = |(known, _): &&(&str, &str)| name.eq_ignore_ascii_case(known.as_bytes());
    match NOT_FIELDS.iter().find(is_name) {
        Some((_, remedy)) => (*remedy).into(),
        None => similar_or(catalog::nearest_field(name), FIELDS),
    }
}

const FIELDS: &str =
    "write a field such as `auid`, `path`, `perm` or `exit`; rauditctl.rules(7) lists all of them";

/// Returns the remedy for a word that is not a message type.
pub(super) fn instead_of_msgtype(text: &[u8]) -> String {
    if text.eq_ignore_ascii_case(b"all") {
        return "write `msgtype>0` for every type; only `ausearch -m` knows ALL".into();
    }
    similar_or(
        catalog::nearest_msgtype(text),
        "write a type such as SYSCALL or PATH, or its number",
    )
}

/// Words for options of auditctl that have only a letter.
const LETTERS: &[(&str, u8)] = &[
    ("add", b'a'),
    ("append", b'a'),
    ("backlog", b'b'),
    ("backlog-limit", b'b'),
    ("backlog_limit", b'b'),
    ("continue", b'c'),
    ("compare", b'C'),
    ("delete", b'd'),
    ("delete-all", b'D'),
    ("enable", b'e'),
    ("enabled", b'e'),
    ("failure", b'f'),
    ("field", b'F'),
    ("filter", b'F'),
    ("ignore", b'i'),
    ("key", b'k'),
    ("list", b'l'),
    ("message", b'm'),
    ("perm", b'p'),
    ("permission", b'p'),
    ("permissions", b'p'),
    ("rate", b'r'),
    ("rate-limit", b'r'),
    ("rate_limit", b'r'),
    ("read", b'R'),
    ("rules", b'R'),
    ("status", b's'),
    ("syscall", b'S'),
    ("syscalls", b'S'),
    ("version", b'v'),
    ("watch", b'w'),
];

/// Returns the option that an unknown one stands for: a letter in the other case, a word for an option that has only a
/// letter, or a similar long name. `name` has no dashes.
pub(super) fn option_for(name: &[u8]) -> Option<String> {
    let is_letter = |letter: u8| SHORT.iter().any(|(known, ..)| *known == letter);
    let letter = match name {
        [letter] if is_letter(*letter) => Some(*letter),
        [letter] => {
            Some(*letter ^ 0x20).filter(|other| letter.is_ascii_alphabetic() && is_letter(*other))
        }
        _ => LETTERS
            .iter()
            .find(|(word, _)| name.eq_ignore_ascii_case(word.as_bytes()))
            .map(|(_, letter)| *letter),
    };
    let long = || {
        catalog::nearest(name, LONG.iter().filter_map(|(long, ..)| std::str::from_utf8(long).ok()))
    };
    letter
        .map(|letter| format!("-{}", char::from(letter)))
        .or_else(|| long().map(|long| format!("--{long}")))
}

/// Names of settings in other places, with the remedy.
const OTHER_PLACES: &[(&str, &str)] = &[
    (
        "audit",
        "set it on the kernel's command line, in the configuration of the boot loader; `-e 1` turns auditing on when \
         the rules are loaded",
    ),
    ("disp_qos", AUDITD_CONF),
    ("flush", AUDITD_CONF),
    ("freq", AUDITD_CONF),
    ("log_file", AUDITD_CONF),
    ("log_format", AUDITD_CONF),
    ("log_group", AUDITD_CONF),
    ("max_log_file", AUDITD_CONF),
    ("max_log_file_action", AUDITD_CONF),
    ("name_format", AUDITD_CONF),
    ("num_logs", AUDITD_CONF),
    ("q_depth", AUDITD_CONF),
    ("space_left", AUDITD_CONF),
    ("space_left_action", AUDITD_CONF),
    ("write_logs", AUDITD_CONF),
];

const AUDITD_CONF: &str = "move the line to auditd.conf: it is a setting of the audit daemon";

/// Returns the remedy for the first word of a line that is for another file.
pub(super) fn other_place(word: &[u8]) -> Option<&'static str> {
    let name = word.split(|byte| *byte == b'=').next().unwrap_or_default();
    let is_name = |(known, _): &&(&str, &str)| name.eq_ignore_ascii_case(known.as_bytes());
    OTHER_PLACES.iter().find(is_name).map(|(_, remedy)| *remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_of_auditctl_has_another_remedy() {
        for (name, _) in NOT_FIELDS {
            assert_eq!(catalog::field_number(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn every_word_has_an_option() {
        for (word, letter) in LETTERS {
            assert!(SHORT.iter().any(|(known, ..)| known == letter), "{word}");
            assert!(!LONG.iter().any(|(long, ..)| *long == word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn finds_the_option_of_a_word() {
        let found = |name: &str| option_for(name.as_bytes());
        assert_eq!(found("K").as_deref(), Some("-k"));
        assert_eq!(found("key").as_deref(), Some("-k"));
        assert_eq!(found("w").as_deref(), Some("-w"));
        assert_eq!(found("backlog-wait-time").as_deref(), Some("--backlog_wait_time"));
        assert_eq!(found("z"), None);
        assert_eq!(found("%"), None);
    }
}
