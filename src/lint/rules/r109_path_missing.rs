//! R109 `path-missing`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::host::Host;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::paths::{RulePath, Use, parent, trimmed};
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R109",
    name: "path-missing",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r109_path_missing.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(system) = scope.system else { return };
    findings.extend(facts.paths().iter().filter_map(|one| finding(system, one)));
}

fn finding(system: &dyn Host, one: &RulePath<'_, '_>) -> Option<Finding> {
    let path = trimmed(one.path);
    let directory = match one.is {
        Use::Tree => path,
        Use::File | Use::Program => parent(path),
    };
    if let Some((error, lack)) = lack_of(system, path, directory) {
        let message = format!("the kernel refuses this rule on this host: {lack}");
        let todo = if error == "ENOENT" { "create the directory" } else { "correct the path" };
        let then = match one.line.checked.forgiven {
            true => "auditctl skips it and loads the others",
            false => "auditctl stops here and loads none of the later rules",
        };
        let help = format!("{todo} or delete the rule: {then}");
        return Some(Finding::new(&LINT, one.place, message).label(error).help(help));
    }
    system.is_missing(path).then(|| {
        let message = format!("there is no `{}` on this host", String::from_utf8_lossy(path));
        Finding::new(&LINT, one.place, message)
            .help("check the path: the rule is loaded, but matches nothing until the path exists")
    })
}

/// Returns why the kernel does not find the directory of a path: the name of its error, and the reason.
fn lack_of(system: &dyn Host, path: &[u8], directory: &[u8]) -> Option<(&'static str, String)> {
    let above = std::iter::successors(Some(path), |path| Some(parent(path)));
    let file =
        above.skip(1).take_while(|path| *path != b"/").find(|path| system.is_no_directory(path));
    match file {
        Some(file) => {
            Some(("ENOTDIR", format!("`{}` is no directory", String::from_utf8_lossy(file))))
        }
        None => system
            .is_missing(directory)
            .then(|| ("ENOENT", format!("there is no `{}`", String::from_utf8_lossy(directory)))),
    }
}
