//! The condition at which a rule stops, and what the event has instead.

use super::json::open_near;
use crate::analysis::Origin;
use crate::catalog::{Arch, field};
use crate::eval::{Attribute, Event, Notation, Outcome, Stop};
use crate::report::listing::{Listing, Style};
use crate::rule::{Field, Rule};

/// The reasons that reports give about one rule.
pub(super) struct Reasons {
    late: Reason,
    perhaps_late: Reason,
    syscall: Reason,
    conditions: Box<[Reason]>,
}

/// What is the same in a reason for every event.
pub(super) struct Reason {
    /// The begin of the sentence.
    start: String,
    /// The attributes of an event that end the sentence; `None` if it is complete.
    attributes: Option<&'static [Attribute]>,
    /// The line in JSON up to the end of `start`.
    pub(super) json: Vec<u8>,
}

impl Reasons {
    pub(super) fn new(rule: &Rule, origin: &Origin, style: Style<'_>) -> Self {
        let late = |text: &str| Reason::new(origin, "priority", text.to_owned(), None);
        let syscall = "stops at its syscalls: ".to_owned();
        let condition = |field: &Field| {
            let text = Listing::condition(style, field);
            let start = format!("stops at {}: ", String::from_utf8_lossy(&text));
            let name = field.name().map_or_else(|| field.number().to_string(), str::to_owned);
            Reason::new(origin, &name, start, Some(attributes(field)))
        };
        Reasons {
            late: late("matches, but another rule decides first"),
            perhaps_late: late("matches, but another rule may decide first"),
            syscall: Reason::new(origin, "syscall", syscall, Some(&[Attribute::Syscall])),
            conditions: rule.fields.iter().map(condition).collect(),
        }
    }

    pub(super) fn get(&self, stop: Stop) -> Option<&Reason> {
        match stop {
            Stop::Late => Some(&self.late),
            Stop::PerhapsLate => Some(&self.perhaps_late),
            Stop::Syscall => Some(&self.syscall),
            Stop::Condition(index) => self.conditions.get(index),
        }
    }
}

impl Reason {
    /// `field` is that of the condition; `syscall` for the mask, and `priority` for a rule that comes too late.
    fn new(
        origin: &Origin,
        field: &str,
        start: String,
        attributes: Option<&'static [Attribute]>,
    ) -> Self {
        let json = open_near(origin, field, &start);
        Reason { start, attributes, json }
    }

    /// Returns the whole sentence.
    pub(super) fn text(&self, machine: Arch, event: &Event) -> String {
        let mut text = self.start.clone();
        self.push_has(&mut text, machine, event);
        text
    }

    /// Adds the end of the sentence: what the event has.
    pub(super) fn push_has(&self, text: &mut String, machine: Arch, event: &Event) {
        let Some(attributes) = self.attributes else { return };
        let mut before = "the event has ";
        for (name, value) in Notation::new(event, machine).words_of(attributes) {
            text.extend([before, name, "=", &value]);
            before = " ";
        }
        if before == " " {
            return;
        }
        match attributes {
            [Attribute::Arch] => text.push_str("the event has arch=b64"),
            [Attribute::Path, ..] => text.push_str("the event has no names"),
            [Attribute::Success | Attribute::Exit, ..] if event.call.outcome == Outcome::Never => {
                text.push_str("the call never returns");
            }
            [attribute, ..] => text.extend(["the event has no ", attribute.short_name()]),
            [] => text.push_str("the event has nothing like it"),
        }
    }
}

/// Returns the attributes of an event that a condition compares.
fn attributes(condition: &Field) -> &'static [Attribute] {
    use Attribute::*;
    match condition.number() {
        field::PERM => &[Syscall, OpenFlags, A0],
        field::DIR => &[Path],
        field::INODE => &[Inode, Path],
        field::DEVMAJOR | field::DEVMINOR => &[Dev, Rdev],
        field::FILETYPE => &[Mode],
        field::OBJ_UID => &[Ouid],
        field::OBJ_GID => &[Ogid],
        field::OBJ_USER..=field::OBJ_LEV_HIGH => &[Obj],
        field::SUBJ_USER..=field::SUBJ_CLR => &[Subj],
        field::SUCCESS => &[Success, Exit],
        field::GID | field::EGID => &[Gid, Egid, Groups],
        field::LOGINUID_SET => &[Auid],
        field::FIELD_COMPARE => &[Uid, Euid, Suid, Fsuid, Gid, Egid, Sgid, Fsgid, Auid, Ouid, Ogid],
        // The other attributes have the name of their field.
        _ => {
            let name = condition.name().unwrap_or_default();
            let same = Attribute::ALL.iter().find(|attribute| attribute.name() == name);
            same.map_or(&[], std::slice::from_ref)
        }
    }
}
