//! C109 `setting-repeated`. Its page is the Markdown file of the same name.

use std::collections::HashMap;

use crate::diag::Level;
use crate::lint::definition::{Check, Finding, Lint};
use crate::lint::scope::Scope;
use crate::ruleset::{FileSpan, RuleSet};
use crate::syntax::{Directive, SettingName};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C109",
    name: "setting-repeated",
    level: Level::Warning,
    fix: None,
    check: Check::Text(check),
    page: include_str!("c109_setting_repeated.md"),
};

/// The value of `-e` that locks.
const LOCK: &[u8] = b"2";

/// A setting with its value as written.
#[derive(Clone, Copy)]
struct Given<'s> {
    place: FileSpan,
    value: &'s [u8],
}

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let mut given: HashMap<SettingName, Given<'_>> = HashMap::new();
    let mut locks: Vec<FileSpan> = Vec::new();
    for (index, file) in set.files().iter().enumerate() {
        for (name, again) in settings(set, index) {
            if name == SettingName::Enabled && file.is_joined && again.value == LOCK {
                locks.push(again.place);
            }
            // Auditing may be off while the rules are loaded, and on at the end.
            if let Some(first) = given.insert(name, again)
                && name != SettingName::Enabled
                && first.value != again.value
            {
                findings.push(repeated(name, first.place, again.place));
            }
        }
        if !file.has_next {
            let last = given.get(&SettingName::Enabled).filter(|last| last.value != LOCK);
            let lost = last.map(|last| locks.iter().map(|lock| lost_lock(*lock, last.place)));
            findings.extend(lost.into_iter().flatten());
            given.clear();
            locks.clear();
        }
    }
}

/// Returns the settings of a file, in order.
fn settings<'s>(set: &RuleSet<'s>, file: usize) -> impl Iterator<Item = (SettingName, Given<'s>)> {
    let commands = set.lines_of(file).iter().filter_map(|line| line.command());
    commands.flat_map(|command| &command.options).filter_map(move |item| {
        let Directive::Set(name, value) = &item.directive else { return None };
        let place = FileSpan { file, span: item.span.join(value.span()) };
        Some((*name, Given { place, value: set.text(file, value.span()) }))
    })
}

fn repeated(name: SettingName, first: FileSpan, again: FileSpan) -> Finding {
    let message = format!("`{}` is set again to another value", name.option());
    Finding::new(&LINT, first, message)
        .label("has no effect")
        .help("delete one of the two: only the last one takes effect")
        .related(again, "set again")
}

/// Returns the finding for an `-e 2` that augenrules drops.
fn lost_lock(lock: FileSpan, last: FileSpan) -> Finding {
    Finding::new(&LINT, lock, "`-e 2` does not lock the rules: a later file has another `-e`")
        .label("has no effect")
        .help("keep one `-e` in the directory: augenrules drops all but the last")
        .related(last, "takes effect")
}
