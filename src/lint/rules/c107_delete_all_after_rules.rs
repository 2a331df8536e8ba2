//! C107 `delete-all-after-rules`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::rewrite::written::adds_rule;
use crate::ruleset::{FileSpan, RuleSet};
use crate::syntax::augenrules::Kind;
use crate::syntax::{Command, Directive, Item};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C107",
    name: "delete-all-after-rules",
    level: Level::Warning,
    fix: None,
    check: Check::Text(check),
    page: include_str!("c107_delete_all_after_rules.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let files = set.files();
    // The first rule so far, in this file or in those joined before it.
    let mut rule: Option<FileSpan> = None;
    for (index, file) in files.iter().enumerate() {
        let is_continued =
            index.checked_sub(1).and_then(|before| files.get(before)).is_some_and(|f| f.has_next);
        if !is_continued {
            rule = None;
        }
        for line in set.lines_of(index) {
            let Some(command) = line.command() else { continue };
            let place = FileSpan { file: index, span: line.span };
            if deletes_all(command) {
                // augenrules moves a line only if `-D` is alone on it.
                let is_moved =
                    file.is_joined && Kind::of(set.text(index, line.span)) == Kind::DeleteAll;
                if is_moved {
                    findings.extend(rule.map(|rule| moved(place, rule)));
                } else {
                    findings.extend(rule.take().map(|rule| deleting(place, rule)));
                }
            } else if rule.is_none() && adds_rule(command) {
                rule = Some(place);
            }
        }
    }
}

fn deletes_all(command: &Command<'_>) -> bool {
    let has = |is: fn(&Item<'_>) -> bool| command.options.iter().any(is);
    has(|item| matches!(item.directive, Directive::DeleteAll))
        && !has(|item| matches!(item.directive, Directive::Key(_)))
}

/// Returns the finding for a `-D` that augenrules moves.
fn moved(place: FileSpan, rule: FileSpan) -> Finding {
    Finding::new(&LINT, place, "this `-D` deletes none of the rules before it")
        .label("moved to the front, or dropped, by augenrules")
        .help("keep one `-D`, in the first file of the directory")
        .related(rule, "not deleted")
}

/// Returns the finding for a `-D` that stays where it is.
fn deleting(place: FileSpan, rule: FileSpan) -> Finding {
    Finding::new(&LINT, place, "this `-D` deletes the rules above it")
        .help("move `-D` to the first line")
        .related(rule, "the first deleted rule")
}
