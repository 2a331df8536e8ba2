//! The grammar for editors, `grammar/editors/rauditctl.tmLanguage.json`, has the words of the vocabulary that the
//! catalog knows, and the options of the parser.

mod tokens;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use rauditctl::catalog::{
    Arch, KnownList, Perm, compare_number, errno_number, field_number, filetype_number,
    fstype_number, msgtype_number, syscall_number, uring_op_number,
};
use rauditctl::syntax::{LONG, SHORT};
use serde_json::Value;
use xtask::tsv::Table;

fn path() -> PathBuf {
    xtask::root().join("grammar/editors/rauditctl.tmLanguage.json")
}

/// Returns the patterns of a part of the grammar's repository.
fn part(name: &str) -> Vec<Value> {
    let grammar: Value = serde_json::from_slice(&fs::read(path()).expect("a file")).expect("JSON");
    grammar["repository"][name]["patterns"].as_array().expect("patterns").clone()
}

/// Returns the alternatives of an expression.
fn alternatives(expression: &str) -> BTreeSet<String> {
    let is_list = |text: &&str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_|-".contains(&byte))
    };
    let groups = expression.split("(?:").filter_map(|rest| Some(rest.split_once(')')?.0));
    let list =
        groups.into_iter().find(is_list).unwrap_or_else(|| panic!("no list in {expression}"));
    list.split('|').map(str::to_owned).collect()
}

/// Returns the words with a scope in a part of the grammar.
fn words(name: &str, scope: &str) -> BTreeSet<String> {
    let scope = format!("{scope}.audit-rules");
    let patterns = part(name);
    let pattern = patterns.iter().find(|pattern| pattern["name"] == *scope);
    alternatives(pattern.and_then(|pattern| pattern["match"].as_str()).expect("an expression"))
}

/// Returns the words in some columns of a vocabulary file.
fn vocabulary(file: &str, columns: &[&str]) -> BTreeSet<String> {
    let table = Table::read(&xtask::root().join(format!("grammar/vocab/{file}.tsv"))).unwrap();
    let mut words = BTreeSet::new();
    for row in table.rows() {
        let cells = columns.iter().flat_map(|column| row.words(column).unwrap());
        words.extend(cells.map(str::to_owned));
    }
    words
}

fn those(words: BTreeSet<String>, keep: impl Fn(&[u8]) -> bool) -> BTreeSet<String> {
    words.into_iter().filter(|word| keep(word.as_bytes())).collect()
}

/// The grammar has every name of the vocabulary that the catalog knows, and no other.
#[test]
fn has_the_words_of_the_vocabulary() {
    let named = |file| vocabulary(file, &["name"]);
    let mut syscalls = named("syscall-aliases");
    for arch in vocabulary("arches", &["syscalls"]) {
        syscalls.extend(vocabulary(&format!("syscalls/{arch}"), &["kernel", "auditctl"]));
    }
    let is_syscall =
        |name: &[u8]| Arch::ALL.iter().any(|arch| syscall_number(*arch, name).is_some());
    let is_list =
        |name: &[u8]| KnownList::from_name(name).is_some_and(|list| list.known_to_auditctl());
    let mut arches =
        those(vocabulary("arches", &["name", "aliases"]), |name| Arch::from_name(name).is_some());
    arches.extend(["b32", "b64"].map(str::to_owned));
    for (name, scope, expected) in [
        ("syscalls", "support.function.syscall", those(syscalls, is_syscall)),
        (
            "operations",
            "support.function.io-uring",
            those(named("uring_ops"), |name| uring_op_number(name).is_some()),
        ),
        (
            "errno",
            "constant.language.errno",
            those(named("errnos"), |name| errno_number(name).is_some()),
        ),
        (
            "msgtype",
            "constant.language.msgtype",
            those(named("msgtypes"), |name| msgtype_number(name).is_some()),
        ),
        (
            "filetype",
            "constant.language.filetype",
            those(named("filetypes"), |name| filetype_number(name).is_some()),
        ),
        (
            "fstype",
            "constant.language.fstype",
            those(named("fstypes"), |name| fstype_number(name).is_some()),
        ),
        ("arch", "constant.language.arch", arches),
        ("list-and-action", "storage.type.list", those(named("lists"), is_list)),
        (
            "list-and-action",
            "keyword.control.action",
            ["always", "never"].map(str::to_owned).into(),
        ),
        ("list-and-action", "invalid.deprecated.action", ["possible"].map(str::to_owned).into()),
    ] {
        assert!(!expected.is_empty());
        assert_eq!(words(name, scope), expected, "{name}");
    }
    let letters: String = Perm::ALL.iter().map(|perm| char::from(perm.letter())).collect();
    let class =
        part("perm")[0]["match"].as_str().unwrap().split(['[', ']']).nth(1).unwrap().to_owned();
    assert_eq!(class.chars().collect::<BTreeSet<_>>(), letters.chars().collect());
}

#[test]
fn has_the_fields_of_the_vocabulary() {
    let table = Table::read(&xtask::root().join("grammar/vocab/fields.tsv")).unwrap();
    let fields = table.rows().map(|row| (row.get("value").unwrap(), row.get("name").unwrap()));
    let known = |name: &str| field_number(name.as_bytes()).is_some();
    let expected: BTreeSet<(String, String)> = fields
        .filter(|(_, name)| known(name))
        .map(|(kind, name)| (format!("#{kind}"), name.to_owned()))
        .collect();
    let conditions = part("condition");
    let known =
        conditions.iter().filter(|pattern| pattern["begin"].is_string()).flat_map(|pattern| {
            let value = pattern["patterns"][0]["include"].as_str().unwrap();
            let names = alternatives(pattern["begin"].as_str().unwrap()).into_iter();
            names.map(move |name| (value.to_owned(), name))
        });
    assert_eq!(known.collect::<BTreeSet<_>>(), expected);

    let names = || expected.iter().map(|(_, name)| name);
    let number = |name: &str| field_number(name.as_bytes()).expect("a field");
    let has_pair =
        |name: &&String| names().any(|other| compare_number(number(name), number(other)).is_some());
    let compared: BTreeSet<String> = names().filter(has_pair).cloned().collect();
    assert_eq!(words("comparison", "variable.parameter.field"), compared);
}

/// Short options, long options, and every abbreviation of a long option that getopt accepts.
#[test]
fn has_the_options_of_the_parser() {
    let patterns = part("options");
    let expressions: Vec<&str> = patterns
        .iter()
        .filter_map(|pattern| pattern["begin"].as_str().or(pattern["match"].as_str()))
        .collect();
    let letters = |takes_value: bool| -> BTreeSet<char> {
        let letters = SHORT.iter().filter(|(.., value)| *value == takes_value);
        letters.map(|(letter, ..)| char::from(*letter)).collect()
    };
    let flags = expressions.iter().find_map(|text| text.strip_prefix("-(?:[")?.split_once("]+|-)"));
    let flags = flags.expect("letters without a value").0;
    assert_eq!(flags.chars().collect::<BTreeSet<_>>(), letters(false));
    let before = format!("(-[{flags}]*[");
    let valued = expressions.iter().filter_map(|text| text.strip_prefix(&before)?.split_once(']'));
    // The values of `-S` depend on the list, so it has a pattern of its own.
    let valued: BTreeSet<char> = valued.flat_map(|(class, _)| class.chars()).chain(['S']).collect();
    assert_eq!(valued, letters(true));

    let long = expressions.iter().filter(|text| text.starts_with("(--"));
    let shown: BTreeSet<(String, bool)> = long
        .flat_map(|text| alternatives(text).into_iter().map(|name| (name, text.contains("(=)"))))
        .collect();
    let starts = LONG.iter().flat_map(|(name, ..)| (1..=name.len()).map(|end| &name[..end]));
    let expected = starts.filter_map(|start| {
        let mut fitting = LONG.iter().filter(|(name, ..)| name.starts_with(start));
        let ((.., takes_value), None) = (fitting.next()?, fitting.next()) else { return None };
        Some((String::from_utf8_lossy(start).into_owned(), *takes_value))
    });
    assert_eq!(shown, expected.collect());
}

/// The extension for VS Code names the files of the grammar. Packing copies them into the extension.
#[test]
fn extension_contains_the_grammar() {
    let folder = xtask::root().join("grammar/editors");
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(folder.join(name)).expect("a file")).expect("JSON")
    };
    let (package, grammar) = (read("vscode/package.json"), read("rauditctl.tmLanguage.json"));
    let [language, shown] = ["languages", "grammars"].map(|part| &package["contributes"][part][0]);
    assert_eq!(language["id"], "audit-rules");
    assert_eq!(shown["language"], language["id"]);
    assert_eq!(shown["scopeName"], grammar["scopeName"]);
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    let copied = package["scripts"]["vscode:prepublish"].as_str().expect("a command");
    for file in [&shown["path"], &language["configuration"]] {
        let file = file.as_str().and_then(|path| path.strip_prefix("./")).expect("a file");
        assert!(folder.join(file).is_file() && copied.contains(&format!("../{file} ")), "{file}");
    }
    assert_eq!(read("language-configuration.json")["comments"]["lineComment"], "#");
}
