//! The page of a lint in Markdown.

use super::fixes::option;
use super::level_name;
use crate::lint::{Check, Lint};

/// Returns the page as Markdown, with fenced examples.
pub fn markdown(lint: &Lint) -> String {
    let page = lint.page();
    let mut text = format!("# {}\n\n{}\n\n", page.title, page.summary);
    text += &match (&lint.check, lint.fix) {
        (Check::Loading(_), _) => {
            "This error occurs when rules are loaded; `rauditctl lint` does not report it.\n"
                .to_owned()
        }
        (_, None) => format!("Severity: {}.\n", level_name(lint.level)),
        (_, Some(change)) => {
            format!("Severity: {}. Fix: `{}`.\n", level_name(lint.level), option(change))
        }
    };
    for section in &page.sections {
        text += &format!("\n## {}\n\n{}\n", section.heading, fenced(&section.text));
    }
    text
}

/// Returns the text with its indented lines fenced as code.
fn fenced(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        let code = line.strip_prefix("    ");
        if code.is_some() != is_code {
            lines.push("```");
            is_code = !is_code;
        }
        lines.push(code.unwrap_or(line));
    }
    if is_code {
        lines.push("```");
    }
    lines.join("\n")
}
