//! Comments that silence a lint: `# rauditctl: allow(P101) reason` for the next rule, and
//! `# rauditctl: allow-file(P101, S) reason` for the file. auditctl ignores them like any comment.

use std::ops::Range;

use super::definition::{Finding, Lint};
use super::errors::BAD_SUPPRESSION;
use super::registry;
use super::rules::UNUSED_SUPPRESSION;
use super::selection::Selector;
use super::settings::LintSettings;
use crate::ruleset::{FileSpan, RuleSet};
use crate::span::Span;
use crate::syntax::Content;

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
    /// The comment and the next rule.
    lines: Span,
    used: bool,
}

/// Removes the findings that comments of a set silence, and adds findings about those comments. Returns the number
/// of findings removed.
pub(super) fn suppress(
    set: &RuleSet<'_>,
    settings: &LintSettings<'_>,
    findings: &mut Vec<Finding>,
) -> usize {
    let mut wrong = Vec::new();
    let mut suppressions: Vec<Suppression> =
        (0..set.files().len()).flat_map(|file| of_file(set, file, &mut wrong)).collect();
    let before = findings.len();
    findings.retain(|finding| !is_silenced(finding, &mut suppressions));
    let silenced = before - findings.len();
    wrong.extend(suppressions.iter().filter(|one| !one.used && is_on(one, settings)).map(unused));
    // A comment for the whole file may silence findings about comments.
    wrong.retain(|finding| !is_silenced(finding, &mut suppressions));
    findings.extend(wrong.into_iter().filter(|finding| settings.selection.has(finding.lint)));
    silenced
}

fn is_silenced(finding: &Finding, suppressions: &mut [Suppression]) -> bool {
    let mut silenced = false;
    for one in suppressions {
        let is_here = one.place.file == finding.place.file
            && (one.reach == Reach::File || is_inside(finding.place.span, one.lines));
        if is_here && one.selector.selects(finding.lint) {
            one.used = true;
            silenced = true;
        }
    }
    silenced
}

fn is_inside(span: Span, lines: Span) -> bool {
    lines.start <= span.start && span.start <= lines.end
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
        "E073" | "C115" => settings.scope.kernels.min.is_some(),
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
    let lines = set.lines_of(file);
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if line.content != Content::Comment {
            continue;
        }
        let text = set.text(file, line.span);
        let Some(comment) = parse(text) else { continue };
        let span = |range: Range<usize>| {
            Span::new(line.span.start + range.start, line.span.start + range.end)
        };
        let next = lines.iter().skip(index + 1).find(|line| line.command().is_some());
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
        None => finding,
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
