//! R114 `path-of-directory`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::host::Host;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::paths::{RulePath, Use};
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R114",
    name: "path-of-directory",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r114_path_of_directory.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(system) = scope.system else { return };
    findings.extend(facts.paths().iter().filter_map(|one| finding(system, one)));
}

fn finding(system: &dyn Host, one: &RulePath<'_, '_>) -> Option<Finding> {
    if system.link_target(one.path).is_some() || !system.is_directory(one.path) {
        return None;
    }
    let path = String::from_utf8_lossy(one.path);
    let (message, help) = match one.is {
        Use::Tree => return None,
        Use::File => (
            format!("`{path}` is a directory: `path=` does not include the files in it"),
            format!("write `dir={path}` for the files below it"),
        ),
        Use::Program => (
            format!("`{path}` is a directory: no process has it as its program"),
            "write one rule for each program".to_owned(),
        ),
    };
    Some(Finding::new(&LINT, one.place, message).label("a directory on this host").help(help))
}
