//! S101 `old-style-watch`. Its page is the Markdown file of the same name.

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::rewrite::line::item_span;
use crate::ruleset::{FileSpan, RuleSet};
use crate::syntax::{Command, Directive, Item};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "S101",
    name: "old-style-watch",
    level: Level::Info,
    fix: None,
    check: Check::Text(check),
    page: include_str!("s101_old_style_watch.md"),
};

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let mut watches =
        set.loaded().filter_map(|(_, line, command)| Some((line.file, watch(command)?)));
    let Some((file, first)) = watches.next() else { return };
    let Some(span) = item_span(first) else { return };
    let count = 1 + watches.count();
    let message = match count {
        1 => "this rule is written as a watch, the old style".to_owned(),
        _ => format!("{count} rules are written as watches, the old style"),
    };
    let finding = Finding::new(&LINT, FileSpan { file, span }, message);
    let finding = if count > 1 { finding.label("the first of them") } else { finding };
    findings.push(finding.help(
        "write syscall rules instead; the fix of P101 does this if it knows whether the path is a file",
    ));
}

fn watch<'c, 's>(command: &'c Command<'s>) -> Option<&'c Item<'s>> {
    command.options.iter().find(|item| matches!(item.directive, Directive::Watch(_)))
}
