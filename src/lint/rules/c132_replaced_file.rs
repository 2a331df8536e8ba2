//! C132 `replaced-file`. Its page is the Markdown file of the same name.

use foldhash::HashMap;

use crate::catalog::field;
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::paths::{RulePath, Use};
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::lint::trees::path_of;
use crate::relate::Conditions;
use crate::ruleset::LoadedRule;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C132",
    name: "replaced-file",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c132_replaced_file.md"),
};

/// Maximum number of earlier rules for one path that are compared: limits the time.
const MOST: usize = 64;

/// A rule for a file.
type OfFile<'f, 's> = (&'f LoadedRule<'f, 's>, &'f Conditions<'f>);

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let mut by_path: HashMap<&[u8], Vec<OfFile<'_, '_>>> = HashMap::default();
    for loaded in facts.rules() {
        let Some(path) = path_of(loaded).filter(|path| path.is == Use::File) else { continue };
        let Some(conditions) = facts.conditions(loaded).filter(|one| one.can_match()) else {
            continue;
        };
        findings.extend(program(loaded));
        let of_path = by_path.entry(path.path).or_default();
        let other = of_path.iter().take(MOST).find(|(other, others)| {
            other.kernel_rule.action != loaded.kernel_rule.action
                && other.kernel_rule.list == loaded.kernel_rule.list
                && other.kernel_rule.mask.intersects(&loaded.kernel_rule.mask)
                && others.may_meet(conditions)
        });
        findings.extend(other.map(|(other, _)| order(&path, other)));
        of_path.push((loaded, conditions));
    }
}

/// Returns the finding for a rule with `path=` and `exe=`.
fn program(loaded: &LoadedRule<'_, '_>) -> Option<Finding> {
    let mut conditions = placed(loaded.kernel_rule, loaded.line);
    let (_, place) = conditions.find(|(one, _)| one.number() == field::EXE)?;
    let message = "`exe` is lost when the file of `path=` is replaced or created again";
    let help = "name the directory with `dir=`, or leave out `exe`";
    Some(Finding::new(&LINT, place, message).label("compared with the new file then").help(help))
}

/// Returns the finding for an `always` rule and a `never` rule for the same file.
fn order(path: &RulePath<'_, '_>, other: &LoadedRule<'_, '_>) -> Finding {
    let message = "this rule and an earlier one for the same path change their order when the file is replaced";
    Finding::new(&LINT, path.place, message)
        .label("one of the two records, the other silences")
        .help("write the condition of the exception into the rule that records, or use `dir=` in one of them")
        .related(other.line.whole(), "the other rule")
}
