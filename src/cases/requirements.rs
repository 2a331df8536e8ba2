//! Requirements: rules with a name, in files that auditctl could load.
//!
//! ```text
//! #@ source DISA RHEL 9 STIG, V2R9
//! #@ link   /bin /usr/bin
//! #@ id     RHEL-09-654015
//! #@ title  Record every change of file permissions by users
//! #@ attack T1222.002
//! -a always,exit -F arch=b64 -S chmod,fchmod,fchmodat -F auid>=1000 -F auid!=unset
//! -a always,exit -F arch=b32 -S chmod,fchmod,fchmodat -F auid>=1000 -F auid!=unset
//! ```

use std::collections::BTreeMap;

use super::comments::{MARK, is_case, is_of_others, nearest};
use crate::analysis::Origin;
use crate::eval::Problem;
use crate::source::Source;

/// A requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The name: `#@ id`, or the place of the rule in a file without names.
    pub id: String,
    /// `#@ title`
    pub title: Option<String>,
    /// `#@ source` of the requirement, or of the file.
    pub source: Option<String>,
    /// `#@ attack`: techniques of MITRE ATT&CK.
    pub attack: Vec<String>,
    /// The place of the name.
    pub origin: Origin,
    /// The lines of its rules, counted from 1.
    pub lines: Vec<usize>,
}

/// A directory that is a symbolic link on the machines that the requirements are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The link.
    pub from: Vec<u8>,
    /// The directory.
    pub to: Vec<u8>,
}

impl Link {
    /// Returns the path that a path below the link leads to.
    pub fn followed(&self, path: &[u8]) -> Option<Vec<u8>> {
        let rest = path.strip_prefix(self.from.as_slice())?;
        rest.starts_with(b"/").then(|| [self.to.as_slice(), rest].concat())
    }
}

/// The requirements of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The requirements, in order.
    pub all: Vec<Requirement>,
    /// `#@ link FROM TO`
    pub links: Vec<Link>,
}

/// Returns whether a word is the id of a technique of MITRE ATT&CK, such as `T1222` or `T1222.002`.
pub fn is_technique(word: &str) -> bool {
    let has_digits =
        |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some(number) = word.strip_prefix('T') else { return false };
    match number.split_once('.') {
        Some((technique, part)) => has_digits(technique, 4) && has_digits(part, 3),
        None => has_digits(number, 4),
    }
}

/// Returns the requirements of a file. In a file without `#@ id`, every rule is one. `file` is the name in messages.
///
/// # Errors
/// The mistakes, each with its place.
pub fn requirements(source: &Source, file: &str) -> Result<Requirements, Vec<Problem>> {
    let mut reading = Reading { file, ..Reading::default() };
    let mut offset = 0;
    for (index, line) in source.text().split(|byte| *byte == b'\n').enumerate() {
        reading.line(line, offset, index + 1);
        offset += line.len() + 1;
    }
    reading.finish()
}

#[derive(Default)]
struct Reading<'f> {
    file: &'f str,
    /// The source of the requirements that have none of their own.
    source: Option<String>,
    found: Vec<Requirement>,
    links: Vec<Link>,
    /// The places of the names.
    names: BTreeMap<String, std::ops::Range<usize>>,
    /// The rules above the first name, by line.
    nameless: Vec<(usize, std::ops::Range<usize>)>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn line(&mut self, line: &[u8], offset: usize, number: usize) {
        let text = line.trim_ascii();
        let start = offset + line.len() - line.trim_ascii_start().len();
        let place = start..start + text.len();
        if let Some(comment) = text.strip_prefix(MARK) {
            let at = place.end - comment.trim_ascii_start().len();
            self.comment(comment.trim_ascii_start(), at, number);
        } else if !text.is_empty() && !text.starts_with(b"#") {
            match self.found.last_mut() {
                Some(requirement) => requirement.lines.push(number),
                None => self.nameless.push((number, place)),
            }
        }
    }

    fn comment(&mut self, body: &[u8], at: usize, number: usize) {
        let length = body.iter().position(u8::is_ascii_whitespace).unwrap_or(body.len());
        let (word, rest) = body.split_at(length);
        let (word, value) = (String::from_utf8_lossy(word), String::from_utf8_lossy(rest));
        let (place, value) = (at..at + length, value.trim().to_owned());
        if value.is_empty() && is_of_others(&word) {
            return self.refuse(
                place,
                format!("`#@ {word}` has no value"),
                "write the value after it",
            );
        }
        match (&*word, self.found.last_mut()) {
            ("id", _) => self.name(value, place, number),
            ("source", Some(requirement)) => requirement.source = Some(value),
            ("source", None) => self.source = Some(value),
            ("title", Some(requirement)) => requirement.title = Some(value),
            ("attack", Some(requirement)) => {
                let words = value.split([' ', ',']).filter(|word| !word.is_empty());
                let (good, bad): (Vec<_>, Vec<_>) = words.partition(|word| is_technique(word));
                requirement.attack.extend(good.into_iter().map(str::to_owned));
                if let Some(bad) = bad.first() {
                    let message = format!("`{bad}` is not a technique of ATT&CK");
                    self.refuse(place, message, "write an id such as T1222 or T1222.002");
                }
            }
            ("link", _) => self.link(&value, place),
            ("title" | "attack", None) => {
                let message = format!("`#@ {word}` belongs to no requirement");
                self.refuse(place, message, "write `#@ id NAME` above it");
            }
            ("from", _) => {}
            (word, _) if is_case(word) => {}
            (word, _) => {
                let help = match nearest(word.as_bytes()) {
                    Some(nearest) => format!("did you mean `#@ {nearest}`?"),
                    None => "write `#@ id`, `#@ title`, `#@ source` or `#@ attack`".to_owned(),
                };
                self.refuse(place, format!("`#@ {word}` is unknown"), &help);
            }
        }
    }

    fn link(&mut self, value: &str, place: std::ops::Range<usize>) {
        let words: Vec<&str> = value.split_whitespace().collect();
        let is_path = |word: &str| word.starts_with('/') && !word.ends_with('/');
        match words.as_slice() {
            [from, to] if is_path(from) && is_path(to) => {
                let [from, to] = [from, to].map(|word| word.as_bytes().to_vec());
                self.links.push(Link { from, to });
            }
            _ => self.refuse(
                place,
                format!("`{value}` is not a link"),
                "write the link and its directory, such as /bin /usr/bin",
            ),
        }
    }

    fn name(&mut self, id: String, place: std::ops::Range<usize>, number: usize) {
        if self.names.contains_key(&id) {
            let message = format!("the requirement `{id}` is there twice");
            self.refuse(place.clone(), message, "write its rules below one `#@ id`");
        }
        self.names.insert(id.clone(), place);
        self.found.push(Requirement {
            id,
            title: None,
            source: None,
            attack: Vec::new(),
            origin: Origin { file: self.file.into(), line: number },
            lines: Vec::new(),
        });
    }

    fn refuse(&mut self, at: std::ops::Range<usize>, message: String, help: &str) {
        self.problems.push(Problem { at, message, help: Some(help.to_owned()) });
    }

    fn finish(mut self) -> Result<Requirements, Vec<Problem>> {
        let nameless = std::mem::take(&mut self.nameless);
        if self.found.is_empty() {
            let of_rule = |(line, _)| {
                let origin = Origin { file: self.file.into(), line };
                let lines = vec![line];
                Requirement {
                    id: origin.to_string(),
                    title: None,
                    source: None,
                    attack: Vec::new(),
                    origin,
                    lines,
                }
            };
            self.found = nameless.into_iter().map(of_rule).collect();
        } else {
            for (_, place) in nameless {
                let message = "this rule belongs to no requirement".to_owned();
                self.refuse(place, message, "write `#@ id NAME` above it");
            }
        }
        let empty = self.found.iter().filter(|one| one.lines.is_empty());
        let empty: Vec<_> = empty.filter_map(|one| self.names.get(&one.id).cloned()).collect();
        for place in empty {
            let message = "no rule follows this name".to_owned();
            self.refuse(place, message, "write the required rules below it");
        }
        for requirement in &mut self.found {
            requirement.source = requirement.source.take().or_else(|| self.source.clone());
        }
        self.problems.sort_by_key(|problem| problem.at.start);
        match self.problems.as_slice() {
            [] => Ok(Requirements { all: self.found, links: self.links }),
            _ => Err(self.problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Requirements, Vec<Problem>> {
        requirements(&Source::new("a.rules", text.as_bytes().to_vec()), "a.rules")
    }

    #[test]
    fn rules_belong_to_the_name_above() {
        let found = read(
            "#@ source A guide\n\n#@ id A-1\n#@ title  Two  words\n#@ attack T1222.002, T1222\n\
             -w /a\n# a comment\n-w /b\n#@ id A-2\n#@ source Another\n-e 2\n",
        )
        .unwrap();
        let [one, two] = found.all.as_slice() else { panic!("{found:?}") };
        assert_eq!((one.id.as_str(), one.lines.as_slice()), ("A-1", [6, 8].as_slice()));
        assert_eq!(one.title.as_deref(), Some("Two  words"));
        assert_eq!(one.attack, ["T1222.002", "T1222"]);
        assert_eq!(one.source.as_deref(), Some("A guide"));
        assert_eq!((two.id.as_str(), two.lines.as_slice()), ("A-2", [11].as_slice()));
        assert_eq!((two.source.as_deref(), two.origin.line), (Some("Another"), 9));
    }

    #[test]
    fn rules_of_a_file_without_names_are_named_by_their_place() {
        let found = read("# a comment\n-w /a\n\n#@ records syscall=open path=/b\n-w /b\n").unwrap();
        let ids: Vec<&str> = found.all.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["a.rules:2", "a.rules:5"]);
    }

    #[test]
    fn links_lead_elsewhere() {
        let found = read("#@ link /bin /usr/bin\n#@ id A\n-w /a\n").unwrap();
        let [link] = found.links.as_slice() else { panic!("{found:?}") };
        assert_eq!(link.followed(b"/bin/su"), Some(b"/usr/bin/su".to_vec()));
        assert_eq!(link.followed(b"/bingo"), None);
        assert_eq!(link.followed(b"/bin"), None);
        let problems = read("#@ link /bin\n#@ link bin /usr/bin\n#@ id A\n-w /a\n").unwrap_err();
        assert_eq!(problems.len(), 2);
    }

    #[test]
    fn mistakes_have_their_place() {
        let text = "-w /z\n#@ idd A\n#@ title x\n#@ id A\n-w /a\n#@ id A\n#@ attack T12\n#@ id\n";
        let problems = read(text).unwrap_err();
        let found: Vec<(&str, &str)> =
            problems.iter().map(|one| (&text[one.at.clone()], one.message.as_str())).collect();
        assert_eq!(
            found,
            [
                ("-w /z", "this rule belongs to no requirement"),
                ("idd", "`#@ idd` is unknown"),
                ("title", "`#@ title` belongs to no requirement"),
                ("id", "the requirement `A` is there twice"),
                ("id", "no rule follows this name"),
                ("attack", "`T12` is not a technique of ATT&CK"),
                ("id", "`#@ id` has no value"),
            ]
        );
        assert!(problems.iter().all(|problem| problem.help.is_some()));
    }

    #[test]
    fn techniques_have_their_form() {
        assert!(is_technique("T1078") && is_technique("T1547.006"));
        let others = ["T107", "T10781", "T1547.6", "t1078", "T1078_Valid", "TA0001", ""];
        assert!(others.iter().all(|word| !is_technique(word)));
    }
}
