//! The order of conditions: first those that fail early and cost little.

use super::draft::{Draft, Edit};
use crate::analysis::{Turn, in_turn};
use crate::catalog::Arch;
use crate::rewrite::rule_line;
use crate::rule::{Field, FilterList, Rule};

pub(super) fn edits(draft: &Draft, machine: Arch) -> Vec<Edit> {
    let exit =
        draft.rules().filter(|(at, rule)| rule.list == FilterList::Exit && draft.is_free(*at));
    let ordered = exit.filter_map(|(at, rule)| {
        let forms = [in_turn(rule), with_arch_after_perm(rule)];
        let is_possible =
            |form: &Rule| form.fields == rule.fields || rule_line(form, machine).is_some();
        let into = forms.into_iter().find(is_possible)?;
        (into.fields != rule.fields).then(|| Edit::change(at, into))
    });
    ordered.collect()
}

/// Returns the rule in order, but with the arch after `perm`: then auditctl adds no syscalls for `perm`.
pub(super) fn with_arch_after_perm(rule: &Rule) -> Rule {
    let turn = |field: &Field| Turn::of(field.number());
    let (arches, mut fields): (Vec<Field>, Vec<Field>) =
        in_turn(rule).fields.iter().cloned().partition(|field| turn(field) == Turn::Arch);
    let place = fields.iter().position(|field| turn(field) > Turn::Perm).unwrap_or(fields.len());
    fields.splice(place..place, arches);
    Rule { fields: fields.into(), ..rule.clone() }
}
