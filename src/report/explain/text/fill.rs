//! Lists of names on lines of a limited width.

use std::fmt::Write;

/// The maximum number of names in a list. The others are counted.
const NAMES_SHOWN: usize = 24;

/// Returns the first names, and the number of the others.
pub(super) fn first_names(names: &[String]) -> Vec<String> {
    let mut shown: Vec<String> = names.iter().take(NAMES_SHOWN).cloned().collect();
    if names.len() > NAMES_SHOWN {
        shown.push(format!("+{} more", names.len() - NAMES_SHOWN));
    }
    shown
}

/// Breaks words into lines of at most `columns`. Each line begins at column `indent`; the first is
/// not indented itself, because it continues a line.
pub(super) fn filled(words: &[String], indent: usize, columns: usize) -> String {
    let mut text = String::new();
    let mut column = indent;
    let mut separator = "";
    for word in words {
        if column > indent && column + word.len() + 2 > columns {
            let _ = write!(text, ",\n{:indent$}", "");
            column = indent;
            separator = "";
        }
        text.push_str(separator);
        text.push_str(word);
        column += separator.len() + word.len();
        separator = ", ";
    }
    text
}
