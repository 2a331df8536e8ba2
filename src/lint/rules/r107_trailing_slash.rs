//! R107 `trailing-slash`. Its page is the Markdown file of the same name.

use foldhash::HashMap;

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::paths::{Use, trimmed};
use crate::lint::scope::Scope;
use crate::ruleset::FileSpan;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R107",
    name: "trailing-slash",
    level: Level::Info,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r107_trailing_slash.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let trees = || facts.paths().iter().filter(|one| one.is == Use::Tree);
    let mut without: HashMap<&[u8], FileSpan> = HashMap::default();
    for tree in trees().filter(|tree| tree.path == trimmed(tree.path)) {
        without.entry(tree.path).or_insert(tree.place);
    }
    for tree in trees().filter(|tree| tree.path != trimmed(tree.path)) {
        if let Some(other) = without.get(trimmed(tree.path)) {
            let message = "the kernel treats this tree and the one without a trailing slash as different trees";
            findings.push(
                Finding::new(&LINT, tree.place, message)
                    .help("write the path the same way in all rules: with the slash if it is a symbolic link")
                    .related(*other, "without a slash"),
            );
        }
    }
}
