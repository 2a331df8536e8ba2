//! The output of `lint --explain`: the page of one lint, or a list of lints.

use anstyle::Style;

use super::fixes::option;
use super::level_name;
use crate::lint::{Check, Group, Lint, LintPage, Selector, lints};
use crate::rewrite::Change;

/// A heading.
const BOLD: Style = Style::new().bold();

/// Returns the page of one lint, or the codes and names of one group or of all lints. The text has colors, which
/// [`anstream`] removes where the output does not support them.
pub fn explanation(selector: Selector) -> String {
    match selector {
        Selector::Lint(lint) => page(lint),
        Selector::Group(group) => list_of(group),
        Selector::All => Group::ALL.map(list_of).join("\n"),
    }
}

/// Returns the page: headings in bold, text as written, examples indented.
fn page(lint: &Lint) -> String {
    let LintPage { title, summary, sections } = lint.page();
    let mut text = format!("{BOLD}{title}{BOLD:#}\n\n{summary}\n");
    for section in &sections {
        text += &format!("\n{BOLD}{}{BOLD:#}\n\n{}\n", section.heading, section.text);
    }
    let [severity, fix] = [level_name(lint.level).to_owned(), fix_note(lint)];
    text + &format!("\n{BOLD}Severity{BOLD:#}\n\n{severity}; {fix}\n")
}

/// Describes the fix, or why `rauditctl lint` never reports the lint.
fn fix_note(lint: &Lint) -> String {
    match (&lint.check, lint.fix) {
        (Check::Loading(_), _) => {
            "occurs when rules are loaded; `rauditctl lint` does not report it".to_owned()
        }
        (_, None) => "no fix".to_owned(),
        (_, Some(change)) => format!("`{}` {}", option(change), fix_words(change)),
    }
}

/// Describes what a fix changes in the kernel.
fn fix_words(change: Change) -> &'static str {
    match change {
        Change::Nothing => "fixes it; the kernel gets the same rules",
        Change::Regrouped => "fixes it and regroups the same syscalls and conditions",
        Change::Narrower => "fixes it with rules that match less than the old ones",
        Change::Wider => "fixes it with rules that match more than the old ones",
        Change::Meaning => "fixes it and changes how the line is parsed",
    }
}

/// Lists the lints of a group by code, one line each.
fn list_of(group: Group) -> String {
    let mut found: Vec<&Lint> = lints().filter(|lint| lint.group() == group).collect();
    found.sort_by_key(|lint| lint.code);
    let mut text =
        format!("{BOLD}{} ({}){BOLD:#}: {}\n\n", group.title(), group.letter(), group.about());
    for lint in found {
        let fix = lint.fix.map(option).unwrap_or_default();
        let line =
            format!("  {}  {:<28} {:<8} {fix}", lint.code, lint.name, level_name(lint.level));
        text += line.trim_end();
        text.push('\n');
    }
    text
}
