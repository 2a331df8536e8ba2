//! R113 `symbolic-link`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::host::Host;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::paths::{RulePath, Use};
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R113",
    name: "symbolic-link",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r113_symbolic_link.md"),
};

/// A link that is replaced when the time zone changes: rules for it are about the link.
const TIME_ZONE: &[u8] = b"/etc/localtime";

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some(system) = scope.system else { return };
    findings.extend(facts.paths().iter().filter_map(|one| finding(system, one)));
}

fn finding(system: &dyn Host, one: &RulePath<'_, '_>) -> Option<Finding> {
    // The kernel follows a link only if a slash is after it.
    if one.path.ends_with(b"/") || one.path == TIME_ZONE {
        return None;
    }
    let target = system.link_target(one.path)?;
    let path = String::from_utf8_lossy(one.path);
    let message = match one.is {
        Use::Tree => format!(
            "`{path}` is a symbolic link: the kernel watches the link, and nothing below it"
        ),
        Use::File => {
            format!("`{path}` is a symbolic link: the kernel watches the link, not the file")
        }
        Use::Program => format!("`{path}` is a symbolic link: no process has it as its program"),
    };
    let help = format!("write the path that it leads to: `{}`", String::from_utf8_lossy(&target));
    Some(Finding::new(&LINT, one.place, message).label("a link on this host").help(help))
}
