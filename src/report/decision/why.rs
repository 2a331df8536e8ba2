//! The condition at which a rule stops, and what the event has instead.

use super::Rules;
use crate::catalog::field;
use crate::eval::{Event, Near, Notation, Outcome, Stop};
use crate::report::listing::Listing;
use crate::rule::Field;

/// The reason why a rule does not decide an event.
pub(in crate::report) struct Why {
    /// The field of the condition; `syscall` for the mask, and `priority` for a rule that comes too late.
    pub(in crate::report) field: String,
    /// A sentence.
    pub(in crate::report) text: String,
}

impl Why {
    pub(in crate::report) fn of(near: &Near, rules: &Rules<'_>, event: &Event) -> Option<Self> {
        let rule = rules.rule(near.rule)?;
        let (field, text) = match near.stop {
            Stop::Late => {
                ("priority".to_owned(), "matches, but another rule decides first".to_owned())
            }
            Stop::Syscall => {
                let has = has(&["syscall"], rules, event);
                ("syscall".to_owned(), format!("stops at its syscalls: {has}"))
            }
            Stop::Condition(index) => {
                let field = rule.fields.get(index)?;
                let condition = Listing::condition(rules.style(), field);
                let condition = String::from_utf8_lossy(&condition).into_owned();
                let has = has(attributes(field.number(), field), rules, event);
                let name = field.name().map_or_else(|| field.number().to_string(), str::to_owned);
                (name, format!("stops at {condition}: {has}"))
            }
        };
        Some(Why { field, text })
    }
}

/// Returns the attributes of an event that a condition compares.
fn attributes(number: u32, condition: &Field) -> &'static [&'static str] {
    match number {
        field::ARCH => &["arch"],
        field::PERM => &["syscall", "open_flags", "a0"],
        field::PATH | field::DIR => &["path"],
        field::INODE => &["inode", "path"],
        field::DEVMAJOR | field::DEVMINOR => &["dev", "rdev"],
        field::FILETYPE => &["mode"],
        field::OBJ_UID => &["ouid"],
        field::OBJ_GID => &["ogid"],
        field::OBJ_USER..=field::OBJ_LEV_HIGH => &["obj"],
        field::SUBJ_USER..=field::SUBJ_CLR => &["subj"],
        field::SUCCESS => &["success", "exit"],
        field::GID | field::EGID => &["gid", "egid", "groups"],
        field::LOGINUID_SET => &["auid"],
        field::FIELD_COMPARE => &[
            "uid", "euid", "suid", "fsuid", "gid", "egid", "sgid", "fsgid", "auid", "ouid", "ogid",
        ],
        _ => same_name(condition),
    }
}

/// Most attributes have the name of their field.
fn same_name(condition: &Field) -> &'static [&'static str] {
    const SAME: [&[&str]; 22] = [
        &["pid"],
        &["uid"],
        &["euid"],
        &["suid"],
        &["fsuid"],
        &["sgid"],
        &["fsgid"],
        &["auid"],
        &["sessionid"],
        &["pers"],
        &["ppid"],
        &["exit"],
        &["exe"],
        &["saddr_fam"],
        &["a0"],
        &["a1"],
        &["a2"],
        &["a3"],
        &["fstype"],
        &["type"],
        &["op"],
        &["cwd"],
    ];
    let name = condition.name().unwrap_or_default();
    SAME.into_iter().find(|names| names.contains(&name)).unwrap_or_default()
}

/// Returns what the event has of these attributes.
fn has(attributes: &[&str], rules: &Rules<'_>, event: &Event) -> String {
    let shown: Vec<String> = Notation::new(event, rules.machine())
        .words_of(|attribute| attributes.contains(&full_name(attribute)))
        .into_iter()
        .map(|(attribute, value)| format!("{attribute}={value}"))
        .collect();
    match attributes {
        _ if !shown.is_empty() => format!("the event has {}", shown.join(" ")),
        ["arch"] => "the event has arch=b64".to_owned(),
        ["path", ..] => "the event has no names".to_owned(),
        ["success" | "exit", ..] if event.call.outcome == Outcome::Never => {
            "the call never returns".to_owned()
        }
        [attribute, ..] => format!("the event has no {attribute}"),
        [] => "the event has nothing like it".to_owned(),
    }
}

fn full_name(attribute: &str) -> &str {
    if attribute == "flags" { "open_flags" } else { attribute }
}
