//! The order in which the conditions of a rule cost the least: first those that fail early and cost little.

use crate::catalog::field;
use crate::rule::{Field, Rule};

/// When a condition is best tested, the first ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Turn {
    /// One file: it fails for nearly every call, and needs no look at a call without names.
    File,
    Arch,
    /// A number of the task or of the call.
    Number,
    /// An attribute of a file or of the program, and what is not known.
    Other,
    /// The access: a narrow mask leaves few syscalls for which it fails.
    Perm,
    /// A label, which the security module compares.
    Label,
    /// A key, which is not compared but takes its turn.
    Key,
}

impl Turn {
    /// Returns the turn of a condition on this field.
    pub(crate) fn of(number: u32) -> Self {
        match number {
            field::PATH | field::DIR | field::INODE => Turn::File,
            field::ARCH => Turn::Arch,
            field::PID..=field::PERS
            | field::PPID
            | field::SESSIONID
            | field::LOGINUID_SET
            | field::EXIT
            | field::SUCCESS
            | field::A0..=field::A3 => Turn::Number,
            field::PERM => Turn::Perm,
            field::SUBJ_USER..=field::SUBJ_CLR | field::OBJ_USER..=field::OBJ_LEV_HIGH => {
                Turn::Label
            }
            field::KEY => Turn::Key,
            _ => Turn::Other,
        }
    }
}

/// Returns the rule with its conditions in turn.
pub(crate) fn in_turn(rule: &Rule) -> Rule {
    let mut fields: Vec<Field> = rule.fields.iter().cloned().collect();
    fields.sort_by_key(|field| Turn::of(field.number()));
    Rule { fields: fields.into(), ..rule.clone() }
}
