//! C107 `delete-all-behind-rules`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Lint};
use crate::lint::finding::Finding;
use crate::lint::scope::Scope;
use crate::ruleset::FileSpan;
use crate::ruleset::{Line, RuleSet};
use crate::syntax::augenrules::Kind;
use crate::syntax::{Command, Directive, Item};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C107",
    name: "delete-all-behind-rules",
    level: Level::Warning,
    fix: None,
    check: Check::Text(check),
    page: include_str!("c107_delete_all_behind_rules.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let files = set.files();
    // The first rule that is there: of this file, or of those that are joined before it.
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
                // With more on the line it stays where it is.
                let is_moved =
                    file.is_joined && Kind::of(set.text(index, line.span)) == Kind::DeleteAll;
                findings.extend(rule.map(|rule| finding(place, rule, is_moved)));
                if !is_moved {
                    rule = None;
                }
            } else if rule.is_none() && adds(line) {
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

fn adds(line: &Line<'_>) -> bool {
    line.command().is_some_and(|command| {
        command.options.iter().any(|item| {
            matches!(
                item.directive,
                Directive::Append(_) | Directive::Prepend(_) | Directive::Watch(_)
            )
        })
    })
}

fn finding(place: FileSpan, rule: FileSpan, is_moved: bool) -> Finding {
    match is_moved {
        true => Finding::new(&LINT, place, "this `-D` deletes none of the rules before it")
            .label("moved to the front, or dropped, by augenrules")
            .help("keep one `-D`, in the first file of the directory")
            .related(rule, "stays"),
        false => Finding::new(&LINT, place, "this `-D` deletes the rules of the lines above it")
            .help("let `-D` be the first line")
            .related(rule, "the first rule that is deleted"),
    }
}
