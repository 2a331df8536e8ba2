//! The words of our texts: no word of `words.txt`, and the spelling that `typos` knows as American.

mod list;
mod text;

use std::fs;
use std::path::Path;

use list::Word;
use text::Text;

use crate::consumers;

/// Folders and files with texts by others, or recorded ones.
const FOREIGN: [&str; 14] = [
    ".git",
    "Cargo.lock",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "fixtures/golden",
    "fixtures/schemas",
    "fuzz/Cargo.lock",
    "fuzz/artifacts",
    "fuzz/corpus",
    "grammar/editors/vscode/node_modules",
    "target",
    "tests/consumers/package-lock.json",
    // The list itself, and the names of types.
    "tests/it/words.txt",
    "tests/it/public_api.txt",
];

#[test]
fn avoids_unwanted_words() {
    let words = list::read();
    let root = xtask::root();
    let wrong: Vec<String> = files(&root)
        .iter()
        .flat_map(|path| unwanted(path, &fs::read(root.join(path)).expect("a file"), &words))
        .collect();
    assert!(wrong.is_empty(), "tests/it/words.txt has these words:\n{}", wrong.join("\n"));
}

/// The places of unwanted words in a file, in the form of a compiler's messages.
fn unwanted(path: &str, bytes: &[u8], words: &[Word]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let text = Text::new(text);
    let places = words.iter().flat_map(|word| {
        let lines = word.lines(&text).into_iter();
        lines.map(move |line| (line, format!("{path}:{line}: `{}`: {}", word.phrase, word.instead)))
    });
    let mut places: Vec<_> = places.collect();
    places.sort();
    places.into_iter().map(|(_, message)| message).collect()
}

/// Every file of ours, below the root.
fn files(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let below = path.strip_prefix(root).expect("it is below").to_str().expect("a name");
            if FOREIGN.contains(&below) {
                continue;
            }
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(below.to_owned()),
            }
        }
    }
    files.sort();
    files
}

#[test]
fn reads_the_texts_of_the_repository() {
    let files = files(&xtask::root());
    for path in ["README.md", "man/rauditctl.8", "src/lib.rs", "docs/ci.md", ".ci/run"] {
        assert!(files.iter().any(|file| file == path), "{path}");
    }
    assert!(files.iter().all(|file| !file.starts_with("target/")));
}

#[test]
fn recommends_no_unwanted_word() {
    let words = list::read();
    for word in &words {
        let found = unwanted("words.txt", word.instead.as_bytes(), &words);
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn finds_words_and_their_lines() {
    let words = list::parse("green | red | green-field; a green\nsort of | kind of\n");
    let found = |text: &str| unwanted("x", text.as_bytes(), &words);
    assert_eq!(found("no\nThe Green"), ["x:2: `green`: red"]);
    assert_eq!(found("//! sort\n    //! of"), ["x:1: `sort of`: kind of"]);
    assert_eq!(found("fn is_green()"), ["x:1: `green`: red"]);
    assert_eq!(found("greens, evergreen, green-field, is a\n/// green"), [""; 0]);
    assert_eq!(found("green-field green").len(), 1);
}

#[test]
fn spells_as_typos_does() {
    let Some(mut typos) = consumers::command("typos") else { return };
    let output = typos.args(["--format", "brief"]).current_dir(xtask::root()).output();
    let output = output.expect("it runs");
    let printed = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&printed));
}

#[test]
fn finds_british_spelling() {
    let Some(mut typos) = consumers::command("typos") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.md");
    // In two parts, which `typos` accepts here.
    let text = ["The col", "our of a recei", "ved and a reci", "eved record\n"].concat();
    fs::write(&file, text).expect("a file");
    let config = xtask::root().join("_typos.toml");
    typos.args(["--format", "brief", "--config"]).arg(config).arg(&file);
    let output = typos.output().expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains("`color`") && printed.contains("`received`"), "{printed}");
}
