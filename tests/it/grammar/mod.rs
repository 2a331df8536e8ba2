//! Compares the reference grammar, `grammar/rules.ebnf`, with the parser.

pub(crate) mod derive;
mod ebnf;
mod recognize;

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use rauditctl::span::Span;
use rauditctl::syntax::{self, Content, Line, Text};

use derive::{Choices, derive, mutate, spell};
use ebnf::Grammar;
use recognize::{matches, readings};

use crate::no_panic::cases_or;

/// The number of lines made from the grammar. Each is also damaged in three ways.
const LINES: u32 = 3000;
const DAMAGED: usize = 3;

/// The verdict on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Blank,
    Comment,
    Command { words: Vec<Vec<u8>>, well_formed: bool },
}

fn grammar() -> Grammar {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/rules.ebnf");
    let text = fs::read_to_string(path).expect("the grammar is there");
    Grammar::read(&text, &["line", "command"]).expect("a sound grammar")
}

fn by_grammar(grammar: &Grammar, line: &[u8]) -> Verdict {
    let words = readings(grammar, "words", line);
    let kinds = ["blank", "comment"].map(|rule| matches(grammar, rule, line));
    match (kinds, &words[..]) {
        ([true, false], []) => Verdict::Blank,
        ([false, true], []) => Verdict::Comment,
        ([false, false], [reading]) => Verdict::Command {
            words: reading.split_inclusive(|byte| *byte == 0).map(without_nul).collect(),
            well_formed: matches(grammar, "command", reading),
        },
        _ => panic!("{}: blank, comment: {kinds:?}, words: {words:?}", shown(line)),
    }
}

fn without_nul(word: &[u8]) -> Vec<u8> {
    word.strip_suffix(b"\0").expect("a NUL after every word").to_vec()
}

fn by_parser(line: &[u8]) -> Verdict {
    let line = Line { number: 1, span: Span::new(0, line.len()), bytes: line };
    match syntax::parse_line(&line) {
        Content::Blank => Verdict::Blank,
        Content::Comment => Verdict::Comment,
        Content::Command(command) => Verdict::Command {
            words: command.words.iter().map(|word| word.bytes().to_vec()).collect(),
            well_formed: command.is_well_formed(),
        },
    }
}

/// Checks that both give the same verdict on the words of a command line, which never were a line.
fn compare_words(grammar: &Grammar, words: &[Vec<u8>]) {
    let reading: Vec<u8> = words.iter().flat_map(|word| [word, &b"\0"[..]].concat()).collect();
    let command = syntax::parse_words(words.iter().map(|word| Text::plain(word, 0)).collect());
    assert_eq!(
        command.is_well_formed(),
        matches(grammar, "command", &reading),
        "parser and grammar about {}",
        shown(&reading)
    );
}

fn compare(grammar: &Grammar, line: &[u8]) -> Verdict {
    let verdict = by_grammar(grammar, line);
    assert_eq!(by_parser(line), verdict, "parser and grammar about {}", shown(line));
    verdict
}

fn shown(line: &[u8]) -> String {
    format!("`{}`", line.escape_ascii())
}

/// Counts each verdict.
#[derive(Debug, Default)]
struct Tally {
    commands: u32,
    malformed: u32,
    others: u32,
}

impl Tally {
    fn count(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Command { well_formed: true, .. } => self.commands += 1,
            Verdict::Command { .. } => self.malformed += 1,
            _ => self.others += 1,
        }
    }
}

#[test]
fn has_the_options_of_the_parser() {
    let grammar = grammar();
    // A value that is well-formed for every option.
    let with_value = |option: &[u8]| [option, b"\0a=b,c\0"].concat();
    for letter in 1..=255u8 {
        let known = syntax::SHORT.iter().find(|(known, ..)| *known == letter);
        let alone = matches(&grammar, "command", &[b'-', letter, 0]);
        let valued = matches(&grammar, "command", &with_value(&[b'-', letter]));
        let expected =
            known.map_or((false, false), |(.., takes_value)| (!takes_value, *takes_value));
        // `--` alone, or with an operand, is not a command.
        assert_eq!((alone, valued), expected, "-{}", letter.escape_ascii());
    }
    let mut names: Vec<&[u8]> = grammar.beginnings().into_iter().map(|(name, _)| name).collect();
    let mut known: Vec<&[u8]> = syntax::LONG.iter().map(|(name, ..)| *name).collect();
    names.sort_unstable();
    known.sort_unstable();
    assert_eq!(names, known);
    for (name, _, takes_value) in syntax::LONG {
        let option = [b"--", name].concat();
        let alone = matches(&grammar, "command", &[&option[..], b"\0"].concat());
        assert_eq!(alone, !takes_value, "{}", shown(&option));
        assert_eq!(matches(&grammar, "command", &with_value(&option)), takes_value);
    }
}

/// An abbreviation is unambiguous if it reaches the first byte that differs from all other names.
#[test]
fn abbreviates_long_names_while_unique() {
    for (name, least) in grammar().beginnings() {
        let starts = |len: usize| {
            let same = |(other, ..): &&(&[u8], _, bool)| other.starts_with(&name[..len]);
            syntax::LONG.iter().filter(same).count()
        };
        assert_eq!(starts(least), 1, "{}", shown(name));
        assert!(starts(least - 1) > 1, "{}", shown(name));
    }
}

#[test]
fn parser_and_grammar_accept_the_same_lines() {
    let grammar = grammar();
    let pool = corpus();
    let tallies = RefCell::new((Tally::default(), Tally::default()));
    let lines = cases_or(LINES);
    let config = Config { cases: lines, failure_persistence: None, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let input = (vec(any::<u8>(), 0..160), vec(vec(any::<u8>(), 0..48), DAMAGED));
    let result = runner.run(&input, |(bytes, damage)| {
        let line = made_line(&grammar, &mut Choices(&bytes));
        let mut tallies = tallies.borrow_mut();
        tallies.0.count(&compare(&grammar, &line));
        for bytes in &damage {
            let mut choices = Choices(bytes);
            let base = match choices.below(3) {
                0 => &line,
                _ => &pool[choices.below(pool.len())],
            };
            let damaged = mutate(base, &pool, &mut choices);
            tallies.1.count(&compare(&grammar, &damaged));
        }
        Ok(())
    });
    if let Err(TestError::Fail(reason, _)) = result {
        panic!("{reason}");
    }
    let (made, damaged) = tallies.into_inner();
    println!("made: {made:?}\ndamaged: {damaged:?}");
    assert!(made.commands > lines / 2, "few lines of the grammar are well-formed: {made:?}");
    assert!(damaged.commands > lines / 4 && damaged.malformed > lines / 4, "both: {damaged:?}");
}

/// Makes commands from the grammar, for other tests.
pub(crate) fn made_lines() -> impl Fn(&mut Choices<'_>) -> Vec<u8> {
    let grammar = grammar();
    move |choices| {
        let command = derive(&grammar, grammar.body(grammar.rule("command")), choices);
        let mut words: Vec<Vec<u8>> =
            command.split_inclusive(|byte| *byte == 0).map(without_nul).collect();
        spell(&mut words, choices)
    }
}

/// Returns a line from the grammar. Usually it is a command: its words are chosen first, then their spelling.
fn made_line(grammar: &Grammar, choices: &mut Choices<'_>) -> Vec<u8> {
    if choices.below(8) == 7 {
        let line = grammar.body(grammar.rule("line"));
        return derive(grammar, line, choices);
    }
    let command = derive(grammar, grammar.body(grammar.rule("command")), choices);
    let mut words: Vec<Vec<u8>> =
        command.split_inclusive(|byte| *byte == 0).map(without_nul).collect();
    compare_words(grammar, &words);
    // No line can hold an empty word.
    words.iter_mut().filter(|word| word.is_empty()).for_each(|word| word.push(b'e'));
    let line = spell(&mut words, choices);
    if let Verdict::Command { words: read, .. } = by_grammar(grammar, &line) {
        assert_eq!(read, words, "{}", shown(&line));
    }
    line
}

/// The lines of all rules files in the fixtures, and the corner cases.
fn corpus() -> Vec<Vec<u8>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut lines: Vec<Vec<u8>> = CORNERS.iter().map(|(line, _)| line.to_vec()).collect();
    let mut folders = vec![fixtures];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rules") {
                let text = fs::read(&path).expect("a readable fixture");
                let short = syntax::lines(&text).filter(|line| line.bytes.len() < 400);
                lines.extend(short.map(|line| line.bytes.to_vec()));
            }
        }
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}

#[test]
fn parser_and_grammar_agree_on_corner_cases() {
    let grammar = grammar();
    for line in corpus() {
        compare(&grammar, &line);
    }
    for (line, expected) in CORNERS {
        let verdict = by_grammar(&grammar, line);
        let is_command = matches!(verdict, Verdict::Command { well_formed: true, .. });
        assert_eq!(is_command, *expected, "{}", shown(line));
    }
}

#[test]
fn command_lines_accept_words_that_no_line_can_hold() {
    let grammar = grammar();
    let words = |words: &[&str]| words.iter().map(|word| word.as_bytes().to_vec()).collect();
    let lines: [Vec<Vec<u8>>; 9] = [
        words(&["-k", ""]),
        words(&["-F", ""]),
        words(&["-S", "", "-a", ","]),
        words(&["", "-l"]),
        words(&["--signal", ""]),
        words(&["-w", "/a b\n\x07\x04\\"]),
        words(&["-l", "--", ""]),
        words(&["-"]),
        words(&[]),
    ];
    for words in lines {
        compare_words(&grammar, &words);
    }
}

/// Lines, and whether auditctl 4.2.2 accepts them as well-formed commands.
const CORNERS: &[(&[u8], bool)] = &[
    (b"-a always,exit -F arch=b64 -S openat,open -F auid>=1000 -F auid!=unset -k access", true),
    (b"-w /etc/passwd -p wa -k identity", true),
    (b"-a never,task", true),
    (b"-D", true),
    (b"  -D  ", true),
    // Only the space separates.
    (b"-D\r", false),
    (b"-D\t", false),
    (b"-b 64\r", true),
    (b"\t", false),
    (b"\r", false),
    (b"\xef\xbb\xbf-D", false),
    (b"\xef\xbb\xbf# rules", false),
    (b"-a\talways,exit", true),
    (b"# -D", false),
    (b"   #", false),
    (b"\\#", false),
    (b"-D # all", false),
    (b"-D #all", false),
    // Several options in one word, and the end of options.
    (b"-Dl", true),
    (b"-Dk x", true),
    (b"-lkx", true),
    (b"-lk", false),
    (b"-lx", false),
    (b"-l-", false),
    (b"-l --", true),
    (b"-l -- x", false),
    (b"--", false),
    (b"-- -l", false),
    (b"-", false),
    (b"-k -", true),
    (b"-k --", true),
    (b"-k -l", true),
    (b"-k", false),
    (b"x -l", false),
    (b"-l x", false),
    (b"-:", false),
    (b"-?", false),
    // Long options, whole and abbreviated.
    (b"--help", true),
    (b"--h", true),
    (b"--hell", false),
    (b"--help=", false),
    (b"--re", false),
    (b"--reset", false),
    (b"--reset-", true),
    (b"--reset_", true),
    (b"--signal=", true),
    (b"--s=HUP", true),
    (b"--signal HUP", true),
    (b"--signal", false),
    (b"--backlog_wait_time 5", true),
    (b"--b=5", true),
    (b"--=5", false),
    (b"---l", false),
    // -h, and -e with the value "lp".
    (b"-help", true),
    // Lists and actions.
    (b"-aexit,always", true),
    (b"-a ,", true),
    (b"-a always", false),
    (b"-a always,exit,", false),
    (b"-dexit,\\ ", true),
    // Conditions: the strongest operator splits the word, at any position.
    (b"-F a&b=c", true),
    (b"-F a0&=7", true),
    (b"-F auid", false),
    (b"-F auid=", false),
    (b"-F =x", false),
    (b"-F auid!=", false),
    (b"-F a=b!=", false),
    (b"-F !=a=b", false),
    (b"-F a!!=b", true),
    (b"-F a=b=c", true),
    (b"-F a>b<c", true),
    (b"-F a<b>", false),
    (b"-F &a<b", true),
    (b"-F key=", true),
    (b"-Fkey=", true),
    (b"-F KEY=", false),
    (b"-F key=a!=b", true),
    (b"-F key=a!=", false),
    (b"-F key==", true),
    (b"-C uid!=euid", true),
    (b"-C uid>euid", false),
    (b"-C uid>=euid", true),
    (b"-C key=", false),
    (b"-C uid", false),
    (b"-S", false),
    (b"-S ,", true),
    (b"-q /mnt,/srv", true),
    (b"-q ,/srv", true),
    (b"-q /mnt,", false),
    (b"-q /mnt", false),
    (b"-q a,b,c", false),
    // Escapes and raw marks.
    (br"-w /a\ b\\c\d", true),
    (br"-w /a\", true),
    (br"-w \", true),
    (br"\", false),
    (br"-l \ ", false),
    (br"-l\ ", false),
    (b"-F a\x07=b", false),
    (b"-F a\x07x=b", true),
    (b"-F a\x07\x07=b", true),
    (b"-F a\x07\x07\x07=b", false),
    (b"-F a\x07\\ =b", false),
    (b"-F a\x07\\ x=b", true),
    (b"-Fa\x07=b", true),
    (b"-a x\x07,y", false),
    (b"-ax\x07,y", true),
    (b"-k \x07", true),
    (b"-k \x04\\", true),
    (b"-k \xff\xfe", true),
    (b"\xff", false),
];
