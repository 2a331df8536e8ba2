//! The comments of rules as they are written, with the rules that they are about.

use super::comments::{is_case, rules_below, word_of};
use crate::analysis::Origin;
use crate::source::Source;

/// A case as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenCase {
    /// The comment.
    pub text: Vec<u8>,
    /// Whether it is about each of its rules, and not about one of them.
    pub is_about_each: bool,
    /// The places of its rules.
    pub rules: Vec<Origin>,
}

/// The name of a requirement as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenName {
    /// The comment with the name.
    pub text: Vec<u8>,
    /// The comments below it that describe the requirement.
    pub description: Vec<Vec<u8>>,
    /// The places of its rules: all up to the next name below them. Names above the same rules share them: a product has them
    /// above a rule that several rules became.
    pub rules: Vec<Origin>,
}

/// Returns the cases in the comments of a rules file. They may have mistakes. `file` is the name in places.
pub fn written_cases(source: &Source, file: &str) -> Vec<WrittenCase> {
    let lines: Vec<&[u8]> = source.text().split(|byte| *byte == b'\n').collect();
    let cases = lines.iter().enumerate().filter_map(|(index, line)| {
        let (word, _) = word_of(line)?;
        is_case(std::str::from_utf8(word).ok()?).then(|| WrittenCase {
            text: line.trim_ascii().to_vec(),
            is_about_each: word == b"ignores",
            rules: rules_below(&lines, index, file),
        })
    });
    cases.collect()
}

/// Returns the names of requirements in a rules file.
pub fn written_names(source: &Source, file: &str) -> Vec<WrittenName> {
    let mut names: Vec<WrittenName> = Vec::new();
    // The first of the names that share the rules below them.
    let mut first = 0;
    for (line, number) in source.text().split(|byte| *byte == b'\n').zip(1..) {
        let text = line.trim_ascii();
        match (word_of(text), names.last_mut()) {
            (Some((b"id", _)), last) => {
                if last.is_some_and(|name| !name.rules.is_empty()) {
                    first = names.len();
                }
                names.push(WrittenName {
                    text: text.to_vec(),
                    description: Vec::new(),
                    rules: Vec::new(),
                });
            }
            (Some((b"title" | b"source" | b"attack", _)), Some(name)) => {
                name.description.push(text.to_vec());
            }
            (None, _) if !text.is_empty() && !text.starts_with(b"#") => {
                let rule = Origin { file: file.into(), line: number };
                names.iter_mut().skip(first).for_each(|name| name.rules.push(rule.clone()));
            }
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_have_their_rules() {
        let text = "#@ source A guide\n#@ id A-1\n#@ title one\n#@ ignores syscall=x\n-w /a -k a\n\n\
                    -w /b -k a\n#@ id A-2\n#@ from z.rules:1\n#@records y\n-w /c\n";
        let source = Source::new("a.rules", text.as_bytes().to_vec());
        let places = |lines: &[usize]| -> Vec<Origin> {
            lines.iter().map(|line| Origin { file: "a".into(), line: *line }).collect()
        };
        let case = |text: &str, is_about_each, lines: &[usize]| WrittenCase {
            text: text.into(),
            is_about_each,
            rules: places(lines),
        };
        assert_eq!(
            written_cases(&source, "a"),
            [case("#@ ignores syscall=x", true, &[5]), case("#@records y", false, &[11])]
        );
        let name = |text: &str, description: &[&str], lines: &[usize]| WrittenName {
            text: text.into(),
            description: description.iter().map(|text| text.as_bytes().to_vec()).collect(),
            rules: places(lines),
        };
        assert_eq!(
            written_names(&source, "a"),
            [name("#@ id A-1", &["#@ title one"], &[5, 7]), name("#@ id A-2", &[], &[11])]
        );
        let merged = "#@ id A-1\n#@ title one\n#@ id A-2\n-w /a\n#@ id A-3\n-w /b\n";
        assert_eq!(
            written_names(&Source::new("a.rules", merged.as_bytes().to_vec()), "a"),
            [
                name("#@ id A-1", &["#@ title one"], &[4]),
                name("#@ id A-2", &[], &[4]),
                name("#@ id A-3", &[], &[6])
            ]
        );
    }
}
