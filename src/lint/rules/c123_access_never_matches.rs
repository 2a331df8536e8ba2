//! C123 `access-never-matches`. Its page is the Markdown file of the same name.

use std::collections::HashMap;

use crate::catalog::{Arch, Perm};
use crate::diag::Level;
use crate::lint::calls::{Call, arch_of, calls};
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::scope::Scope;
use crate::model::AccessTable;
use crate::rule::{Field, NumberId, Op};
use crate::ruleset::LoadedRule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C123",
    name: "access-never-matches",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c123_access_never_matches.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let compiled = facts.compiled;
    let mut kinds: HashMap<Arch, AccessTable> = HashMap::new();
    for loaded in facts.rules() {
        let (Some(arch), Some(bits)) = (arch_of(loaded, compiled.arch), perm_of(loaded)) else {
            continue;
        };
        if arch != compiled.arch && Some(arch) != compiled.arch.compat() {
            continue;
        }
        let kinds = kinds.entry(arch).or_insert_with(|| AccessTable::of(compiled.profile, arch));
        let calls = calls(loaded, arch).into_iter();
        let never = calls.filter(|call| kinds.never_matches(call.number, bits));
        findings.extend(never.map(|call| finding(kinds, call, bits)));
    }
}

/// Returns the bits of the `perm` of a rule.
fn perm_of(loaded: &LoadedRule<'_, '_>) -> Option<u32> {
    loaded.kernel_rule.fields.iter().find_map(|condition| match condition {
        Field::Number { id: NumberId::PERM, op: Op::EQUAL, value } => Some(*value),
        _ => None,
    })
}

fn finding(kinds: &AccessTable, call: Call, bits: u32) -> Finding {
    let letters = |is: &dyn Fn(&Perm) -> bool| -> String {
        Perm::ALL.iter().filter(|perm| is(perm)).map(|perm| char::from(perm.letter())).collect()
    };
    let written = letters(&|perm| bits & perm.bit() != 0);
    let matching = letters(&|perm| !kinds.never_matches(call.number, perm.bit()));
    let help = match matching.is_empty() {
        true => "leave the syscall out of this rule: `perm` never matches it".to_owned(),
        false => format!("write `perm={matching}`, or leave the syscall out of this rule"),
    };
    let message = format!("`perm={written}` never matches `{}`", call.name);
    Finding::new(&LINT, call.place, message).label("another kind of access").help(help)
}
