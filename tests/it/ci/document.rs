//! The blocks of `docs/ci.md`.

use std::fs;

/// A fenced block.
#[derive(Debug)]
pub(super) struct Block {
    /// The heading of its section.
    pub(super) section: String,
    /// The word after the fence.
    pub(super) language: String,
    pub(super) text: String,
}

/// Returns all blocks, in order.
pub(super) fn blocks() -> Vec<Block> {
    let text = fs::read_to_string(xtask::root().join("docs/ci.md")).expect("the document");
    let (mut blocks, mut section) = (Vec::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.to_owned();
        } else if let Some(language) = line.strip_prefix("```") {
            let inside = lines.by_ref().take_while(|line| *line != "```");
            let text = inside.map(|line| format!("{line}\n")).collect();
            blocks.push(Block { section: section.clone(), language: language.to_owned(), text });
        }
    }
    blocks
}

/// Returns the only block of this language in a section.
pub(super) fn block(section: &str, language: &str) -> String {
    let mut found = blocks();
    found.retain(|block| block.section == section && block.language == language);
    assert_eq!(found.len(), 1, "blocks of {language} below `{section}`");
    found.remove(0).text
}
