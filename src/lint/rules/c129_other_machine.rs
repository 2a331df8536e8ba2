//! C129 `other-machine`. Its page is the Markdown file of the same name.

use crate::catalog::{Arch, field};
use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::facts::Facts;
use crate::lint::placed::placed;
use crate::lint::scope::Scope;
use crate::relate::word_size::WordSize;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C129",
    name: "other-machine",
    level: Level::Warning,
    fix: None,
    check: Check::Rules(check),
    page: include_str!("c129_other_machine.md"),
};

fn check(facts: &Facts<'_, '_>, scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let machines = &scope.arches;
    let is_run = |arch: Arch| {
        machines.iter().any(|machine| *machine == arch || machine.compat() == Some(arch))
    };
    for loaded in facts.rules() {
        let WordSize::Only(arch) = WordSize::of(loaded.kernel_rule) else { continue };
        if is_run(arch) {
            continue;
        }
        let mut fields = placed(loaded.kernel_rule, loaded.line);
        let place = fields.find(|(one, _)| one.number() == field::ARCH).map(|(_, place)| place);
        let name = arch.common_name();
        let message = format!("no program runs as {name} here: this rule never matches");
        let on = match machines.as_slice() {
            [only] => only.common_name(),
            _ => "the machines of this run",
        };
        findings.push(
            Finding::new(&LINT, place.unwrap_or_else(|| loaded.line.whole()), message)
                .label(format!("checked for {on}"))
                .help("write `arch=b64` and `arch=b32`, or name the machine of the rules with `--arch`"),
        );
    }
}
