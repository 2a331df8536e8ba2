//! R105 `long-line`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::ruleset::{FileSpan, Line, RuleFile, RuleSet};
use crate::syntax::LineKind;

pub(in crate::lint) static LINT: Lint = Lint {
    code: "R105",
    name: "long-line",
    level: Level::Warning,
    fix: None,
    check: Check::Text(check),
    page: include_str!("r105_long_line.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (file, rules_file) in set.files().iter().enumerate() {
        let text = rules_file.source.text();
        let continues = |line: &Line<'_>| {
            let before = line.span.start.checked_sub(1).and_then(|at| text.get(at));
            before.is_some_and(|byte| *byte != b'\n')
        };
        for pieces in set.lines_of(file).chunk_by(|_, next| continues(next)) {
            if let [first, rest @ ..] = pieces
                && let Some(second) = rest.first()
                && !is_harmless(first, rest, rules_file)
            {
                let place = FileSpan { file, span: second.span };
                let message = "auditctl reads this line as several lines: it reads at most 6143 bytes at a time";
                findings.push(
                    Finding::new(&LINT, place, message)
                        .label("read as a separate line")
                        .help("split the rule, with some of the syscalls or keys in each part"),
                );
            }
        }
    }
}

/// Returns whether no part of a command is lost, and no text is read as a command by mistake.
fn is_harmless(first: &Line<'_>, rest: &[Line<'_>], file: &RuleFile<'_>) -> bool {
    match first.kind {
        // augenrules drops comments of any length.
        LineKind::Comment if file.is_joined => true,
        LineKind::Comment | LineKind::Blank => rest.iter().all(|line| !line.is_command()),
        LineKind::Command => rest.iter().all(|line| line.kind == LineKind::Blank),
    }
}
