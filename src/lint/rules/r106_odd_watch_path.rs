//! R106 `odd-watch-path`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::paths::Use;
use crate::lint::scope::Scope;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R106",
    name: "odd-watch-path",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("r106_odd_watch_path.md"),
};

fn check(facts: &Facts<'_, '_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for one in facts.paths() {
        if one.path.iter().any(|byte| matches!(byte, b'*' | b'?')) {
            let message =
                "a wildcard matches no path: the kernel looks for a file with this exact name";
            let help = match one.is {
                Use::Program => "write one rule for each program",
                Use::File | Use::Tree => {
                    "write one rule for each file, or name the directory with `dir=`"
                }
            };
            let finding = Finding::new(&LINT, one.place, message);
            findings.push(finding.label("taken literally").help(help));
        } else if one.path.split(|byte| *byte == b'/').any(|name| name == b"..") {
            let message = "`..` is resolved once, when the rule is loaded";
            findings.push(Finding::new(&LINT, one.place, message).help("write the resolved path"));
        }
    }
}
