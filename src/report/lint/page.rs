//! What a code means, as `--explain` shows it: the page of a lint, or the list of several.

use anstyle::Style;

use super::level_name;
use super::text::option;
use crate::lint::{Check, Group, Lint, Page, Selector, lints};
use crate::rewrite::Change;

/// A heading.
const BOLD: Style = Style::new().bold();

/// The page of one lint, or the codes and names of a group or of all, in colour; [`anstream`] takes the colour
/// out where it is not wanted.
pub fn explanation(selector: Selector) -> String {
    match selector {
        Selector::Lint(lint) => page(lint),
        Selector::Group(group) => list_of(group),
        Selector::All => Group::ALL.map(list_of).join("\n"),
    }
}

/// The page: headings in bold, texts as they are written, examples indented.
fn page(lint: &Lint) -> String {
    let Page { title, summary, sections } = lint.page();
    let mut text = format!("{BOLD}{title}{BOLD:#}\n\n{summary}\n");
    for section in &sections {
        text += &format!("\n{BOLD}{}{BOLD:#}\n\n{}\n", section.heading, section.text);
    }
    let [severity, fix] = [level_name(lint.level).to_owned(), said_of(lint)];
    text + &format!("\n{BOLD}Severity{BOLD:#}\n\n{severity}; {fix}\n")
}

/// Whether there is a fix, and which; or why it is not found at all.
fn said_of(lint: &Lint) -> String {
    match (&lint.check, lint.fix) {
        (Check::Loading(_), _) => "found when rules are loaded, not by `rauditctl lint`".to_owned(),
        (_, None) => "there is no fix".to_owned(),
        (_, Some(change)) => format!("`{}` {}", option(change), fix_words(change)),
    }
}

/// What a fix does to the rules in the kernel.
fn fix_words(change: Change) -> &'static str {
    match change {
        Change::Nothing => "mends it, and leaves the kernel the same rules",
        Change::Regrouped => {
            "mends it, and spreads the same syscalls over the rules in another way"
        }
        Change::Narrower => "mends it with rules for less than the old ones",
        Change::Wider => "mends it with rules for more than the old ones",
        Change::Meaning => "makes the line say what it looks like",
    }
}

/// A line for each lint of a group, by code.
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
