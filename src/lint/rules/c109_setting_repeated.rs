//! C109 setting-repeated
//!
//! `-b`, `-f`, `-r` or `--backlog_wait_time` given twice, with different values: the last one counts.
//!
//! ## Why it matters
//! A file, or a directory, that says `-b 8192` in one place and `-b 320` further down has 320. In a directory
//! augenrules keeps only the last `-b` and `-f` of all files. `-e` may well stand twice: off while the rules are
//! loaded, on or locked at the end.
//!
//! ## Instead of
//! ```text
//! -D
//! -b 8192
//! -f 1
//! -b 320
//! ```
//! ## Write
//! ```text
//! -D
//! -b 8192
//! -f 1
//! ```
//! ## Source
//! `audit_receive_msg` sets what it is told (kernel/audit.c, Linux 6.1); the script augenrules of audit-userspace
//! 3.0.9 and 4.2.2.

use std::collections::HashMap;

use crate::diag::Level;
use crate::lint::engine::Settings;
use crate::lint::finding::{Finding, Place};
use crate::lint::registry::{Check, Lint};
use crate::lint::set::RuleSet;
use crate::syntax::{Directive, SettingName};

pub(in crate::lint) static LINT: Lint = Lint {
    code: "C109",
    name: "setting-repeated",
    level: Level::Warning,
    fix: None,
    check: Check::Text(check),
    page: include_str!("c109_setting_repeated.rs"),
};

fn check(set: &RuleSet<'_>, _: &Settings<'_>, findings: &mut Vec<Finding>) {
    let mut given: HashMap<SettingName, (Place, &[u8])> = HashMap::new();
    for (index, file) in set.files().iter().enumerate() {
        for line in set.lines_of(index) {
            let options = line.command().into_iter().flat_map(|command| &command.options);
            for item in options {
                let Directive::Set(name, value) = &item.directive else { continue };
                if *name == SettingName::Enabled {
                    continue;
                }
                let place = Place { file: index, span: item.span.join(value.span()) };
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

fn finding(first: Place, again: Place, option: &str) -> Finding {
    Finding::new(&LINT, first, format!("`{option}` is given again with another value"))
        .label("does not count")
        .help("the last one counts: delete this one, or that")
        .related(again, "given again")
}
