//! The order of conditions: first those that fail early and cost little.

use super::draft::{Draft, Edit};
use crate::catalog::{Arch, field};
use crate::rewrite::rule_line;
use crate::rule::{Field, FilterList, Rule};

/// When a condition is tested, the first ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
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

pub(super) fn edits(draft: &Draft, machine: Arch) -> Vec<Edit> {
    let exit =
        draft.rules().filter(|(at, rule)| rule.list == FilterList::Exit && draft.is_free(*at));
    let ordered = exit.filter_map(|(at, rule)| {
        let forms = [ordered(rule), with_arch_after_perm(rule)];
        let into = forms.into_iter().find(|form| rule_line(form, machine).is_some())?;
        (into.fields != rule.fields).then(|| Edit::change(at, into))
    });
    ordered.collect()
}

fn ordered(rule: &Rule) -> Rule {
    let mut fields: Vec<Field> = rule.fields.iter().cloned().collect();
    fields.sort_by_key(turn);
    Rule { fields: fields.into(), ..rule.clone() }
}

/// Returns the rule in order, but with the arch after `perm`: then auditctl adds no syscalls for `perm`.
pub(super) fn with_arch_after_perm(rule: &Rule) -> Rule {
    let (arches, mut fields): (Vec<Field>, Vec<Field>) =
        ordered(rule).fields.iter().cloned().partition(|field| turn(field) == Turn::Arch);
    let place = fields.iter().position(|field| turn(field) > Turn::Perm).unwrap_or(fields.len());
    fields.splice(place..place, arches);
    Rule { fields: fields.into(), ..rule.clone() }
}

fn turn(condition: &Field) -> Turn {
    match condition.number() {
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
        field::SUBJ_USER..=field::SUBJ_CLR | field::OBJ_USER..=field::OBJ_LEV_HIGH => Turn::Label,
        field::KEY => Turn::Key,
        _ => Turn::Other,
    }
}
