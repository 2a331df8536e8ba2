//! Comments that silence a lint: `# rauditctl: allow(P101) reason` for the next rule, and
//! `# rauditctl: allow-file(P101, S) reason` for the file. auditctl reads them as any other comment.

use super::definition::Lint;
use super::engine::Settings;
use super::errors::BAD_SUPPRESSION;
use super::finding::Finding;
use super::registry;
use super::rules::UNUSED_SUPPRESSION;
use super::selection::Selector;
use crate::ruleset::FileSpan;
use crate::ruleset::RuleSet;
use crate::span::Span;
use crate::syntax::Content;

/// What a comment of ours begins with.
const MARK: &[u8] = b"rauditctl:";

/// One word in the parentheses of a comment.
struct Suppression {
    selector: Selector,
    word: String,
    /// Where the word stands.
    place: FileSpan,
    /// The lines it is for.
    lines: Span,
    is_for_file: bool,
    used: bool,
}

/// Takes out what the comments of a set silence, and adds what is wrong with those comments.
pub(super) fn suppress(
    set: &RuleSet<'_>,
    settings: &Settings<'_>,
    findings: &mut Vec<Finding>,
) -> usize {
    let mut wrong = Vec::new();
    let mut suppressions: Vec<Suppression> =
        (0..set.files().len()).flat_map(|file| of_file(set, file, &mut wrong)).collect();
    let before = findings.len();
    findings.retain(|finding| !is_silenced(finding, &mut suppressions));
    let silenced = before - findings.len();
    wrong.extend(suppressions.iter().filter(|one| !one.used && is_on(one, settings)).map(unused));
    // A comment for the whole file may silence what is said about its comments.
    wrong.retain(|finding| !is_silenced(finding, &mut suppressions));
    findings.extend(wrong.into_iter().filter(|finding| settings.selection.has(finding.lint)));
    silenced
}

fn is_silenced(finding: &Finding, suppressions: &mut [Suppression]) -> bool {
    let mut silenced = false;
    for one in suppressions {
        let is_here = one.place.file == finding.place.file
            && (one.is_for_file || is_inside(finding.place.span, one.lines));
        if is_here && one.selector.means(finding.lint) {
            one.used = true;
            silenced = true;
        }
    }
    silenced
}

fn is_inside(span: Span, lines: Span) -> bool {
    lines.start <= span.start && span.start <= lines.end
}

/// Whether what the word means is looked for: one lint, or at least one of several.
fn is_on(one: &Suppression, settings: &Settings<'_>) -> bool {
    let is_on = |lint: &Lint| settings.selection.has(lint) && is_asked(lint, settings);
    registry::lints().any(|lint| one.selector.means(lint) && is_on(lint))
}

/// Whether the settings let a lint find anything: a comment is not unused because this run does not look
/// at the machine, or at old kernels.
fn is_asked(lint: &Lint, settings: &Settings<'_>) -> bool {
    match lint.code {
        "E042" | "E043" | "R109" => settings.scope.system.is_some(),
        "E073" | "C115" => settings.scope.kernels.min.is_some(),
        _ => true,
    }
}

fn unused(one: &Suppression) -> Finding {
    let what = if one.is_for_file { "in this file" } else { "in the next rule" };
    Finding::new(&UNUSED_SUPPRESSION, one.place, format!("`{}` finds nothing {what}", one.word))
        .label("nothing to allow")
        .help("take it out of the comment")
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
        let span = |range: std::ops::Range<usize>| {
            Span::new(line.span.start + range.start, line.span.start + range.end)
        };
        let next = lines.iter().skip(index + 1).find(|line| line.command().is_some());
        let Some(is_for_file) = comment.is_for_file else {
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
                    lines: next.map_or(line.span, |next| line.span.join(next.span)),
                    is_for_file,
                    used: false,
                }),
                None => wrong.push(unknown(place, &word)),
            }
        }
    }
    found
}

fn malformed(place: FileSpan) -> Finding {
    let message = "a comment for rauditctl that it does not understand";
    Finding::new(&BAD_SUPPRESSION, place, message)
        .help("write `# rauditctl: allow(P101) reason` or `# rauditctl: allow-file(P101) reason`")
}

fn unknown(place: FileSpan, word: &str) -> Finding {
    let finding = Finding::new(&BAD_SUPPRESSION, place, format!("no lint is called `{word}`"));
    match registry::nearest(word) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding,
    }
}

/// A comment for us, its places counted from the start of the line.
struct Comment {
    /// `None` for a comment that is neither `allow(...)` nor `allow-file(...)`.
    is_for_file: Option<bool>,
    place: std::ops::Range<usize>,
    words: Vec<(String, std::ops::Range<usize>)>,
}

/// Reads a comment; `None` for one that is not for us.
fn parse(line: &[u8]) -> Option<Comment> {
    let hash = line.iter().position(|byte| *byte == b'#')?;
    let text = line.get(hash + 1..)?.trim_ascii_start();
    let text = text.strip_prefix(MARK)?.trim_ascii();
    let start = offset_in(line, text);
    let mut comment =
        Comment { is_for_file: None, place: start..start + text.len(), words: Vec::new() };
    let open = text.iter().position(|byte| *byte == b'(');
    let close = text.iter().position(|byte| *byte == b')');
    let (Some(open), Some(close)) = (open, close) else { return Some(comment) };
    let (Some(verb), Some(inner)) = (text.get(..open), text.get(open + 1..close)) else {
        return Some(comment);
    };
    comment.is_for_file = match verb.trim_ascii() {
        b"allow" => Some(false),
        b"allow-file" => Some(true),
        _ => None,
    };
    let words = inner.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    for word in words.filter(|word| !word.is_empty()) {
        let at = offset_in(line, word);
        comment.words.push((String::from_utf8_lossy(word).into_owned(), at..at + word.len()));
    }
    if comment.words.is_empty() {
        comment.is_for_file = None;
    }
    Some(comment)
}

/// Where a part of a line begins in it.
fn offset_in(line: &[u8], part: &[u8]) -> usize {
    part.as_ptr() as usize - line.as_ptr() as usize
}
