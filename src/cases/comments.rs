//! Cases in comments: `#@ records EVENT`, `#@ ignores EVENT` and `#@ silences EVENT` above a rule.

use super::{Case, Expectation};
use crate::analysis::Origin;
use crate::catalog;
use crate::eval::{Problem, Reader};
use crate::source::Source;
use crate::span::Span;

/// The beginning of the comments that this program reads.
pub const MARK: &[u8] = b"#@";
/// The beginning of the first line of a file that `optimize` made.
pub const PRODUCT_MARK: &[u8] = b"## made by rauditctl ";
/// The words after [`MARK`] that make a case, each with its meaning.
pub const CASE_WORDS: [(&str, &str); 3] = [
    ("records", "one of the rules below records the event"),
    ("ignores", "none of the rules below records the event"),
    ("silences", "one of the rules below silences the event"),
];
/// Words that other commands read, each with its meaning.
pub const OTHER_WORDS: [(&str, &str); 6] = [
    ("id", "begins a requirement"),
    ("title", "what the requirement asks for"),
    ("source", "where the requirement comes from"),
    ("attack", "techniques of MITRE ATT&CK"),
    ("link", "a directory that is a link on the machines in question"),
    ("from", "the rules that this rule was made from"),
];

/// Returns whether a word makes a case.
pub(super) fn is_case(word: &str) -> bool {
    CASE_WORDS.iter().any(|(known, _)| *known == word)
}

/// Returns whether another command reads a word.
pub(super) fn is_of_others(word: &str) -> bool {
    OTHER_WORDS.iter().any(|(known, _)| *known == word)
}

/// Returns the word after the mark that is the most similar.
pub(super) fn nearest(word: &[u8]) -> Option<&'static str> {
    let known = CASE_WORDS.iter().chain(&OTHER_WORDS).map(|(known, _)| *known);
    catalog::nearest(word, known)
}

/// Returns the cases in the comments of a rules file, or the mistakes in them. `file` is the name in messages.
///
/// A case is about the rules below it: those on the next lines, up to an empty line, a comment, or a rule with other
/// keys. So the two rules for 64-bit and 32-bit programs can share their cases.
///
/// # Errors
/// The mistakes, each with its place.
pub fn cases_in_comments(
    source: &Source,
    file: &str,
    reader: Reader,
) -> Result<Vec<Case>, Vec<Problem>> {
    let lines: Vec<&[u8]> = source.text().split(|byte| *byte == b'\n').collect();
    let (mut cases, mut problems) = (Vec::new(), Vec::new());
    let mut offset = 0;
    for (index, line) in lines.iter().enumerate() {
        let start = offset;
        offset += line.len() + 1;
        let Some(text) = line.trim_ascii_start().strip_prefix(MARK) else { continue };
        let text_at = start + line.len() - text.len();
        let rules = || rules_below(&lines, index, file);
        match case(text, text_at, rules, reader) {
            Ok(None) => {}
            Ok(Some(case)) => {
                let origin = Origin { file: file.into(), line: index + 1 };
                cases.push(Case { origin, ..case });
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(cases) } else { Err(problems) }
}

/// Returns the case of one comment; `None` for a comment of another command.
fn case(
    text: &[u8],
    text_at: usize,
    rules: impl Fn() -> Vec<Origin>,
    reader: Reader,
) -> Result<Option<Case>, Problem> {
    let body = text.trim_ascii_start();
    let word_at = text_at + text.len() - body.len();
    let length = body.iter().position(u8::is_ascii_whitespace).unwrap_or(body.len());
    let (word, event) = body.split_at(length);
    let shown = String::from_utf8_lossy(word).into_owned();
    if is_of_others(&shown) {
        return Ok(None);
    }
    let word_span = word_at..word_at + length;
    if !is_case(&shown) {
        return Err(Problem {
            at: word_span,
            message: format!("`#@ {shown}` is not a case"),
            help: Some(match nearest(word) {
                Some(nearest) => format!("did you mean `#@ {nearest}`?"),
                None => {
                    "write `#@ records`, `#@ ignores` or `#@ silences` with an event".to_owned()
                }
            }),
        });
    }
    let event_at = word_at + length;
    let read = reader.read(event.trim_ascii_end()).map_err(|problem| Problem {
        at: problem.at.start + event_at..problem.at.end + event_at,
        ..problem
    })?;
    let rules = rules();
    if rules.is_empty() {
        return Err(Problem {
            at: word_span,
            message: "no rule follows this case".to_owned(),
            help: Some("write the case above the rule that it is about".to_owned()),
        });
    }
    let expected = match shown.as_str() {
        "ignores" => Expectation::NotRecordedBy(rules),
        "silences" => Expectation::SilencedByOne(rules),
        _ => Expectation::RecordedByOne(rules),
    };
    Ok(Some(Case {
        name: format!("{shown} {}", String::from_utf8_lossy(event.trim_ascii())),
        row: String::new(),
        origin: Origin { file: "".into(), line: 0 },
        expectation_at: Span::new(word_span.start, word_span.end),
        event: read,
        expected,
        known_gap: None,
    }))
}

/// Returns the places of the rules below a comment. A `#@ from` comment is part of the rule below it.
pub(super) fn rules_below(lines: &[&[u8]], comment: usize, file: &str) -> Vec<Origin> {
    let below =
        lines.iter().enumerate().skip(comment + 1).map(|(index, line)| (index, line.trim_ascii()));
    let rules = below
        .filter(|(_, line)| word_of(line).is_none_or(|(word, _)| word != b"from"))
        .skip_while(|(_, line)| line.is_empty() || line.starts_with(b"#"))
        .take_while(|(_, line)| !line.is_empty() && !line.starts_with(b"#"));
    let mut keys = None;
    rules
        .take_while(|(_, line)| {
            let own = keys_of(line);
            *keys.get_or_insert_with(|| own.clone()) == own
        })
        .map(|(index, _)| Origin { file: file.into(), line: index + 1 })
        .collect()
}

/// Returns the word after the mark of a comment, and what follows it; `None` for another line.
pub(super) fn word_of(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let body = line.trim_ascii_start().strip_prefix(MARK)?.trim_ascii_start();
    let length = body.iter().position(u8::is_ascii_whitespace).unwrap_or(body.len());
    Some(body.split_at(length))
}

/// Returns the keys of a rule as text.
fn keys_of(line: &[u8]) -> Vec<Vec<u8>> {
    let words: Vec<&[u8]> =
        line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let after_option = words.windows(2).filter(|pair| pair.first() == Some(&b"-k".as_slice()));
    let after_option = after_option.filter_map(|pair| pair.get(1).copied());
    let fields = words.iter().filter_map(|word| word.strip_prefix(b"key="));
    after_option.chain(fields).map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Arch;

    fn read(text: &str) -> Result<Vec<Case>, Vec<Problem>> {
        let source = Source::new("a.rules", text.as_bytes().to_vec());
        cases_in_comments(&source, "a.rules", Reader::new(Arch::X86_64))
    }

    #[test]
    fn cases_are_about_the_rules_below() {
        let cases = read(
            "#@ records syscall=openat path=/a\n\
             #@ ignores syscall=chmod path=/a\n\
             -a always,exit -F arch=b64 -S openat -k a\n\
             -a always,exit -F arch=b32 -S openat -F key=a\n\
             -w /b -k b\n",
        )
        .unwrap();
        let rules = [3, 4].map(|line| Origin { file: "a.rules".into(), line }).to_vec();
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[0].expected, Expectation::RecordedByOne(rules.clone()));
        assert_eq!(cases[1].expected, Expectation::NotRecordedBy(rules));
        assert_eq!(
            (cases[1].origin.line, cases[1].name.as_str()),
            (2, "ignores syscall=chmod path=/a")
        );
    }

    #[test]
    fn origins_of_rules_part_no_rules() {
        let cases = read(
            "#@ records syscall=openat path=/a\n\
             #@ from b.rules:1 (narrow)\n-a always,exit -S openat -k a\n\
             #@ from b.rules:2 (narrow)\n-a always,exit -S open -k a\n\
             # a comment\n-a always,exit -S creat -k a\n",
        )
        .unwrap();
        let rules = [3, 5].map(|line| Origin { file: "a.rules".into(), line }).to_vec();
        assert_eq!(cases[0].expected, Expectation::RecordedByOne(rules));
    }

    #[test]
    fn mistakes_have_their_place() {
        let text = "-w /a\n #@ rekords syscall=openat\n#@ records sycall=x\n#@ records syscall=openat\n#@ id X\n";
        let problems = read(text).unwrap_err();
        let found: Vec<_> = problems
            .iter()
            .map(|problem| (&text[problem.at.clone()], problem.message.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("rekords", "`#@ rekords` is not a case"),
                ("sycall", "an event has no attribute `sycall`"),
                ("records", "no rule follows this case"),
            ]
        );
        assert_eq!(problems[0].help.as_deref(), Some("did you mean `#@ records`?"));
    }
}
