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

fn check(set: &RuleSet<'_>, _: &Scope<'_>, findings: &mut Vec<Finding>) {
    let mut given: HashMap<SettingName, (FileSpan, &[u8])> = HashMap::new();
    for (index, file) in set.files().iter().enumerate() {
        for line in set.lines_of(index) {
            let options = line.command().into_iter().flat_map(|command| &command.options);
            for item in options {
                let Directive::Set(name, value) = &item.directive else { continue };
                if *name == SettingName::Enabled {
                    continue;
                }
                let place = FileSpan { file: index, span: item.span.join(value.span()) };
                let value = set.text(index, value.span());
                if let Some((first, other)) = given.insert(*name, (place, value))
                    && other != value
                {
                    findings.push(finding(first, place, option(*name)));
                }
            }
        }
        if !file.has_next {
            given.clear();
        }
    }
}

const fn option(name: SettingName) -> &'static str {
    match name {
        SettingName::Enabled => "-e",
        SettingName::Failure => "-f",
        SettingName::RateLimit => "-r",
        SettingName::BacklogLimit => "-b",
        SettingName::BacklogWaitTime => "--backlog_wait_time",
    }
}

fn finding(first: FileSpan, again: FileSpan, option: &str) -> Finding {
    Finding::new(&LINT, first, format!("`{option}` is set again to another value"))
        .label("has no effect")
        .help("delete one of the two: only the last one takes effect")
        .related(again, "set again")
}
