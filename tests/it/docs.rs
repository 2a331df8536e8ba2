//! The documents match the program: the manual pages list its options and tables, the documents show its output, and
//! their links have targets.
//!
//! A block marked `console` contains commands and their output. `$ cat FILE` creates a file for the commands below it,
//! `$ rauditctl` with `compare`, `compile`, `covers`, `explain`, `lint`, `optimize`, `plan`, `replay` or `test` is run, and a line `...` matches any lines.
//! `SNAPSHOTS=overwrite cargo test --test it docs` rewrites the output of commands without such a line.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rauditctl::diag::Code;
use rauditctl::syntax::{LONG, SHORT};
use tempfile::TempDir;

use crate::snapshots::hint;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rauditctl");
pub(crate) const MANUAL: &str = "man/rauditctl.8";
const LANGUAGE: &str = "man/rauditctl.rules.7";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the documents for people: those at the root, and those in `docs`.
fn documents() -> Vec<PathBuf> {
    let folders = [root().to_owned(), root().join("docs")];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let mut documents: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    documents.sort();
    documents
}

/// Returns the words after `Fl` in a manual page: its options without their first dash.
pub(crate) fn options_of(page: &str) -> BTreeSet<String> {
    let mut options = BTreeSet::new();
    for line in page.lines().filter(|line| line.starts_with('.')) {
        let words: Vec<_> = line.split_whitespace().collect();
        for (index, word) in words.iter().enumerate() {
            if matches!(*word, "Fl" | ".Fl") {
                let names = words[index + 1..].iter().take_while(|word| {
                    word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-')
                        && !matches!(**word, "Ar" | "Cm" | "Fl" | "Oc" | "Op")
                        || matches!(**word, "|" | ",")
                });
                options.extend(names.map(|name| (*name).to_owned()));
            }
        }
    }
    options
}

#[test]
fn manual_lists_every_option_of_auditctl() {
    let options = options_of(&read(MANUAL));
    for (letter, ..) in SHORT {
        let letter = char::from(letter).to_string();
        assert!(options.contains(&letter), "no -{letter} in {MANUAL}");
    }
    for (name, ..) in LONG {
        let name = String::from_utf8_lossy(name);
        assert!(options.contains(&format!("-{name}")), "no --{name} in {MANUAL}");
    }
}

#[test]
fn manual_lists_every_command_and_its_options() {
    let page = read(MANUAL);
    let options = options_of(&page);
    for command in commands() {
        assert!(page.contains(&format!(".It Cm {command}")), "no {command} in {MANUAL}");
        let usage = help(&[&command, "--help"]);
        let named = usage.split(|char: char| !(char.is_ascii_alphanumeric() || char == '-'));
        for option in named.filter_map(|word| word.strip_prefix("--")) {
            assert!(options.contains(&format!("-{option}")), "no --{option} in {MANUAL}");
        }
    }
}

#[test]
fn synopsis_shows_every_command() {
    let page = read(MANUAL);
    let end = page.find(".Sh DESCRIPTION").expect("a description");
    let synopsis = &page[..end];
    for command in commands() {
        let is_shown = synopsis.lines().any(|line| {
            line == format!(".Cm {command}") || line.starts_with(&format!(".Cm {command} "))
        });
        assert!(is_shown, "no {command} in the synopsis of {MANUAL}");
    }
    for option in ["event", "never", "arming"] {
        assert!(options_of(synopsis).contains(&format!("-{option}")), "no --{option}");
    }
}

pub(crate) fn help(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// Returns the commands that `--help` lists, except `help`.
pub(crate) fn commands() -> Vec<String> {
    let usage = help(&["--help"]);
    let listed = usage.lines().skip_while(|line| *line != "Check rules:");
    let names: Vec<String> = listed
        .take_while(|line| *line != "Options:")
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect();
    assert!(names.iter().any(|name| name == "explain"), "{usage}");
    names
}

/// Returns the cells of a vocabulary, row by row.
fn vocabulary(name: &str) -> Vec<Vec<String>> {
    read(format!("grammar/vocab/{name}.tsv"))
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

fn has_line(page: &str, wanted: &str) -> bool {
    page.lines().any(|line| line == wanted)
}

#[test]
fn language_page_matches_the_fields_of_the_vocabulary() {
    let page = read(LANGUAGE);
    for row in vocabulary("fields") {
        let [name, _, value, lists, read, kernel, _, since, _] = row.as_slice() else {
            panic!("{row:?}");
        };
        // auditctl has no name for a field that is allowed on no list.
        if lists != "-" {
            let row = [name, value, lists, read, kernel, since].map(String::as_str).join(":");
            assert!(has_line(&page, &row), "no row `{row}` in {LANGUAGE}");
        }
    }
}

#[test]
fn language_page_lists_the_other_names() {
    let page = read(LANGUAGE);
    for row in vocabulary("perms") {
        let syscalls = format!("{}.", row[3].replace(',', ", "));
        assert!(has_line(&page, &syscalls), "{LANGUAGE} lacks the syscalls of {}", row[0]);
    }
    for row in vocabulary("compare") {
        let has_pair = page
            .lines()
            .filter_map(|line| line.split_once(':'))
            .any(|(left, right)| left == row[1] && right.split(", ").any(|right| right == row[2]));
        assert!(has_pair, "no pair of {} and {} in {LANGUAGE}", row[1], row[2]);
    }
    let words: BTreeSet<&str> = page.split_whitespace().collect();
    let names = |vocabulary_name, column: usize| {
        vocabulary(vocabulary_name).into_iter().map(move |row| row[column].clone())
    };
    let lists =
        vocabulary("lists").into_iter().filter(|row| row[2] == "yes").map(|row| row[0].clone());
    let all = lists
        .chain(names("actions", 0))
        .chain(names("operators", 0))
        .chain(names("filetypes", 0))
        .chain(names("fstypes", 0))
        .chain(names("uring_ops", 1));
    for name in all {
        assert!(words.contains(name.as_str()), "no {name} in {LANGUAGE}");
    }
}

#[test]
fn language_page_lists_every_code() {
    let page = read(LANGUAGE);
    for code in Code::ALL {
        assert!(has_line(&page, &format!("{}:T{{", code.as_str())), "no {}", code.as_str());
    }
    let rows = page.lines().filter(|line| line.ends_with(":T{")).count();
    assert_eq!(rows, Code::ALL.len(), "{LANGUAGE} has a code that does not exist");
}

/// Returns the targets of `[text](target)` in a document, except other sites and parts of the same page.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

#[test]
fn links_have_existing_targets() {
    for document in documents() {
        let folder = document.parent().expect("a folder");
        for link in links(&fs::read_to_string(&document).expect("a document")) {
            assert!(folder.join(link).exists(), "{}: no {link}", document.display());
        }
    }
}

/// Returns the words between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// In COMPAT.md, names of tests follow the name of their file.
#[test]
fn compat_names_existing_tests() {
    for line in read("COMPAT.md").lines().filter(|line| line.starts_with('|')) {
        let Some(verified_by) = line.trim_end_matches('|').rsplit('|').next() else { continue };
        let mut code = String::new();
        for word in quoted(verified_by) {
            if Path::new(word).extension().is_some_and(|extension| extension == "rs") {
                code = read(word);
            } else if word.contains('_') {
                let head = format!("fn {word}(");
                assert!(
                    code.contains(&head),
                    "no test `{word}` in the file that COMPAT.md names: {line}"
                );
            }
        }
    }
}

#[test]
fn documents_show_the_printed_output() {
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document");
        let (shown, faults) = run_blocks(&text);
        if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
            if shown != text {
                fs::write(&document, shown).expect("the document is written");
            }
        } else {
            let faults = faults.join("\n");
            assert!(faults.is_empty(), "{}:\n{faults}\n{}", document.display(), hint());
        }
    }
}

/// Returns the text with the current output of its commands, and the commands whose output differs.
fn run_blocks(text: &str) -> (String, Vec<String>) {
    let folder = TempDir::new().expect("a folder");
    let (mut shown, mut faults) = (String::new(), Vec::new());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        shown += &format!("{line}\n");
        if line != "```console" {
            continue;
        }
        while let Some(command) = lines.next_if(|line| *line != "```") {
            shown += &format!("{command}\n");
            let mut output = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && *line != "```") {
                output += &format!("{line}\n");
            }
            let printed = match command.strip_prefix("$ cat ") {
                Some(file) => {
                    fs::write(folder.path().join(file), &output).expect("a file is written");
                    output.clone()
                }
                None => printed_by(command, folder.path()),
            };
            let is_same = fits(&output, &printed);
            if !is_same {
                faults.push(format!("{command}\nprints\n{printed}"));
            }
            shown += if is_same { &output } else { &printed };
        }
    }
    (shown, faults)
}

/// Runs a command. Returns its standard output, or standard error if that is empty.
fn printed_by(command: &str, folder: &Path) -> String {
    let words = shell_words(command).split_off(2);
    assert!(
        command.starts_with("$ rauditctl ")
            && matches!(
                words.first().map(String::as_str),
                Some(
                    "compare"
                        | "compile"
                        | "covers"
                        | "explain"
                        | "lint"
                        | "optimize"
                        | "plan"
                        | "replay"
                        | "test"
                        | "--explain-bitmap"
                )
            ),
        "{command} is not a command that runs without a kernel"
    );
    let has_file = words.last().is_some_and(|file| folder.join(file).exists());
    let folder = if has_file { folder } else { root() };
    let output = Command::new(PROGRAM).args(words).current_dir(folder).output();
    let output = output.expect("the program runs");
    let printed = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    String::from_utf8(printed).expect("text")
}

/// Splits a command at spaces outside of single quotes.
fn shell_words(command: &str) -> Vec<String> {
    let (mut words, mut is_quoted) = (vec![String::new()], false);
    for c in command.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().expect("a word").push(c),
        }
    }
    words
}

/// Returns whether the shown text is the output; a line `...` matches any lines.
pub(crate) fn fits(shown: &str, printed: &str) -> bool {
    let parts: Vec<&str> = shown.split("...\n").collect();
    let [first, .., last] = parts.as_slice() else { return shown.trim_end() == printed.trim_end() };
    let mut rest = match printed.strip_prefix(first) {
        Some(rest) => rest,
        None => return false,
    };
    for part in &parts[1..parts.len() - 1] {
        match rest.find(part) {
            Some(place) => rest = &rest[place + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[test]
fn gap_matches_any_lines() {
    assert!(fits("a\n...\nc\n", "a\nb\nb\nc\n"));
    assert!(fits("...\nb\n...\n", "a\nb\nc\n"));
    assert!(!fits("...\nd\n...\n", "a\nb\nc\n"));
    assert!(!fits("a\n", "a\nb\n"));
}
