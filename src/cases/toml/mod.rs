//! Cases in TOML files.

mod events;

use ::toml::Spanned;
use ::toml::de::{DeString, DeTable, DeValue};

use super::{Case, Expectation, RulePlace};
use crate::analysis::Origin;
use crate::catalog::{self, Arch, KernelVersion};
use crate::eval::Problem;
use crate::source::Source;
use crate::span::Span;

/// A TOML file of cases.
#[derive(Debug)]
pub struct CaseFile {
    /// The patterns of the rules files, relative to the file, each with its place.
    pub rules: Vec<(String, Span)>,
    /// The arch of the machine.
    pub arch: Option<Arch>,
    /// The version of the kernel.
    pub kernel: Option<KernelVersion>,
    /// The file that describes the files of the machine, relative to this file.
    pub files: Option<(String, Span)>,
    /// The cases.
    pub cases: Vec<Case>,
}

/// The keys of a file.
const KEYS: [&str; 5] = ["rules", "arch", "kernel", "files", "case"];
/// The keys of a case.
const CASE_KEYS: [&str; 4] = ["name", "event", "expect", "known_gap"];
/// The keys of an expectation.
const EXPECTATIONS: [&str; 3] = ["key", "rule", "silenced_by"];
/// The words that are an expectation.
const WORDS: [&str; 2] = ["silent", "recorded"];
type TomlValue<'a, 'i> = &'a Spanned<DeValue<'i>>;

/// Reads a file. `machine` is the arch of the machine, if the file does not name one; `name` is the name in messages.
///
/// # Errors
/// The mistakes, each with its place.
pub fn read_cases(source: &Source, name: &str, machine: Arch) -> Result<CaseFile, Vec<Problem>> {
    let Ok(text) = std::str::from_utf8(source.text()) else {
        return Err(vec![problem(Span::new(0, 0), "the file is not UTF-8")]);
    };
    let document = DeTable::parse(text).map_err(|error| {
        let at = error.span().unwrap_or_default();
        vec![problem(Span::new(at.start, at.end), error.message())]
    })?;
    let mut read = Read { source, name, machine, problems: Vec::new() };
    let file = read.file(document.get_ref());
    if read.problems.is_empty() {
        return Ok(file);
    }
    read.problems.sort_by_key(|problem| problem.at.start);
    Err(read.problems)
}

struct Read<'s> {
    source: &'s Source,
    name: &'s str,
    machine: Arch,
    problems: Vec<Problem>,
}

impl Read<'_> {
    fn file(&mut self, document: &DeTable<'_>) -> CaseFile {
        let mut file = CaseFile {
            rules: Vec::new(),
            arch: None,
            kernel: None,
            files: None,
            cases: Vec::new(),
        };
        for (key, value) in document {
            match key.get_ref().as_ref() {
                "rules" => file.rules = self.patterns(value),
                "arch" => file.arch = self.arch(value),
                "kernel" => file.kernel = self.kernel(value),
                "files" => {
                    file.files = self.string(value).map(|text| (text.to_owned(), span(value)))
                }
                "case" => {}
                _ => self.unknown_key(key, &KEYS),
            }
        }
        if file.rules.is_empty() {
            self.fail(
                Span::new(0, 0),
                "`rules` is missing",
                "name the rules files: rules = [\"../rules.d/*.rules\"]",
            );
        }
        self.machine = file.arch.unwrap_or(self.machine);
        for (key, value) in document {
            if key.get_ref().as_ref() == "case" {
                self.cases(value, &mut file.cases);
            }
        }
        file
    }

    fn patterns(&mut self, value: TomlValue<'_, '_>) -> Vec<(String, Span)> {
        let DeValue::Array(values) = value.get_ref() else {
            self.fail(span(value), "`rules` is not a list", "write the patterns in brackets");
            return Vec::new();
        };
        let pattern = |value| self.string(value).map(|text| (text.to_owned(), span(value)));
        values.iter().filter_map(pattern).collect()
    }

    fn arch(&mut self, value: TomlValue<'_, '_>) -> Option<Arch> {
        let text = self.string(value)?;
        let arch = Arch::from_any_name(text.as_bytes());
        if arch.is_none() {
            let nearest = catalog::nearest_arch(text.as_bytes()).unwrap_or("x86_64");
            self.fail(
                span(value),
                format!("unknown arch `{text}`"),
                format!("did you mean `{nearest}`?"),
            );
        }
        arch
    }

    fn kernel(&mut self, value: TomlValue<'_, '_>) -> Option<KernelVersion> {
        let text = self.string(value)?;
        let version = KernelVersion::parse(text.as_bytes());
        if version.is_none() {
            self.fail(
                span(value),
                format!("`{text}` is not a kernel version"),
                "write a version such as \"6.1\"",
            );
        }
        version
    }

    fn cases(&mut self, value: TomlValue<'_, '_>, cases: &mut Vec<Case>) {
        let DeValue::Array(tables) = value.get_ref() else {
            return self.fail(
                span(value),
                "`case` is not a list of tables",
                "begin a case with `[[case]]`",
            );
        };
        for table in tables {
            match table.get_ref() {
                DeValue::Table(rows) => self.case(span(table), rows, cases),
                _ => {
                    self.fail(span(table), "a case is not a table", "begin a case with `[[case]]`")
                }
            }
        }
    }

    fn case(&mut self, at: Span, rows: &DeTable<'_>, cases: &mut Vec<Case>) {
        let (mut name, mut known_gap, mut event, mut expected) = (None, None, None, None);
        for (key, value) in rows {
            match key.get_ref().as_ref() {
                "name" => name = self.string(value).map(str::to_owned),
                "known_gap" => known_gap = self.string(value).map(str::to_owned),
                "event" => event = Some(value),
                "expect" => {
                    expected = self.expectation(value).map(|expected| (expected, span(value)))
                }
                _ => self.unknown_key(key, &CASE_KEYS),
            }
        }
        let missing = [("event", event.is_none()), ("expect", !rows.contains_key("expect"))];
        for (key, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
            self.fail(
                at,
                format!("the case has no `{key}`"),
                "a case has `name`, `event` and `expect`",
            );
        }
        let (Some(event), Some((expected, expectation_at))) = (event, expected) else { return };
        let line = self.source.location(at.start).line;
        let origin = Origin { file: self.name.into(), line };
        let name = name.unwrap_or_else(|| format!("line {line}"));
        for (row, event) in self.events(event) {
            cases.push(Case {
                name: name.clone(),
                row,
                origin: origin.clone(),
                expectation_at,
                event,
                expected: expected.clone(),
                known_gap: known_gap.clone(),
            });
        }
    }

    fn expectation(&mut self, value: TomlValue<'_, '_>) -> Option<Expectation> {
        let help = "write { key = \"KEY\" }, { rule = \"FILE:LINE\" }, { silenced_by = \"FILE:LINE\" }, \"recorded\" or \"silent\"";
        match value.get_ref() {
            DeValue::String(word) => match word.as_ref() {
                "silent" => Some(Expectation::Silent),
                "recorded" => Some(Expectation::Recorded),
                _ => {
                    let nearest = catalog::nearest(word.as_bytes(), WORDS.into_iter());
                    let help = nearest.map_or_else(|| help.to_owned(), similar);
                    self.fail(span(value), format!("`{word}` is not an expectation"), help);
                    None
                }
            },
            DeValue::Table(rows) if rows.len() == 1 => {
                let (key, value) = rows.iter().next()?;
                let text = self.string(value)?;
                match key.get_ref().as_ref() {
                    "key" => Some(Expectation::Key(text.to_owned())),
                    "rule" => self.place(text, span(value)).map(Expectation::Rule),
                    "silenced_by" => self.place(text, span(value)).map(Expectation::SilencedBy),
                    _ => {
                        self.unknown_key(key, &EXPECTATIONS);
                        None
                    }
                }
            }
            _ => {
                self.fail(span(value), "a case has one expectation", help);
                None
            }
        }
    }

    fn place(&mut self, text: &str, at: Span) -> Option<RulePlace> {
        let place = RulePlace::parse(text);
        if place.is_none() {
            self.fail(at, format!("`{text}` is not the place of a rule"), "write FILE:LINE");
        }
        place
    }

    fn string<'a>(&mut self, value: TomlValue<'a, '_>) -> Option<&'a str> {
        match value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => {
                self.fail(span(value), "expected a text", "write it in quotes");
                None
            }
        }
    }

    fn unknown_key(&mut self, key: &Spanned<DeString<'_>>, known: &[&'static str]) {
        let text = key.get_ref();
        let nearest = catalog::nearest(text.as_bytes(), known.iter().copied());
        let help = nearest.map_or_else(|| format!("write one of {}", known.join(", ")), similar);
        self.fail(
            Span::new(key.span().start, key.span().end),
            format!("unknown key `{text}`"),
            help,
        );
    }

    fn fail(&mut self, at: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem { help: Some(help.into()), ..problem(at, message) });
    }
}

fn span(value: TomlValue<'_, '_>) -> Span {
    Span::new(value.span().start, value.span().end)
}

fn similar(name: &str) -> String {
    format!("did you mean `{name}`?")
}

fn problem(at: Span, message: impl Into<String>) -> Problem {
    Problem { at: at.start..at.end, message: message.into(), help: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<CaseFile, Vec<Problem>> {
        let source = Source::new("a.toml", text.as_bytes().to_vec());
        read_cases(&source, "a.toml", Arch::X86_64)
    }

    #[test]
    fn lists_make_several_cases() {
        let file = read(
            "rules = [\"*.rules\"]\nkernel = \"6.1\"\n\n[[case]]\nname = \"writes\"\n\
             event = { syscall = [\"openat\", \"openat2\"], auid = [1000, \"unset\"], groups = [4, 27] }\n\
             expect = { key = \"k\" }\nknown_gap = \"SEC-112\"\n\
             [[case]]\nevent = \"syscall=openat path=/a,/b\"\nexpect = \"silent\"\n",
        )
        .unwrap();
        let titles: Vec<String> = file.cases.iter().map(Case::title).collect();
        assert_eq!(
            titles,
            [
                "writes [1000, openat]",
                "writes [1000, openat2]",
                "writes [unset, openat]",
                "writes [unset, openat2]",
                "line 9"
            ]
        );
        assert_eq!(file.cases[0].event.task.groups, Some(vec![4, 27]));
        assert_eq!(file.cases[0].known_gap.as_deref(), Some("SEC-112"));
        assert_eq!(file.cases[4].event.names.as_ref().map(Vec::len), Some(2));
        assert_eq!(file.cases[4].expected, Expectation::Silent);
    }

    #[test]
    fn mistakes_have_their_place_and_a_remedy() {
        let text = "ruels = 1\n[[case]]\nevent = { sycall = \"x\" }\nexpect = { key = \"k\" }\n\
                    [[case]]\nevnt = 1\nexpect = \"silnt\"\n\
                    [[case]]\nevent = { syscall = \"getpid\", path = \"/a\" }\nexpect = { rule = \"a\" }\n\
                    [[case]]\nevent = \"syscall=opennat\"\nexpect = \"silent\"\n";
        let problems = read(text).unwrap_err();
        let found: Vec<_> = problems
            .iter()
            .map(|problem| {
                (
                    &text[problem.at.clone()],
                    problem.message.as_str(),
                    problem.help.as_deref().unwrap_or(""),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("ruels", "unknown key `ruels`", "did you mean `rules`?"),
                (
                    "",
                    "`rules` is missing",
                    "name the rules files: rules = [\"../rules.d/*.rules\"]"
                ),
                ("sycall", "an event has no attribute `sycall`", "did you mean `syscall`?"),
                ("[[case]]", "the case has no `event`", "a case has `name`, `event` and `expect`"),
                ("evnt", "unknown key `evnt`", "did you mean `event`?"),
                ("\"silnt\"", "`silnt` is not an expectation", "did you mean `silent`?"),
                ("\"a\"", "`a` is not the place of a rule", "write FILE:LINE"),
                ("opennat", "no syscall is called `opennat`", "did you mean `openat`?"),
            ]
        );
    }
}
