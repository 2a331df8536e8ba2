//! R105 `long-line`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::ruleset::FileSpan;
use crate::ruleset::{Line, RuleSet};
use crate::syntax::Content;

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
        let goes_on = |line: &Line<'_>| {
            let before = line.span.start.checked_sub(1).and_then(|at| text.get(at));
            before.is_some_and(|byte| *byte != b'\n')
        };
        for pieces in set.lines_of(file).chunk_by(|_, next| goes_on(next)) {
            if let [first, rest @ ..] = pieces
                && let Some(second) = rest.first()
                && !is_harmless(first, rest, rules_file.is_joined)
            {
                let place = FileSpan { file, span: second.span };
                let message =
                    "auditctl reads this line as several, for it reads 6143 bytes at a time";
                findings.push(
                    Finding::new(&LINT, place, message)
                        .label("read as a line of its own")
                        .help("write several rules, with a part of the syscalls or the keys each"),
                );
            }
        }
    }
}

/// Whether nothing is lost, and nothing taken for a command that is none.
fn is_harmless(first: &Line<'_>, rest: &[Line<'_>], is_joined: bool) -> bool {
    match first.content {
        // augenrules leaves comments out, whatever their length.
        Content::Comment if is_joined => true,
        Content::Comment | Content::Blank => rest.iter().all(|line| line.command().is_none()),
        Content::Command(_) => rest.iter().all(|line| line.content == Content::Blank),
    }
}
