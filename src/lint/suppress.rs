//! Comments that silence a lint: `# rauditctl: allow(P101) reason` for the next rule, and
//! `# rauditctl: allow-file(P101, S) reason` for the file. auditctl ignores them like any comment.

use std::collections::BTreeMap;
use std::ops::Range;

use foldhash::HashMap;

use super::definition::{Finding, Lint};
use super::errors::BAD_SUPPRESSION;
use super::registry;
use super::rules::UNUSED_SUPPRESSION;
use super::selection::Selector;
use super::settings::LintSettings;
use crate::ruleset::{FileSpan, Line, RuleSet};
use crate::span::Span;
use crate::syntax::LineKind;

/// The first word of a suppression comment.
const MARK: &[u8] = b"rauditctl:";

/// The lines for which a comment silences a lint.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// In the next rule.
    NextRule,
    /// In the file of the comment.
    File,
}

/// One word in the parentheses of a comment.
struct Suppression {
    selector: Selector,
    word: String,
    /// The place of the word.
    place: FileSpan,
    reach: Reach,
    /// The start of the comment, and the end of the next rule.
    lines: Span,
    used: bool,
}

/// The suppressions of a set, as findings look for them.
struct Suppressions {
    all: Vec<Suppression>,
    /// Those that reach a whole file, by the file.
    of_file: HashMap<usize, Vec<usize>>,
    /// Those that reach the next rule, by the file and the end of the rule.
    of_rule: BTreeMap<(usize, usize), Vec<usize>>,
    /// Whether the suppressions that reach a place silence a code. Many findings have the same answer.
    known: HashMap<(Reached, &'static str), bool>,
}

/// The suppressions that reach a place: those of a file, or those before a rule that begin before an offset.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Reached {
    File(usize),
    Rule { file: usize, end: usize, from: Option<usize> },
}

/// Removes the findings that comments of a set silence, and adds findings about those comments. Returns the number
/// of findings removed.
pub(super) fn suppress(
    set: &RuleSet<'_>,
    settings: &LintSettings<'_>,
    findings: &mut Vec<Finding>,
) -> usize {
    let mut wrong = Vec::new();
    let files = 0..set.files().len();
    let mut suppressions =
        Suppressions::of(files.flat_map(|file| of_file(set, file, &mut wrong)).collect());
    let before = findings.len();
    findings.retain(|finding| !suppressions.silence(finding));
    let silenced = before - findings.len();
    let unused_ones = suppressions.all.iter().filter(|one| !one.used && is_on(one, settings));
    wrong.extend(unused_ones.map(unused));
    // A comment for the whole file may silence findings about comments.
    wrong.retain(|finding| !suppressions.silence(finding));
    findings.extend(wrong.into_iter().filter(|finding| settings.selection.has(finding.lint)));
    silenced
}

impl Suppressions {
    fn of(all: Vec<Suppression>) -> Self {
        let mut of_file: HashMap<usize, Vec<usize>> = HashMap::default();
        let mut of_rule: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (index, one) in all.iter().enumerate() {
            match one.reach {
                Reach::File => of_file.entry(one.place.file).or_default().push(index),
                Reach::NextRule => {
                    of_rule.entry((one.place.file, one.lines.end)).or_default().push(index);
                }
            }
        }
        Suppressions { all, of_file, of_rule, known: HashMap::default() }
    }

    /// Marks the suppressions that silence a finding as used. Returns whether there are any.
    fn silence(&mut self, finding: &Finding) -> bool {
        let FileSpan { file, span } = finding.place;
        let in_file = self.silences(Reached::File(file), finding.lint);
        // The rules of two comments end at different places, or are the same rule.
        let Some(((_, end), before)) = self.of_rule.range((file, span.start)..(file + 1, 0)).next()
        else {
            return in_file;
        };
        let begins_later =
            |index: &&usize| self.all.get(**index).is_some_and(|one| one.lines.start > span.start);
        // A finding in one of several comments is reached only by the comments before.
        let from = before.iter().find(begins_later).map(|_| span.start);
        let rule = Reached::Rule { file, end: *end, from };
        self.silences(rule, finding.lint) | in_file
    }

    fn silences(&mut self, reached: Reached, lint: &'static Lint) -> bool {
        if let Some(known) = self.known.get(&(reached, lint.code)) {
            return *known;
        }
        let (indexes, from) = match reached {
            Reached::File(file) => (self.of_file.get(&file), None),
            Reached::Rule { file, end, from } => (self.of_rule.get(&(file, end)), from),
        };
        let mut silences = false;
        for index in indexes.into_iter().flatten() {
            let Some(one) = self.all.get_mut(*index) else { continue };
            let is_before = from.is_none_or(|from| one.lines.start <= from);
            if is_before && one.selector.selects(lint) {
                one.used = true;
                silences = true;
            }
        }
        self.known.insert((reached, lint.code), silences);
        silences
    }
}

/// Returns whether at least one lint that the word selects is on.
fn is_on(one: &Suppression, settings: &LintSettings<'_>) -> bool {
    let is_on = |lint: &Lint| settings.selection.has(lint) && can_find(lint, settings);
    registry::lints().any(|lint| one.selector.selects(lint) && is_on(lint))
}

/// Returns whether the settings allow a lint to find anything. A comment counts as unused only in a run that looks at
/// the machine, or at old kernels, if its lint needs that.
fn can_find(lint: &Lint, settings: &LintSettings<'_>) -> bool {
    match lint.code {
        "E042" | "E043" | "R109" | "R113" | "R114" => settings.scope.system.is_some(),
        "E074" => settings.scope.auditctl.is_some(),
        "E073" | "C115" => settings.scope.kernels.oldest().is_some(),
        _ => true,
    }
}

fn unused(one: &Suppression) -> Finding {
    let place = match one.reach {
        Reach::NextRule => "in the next rule",
        Reach::File => "in this file",
    };
    Finding::new(&UNUSED_SUPPRESSION, one.place, format!("`{}` finds nothing {place}", one.word))
        .label("nothing to allow")
        .help("remove it from the comment")
}

fn of_file(set: &RuleSet<'_>, file: usize, wrong: &mut Vec<Finding>) -> Vec<Suppression> {
    let mut found = Vec::new();
    // From the last line to the first, to know the next rule.
    let mut next: Option<&Line<'_>> = None;
    for line in set.lines_of(file).iter().rev() {
        if line.is_command() {
            next = Some(line);
        }
        if line.kind != LineKind::Comment {
            continue;
        }
        let text = set.text(file, line.span);
        let Some(comment) = parse(text) else { continue };
        let span = |range: Range<usize>| {
            Span::new(line.span.start + range.start, line.span.start + range.end)
        };
        let Some(reach) = comment.reach else {
            wrong.push(malformed(FileSpan { file, span: span(comment.place) }));
            continue;
        };
        for (word, range) in comment.words {
            let place = FileSpan { file, span: span(range) };
            match Selector::parse(&word) {
                Some(selector) => found.push(Suppression {
                    selector,
                    word,
                    place,
                    reach,
                    lines: next.map_or(line.span, |next| line.span.join(next.span)),
                    used: false,
                }),
                None => wrong.push(unknown(place, &word)),
            }
        }
    }
    found.sort_by_key(|one: &Suppression| one.place);
    found
}

fn malformed(place: FileSpan) -> Finding {
    let message = "malformed suppression comment";
    Finding::new(&BAD_SUPPRESSION, place, message)
        .help("write `# rauditctl: allow(P101) reason` or `# rauditctl: allow-file(P101) reason`")
}

fn unknown(place: FileSpan, word: &str) -> Finding {
    let finding = Finding::new(&BAD_SUPPRESSION, place, format!("unknown lint `{word}`"));
    match registry::nearest(word) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("run `rauditctl lint --explain ALL` for a list of the codes"),
    }
}

/// A parsed suppression comment. Ranges count from the start of the line.
struct Comment {
    /// `None` for a comment that is neither `allow(...)` nor `allow-file(...)`.
    reach: Option<Reach>,
    place: Range<usize>,
    words: Vec<(String, Range<usize>)>,
}

/// Parses a comment. Returns `None` for a comment that is not addressed to rauditctl.
fn parse(line: &[u8]) -> Option<Comment> {
    let hash = line.iter().position(|byte| *byte == b'#')?;
    let text = line.get(hash + 1..)?.trim_ascii_start();
    let text = text.strip_prefix(MARK)?.trim_ascii();
    let start = offset_in(line, text);
    let mut comment = Comment { reach: None, place: start..start + text.len(), words: Vec::new() };
    let open = text.iter().position(|byte| *byte == b'(');
    let close = text.iter().position(|byte| *byte == b')');
    let (Some(open), Some(close)) = (open, close) else { return Some(comment) };
    let (Some(verb), Some(inner)) = (text.get(..open), text.get(open + 1..close)) else {
        return Some(comment);
    };
    comment.reach = match verb.trim_ascii() {
        b"allow" => Some(Reach::NextRule),
        b"allow-file" => Some(Reach::File),
        _ => None,
    };
    let words = inner.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    for word in words.filter(|word| !word.is_empty()) {
        let at = offset_in(line, word);
        comment.words.push((String::from_utf8_lossy(word).into_owned(), at..at + word.len()));
    }
    if comment.words.is_empty() {
        comment.reach = None;
    }
    Some(comment)
}

/// Returns the offset of a part of a line in the line.
fn offset_in(line: &[u8], part: &[u8]) -> usize {
    part.as_ptr() as usize - line.as_ptr() as usize
}
