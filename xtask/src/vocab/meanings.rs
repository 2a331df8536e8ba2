//! Meanings of words.

use std::path::Path;

use super::source::{head, slice};
use crate::tsv::{Fault, Table};

/// Renders `meanings.rs`.
pub(super) fn render(vocab: &Path) -> Result<(String, String), Fault> {
    let table = Table::read(&vocab.join("meanings.tsv"))?;
    let mut entries = Vec::new();
    for row in table.rows() {
        let kind = match row.get("kind")? {
            "option" => "Option",
            "list" => "List",
            "action" => "Action",
            "operator" => "Operator",
            "perm" => "Perm",
            "field" => "Field",
            other => return Err(row.fault(&format!("{other} is not a kind of word"))),
        };
        let (word, meaning) = (row.get("word")?, row.get("meaning")?);
        let value = row.optional("value")?;
        entries.push(format!(
            "Meaning {{ kind: Word::{kind}, word: \"{word}\", value: {value:?}, text: \"{meaning}\" }}"
        ));
    }
    let mut text = head("grammar/vocab/meanings.tsv", "Meanings of words.");
    text.push_str("use crate::catalog::meaning::{Meaning, Word};\n\n");
    text.push_str(&slice("In the order of the file.", "MEANINGS", "Meaning", entries));
    Ok(("meanings".to_owned(), text))
}
