//! The page of a lint, as `--explain` shows it.

use crate::lint::{Change, Lint};

/// The page as text: headings underlined by nothing but their place, examples indented.
pub fn page(lint: &Lint) -> String {
    let page = lint.page();
    let mut text = format!("{}\n\n{}\n", page.title, page.summary);
    for section in &page.sections {
        text += &format!("\n{}\n\n{}\n", section.heading, section.text);
    }
    text += &format!("\nSeverity: {}. {}\n", super::level_name(lint.level), fix_words(lint.fix));
    text
}

/// Whether there is a fix, and which.
fn fix_words(fix: Option<Change>) -> &'static str {
    match fix {
        None => "There is no fix.",
        Some(change) if change.is_safe() => "There is a safe fix: --fix.",
        Some(_) => "There is a fix that changes the rules: --fix --unsafe-fixes.",
    }
}
